//! One run: documents judged, and written where that is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::backoff;
use super::commits::Commits;
use super::message;
use crate::cli::{Global, SnapshotArgs};
use crate::commands::assess::{self, Assessment};
use crate::commands::fix::{self, Writing};
use crate::commands::fixes::{self, Fix, Wanted};
use crate::commands::project::Project;
use crate::commands::recorded::{self, Stopped};
use crate::commands::survey::{self, Survey};
use crate::commands::{known, outcome, templates};
use crate::files::{self, Fingerprint};
use crate::gate::baseline;
use crate::report::Report;
use crate::report::diagnostic::Diagnostic;

/// What a run does.
#[derive(Debug)]
pub(super) struct Manner<'a> {
    /// The documents that are named; none stands for all.
    pub paths: &'a [PathBuf],
    /// Whether documents are written.
    pub fixes: bool,
    /// Where they are committed.
    pub commits: Option<&'a Commits>,
    /// Whether changes that are not committed are written over.
    pub allow_dirty: bool,
    /// Options of every command.
    pub global: &'a Global,
}

/// What runs before this one wrote, by path: that it is not committed is no reason to leave it.
pub(super) type Own = BTreeMap<PathBuf, Fingerprint>;

/// What a run came to.
#[derive(Debug)]
pub(super) struct Done {
    /// What there is to report.
    pub report: Report,
    /// What was written and committed, a line each.
    pub said: String,
    /// Sources that were away.
    pub away: BTreeSet<String>,
}

/// The run was interrupted. What it had started is ended, and nothing was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interrupted;

/// Runs once.
///
/// # Errors
/// [`Interrupted`], or an I/O error where the runtime cannot be set up.
pub(super) fn pass(manner: &Manner<'_>, project: &mut Project, own: &mut Own) -> io::Result<Result<Done, Interrupted>> {
    let warnings = project.warnings.len();
    let done = judged(manner, project, own);
    // What was to be said of this run is not said of the next.
    project.warnings.truncate(warnings);
    done
}

fn judged(manner: &Manner<'_>, project: &mut Project, own: &mut Own) -> io::Result<Result<Done, Interrupted>> {
    let began = Instant::now();
    let refused = |faults: Vec<Diagnostic>| {
        Ok(Ok(Done { report: outcome::refusal(faults), said: String::new(), away: BTreeSet::new() }))
    };
    let templates = match templates::load(project) {
        Ok(templates) => templates,
        Err(faults) => return refused(faults),
    };
    let baseline = match project.baseline.as_ref().map(baseline::parse).transpose() {
        Ok(known) => known.zip(project.baseline.clone()),
        Err(faults) => return refused(faults),
    };
    let mut survey = survey::survey(manner.paths, &project.policy);
    let plan = assess::needed(&survey, &project.policy, &templates);
    // Measured now, and kept for hooks and others that are content with what is young.
    let now = SnapshotArgs { snapshot: Vec::new(), max_age: Some(Duration::ZERO) };
    let snapshot = match recorded::measurements(&now, &plan, project, manner.global)? {
        Ok(snapshot) => snapshot,
        Err(Stopped::Interrupted) => return Ok(Err(Interrupted)),
        Err(Stopped::Faults(faults)) => return refused(faults),
    };
    let policy = &project.policy;
    let whole = survey::is_whole(manner.paths, policy);
    let mut assessment = assess::assess(project, &survey, &snapshot, &templates, whole);
    let mut said = String::new();
    if manner.fixes && assessment.counts.faults == 0 {
        let fixes = fixes::fixes(&survey, &assessment, Wanted::default(), policy, &snapshot);
        let mut told = written(manner, project, (&survey, &assessment, &fixes), own);
        survey = survey::survey(manner.paths, policy);
        survey.faults.append(&mut told.failed);
        said = told.said;
        assessment = assess::assess(project, &survey, &snapshot, &templates, whole);
    }
    if let Some((known, file)) = &baseline {
        known::apply_baseline(known, file, project, &mut assessment, whole);
    }
    let away = backoff::away(&snapshot);
    let report = outcome::report(&survey, policy, assessment, false, began.elapsed());
    Ok(Ok(Done { report, said, away }))
}

/// Writes what is to be written, and commits it where that is asked for: all of it or nothing.
fn written(
    manner: &Manner<'_>,
    project: &Project,
    (survey, assessment, fixes): (&Survey, &Assessment, &[Fix]),
    own: &mut Own,
) -> Writing {
    let policy = &project.policy;
    let failed = |failed: Vec<Diagnostic>| Writing { failed, ..Writing::default() };
    let Some(commits) = manner.commits else {
        let is_own = |document: &survey::Document| own.get(&document.path) == Some(&document.fingerprint);
        let refused = if manner.allow_dirty { Vec::new() } else { fix::uncommitted(survey, fixes, is_own) };
        if !refused.is_empty() {
            return failed(refused);
        }
        let writing = fix::write_all(survey, fixes, policy);
        own.extend(writing.written.iter().map(|(index, now)| (survey.documents[*index].path.clone(), *now)));
        return writing;
    };
    let changed = survey.documents.iter().zip(fixes).filter(|(document, fix)| !fix.edits(document).is_empty());
    let changed: Vec<_> = changed.map(|(document, _)| document.path.as_path()).collect();
    if changed.is_empty() {
        return Writing::default();
    }
    let names = match commits.permit(&changed) {
        Ok(names) => names,
        Err(refused) => return failed(refused),
    };
    let mut writing = fix::write_all(survey, fixes, policy);
    if writing.failed.is_empty() {
        let message = message::message(&message::changes(survey, assessment, fixes));
        match commits.commit(&names, &message) {
            Ok(true) => {
                let head = message.lines().next().unwrap_or_default();
                writing.said.push_str(&format!("committed: {head}\n"));
                return writing;
            }
            Ok(false) => return writing,
            Err(fault) => writing.failed.push(*fault),
        }
    }
    // A change that is not committed would keep every later run from writing.
    for (index, now) in &writing.written {
        let document = &survey.documents[*index];
        match files::write(&document.path, document.source.text(), now, &policy.root) {
            Ok(_) => {}
            Err(error) => writing.failed.push(fix::unwritten(&error)),
        }
    }
    writing.said.clear();
    writing
}
