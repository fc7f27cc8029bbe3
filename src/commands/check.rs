//! `trueup check`: judge claims and sections against measurements.

use std::io;
use std::time::Instant;

use super::fixes::{self, Wanted};
use super::origin::{self, Origin};
use super::outcome::{self, Outputs, Telling};
use super::project::{self, Project};
use super::recorded::{self, Stopped};
use super::survey::{self, Survey};
use super::{assess, diff, known, staged, templates};
use crate::cli::{CheckArgs, Global};
use crate::exit::ExitCode;
use crate::gate::baseline;
use crate::git::{GitError, Repository};
use crate::report::Format;
use crate::report::diagnostic::Diagnostic;
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &CheckArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let began = Instant::now();
    let outputs = Outputs { format: args.format, files: &args.output };
    outputs.check()?;
    let (mut project, survey) = match read(args, global, settings) {
        Ok(read) => read,
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    let known = match project.baseline.as_ref().filter(|_| !args.no_baseline).map(baseline::parse).transpose() {
        Ok(known) => known.unwrap_or_default(),
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    let base = args.only_new.as_ref().map(|base| known::before(base, &survey, &project, args.staged)).transpose();
    let base = match base {
        Ok(base) => base,
        Err(fault) => return outcome::refuse(vec![*fault], outputs, settings),
    };
    if let Some(level) = args.gate.unmeasured {
        project.policy.levels.unmeasured = level.into();
    }
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
    let whole = !args.staged && survey::is_whole(&args.paths, &project.policy);
    let mut assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
    if let Some(file) = project.baseline.as_ref().filter(|_| !args.no_baseline) {
        known::apply_baseline(&known, file, &project, &mut assessment, whole);
    }
    if let Some(base) = &base {
        known::apply_before(base, &project, &snapshot, &templates, &mut assessment);
    }
    // Reading documents again with other words in them is for those who look at the result.
    let shows_edits = [args.format].into_iter().chain(args.output.iter().map(|file| file.format));
    if args.diff || shows_edits.into_iter().any(|format| matches!(format, Format::Json | Format::Sarif)) {
        let fixes = fixes::fixes(&survey, &assessment, Wanted::default(), &project.policy, &snapshot);
        fixes::tell(&survey, &fixes, &mut assessment.diagnostics);
        if args.diff {
            diff::show(&survey, &fixes)?;
        }
    }
    let telling = Telling { outputs, allow_empty: args.allow_empty, took: began.elapsed() };
    outcome::tell(&survey, &project.policy, assessment, telling, settings)
}

/// The configuration and the documents: from the index where that is asked for.
fn read(args: &CheckArgs, global: &Global, settings: &Settings) -> Result<(Project, Survey), Vec<Diagnostic>> {
    if !args.staged {
        let project = project::load(global, &args.paths, settings)?;
        let look = if args.gate.force_exclude { survey::survey_of_members } else { survey::survey };
        let survey = look(&args.paths, &project.policy);
        return Ok((project, survey));
    }
    let staged = |error: GitError| vec![*origin::refused(&error)];
    let repository = Repository::find(&settings.current_dir).map_err(staged)?;
    let origin = Origin::of(global, Some(&repository)).map_err(|fault| vec![*fault])?;
    let project = project::load_from(origin, global, &args.paths, settings)?;
    let survey = staged::survey(&args.paths, &project.policy, &repository, settings, args.gate.force_exclude);
    Ok((project, survey))
}
