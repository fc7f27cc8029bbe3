//! `trueup render`: a report from a template, or what templates can use.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::project::Project;
use super::recorded::{self, Stopped};
use super::{assess, besides, history, outcome, project, survey, templates};
use crate::cli::{Global, ListFormat, RenderArgs};
use crate::code::Code;
use crate::exit::ExitCode;
use crate::files;
use crate::measure::request::Plan;
use crate::render::environment::Templates;
use crate::render::model::{Group, Model};
use crate::render::needs::{Needs, needs};
use crate::render::report::{Order, Unwritten, report};
use crate::render::{describe, timeline};
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::report::model as shown;
use crate::settings::Settings;

/// Runs the command.
///
/// # Errors
/// Where the output cannot be written to, or the runtime cannot be set up.
pub fn run(args: &RenderArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let usage = |faults: &[Diagnostic]| outcome::complain_of(faults, settings).map(|()| ExitCode::Usage);
    let mut project = match project::load(global, &[], settings) {
        Ok(project) => project,
        Err(faults) => return usage(&faults),
    };
    let templates = match templates::load(&project) {
        Ok(templates) => templates,
        Err(faults) => return usage(&faults),
    };
    if args.list {
        return list(&templates);
    }
    let Some(template) = &args.template else { return model(args, global, settings, project, &templates) };
    let order = Order::new(template, args.attributes.iter().map(|own| (own.key.as_str(), own.value.as_str())));
    let needs = match needs(&order.section, &templates, &project.policy) {
        Ok(needs) => needs,
        Err(fault) => return usage(&[describe::template(&order.line, &fault)]),
    };
    let looks_back = needs.report.contains("history") || needs.report.contains("timeline");
    let history = match looks_back.then(|| history::history(&args.history, &project, needs.rung)).transpose() {
        Ok(history) => history.unwrap_or_default(),
        Err(faults) => return usage(&faults),
    };
    let survey = needs.report.contains("claims").then(|| survey::survey(&[], &project.policy));
    if let Some(survey) = &survey
        && !survey.faults.is_empty()
    {
        return usage(&survey.faults);
    }
    let plan = plan(&project, &needs, survey.is_some());
    let snapshot = match recorded::measurements(&args.snapshots, &plan, &mut project, global)? {
        Ok(snapshot) => snapshot,
        Err(Stopped::Interrupted) => return Ok(ExitCode::Interrupted),
        Err(Stopped::Faults(faults)) => return usage(&faults),
    };
    if !project.warnings.is_empty() {
        outcome::complain_of(&project.warnings, settings)?;
    }
    let claims = survey.map(|survey| {
        let assessment = assess::assess(&project, &survey, &snapshot, &templates, false);
        besides::claims(&survey, &assessment)
    });
    match report(&order, &needs, &templates, (&project.policy, &snapshot), claims.unwrap_or_default(), history) {
        Ok(text) => write(&text, args.output.as_deref()).map(|()| ExitCode::Clean),
        Err(Unwritten::Broken(fault)) => usage(&[describe::template(&order.line, &fault)]),
        Err(Unwritten::Unmeasured(reasons)) => {
            let told = describe::unrendered(&order.line, order.section.template_span, &reasons);
            outcome::complain_of(&[told], settings).map(|()| ExitCode::Unmeasured)
        }
    }
}

/// What must be measured: what the template shows, and where it shows claims all that can answer one.
fn plan(project: &Project, needs: &Needs, claims: bool) -> Plan {
    let Plan { groups, metrics, texts } = project.policy.plan();
    Plan {
        groups: groups.into_iter().filter(|group| claims || needs.groups.contains(&group.name)).collect(),
        metrics: metrics.into_iter().filter(|metric| claims || needs.metrics.contains(&metric.name)).collect(),
        texts: texts.into_iter().filter(|text| needs.texts.contains(&text.name)).collect(),
    }
}

fn write(text: &str, file: Option<&Path>) -> io::Result<()> {
    let Some(file) = file else {
        let mut out = io::stdout().lock();
        return outcome::unless_nobody_reads(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    };
    if fs::read(file).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    files::put(file, text.as_bytes()).map_err(|error| {
        io::Error::new(error.kind(), format!("cannot write the report to `{}`: {error}", file.display()))
    })
}

/// The names of the templates, each with what it says of itself.
fn list(templates: &Templates) -> io::Result<ExitCode> {
    let rows: Vec<(&str, String)> = templates.short_names().map(|name| (name, templates.about(name))).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    outcome::unless_nobody_reads(shown::list(&rows, &mut out).and_then(|()| out.flush()))?;
    Ok(ExitCode::Clean)
}

/// All that templates can use, as it is now.
fn model(
    args: &RenderArgs,
    global: &Global,
    settings: &Settings,
    mut project: Project,
    templates: &Templates,
) -> io::Result<ExitCode> {
    let policy = &project.policy;
    let survey = survey::survey(&[], policy);
    let history = match history::history(&args.history, &project, None) {
        Ok(history) if survey.faults.is_empty() => history,
        Ok(_) => return outcome::complain_of(&survey.faults, settings).map(|()| ExitCode::Usage),
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let plan = policy.plan();
    if plan.is_empty() {
        let nothing = Diagnostic::new(Code::NothingJudged, Severity::Error, "there is nothing to measure")
            .help("write groups, metrics or texts into trueup.toml");
        return outcome::complain_of(&[nothing], settings).map(|()| ExitCode::Nothing);
    }
    let snapshot = match recorded::measurements(&args.snapshots, &plan, &mut project, global)? {
        Ok(snapshot) => snapshot,
        Err(Stopped::Interrupted) => return Ok(ExitCode::Interrupted),
        Err(Stopped::Faults(faults)) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let assessment = assess::assess(&project, &survey, &snapshot, templates, false);
    let mut model = Model::new(&project.policy, &snapshot);
    model.claims = besides::claims(&survey, &assessment);
    let groups: Vec<&Group> = model.groups.iter().collect();
    model.timeline = timeline::timeline(&groups, &history, snapshot.taken_at);
    model.history = history;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = match args.format {
        ListFormat::Human => shown::human(&model, &mut out),
        ListFormat::Json => shown::json(&model, &mut out),
    };
    outcome::unless_nobody_reads(written.and_then(|()| out.flush()))?;
    Ok(ExitCode::Clean)
}
