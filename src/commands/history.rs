//! The history of a project: snapshots of earlier runs in one file, the latest last.
//!
//! What is kept of a run is how everything stood, and why. Evidence and texts are left out: they are long, can hold what
//! nobody wants to keep, and no report shows them of a run that is over.

use std::io;
use std::path::{Path, PathBuf};

use super::project::Project;
use super::recorded::{self, FOLDER};
use crate::code::Code;
use crate::files;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::Snapshot;
use crate::render::history::Moment;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::rung::Rung;

/// Where a project keeps it, in its own folder, where nobody says otherwise.
const HISTORY: &str = "history.jsonl";

/// Most earlier runs that are shown; the latest.
const MOST: usize = 500;

/// Length in bytes from which on the oldest runs go, until half of it is left.
const LONGEST: u64 = 16 << 20;

/// Adds `snapshot` to the history in `named`, else to the one that the project keeps.
///
/// # Errors
/// Where it cannot be written, or has to be shortened and holds something else. What it held until then it holds still.
pub(super) fn keep(snapshot: &Snapshot, named: Option<&Path>, project: &Project) -> io::Result<()> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => own(project)?,
    };
    let told = |error: io::Error| {
        io::Error::new(error.kind(), format!("cannot add to the history `{}`: {error}", path.display()))
    };
    let line = serde_json::to_vec(&thin(snapshot))?;
    let length = files::append(&path, &line).map_err(told)?;
    if length > LONGEST {
        shorten(&path, LONGEST / 2)?;
    }
    Ok(())
}

/// The file that the project keeps, in a folder that is there.
fn own(project: &Project) -> io::Result<PathBuf> {
    if project.origin.is_revision() {
        // A link may lie there.
        let refused = "`--config-from` keeps nothing in the work tree, which may be what a pull request brings";
        return Err(io::Error::other(format!("{refused}; name a file: `--history=FILE`")));
    }
    let folder = recorded::folder(&project.policy.root).map_err(|error| {
        let folder = project.policy.root.join(FOLDER);
        io::Error::new(error.kind(), format!("cannot keep a history in `{}`: {error}", folder.display()))
    })?;
    Ok(folder.join(HISTORY))
}

/// What is kept of a run.
fn thin(snapshot: &Snapshot) -> Snapshot {
    let mut thin = snapshot.clone();
    thin.texts.clear();
    for target in thin.groups.iter_mut().flat_map(|group| &mut group.targets) {
        target.checks.iter_mut().for_each(|check| check.evidence = Evidence::new());
    }
    thin.metrics.iter_mut().for_each(|metric| metric.evidence = Evidence::new());
    thin
}

/// Takes the oldest runs out of the history at `path` until at most `most` bytes are left; the last stays.
fn shorten(path: &Path, most: u64) -> io::Result<()> {
    let snapshots = snapshots_of(path).map_err(|fault| io::Error::other(fault.headline.clone()))?;
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut length = 0;
    for snapshot in snapshots.iter().rev() {
        let mut line = serde_json::to_vec(&thin(snapshot))?;
        line.push(b'\n');
        length += line.len() as u64;
        if length > most && !lines.is_empty() {
            break;
        }
        lines.push(line);
    }
    lines.reverse();
    files::put(path, &lines.concat())
}

/// Earlier runs out of `named` files, each of which holds one snapshot or more, one after the other; without one, out of
/// the history that the project keeps, if it does. The earliest comes first, and one that is there twice counts once. Groups are
/// asked at `rung`, else at that up to which they are checked.
///
/// # Errors
/// One for each file that cannot be read, or that holds something else.
pub(super) fn history(
    named: &[PathBuf],
    project: &Project,
    rung: Option<Rung>,
) -> Result<Vec<Moment>, Vec<Diagnostic>> {
    let policy = &project.policy;
    let kept = [policy.root.join(FOLDER).join(HISTORY)];
    let files = if !named.is_empty() {
        named
    // What lies in the work tree may be what a pull request brings.
    } else if kept[0].is_file() && !project.origin.is_revision() {
        &kept[..]
    } else {
        return Ok(Vec::new());
    };
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let mut faults = Vec::new();
    for file in files {
        match snapshots_of(file) {
            Ok(found) => snapshots.extend(found),
            Err(fault) => faults.push(*fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    snapshots.sort_by_key(|snapshot| snapshot.taken_at);
    snapshots.dedup_by_key(|snapshot| snapshot.taken_at);
    let skip = snapshots.len().saturating_sub(MOST);
    Ok(snapshots.iter().skip(skip).map(|snapshot| Moment::new(policy, snapshot, rung)).collect())
}

fn snapshots_of(path: &Path) -> Result<Vec<Snapshot>, Box<Diagnostic>> {
    let fault = |headline: String, help: &str| {
        Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help))
    };
    let shown = path.display();
    let loaded = files::read(path).map_err(|error| {
        fault(format!("the history `{shown}` cannot be read: {error}"), "`trueup probe --history` writes one")
    })?;
    let text = loaded.source.text();
    let mut snapshots = Vec::new();
    for snapshot in serde_json::Deserializer::from_str(text).into_iter::<Snapshot>() {
        match snapshot {
            Ok(snapshot) if snapshot.schema_version == Snapshot::SCHEMA_VERSION => snapshots.push(snapshot),
            Ok(snapshot) => {
                let (found, known) = (snapshot.schema_version, Snapshot::SCHEMA_VERSION);
                let headline = format!("the history `{shown}` has a snapshot of version {found}; expected {known}");
                return Err(fault(headline, "take it out, or read it with the trueup that wrote it"));
            }
            Err(error) => {
                let headline = format!("the history `{shown}` holds what is no snapshot: {error}");
                return Err(fault(
                    headline,
                    "it is to hold snapshots, one after the other, as `trueup probe --history` adds them",
                ));
            }
        }
    }
    Ok(snapshots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::measurement::{MetricMeasurement, MetricOutcome};
    use crate::quantity::Quantity;

    #[test]
    fn the_oldest_go_first_and_the_last_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.jsonl");
        let snapshot = |hour: i64| {
            let mut snapshot = Snapshot::empty(jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(hour));
            let mut evidence = Evidence::new();
            evidence.fact("secret", "swordfish");
            let outcome = MetricOutcome::Measured(Quantity { value: 3.0, total: None });
            snapshot.metrics.push(MetricMeasurement { name: "tests".to_owned(), outcome, evidence, took_ms: 1 });
            snapshot
        };
        let mut length = 0;
        for hour in 0..10 {
            length = files::append(&path, &serde_json::to_vec(&snapshot(hour)).unwrap()).unwrap();
        }
        let hours = || -> Vec<i64> {
            snapshots_of(&path).unwrap().iter().map(|snapshot| snapshot.taken_at.as_second() / 3600).collect()
        };
        shorten(&path, length / 4).unwrap();
        let left = hours();
        assert!((2..10).contains(&left.len()) && left.ends_with(&[8, 9]), "{left:?}");
        assert!(!std::fs::read_to_string(&path).unwrap().contains("swordfish"));
        shorten(&path, 1).unwrap();
        assert_eq!(hours(), [9]);
    }
}
