//! A target of a group, its checks, and why it does not stand.

use serde::Serialize;

use crate::measure::container_request::Resource;
use crate::measure::evidence;
use crate::measure::measurement::{self, CheckResult, Outcome, TargetMeasurement, Unmeasured};
use crate::measure::standing::Stand;
use crate::render::address::leads_to;
use crate::rung::Rung;

/// A target of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
    /// Its name, as written.
    pub name: String,
    /// `up`, `down` or `unknown`, at the rung of the group.
    pub state: State,
    /// The highest rung that was proved.
    pub proved: Option<&'static str>,
    /// Where the evidence stops, for a target that is up and of which nothing shows that it stands on the asked rung.
    pub weak: Option<&'static str>,
    /// The lowest rung above the asked one on which it is known not to stand, of a target that is up: it runs, say, and its
    /// functional check fails.
    pub fails_above: Option<&'static str>,
    /// One line that says what decided: the reason of the failure, what a check saw, why nobody could look.
    pub evidence: String,
    /// Why it is down.
    pub failure: Option<Failure>,
    /// Why it is unknown.
    pub unmeasured: Option<Unknown>,
    /// Its own health check says healthy while a functional check fails.
    pub health_check_lies: bool,
    /// Where it was looked at: addresses and URLs that checks went to, each once.
    pub addresses: Vec<String>,
    /// The container that it is, by name, where it is one.
    pub container: Option<String>,
    /// The ports that it publishes, where it is a container.
    pub ports: Vec<Port>,
    /// What it uses, what it may use, and what that has done to it: restarts, kills for memory, memory, processor time, logs.
    pub resources: Vec<Fact>,
    /// Its checks, in the order of trueup.toml.
    pub checks: Vec<Check>,
}

/// Whether a target stands on the asked rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It does.
    Up,
    /// It does not.
    Down,
    /// We could not look.
    Unknown,
}

/// Why something is down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Name of its class.
    pub class: &'static str,
    /// One sentence on the class.
    pub sentence: &'static str,
    /// What a person does about it.
    pub hint: &'static str,
    /// One line on this very failure.
    pub reason: String,
}

/// Why nobody could look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unknown {
    /// `source-away`, `timed-out` and so on.
    pub cause: &'static str,
    /// One line with the particulars.
    pub detail: String,
    /// The source that was asked.
    pub source: String,
}

/// A check and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Its name in trueup.toml.
    pub check: String,
    /// The rung that it is about.
    pub rung: &'static str,
    /// `passed`, `failed` or `unmeasured`.
    pub outcome: &'static str,
    /// One line on it.
    pub summary: String,
    /// Attempts made.
    pub attempts: u32,
    /// How long it took, in milliseconds. A time: no fact of a section.
    pub took_ms: u64,
    /// What was seen, in order.
    pub facts: Vec<Fact>,
    /// Last lines of a log, oldest first: text of somebody else.
    pub log: Vec<String>,
}

/// A port that a container publishes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Port {
    /// Address on the engine's machine.
    pub address: String,
    /// Port and protocol inside of the container.
    pub inside: String,
    /// A check went there.
    pub looked_at: bool,
}

/// A named thing that was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// What it says something about.
    pub name: String,
    /// What it says.
    pub value: String,
}

impl Target {
    pub(super) fn new(target: &TargetMeasurement, rung: Rung, addresses: Vec<String>) -> Target {
        let (state, weak, failure, unmeasured) = match target.stand(rung) {
            Stand::Up { weak } => (State::Up, weak, None, None),
            Stand::Down(failure) => (State::Down, None, Some(failure), None),
            Stand::Unknown(unmeasured) => (State::Unknown, None, None, Some(unmeasured)),
        };
        let above = if state == State::Up { failure_above(target, rung) } else { None };
        let evidence = match (&failure, &unmeasured, &above) {
            (Some(failure), _, _) => failure.reason.clone(),
            (None, Some(unmeasured), _) => unmeasured.detail.clone(),
            (None, None, Some((_, failure))) => failure.reason.clone(),
            (None, None, None) => proof(target).to_owned(),
        };
        Target {
            name: target.name.clone(),
            state,
            proved: target.proved().map(Rung::name),
            weak: weak.map(Rung::name),
            fails_above: above.map(|(rung, _)| rung.name()),
            evidence,
            failure: failure.map(|failure| Failure {
                class: failure.class.name(),
                sentence: failure.class.sentence(),
                hint: failure.class.hint(),
                reason: failure.reason,
            }),
            unmeasured: unmeasured.as_ref().map(Unknown::new),
            health_check_lies: target.health_check_lies(),
            ports: ports(target, &addresses),
            addresses,
            container: container(target),
            resources: resources(target),
            checks: target.checks.iter().map(Check::new).collect(),
        }
    }
}

/// Facts about what something uses and may use, besides those that are called like a [`Resource`].
const RESOURCES: &[&str] = &["restarts", "oom killed", "memory limit", "cpu limit", "log limit"];

fn is_resource(name: &str) -> bool {
    RESOURCES.contains(&name) || Resource::NAMES.contains(&name)
}

/// The facts of these names that checks saw, each once.
fn resources(target: &TargetMeasurement) -> Vec<Fact> {
    let facts = target.checks.iter().flat_map(|check| &check.evidence.facts);
    let mut found = Vec::new();
    for fact in facts.filter(|fact| is_resource(&fact.name)).map(Fact::new) {
        if !found.contains(&fact) {
            found.push(fact);
        }
    }
    found
}

/// The ports that checks saw it publish, each once.
fn ports(target: &TargetMeasurement, addresses: &[String]) -> Vec<Port> {
    let facts = target.checks.iter().flat_map(|check| &check.evidence.facts);
    let published = facts.filter(|fact| fact.name == "published").filter_map(|fact| fact.value.split_once("->"));
    let mut found = Vec::new();
    for (address, inside) in published {
        let looked_at = inside.ends_with("/tcp") && addresses.iter().any(|looked| leads_to(looked, address));
        let port = Port { address: address.to_owned(), inside: inside.to_owned(), looked_at };
        if !found.contains(&port) {
            found.push(port);
        }
    }
    found
}

/// The container of a target: what a check says, else its own name where it was found as one and looked at as one.
fn container(target: &TargetMeasurement) -> Option<String> {
    let said = target.checks.iter().find_map(|check| check.evidence.get("container"));
    let looked = target.checks.iter().any(|check| ["docker", "exec"].contains(&check.check.as_str()));
    let found = (target.origin == Rung::Exists && looked).then_some(target.name.as_str());
    said.or(found).map(str::to_owned)
}

/// The failed check on the lowest rung above `rung`, and why it failed.
fn failure_above(target: &TargetMeasurement, rung: Rung) -> Option<(Rung, &measurement::Failure)> {
    let failed = target.checks.iter().filter_map(|check| match &check.outcome {
        Outcome::Failed(failure) => Some((check.rung, failure)),
        Outcome::Passed { .. } | Outcome::Unmeasured(_) => None,
    });
    failed.filter(|(above, _)| *above > rung).min_by_key(|(above, _)| *above)
}

/// What the check on the highest rung saw, of those that passed.
fn proof(target: &TargetMeasurement) -> &str {
    let passed = target.checks.iter().filter_map(|check| match &check.outcome {
        Outcome::Passed { summary } => Some((check.proved, summary)),
        Outcome::Failed(_) | Outcome::Unmeasured(_) => None,
    });
    passed.max_by_key(|(proved, _)| *proved).map_or("", |(_, summary)| summary)
}

impl Unknown {
    pub(super) fn new(unmeasured: &Unmeasured) -> Unknown {
        Unknown { cause: unmeasured.cause.name(), detail: unmeasured.detail.clone(), source: unmeasured.source.clone() }
    }
}

impl Target {
    /// Whether it is known not to stand on the rung.
    pub fn is_down(&self) -> bool {
        self.state == State::Down
    }
}

impl Fact {
    pub(super) fn new(fact: &evidence::Fact) -> Fact {
        Fact { name: fact.name.clone(), value: fact.value.clone() }
    }
}

impl Check {
    pub(super) fn new(check: &CheckResult) -> Check {
        let (outcome, summary) = match &check.outcome {
            Outcome::Passed { summary } => ("passed", summary),
            Outcome::Failed(failure) => ("failed", &failure.reason),
            Outcome::Unmeasured(unmeasured) => ("unmeasured", &unmeasured.detail),
        };
        let facts = check.evidence.facts.iter();
        Check {
            check: check.check.clone(),
            rung: check.rung.name(),
            outcome,
            summary: summary.clone(),
            attempts: check.attempts,
            took_ms: check.took_ms,
            facts: facts.map(Fact::new).collect(),
            log: check.evidence.log.clone(),
        }
    }
}
