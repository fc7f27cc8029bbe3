//! `trueup probe`: measure only, and show or save what was seen.

use std::io::{self, Write as _};
use std::path::Path;

use super::{history, outcome, project, recorded};
use crate::cli::{Global, ListFormat, ProbeArgs};
use crate::code::Code;
use crate::exit::ExitCode;
use crate::files;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::report::{exhibits, snapshot};
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
    // Whether the folder can be written is known before anything is measured.
    let folder = args.evidence.as_deref().map(claim).transpose()?;
    let Ok(seen) = recorded::taken(&plan, &project, global, folder.is_some())? else {
        return Ok(ExitCode::Interrupted);
    };
    if let Some(file) = &args.output {
        let mut text = Vec::new();
        snapshot::json(&seen, &mut text)?;
        files::put(file, &text).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot write the snapshot to `{}`: {error}", file.display()))
        })?;
    }
    if let Some(named) = &args.history {
        history::keep(&seen, named.as_deref(), &project)?;
    }
    if let Some(folder) = folder {
        let sheets = exhibits::sheets(&seen)?;
        folder.write(sheets.iter().map(|sheet| (sheet.path.as_str(), sheet.text.as_str())))?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    let listed = match args.format {
        ListFormat::Human => snapshot::human(&seen, &mut out),
        ListFormat::Json => snapshot::json(&seen, &mut out),
    };
    outcome::unless_nobody_reads(listed.and_then(|()| out.flush()))?;
    Ok(if seen.is_complete() { ExitCode::Clean } else { ExitCode::Unmeasured })
}

fn claim(folder: &Path) -> io::Result<files::Folder> {
    files::Folder::claim(folder).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot write the evidence to `{}`: {error}", folder.display()))
    })
}
