//! Ends that come early: readers who leave, signals, deadlines.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::program::{Project, Started};
use crate::{NO_ENGINE, project_with_boxes};

/// A group of one program that says that it runs, by a file, and then does not end. It has children of its own; one of
/// them leaves its session.
const SLOW: &str = r#"[run]
deadline = "5m"
timeout = "4m"
[group.slow]
names = ["services"]
[group.slow.target.sleeper]
check.command = { command = ["sh", "-c", "setsid sleep 301 & sleep 302 & echo > x; mv x started; sleep 300"] }
[group.slow.target.server]
check.mcp = { command = ["sh", "-c", "sleep 304 & sleep 303"] }
"#;

fn slow() -> Project {
    let section = "<!-- trueup:begin status-table group=slow -->\n<!-- trueup:end -->\n";
    Project::new().with("trueup.toml", SLOW).with("D.md", format!("All services operational.\n\n{section}"))
}

fn send(run: &Started, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(run.id()).unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn a_signal_ends_the_run_and_all_that_it_started() {
    for signal in [Signal::INT, Signal::TERM] {
        for command in ["check", "fix", "probe"] {
            let project = slow();
            let document = if command == "probe" { "." } else { "D.md" };
            let mut run = project.trueup([command, document]).start();
            run.wait_for("started");
            let before = project.state();
            let sent = std::time::Instant::now();
            send(&run, signal);
            // That no process is left is asserted of every run.
            let run = run.end();
            assert!(sent.elapsed() < Duration::from_secs(20), "{command} took {:?} to end", sent.elapsed());
            run.exits(130);
            assert_eq!(run.stdout(), "", "{}", run.shown());
            assert_eq!(project.state(), before, "{command} left a file");
        }
    }
}

#[test]
fn the_deadline_of_the_run_ends_it_and_what_it_did_not_see_is_unknown() {
    let project = slow();
    project.write("trueup.toml", SLOW.replace("deadline = \"5m\"", "deadline = \"1s\""));
    let before = project.bytes("D.md");
    let run = project.trueup(["fix", "D.md"]).within(Duration::from_secs(40)).run();
    run.exits(3);
    assert_eq!(run.stdout().matches("[unmeasured-source]").count(), 1, "{}", run.shown());
    assert!(run.stdout().contains("the run's deadline"), "{}", run.shown());
    assert!(!run.stdout().contains("no-answer"), "{}", run.shown());
    assert_eq!(project.bytes("D.md"), before);
}

#[test]
fn the_timeout_of_a_check_is_an_answer() {
    let project = slow();
    project.write("trueup.toml", SLOW.replace("timeout = \"4m\"", "timeout = \"1s\""));
    let run = project.trueup(["check", "D.md"]).within(Duration::from_secs(40)).run();
    assert!(run.exits(1).stdout().contains("no-answer"), "{}", run.shown());
}

#[test]
#[cfg(target_os = "linux")]
fn output_that_cannot_be_written_is_told() {
    let project = project_with_boxes("All gateways operational.\n");
    for arguments in ["check STATUS.md", "check STATUS.md --format json", "claims STATUS.md", "probe"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let run = project.trueup(arguments.split_whitespace()).env("DOCKER_HOST", NO_ENGINE).stdout(full).run();
        assert!(run.exits(2).stderr().starts_with("error: "), "{}", run.shown());
    }
}

#[test]
fn a_reader_who_leaves_is_no_fault() {
    let project = project_with_boxes("All gateways operational.\n");
    for (arguments, code) in [
        ("check STATUS.md", 1),
        ("check STATUS.md --format json", 1),
        ("check STATUS.md --diff", 1),
        ("claims STATUS.md", 0),
        ("probe", 3),
        ("probe --format json", 3),
        ("--help", 0),
        ("check --help", 0),
    ] {
        let run = project.trueup(arguments.split_whitespace()).env("DOCKER_HOST", NO_ENGINE).run_into_a_closed_pipe();
        assert_eq!((run.code, run.stderr()), (Some(code), ""), "{arguments}");
    }
}
