//! The truth table's answer in words: facts for the evidence, and the one line that explains why a container is down.

use std::time::Duration;

use super::condition::Fall;
use super::container::{Container, HealthState, Status};
use super::exit::{brief_engine_error, class_of_engine_error, class_of_exit};
use crate::failure::FailureClass;
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
        Fall::CannotStart => (
            class_of_engine_error(&container.error),
            with("cannot start".to_owned(), brief_engine_error(&container.error)),
        ),
        Fall::Loop { age } => (FailureClass::RestartLoop, in_a_loop(age, container, stable_for, log)),
        Fall::OutOfMemory => (FailureClass::OutOfMemory, out_of_memory(container)),
        Fall::CleanExit => (FailureClass::CleanExit, ended(container, log).1),
        Fall::Exited => ended(container, log),
        Fall::Unhealthy => (FailureClass::Unhealthy, unhealthy(container)),
    };
    Failure { class, reason }
}

/// What made the last run of a looping container end: the failure below the loop.
pub fn cause_of_loop(container: &Container, log: &str) -> FailureClass {
    match container.status {
        _ if !container.error.is_empty() => class_of_engine_error(&container.error),
        _ if container.oom_killed => FailureClass::OutOfMemory,
        // While it runs, the exit code is that of no run; the log still holds what the last one wrote.
        Status::Running => class_of_exit(1, log).0,
        _ => class_of_exit(container.exit_code, log).0,
    }
}

fn in_a_loop(age: Option<Duration>, container: &Container, stable_for: Duration, log: &str) -> String {
    let restarts = counted(container.restarts, "restart");
    let head = match age {
        Some(age) => format!("restarted {} ago ({restarts}, stable_for {})", span(age), span(stable_for)),
        None if !container.error.is_empty() => format!("restarting ({restarts})"),
        None if container.oom_killed => format!("restarting, {} ({restarts})", out_of_memory(container)),
        None => format!("restarting, exit {} ({restarts})", container.exit_code),
    };
    if container.error.is_empty() {
        let code = if age.is_some() { 1 } else { container.exit_code };
        with(head, class_of_exit(code, log).1.unwrap_or_default())
    } else {
        with(head, brief_engine_error(&container.error))
    }
}

fn ended(container: &Container, log: &str) -> (FailureClass, String) {
    let (class, line) = class_of_exit(container.exit_code, log);
    let head = match (class, container.restarts) {
        (FailureClass::Killed, _) => {
            format!("exit {}, as by signal {}", container.exit_code, container.exit_code - 128)
        }
        (_, 0) => format!("exit {}", container.exit_code),
        (_, restarts) => format!("exit {} after {}", container.exit_code, counted(restarts, "restart")),
    };
    (class, with(head, line.unwrap_or_default()))
}

fn out_of_memory(container: &Container) -> String {
    match container.memory_limit {
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

fn counted(number: i64, noun: &str) -> String {
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

    fn container(status: Status, exit_code: i64, restarts: i64) -> Container {
        Container {
            id: "abc".to_owned(),
            name: "web".to_owned(),
            status,
            exit_code,
            error: String::new(),
            oom_killed: false,
            started_at: None,
            restarts,
            health: None,
            memory_limit: None,
        }
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
            "restarting, exit 127 (14 restarts): sh: npx: not found"
        );
        assert_eq!(cause_of_loop(&looping, log), FailureClass::SpawnNotFound);
        let between = container(Status::Running, 0, 1);
        let fall = Fall::Loop { age: Some(Duration::from_millis(4200)) };
        assert_eq!(reason(fall, &between, ""), "restarted 4s ago (1 restart, stable_for 1m)");
        assert_eq!(reason(Fall::CleanExit, &container(Status::Exited, 0, 0), "bye\n"), "exit 0: bye");
        assert_eq!(reason(Fall::Exited, &container(Status::Exited, 137, 0), ""), "exit 137, as by signal 9");
        let limited = Container { memory_limit: Some(8 << 20), ..container(Status::Exited, 137, 0) };
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
