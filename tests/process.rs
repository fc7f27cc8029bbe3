//! The process room and the command check: programs that end well, badly, late and not at all, and nothing left of them.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::Trace;
use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::classify::Exit;
use trueup::measure::discover::Handle;
use trueup::measure::measurement::{Outcome, UnmeasuredCause};
use trueup::measure::probe::{Context, Look, look};
use trueup::measure::process::{Finished, Program, SpawnFault, Stdin, run, start};
use trueup::measure::request::{Check, CommandCheck};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

/// Runs a shell text for `time` at most, and sees that nothing is left of it.
async fn shell(text: &str, time: Duration) -> (Finished, Duration) {
    let trace = Trace::new();
    let argv = ["sh", "-c", text].map(str::to_owned);
    let env = trace.env();
    let program = Program { argv: &argv, env: &env, cwd: Path::new("/") };
    let began = Instant::now();
    let finished = run(&program, 1 << 16, began + time).await.unwrap();
    let took = began.elapsed();
    trace.assert_nothing_left(text);
    (finished, took)
}

const AMPLE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn what_a_program_wrote_and_how_it_ended() {
    let (finished, _) = shell("echo out; echo err >&2; exit 3", AMPLE).await;
    assert_eq!(finished.exit, Some(Exit::Code(3)));
    assert_eq!((finished.stdout.text().as_str(), finished.stderr.text().as_str()), ("out\n", "err\n"));
    let (finished, _) = shell("kill -SEGV $$", AMPLE).await;
    assert_eq!(finished.exit, Some(Exit::Signal(11)));
}

#[tokio::test]
async fn output_beyond_the_limit_is_read_and_counted() {
    let (finished, took) =
        shell("head -c 100000000 /dev/zero; head -c 1000000 /dev/zero >&2; echo end >&2", AMPLE).await;
    assert_eq!(finished.exit, Some(Exit::Code(0)));
    assert_eq!(finished.stdout.total(), 100_000_000);
    assert_eq!(finished.stdout.left_out(), 100_000_000 - (1 << 16));
    assert!(finished.stderr.text().ends_with("end\n"));
    assert!(took < AMPLE);
}

#[tokio::test]
async fn a_program_has_no_input_and_no_terminal() {
    let (finished, _) = shell("cat; if (: </dev/tty) 2>/dev/null; then echo terminal; fi; echo over", AMPLE).await;
    assert_eq!(finished.stdout.text(), "over\n");
}

#[tokio::test]
async fn what_runs_on_is_killed_with_all_it_started() {
    let time = Duration::from_millis(400);
    let texts = [
        "exec sleep 1000",
        "sleep 1000 & sleep 1000 & wait",
        "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & while :; do sleep 1; done",
        "setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1; done' & exec sleep 1000",
        "setsid setsid setsid sleep 1000 & setsid sh -c 'while :; do sleep 0.05; done' & exec sleep 1000",
        // Stopped, it does not even notice SIGTERM.
        "kill -STOP $$",
    ];
    for text in texts {
        let (finished, took) = shell(text, time).await;
        assert_eq!(finished.exit, None, "{text}");
        assert!(took >= time && took < time + Duration::from_millis(1200), "{text}: {took:?}");
    }
}

#[tokio::test]
async fn what_a_program_left_behind_is_ended_and_nobody_waits_for_its_pipes() {
    for text in ["sleep 1000 & echo done", "setsid sleep 1000 & sleep 0.3; echo done", "(sleep 1000 &) ; echo done"] {
        let (finished, took) = shell(text, AMPLE).await;
        assert_eq!(finished.exit, Some(Exit::Code(0)), "{text}");
        assert_eq!(finished.stdout.text(), "done\n", "{text}");
        assert!(took < Duration::from_secs(2), "{text}: {took:?}");
        assert_eq!(finished.escaped, usize::from(text.starts_with("setsid")), "{text}");
    }
}

#[tokio::test]
async fn a_pipe_that_a_stranger_holds_keeps_nobody_waiting() {
    // Without its environment it cannot be found: it must not hold us up all the same, and ends by itself.
    let (finished, took) = shell("setsid env -i /bin/sleep 2 & echo done", AMPLE).await;
    assert_eq!(finished.stdout.text(), "done\n");
    assert!(took < Duration::from_millis(1500), "{took:?}");
}

#[tokio::test]
async fn a_cancelled_run_leaves_nothing() {
    for text in ["trap '' TERM; sleep 1000 & while :; do sleep 1; done", "setsid sleep 1000 & exec sleep 1000"] {
        let trace = Trace::new();
        let argv = ["sh", "-c", text].map(str::to_owned);
        let env = trace.env();
        let program = Program { argv: &argv, env: &env, cwd: Path::new("/") };
        let running = run(&program, 0, Instant::now() + AMPLE);
        assert!(tokio::time::timeout(Duration::from_millis(200), running).await.is_err(), "{text}");
        trace.assert_nothing_left(text);
    }
}

#[tokio::test]
async fn a_child_that_ends_with_its_input_ends_by_itself() {
    let argv = ["cat".to_owned()];
    let program = Program { argv: &argv, env: &BTreeMap::new(), cwd: Path::new("/") };
    let ended = start(&program, Stdin::Pipe).unwrap().end(AMPLE).await;
    assert_eq!((ended.exit, ended.by_itself), (Some(Exit::Code(0)), true));
    let argv = ["sleep".to_owned(), "1000".to_owned()];
    let program = Program { argv: &argv, ..program };
    let ended = start(&program, Stdin::Pipe).unwrap().end(Duration::from_millis(50)).await;
    assert_eq!((ended.exit, ended.by_itself), (Some(Exit::Signal(15)), false));
}

#[tokio::test]
async fn a_missing_folder_is_not_a_missing_program() {
    let argv = ["true".to_owned()];
    let program = Program { argv: &argv, env: &BTreeMap::new(), cwd: Path::new("/nowhere") };
    let fault = start(&program, Stdin::Null).unwrap_err();
    assert_eq!(fault, SpawnFault::MissingFolder { folder: PathBuf::from("/nowhere") });
    let argv = ["./nothing".to_owned()];
    let program = Program { argv: &argv, env: &BTreeMap::new(), cwd: Path::new("/") };
    let fault = start(&program, Stdin::Null).unwrap_err();
    assert_eq!(fault, SpawnFault::NotFound { program: "./nothing".to_owned(), searched: false });
}

/// A command check of a shell text.
fn check(text: &str) -> CommandCheck {
    CommandCheck::new(["sh", "-c", text].map(str::to_owned).to_vec(), "/")
}

async fn look_at(check: CommandCheck, time: Duration, run_ends: bool) -> Look {
    let deadline = Instant::now() + time;
    let sources = if run_ends { Sources::new(true).until(deadline) } else { Sources::new(true) };
    let look = look(&Check::Command(check), Context { handle: &Handle::Named, sources: &sources, deadline }).await;
    assert!(Instant::now() < deadline + Duration::from_millis(300), "late");
    look
}

#[track_caller]
fn assert_failed(look: &Look, class: FailureClass, reason: &str) {
    let Outcome::Failed(failure) = &look.outcome else { panic!("{look:#?}") };
    assert_eq!((failure.class, look.rung, look.proved), (class, Rung::Functional, None), "{look:#?}");
    assert!(failure.reason.contains(reason), "{:?} lacks {reason:?}", failure.reason);
}

#[tokio::test]
async fn a_command_that_ends_as_expected_works() {
    let look = look_at(check("echo 3 passed"), AMPLE, false).await;
    assert_eq!(look.proved, Some(Rung::Functional));
    let with_output = CommandCheck { stdout: Some("[0-9]+ passed".to_owned()), ..check("echo 3 passed") };
    assert_eq!(look_at(with_output, AMPLE, false).await.proved, Some(Rung::Functional));
    let with_code = CommandCheck { exit_codes: vec![0, 4], ..check("exit 4") };
    assert_eq!(look_at(with_code, AMPLE, false).await.proved, Some(Rung::Functional));
}

#[tokio::test]
async fn a_command_that_fails_is_down_with_its_class() {
    use FailureClass::*;
    let cases = [
        (check("echo 'fatal: no disk' >&2; exit 2"), Exited, "exit 2: fatal: no disk"),
        (check("no-such-program-anywhere"), SpawnNotFound, "exit 127"),
        (check("kill -9 $$"), Killed, "SIGKILL"),
        (CommandCheck { exit_codes: vec![1], ..check("true") }, WrongAnswer, "(expected exit 1)"),
        (
            CommandCheck { stdout: Some("passed".to_owned()), ..check("echo none") },
            WrongAnswer,
            "does not match `passed`: `none`",
        ),
        (CommandCheck { stdout: Some("passed".to_owned()), ..check("true") }, WrongAnswer, "there is none"),
        (
            CommandCheck { argv: vec!["/nowhere/x".to_owned()], ..check("") },
            SpawnNotFound,
            "`/nowhere/x` does not exist",
        ),
        (CommandCheck { cwd: PathBuf::from("/nowhere"), ..check("true") }, Configuration, "the folder `/nowhere`"),
    ];
    for (check, class, reason) in cases {
        assert_failed(&look_at(check, AMPLE, false).await, class, reason);
    }
}

#[tokio::test]
async fn its_own_timeout_fails_a_command_and_the_end_of_the_run_does_not() {
    let second = Duration::from_secs(1);
    let look = look_at(check("exec sleep 1000"), second, false).await;
    assert_failed(&look, FailureClass::NoAnswer, "still running after 0.9 s, killed");
    assert!(look.transient);
    let look = look_at(check("exec sleep 1000"), second, true).await;
    let Outcome::Unmeasured(unmeasured) = &look.outcome else { panic!("{look:#?}") };
    assert_eq!(unmeasured.cause, UnmeasuredCause::TimedOut);
}

#[tokio::test]
async fn a_command_gets_of_the_environment_what_is_listed() {
    let names = std::env::vars().map(|(name, _)| name).collect::<Vec<_>>();
    assert!(names.iter().any(|name| name == "PATH") && names.len() > 2, "{names:?}");
    let printed = |env: Option<Vec<String>>, expected: &str| CommandCheck {
        env,
        stdout: Some(expected.to_owned()),
        ..check(
            "env | sed 's/=.*//' | grep -vE '^(PWD|SHLVL|OLDPWD|_|TRUEUP_PROBE|TRUEUP_DEPTH)$' | sort | tr '\\n' ' '",
        )
    };
    let passes = |check| async { look_at(check, AMPLE, false).await.proved == Some(Rung::Functional) };
    assert!(passes(printed(Some(Vec::new()), "^PATH $")).await);
    let other =
        names.iter().find(|name| !name.starts_with("PATH") && name.chars().all(|c| c.is_ascii_uppercase())).unwrap();
    let both = [other.as_str(), "PATH"].map(str::to_owned);
    let mut sorted = both.clone();
    sorted.sort();
    assert!(passes(printed(Some(vec![other.clone()]), &format!("^{} $", sorted.join(" ")))).await);
    assert!(passes(printed(Some(vec!["NOT_SET_ANYWHERE".to_owned()]), "^PATH $")).await);
    assert!(passes(printed(None, other)).await);
}

#[tokio::test]
async fn what_a_command_writes_is_held_against_what_is_expected() {
    use FailureClass::WrongAnswer;
    let json = |pointer: &str, value: serde_json::Value| CommandCheck {
        json: vec![(pointer.to_owned(), value)],
        ..check("echo '{\"status\":\"ok\",\"count\":[1,2]}'")
    };
    let lines = |text: &str, min_lines, max_lines| CommandCheck { min_lines, max_lines, ..check(text) };
    for check in [
        json("/status", "ok".into()),
        json("/count/1", 2.0.into()),
        lines("seq 3", Some(3), Some(3)),
        lines("true", None, Some(0)),
        lines("printf 'a\\nb'", Some(2), None),
    ] {
        assert_eq!(look_at(check, AMPLE, false).await.proved, Some(Rung::Functional));
    }
    for (check, reason) in [
        (json("/status", "down".into()), "`/status` is \"ok\", expected \"down\""),
        (json("/gone", 1.into()), "the output has no `/gone`, expected 1"),
        (
            CommandCheck { json: vec![(String::new(), 1.into())], ..check("echo no json") },
            "the output is no JSON (expected",
        ),
        (lines("seq 3", Some(4), None), "3 lines of output, expected at least 4"),
        (lines("seq 3", None, Some(2)), "3 lines of output, expected at most 2"),
    ] {
        assert_failed(&look_at(check, AMPLE, false).await, WrongAnswer, reason);
    }
    // Beyond what is read nobody knows; what is read can be enough.
    let long = "head -c 3000000 /dev/zero | tr '\\0' 'x'; echo; seq 5";
    let unreadable = [
        CommandCheck { stdout: Some("late".to_owned()), ..check(long) },
        CommandCheck { json: vec![("/a".to_owned(), 1.into())], ..check(long) },
        lines(long, Some(5), None),
    ];
    for check in unreadable.into_iter().chain([CommandCheck { stdout: Some("(".to_owned()), ..check("true") }]) {
        let seen = look_at(check, AMPLE, false).await;
        let Outcome::Unmeasured(why) = &seen.outcome else { panic!("{seen:#?}") };
        assert_eq!(why.cause, UnmeasuredCause::Unreadable);
    }
    let found = CommandCheck { stdout: Some("^x".to_owned()), ..check(long) };
    assert_eq!(look_at(found, AMPLE, false).await.proved, Some(Rung::Functional));
}
