//! `trueup probe`: measure only, and show or save what was seen.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::{look, outcome, project};
use crate::cli::{Global, ListFormat, ProbeArgs};
use crate::code::Code;
use crate::exit::ExitCode;
use crate::measure::measurement::{MetricOutcome, Outcome, Snapshot, TextOutcome};
use crate::platform::replace;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::report::snapshot;
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output or the snapshot file cannot be written to, or the runtime cannot be set up.
pub fn run(args: &ProbeArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let paths: Vec<_> = args.dir.iter().cloned().collect();
    let project = match project::load(global, &paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let plan = project.policy.plan();
    if plan.is_empty() {
        let nothing = Diagnostic::new(Code::NothingJudged, Severity::Error, "there is nothing to measure")
            .help("write groups, metrics or texts into trueup.toml");
        return outcome::complain_of(&[nothing], settings).map(|()| ExitCode::Nothing);
    }
    if !project.warnings.is_empty() {
        outcome::complain_of(&project.warnings, settings)?;
    }
    let Ok(seen) = look::measure(&plan, project.policy.limits, !global.no_exec)? else {
        return Ok(ExitCode::Interrupted);
    };
    if let Some(file) = &args.output {
        let mut text = Vec::new();
        snapshot::json(&seen, &mut text)?;
        save(file, &text).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot write the snapshot to `{}`: {error}", file.display()))
        })?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let listed = match args.format {
        ListFormat::Human => snapshot::human(&seen, &mut out),
        ListFormat::Json => snapshot::json(&seen, &mut out),
    };
    outcome::unless_nobody_reads(listed.and_then(|()| out.flush()))?;
    Ok(if everything_was_measured(&seen) { ExitCode::Clean } else { ExitCode::Unmeasured })
}

/// Replaces a snapshot that is there as a whole, since somebody may be reading it; what is no file (a pipe) is written to.
fn save(file: &Path, text: &[u8]) -> io::Result<()> {
    match fs::metadata(file) {
        Ok(like) if like.is_file() => replace::stage(&fs::canonicalize(file)?, text, &like)?.commit(),
        Ok(_) | Err(_) => fs::write(file, text),
    }
}

fn everything_was_measured(snapshot: &Snapshot) -> bool {
    let groups = snapshot.groups.iter().all(|group| {
        let mut checks = group.targets.iter().flat_map(|target| &target.checks);
        group.discovery.is_none() && checks.all(|check| !matches!(check.outcome, Outcome::Unmeasured(_)))
    });
    let metrics = snapshot.metrics.iter().all(|metric| matches!(metric.outcome, MetricOutcome::Measured(_)));
    let texts = snapshot.texts.iter().all(|text| matches!(text.outcome, TextOutcome::Measured { .. }));
    groups && metrics && texts
}
