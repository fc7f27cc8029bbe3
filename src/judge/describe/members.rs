//! The targets behind a number: which are down and why, which are unknown, whose health check lies.

use super::{FEW, NAME_LIMIT, REASON_LIMIT, is, listed, number};
use crate::failure::FailureClass;
use crate::judge::verdict::{Member, MemberState, Tally};
use crate::measure::evidence::plain;
use crate::measure::measurement::{Failure, Unmeasured};

/// Most members listed one by one.
const MOST: usize = 50;
/// Widest column of names, in Unicode scalar values.
const COLUMN: usize = 32;
/// Hints are given when no more classes than these are behind the failures.
const MOST_HINTS: usize = 3;

/// All that the members of a tally have to tell, one fact a line.
pub(super) fn notes(tally: &Tally) -> Vec<String> {
    let mut notes = down(tally);
    let unknown: Vec<Unmeasured> = tally
        .members
        .iter()
        .filter_map(|member| match &member.state {
            MemberState::Down(_) => None,
            MemberState::Unknown(unmeasured) => Some(unmeasured.clone()),
        })
        .collect();
    if tally.unknown > 0 {
        notes.push(format!("{} could not be measured", number(tally.unknown, "target")));
        notes.extend(reasons(&unknown));
    }
    notes.extend(lies(tally));
    notes
}

/// The members that are down: a line that counts them by class, then one line each.
pub(super) fn down(tally: &Tally) -> Vec<String> {
    let down = failures(tally);
    if down.is_empty() {
        return Vec::new();
    }
    let classes: Vec<String> =
        classes(tally).iter().map(|(class, count)| format!("{count} {}", class.name())).collect();
    let mut notes =
        vec![format!("{} {} down: {}", number(tally.down(), "target"), is(tally.down()), classes.join(", "))];
    let rows: Vec<(String, &Failure)> =
        down.iter().take(MOST).map(|(member, failure)| (plain(&member.name, NAME_LIMIT), *failure)).collect();
    let names = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(COLUMN);
    let words = rows.iter().map(|(_, failure)| failure.class.name().len()).max().unwrap_or(0);
    for (name, failure) in rows {
        let reason = plain(&failure.reason, REASON_LIMIT);
        notes.push(format!("{name:names$}  {:words$}  {reason}", failure.class.name()).trim_end().to_owned());
    }
    if down.len() > MOST {
        notes.push(format!("… and {} more", down.len() - MOST));
    }
    notes
}

/// Why targets or sources could not be looked at, one line for each reason that differs from the others.
pub(super) fn reasons(reasons: &[Unmeasured]) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for reason in reasons {
        let line = line(reason);
        if !distinct.contains(&line) {
            distinct.push(line);
        }
    }
    let more = distinct.len().saturating_sub(2 * FEW);
    distinct.truncate(2 * FEW);
    if more > 0 {
        distinct.push(format!("… and {}", number(more, "more reason")));
    }
    distinct
}

fn line(reason: &Unmeasured) -> String {
    let detail = plain(&reason.detail, REASON_LIMIT);
    let source = plain(&reason.source, NAME_LIMIT);
    if detail.contains(&source) {
        format!("{}: {detail}", reason.cause.name())
    } else {
        format!("{}: {source}: {detail}", reason.cause.name())
    }
}

/// One line per member whose health check says healthy while a functional check fails.
pub(super) fn lies(tally: &Tally) -> Vec<String> {
    let liars: Vec<&Member> = tally.members.iter().filter(|member| member.health_check_lies).collect();
    let mut notes: Vec<String> = liars
        .iter()
        .take(2 * FEW)
        .map(|member| {
            let name = plain(&member.name, NAME_LIMIT);
            format!("the health check lies: `{name}` reports healthy while its functional check fails")
        })
        .collect();
    if liars.len() > notes.len() {
        notes.push(format!("… and {} more health checks lie", liars.len() - notes.len()));
    }
    notes
}

/// "`a` and `b` report healthy", for those whose health check lies; `None` where none does.
pub(super) fn liars(tally: &Tally) -> Option<String> {
    let names: Vec<String> =
        tally.members.iter().filter(|member| member.health_check_lies).map(|member| member.name.clone()).collect();
    match names.len() {
        0 => None,
        1 => Some(format!("{} reports healthy", listed(&names))),
        _ => Some(format!("{} report healthy", listed(&names))),
    }
}

/// What to do about the failures, where few classes are behind them.
pub(super) fn hints(tally: &Tally) -> Vec<String> {
    let classes = classes(tally);
    if classes.len() > MOST_HINTS {
        return Vec::new();
    }
    classes.iter().map(|(class, _)| format!("{}: {}", class.name(), class.hint())).collect()
}

fn failures(tally: &Tally) -> Vec<(&Member, &Failure)> {
    let failures = tally.members.iter().filter_map(|member| match &member.state {
        MemberState::Down(failure) => Some((member, failure)),
        MemberState::Unknown(_) => None,
    });
    failures.collect()
}

/// Classes by number of targets, the most frequent first, in the order of the list of classes otherwise.
///
/// Targets that are missing and have no name share one member, so those without a member of their own are missing ones.
fn classes(tally: &Tally) -> Vec<(FailureClass, usize)> {
    let down = failures(tally);
    let nameless = tally.down().saturating_sub(down.len());
    let count = |class: FailureClass| {
        let named = down.iter().filter(|(_, failure)| failure.class == class).count();
        if class == FailureClass::Missing { named + nameless } else { named }
    };
    let mut classes: Vec<(FailureClass, usize)> =
        FailureClass::ALL.iter().map(|class| (*class, count(*class))).filter(|(_, count)| *count > 0).collect();
    classes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    classes
}
