//! What a command judges from: the live system, snapshots that were taken before or elsewhere, or the last one kept beside
//! trueup.toml while it is young enough.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::look::{self, Interrupted};
use super::project::Project;
use super::trust;
use crate::cli::{Global, SnapshotArgs};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::source::SourceFile;
use crate::files::{self, ReadError};
use crate::measure::measurement::{About, Snapshot};
use crate::measure::request::Plan;
use crate::platform::host;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::report::snapshot;
use crate::snapshot::{Measurements, answers, is_older, load, tried};

/// Folder beside trueup.toml for what is kept from run to run. It ignores itself, so that no commit has it.
pub(super) const FOLDER: &str = ".trueup";

/// The last snapshot, in that folder.
const LAST: &str = "snapshot.json";

/// Why there is nothing to judge from.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The run was interrupted.
    Interrupted,
    /// The snapshots cannot be judged from.
    Faults(Vec<Diagnostic>),
}

/// What `args` say to judge from. What a person should know about it is added to the project's warnings.
///
/// # Errors
/// [`Stopped`], or an I/O error where the runtime cannot be set up.
pub(super) fn measurements(
    args: &SnapshotArgs,
    plan: &Plan,
    project: &mut Project,
    global: &Global,
) -> io::Result<Result<Snapshot, Stopped>> {
    let policy = &project.policy;
    // What lies in the work tree may be what a pull request brings.
    let keeps = args.max_age.filter(|_| !project.origin.is_revision());
    if !args.snapshot.is_empty() {
        return Ok(match read(&args.snapshot, plan, policy, args.max_age) {
            Ok(Measurements { snapshot, warnings }) => {
                project.warnings.extend(warnings);
                Ok(snapshot)
            }
            Err(faults) => Err(Stopped::Faults(faults)),
        });
    }
    if let Some(max_age) = keeps
        && let Some(last) = last(plan, policy, max_age)
    {
        return Ok(Ok(last));
    }
    let taken = match taken(plan, project, global, false)? {
        Ok(taken) => taken,
        Err(Interrupted) => return Ok(Err(Stopped::Interrupted)),
    };
    // What `--no-exec` left out is no answer for a run that may look.
    if keeps.is_some() && !global.no_exec && !plan.is_empty() {
        project.warnings.extend(keep(&taken, &project.policy.root).err().map(|fault| *fault));
    }
    Ok(Ok(taken))
}

/// What is known without measuring: from the snapshots that `args` name, or the last one if it is young enough.
///
/// # Errors
/// What is wrong with the snapshots.
pub(super) fn known(args: &SnapshotArgs, policy: &Policy) -> Result<Option<Snapshot>, Vec<Diagnostic>> {
    let plan = policy.plan();
    if !args.snapshot.is_empty() {
        let Measurements { snapshot, .. } = read(&args.snapshot, &plan, policy, args.max_age)?;
        return Ok(Some(snapshot));
    }
    Ok(args.max_age.and_then(|max_age| last(&plan, policy, max_age)))
}

/// Measures `plan`, and notes where, by what and of what it was taken.
///
/// # Errors
/// [`Interrupted`], or an I/O error where the runtime cannot be set up.
pub(super) fn taken(
    plan: &Plan,
    project: &Project,
    global: &Global,
    keeps_exhibits: bool,
) -> io::Result<Result<Snapshot, Interrupted>> {
    let began = Instant::now();
    let policy = &project.policy;
    let (plan, withheld) = trust::permitted(plan, &project.origin);
    let measured = look::measure(&plan, policy.limits, !global.no_exec, keeps_exhibits)?;
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(measured.map(|mut snapshot| {
        trust::tell(&mut snapshot, &withheld);
        snapshot.about = About {
            host: host::name(),
            commit: files::commit(&policy.root),
            took_ms,
            definitions: policy.definitions.clone(),
            ..snapshot.about
        };
        snapshot
    }))
}

/// Reads the snapshots at `paths`.
///
/// # Errors
/// Every fault of every file.
pub(super) fn read(
    paths: &[PathBuf],
    plan: &Plan,
    policy: &Policy,
    max_age: Option<Duration>,
) -> Result<Measurements, Vec<Diagnostic>> {
    let mut files = Vec::new();
    let mut faults = Vec::new();
    for path in paths {
        match files::read(path) {
            Ok(loaded) => files.push(Arc::new(loaded.source)),
            Err(error) => faults.push(unreadable(&error)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    load(&files, plan, policy, max_age, jiff::Timestamp::now())
}

/// The last snapshot, where it answers all of `plan` and is not older than `max_age`. One that is damaged is as good as
/// none: a new one takes its place.
pub(super) fn last(plan: &Plan, policy: &Policy, max_age: Duration) -> Option<Snapshot> {
    young(plan, policy, max_age, answers)
}

/// The last snapshot, where all of `plan` was looked at not longer ago than `max_age`, whatever came of it: for those who
/// cannot wait for a source that is away.
pub(super) fn tried_lately(plan: &Plan, policy: &Policy, max_age: Duration) -> Option<Snapshot> {
    young(plan, policy, max_age, tried)
}

fn young(
    plan: &Plan,
    policy: &Policy,
    max_age: Duration,
    suffices: fn(&Snapshot, &Plan, &Policy) -> bool,
) -> Option<Snapshot> {
    let path = policy.root.join(FOLDER).join(LAST);
    let text = files::read(&path).ok()?.source.text().to_owned();
    let snapshot: Snapshot = serde_json::from_str(&text).ok()?;
    let now = jiff::Timestamp::now();
    if snapshot.schema_version != Snapshot::SCHEMA_VERSION
        || is_older(snapshot.taken_at, max_age, now)
        || !suffices(&snapshot, plan, policy)
    {
        return None;
    }
    let file = Arc::new(SourceFile::new(path.display().to_string(), text));
    load(&[file], plan, policy, Some(max_age), now).ok().map(|measurements| measurements.snapshot)
}

/// The folder for what is kept from run to run, made where it is not there.
///
/// # Errors
/// Where it cannot be made.
pub(super) fn folder(root: &Path) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        files::put(&ignore, b"*\n")?;
    }
    Ok(folder)
}

/// The last snapshot as it is kept, whatever it answers and however old it is; `None` where there is none.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn kept(root: &Path) -> Result<Option<Snapshot>, Box<Diagnostic>> {
    let path = root.join(FOLDER).join(LAST);
    let text = match files::read(&path) {
        Ok(loaded) => loaded.source.text().to_owned(),
        Err(ReadError::Missing { .. }) => return Ok(None),
        Err(error) => return Err(Box::new(unreadable(&error))),
    };
    let damaged = |why: String| {
        let headline = format!("`{}` is no snapshot that this trueup reads: {why}", path.display());
        Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help("measure again"))
    };
    match serde_json::from_str::<Snapshot>(&text) {
        Ok(snapshot) if snapshot.schema_version == Snapshot::SCHEMA_VERSION => Ok(Some(snapshot)),
        Ok(snapshot) => {
            Err(damaged(format!("its version is {}; expected {}", snapshot.schema_version, Snapshot::SCHEMA_VERSION)))
        }
        Err(error) => Err(damaged(error.to_string())),
    }
}

/// Writes the last snapshot. That this did not work is worth knowing, and keeps nothing from being judged.
pub(super) fn keep(snapshot: &Snapshot, root: &Path) -> Result<(), Box<Diagnostic>> {
    let path = root.join(FOLDER).join(LAST);
    let written = || {
        let folder = self::folder(root)?;
        let mut text = Vec::new();
        snapshot::json(snapshot, &mut text)?;
        files::put(&folder.join(LAST), &text)
    };
    written().map_err(|error: io::Error| {
        let headline = format!("cannot keep the measurements in `{}`: {error}", path.display());
        let help = "make the folder writable, or leave out `--max-age`";
        Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Warning, headline).help(help))
    })
}

/// Why a snapshot could not be read, in words that do not take it for a document.
fn unreadable(error: &ReadError) -> Diagnostic {
    let path = error.path().display();
    let (headline, help) = match error {
        ReadError::Missing { .. } => (
            format!("`{path}` is not there; expected a snapshot"),
            "take it with `trueup probe -o`, or correct the path",
        ),
        ReadError::Folder { .. } => (format!("`{path}` is a folder; expected a snapshot"), "name the file in it"),
        ReadError::NotUtf8 { .. }
        | ReadError::PermissionDenied { .. }
        | ReadError::TooLarge { .. }
        | ReadError::Io { .. } => (error.to_string(), "check that it is what `trueup probe -o` wrote"),
    };
    Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help)
}
