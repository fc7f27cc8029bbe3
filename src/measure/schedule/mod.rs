//! The scheduler: discovery first, then every check with bounded concurrency, each request once.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use self::plan::{Jobs, PlannedGroup, plan_group};
use self::slots::Slots;
use super::discover::{self, Found};
use super::measurement::{About, Snapshot, Unmeasured, UnmeasuredCause};
use super::request::{Discover, Plan};
use super::source::Sources;

mod perform;
mod plan;
mod progress;
mod slots;

pub use self::progress::Progress;

/// Bounds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Time for everything.
    pub deadline: Duration,
    /// Checks under way at once.
    pub concurrency: usize,
    /// Programs started by checks under way at once: they compete for processors, answers from the network do not.
    pub processes: Processes,
}

/// How many programs may be under way at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processes {
    /// Never more than this.
    AtMost(usize),
    /// This many, and more as long as a processor is idle: servers that only wait need not wait for each other, while
    /// those that compute do not slow each other into their timeouts.
    AtLeast(usize),
}

/// Measures all of `plan`. Returns within the deadline and the grace that probes need to clean up.
pub async fn run(plan: &Plan, sources: &Sources, bounds: Bounds) -> Snapshot {
    run_watched(plan, sources, bounds, &Progress::default()).await
}

/// The same, noting in `progress` how far it is.
pub async fn run_watched(plan: &Plan, sources: &Sources, bounds: Bounds, progress: &Progress) -> Snapshot {
    let taken_at = jiff::Timestamp::now();
    let clock = Clock { end: Instant::now() + bounds.deadline, whole: bounds.deadline };
    let found = discover_all(plan, sources, clock).await;
    let mut jobs = Jobs::default();
    let groups: Vec<PlannedGroup> = plan.groups.iter().map(|group| plan_group(group, &found, &mut jobs)).collect();
    progress.plan(jobs.list.len() + plan.metrics.len() + plan.texts.len());
    let slots = Slots::new(bounds, sources.per_source());
    let checks = jobs.list.iter().map(|job| perform::perform(job, sources, &slots, clock));
    let checks = join_all(checks.map(|look| progress.count(look)));
    let metrics = plan.metrics.iter().map(|metric| perform::measure_metric(metric, sources, &slots, clock));
    let metrics = join_all(metrics.map(|look| progress.count(look)));
    let texts = plan.texts.iter().map(|text| perform::measure_text(text, sources, &slots, clock));
    let texts = join_all(texts.map(|look| progress.count(look)));
    let (results, metrics, texts) = tokio::select! {
        (checks, metrics, texts, ()) = async {
            futures_util::join!(checks, metrics, texts, sources.hear_of_engines(clock.end))
        } => (checks, metrics, texts),
        never = slots.widen(bounds.processes, || crate::platform::load::has_idle_processor() == Some(true)) => match never {},
    };
    let engines = sources.engines(clock.end).await;
    Snapshot {
        schema_version: Snapshot::SCHEMA_VERSION,
        taken_at,
        about: About { trueup: env!("CARGO_PKG_VERSION").to_owned(), engines, ..About::default() },
        groups: groups.into_iter().map(|group| group.finish(&results)).collect(),
        metrics,
        texts,
    }
}

/// When the run ends.
#[derive(Clone, Copy)]
struct Clock {
    end: Instant,
    whole: Duration,
}

impl Clock {
    fn passed(self) -> Unmeasured {
        Unmeasured {
            cause: UnmeasuredCause::TimedOut,
            detail: format!("the run's deadline of {} passed first", humantime::format_duration(self.whole)),
            source: "run deadline".to_owned(),
        }
    }
}

type Discovered<'a> = HashMap<&'a Discover, Result<Vec<Found>, Unmeasured>>;

async fn discover_all<'a>(plan: &'a Plan, sources: &Sources, clock: Clock) -> Discovered<'a> {
    let mut wanted: Vec<&Discover> = Vec::new();
    for from in plan.groups.iter().flat_map(|group| &group.discover) {
        if !wanted.contains(&from) {
            wanted.push(from);
        }
    }
    let answers = wanted.into_iter().map(|from| async move {
        let answer = tokio::time::timeout_at(clock.end, discover::discover(from, sources)).await;
        (from, answer.unwrap_or_else(|_| Err(clock.passed())))
    });
    join_all(answers).await.into_iter().collect()
}
