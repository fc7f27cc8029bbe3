//! Many requests at once, each judged as one alone is.
//!
//! | seen | outcome |
//! |---|---|
//! | every answer as expected, and 95 in 100 within `max_latency` | passed |
//! | a request that fails | failed, by the failure that most of them share, and what the others proved |
//! | answers as expected, but too late | failed at asked: slow; running |
//! | a request that nobody can judge (no time left, no name server) | unmeasured, as that request alone; what failed stays failed |
//!
//! Each request has a connection of its own, as a check alone has. Between the bounds of
//! [`Load`] and the deadline of the check, no more is asked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use tokio::time::Instant;

use super::{Context, Look, once};
use crate::failure::FailureClass;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Failure, Outcome, Unmeasured};
use crate::measure::request::{HttpCheck, Load};
use crate::measure::source::Sources;
use crate::rung::Rung;

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// Requests that were to be made.
    pub requests: usize,
    /// Requests at a time.
    pub concurrency: usize,
    /// Times to the heads of answers, ascending; also of answers that were wrong.
    pub latencies: Vec<Duration>,
    /// Why nobody can tell of some of them.
    pub unknown: Option<Unmeasured>,
    failures: BTreeMap<(FailureClass, String), Failed>,
}

#[derive(Clone, Debug)]
struct Failed {
    count: usize,
    look: Look,
}

impl Loaded {
    /// The latency that `hundredths` of 100 answers keep to (nearest rank). `None` where there was none.
    pub fn percentile(&self, hundredths: usize) -> Option<Duration> {
        let rank = (self.latencies.len() * hundredths).div_ceil(100).max(1);
        self.latencies.get(rank - 1).copied()
    }

    /// Requests that failed.
    pub fn failed(&self) -> usize {
        self.failures.values().map(|failed| failed.count).sum()
    }

    /// Adds what was seen to `evidence`.
    pub fn note(&self, evidence: &mut Evidence) {
        evidence.fact("requests", self.requests.to_string()).fact("concurrency", self.concurrency.to_string());
        evidence.fact("failed", self.failed().to_string());
        for (name, hundredths) in [("p50 ms", 50), ("p95 ms", 95), ("slowest ms", 100)] {
            if let Some(latency) = self.percentile(hundredths) {
                evidence.fact(name, format!("{:.1}", latency.as_secs_f64() * 1000.0));
            }
        }
        for ((_, reason), failed) in &self.failures {
            evidence.fact(&format!("{} failed", failed.count), reason);
        }
    }

    fn add(&mut self, look: Look, latency: Option<Duration>) {
        self.latencies.extend(latency);
        match &look.outcome {
            Outcome::Passed { .. } => {}
            Outcome::Failed(Failure { class, reason }) => {
                let key = (*class, reason.clone());
                self.failures.entry(key).or_insert(Failed { count: 0, look }).count += 1;
            }
            Outcome::Unmeasured(unmeasured) => self.unknown = Some(unmeasured.clone()),
        }
    }

    /// The failure that most requests share.
    fn worst(&self) -> Option<&Failed> {
        self.failures.values().max_by_key(|failed| failed.count)
    }
}

/// Makes the requests, each judged as `check` alone would be, and returns by `deadline`.
pub async fn run(check: &HttpCheck, load: Load, sources: &Sources, deadline: Instant) -> Loaded {
    // The bounds hold whoever made the request.
    let requests = load.requests.min(Load::MOST_REQUESTS) as usize;
    let concurrency = load.concurrency.clamp(1, Load::MOST_AT_ONCE) as usize;
    let mut loaded = Loaded { requests, concurrency, ..Loaded::default() };
    let asked = super::asked_rung(check);
    let mut asking = stream::iter(0..requests)
        .map(|_| async move {
            if Instant::now() >= deadline {
                let look = Look::unmeasured(asked, super::super::no_time_left("http"));
                return super::Once { look, latency: None };
            }
            once(check, sources, deadline).await
        })
        .buffer_unordered(concurrency);
    while let Some(one) = asking.next().await {
        loaded.add(one.look, one.latency);
    }
    loaded.latencies.sort_unstable();
    loaded
}

/// The same, made once in a run for all who want a figure of it.
pub async fn run_once(check: &HttpCheck, load: Load, sources: &Sources, deadline: Instant) -> Arc<Loaded> {
    let running = async {
        let loaded = Arc::new(run(check, load, sources, deadline).await);
        if loaded.unknown.is_some() { Err(loaded) } else { Ok(loaded) }
    };
    let shared = sources.shared().loads.ask(format!("{load:?} {check:?}"), deadline, running).await;
    shared.unwrap_or_else(|| {
        let unknown = Some(super::super::no_time_left("http"));
        Arc::new(Loaded { requests: load.requests as usize, unknown, ..Loaded::default() })
    })
}

/// Looks as a check does.
pub(super) async fn look(check: &HttpCheck, load: Load, asked: Rung, context: Context<'_>) -> Look {
    let loaded = run(check, load, context.sources, context.deadline).await;
    let mut evidence = Evidence::new();
    evidence.fact("url", crate::measure::web::place_of(&check.url));
    loaded.note(&mut evidence);
    if let Some(worst) = loaded.worst() {
        let mut look = worst.look.clone();
        if let Outcome::Failed(failure) = &mut look.outcome {
            failure.reason = format!("{} of {} requests failed: {}", loaded.failed(), loaded.requests, failure.reason);
        }
        if !loaded.latencies.is_empty() {
            // Somebody answers, whatever the others met with.
            look.rung = asked;
            look.proved = look.proved.or(Some(Rung::Running));
        }
        look.evidence = evidence;
        return look;
    }
    if let Some(unknown) = &loaded.unknown {
        let mut look = Look::unmeasured(asked, unknown.clone());
        look.evidence = evidence;
        return look;
    }
    let (p50, p95) = (loaded.percentile(50).unwrap_or_default(), loaded.percentile(95).unwrap_or_default());
    if let Some(most) = check.max_latency.filter(|most| p95 > *most) {
        let reason = format!(
            "95 in 100 of {} requests were answered within {}, expected {}",
            loaded.requests,
            super::milliseconds(p95),
            super::milliseconds(most)
        );
        return Look::failed(asked, FailureClass::Slow, reason, evidence).having_proved(Rung::Running).transient();
    }
    let summary = format!(
        "{} requests, {} at a time; half within {}, 95 in 100 within {}",
        loaded.requests,
        loaded.concurrency,
        super::milliseconds(p50),
        super::milliseconds(p95)
    );
    Look::passed(asked, summary, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let of =
            |count: u64| Loaded { latencies: (1..=count).map(Duration::from_millis).collect(), ..Loaded::default() };
        let at = |count, hundredths| of(count).percentile(hundredths).map(|latency| latency.as_millis());
        assert_eq!((at(100, 50), at(100, 95), at(100, 100)), (Some(50), Some(95), Some(100)));
        assert_eq!((at(1, 50), at(1, 95), at(3, 50), at(20, 95)), (Some(1), Some(1), Some(2), Some(19)));
        assert_eq!(at(0, 95), None);
    }
}
