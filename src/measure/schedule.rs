//! The scheduler: discovery first, then every check with bounded concurrency, each request once.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use tokio::time::error::Elapsed;

use super::discover::{self, Found, Handle};
use super::evidence::Evidence;
use super::measurement::{
    CheckResult, Failure, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement,
    TextMeasurement, TextOutcome, Unmeasured, UnmeasuredCause,
};
use super::metric;
use super::probe::{self, Context, Look};
use super::request::{Check, CheckRequest, Discover, GroupRequest, MetricRequest, Plan, TextRequest};
use super::source::Sources;
use super::text;
use crate::failure::FailureClass;
use crate::rung::Rung;

/// Bounds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Time for everything.
    pub deadline: Duration,
    /// Checks under way at once.
    pub concurrency: usize,
    /// Programs started by checks under way at once: they compete for processors, answers from the network do not.
    pub processes: usize,
}

/// What a probe may take beyond its deadline to kill and reap what it started. Past it the probe itself is at fault.
const GRACE: Duration = Duration::from_secs(5);

/// First pause before another attempt; it doubles with each.
const BACKOFF: Duration = Duration::from_millis(100);

/// Measures all of `plan`. Returns within the deadline and the grace that probes need to clean up.
pub async fn run(plan: &Plan, sources: &Sources, bounds: Bounds) -> Snapshot {
    let taken_at = jiff::Timestamp::now();
    let clock = Clock { end: Instant::now() + bounds.deadline, whole: bounds.deadline };
    let found = discover_all(plan, sources, clock).await;
    let mut jobs = Jobs::default();
    let groups: Vec<PlannedGroup> = plan.groups.iter().map(|group| plan_group(group, &found, &mut jobs)).collect();
    let slots =
        Slots { all: Semaphore::new(bounds.concurrency.max(1)), processes: Semaphore::new(bounds.processes.max(1)) };
    let checks = join_all(jobs.list.iter().map(|job| perform(job, sources, &slots, clock)));
    let metrics = stream::iter(&plan.metrics).map(|metric| measure_metric(metric, sources, &slots, clock));
    // Metrics start in order and are few; they share the slots with the checks.
    let metrics = metrics.buffered(plan.metrics.len().max(1)).collect::<Vec<_>>();
    let texts = join_all(plan.texts.iter().map(|text| measure_text(text, sources, &slots, clock)));
    let (results, metrics, texts) = futures_util::join!(checks, metrics, texts);
    Snapshot {
        schema_version: Snapshot::SCHEMA_VERSION,
        taken_at,
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

/// Permits for what is under way.
struct Slots {
    all: Semaphore,
    processes: Semaphore,
}

/// What is under way, until it is dropped.
struct Slot<'a> {
    _process: Option<SemaphorePermit<'a>>,
    _any: Option<SemaphorePermit<'a>>,
}

impl Slots {
    /// Waits for a slot, until the run ends. `executes`: one for what starts a program.
    async fn take(&self, executes: bool, clock: Clock) -> Result<Slot<'_>, Elapsed> {
        let slot = async {
            let process = if executes { self.processes.acquire().await.ok() } else { None };
            Slot { _process: process, _any: self.all.acquire().await.ok() }
        };
        tokio::time::timeout_at(clock.end, slot).await
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

/// A check of a target, made once however many targets, groups and metrics ask for it.
struct Job {
    request: CheckRequest,
    handle: Handle,
}

#[derive(Default)]
struct Jobs {
    list: Vec<Job>,
    by_key: HashMap<String, usize>,
}

impl Jobs {
    /// The index of the job that answers `request` for `handle`.
    fn add(&mut self, request: &CheckRequest, handle: &Handle) -> usize {
        let key = format!("{request:?} {handle:?}");
        *self.by_key.entry(key).or_insert_with(|| {
            self.list.push(Job { request: request.clone(), handle: handle.clone() });
            self.list.len() - 1
        })
    }
}

struct PlannedGroup {
    name: String,
    expect: Option<usize>,
    targets: Vec<PlannedTarget>,
    reach: Option<Rung>,
    discovery: Option<Unmeasured>,
}

struct PlannedTarget {
    name: String,
    origin: Rung,
    /// Results known without a look, then indices of jobs.
    known: Vec<CheckResult>,
    jobs: Vec<usize>,
}

fn plan_group(group: &GroupRequest, discovered: &Discovered<'_>, jobs: &mut Jobs) -> PlannedGroup {
    let mut discovery = None;
    let mut targets: Vec<PlannedTarget> = Vec::new();
    for from in &group.discover {
        match &discovered[from] {
            Ok(found) => {
                for found in found {
                    if targets.iter().all(|target| target.name != found.name) {
                        targets.push(plan_target(group, &found.name, found.origin, &found.handle, jobs));
                    }
                }
            }
            Err(unmeasured) => discovery = discovery.or_else(|| Some(unmeasured.clone())),
        }
    }
    for written in &group.targets {
        if targets.iter().any(|target| target.name == written.name) {
            continue;
        }
        let checks = checks_of(group, &written.name);
        let target = if checks.iter().all(|check| stands_alone(&check.check)) {
            plan_target(group, &written.name, Rung::Declared, &Handle::Named, jobs)
        } else {
            let outcome = match &discovery {
                Some(unmeasured) => Outcome::Unmeasured(unmeasured.clone()),
                None => Outcome::Failed(missing("discovery found no target of this name")),
            };
            let known = vec![not_found(outcome)];
            PlannedTarget { name: written.name.clone(), origin: Rung::Declared, known, jobs: Vec::new() }
        };
        targets.push(target);
    }
    let reach = if targets.is_empty() {
        reach(&group.checks.iter().collect::<Vec<_>>())
    } else {
        // A target without a check reaches nothing, and holds the group back: `None` is the least.
        targets.iter().map(|target| reach(&checks_of(group, &target.name))).min().flatten()
    };
    PlannedGroup { name: group.name.clone(), expect: group.expect, targets, reach, discovery }
}

fn plan_target(group: &GroupRequest, name: &str, origin: Rung, handle: &Handle, jobs: &mut Jobs) -> PlannedTarget {
    let jobs = checks_of(group, name).into_iter().map(|check| jobs.add(check, handle)).collect();
    PlannedTarget { name: name.to_owned(), origin, known: Vec::new(), jobs }
}

/// The checks of one target: the group's, those of a kind that the target has as well replaced by its own.
fn checks_of<'a>(group: &'a GroupRequest, target: &str) -> Vec<&'a CheckRequest> {
    let own = group.targets.iter().find(|written| written.name == target).map_or(&[][..], |written| &written.checks);
    let replaced = |check: &&CheckRequest| own.iter().all(|own| own.check.name() != check.check.name());
    group.checks.iter().filter(replaced).chain(own).collect()
}

/// The highest rung that one of `checks` is about.
fn reach(checks: &[&CheckRequest]) -> Option<Rung> {
    checks.iter().map(|check| check.rung.unwrap_or_else(|| probe::intended_rung(&check.check))).max()
}

/// Whether a check says by itself what to look at, without discovery.
fn stands_alone(check: &Check) -> bool {
    match check {
        Check::Docker(check) => check.container.is_some(),
        Check::Exec(check) => check.container.is_some(),
        Check::Mcp(check) => check.server.is_some(),
        Check::Http(_) | Check::Tcp(_) | Check::Command(_) | Check::File(_) => true,
    }
}

fn missing(reason: &str) -> Failure {
    Failure { class: FailureClass::Missing, reason: reason.to_owned() }
}

fn not_found(outcome: Outcome) -> CheckResult {
    CheckResult {
        check: "discovery".to_owned(),
        rung: Rung::Exists,
        proved: None,
        outcome,
        evidence: Evidence::new(),
        took_ms: 0,
        attempts: 0,
    }
}

impl PlannedGroup {
    fn finish(self, results: &[CheckResult]) -> GroupMeasurement {
        let targets: Vec<TargetMeasurement> = self.targets.into_iter().map(|target| target.finish(results)).collect();
        // With a source away nobody knows whether the rest is missing.
        let complete = self.discovery.is_none();
        let nameless_missing =
            self.expect.filter(|_| complete).map_or(0, |expect| expect.saturating_sub(targets.len()));
        GroupMeasurement {
            name: self.name,
            expect: self.expect,
            targets,
            nameless_missing,
            reach: self.reach,
            discovery: self.discovery,
        }
    }
}

impl PlannedTarget {
    fn finish(self, results: &[CheckResult]) -> TargetMeasurement {
        let checks = self.known.into_iter().chain(self.jobs.iter().map(|&job| results[job].clone())).collect();
        TargetMeasurement { name: self.name, origin: self.origin, checks }
    }
}

/// Performs one check with its attempts, once it has a slot.
async fn perform(job: &Job, sources: &Sources, slots: &Slots, clock: Clock) -> CheckResult {
    let request = &job.request;
    // The time in the queue is not the target's: its deadline counts from here.
    let slot = slots.take(request.check.executes(), clock).await;
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
    let look = tokio::time::timeout_at(deadline + GRACE, probe::look(check, context)).await;
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

async fn measure_metric(request: &MetricRequest, sources: &Sources, slots: &Slots, clock: Clock) -> MetricMeasurement {
    let slot = slots.take(request.source.executes(), clock).await;
    let began = Instant::now();
    let deadline = clock.end.min(began + request.timeout);
    let looked = match slot {
        Ok(_) => {
            tokio::time::timeout_at(deadline + GRACE, metric::measure(&request.source, sources, deadline)).await.ok()
        }
        Err(_) => None,
    };
    let (outcome, evidence) = looked.unwrap_or_else(|| (MetricOutcome::Unmeasured(clock.passed()), Evidence::new()));
    MetricMeasurement { name: request.name.clone(), outcome, evidence, took_ms: milliseconds(began.elapsed()) }
}

async fn measure_text(request: &TextRequest, sources: &Sources, slots: &Slots, clock: Clock) -> TextMeasurement {
    let slot = slots.take(true, clock).await;
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
