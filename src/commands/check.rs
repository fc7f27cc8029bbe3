//! `trueup check`: judge claims and sections against measurements.

use std::io;
use std::time::Instant;

use super::outcome::{self, Outputs, Telling};
use super::recorded::{self, Stopped};
use super::{assess, diff, project, survey, templates};
use crate::cli::{CheckArgs, Global};
use crate::exit::ExitCode;
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &CheckArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let began = Instant::now();
    let outputs = Outputs { format: args.format, files: &args.output };
    outputs.check()?;
    let mut project = match project::load(global, &args.paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::refuse(faults, outputs, settings),
    };
    let survey = survey::survey(&args.paths, &project.policy);
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
    let whole = survey::is_whole(&args.paths, &project.policy);
    let assessment = assess::assess(&project, &survey, &snapshot, &templates, whole);
    if args.diff {
        diff::show(&survey, &assessment, false)?;
    }
    let telling = Telling { outputs, allow_empty: args.allow_empty, took: began.elapsed() };
    outcome::tell(&survey, &project.policy, assessment, telling, settings)
}
