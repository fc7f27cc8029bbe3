//! The truth table's answer in words: facts for the evidence, and the one line that explains why a container is down.

use std::time::Duration;

use super::condition::Fall;
use super::container::{Container, HealthState, Status};
use super::{message, ports};
use crate::failure::FailureClass;
use crate::measure::classify::{Diagnosis, Exit, classify, explaining_line};
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::Failure;
use crate::rung::Rung;

/// Longest line of a log in a reason, in Unicode scalar values.
const LINE_LIMIT: usize = 200;

/// What the engine says of a container, as named facts.
pub fn facts(container: &Container) -> Evidence {
    let mut evidence = Evidence::new();
    evidence.fact("status", container.status.name());
    if has_ended(container) {
        evidence.fact("exit code", container.exit_code.to_string());
    }
    evidence.fact("restarts", container.restarts.to_string());
    if let Some(period) = container.period() {
        evidence.fact("time between restarts", format!("{} on average", span(period)));
    }
    if let Some(started) = container.started_at {
        evidence.fact("started at", started.to_string());
    }
    if let Some(health) = &container.health {
        evidence.fact("health", health.state.name());
        if health.state != HealthState::Healthy
            && let Some((code, line)) = &health.last
        {
            evidence.fact("health log", format!("exit {code}: {line}"));
        }
    }
    if !container.error.is_empty() {
        evidence.fact("error", &container.error);
    }
    if container.oom_killed {
        evidence.fact("oom killed", "yes");
    }
    container.limits.tell(&mut evidence);
    ports::tell(&container.ports, &mut evidence);
    evidence
}

impl Fall {
    /// The rung that the container does not stand on.
    pub fn rung(self) -> Rung {
        match self {
            Fall::Unhealthy => Rung::Healthy,
            Fall::Removing
            | Fall::Dead
            | Fall::Stopping
            | Fall::Paused
            | Fall::CannotStart
            | Fall::NotStarted
            | Fall::Loop { .. }
            | Fall::OutOfMemory
            | Fall::CleanExit
            | Fall::Exited => Rung::Running,
        }
    }

    /// Whether the container's log can explain it.
    pub fn leaves_a_log(self) -> bool {
        match self {
            Fall::Loop { .. } | Fall::OutOfMemory | Fall::CleanExit | Fall::Exited | Fall::Dead | Fall::Unhealthy => {
                true
            }
            Fall::Removing | Fall::Stopping | Fall::Paused | Fall::CannotStart | Fall::NotStarted => false,
        }
    }
}

/// The class of a fall and the line that explains it; `log` is the end of the container's log.
pub fn failure(fall: Fall, container: &Container, stable_for: Duration, log: &str) -> Failure {
    let (class, reason) = match fall {
        Fall::Removing => (FailureClass::Missing, "being removed".to_owned()),
        Fall::Dead => (FailureClass::Engine, with("dead: the engine could not remove it".to_owned(), &container.error)),
        Fall::Stopping => (FailureClass::Exited, "being stopped".to_owned()),
        Fall::Paused => (FailureClass::Paused, "paused".to_owned()),
        Fall::NotStarted => (FailureClass::NotStarted, "created, never started".to_owned()),
        Fall::CannotStart => {
            (message::class_of(&container.error), with("cannot start".to_owned(), message::brief(&container.error)))
        }
        Fall::Loop { age } => (FailureClass::RestartLoop, in_a_loop(age, container, stable_for, log)),
        Fall::OutOfMemory => (FailureClass::OutOfMemory, out_of_memory(container)),
        Fall::CleanExit | Fall::Exited => {
            let Diagnosis { class, reason } = classify(Exit::Code(container.exit_code), log);
            match container.restarts {
                0 => (class, reason),
                restarts => {
                    (class, format!("{} after {}, {reason}", container.status.name(), counted(restarts, "restart")))
                }
            }
        }
        Fall::Unhealthy => (FailureClass::Unhealthy, unhealthy(container)),
    };
    Failure { class, reason }
}

/// What ended the last run of a looping container: the failure below the loop. `None` while the next run is under way,
/// when the engine has forgotten the exit code.
pub fn cause_of_loop(container: &Container, log: &str) -> Option<FailureClass> {
    match container.status {
        Status::Running => None,
        _ if !container.error.is_empty() => Some(message::class_of(&container.error)),
        _ if container.oom_killed => Some(FailureClass::OutOfMemory),
        _ => Some(classify(Exit::Code(container.exit_code), log).class),
    }
}

fn in_a_loop(age: Option<Duration>, container: &Container, stable_for: Duration, log: &str) -> String {
    let restarts = counted(container.restarts, "restart");
    if let Some(age) = age {
        let why = match container.period() {
            Some(period) if age >= stable_for => format!("one every {} on average", span(period)),
            Some(_) | None => format!("stable_for {}", span(stable_for)),
        };
        let head = format!("restarted {} ago ({restarts}, {why})", span(age));
        return with(head, explaining_line(log).unwrap_or_default());
    }
    let why = match &container.error {
        error if !error.is_empty() => message::brief(error).to_owned(),
        _ if container.oom_killed => out_of_memory(container),
        _ => classify(Exit::Code(container.exit_code), log).reason,
    };
    format!("restarting ({restarts}), {}", plain(&why, LINE_LIMIT))
}

fn out_of_memory(container: &Container) -> String {
    match container.limits.memory {
        Some(limit) => format!("exit {}, out of memory (limit {} MiB)", container.exit_code, limit / (1024 * 1024)),
        None => format!("exit {}, out of memory", container.exit_code),
    }
}

fn unhealthy(container: &Container) -> String {
    let Some(health) = &container.health else { return "unhealthy".to_owned() };
    let head = format!("unhealthy, {} in a row", counted(health.failing_streak, "failure"));
    match &health.last {
        Some((code, line)) => with(format!("{head}: exit {code}"), line),
        None => head,
    }
}

/// A head, and behind a colon what explains it, if anything does.
fn with(head: String, line: &str) -> String {
    match plain(line, LINE_LIMIT) {
        line if line.is_empty() => head,
        line => format!("{head}: {line}"),
    }
}

fn has_ended(container: &Container) -> bool {
    match container.status {
        Status::Exited | Status::Restarting | Status::Dead | Status::Removing => true,
        Status::Created => container.exit_code != 0,
        Status::Running | Status::Paused | Status::Stopping => false,
    }
}

/// A number with its noun: `1 restart`, `14 restarts`.
pub fn counted(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A duration in whole seconds, as people write it: `12s`, `1m 30s`.
pub fn span(duration: Duration) -> String {
    humantime::format_duration(Duration::from_secs(duration.as_secs())).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::engine::container::Health;
    use crate::measure::engine::limits::Limits;

    fn container(status: Status, exit_code: i64, restarts: i64) -> Container {
        Container { status, exit_code, restarts, ..Container::running("web") }
    }

    fn reason(fall: Fall, container: &Container, log: &str) -> String {
        failure(fall, container, Duration::from_secs(60), log).reason
    }

    #[test]
    fn one_line_explains_it() {
        let looping = container(Status::Restarting, 127, 14);
        let log = "sh: npx: not found\nsh: npx: not found\n";
        assert_eq!(
            reason(Fall::Loop { age: None }, &looping, log),
            "restarting (14 restarts), exit 127: sh: npx: not found"
        );
        assert_eq!(cause_of_loop(&looping, log), Some(FailureClass::SpawnNotFound));
        let between = container(Status::Running, 0, 1);
        let fall = Fall::Loop { age: Some(Duration::from_millis(4200)) };
        assert_eq!(reason(fall, &between, ""), "restarted 4s ago (1 restart, stable_for 1m)");
        let log = "npm error code E404\nnpm error 404 Not Found\n";
        assert!(reason(fall, &between, log).ends_with("stable_for 1m): npm error code E404"));
        assert_eq!(reason(Fall::CleanExit, &container(Status::Exited, 0, 0), "bye\n"), "exit 0: bye");
        assert_eq!(reason(Fall::Exited, &container(Status::Exited, 137, 0), ""), "exit 137, 128 + 9, SIGKILL");
        let limited = Container {
            limits: Limits { memory: Some(8 << 20), ..Limits::default() },
            ..container(Status::Exited, 137, 0)
        };
        assert_eq!(reason(Fall::OutOfMemory, &limited, ""), "exit 137, out of memory (limit 8 MiB)");
    }

    #[test]
    fn a_health_check_speaks_for_itself() {
        let health =
            Health { state: HealthState::Unhealthy, failing_streak: 3, last: Some((1, "no route".to_owned())) };
        let unhealthy = Container { health: Some(health), ..container(Status::Running, 0, 0) };
        assert_eq!(reason(Fall::Unhealthy, &unhealthy, ""), "unhealthy, 3 failures in a row: exit 1: no route");
        let evidence = facts(&unhealthy);
        assert_eq!(evidence.get("health"), Some("unhealthy"));
        assert_eq!(evidence.get("exit code"), None);
    }

    #[test]
    fn what_the_engine_says_comes_first() {
        let error = r#"OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown"#;
        let created = Container { error: error.to_owned(), ..container(Status::Created, 127, 0) };
        let failure = failure(Fall::CannotStart, &created, Duration::ZERO, "");
        assert_eq!(failure.class, FailureClass::SpawnNotFound);
        assert_eq!(failure.reason, r#"cannot start: exec: "nope": executable file not found in $PATH"#);
    }
}
