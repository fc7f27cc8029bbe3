//! Making one check, metric or text: its slot, its attempts, its deadline.

use std::time::Duration;

use tokio::time::Instant;

use super::Clock;
use super::plan::Job;
use super::slots::Slots;
use crate::failure::FailureClass;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{
    CheckResult, MetricMeasurement, MetricOutcome, Outcome, TextMeasurement, TextOutcome, Unmeasured, UnmeasuredCause,
};
use crate::measure::probe::{self, Context, Look};
use crate::measure::request::{MetricRequest, TextRequest};
use crate::measure::source::Sources;
use crate::measure::{metric, text};

/// What a probe may take beyond its deadline to kill and reap what it started. Past it the probe itself is at fault.
const GRACE: Duration = Duration::from_secs(5);

/// First pause before another attempt; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(100);

/// Performs one check with its attempts, once it has a slot.
pub(super) async fn perform(job: &Job, sources: &Sources, slots: &Slots, clock: Clock) -> CheckResult {
    let request = &job.request;
    // The time in the queue is not the target's: its deadline counts from here.
    let place = probe::source_of(&request.check, &job.handle);
    let slot = slots.take(probe::executes(&request.check, &job.handle), place, clock).await;
    let began = Instant::now();
    let mut attempts = 0;
    let look = loop {
        if slot.is_err() || Instant::now() >= clock.end {
            break Look::unmeasured(probe::intended_rung(&request.check), clock.passed());
        }
        attempts += 1;
        let look = attempt(job, sources, clock).await;
        let failed = matches!(look.outcome, Outcome::Failed(_));
        let next = Instant::now() + BACKOFF.saturating_mul(2_u32.saturating_pow(attempts - 1));
        // Without time for another attempt, what was seen stands: it is down, and not unknown.
        if !(failed && look.transient && attempts < request.attempts && next < clock.end) {
            break look;
        }
        tokio::time::sleep_until(next).await;
    };
    let (rung, proved) = match (request.rung, &look.outcome) {
        (Some(rung), Outcome::Passed { .. }) => (rung, Some(rung)),
        (Some(rung), Outcome::Failed(_) | Outcome::Unmeasured(_)) => {
            (rung, look.proved.filter(|proved| *proved < rung))
        }
        (None, _) => (look.rung, look.proved),
    };
    CheckResult {
        check: request.check.name().to_owned(),
        rung,
        proved,
        outcome: look.outcome,
        evidence: look.evidence,
        took_ms: milliseconds(began.elapsed()),
        attempts,
    }
}

async fn attempt(job: &Job, sources: &Sources, clock: Clock) -> Look {
    let own_end = Instant::now() + job.request.timeout;
    let deadline = own_end.min(clock.end);
    let context = Context { handle: &job.handle, sources, deadline };
    let check = &job.request.check;
    // In a box of its own: of many checks most are waiting, and a probe under way is large.
    let look = tokio::time::timeout_at(deadline + GRACE, Box::pin(probe::look(check, context))).await;
    match look {
        // Cut short by the run, not by its own time: silence proves nothing then.
        Ok(look) if clock.end < own_end && no_answer(&look) => Look::unmeasured(look.rung, clock.passed()),
        Ok(look) => look,
        Err(_) => Look::unmeasured(
            probe::intended_rung(check),
            Unmeasured {
                cause: UnmeasuredCause::TimedOut,
                detail: format!("the `{}` probe did not end by its deadline", check.name()),
                source: format!("{} probe", check.name()),
            },
        ),
    }
}

fn no_answer(look: &Look) -> bool {
    matches!(&look.outcome, Outcome::Failed(failure) if failure.class == FailureClass::NoAnswer)
}

/// Measures one metric, once it has a slot.
pub(super) async fn measure_metric(
    request: &MetricRequest,
    sources: &Sources,
    slots: &Slots,
    clock: Clock,
) -> MetricMeasurement {
    let slot = slots.take(request.source.executes(), metric::source_of(&request.source), clock).await;
    let began = Instant::now();
    let deadline = clock.end.min(began + request.timeout);
    let looked = match slot {
        Ok(_) => {
            let measuring = Box::pin(metric::measure(&request.source, sources, deadline));
            tokio::time::timeout_at(deadline + GRACE, measuring).await.ok()
        }
        Err(_) => None,
    };
    let (outcome, evidence) = looked.unwrap_or_else(|| (MetricOutcome::Unmeasured(clock.passed()), Evidence::new()));
    MetricMeasurement { name: request.name.clone(), outcome, evidence, took_ms: milliseconds(began.elapsed()) }
}

/// Measures one text, once it has a slot.
pub(super) async fn measure_text(
    request: &TextRequest,
    sources: &Sources,
    slots: &Slots,
    clock: Clock,
) -> TextMeasurement {
    let slot = slots.take(true, None, clock).await;
    let began = Instant::now();
    let deadline = clock.end.min(began + request.timeout);
    let looked = match slot {
        Ok(_) => tokio::time::timeout_at(deadline + GRACE, text::measure(request, sources, deadline)).await.ok(),
        Err(_) => None,
    };
    let (outcome, evidence) = looked.unwrap_or_else(|| (TextOutcome::Unmeasured(clock.passed()), Evidence::new()));
    let command = text::command_line(&request.argv);
    let took_ms = milliseconds(began.elapsed());
    TextMeasurement { name: request.name.clone(), command, outcome, evidence, took_ms }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
