//! What reports show besides the measurements of now: what the documents claim, and what earlier runs measured.

use std::path::{Path, PathBuf};

use super::assess::Assessment;
use super::survey::Survey;
use crate::code::Code;
use crate::config::policy::Policy;
use crate::files;
use crate::judge::describe;
use crate::measure::measurement::Snapshot;
use crate::render::claim::Claim;
use crate::render::history::Moment;
use crate::report::diagnostic::{Diagnostic, Severity};

/// Where a project keeps the snapshots of earlier runs, where nobody says otherwise.
const HISTORY: &str = ".trueup/history.jsonl";

/// Most earlier runs that are kept; the latest.
const MOST: usize = 500;

/// The claims of all documents, in order, and what came of each.
pub(super) fn claims(survey: &Survey, assessment: &Assessment) -> Vec<Claim> {
    let documents = survey.documents.iter().zip(&assessment.documents);
    let told = documents.flat_map(|(document, assessed)| {
        assessed.judgements.iter().map(|judgement| {
            let (claim, file) = (&document.claims[judgement.claim], &document.source);
            let words = describe::words(judgement, claim, file);
            Claim::new(claim, file, judgement, words.claimed, words.measured, words.evidence)
        })
    });
    told.collect()
}

/// Earlier runs out of `named` files, each of which holds one snapshot or more, one after the other; without one, out of
/// the history that the project keeps, if it does. The earliest comes first, and one that is there twice counts once.
///
/// # Errors
/// One for each file that cannot be read, or that holds something else.
pub(super) fn history(named: &[PathBuf], policy: &Policy) -> Result<Vec<Moment>, Vec<Diagnostic>> {
    let kept = [policy.root.join(HISTORY)];
    let files = if !named.is_empty() {
        named
    } else if kept[0].is_file() {
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
    Ok(snapshots.iter().skip(skip).map(|snapshot| Moment::new(policy, snapshot)).collect())
}

fn snapshots_of(path: &Path) -> Result<Vec<Snapshot>, Box<Diagnostic>> {
    let fault = |headline: String, help: &str| {
        Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help))
    };
    let shown = path.display();
    let loaded = files::read(path).map_err(|error| {
        fault(format!("the history `{shown}` cannot be read: {error}"), "`trueup probe --format json` writes snapshots")
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
                    "it is to hold what `trueup probe --format json` writes, one after the other",
                ));
            }
        }
    }
    Ok(snapshots)
}
