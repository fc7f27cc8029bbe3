//! Every row of the truth table, with a container that is in that state.

use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::probe::Look;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, docker, look, passed, reason, unmeasured};
use crate::support::engine::{TestContainer, TestEngine};

const AT_ONCE: Duration = Duration::ZERO;
const A_MINUTE: Duration = Duration::from_secs(60);

fn see(engine: &TestEngine, container: &TestContainer, stable_for: Duration) -> Look {
    look(&docker(container.name(), stable_for), &engine.sources(), PATIENCE)
}

#[test]
fn a_crash_loop_is_down_in_every_look() {
    let Some(engine) = TestEngine::require("a_crash_loop_is_down_in_every_look") else { return };
    let container = engine.run("crash", &["--restart", "always"], &["sh", "-c", "npx server || exit 127"]);
    container.wait_until("{{.RestartCount}}", |count| count != "0");
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let look = see(&engine, &container, A_MINUTE);
        let reason = reason(&look, FailureClass::RestartLoop);
        assert_eq!((look.rung, look.proved), (Rung::Running, None));
        assert!(reason.ends_with("sh: npx: not found"), "{reason}");
        if reason.starts_with("restarting (") && reason.contains("), exit 127: ") {
            assert_eq!(look.evidence.get("exit code"), Some("127"));
            assert_eq!(look.evidence.get("cause"), Some("spawn-not-found"));
            break;
        }
        assert!(Instant::now() < end, "never seen between two runs: {reason}");
    }
}

#[test]
fn a_slow_crash_loop_is_down_while_it_runs() {
    let Some(engine) = TestEngine::require("a_slow_crash_loop_is_down_while_it_runs") else { return };
    let container = engine.run("slow-crash", &["--restart", "always"], &["sh", "-c", "sleep 2; exit 1"]);
    container.wait_until("{{.RestartCount}} {{.State.Status}}", |state| state == "1 running");
    let look = see(&engine, &container, A_MINUTE);
    let reason = reason(&look, FailureClass::RestartLoop);
    assert!(reason.starts_with("restart") && reason.contains("(1 restart"), "{reason}");
}

#[test]
fn a_clean_exit_is_down() {
    let Some(engine) = TestEngine::require("a_clean_exit_is_down") else { return };
    let container = engine.run("clean", &[], &["sh", "-c", "echo running on stdio"]);
    container.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &container, AT_ONCE);
    let reason = reason(&look, FailureClass::CleanExit);
    assert!(reason.contains("its standard input was closed") && reason.ends_with("running on stdio"), "{reason}");
    assert_eq!(look.rung, Rung::Running);
    assert_eq!(look.evidence.log, ["running on stdio"]);
}

#[test]
fn the_log_tells_why_it_ended() {
    let Some(engine) = TestEngine::require("the_log_tells_why_it_ended") else { return };
    let script = "echo starting; echo 'Error: GITHUB_TOKEN must be set' >&2; echo bye; exit 1";
    let container = engine.run("config", &[], &["sh", "-c", script]);
    container.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &container, AT_ONCE);
    assert_eq!(reason(&look, FailureClass::Configuration), "exit 1: Error: GITHUB_TOKEN must be set");
    assert_eq!(look.evidence.log.len(), 3);
}

#[test]
fn a_flood_of_log_is_bounded() {
    let Some(engine) = TestEngine::require("a_flood_of_log_is_bounded") else { return };
    let script = "head -c 20000000 /dev/zero | tr '\\0' x; yes line | head -n 100000; exit 3";
    let container = engine.run("flood", &[], &["sh", "-c", script]);
    container.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &container, AT_ONCE);
    assert_eq!(reason(&look, FailureClass::Exited), "exit 3: line");
    assert_eq!(look.evidence.log.len(), 20);
}

#[test]
fn without_a_health_check_the_evidence_ends_at_running() {
    let Some(engine) = TestEngine::require("without_a_health_check_the_evidence_ends_at_running") else { return };
    let container = engine.run("plain", &[], &["sleep", "300"]);
    let look = see(&engine, &container, AT_ONCE);
    assert!(passed(&look), "{look:#?}");
    assert_eq!((look.rung, look.proved), (Rung::Running, Some(Rung::Running)));
}

#[test]
fn a_first_start_is_too_early_to_judge() {
    let Some(engine) = TestEngine::require("a_first_start_is_too_early_to_judge") else { return };
    let container = engine.run("young", &[], &["sleep", "300"]);
    let look = see(&engine, &container, A_MINUTE);
    let unmeasured = unmeasured(&look);
    assert_eq!((unmeasured.cause, look.rung), (UnmeasuredCause::TooEarly, Rung::Running));
    assert!(unmeasured.detail.contains("stable_for 1m"), "{}", unmeasured.detail);
    assert_eq!(look.evidence.get("status"), Some("running"));
}

const HEALTH: [&str; 4] = ["--health-interval", "200ms", "--health-retries", "1"];

#[test]
fn a_health_check_that_passes_proves_healthy() {
    let Some(engine) = TestEngine::require("a_health_check_that_passes_proves_healthy") else { return };
    let options = [&["--health-cmd", "true"], &HEALTH[..]].concat();
    let container = engine.run("healthy", &options, &["sleep", "300"]);
    container.wait_until("{{.State.Health.Status}}", |status| status == "healthy");
    let look = see(&engine, &container, AT_ONCE);
    assert!(passed(&look), "{look:#?}");
    assert_eq!(look.proved, Some(Rung::Healthy));
}

#[test]
fn a_health_check_that_fails_is_down_at_healthy_alone() {
    let Some(engine) = TestEngine::require("a_health_check_that_fails_is_down_at_healthy_alone") else { return };
    let options = [&["--health-cmd", "echo no route to database; exit 1"], &HEALTH[..]].concat();
    let container = engine.run("unhealthy", &options, &["sleep", "300"]);
    container.wait_until("{{.State.Health.Status}}", |status| status == "unhealthy");
    let look = see(&engine, &container, AT_ONCE);
    let reason = reason(&look, FailureClass::Unhealthy);
    assert!(reason.ends_with("exit 1: no route to database"), "{reason}");
    assert_eq!((look.rung, look.proved), (Rung::Healthy, Some(Rung::Running)));
}

#[test]
fn a_health_check_that_has_not_decided_says_nothing() {
    let Some(engine) = TestEngine::require("a_health_check_that_has_not_decided_says_nothing") else { return };
    let options = ["--health-cmd", "true", "--health-interval", "5m"];
    let container = engine.run("starting", &options, &["sleep", "300"]);
    let look = see(&engine, &container, AT_ONCE);
    assert_eq!(unmeasured(&look).cause, UnmeasuredCause::TooEarly);
    assert_eq!((look.rung, look.proved), (Rung::Healthy, Some(Rung::Running)));
}

#[test]
fn a_paused_container_is_down() {
    let Some(engine) = TestEngine::require("a_paused_container_is_down") else { return };
    let container = engine.run("paused", &[], &["sleep", "300"]);
    engine.docker(&["pause", container.name()]).unwrap();
    assert_eq!(reason(&see(&engine, &container, AT_ONCE), FailureClass::Paused), "paused");
}

#[test]
fn a_created_container_is_down() {
    let Some(engine) = TestEngine::require("a_created_container_is_down") else { return };
    let container = engine.create("created", &[], &["sleep", "300"]);
    assert_eq!(reason(&see(&engine, &container, AT_ONCE), FailureClass::NotStarted), "created, never started");
}

#[test]
fn a_container_killed_for_memory_says_so() {
    let Some(engine) = TestEngine::require("a_container_killed_for_memory_says_so") else { return };
    // The engine learns of a kill and of the exit from two sides, and an exit can overtake the other news; then it says for
    // good that memory was not the reason. So one process after the other is killed, and the container ends only after
    // the engine has said that it heard.
    let script = "trap heard=1 TERM; until [ \"$heard\" ]; do tail /dev/zero; status=$?; sleep 0.2; done; exit $status";
    let container = engine.run("oom", &["--memory", "8m", "--memory-swap", "8m"], &["sh", "-c", script]);
    container.wait_for_event("oom");
    engine.docker(&["kill", "--signal", "TERM", container.name()]).unwrap();
    container.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &container, AT_ONCE);
    assert_eq!(reason(&look, FailureClass::OutOfMemory), "exit 137, out of memory (limit 8 MiB)");
}

#[test]
fn a_container_that_was_killed_names_the_signal() {
    let Some(engine) = TestEngine::require("a_container_that_was_killed_names_the_signal") else { return };
    let container = engine.run("killed", &[], &["sleep", "300"]);
    engine.docker(&["kill", container.name()]).unwrap();
    container.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = see(&engine, &container, AT_ONCE);
    assert_eq!(reason(&look, FailureClass::Killed), "exit 137, 128 + 9, SIGKILL");
}

#[test]
fn a_bad_mount_is_the_engine_and_no_missing_command() {
    let Some(engine) = TestEngine::require("a_bad_mount_is_the_engine_and_no_missing_command") else { return };
    let container = engine.run("mount", &["--volume", "/etc/hostname:/bin"], &["sleep", "300"]);
    let look = see(&engine, &container, AT_ONCE);
    let reason = reason(&look, FailureClass::Engine);
    assert!(reason.starts_with("cannot start: ") && reason.contains("mount"), "{reason}");
    assert_eq!(look.evidence.get("exit code"), Some("127"));
}

#[test]
fn a_missing_command_is_named() {
    let Some(engine) = TestEngine::require("a_missing_command_is_named") else { return };
    let container = engine.run("no-command", &[], &["npx", "server"]);
    let look = see(&engine, &container, AT_ONCE);
    let reason = reason(&look, FailureClass::SpawnNotFound);
    assert!(reason.contains("npx"), "{reason}");
}

#[test]
fn a_command_that_is_no_program_is_named() {
    let Some(engine) = TestEngine::require("a_command_that_is_no_program_is_named") else { return };
    let container = engine.run("no-program", &[], &["/etc"]);
    reason(&see(&engine, &container, AT_ONCE), FailureClass::SpawnNotExecutable);
}

#[test]
fn a_container_that_does_not_exist_is_missing() {
    let Some(engine) = TestEngine::require("a_container_that_does_not_exist_is_missing") else { return };
    for name in ["trueup-no-such-container", "../images", "two words"] {
        let look = look(&docker(name, AT_ONCE), &engine.sources(), PATIENCE);
        assert_eq!(reason(&look, FailureClass::Missing), format!("no container `{name}`"));
        assert_eq!(look.rung, Rung::Exists);
    }
}
