//! Whether a claim is true.
//!
//! Unknown is not zero: with targets unmeasured a tally is a range, and a claim drifted when no value in the range makes it
//! true, holds when every value does, and is unmeasured otherwise.

use super::tally::{self, Counted};
use super::verdict::{Binding, Judgement, Measured, Subject, Verdict};
use crate::claim::model::{Claim, Comparator, Kind, Polarity};
use crate::config::policy::{Policy, Tolerance};
use crate::measure::measurement::{MetricOutcome, Snapshot, Unmeasured, UnmeasuredCause};
use crate::quantity::{Number, Quantity};
use crate::rung::Rung;

use super::bind::Bound;

/// Judges claim number `index` of its document.
pub fn judge(index: usize, claim: &Claim, bound: Bound, policy: &Policy, snapshot: &Snapshot) -> Judgement {
    let Bound { binding, rung } = bound;
    let (verdict, weak) = match &binding {
        Binding::Unbound { .. } => (Verdict::Unbound, None),
        Binding::Bound { subjects, .. } => match &subjects[..] {
            [Subject::Metric(name)] => (judge_metric(claim, name, policy, snapshot), None),
            subjects => judge_tally(claim, subjects, rung, policy, snapshot),
        },
    };
    let weak = weak.filter(|_| !matches!(verdict, Verdict::Unmeasured { .. }));
    Judgement { claim: index, binding, verdict, weak, ignored: false }
}

/// The rung that a claim about a group or target asks for; `None` for a bare quantity, which asks how many there are.
fn asked_rung(claim: &Claim, ruled: Option<Rung>) -> Option<Rung> {
    let bare = matches!(claim.kind, Kind::Count { .. }) && claim.polarity == Polarity::None;
    ruled.or(claim.rung).or((!bare).then_some(Rung::Functional))
}

fn judge_tally(
    claim: &Claim,
    subjects: &[Subject],
    ruled: Option<Rung>,
    policy: &Policy,
    snapshot: &Snapshot,
) -> (Verdict, Option<Rung>) {
    let asked = asked_rung(claim, ruled);
    if claim.polarity == Polarity::Partial
        && let [subject @ Subject::Target { .. }] = subjects
    {
        return (judge_partial(subject, asked.unwrap_or(Rung::Functional), snapshot), None);
    }
    let mut counted = Counted::empty(asked.unwrap_or(Rung::Declared));
    for subject in subjects {
        match count(subject, asked, snapshot) {
            Some(one) => counted.merge(one),
            None => return (not_in_snapshot(subject), None),
        }
    }
    let Counted { tally, weak, open } = counted;
    let tolerance = tolerance_of(subjects, policy);
    // What the claim counts: those that are up, or those that are not.
    let least = if claim.polarity == Polarity::Down { tally.down() } else { tally.up };
    let holds = |part: usize, total: usize| holds_for(claim, part, total, tolerance);
    if let Some(unmeasured) = open {
        return (Verdict::Unmeasured { reasons: vec![unmeasured], known: Some(Measured::Tally(tally)) }, None);
    }
    let (some, all) = (least..=least + tally.unknown).fold((false, true), |(some, all), part| {
        let held = holds(part, tally.total);
        (some || held, all && held)
    });
    let verdict = if !some {
        Verdict::Drifted(Measured::Tally(tally))
    } else if tally.total == 0 {
        // Nothing was found to count: whatever the claim says of it, that is no proof.
        Verdict::Unmeasured { reasons: vec![nothing_found(subjects)], known: None }
    } else if all {
        Verdict::Holds(Measured::Tally(tally))
    } else {
        Verdict::Unmeasured { reasons: tally.reasons(), known: Some(Measured::Tally(tally)) }
    };
    (verdict, weak)
}

fn count(subject: &Subject, asked: Option<Rung>, snapshot: &Snapshot) -> Option<Counted> {
    match subject {
        Subject::Group(name) => Some(tally::of_group(snapshot.group(name)?, asked)),
        Subject::Target { group, target } => {
            let group = snapshot.group(group)?;
            let measured = group.targets.iter().find(|measured| measured.name == *target)?;
            Some(tally::of_target(measured, asked.unwrap_or(Rung::Functional)))
        }
        Subject::Metric(_) => None,
    }
}

fn not_in_snapshot(subject: &Subject) -> Verdict {
    let unmeasured = Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("nothing was measured of `{subject}`"),
        source: "snapshot".to_owned(),
    };
    Verdict::Unmeasured { reasons: vec![unmeasured], known: None }
}

fn nothing_found(subjects: &[Subject]) -> Unmeasured {
    let names: Vec<String> = subjects.iter().map(|subject| format!("`{subject}`")).collect();
    Unmeasured {
        cause: UnmeasuredCause::NothingFound,
        detail: format!("no target of {} was found", names.join(", ")),
        source: "discovery".to_owned(),
    }
}

/// "Partially working", of one thing: it is there, and it is not wholly up.
fn judge_partial(subject: &Subject, asked: Rung, snapshot: &Snapshot) -> Verdict {
    let counted = |rung| count(subject, Some(rung), snapshot).map(|counted| counted.tally);
    let (Some(there), Some(wholly)) = (counted(Rung::Exists), counted(asked)) else {
        return not_in_snapshot(subject);
    };
    if wholly.up == 1 || there.down() == 1 {
        Verdict::Drifted(Measured::Tally(wholly))
    } else if there.up == 1 && wholly.down() == 1 {
        Verdict::Holds(Measured::Tally(wholly))
    } else {
        Verdict::Unmeasured { reasons: wholly.reasons(), known: Some(Measured::Tally(wholly)) }
    }
}

fn tolerance_of(subjects: &[Subject], policy: &Policy) -> Tolerance {
    let group = match subjects {
        [Subject::Group(name) | Subject::Target { group: name, .. }] => Some(name),
        _ => None,
    };
    let group = group.and_then(|name| policy.groups.iter().find(|group| group.name == *name));
    group.map_or_else(Tolerance::default, |group| group.tolerance)
}

/// Whether the claim is true when `part` of `total` targets are as it says.
fn holds_for(claim: &Claim, part: usize, total: usize, tolerance: Tolerance) -> bool {
    match claim.kind {
        Kind::Ratio { value, total: whole } => {
            compare(claim.comparator, part as f64, value, tolerance) && equal(total as f64, whole.value)
        }
        Kind::Percent { value } => total > 0 && percent_holds(claim.comparator, share(part, total), value, tolerance),
        Kind::Count { value } => compare(claim.comparator, part as f64, value, tolerance),
        Kind::Universal { value } => {
            part == total && value.is_none_or(|value| compare(claim.comparator, total as f64, value, tolerance))
        }
        Kind::State => match claim.polarity {
            Polarity::Up | Polarity::Down | Polarity::None => part == total,
            Polarity::Partial => part > 0 && part < total,
        },
    }
}

fn share(part: usize, total: usize) -> f64 {
    100.0 * part as f64 / total as f64
}

/// Whether a measured number stands to a claimed one as the comparator says.
fn compare(comparator: Comparator, measured: f64, claimed: Number, tolerance: Tolerance) -> bool {
    match comparator {
        Comparator::Eq => equal(measured, claimed.value),
        Comparator::Ge => measured >= claimed.value,
        Comparator::Gt => measured > claimed.value,
        Comparator::Le => measured <= claimed.value,
        Comparator::Lt => measured < claimed.value,
        Comparator::Approx => (measured - claimed.value).abs() <= claimed.value.abs() * tolerance.share + f64::EPSILON,
    }
}

fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// As [`compare`], for percentages: equality is at the precision that the claim shows. No rounding reaches 100 or 0:
/// 999 of 1,000 are not "100%".
fn percent_holds(comparator: Comparator, measured: f64, claimed: Number, tolerance: Tolerance) -> bool {
    match comparator {
        Comparator::Eq if equal(claimed.value, 100.0) || equal(claimed.value, 0.0) => equal(measured, claimed.value),
        Comparator::Eq => {
            let scale = 10_f64.powi(i32::from(claimed.decimals));
            equal((measured * scale).round() / scale, claimed.value)
        }
        Comparator::Approx => (measured - claimed.value).abs() <= tolerance.points + 1e-9,
        Comparator::Ge | Comparator::Gt | Comparator::Le | Comparator::Lt => {
            compare(comparator, measured, claimed, tolerance)
        }
    }
}

fn judge_metric(claim: &Claim, name: &str, policy: &Policy, snapshot: &Snapshot) -> Verdict {
    let Some(metric) = snapshot.metric(name) else {
        return not_in_snapshot(&Subject::Metric(name.to_owned()));
    };
    let quantity = match &metric.outcome {
        MetricOutcome::Measured(quantity) => *quantity,
        MetricOutcome::Unmeasured(unmeasured) => {
            return Verdict::Unmeasured { reasons: vec![unmeasured.clone()], known: None };
        }
    };
    let rule = policy.metrics.iter().find(|metric| metric.name == name);
    let tolerance = rule.map_or_else(Tolerance::default, |metric| metric.tolerance);
    match metric_holds(claim, quantity, tolerance) {
        Some(true) => Verdict::Holds(Measured::Quantity(quantity)),
        Some(false) => Verdict::Drifted(Measured::Quantity(quantity)),
        None => {
            let unmeasured = Unmeasured {
                cause: UnmeasuredCause::NoCheck,
                detail: format!("metric `{name}` has no total to hold a {} against", claim.kind.name()),
                source: "trueup.toml".to_owned(),
            };
            Verdict::Unmeasured { reasons: vec![unmeasured], known: Some(Measured::Quantity(quantity)) }
        }
    }
}

/// Whether the claim is true of a number; `None` where it asks for a whole that the metric does not have.
fn metric_holds(claim: &Claim, quantity: Quantity, tolerance: Tolerance) -> Option<bool> {
    let part = |total: f64| if claim.polarity == Polarity::Down { total - quantity.value } else { quantity.value };
    Some(match claim.kind {
        Kind::Ratio { value, total: whole } => {
            let total = quantity.total?;
            compare(claim.comparator, part(total), value, tolerance) && equal(total, whole.value)
        }
        Kind::Percent { value } => {
            let measured = match quantity.total {
                Some(total) if total > 0.0 => 100.0 * part(total) / total,
                Some(_) => return None,
                None => quantity.value,
            };
            percent_holds(claim.comparator, measured, value, tolerance)
        }
        Kind::Count { value } => {
            let measured = match (claim.polarity, quantity.total) {
                // "312 tests" speaks of all of them, "310 tests passing" of those.
                (Polarity::None, Some(total)) => total,
                (Polarity::Down, Some(total)) => total - quantity.value,
                (Polarity::Up | Polarity::Down | Polarity::Partial | Polarity::None, _) => quantity.value,
            };
            compare(claim.comparator, measured, value, tolerance)
        }
        Kind::Universal { value } => {
            let total = quantity.total?;
            equal(part(total), total) && value.is_none_or(|value| equal(total, value.value))
        }
        Kind::State => return None,
    })
}
