//! Judging from snapshots: of another time, of another machine, of several, of another trueup.toml, and damaged ones.

use serde_json::{Value, json};

use crate::support::program::Project;

/// A look at anything leaves a trace: a line in `looked`.
const CONFIG: &str = r#"docs = ["STATUS.md"]
[group.workers]
names = ["services"]
check.command = { command = ["sh", "-c", "echo >> looked"] }
[group.workers.target.fetch]
[group.workers.target.store]
[metric.tests]
names = ["tests"]
from.command = { command = ["sh", "-c", "echo >> looked; echo 12"] }
"#;

const STATUS: &str = "All services operational.\n\nThere are 12 tests.\n";

fn project() -> Project {
    Project::new().with("trueup.toml", CONFIG).with("STATUS.md", STATUS)
}

/// How often anything was looked at.
fn looks(project: &Project) -> usize {
    std::fs::read_to_string(project.path("looked")).map_or(0, |text| text.lines().count())
}

/// The project with the snapshot `s.json` of itself, and no trace of how it was taken.
fn recorded() -> Project {
    let project = project();
    project.run("probe -o s.json").exits(0);
    assert_eq!(looks(&project), 2, "a check of two targets is made once");
    std::fs::remove_file(project.path("looked")).unwrap();
    project
}

fn snapshot(project: &Project, name: &str) -> Value {
    serde_json::from_slice(&project.bytes(name)).unwrap()
}

/// Writes the snapshot `s.json` under another name, with a change.
fn changed(project: &Project, name: &str, change: impl FnOnce(&mut Value)) {
    let mut snapshot = snapshot(project, "s.json");
    change(&mut snapshot);
    project.write(name, snapshot.to_string());
}

fn ago(hours: i64) -> Value {
    json!((jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours)).to_string())
}

fn fail(target: &mut Value) {
    target["checks"][0]["outcome"] = json!({ "outcome": "failed", "class": "exited", "reason": "exit 3" });
    target["checks"][0]["proved"] = Value::Null;
}

#[test]
fn a_snapshot_says_where_and_of_what_it_was_taken() {
    let project = recorded();
    let snapshot = snapshot(&project, "s.json");
    let about = &snapshot["about"];
    assert_eq!(about["trueup"], env!("CARGO_PKG_VERSION"));
    assert_eq!(about["commit"], Value::Null, "there is no repository");
    let definitions = about["definitions"].as_object().unwrap();
    assert_eq!(definitions.keys().collect::<Vec<_>>(), ["group.workers", "metric.tests"]);
}

#[test]
fn judging_from_a_snapshot_looks_at_nothing() {
    let project = recorded();
    let before = project.state();
    for command in ["check --snapshot s.json", "check --snapshot s.json --max-age 1h", "fix --snapshot s.json"] {
        let run = project.run(command);
        run.exits(0);
        assert_eq!(run.stderr(), "", "{command}");
    }
    // Without git, a shell or an engine in reach it is the same.
    project.trueup(["check", "--snapshot", "s.json"]).env("PATH", "/nonexistent").run().exits(0);
    assert_eq!(project.state(), before);
    changed(&project, "down.json", |snapshot| fail(&mut snapshot["groups"][0]["targets"][1]));
    let run = project.run("check --snapshot down.json");
    assert!(run.exits(1).stdout().contains("exit 3"), "{}", run.shown());
    assert_eq!(looks(&project), 0);
}

#[test]
fn one_that_is_too_old_is_unmeasured_and_never_drift() {
    let project = recorded();
    changed(&project, "old.json", |snapshot| {
        snapshot["taken_at"] = ago(2);
        fail(&mut snapshot["groups"][0]["targets"][1]);
    });
    let run = project.run("check --snapshot old.json --max-age 1h");
    let shown = run.exits(3).stdout();
    assert!(shown.contains("`snapshot old.json` says is too old to count"), "{shown}");
    assert!(shown.contains("was taken 2h ago") && shown.contains("1h may pass at most"), "{shown}");
    project.run("check --snapshot old.json --max-age 3h").exits(1);
    project.run("check --snapshot old.json").exits(1);
    changed(&project, "ahead.json", |snapshot| snapshot["taken_at"] = ago(-2));
    let run = project.run("check --snapshot ahead.json --max-age 1h");
    assert!(run.exits(3).stdout().contains("ahead of this machine's clock"), "{}", run.shown());
    assert_eq!(looks(&project), 0);
}

#[test]
fn several_are_put_together() {
    let project = recorded();
    changed(&project, "a.json", |snapshot| {
        snapshot["about"]["host"] = json!("web-1");
        snapshot["groups"][0]["targets"].as_array_mut().unwrap().remove(1);
        snapshot["metrics"] = json!([]);
    });
    changed(&project, "b.json", |snapshot| {
        snapshot["about"]["host"] = json!("web-2");
        snapshot["groups"][0]["targets"].as_array_mut().unwrap().remove(0);
    });
    project.run("check --snapshot a.json --snapshot b.json").exits(0);
    // The same target in both, with the same answer, is fine; in other words or not.
    changed(&project, "c.json", |snapshot| {
        snapshot["groups"][0]["targets"][0]["checks"][0]["took_ms"] = json!(99);
    });
    project.run("check --snapshot a.json --snapshot b.json --snapshot c.json").exits(0);
    // One that could not look is no contradiction.
    let away = json!({ "outcome": "unmeasured", "cause": "timed-out", "detail": "late", "source": "here" });
    changed(&project, "away.json", |snapshot| {
        for target in snapshot["groups"][0]["targets"].as_array_mut().unwrap() {
            target["checks"][0]["outcome"] = away.clone();
            target["checks"][0]["proved"] = Value::Null;
        }
        snapshot["metrics"][0]["outcome"] = away;
    });
    for order in [["s.json", "away.json"], ["away.json", "s.json"]] {
        project.trueup(["check", "--snapshot", order[0], "--snapshot", order[1]]).run().exits(0);
    }
    // What no machine recorded is unknown, and not down.
    let run = project.run("check --snapshot a.json");
    assert!(run.exits(3).stdout().contains("there is no metric `tests` in `a.json`"), "{}", run.shown());
    assert!(run.stdout().contains("there is no target `workers/store` in `a.json`"), "{}", run.shown());
    assert_eq!(looks(&project), 0);
}

#[test]
fn those_that_contradict_each_other_are_a_fault() {
    let project = recorded();
    changed(&project, "other.json", |snapshot| {
        snapshot["about"]["host"] = json!("web-2");
        fail(&mut snapshot["groups"][0]["targets"][1]);
        snapshot["metrics"][0]["outcome"]["value"] = json!(13);
    });
    let run = project.run("check --snapshot s.json --snapshot other.json");
    let shown = run.exits(2).stdout();
    for expected in [
        "error[clashing-snapshots]: `s.json` and `other.json` contradict each other about `workers/store`",
        "about `tests`; expected one answer",
        "other.json (on web-2, ",
        "down (command: exit 3)",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
}

#[test]
fn one_of_another_configuration_is_named_and_what_changed_is_unknown() {
    let project = recorded();
    let other = CONFIG.replace("echo 12", "echo 13").replace("[group.workers", "[group.hands");
    project.write("trueup.toml", other);
    let run = project.run("check --snapshot s.json");
    let shown = run.exits(3).stdout();
    for expected in [
        "warning[foreign-snapshot]: `s.json` was taken with another trueup.toml",
        "not in this trueup.toml: `group.workers`",
        "defined otherwise by now, so not measured: `metric.tests`",
        "there is no group `hands` in `s.json`",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    // Other names, another order, other comments: the same measurements.
    project
        .write("trueup.toml", CONFIG.replace("names = [\"tests\"]", "# comment\nnames = [\"tests\", \"unit tests\"]"));
    project.run("check --snapshot s.json").exits(0);
    assert_eq!(looks(&project), 0);
}

#[test]
fn what_is_no_snapshot_is_refused_with_its_place() {
    let project = recorded();
    let whole = project.text("s.json");
    project.write("cut.json", &whole[..whole.len() / 2]);
    project.write("other.json", "{\"schema_version\": 7}");
    project.write("text.json", "not JSON\n");
    project.write("bytes.json", b"\xff\xfe");
    for (name, expected) in [
        ("cut.json", "`cut.json` is no snapshot: EOF while parsing"),
        ("other.json", "`other.json` is a snapshot of version 7; expected version 1"),
        ("text.json", "--> text.json:1:2"),
        ("bytes.json", "`bytes.json` is not UTF-8"),
        ("gone.json", "`gone.json` is not there; expected a snapshot"),
        (".", "`.` is a folder; expected a snapshot"),
    ] {
        for command in ["check", "fix", "claims"] {
            let run = project.trueup([command, "--snapshot", name]).run();
            run.exits(2);
            assert!(run.shown().contains(expected), "{}", run.shown());
        }
    }
    assert_eq!(looks(&project), 0);
}

#[test]
fn the_last_measurements_are_used_again_while_they_are_young() {
    let project = project();
    for _ in 0..3 {
        project.run("check --max-age 1h").exits(0);
    }
    assert_eq!(looks(&project), 2);
    assert_eq!(project.text(".trueup/.gitignore"), "*\n");
    project.run("check").exits(0);
    assert_eq!(looks(&project), 4, "without a bound everything is measured");
    let mut old = snapshot(&project, ".trueup/snapshot.json");
    old["taken_at"] = ago(2);
    project.write(".trueup/snapshot.json", old.to_string());
    project.run("check --max-age 1h").exits(0);
    assert_eq!(looks(&project), 6, "it was too old");
    project.write(".trueup/snapshot.json", "{");
    project.run("check --max-age 1h").exits(0);
    assert_eq!(looks(&project), 8, "it was damaged");
    project.write("trueup.toml", CONFIG.replace("echo 12", "echo 12;"));
    project.run("check --max-age 1h").exits(0);
    assert_eq!(looks(&project), 10, "it was of another configuration");
}

#[test]
fn what_could_not_be_measured_is_not_kept_as_an_answer() {
    let project = project();
    project.run("check --max-age 1h --no-exec").exits(3);
    assert!(!project.path(".trueup").exists());
    project.write("trueup.toml", CONFIG.replace("echo 12", "echo none"));
    project.run("check --max-age 1h").exits(3);
    project.run("check --max-age 1h").exits(3);
    assert_eq!(looks(&project), 4);
}

#[test]
fn claims_are_bound_to_targets_that_a_snapshot_has() {
    let config = "[group.boxes]\nnames = [\"boxes\"]\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n";
    let servers = r#"{"mcpServers": {"courier": {"command": "false"}}}"#;
    let project = Project::new().with("trueup.toml", config).with(".mcp.json", servers);
    project.write("STATUS.md", "- **courier**: operational\n");
    project.run("probe -o s.json");
    let live = project.run("claims --bound STATUS.md");
    assert!(live.stdout().contains("found when measuring"), "{}", live.shown());
    let run = project.run("claims --snapshot s.json STATUS.md");
    assert!(run.exits(0).stdout().contains("boxes/courier"), "{}", run.shown());
}
