//! Holding a snapshot against what is asked: in the order of the question, and with the reason wherever there is no answer.

use std::collections::HashSet;

use crate::config::policy::Policy;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{
    GroupMeasurement, MetricMeasurement, MetricOutcome, Snapshot, TextMeasurement, TextOutcome, Unmeasured,
    UnmeasuredCause,
};
use crate::measure::request::Plan;

use super::blank;

/// Whether `snapshot` answers all of `plan`, as `policy` defines it, leaving nothing unmeasured.
pub fn answers(snapshot: &Snapshot, plan: &Plan, policy: &Policy) -> bool {
    tried(snapshot, plan, policy) && snapshot.is_complete()
}

/// Whether all of `plan`, as `policy` defines it, was looked at for `snapshot`, whatever came of it.
pub fn tried(snapshot: &Snapshot, plan: &Plan, policy: &Policy) -> bool {
    let same = |key: String| {
        let then = snapshot.about.definitions.get(&key);
        then.is_some() && then == policy.definitions.get(&key)
    };
    plan.groups.iter().all(|group| snapshot.group(&group.name).is_some() && same(format!("group.{}", group.name)))
        && plan
            .metrics
            .iter()
            .all(|metric| snapshot.metric(&metric.name).is_some() && same(format!("metric.{}", metric.name)))
        && plan.texts.iter().all(|text| snapshot.text(&text.name).is_some() && same(format!("text.{}", text.name)))
}

/// The answers to `plan` that `snapshot` has. `files` names where they were looked for.
pub(super) fn complete(snapshot: Snapshot, plan: &Plan, files: &str) -> Snapshot {
    let Snapshot { schema_version, taken_at, about, mut groups, mut metrics, mut texts } = snapshot;
    let absent = |what: &str, name: &str| Unmeasured {
        cause: UnmeasuredCause::NotRecorded,
        detail: format!("there is no {what} `{name}` in {files}"),
        source: "snapshot".to_owned(),
    };
    let groups = plan.groups.iter().map(|asked| {
        let at = groups.iter().position(|group| group.name == asked.name);
        let mut group = at.map(|at| groups.swap_remove(at)).unwrap_or_else(|| GroupMeasurement {
            name: asked.name.clone(),
            expect: asked.expect,
            targets: Vec::new(),
            nameless_missing: 0,
            reach: None,
            skipped: Vec::new(),
            discovery: Some(absent("group", &asked.name)),
        });
        let known: HashSet<String> = group.targets.iter().map(|target| target.name.clone()).collect();
        let missing = asked.targets.iter().filter(|target| !known.contains(&target.name));
        group.targets.extend(missing.map(|target| {
            let why = group.discovery.clone();
            let why = why.unwrap_or_else(|| absent("target", &format!("{}/{}", asked.name, target.name)));
            blank::target(target.name.clone(), &why)
        }));
        group
    });
    let metrics = plan.metrics.iter().map(|asked| {
        let at = metrics.iter().position(|metric| metric.name == asked.name);
        at.map(|at| metrics.swap_remove(at)).unwrap_or_else(|| MetricMeasurement {
            name: asked.name.clone(),
            outcome: MetricOutcome::Unmeasured(absent("metric", &asked.name)),
            evidence: Evidence::new(),
            took_ms: 0,
        })
    });
    let texts = plan.texts.iter().map(|asked| {
        let at = texts.iter().position(|text| text.name == asked.name);
        at.map(|at| texts.swap_remove(at)).unwrap_or_else(|| TextMeasurement {
            name: asked.name.clone(),
            command: asked.argv.join(" "),
            outcome: TextOutcome::Unmeasured(absent("text", &asked.name)),
            evidence: Evidence::new(),
            took_ms: 0,
        })
    });
    let (groups, metrics, texts) = (groups.collect(), metrics.collect(), texts.collect());
    Snapshot { schema_version, taken_at, about, groups, metrics, texts }
}
