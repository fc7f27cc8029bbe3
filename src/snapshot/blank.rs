//! Measurements with their answers taken out: the names stay, so that a claim about one of them is still about it.

use crate::measure::evidence::Evidence;
use crate::measure::measurement::{
    CheckResult, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, TargetMeasurement, TextMeasurement,
    TextOutcome, Unmeasured,
};
use crate::rung::Rung;

/// Makes a group one of which nothing is known but the names of its targets.
pub(super) fn group(group: &mut GroupMeasurement, why: &Unmeasured) {
    for target in &mut group.targets {
        *target = self::target(std::mem::take(&mut target.name), why);
    }
    group.nameless_missing = 0;
    group.discovery = Some(why.clone());
}

/// A target of which nothing is known but its name.
pub(super) fn target(name: String, why: &Unmeasured) -> TargetMeasurement {
    let check = CheckResult {
        check: "snapshot".to_owned(),
        rung: Rung::Exists,
        proved: None,
        outcome: Outcome::Unmeasured(why.clone()),
        evidence: Evidence::new(),
        took_ms: 0,
        attempts: 0,
    };
    TargetMeasurement { name, origin: Rung::Declared, checks: vec![check] }
}

/// Takes the number out.
pub(super) fn metric(metric: &mut MetricMeasurement, why: &Unmeasured) {
    metric.outcome = MetricOutcome::Unmeasured(why.clone());
    metric.evidence = Evidence::new();
}

/// Takes the lines out.
pub(super) fn text(text: &mut TextMeasurement, why: &Unmeasured) {
    text.outcome = TextOutcome::Unmeasured(why.clone());
    text.evidence = Evidence::new();
}
