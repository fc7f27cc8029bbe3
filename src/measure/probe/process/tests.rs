//! Each row of the two tables, from processes and units that are made up.

use std::fs;

use super::*;
use crate::measure::measurement::{Outcome, Unmeasured};

fn seen(number: u32, name: &str, state: State, started: u64) -> Seen {
    Seen { number, name: name.to_owned(), aliases: vec![name.to_owned()], state, started }
}

fn table(processes: Vec<Seen>) -> Table {
    Table { processes, sees_own: true, sees_others: true }
}

#[track_caller]
fn failure(look: &Look) -> (FailureClass, &str) {
    match &look.outcome {
        Outcome::Failed(failure) => (failure.class, &failure.reason),
        other => panic!("expected a failure: {other:?}"),
    }
}

#[track_caller]
fn unmeasured(look: &Look) -> &Unmeasured {
    match &look.outcome {
        Outcome::Unmeasured(unmeasured) => unmeasured,
        other => panic!("expected not to be able to look: {other:?}"),
    }
}

#[test]
fn of_several_one_must_run() {
    let table = table(vec![
        seen(1, "init", State::Runs, 0),
        seen(7, "web", State::Zombie, 5),
        seen(8, "web", State::Runs, 5),
        seen(9, "web", State::Runs, 5),
        seen(10, "cron", State::Zombie, 5),
        seen(11, "batch", State::Stopped, 5),
    ]);
    let look = |name| by_name(name, &table);
    assert!(matches!(&look("web").outcome, Outcome::Passed { summary } if summary == "process 8 and 1 more"));
    assert_eq!(failure(&look("gone")), (FailureClass::Missing, "no process is called `gone`"));
    assert!(look("gone").transient);
    assert_eq!(failure(&look("cron")).0, FailureClass::Exited);
    assert_eq!(failure(&look("batch")), (FailureClass::Paused, "process 11 is stopped by a signal"));
}

#[test]
fn what_is_hidden_is_not_told_as_missing() {
    let hidden = Table { processes: vec![seen(8, "own", State::Runs, 5)], sees_own: true, sees_others: false };
    assert_eq!(unmeasured(&by_name("web", &hidden)).cause, UnmeasuredCause::PermissionDenied);
    assert!(matches!(by_name("own", &hidden).outcome, Outcome::Passed { .. }));
    assert_eq!(unmeasured(&by_name("web", &Table::default())).cause, UnmeasuredCause::SourceAway);
}

#[test]
fn a_name_is_that_of_the_program_or_the_one_it_gave_itself() {
    let long = Seen { name: "prometheus-aler".to_owned(), ..seen(3, "", State::Runs, 0) };
    let long =
        Seen { name: "prometheus-aler"[..15].to_owned(), aliases: vec!["prometheus-alertmanager".to_owned()], ..long };
    assert!(long.is_called("prometheus-alertmanager") && !long.is_called("prometheus-alerting"));
    let script = Seen { aliases: vec!["python3.11".to_owned()], ..seen(4, "supervisord", State::Runs, 0) };
    assert!(script.is_called("supervisord") && script.is_called("python3.11") && !script.is_called("python"));
    let bare = Seen { aliases: Vec::new(), ..seen(5, "a-very-long-nam", State::Runs, 0) };
    assert!(bare.is_called("a-very-long-name") && !bare.is_called("a-very-long"));
}

#[test]
fn a_file_with_a_number_is_held_against_the_process_of_that_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.pid");
    let look = |text: &str, name: Option<&str>, started: u64| {
        fs::write(&path, text).unwrap();
        let written = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1000);
        fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
        by_file(&path, name, &table(vec![seen(1, "init", State::Runs, 0), seen(70, "web", State::Runs, started)]))
    };
    assert!(matches!(look("70\n", None, 999).outcome, Outcome::Passed { .. }));
    assert!(matches!(look(" 70 \nmore\n", Some("web"), 1002).outcome, Outcome::Passed { .. }));
    let stale = look("71\n", None, 999);
    assert_eq!((failure(&stale).0, stale.transient), (FailureClass::Exited, true));
    assert!(failure(&stale).1.ends_with("is stale: it says 71, and there is no such process"), "{stale:?}");
    let given = look("70\n", None, 1100);
    assert_eq!(failure(&given).0, FailureClass::Exited);
    assert!(failure(&given).1.contains("process 70 (`web`) started 100 s after the file was written"), "{given:?}");
    // The clock was set, and the name says that it is the same.
    assert!(matches!(look("70\n", Some("web"), 1100).outcome, Outcome::Passed { .. }));
    let other = look("70\n", Some("api"), 999);
    assert_eq!(failure(&other).0, FailureClass::WrongAnswer);
    for text in ["", "x\n", "0\n", "-3\n"] {
        assert_eq!(unmeasured(&look(text, None, 0)).cause, UnmeasuredCause::Unreadable, "{text:?}");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(failure(&by_file(&path, None, &table(Vec::new()))).0, FailureClass::Missing);
    assert_eq!(unmeasured(&by_file(folder.path(), None, &table(Vec::new()))).cause, UnmeasuredCause::Unreadable);
}

#[test]
fn a_unit_is_what_systemd_says_of_it() {
    let shown = |load: &str, active: &str, sub: &str, rest: &str| {
        unit::judge("web.service", &format!("LoadState={load}\nActiveState={active}\nSubState={sub}\n{rest}"))
    };
    for (active, sub) in [("active", "running"), ("active", "exited"), ("reloading", "reload")] {
        let look = shown("loaded", active, sub, "MainPID=70\n");
        assert!(matches!(&look.outcome, Outcome::Passed { .. }), "{look:?}");
    }
    for (load, active, sub, class) in [
        ("loaded", "failed", "failed", FailureClass::Exited),
        ("loaded", "activating", "auto-restart", FailureClass::RestartLoop),
        ("loaded", "inactive", "dead", FailureClass::NotStarted),
        ("loaded", "deactivating", "stop-sigterm", FailureClass::NotStarted),
        ("not-found", "inactive", "dead", FailureClass::Missing),
        ("masked", "inactive", "dead", FailureClass::Configuration),
        ("bad-setting", "inactive", "dead", FailureClass::Configuration),
    ] {
        let look = shown(load, active, sub, "Result=exit-code\nExecMainStatus=3\nNRestarts=14\n");
        assert_eq!(failure(&look).0, class, "{load} {active} {sub}");
    }
    let failed = shown("loaded", "failed", "failed", "Result=exit-code\nExecMainStatus=3\n");
    assert_eq!(failure(&failed).1, "`web.service` is failed (failed): exit-code, exit 3");
    let early = shown("loaded", "activating", "start", "");
    assert_eq!(unmeasured(&early).cause, UnmeasuredCause::TooEarly);
    assert_eq!(unmeasured(&unit::judge("web.service", "")).cause, UnmeasuredCause::Unreadable);
}
