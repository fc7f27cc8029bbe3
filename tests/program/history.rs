//! The history of a project: what `probe --history` keeps, and what reports make of it.

use std::fs;

use insta::assert_snapshot;

use crate::support::program::{Project, redacted};

const CONFIG: &str = r#"[group.workers]
names = ["workers"]
[group.workers.target.fetch]
check.file = { path = "fetch.pid" }
[group.workers.target.store]
check.file = { path = "store.pid" }
check.command = { command = ["sh", "-c", "cat log >&2"] }

[metric.pages]
from.file = { count = "pages/*.md" }

[text.secret]
command = ["sh", "-c", "echo swordfish"]
"#;

fn project() -> Project {
    Project::new().with("trueup.toml", CONFIG).with("fetch.pid", "1").with("store.pid", "2").with("log", "swordfish")
}

/// Four runs: all is well, a page comes to be, one worker goes, it comes back.
fn after_four_runs() -> Project {
    let project = project().with("pages/one.md", "");
    project.run("probe --history").exits(0);
    project.write("pages/two.md", "");
    project.run("probe --history").exits(0);
    fs::remove_file(project.path("store.pid")).unwrap();
    project.run("probe --history --format json -o seen.json").exits(0);
    project.write("store.pid", "3");
    project.run("probe --history").exits(0);
    project
}

#[test]
fn runs_that_were_kept_are_shown_one_under_the_other() {
    let project = after_four_runs();
    let shown = |arguments: &str| redacted(project.run(arguments).exits(0).stdout(), project.folder());
    let times = regex::Regex::new(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC").unwrap();
    assert_snapshot!(times.replace_all(&shown("render trend"), "0000-00-00 00:00:00 UTC"));
    let last = shown("render trend last=1 groups=workers metrics=pages");
    assert_eq!(last.lines().filter(|line| line.contains(" UTC")).count(), 2, "{last}");
    let report = shown("render incident");
    assert!(report.contains(": Workers, down since the run before: `store`\n"), "{report}");
    assert!(report.contains(": Workers, no longer down: `store`\n"), "{report}");
}

#[test]
fn nothing_is_kept_that_no_report_shows() {
    let project = after_four_runs();
    let kept = project.text(".trueup/history.jsonl");
    assert_eq!(kept.lines().count(), 4);
    assert!(!kept.contains("swordfish"), "{kept}");
    assert_eq!(project.text(".trueup/.gitignore"), "*\n");
}

#[test]
fn a_history_can_stand_elsewhere_and_must_be_one() {
    let project = project();
    project.run("probe --history=runs.jsonl").exits(0);
    assert!(!project.path(".trueup").exists());
    // What somebody wrote by hand, without a line break at the end, is kept as well.
    let first = project.text("runs.jsonl");
    project.write("runs.jsonl", first.trim_end());
    project.run("probe --history=runs.jsonl").exits(0);
    let trend = project.run("render trend groups=workers --history runs.jsonl");
    assert!(trend.exits(0).stdout().contains("; 2 in each of 2 earlier runs\n"), "{}", trend.shown());
    let nowhere = project.run("probe --history=none/runs.jsonl");
    assert!(nowhere.exits(2).stderr().contains("cannot add to the history `none/runs.jsonl`"), "{}", nowhere.shown());
    project.write(".trueup", "");
    let refused = project.run("probe --history");
    assert!(refused.exits(2).stderr().contains("cannot keep a history in `"), "{}", refused.shown());
}
