//! From requests and what discovery found to the list of checks to make, each once; and from their results to groups.

use std::collections::{HashMap, HashSet};

use super::Discovered;
use crate::failure::FailureClass;
use crate::measure::discover::{self, Handle};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{CheckResult, Failure, GroupMeasurement, Outcome, TargetMeasurement, Unmeasured};
use crate::measure::probe;
use crate::measure::request::{Check, CheckRequest, GroupRequest, McpRoute};
use crate::rung::Rung;

/// A check of a target, made once however many targets, groups and metrics ask for it.
pub(super) struct Job {
    /// What is done.
    pub request: CheckRequest,
    /// How the target is reached.
    pub handle: Handle,
}

/// The checks of a run.
#[derive(Default)]
pub(super) struct Jobs {
    /// In the order in which they were asked for.
    pub list: Vec<Job>,
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

/// A group whose targets are known and whose checks are to be made.
pub(super) struct PlannedGroup {
    name: String,
    expect: Option<usize>,
    targets: Vec<PlannedTarget>,
    reach: Option<Rung>,
    skipped: Vec<String>,
    discovery: Option<Unmeasured>,
}

struct PlannedTarget {
    name: String,
    origin: Rung,
    /// Results known without a look, then indices of jobs.
    known: Vec<CheckResult>,
    jobs: Vec<usize>,
}

/// Lists the targets of `group` and adds their checks to `jobs`.
pub(super) fn plan_group(group: &GroupRequest, discovered: &Discovered<'_>, jobs: &mut Jobs) -> PlannedGroup {
    let mut discovery = None;
    let mut skipped: Vec<String> = Vec::new();
    let mut targets: Vec<PlannedTarget> = Vec::new();
    // A group may have as many targets as a fleet has machines: none is looked for by going through all.
    let own: OwnChecks = group.targets.iter().map(|target| (target.name.as_str(), &target.checks[..])).collect();
    let mut known: HashSet<&str> = HashSet::new();
    for from in &group.discover {
        match &discovered[from] {
            Ok(found) => {
                // Where something is expected it is missing; else an empty answer could be taken for one that is fine.
                if found.is_empty() && group.expect.is_none() && group.targets.is_empty() {
                    discovery = discovery.or_else(|| discover::nothing_found(from));
                }
                for found in found {
                    if matches!(found.handle, Handle::Disabled) {
                        skipped.push(found.name.clone());
                    } else if known.insert(&found.name) {
                        let checks = checks_of(group, &own, &found.name);
                        targets.push(plan_target(checks, &found.name, found.origin, &found.handle, jobs));
                    }
                }
            }
            Err(unmeasured) => discovery = discovery.or_else(|| Some(unmeasured.clone())),
        }
    }
    known.extend(skipped.iter().map(String::as_str));
    for written in group.targets.iter().filter(|written| !known.contains(written.name.as_str())) {
        let checks = checks_of(group, &own, &written.name);
        let target = if checks.iter().all(|check| stands_alone(&check.check)) {
            plan_target(checks, &written.name, Rung::Declared, &Handle::Named, jobs)
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
        targets.iter().map(|target| reach(&checks_of(group, &own, &target.name))).min().flatten()
    };
    PlannedGroup { name: group.name.clone(), expect: group.expect, targets, reach, skipped, discovery }
}

fn plan_target(
    checks: Vec<&CheckRequest>,
    name: &str,
    origin: Rung,
    handle: &Handle,
    jobs: &mut Jobs,
) -> PlannedTarget {
    if let Handle::Absent { reason } = handle {
        // There is nothing to look at, and that is what was found out.
        let known = vec![not_found(Outcome::Failed(missing(reason)))];
        return PlannedTarget { name: name.to_owned(), origin, known, jobs: Vec::new() };
    }
    let jobs = checks.into_iter().map(|check| jobs.add(check, handle)).collect();
    PlannedTarget { name: name.to_owned(), origin, known: Vec::new(), jobs }
}

/// The checks that targets have of their own, by the names of the targets.
type OwnChecks<'a> = HashMap<&'a str, &'a [CheckRequest]>;

/// The checks of one target: the group's, those of a kind that the target has as well replaced by its own.
fn checks_of<'a>(group: &'a GroupRequest, own: &OwnChecks<'a>, target: &str) -> Vec<&'a CheckRequest> {
    let own = own.get(target).copied().unwrap_or_default();
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
        Check::Mount(check) => check.container.is_some(),
        Check::Reach(check) => check.container.is_some(),
        Check::Mcp(check) => match &check.server {
            Some(McpRoute::Exec(exec)) => exec.container.is_some(),
            Some(McpRoute::Stdio(_) | McpRoute::Web(_)) => true,
            None => false,
        },
        Check::Prometheus(check) => check.query.is_some(),
        Check::Http(_)
        | Check::Tcp(_)
        | Check::Dns(_)
        | Check::Process(_)
        | Check::Command(_)
        | Check::File(_)
        | Check::Junit(_)
        | Check::Git(_) => true,
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
    /// The group, with the results of all jobs.
    pub fn finish(self, results: &[CheckResult]) -> GroupMeasurement {
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
            skipped: self.skipped,
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
