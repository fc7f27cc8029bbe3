//! The truth table: when a container counts as up.
//!
//! The rows are tried from the top; the first that fits decides.
//!
//! | what the engine says | what it means |
//! |---|---|
//! | removing; dead; stopping; paused; restarting; exited; created | down at running |
//! | running, restarted within `stable_for` | down at running: a loop, seen between two deaths |
//! | running for longer, but not for two of the periods in which it kept dying (see below) | down at running: a slower loop |
//! | running, first started within `stable_for`, or it is not known when | too early to say |
//! | running and stable, health unhealthy | running; down at healthy |
//! | running and stable, health starting | running; too early for healthy |
//! | running and stable, health healthy | healthy |
//! | running and stable, no health check | running |
//!
//! A `stable_for` that is shorter than the period of a loop would take it for stable between two deaths. So after three
//! restarts their average distance counts as well: it has to run for two such periods, as long as the period is no more
//! than ten times `stable_for`. What dies less often is up while it runs, and its restarts stay in the evidence. With
//! `stable_for` zero nothing of this is asked.
//!
//! A container that dies every 11 s is listed as running in 98 of 100 looks; the restart count together with the start
//! time tells it apart. The start time is the engine's clock and "now" is ours: a start in the future counts as now.

use std::time::Duration;

use jiff::Timestamp;

use super::container::{Container, HealthState, Status};
use crate::rung::Rung;

/// What the truth table makes of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It is up: on [`Rung::Healthy`] if its health check says so, on [`Rung::Running`] if it has none.
    Up(Rung),
    /// It runs, and it is too early to say whether it stays up.
    Young {
        /// Time since its start, where that is known.
        age: Option<Duration>,
    },
    /// It runs and is stable; its health check has not decided yet.
    HealthStarting,
    /// It is down.
    Down(Fall),
}

/// How a container is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fall {
    /// Being removed.
    Removing,
    /// Half removed.
    Dead,
    /// Being stopped.
    Stopping,
    /// Frozen.
    Paused,
    /// The engine could not start it, and says why.
    CannotStart,
    /// Made and never started.
    NotStarted,
    /// It dies and is started again. `age` is the time since its last start where it runs at this moment.
    Loop {
        /// Time since the last start, if it runs.
        age: Option<Duration>,
    },
    /// The kernel killed it for want of memory.
    OutOfMemory,
    /// It ended with 0.
    CleanExit,
    /// It ended with another code.
    Exited,
    /// It runs, and its health check says that it is down.
    Unhealthy,
}

/// A container whose deaths are further apart than this many times `stable_for` is not called a loop.
const SLOWEST: u32 = 10;

/// Looks the container up in the table.
pub fn condition(container: &Container, stable_for: Duration, now: Timestamp) -> Condition {
    match container.status {
        Status::Removing => Condition::Down(Fall::Removing),
        Status::Dead => Condition::Down(Fall::Dead),
        Status::Stopping => Condition::Down(Fall::Stopping),
        Status::Paused => Condition::Down(Fall::Paused),
        Status::Restarting => Condition::Down(Fall::Loop { age: None }),
        Status::Created if container.error.is_empty() => Condition::Down(Fall::NotStarted),
        Status::Created => Condition::Down(Fall::CannotStart),
        Status::Exited => Condition::Down(ended(container)),
        Status::Running => running(container, stable_for, now),
    }
}

fn ended(container: &Container) -> Fall {
    if !container.error.is_empty() {
        return Fall::CannotStart;
    }
    match container.exit_code {
        0 => Fall::CleanExit,
        // The mark is set for any process of the container; one that ended well was not hurt by it.
        _ if container.oom_killed => Fall::OutOfMemory,
        _ => Fall::Exited,
    }
}

fn running(container: &Container, stable_for: Duration, now: Timestamp) -> Condition {
    let age = container.started_at.map(|started| Duration::try_from(now.duration_since(started)).unwrap_or_default());
    match age {
        Some(age) if age >= stable_for && keeps_dying(container, age, stable_for) => {
            return Condition::Down(Fall::Loop { age: Some(age) });
        }
        Some(age) if age >= stable_for => {}
        Some(age) if container.restarts > 0 => return Condition::Down(Fall::Loop { age: Some(age) }),
        Some(_) | None => return Condition::Young { age },
    }
    match container.health.as_ref().map(|health| health.state) {
        None => Condition::Up(Rung::Running),
        Some(HealthState::Healthy) => Condition::Up(Rung::Healthy),
        Some(HealthState::Starting) => Condition::HealthStarting,
        Some(HealthState::Unhealthy) => Condition::Down(Fall::Unhealthy),
    }
}

/// Whether it has not run for two of the periods yet in which it was restarted until now.
fn keeps_dying(container: &Container, age: Duration, stable_for: Duration) -> bool {
    let period = container.period().filter(|period| *period <= stable_for.saturating_mul(SLOWEST));
    period.is_some_and(|period| age < period.saturating_mul(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::engine::container::Health;

    const STABLE: Duration = Duration::from_secs(60);

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn started(seconds_ago: i64) -> Container {
        let started_at = Some(now() - jiff::SignedDuration::from_secs(seconds_ago));
        Container { started_at, ..Container::running("web") }
    }

    fn in_health(state: HealthState) -> Container {
        Container { health: Some(Health { state, failing_streak: 0, last: None }), ..started(3600) }
    }

    fn is(container: Container) -> Condition {
        condition(&container, STABLE, now())
    }

    #[test]
    fn a_stable_container_stands_where_its_health_check_says() {
        assert_eq!(is(started(3600)), Condition::Up(Rung::Running));
        assert_eq!(is(started(60)), Condition::Up(Rung::Running));
        assert_eq!(is(in_health(HealthState::Healthy)), Condition::Up(Rung::Healthy));
        assert_eq!(is(in_health(HealthState::Starting)), Condition::HealthStarting);
        assert_eq!(is(in_health(HealthState::Unhealthy)), Condition::Down(Fall::Unhealthy));
    }

    #[test]
    fn a_restart_within_the_time_is_a_loop_and_a_first_start_is_too_early() {
        let age = Some(Duration::from_secs(11));
        assert_eq!(is(Container { restarts: 14, ..started(11) }), Condition::Down(Fall::Loop { age }));
        assert_eq!(is(started(11)), Condition::Young { age });
        assert_eq!(is(Container { restarts: 14, ..started(61) }), Condition::Up(Rung::Running));
    }

    #[test]
    fn a_loop_that_is_slower_than_the_asked_time_is_still_one() {
        // Dies every 110 s; 80 s after its last start nobody can call it stable.
        let slow = |age: i64, restarts: i64| Container {
            restarts,
            created_at: Some(now() - jiff::SignedDuration::from_secs(age + 110 * restarts)),
            ..started(age)
        };
        let age = Some(Duration::from_secs(80));
        assert_eq!(is(slow(80, 14)), Condition::Down(Fall::Loop { age }));
        assert_eq!(is(slow(80, 2)), Condition::Up(Rung::Running), "two are no habit");
        assert_eq!(is(slow(230, 14)), Condition::Up(Rung::Running), "it has outlived two periods");
        let rare = Container { created_at: Some(now() - jiff::SignedDuration::from_hours(99)), ..slow(80, 14) };
        assert_eq!(is(rare), Condition::Up(Rung::Running), "every few hours is another trouble");
        assert_eq!(condition(&slow(80, 14), Duration::ZERO, now()), Condition::Up(Rung::Running));
    }

    #[test]
    fn a_clock_that_differs_never_makes_a_container_older() {
        assert_eq!(is(started(-3600)), Condition::Young { age: Some(Duration::ZERO) });
        assert_eq!(is(Container { started_at: None, ..started(0) }), Condition::Young { age: None });
    }

    #[test]
    fn a_young_container_is_unknown_whatever_its_health_check_says() {
        let young = |state| Container { started_at: started(5).started_at, ..in_health(state) };
        let too_early = Condition::Young { age: Some(Duration::from_secs(5)) };
        for state in [HealthState::Healthy, HealthState::Starting, HealthState::Unhealthy] {
            assert_eq!(is(young(state)), too_early);
        }
    }

    #[test]
    fn every_other_status_is_down() {
        let with = |status| Container { status, ..started(3600) };
        let cases = [
            (Status::Removing, Fall::Removing),
            (Status::Dead, Fall::Dead),
            (Status::Stopping, Fall::Stopping),
            (Status::Paused, Fall::Paused),
            (Status::Restarting, Fall::Loop { age: None }),
            (Status::Created, Fall::NotStarted),
            (Status::Exited, Fall::CleanExit),
        ];
        for (status, fall) in cases {
            assert_eq!(is(with(status)), Condition::Down(fall));
        }
    }

    #[test]
    fn how_it_ended() {
        let with = |exit_code, oom_killed, error: &str| {
            is(Container { status: Status::Exited, exit_code, oom_killed, error: error.to_owned(), ..started(3600) })
        };
        assert_eq!(with(1, false, ""), Condition::Down(Fall::Exited));
        assert_eq!(with(137, true, ""), Condition::Down(Fall::OutOfMemory));
        assert_eq!(with(0, true, ""), Condition::Down(Fall::CleanExit));
        assert_eq!(with(127, false, "error mounting"), Condition::Down(Fall::CannotStart));
    }
}
