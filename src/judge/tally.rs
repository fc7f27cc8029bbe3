//! Counting the targets of a group on a rung, with what is unknown kept apart.

use super::verdict::{Member, MemberState, Tally};
use crate::failure::FailureClass;
use crate::measure::measurement::{Failure, GroupMeasurement, TargetMeasurement, Unmeasured};
use crate::measure::standing::Stand;
use crate::rung::Rung;

/// A tally, and the lowest rung on which the evidence of a target counted as up stops short of the asked one.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// The tally.
    pub tally: Tally,
    /// Where the evidence stops, if it does for any target counted as up.
    pub weak: Option<Rung>,
    /// Why the number of targets itself is unknown.
    pub open: Option<Unmeasured>,
}

/// Counts the targets of `group` that stand on `asked`; `None` asks how many there are, on whatever rung they were found.
pub fn of_group(group: &GroupMeasurement, asked: Option<Rung>) -> Counted {
    let mut counted = Counted::empty(asked.unwrap_or(Rung::Declared));
    for target in &group.targets {
        counted.add(target, asked.unwrap_or(target.origin));
    }
    let tally = &mut counted.tally;
    tally.total += group.nameless_missing;
    if group.nameless_missing > 0 {
        let expected = group.expect.unwrap_or(tally.total);
        let mut reason = format!("expected {expected} targets, found {}", expected - group.nameless_missing);
        if !group.skipped.is_empty() {
            reason.push_str(&format!(", {} disabled: {}", group.skipped.len(), group.skipped.join(", ")));
        }
        let failure = Failure { class: FailureClass::Missing, reason };
        let name = format!("{} more", group.nameless_missing);
        tally.members.push(Member { name, state: MemberState::Down(failure), health_check_lies: false });
    }
    if let Some(unmeasured) = &group.discovery {
        match group.expect.and_then(|expect| expect.checked_sub(tally.total)) {
            Some(unseen) => {
                tally.total += unseen;
                tally.unknown += unseen;
                let state = MemberState::Unknown(unmeasured.clone());
                tally.members.push(Member { name: group.name.clone(), state, health_check_lies: false });
            }
            None => counted.open = Some(unmeasured.clone()),
        }
    }
    counted
}

/// Whether one target stands on `asked`, as a tally of one.
pub fn of_target(target: &TargetMeasurement, asked: Rung) -> Counted {
    let mut counted = Counted::empty(asked);
    counted.add(target, asked);
    counted
}

impl Counted {
    /// Of nothing, yet.
    pub fn empty(rung: Rung) -> Counted {
        let tally = Tally { rung, up: 0, unknown: 0, total: 0, members: Vec::new() };
        Counted { tally, weak: None, open: None }
    }

    /// Adds what another group has.
    pub fn merge(&mut self, other: Counted) {
        self.tally.up += other.tally.up;
        self.tally.unknown += other.tally.unknown;
        self.tally.total += other.tally.total;
        self.tally.members.extend(other.tally.members);
        self.weak = self.weak.into_iter().chain(other.weak).min();
        self.open = self.open.take().or(other.open);
    }

    fn add(&mut self, target: &TargetMeasurement, asked: Rung) {
        let tally = &mut self.tally;
        tally.total += 1;
        let state = match target.stand(asked) {
            Stand::Up { weak } => {
                tally.up += 1;
                self.weak = self.weak.into_iter().chain(weak).min();
                return;
            }
            Stand::Down(failure) => MemberState::Down(failure),
            Stand::Unknown(unmeasured) => {
                tally.unknown += 1;
                MemberState::Unknown(unmeasured)
            }
        };
        let health_check_lies = target.health_check_lies();
        tally.members.push(Member { name: target.name.clone(), state, health_check_lies });
    }
}

impl Tally {
    /// Targets known not to stand on the rung.
    pub fn down(&self) -> usize {
        self.total - self.up - self.unknown
    }

    /// Why nobody could look, once per source and cause.
    pub fn reasons(&self) -> Vec<Unmeasured> {
        let mut reasons: Vec<Unmeasured> = Vec::new();
        for member in &self.members {
            if let MemberState::Unknown(unmeasured) = &member.state
                && !reasons.contains(unmeasured)
            {
                reasons.push(unmeasured.clone());
            }
        }
        reasons
    }
}
