//! `trueup baseline`: write the drift that there is now to a file.

use std::io::{self, Write as _};
use std::path::Path;

use super::recorded::{self, Stopped};
use super::{assess, known, outcome, project, survey, templates};
use crate::cli::{BaselineArgs, Global};
use crate::code::Code;
use crate::exit::ExitCode;
use crate::files;
use crate::gate::baseline::{self, Known};
use crate::judge::verdict::Counts;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where standard output or the baseline cannot be written to, or the runtime cannot be set up.
pub fn run(args: &BaselineArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let mut project = match project::load(global, &args.paths, settings) {
        Ok(project) => project,
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    if project.config.is_none() {
        let missing =
            Diagnostic::new(Code::UnreadableFile, Severity::Error, "there is no trueup.toml to keep a baseline beside")
                .help("write one that says what can be measured");
        return outcome::complain_of(&[missing], settings).map(|()| ExitCode::Usage);
    }
    let before = match project.baseline.as_ref().map(baseline::parse).transpose() {
        Ok(before) => before.unwrap_or_default(),
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let survey = survey::survey(&args.paths, &project.policy);
    let templates = match templates::load(&project) {
        Ok(templates) => templates,
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let plan = assess::needed(&survey, &project.policy, &templates);
    let snapshot = match recorded::measurements(&args.snapshots, &plan, &mut project, global)? {
        Ok(snapshot) => snapshot,
        Err(Stopped::Interrupted) => return Ok(ExitCode::Interrupted),
        Err(Stopped::Faults(faults)) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let assessment = assess::assess(&project, &survey, &snapshot, &templates, false);
    if assessment.counts.faults > 0 {
        // What was not judged is not known.
        let faults = assessment.diagnostics.into_iter().filter(|finding| finding.severity == Severity::Error);
        return outcome::complain_of(&faults.collect::<Vec<_>>(), settings).map(|()| ExitCode::Usage);
    }
    let mut findings = assessment.diagnostics;
    let name = known::name_from_root(&project);
    let judged: Vec<String> = survey.documents.iter().map(|document| name(document.source.name())).collect();
    let renewed = renew(&before, &mut findings, args, &judged, &name, survey::is_whole(&args.paths, &project.policy));
    let path = project.policy.root.join(baseline::NAME);
    let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
    if !(renewed.known.is_empty() && project.baseline.is_none()) {
        files::put(&path, baseline::written(&renewed.known).as_bytes()).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot write the baseline to `{}`: {error}", path.display()))
        })?;
    }
    let said = format!(
        "{}: {} known, {} added, {} fixed and taken out{}\n",
        path.display(),
        renewed.known.len(),
        renewed.added,
        renewed.fixed,
        if renewed.open > 0 {
            format!(", {} kept because they could not be measured", renewed.open)
        } else {
            String::new()
        },
    );
    outcome::unless_nobody_reads(io::stdout().lock().write_all(said.as_bytes()))?;
    Ok(ExitCode::Clean)
}

/// A baseline brought up to date.
struct Renewed {
    known: Vec<Known>,
    added: usize,
    fixed: usize,
    open: usize,
}

fn renew(
    before: &[Known],
    findings: &mut [Diagnostic],
    args: &BaselineArgs,
    judged: &[String],
    name: &dyn Fn(&str) -> String,
    whole: bool,
) -> Renewed {
    let mut counts = Counts::default();
    // Those that are over stay known to the file: the day is the user's to change.
    let always = jiff::civil::Date::MIN;
    let used = baseline::apply(before, findings, &mut counts, &known::rule(always, name));
    let unanswered = known::unanswered(findings);
    let mut renewed = Renewed { known: Vec::new(), added: 0, fixed: 0, open: 0 };
    for (entry, used) in before.iter().zip(used) {
        let looked_at = whole || judged.contains(&entry.file);
        if used || !looked_at {
            renewed.known.push(entry.clone());
        } else if unanswered.contains(&known::folded(&entry.claim)) {
            renewed.open += 1;
            renewed.known.push(entry.clone());
        } else {
            renewed.fixed += 1;
        }
    }
    if !args.prune {
        for finding in findings.iter().filter(|finding| finding.is_drift()) {
            let file = finding.primary.as_ref().map(|label| name(label.file.name())).unwrap_or_default();
            let (until, reason) = (args.until, args.reason.clone());
            renewed.known.push(Known { until, reason, ..Known::of(finding, file) });
            renewed.added += 1;
        }
    }
    renewed
}
