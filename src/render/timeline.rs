//! What happened when, as far as it was measured: starts and ends that an engine told, changes between earlier runs, and
//! the look itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use super::history::{Moment, Standing};
use super::model::Group;
use crate::rung::Rung;

/// Most events told; the latest are kept.
const MOST: usize = 60;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Key of the group that it is about, where it is about one.
    pub group: Option<String>,
    /// What happened, in our words.
    pub what: String,
    /// Names of the targets that it happened to, where they are known.
    pub targets: Vec<String>,
}

/// The events that `groups`, measured at `now`, and the runs before tell of, earliest first.
pub fn timeline(groups: &[&Group], history: &[Moment], now: Timestamp) -> Vec<Event> {
    let mut events = Vec::new();
    for group in groups {
        starts_and_ends(group, &mut events);
        let known = history.iter().filter(|moment| standing(&group.name, moment).is_some());
        let mut before: Option<&Moment> = None;
        for moment in known {
            if let Ok(at) = moment.measured_at.parse::<Timestamp>() {
                run(&group.name, at, before, moment, &mut events);
            }
            before = Some(moment);
        }
        let unknown = match group.unknown {
            0 => String::new(),
            unknown => format!(", {unknown} could not be measured"),
        };
        let missing = match group.unmeasured {
            Some(_) => ", and the list of them is not known",
            None => "",
        };
        let what = format!("measured: {} of {} {}{unknown}{missing}", group.up, group.total, word(group.rung));
        events.push((now, event(now, &group.name, what, Vec::new())));
        if let Some(before) = before {
            let down = group.targets.iter().filter(|target| target.is_down()).map(|target| target.name.as_str());
            changes(&group.name, now, &down_in(&group.name, before), &down.collect(), &mut events);
        }
    }
    events.sort_by_key(|(at, _)| *at);
    let skip = events.len().saturating_sub(MOST);
    events.into_iter().skip(skip).map(|(_, event)| event).collect()
}

/// The word for what stands on a rung.
fn word(rung: &'static str) -> &'static str {
    if rung == Rung::Exists.name() { "present" } else { rung }
}

/// Events with their times, to be sorted.
type Events = Vec<(Timestamp, Event)>;

fn event(at: Timestamp, group: &str, what: impl Into<String>, targets: Vec<String>) -> Event {
    Event { at: at.to_string(), group: Some(group.to_owned()), what: what.into(), targets }
}

/// What an engine tells of its containers: `started at`, `finished at`.
fn starts_and_ends(group: &Group, events: &mut Events) {
    for target in &group.targets {
        for fact in target.checks.iter().flat_map(|check| &check.facts) {
            let Some(what) = fact.name.strip_suffix(" at") else { continue };
            if let Ok(at) = fact.value.parse::<Timestamp>() {
                events.push((at, event(at, &group.name, what, vec![target.name.clone()])));
            }
        }
    }
}

/// How a group stood in the first run that is known, and what another changed.
fn run(group: &str, at: Timestamp, before: Option<&Moment>, moment: &Moment, events: &mut Events) {
    let Some(now) = standing(group, moment) else { return };
    let stood = format!("{} of {} {}", now.up, now.total, word(now.rung));
    match before {
        None => events.push((at, event(at, group, format!("first known run: {stood}"), Vec::new()))),
        Some(before) => {
            if standing(group, before) != Some(now) {
                events.push((at, event(at, group, stood, Vec::new())));
            }
            changes(group, at, &down_in(group, before), &down_in(group, moment), events);
        }
    }
}

/// Which targets went down, and which came up again.
fn changes(group: &str, at: Timestamp, was: &BTreeSet<&str>, is: &BTreeSet<&str>, events: &mut Events) {
    for (what, first, second) in [("down since the run before", is, was), ("no longer down", was, is)] {
        let names: Vec<String> = first.difference(second).map(|name| (*name).to_owned()).collect();
        if !names.is_empty() {
            events.push((at, event(at, group, what, names)));
        }
    }
}

fn standing<'a>(group: &str, moment: &'a Moment) -> Option<&'a Standing> {
    moment.groups.iter().find(|standing| standing.name == group)
}

fn down_in<'a>(group: &str, moment: &'a Moment) -> BTreeSet<&'a str> {
    moment.down.iter().filter_map(|name| name.strip_prefix(group)?.strip_prefix('/')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureClass;
    use crate::render::example;

    #[test]
    fn starts_changes_and_the_look_itself_stand_in_order() {
        let policy = example::policy();
        let mut now = example::snapshot();
        now.groups.truncate(1);
        now.groups[0].targets[1].checks[0]
            .evidence
            .fact("started at", "2025-08-17T09:59:00Z")
            .fact("looked at", "soon");
        let mut before = now.clone();
        before.taken_at = "2025-08-16T10:00:00Z".parse().unwrap();
        before.groups[0].targets[1].checks = vec![example::passed("docker", Rung::Functional, "up")];
        let mut between = before.clone();
        between.taken_at = "2025-08-17T00:00:00Z".parse().unwrap();
        let fails = example::failed("mcp", Rung::Functional, FailureClass::NoAnswer, "no answer");
        between.groups[0].targets[0].checks.push(fails);
        let history: Vec<Moment> =
            [&before, &before, &between].into_iter().map(|snapshot| Moment::new(&policy, snapshot, None)).collect();
        let group = Group::new(&policy, &now.groups[0], None);
        let events = timeline(&[&group], &history, now.taken_at);
        let told: Vec<String> =
            events.iter().map(|event| format!("{} {} {:?}", event.at, event.what, event.targets)).collect();
        assert_eq!(
            told,
            [
                "2025-08-16T10:00:00Z first known run: 2 of 4 functional []",
                "2025-08-17T00:00:00Z 1 of 4 functional []",
                "2025-08-17T00:00:00Z down since the run before [\"files\"]",
                "2025-08-17T09:59:00Z started [\"claude-flow\"]",
                "2025-08-17T10:00:00Z measured: 1 of 4 functional []",
                "2025-08-17T10:00:00Z down since the run before [\"claude-flow\"]",
                "2025-08-17T10:00:00Z no longer down [\"files\"]",
            ]
        );
    }
}
