//! Commands inside containers.

use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::probe::Look;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, exec, look, passed, reason};
use crate::support::engine::TestEngine;

fn run(engine: &TestEngine, name: &str, argv: &[&str], stdout: Option<&str>) -> Look {
    look(&exec(name, argv, stdout), &engine.sources(), PATIENCE)
}

#[test]
fn a_command_that_answers_proves_functional() {
    let Some(engine) = TestEngine::require("a_command_that_answers_proves_functional") else { return };
    let container = engine.run("exec-pass", &[], &["sleep", "300"]);
    let script = ["sh", "-c", "echo ready; echo noise >&2"];
    let look = run(&engine, container.name(), &script, Some("^ready\n$"));
    assert!(passed(&look), "{look:#?}");
    assert_eq!(look.proved, Some(Rung::Functional));
    assert_eq!(look.evidence.log, ["ready", "noise"]);
}

#[test]
fn another_exit_code_or_answer_is_a_failure() {
    let Some(engine) = TestEngine::require("another_exit_code_or_answer_is_a_failure") else { return };
    let container = engine.run("exec-fail", &[], &["sleep", "300"]);
    let exited = run(&engine, container.name(), &["sh", "-c", "echo no database >&2; exit 3"], None);
    assert_eq!(reason(&exited, FailureClass::Exited), "exit 3: no database");
    assert_eq!((exited.rung, exited.proved), (Rung::Functional, None));
    let wrong = run(&engine, container.name(), &["echo", "not yet"], Some("ready"));
    assert_eq!(reason(&wrong, FailureClass::WrongAnswer), "the output does not match `ready`: `not yet`");
    let silent = run(&engine, container.name(), &["true"], Some("ready"));
    assert_eq!(reason(&silent, FailureClass::WrongAnswer), "the output does not match `ready`: there is none");
}

#[test]
fn a_missing_command_is_no_wrong_exit_code() {
    let Some(engine) = TestEngine::require("a_missing_command_is_no_wrong_exit_code") else { return };
    let container = engine.run("exec-missing", &[], &["sleep", "300"]);
    let missing = run(&engine, container.name(), &["npx", "--version"], None);
    let said = reason(&missing, FailureClass::SpawnNotFound);
    assert!(said.contains("npx") && missing.rung == Rung::Functional, "{said}");
    let directory = run(&engine, container.name(), &["/etc"], None);
    reason(&directory, FailureClass::SpawnNotExecutable);
}

#[test]
fn a_container_that_does_not_run_is_down_at_running() {
    let Some(engine) = TestEngine::require("a_container_that_does_not_run_is_down_at_running") else { return };
    let exited = engine.run("exec-exited", &[], &["sh", "-c", "echo giving up; exit 1"]);
    exited.wait_until("{{.State.Status}}", |status| status == "exited");
    let look = run(&engine, exited.name(), &["true"], None);
    assert_eq!(reason(&look, FailureClass::Exited), "exit 1: giving up");
    assert_eq!(look.rung, Rung::Running);
    let paused = engine.run("exec-paused", &[], &["sleep", "300"]);
    engine.docker(&["pause", paused.name()]).unwrap();
    reason(&run(&engine, paused.name(), &["true"], None), FailureClass::Paused);
    let missing = run(&engine, "trueup-no-such-container", &["true"], None);
    assert_eq!(
        (reason(&missing, FailureClass::Missing), missing.rung),
        ("no container `trueup-no-such-container`", Rung::Exists)
    );
}

/// Processes in the container whose command line is `sleep 777`.
fn sleepers(engine: &TestEngine, name: &str) -> usize {
    let listing = engine.docker(&["top", name, "-eo", "pid,args"]).unwrap();
    listing.lines().filter(|line| line.ends_with("sleep 777")).count()
}

#[test]
fn what_does_not_end_is_killed_with_its_children() {
    let Some(engine) = TestEngine::require("what_does_not_end_is_killed_with_its_children") else { return };
    let container = engine.run("exec-late", &[], &["sleep", "300"]);
    let began = Instant::now();
    let check = exec(container.name(), &["sh", "-c", "echo waiting; sleep 777 & sleep 777"], None);
    let look = look(&check, &engine.sources(), Duration::from_secs(2));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let said = reason(&look, FailureClass::NoAnswer);
    assert!(said.contains("did not end within"), "{said}");
    assert!(look.transient && look.rung == Rung::Functional);
    assert_eq!(look.evidence.log, ["waiting"]);
    assert_eq!(look.evidence.get("left running"), None);
    assert_eq!(sleepers(&engine, container.name()), 0);
}

#[test]
fn what_does_not_end_is_killed_without_a_shell_in_the_image() {
    let Some(engine) = TestEngine::require("what_does_not_end_is_killed_without_a_shell_in_the_image") else { return };
    let container = engine.make("run", "exec-bare", &["--detach"], "trueup-test/bare", &["sleep", "300"]);
    let check = exec(container.name(), &["sleep", "777"], None);
    let look = look(&check, &engine.sources(), Duration::from_secs(2));
    reason(&look, FailureClass::NoAnswer);
    assert_eq!(look.evidence.get("left running"), None);
    assert_eq!(sleepers(&engine, container.name()), 0);
}

#[test]
fn a_flood_of_output_ends_with_the_deadline() {
    let Some(engine) = TestEngine::require("a_flood_of_output_ends_with_the_deadline") else { return };
    let container = engine.run("exec-flood", &[], &["sleep", "300"]);
    let began = Instant::now();
    let look = look(&exec(container.name(), &["yes"], None), &engine.sources(), Duration::from_secs(2));
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    reason(&look, FailureClass::NoAnswer);
    assert_eq!(look.evidence.get("output"), Some("more than was read"));
}
