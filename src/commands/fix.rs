//! `trueup fix`: write what was measured.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::ask::Asking;
use super::assess::Assessment;
use super::fixes::{self, Fix, Wanted};
use super::outcome::{self, Outputs, Telling};
use super::recorded::{self, Stopped};
use super::rewrite::Judge;
use super::survey::{Document, Survey};
use super::{assess, diff, project, survey, templates};
use crate::cli::{FixArgs, Global};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::edit;
use crate::exit::ExitCode;
use crate::files::{self, Fingerprint, WriteError, Written};
use crate::measure::measurement::Snapshot;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &FixArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let began = Instant::now();
    let outputs = Outputs::HUMAN;
    let wanted = Wanted { only: args.only, force: args.force };
    let mut project = match project::load(global, &args.paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    if !args.diff && args.paths.iter().any(|path| path == Path::new(files::STANDARD_INPUT)) {
        return outcome::refuse(vec![unwritten(&WriteError::StandardInput)], outputs, settings);
    }
    if let Some(level) = args.gate.unmeasured {
        project.policy.levels.unmeasured = level.into();
    }
    if args.interactive && !settings.attended {
        let nobody =
            "`--interactive` asks about each change; expected a terminal on standard input and standard output";
        return Err(io::Error::other(format!("{nobody}; use `--diff` to see the changes")));
    }
    let look_at = if args.gate.force_exclude { survey::survey_of_members } else { survey::survey };
    let mut survey = look_at(&args.paths, &project.policy);
    let templates = match templates::load(&project) {
        Ok(templates) => templates,
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    let plan = assess::needed(&survey, &project.policy, &templates);
    let snapshot = match recorded::measurements(&args.snapshots, &plan, &mut project, global)? {
        Ok(snapshot) => snapshot,
        Err(Stopped::Interrupted) => return Ok(ExitCode::Interrupted),
        Err(Stopped::Faults(faults)) => return outcome::refuse(faults, outputs, settings),
    };
    let policy = &project.policy;
    let whole = survey::is_whole(&args.paths, policy);
    let mut assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
    let mut fixes = fixes::fixes(&survey, &assessment, wanted, policy, &snapshot);
    // A fault anywhere stops every write: nothing is half done.
    if args.diff {
        diff::show(&survey, &fixes)?;
    } else if assessment.counts.faults == 0 {
        if !args.allow_dirty {
            let refused = uncommitted(&survey, &fixes, |_| false);
            if !refused.is_empty() {
                return outcome::refuse(refused, outputs, settings);
            }
        }
        if args.interactive {
            fixes = agreed(&survey, &assessment, fixes, policy, &snapshot)?;
        }
        let Writing { said, failed, written: _ } = write_all(&survey, &fixes, policy);
        outcome::unless_nobody_reads(io::stdout().lock().write_all(said.as_bytes()))?;
        // What is told is how the documents stand now.
        survey = look_at(&args.paths, policy);
        survey.faults.extend(failed);
        assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
        fixes = fixes::fixes(&survey, &assessment, wanted, policy, &snapshot);
    }
    fixes::tell(&survey, &fixes, &mut assessment.diagnostics);
    let telling = Telling { outputs, allow_empty: args.allow_empty, took: began.elapsed() };
    outcome::tell(&survey, policy, assessment, telling, settings)
}

/// The documents that would be written and that git could not give back, one finding each; those that are `excused` are not
/// asked about.
pub(super) fn uncommitted(survey: &Survey, fixes: &[Fix], excused: impl Fn(&Document) -> bool) -> Vec<Diagnostic> {
    let pairs = survey.documents.iter().zip(fixes);
    let written = pairs.filter(|(document, fix)| !fix.edits(document).is_empty() && !excused(document));
    let paths: Vec<PathBuf> = written.map(|(document, _)| document.path.clone()).collect();
    let help = "commit or stash them first, or write all the same with `--allow-dirty`";
    let refusal = |code, headline: String| Diagnostic::new(code, Severity::Error, headline).help(help);
    match files::uncommitted(&paths) {
        Ok(found) => {
            let refused = found.into_iter().map(|one| {
                let path = one.path.display();
                refusal(Code::UncommittedDocument, match one.how {
                    files::Change::Changed => {
                        format!(
                            "`{path}` has changes that are not committed; expected a document that git can give back"
                        )
                    }
                    files::Change::Untracked => {
                        format!("`{path}` is not tracked by git; expected a document that git can give back")
                    }
                })
            });
            refused.collect()
        }
        Err(fault) => vec![refusal(Code::UnreadableRepository, fault.to_string())],
    }
}

/// What of the changes a person at the terminal agrees to.
fn agreed(
    survey: &Survey,
    assessment: &Assessment,
    fixes: Vec<Fix>,
    policy: &Policy,
    snapshot: &Snapshot,
) -> io::Result<Vec<Fix>> {
    let judge = Judge::new(policy, snapshot);
    let mut asking = Asking::default();
    let documents = survey.documents.iter().zip(&assessment.documents).zip(fixes);
    let agreed = documents.map(|((document, assessed), fix)| {
        fix.agreed(document, &assessed.judgements, &judge, |edits| asking.about(document, edits))
    });
    let agreed = agreed.collect();
    asking.end().map(|()| agreed)
}

/// What came of writing.
#[derive(Debug, Default)]
pub(super) struct Writing {
    /// What there is to say of it, a line for each document.
    pub said: String,
    /// What could not be written.
    pub failed: Vec<Diagnostic>,
    /// The documents that were, as indices into those of the survey, and what each holds now.
    pub written: Vec<(usize, Fingerprint)>,
}

/// Writes every document that has edits. Nothing is said on the way, so that a reader who leaves does not keep the other
/// documents from being written.
pub(super) fn write_all(survey: &Survey, fixes: &[Fix], policy: &Policy) -> Writing {
    let Writing { mut said, mut failed, mut written } = Writing::default();
    files::sweep(survey.documents.iter().map(|document| document.path.as_path()));
    for (index, (document, fix)) in survey.documents.iter().zip(fixes).enumerate() {
        let edits = fix.edits(document);
        if edits.is_empty() {
            continue;
        }
        let text = match edit::apply(document.source.text(), &edits) {
            Ok(text) => text,
            Err(edit) => {
                let headline =
                    format!("two changes of `{}` want the same bytes; it was not written", document.source.name());
                let fault = Diagnostic::new(Code::UnreadableFile, Severity::Error, headline);
                failed.push(
                    fault.at(&document.source, edit.span, "here").help("use `--only` to write one kind at a time"),
                );
                continue;
            }
        };
        match files::write(&document.path, &text, &document.fingerprint, &policy.root) {
            Ok(Written::Replaced) => {
                said.push_str(&format!("fixed {}: {}\n", document.source.name(), fix.counted()));
                written.push((index, Fingerprint::of(text.as_bytes())));
            }
            Ok(Written::Unchanged) => {}
            Err(error) => failed.push(unwritten(&error)),
        }
    }
    Writing { said, failed, written }
}

pub(super) fn unwritten(error: &WriteError) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, Severity::Error, error.to_string()).help(error.hint())
}
