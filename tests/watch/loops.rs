//! Runs by the clock.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::program::{Project, Started};
use crate::{CONFIG, project};

/// Longest wait for something to happen. Far more than it needs.
const PATIENCE: Duration = Duration::from_secs(40);

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

fn runs(project: &Project) -> usize {
    std::fs::read_to_string(project.path("runs.log")).unwrap_or_default().lines().count()
}

pub fn signal(started: &Started<'_>, name: &str) {
    assert!(Command::new("kill").args([name, &started.id().to_string()]).status().unwrap().success());
}

#[test]
fn it_refreshes_again_and_again_and_stops_when_asked() {
    for stop in ["-TERM", "-INT"] {
        let project = project();
        let started = project.trueup(["watch", "--every", "200ms", "--jitter", "50ms"]).start();
        wait_until("the first run writes", || project.text("STATUS.md").contains("2 agents running"));
        // What it wrote itself is not committed, and no reason to leave it.
        project.write("agents/c.txt", "");
        wait_until("a later run writes", || project.text("STATUS.md").contains("3 agents running"));
        let sofar = runs(&project);
        wait_until("more runs", || runs(&project) >= sofar + 3);
        signal(&started, stop);
        let run = started.end();
        let out = run.exits(0).stdout();
        assert_eq!(out.matches("fixed STATUS.md: 1 claim").count(), 2, "{out}");
        assert!(out.contains("1 document: 0 claims drifted, 1 holds (exit code 0)"), "{out}");
        assert!(out.lines().all(|line| line.starts_with("20") && line.as_bytes()[19] == b'Z'), "{out}");
        // Whoever is content with what is young finds it.
        assert!(project.path(".trueup/snapshot.json").exists());
    }
}

#[test]
fn findings_are_said_once_and_nothing_is_written_by_a_check() {
    let project = project();
    let before = project.bytes("STATUS.md");
    let started = project.trueup(["watch", "--every", "150ms", "--check"]).start();
    wait_until("runs", || runs(&project) >= 4);
    signal(&started, "-TERM");
    let run = started.end();
    let out = run.exits(0).stdout();
    assert_eq!(out.matches("STATUS.md:3:1: count-drift claimed 3 agents running, measured 2").count(), 1, "{out}");
    assert!(out.matches("1 claim drifted (exit code 1)").count() >= 3, "{out}");
    assert_eq!(project.bytes("STATUS.md"), before);
}

#[test]
fn a_run_under_way_is_ended_by_its_rules() {
    let project = project();
    project.write("trueup.toml", CONFIG.replace("echo run", "touch begun; sleep 300; echo run"));
    let before = project.bytes("STATUS.md");
    for arguments in [&["watch", "--every", "1s"][..], &["watch", "--once"][..]] {
        std::fs::remove_file(project.path("begun")).ok();
        let mut started = project.trueup(arguments).start();
        started.wait_for("begun");
        signal(&started, "-TERM");
        // With nothing left behind, to which every run is held.
        started.end().exits(if arguments.contains(&"--once") { 130 } else { 0 });
        assert_eq!(project.bytes("STATUS.md"), before);
    }
}

#[test]
fn a_second_one_is_told_who_is_at_work() {
    let project = project();
    let started = project.trueup(["watch", "--every", "1h"]).start();
    wait_until("the first run", || project.text("STATUS.md").contains("2 agents"));
    let id = started.id();
    for arguments in ["watch --every 1h", "watch --once", "watch --once --check"] {
        let run = project.run(arguments);
        let told = format!("another `trueup watch` is at work here: process {id} since 20");
        assert!(run.exits(2).stderr().contains(&told), "{}", run.shown());
    }
    // Killed hard, it holds nothing any more.
    signal(&started, "-KILL");
    started.end();
    project.run("watch --once").exits(0);
}

#[test]
fn a_hangup_reads_the_configuration_again_and_a_wrong_one_changes_nothing() {
    let project = project();
    project.write("MORE.md", "7 helpers running.\n");
    let started = project.trueup(["watch", "--every", "150ms"]).start();
    wait_until("the first run", || project.text("STATUS.md").contains("2 agents"));
    project.write("trueup.toml", "docs = 7\n");
    // Not asked to, it does not read it.
    let sofar = runs(&project);
    wait_until("runs by the old one", || runs(&project) >= sofar + 2);
    signal(&started, "-HUP");
    let sofar = runs(&project);
    wait_until("runs by the old one still", || runs(&project) >= sofar + 3);
    project.write("trueup.toml", CONFIG.replace("\"agents\"]", "\"agents\", \"helpers\"]"));
    signal(&started, "-HUP");
    wait_until("the new one is obeyed", || project.text("MORE.md").contains("2 helpers running"));
    signal(&started, "-TERM");
    let run = started.end();
    let out = run.exits(0).stdout();
    assert!(out.contains("trueup.toml is wrong; going on with the one from before"), "{out}");
    assert!(out.contains("trueup.toml:1:8: invalid-configuration"), "{out}");
    assert!(out.contains("reloaded trueup.toml"), "{out}");
}

/// What is away is looked for less and less often, which is said once; and when it is back, that is said as well.
#[test]
fn what_is_away_is_looked_for_less_often() {
    let config = format!(
        "{CONFIG}[metric.tools]\nnames = [\"tools\"]\nfrom.file = {{ path = \"tools.json\", value = \"/n\" }}\n"
    );
    let project = project();
    project.write("trueup.toml", config);
    project.write("STATUS.md", "7 tools there.\n");
    let before = project.bytes("STATUS.md");
    let started = project.trueup(["watch", "--every", "100ms"]).start();
    // Without it, some 60 runs in this time.
    thread::sleep(Duration::from_secs(6));
    let seen = runs(&project);
    assert!((2..=9).contains(&seen), "{seen} runs");
    assert_eq!(project.bytes("STATUS.md"), before, "nothing is written from what nobody knows");
    project.write("tools.json", "{\"n\": 9}");
    wait_until("it is written once it is known", || project.text("STATUS.md").contains("9 tools"));
    let sofar = runs(&project);
    wait_until("as often as before", || runs(&project) >= sofar + 5);
    signal(&started, "-TERM");
    let run = started.end();
    let out = run.exits(0).stdout();
    assert_eq!((out.matches("Z away: ").count(), out.matches("Z back: ").count()), (1, 1), "{out}");
}

#[test]
fn a_cron_expression_says_when() {
    let project = project();
    let started = project.trueup(["watch", "--cron", "* * * * * *"]).start();
    wait_until("two runs", || runs(&project) >= 2);
    signal(&started, "-TERM");
    started.end().exits(0);
    for (arguments, told) in [
        (&["watch", "--cron", "often"][..], "expected five fields"),
        (&["watch", "--cron", "0 0 30 2 *"], "never comes"),
        (&["watch", "--every", "0s"], "expected more than 0 s"),
        (&["watch", "--every", "1m", "--jitter", "2m"], "is not less than `--every 1m`"),
        (&["watch", "--cron", "@hourly", "--jitter", "61m"], "is more than an hour"),
        (&["watch", "--every", "1m", "--cron", "@hourly"], "cannot be used with"),
        (&["watch"], "required arguments were not provided"),
        (&["watch", "--once", "--check", "--commit"], "cannot be used with"),
    ] {
        let run = project.trueup(arguments).run();
        assert!(run.exits(2).stderr().contains(told), "{}", run.shown());
    }
}

#[test]
fn once_ends_like_the_run() {
    let project = project();
    let run = project.run("watch --once --check");
    assert!(
        run.exits(1).stdout().contains("error[count-drift]: claimed 3 agents running, measured 2"),
        "{}",
        run.shown()
    );
    // For schedulers that say how often as well.
    let run = project.run("watch --once --every 5m");
    assert!(run.exits(0).stdout().starts_with("fixed STATUS.md: 1 claim\n"), "{}", run.shown());
    let run = project.run("watch --once");
    assert!(run.exits(0).stdout().starts_with("1 document: 0 claims drifted"), "{}", run.shown());
    project.write("trueup.toml", "docs = 7\n");
    assert!(project.run("watch --once").exits(2).stdout().contains("invalid-configuration"));
}
