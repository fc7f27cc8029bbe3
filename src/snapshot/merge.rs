//! Several snapshots as one: of one host each, or of one part of the system each.
//!
//! The targets of a group are put together. What one machine could not look at, or did not find, another may have seen;
//! what two machines saw must be the same, apart from how long it took and in which words it was said.

use std::collections::HashMap;

use super::Recorded;
use crate::code::Code;
use crate::measure::measurement::{
    About, CheckResult, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement,
    TextMeasurement, TextOutcome,
};
use crate::report::diagnostic::{Diagnostic, Severity};

/// What a target that discovery did not find has in place of its checks.
const DISCOVERY: &str = "discovery";

/// Puts snapshots together, in their order. The time of the whole is that of its oldest part.
///
/// # Errors
/// One finding for each thing of which two of them say different things.
pub(super) fn merge(recorded: Vec<Recorded>) -> Result<Snapshot, Vec<Diagnostic>> {
    let mut merger = Merger::default();
    for one in &recorded {
        one.snapshot.groups.iter().for_each(|group| merger.group(group, one));
        one.snapshot.metrics.iter().for_each(|metric| merger.metric(metric, one));
        one.snapshot.texts.iter().for_each(|text| merger.text(text, one));
    }
    let Merger { groups, metrics, texts, clashes } = merger;
    if !clashes.is_empty() {
        return Err(clashes);
    }
    let taken_at = recorded.iter().map(|one| one.snapshot.taken_at).min().unwrap_or_default();
    Ok(Snapshot {
        about: about(&recorded),
        groups: groups.into_iter().map(Merged::finish).collect(),
        metrics: metrics.into_iter().map(|(metric, _)| metric).collect(),
        texts: texts.into_iter().map(|(text, _)| text).collect(),
        ..Snapshot::empty(taken_at)
    })
}

/// What all of them have in common.
fn about(recorded: &[Recorded]) -> About {
    let mut parts = recorded.iter().map(|one| &one.snapshot.about);
    let mut about = parts.next().cloned().unwrap_or_default();
    for part in parts {
        about.host = about.host.filter(|host| part.host.as_ref() == Some(host));
        about.commit = about.commit.filter(|commit| part.commit.as_ref() == Some(commit));
        about.took_ms = about.took_ms.max(part.took_ms);
        about.definitions.extend(part.definitions.clone());
        about
            .engines
            .extend(part.engines.iter().filter(|engine| !about.engines.contains(engine)).cloned().collect::<Vec<_>>());
    }
    about
}

#[derive(Default)]
struct Merger<'a> {
    groups: Vec<Merged<'a>>,
    metrics: Vec<(MetricMeasurement, &'a Recorded)>,
    texts: Vec<(TextMeasurement, &'a Recorded)>,
    clashes: Vec<Diagnostic>,
}

/// A group, where each of its targets was seen, and at which index each stands.
struct Merged<'a> {
    group: GroupMeasurement,
    seen: Vec<&'a Recorded>,
    index: HashMap<&'a str, usize>,
}

impl<'a> Merger<'a> {
    fn group(&mut self, group: &'a GroupMeasurement, from: &'a Recorded) {
        let at = self.groups.iter().position(|merged| merged.group.name == group.name);
        let at = at.unwrap_or_else(|| {
            let empty = GroupMeasurement { targets: Vec::new(), ..group.clone() };
            self.groups.push(Merged { group: empty, seen: Vec::new(), index: HashMap::new() });
            self.groups.len() - 1
        });
        let merged = &mut self.groups[at];
        let whole = &mut merged.group;
        whole.expect = whole.expect.max(group.expect);
        whole.discovery = whole.discovery.take().or_else(|| group.discovery.clone());
        whole.reach = match (whole.targets.is_empty(), group.targets.is_empty()) {
            (true, _) => group.reach,
            (false, true) => whole.reach,
            (false, false) => whole.reach.min(group.reach),
        };
        let skipped = group.skipped.iter().filter(|name| !whole.skipped.contains(name)).cloned().collect::<Vec<_>>();
        whole.skipped.extend(skipped);
        for target in &group.targets {
            let Some(&known) = merged.index.get(target.name.as_str()) else {
                merged.index.insert(&target.name, whole.targets.len());
                merged.seen.push(from);
                whole.targets.push(target.clone());
                continue;
            };
            match choose(&whole.targets[known], target) {
                Choice::First => {}
                Choice::Second => {
                    whole.targets[known] = target.clone();
                    merged.seen[known] = from;
                }
                Choice::Clash => {
                    let name = format!("{}/{}", group.name, target.name);
                    let (one, other) = (state(&whole.targets[known]), state(target));
                    self.clashes.push(clash(&name, (merged.seen[known], one), (from, other)));
                }
            }
        }
    }

    fn metric(&mut self, metric: &'a MetricMeasurement, from: &'a Recorded) {
        let Some((known, seen)) = self.metrics.iter_mut().find(|(known, _)| known.name == metric.name) else {
            self.metrics.push((metric.clone(), from));
            return;
        };
        match (&known.outcome, &metric.outcome) {
            (_, MetricOutcome::Unmeasured(_)) => {}
            (MetricOutcome::Unmeasured(_), MetricOutcome::Measured(_)) => (*known, *seen) = (metric.clone(), from),
            (MetricOutcome::Measured(one), MetricOutcome::Measured(other)) => {
                if one != other {
                    let told = |quantity: &crate::quantity::Quantity| match quantity.total {
                        Some(total) => format!("{} of {total}", quantity.value),
                        None => quantity.value.to_string(),
                    };
                    self.clashes.push(clash(&metric.name, (seen, told(one)), (from, told(other))));
                }
            }
        }
    }

    fn text(&mut self, text: &'a TextMeasurement, from: &'a Recorded) {
        let Some((known, seen)) = self.texts.iter_mut().find(|(known, _)| known.name == text.name) else {
            self.texts.push((text.clone(), from));
            return;
        };
        match (&known.outcome, &text.outcome) {
            (_, TextOutcome::Unmeasured(_)) => {}
            (TextOutcome::Unmeasured(_), TextOutcome::Measured { .. }) => (*known, *seen) = (text.clone(), from),
            (one @ TextOutcome::Measured { lines, .. }, other @ TextOutcome::Measured { lines: others, .. }) => {
                if one != other {
                    let told = |lines: &[String]| format!("{} lines", lines.len());
                    self.clashes.push(clash(
                        &text.name,
                        (seen, told(lines)),
                        (from, format!("{} others", others.len())),
                    ));
                }
            }
        }
    }
}

impl Merged<'_> {
    fn finish(self) -> GroupMeasurement {
        let mut group = self.group;
        // With a source away nobody knows whether the rest is missing.
        let expect = group.expect.filter(|_| group.discovery.is_none());
        group.nameless_missing = expect.map_or(0, |expect| expect.saturating_sub(group.targets.len()));
        group
    }
}

enum Choice {
    First,
    Second,
    Clash,
}

/// Which of two measurements of one target says more, where they do not contradict each other.
fn choose(one: &TargetMeasurement, other: &TargetMeasurement) -> Choice {
    if !was_looked_at(other) {
        return Choice::First;
    }
    if !was_looked_at(one) {
        return Choice::Second;
    }
    let agree = one.checks.len() == other.checks.len()
        && one.checks.iter().zip(&other.checks).all(|(one, other)| agree(one, other));
    match agree {
        false => Choice::Clash,
        true if unmeasured(other) < unmeasured(one) => Choice::Second,
        true => Choice::First,
    }
}

/// Whether it was found, and anything came of it but that nobody could look.
fn was_looked_at(target: &TargetMeasurement) -> bool {
    target.checks.is_empty()
        || target
            .checks
            .iter()
            .any(|check| check.check != DISCOVERY && !matches!(check.outcome, Outcome::Unmeasured(_)))
}

fn unmeasured(target: &TargetMeasurement) -> usize {
    target.checks.iter().filter(|check| matches!(check.outcome, Outcome::Unmeasured(_))).count()
}

fn agree(one: &CheckResult, other: &CheckResult) -> bool {
    one.check == other.check
        && match (&one.outcome, &other.outcome) {
            (Outcome::Unmeasured(_), _) | (_, Outcome::Unmeasured(_)) => true,
            (Outcome::Passed { .. }, Outcome::Passed { .. }) => one.proved == other.proved,
            (Outcome::Failed(a), Outcome::Failed(b)) => a.class == b.class && one.proved == other.proved,
            (Outcome::Passed { .. }, Outcome::Failed(_)) | (Outcome::Failed(_), Outcome::Passed { .. }) => false,
        }
}

/// What a person compares: "up (functional)", "down: connection refused".
fn state(target: &TargetMeasurement) -> String {
    match target.first_failure() {
        Some((check, failure)) => format!("down ({}: {})", check.check, failure.reason),
        None => format!("up ({})", target.proved().map_or("nothing proved", |rung| rung.name())),
    }
}

fn clash(name: &str, one: (&Recorded, String), other: (&Recorded, String)) -> Diagnostic {
    let (first, second) = (&one.0.file, &other.0.file);
    let headline = format!("`{first}` and `{second}` contradict each other about `{name}`; expected one answer");
    let told = |(recorded, what): (&Recorded, String)| format!("{} ({}): {what}", recorded.file, recorded.origin());
    Diagnostic::new(Code::ClashingSnapshots, Severity::Error, headline)
        .note(told(one))
        .note(told(other))
        .help("leave one of them out, or give each host a group or target of its own in trueup.toml")
}
