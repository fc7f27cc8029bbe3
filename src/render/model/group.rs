//! A group, asked at one rung.

use serde::Serialize;

use super::metric::label;
use super::target::{State, Target, Unknown};
use crate::config::policy::Policy;
use crate::failure::FailureClass;
use crate::measure::measurement::GroupMeasurement;
use crate::measure::standing::Stand;
use crate::render::address::addresses;
use crate::render::named::Named;
use crate::rung::Rung;

/// A group, asked at one rung.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Key in trueup.toml.
    pub name: String,
    /// What documents call it: the first of its names, else the key.
    pub label: String,
    /// Number of targets there should be, where trueup.toml says one.
    pub expect: Option<usize>,
    /// The rung that is asked.
    pub rung: &'static str,
    /// Number of targets, those that are missing included.
    pub total: usize,
    /// Targets that stand on the rung.
    pub up: usize,
    /// Targets that do not.
    pub down: usize,
    /// Targets of which it is unknown.
    pub unknown: usize,
    /// Of those that are up, the ones whose evidence stops below the rung.
    pub weak: usize,
    /// Of those that are up, the ones that are known not to stand on a higher rung.
    pub failing_above: usize,
    /// Targets that were expected and not found, and have no name; they are among `down`.
    pub missing: usize,
    /// Nothing about it is unknown.
    pub measured: bool,
    /// The same counts for every rung.
    pub at: Vec<Counts>,
    /// Its targets, by name.
    pub targets: Vec<Target>,
    /// Classes of the failures among its targets, the most frequent first.
    pub failures: Vec<FailureCount>,
    /// Why the list of targets itself is unknown.
    pub unmeasured: Option<Unknown>,
}

/// How a group stands at one rung.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counts {
    /// The rung.
    pub rung: &'static str,
    /// Targets that stand on it.
    pub up: usize,
    /// Targets that do not.
    pub down: usize,
    /// Targets of which it is unknown.
    pub unknown: usize,
}

/// A class of failures and the targets that it befell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureCount {
    /// Name of the class.
    pub class: &'static str,
    /// One sentence on it.
    pub sentence: &'static str,
    /// What a person does about it.
    pub hint: &'static str,
    /// Names of the targets.
    pub targets: Vec<String>,
}

impl Named for Group {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Group {
    /// The group asked at `rung`, or where the section names none at the one up to which all of its targets are checked: to
    /// ask a group whose checks end at `running` for `functional` would put a word into the document that nothing was
    /// measured for.
    pub fn new(policy: &Policy, group: &GroupMeasurement, rung: Option<Rung>) -> Group {
        let names = policy.groups.iter().find(|known| known.name == group.name).map(|known| &known.names[..]);
        let rung = rung.or(group.reach).unwrap_or(Rung::Functional);
        let targets: Vec<Target> = group
            .targets
            .iter()
            .map(|target| Target::new(target, rung, addresses(policy, &group.name, target)))
            .collect();
        let count = |state: State| targets.iter().filter(|target| target.state == state).count();
        let (up, down, unknown) = (count(State::Up), count(State::Down), count(State::Unknown));
        Group {
            label: label(&group.name, names),
            name: group.name.clone(),
            expect: group.expect,
            rung: rung.name(),
            total: group.total(),
            up,
            down: down + group.nameless_missing,
            unknown,
            weak: targets.iter().filter(|target| target.weak.is_some()).count(),
            failing_above: targets.iter().filter(|target| target.fails_above.is_some()).count(),
            missing: group.nameless_missing,
            measured: unknown == 0 && group.discovery.is_none(),
            at: Rung::ALL.iter().map(|&rung| Counts::new(group, rung)).collect(),
            failures: failures(group, rung),
            targets,
            unmeasured: group.discovery.as_ref().map(Unknown::new),
        }
    }
}

impl Counts {
    fn new(group: &GroupMeasurement, rung: Rung) -> Counts {
        let mut counts = Counts { rung: rung.name(), up: 0, down: group.nameless_missing, unknown: 0 };
        for target in &group.targets {
            match target.stand(rung) {
                Stand::Up { .. } => counts.up += 1,
                Stand::Down(_) => counts.down += 1,
                Stand::Unknown(_) => counts.unknown += 1,
            }
        }
        counts
    }
}

fn failures(group: &GroupMeasurement, rung: Rung) -> Vec<FailureCount> {
    let mut counts: Vec<FailureCount> = FailureClass::ALL
        .iter()
        .map(|class| FailureCount {
            class: class.name(),
            sentence: class.sentence(),
            hint: class.hint(),
            targets: group
                .targets
                .iter()
                .filter(|target| matches!(target.stand(rung), Stand::Down(failure) if failure.class == *class))
                .map(|target| target.name.clone())
                .collect(),
        })
        .filter(|count| !count.targets.is_empty())
        .collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.targets.len()));
    counts
}
