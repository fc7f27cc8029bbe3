//! `trueup fix`: write what was measured.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Instant;

use super::assess::Assessment;
use super::outcome::{self, Outputs, Telling};
use super::recorded::{self, Stopped};
use super::survey::Survey;
use super::{assess, diff, project, survey, templates};
use crate::cli::{FixArgs, Global};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::edit;
use crate::exit::ExitCode;
use crate::files::{self, WriteError, Written};
use crate::fix::sections::section_edits;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &FixArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let began = Instant::now();
    let outputs = Outputs::HUMAN;
    let mut project = match project::load(global, &args.paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    if !args.diff && args.paths.iter().any(|path| path == Path::new(files::STANDARD_INPUT)) {
        return outcome::refuse(vec![unwritten(&WriteError::StandardInput)], outputs, settings);
    }
    let mut survey = survey::survey(&args.paths, &project.policy);
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
    // A fault anywhere stops every write: nothing is half done.
    if args.diff {
        diff::show(&survey, &assessment, args.force)?;
    } else if assessment.counts.faults == 0 {
        let (fixed, failed) = write_all(&survey, &assessment, policy, args.force);
        outcome::unless_nobody_reads(io::stdout().lock().write_all(fixed.as_bytes()))?;
        // What is told is how the documents stand now.
        survey = survey::survey(&args.paths, policy);
        survey.faults.extend(failed);
        assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
    }
    let telling = Telling { outputs, allow_empty: args.allow_empty, took: began.elapsed() };
    outcome::tell(&survey, policy, assessment, telling, settings)
}

/// Writes every document that has edits. Returns what there is to say of it, and what could not be written; nothing is
/// said on the way, so that a reader who leaves does not keep the other documents from being written.
fn write_all(survey: &Survey, assessment: &Assessment, policy: &Policy, force: bool) -> (String, Vec<Diagnostic>) {
    let mut fixed = String::new();
    let mut failed = Vec::new();
    for (document, assessed) in survey.documents.iter().zip(&assessment.documents) {
        let edits = section_edits(&document.sections, &assessed.sections, force).edits;
        let Ok(text) = edit::apply(document.source.text(), &edits) else { continue };
        if edits.is_empty() {
            continue;
        }
        match files::write(&document.path, &text, &document.fingerprint, &policy.root) {
            Ok(Written::Replaced) => {
                let sections = if edits.len() == 1 { "section" } else { "sections" };
                fixed.push_str(&format!("fixed {}: {} {sections}\n", document.source.name(), edits.len()));
            }
            Ok(Written::Unchanged) => {}
            Err(error) => failed.push(unwritten(&error)),
        }
    }
    (fixed, failed)
}

fn unwritten(error: &WriteError) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, Severity::Error, error.to_string()).help(error.hint())
}
