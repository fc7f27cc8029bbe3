//! The whole program on one small project: what a line claims and why, what would judge it, what contradicts what.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const CLAUDE: &str = "\
---
servers: 21/21
---
# Project

Status: 19/19 MCP servers deployed, coverage must be above 80%.

## Goals

- 50 tools available in `v2 (12 ready)`

## Agents (4 total)

- planner
- reviewer
- tester

The launcher is rock solid 🧨 on 2025-08-17. <!-- trueup: ignore: a joke -->

Tests: 26 of 28 passing (95%). <!-- trueup: suite -->

<!-- trueup:begin status-table group=mcp -->
| github | 1/1 up |
<!-- trueup:end -->
";

const STATUS: &str = "\
# Status

20 of 21 MCP servers are deployed.
";

const CONFIG: &str = "\
docs = [\"*.md\"]
[lexicon.state.up]
functional = [\"rock solid\"]
[lexicon.symbols]
down = [\"🧨\"]
[group.mcp]
names = [\"MCP servers\"]
discover = { mcp = \".mcp.json\" }
[metric.suite]
names = [\"unit tests\"]
from.file = { count = \"*.md\" }
";

fn project() -> TempDir {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "CLAUDE.md", CLAUDE);
    write(folder.path(), "STATUS.md", STATUS);
    write(folder.path(), "trueup.toml", CONFIG);
    write(folder.path(), ".mcp.json", "{\"mcpServers\": {}}");
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trueup"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("COLUMNS", "120")
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Line `n` (from 1) as `trueup explain` explains it.
fn explained(folder: &Path, line: usize) -> String {
    let output = run(folder, &["explain", &format!("CLAUDE.md:{line}")]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    stdout(&output)
}

#[test]
fn every_number_and_state_word_of_a_line_is_explained() {
    let project = project();
    let line = |text: &str| CLAUDE.lines().position(|line| line.contains(text)).unwrap() + 1;
    let lines = ["servers: 21/21", "19/19", "50 tools", "rock solid", "26 of 28", "1/1 up", "planner"];
    let told: Vec<String> = lines.iter().map(|text| explained(project.path(), line(text))).collect();
    insta::assert_snapshot!(told.join("\n=====\n\n"));
}

#[test]
fn a_column_picks_what_stands_there() {
    let project = project();
    let output = stdout(&run(project.path(), &["explain", "CLAUDE.md:6:9"]));
    assert!(
        output.contains("claim: ratio 19/19 up") && output.ends_with("CLAUDE.md:6: 1 claim, 0 refused, 0 not read\n")
    );
}

#[test]
fn what_cannot_be_explained_is_wrong_usage() {
    let project = project();
    for (what, said) in [
        ("CLAUDE.md:999", "`CLAUDE.md` has no line 999"),
        ("MISSING.md:1", "MISSING.md"),
        ("CLAUDE.md", "expected FILE:LINE"),
    ] {
        let output = run(project.path(), &["explain", what]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}");
        assert!(stderr.contains(said), "{what}: {stderr}");
    }
}

#[test]
fn claims_say_what_would_judge_them() {
    let project = project();
    let output = run(project.path(), &["claims", "--bound", "CLAUDE.md", "STATUS.md"]);
    insta::assert_snapshot!(stdout(&output));
    let json = stdout(&run(project.path(), &["claims", "--bound", "--format", "json", "STATUS.md"]));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let binding = &json["documents"][0]["claims"][0]["binding"];
    assert_eq!(*binding, serde_json::json!({"subjects": ["mcp"], "reason": "subject"}));
}

#[test]
fn contradictions_need_no_measurement_and_fail_the_run() {
    let project = project();
    write(project.path(), "trueup.toml", "docs = [\"*.md\"]\n");
    write(project.path(), "CLAUDE.md", CLAUDE.split("<!-- trueup: suite").next().unwrap());
    let output = run(project.path(), &["check", "--color", "never"]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let contradictions: Vec<&str> = told.split("\n\n").filter(|part| part.starts_with("error[")).collect();
    insta::assert_snapshot!(contradictions.join("\n\n"));
    assert!(told.contains("3 contradictions"), "{told}");
}

#[test]
fn an_ignored_contradiction_has_no_weight_and_a_level_softens_the_others() {
    let project = project();
    let ignored = format!("<!-- trueup: ignore-file: old -->\n\n{STATUS}");
    write(project.path(), "STATUS.md", &ignored);
    write(project.path(), "CLAUDE.md", "# Project\n\n19/19 MCP servers deployed.\n");
    write(project.path(), "trueup.toml", "docs = [\"*.md\"]\n");
    let output = run(project.path(), &["check", "--format", "json", "--allow-empty"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let found =
        json["diagnostics"].as_array().unwrap().iter().find(|one| one["code"] == "contradictory-claims").unwrap();
    assert_eq!((output.status.code(), &found["suppressed"]), (Some(0), &serde_json::json!(true)));

    write(project.path(), "STATUS.md", STATUS);
    assert_eq!(run(project.path(), &["check", "--allow-empty"]).status.code(), Some(1));
    write(project.path(), "trueup.toml", "docs = [\"*.md\"]\njudge.contradictions = \"warn\"\n");
    let output = run(project.path(), &["check", "--allow-empty"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("warning[contradictory-claims]"));
}
