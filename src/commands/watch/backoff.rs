//! Looking less often while what is to be looked at is away: an engine that is not there is not asked every minute of a night.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::measure::measurement::{MetricOutcome, Outcome, Snapshot, TextOutcome, Unmeasured, UnmeasuredCause};

/// Most that is waited besides what the schedule says.
const MOST: Duration = Duration::from_secs(3600);

/// How often in a row something was away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Backoff {
    runs: u32,
    away: BTreeSet<String>,
}

/// What there is to say once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// These are away since this run.
    Away(BTreeSet<String>),
    /// All are there again.
    Back,
}

impl Backoff {
    /// Takes note of what was away in a run.
    pub(super) fn note(&mut self, away: BTreeSet<String>) -> Option<Change> {
        let before = std::mem::replace(&mut self.away, away);
        self.runs = if self.away.is_empty() { 0 } else { self.runs.saturating_add(1) };
        if self.away == before {
            return None;
        }
        Some(if self.away.is_empty() { Change::Back } else { Change::Away(self.away.clone()) })
    }

    /// How long not to look, however often the schedule says: `unit` after the first time, doubled with each further one,
    /// an hour at most.
    pub(super) fn rest(&self, unit: Duration) -> Duration {
        match self.runs {
            0 => Duration::ZERO,
            runs => unit.saturating_mul(1_u32.checked_shl(runs - 1).unwrap_or(u32::MAX)).min(MOST),
        }
    }
}

/// The sources that were away when `snapshot` was taken.
pub(super) fn away(snapshot: &Snapshot) -> BTreeSet<String> {
    let lists = snapshot.groups.iter().filter_map(|group| group.discovery.as_ref());
    let checks = snapshot.groups.iter().flat_map(|group| &group.targets).flat_map(|target| &target.checks);
    let checks = checks.filter_map(|check| match &check.outcome {
        Outcome::Unmeasured(why) => Some(why),
        Outcome::Passed { .. } | Outcome::Failed(_) => None,
    });
    let metrics = snapshot.metrics.iter().filter_map(|metric| match &metric.outcome {
        MetricOutcome::Unmeasured(why) => Some(why),
        MetricOutcome::Measured(_) => None,
    });
    let texts = snapshot.texts.iter().filter_map(|text| match &text.outcome {
        TextOutcome::Unmeasured(why) => Some(why),
        TextOutcome::Measured { .. } => None,
    });
    let is_away = |why: &&Unmeasured| why.cause == UnmeasuredCause::SourceAway;
    lists.chain(checks).chain(metrics).chain(texts).filter(is_away).map(|why| why.source.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn it_doubles_up_to_an_hour_and_is_said_once() {
        let mut backoff = Backoff::default();
        let unit = Duration::from_secs(300);
        assert_eq!(backoff.note(set(&[])), None);
        assert_eq!(backoff.rest(unit), Duration::ZERO);
        assert_eq!(backoff.note(set(&["docker"])), Some(Change::Away(set(&["docker"]))));
        let mut rests = vec![backoff.rest(unit).as_secs()];
        for _ in 0..5 {
            assert_eq!(backoff.note(set(&["docker"])), None);
            rests.push(backoff.rest(unit).as_secs());
        }
        assert_eq!(rests, [300, 600, 1200, 2400, 3600, 3600]);
        // Another one besides is news; the rest stays long.
        assert!(backoff.note(set(&["docker", "prometheus"])).is_some());
        assert_eq!(backoff.rest(unit), MOST);
        for _ in 0..100 {
            backoff.note(set(&["docker"]));
        }
        assert_eq!(backoff.rest(Duration::from_millis(1)), MOST);
        assert_eq!(backoff.note(set(&[])), Some(Change::Back));
        assert_eq!(backoff.rest(unit), Duration::ZERO);
    }
}
