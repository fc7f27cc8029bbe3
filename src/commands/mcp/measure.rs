//! `measure`: what is so, whatever any document claims.

use serde_json::{Value, json};

use super::home::{Home, written};
use crate::config::policy::Policy;
use crate::measure::request::Plan;
use crate::nearest::nearest;
use crate::render::model::{Group, Metric, Model, Target};
use crate::report::snapshot;
use crate::serve::ask::MeasureAsk;
use crate::serve::{Answer, Refusal};

/// Most targets of a group that an answer lists; those that are not up come first.
const MOST: usize = 200;

pub(super) fn answer(home: &Home, ask: &MeasureAsk) -> Result<Answer, Refusal> {
    let mut project = home.project()?;
    let plan = plan(ask, &project.policy)?;
    let mut snapshot = home.measurements(&plan, &mut project, ask.max_age)?;
    // What is kept may hold more than was asked for.
    snapshot.groups.retain(|group| plan.groups.iter().any(|asked| asked.name == group.name));
    snapshot.metrics.retain(|metric| plan.metrics.iter().any(|asked| asked.name == metric.name));
    snapshot.texts.clear();
    let model = Model::new(&project.policy, &snapshot);
    let text = written(|out| snapshot::human(&snapshot, out))?;
    let data = json!({
        "measured_at": snapshot.taken_at.to_string(),
        "complete": snapshot.is_complete(),
        "groups": model.groups.iter().map(group).collect::<Vec<_>>(),
        "metrics": model.metrics.iter().map(metric).collect::<Vec<_>>(),
    });
    Ok(Answer { text: format!("measured at {:.0}\n\n{text}", snapshot.taken_at), data })
}

/// What is asked for: by name, or all; never a text, which is no measurement.
fn plan(ask: &MeasureAsk, policy: &Policy) -> Result<Plan, Refusal> {
    let Plan { mut groups, mut metrics, .. } = policy.plan();
    if !ask.groups.is_empty() || !ask.metrics.is_empty() {
        let known: Vec<String> = groups.iter().map(|group| group.name.clone()).collect();
        all_known("group", &ask.groups, &known)?;
        let known: Vec<String> = metrics.iter().map(|metric| metric.name.clone()).collect();
        all_known("metric", &ask.metrics, &known)?;
        groups.retain(|group| ask.groups.contains(&group.name));
        metrics.retain(|metric| ask.metrics.contains(&metric.name));
    }
    if groups.is_empty() && metrics.is_empty() {
        return Err(Refusal("there is nothing to measure: trueup.toml names no group and no metric".to_owned()));
    }
    Ok(Plan { groups, metrics, texts: Vec::new() })
}

fn all_known(noun: &str, asked: &[String], known: &[String]) -> Result<(), Refusal> {
    let Some(strange) = asked.iter().find(|name| !known.contains(name)) else { return Ok(()) };
    let hint = match nearest(strange, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => format!("trueup.toml names no {noun}"),
        None => format!("expected one of {}", known.join(", ")),
    };
    Err(Refusal(format!("trueup.toml names no {noun} `{}`; {hint}", strange.escape_debug())))
}

fn group(group: &Group) -> Value {
    let mut targets: Vec<&Target> = group.targets.iter().collect();
    targets.sort_by_key(|target| state(target) == "up");
    json!({
        "name": group.name,
        "label": group.label,
        "rung": group.rung,
        "expected": group.expect,
        "total": group.total,
        "up": group.up,
        "down": group.down,
        "unknown": group.unknown,
        "missing": group.missing,
        "list_unknown": group.unmeasured.as_ref().map(|unknown| &unknown.detail),
        "targets": targets.iter().take(MOST).map(|one| target(one)).collect::<Vec<_>>(),
        "targets_left_out": targets.len().saturating_sub(MOST),
    })
}

fn target(target: &Target) -> Value {
    json!({
        "name": target.name,
        "state": state(target),
        "proved": target.proved,
        "evidence": target.evidence,
        "failure": target.failure.as_ref().map(|failure| failure.class),
        "hint": target.failure.as_ref().map(|failure| failure.hint),
        "health_check_lies": target.health_check_lies,
    })
}

fn state(target: &Target) -> &'static str {
    use crate::render::model::State;
    match target.state {
        State::Up => "up",
        State::Down => "down",
        State::Unknown => "unknown",
    }
}

fn metric(metric: &Metric) -> Value {
    json!({
        "name": metric.name,
        "label": metric.label,
        "value": metric.value,
        "total": metric.total,
        "unknown": metric.unmeasured.as_ref().map(|unknown| &unknown.detail),
    })
}
