//! `examples/incident`: what trueup exists for, from the document to the exit code.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::program::Project;

/// Every server of the incident: its class, and words of its reason.
const SERVERS: [(&str, &str, &str); 21] = [
    ("claude-flow", "package-manager", "exit 217: npm error"),
    ("extended-memory", "spawn-not-found", "exit 127"),
    ("knowledge-graph", "spawn-not-found", "exit 127"),
    ("memory-bank", "spawn-not-found", "exit 127"),
    ("ultimatecoder", "spawn-not-found", "exit 127"),
    ("postgres", "spawn-not-found", "exit 127"),
    ("language-server", "spawn-not-executable", "exit 126"),
    ("sequential-thinking", "", "exit 128"),
    ("files", "configuration", "exit 1: "),
    ("http-fetch", "configuration", "exit 1: "),
    ("http", "configuration", "exit 1: "),
    ("ddg", "", "exit 1: "),
    ("playwright", "configuration", "exit 1: "),
    ("puppeteer", "", "exit 1: "),
    ("task-runner", "configuration", "exit 1: "),
    ("ruv-swarm", "clean-exit", "exit 0"),
    ("compass", "clean-exit", "exit 0: compass: "),
    ("context7", "clean-exit", "exit 0: context7: "),
    ("github", "clean-exit", "exit 0: github: "),
    ("nx-mcp", "call-failed", "no workspace at /workspace: nx.json not found"),
    ("mcp-ssh", "configuration", "exit 1: Error: SSH configuration invalid"),
];

const DOCUMENT: &str = "CLAUDE.md";

/// The three claims that the incident is known for.
const CLAIMS: [&str; 3] = ["21/21 operational", "100% functional", "All endpoints working"];

#[test]
fn the_three_claims_are_refuted_and_each_server_is_told_with_its_failure() {
    let project = Project::of_example("incident");
    let before = project.state();
    let run = project.run("check");
    run.exits(1);
    assert_eq!(run.stderr(), "");
    for claim in CLAIMS {
        let caret = run.stdout().lines().find(|line| line.contains(claim));
        assert!(caret.is_some(), "{claim} is not shown:\n{}", run.shown());
    }
    for (name, class, reason) in SERVERS {
        let told = run.stdout().lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(name) && words.next().is_some_and(|word| word.contains(class)) && line.contains(reason)
        });
        assert!(told, "{name} is not told as {class}, {reason}:\n{}", run.shown());
    }
    for endpoint in ["health", "agents", "tasks", "memory"] {
        let told = run.stdout().lines().any(|line| {
            line.split_whitespace().collect::<Vec<_>>().starts_with(&[endpoint, "unreachable", "connection", "refused"])
        });
        assert!(told, "{endpoint} is not told:\n{}", run.shown());
    }
    assert_eq!(project.state(), before, "a check writes nothing");
}

#[test]
fn json_says_the_same_and_its_places_lead_to_the_text() {
    let project = Project::of_example("incident");
    let run = project.run("check --format json");
    let report = run.exits(1).json();
    assert_eq!(run.stderr(), "");
    assert_eq!(report["exit_code"], 1);
    assert_eq!(report["documents"], serde_json::json!([DOCUMENT]));
    let findings = report["diagnostics"].as_array().unwrap();
    let source = project.text(DOCUMENT);
    let quotes: Vec<&str> = findings.iter().filter_map(|finding| quoted(&source, &finding["primary"])).collect();
    for claim in CLAIMS {
        assert!(quotes.contains(&claim), "{claim:?} is not among {quotes:?}");
    }
    for finding in findings {
        let locations = [&finding["primary"]].into_iter().chain(finding["secondary"].as_array().unwrap());
        for location in locations.filter(|location| !location.is_null()) {
            assert_places_lead_to_the_text(&project, location);
        }
    }
    let drifted = findings.iter().filter(|finding| finding["code"].as_str().unwrap().ends_with("-drift")).count();
    assert_eq!(report["summary"]["claims"]["drifted"], drifted);
    assert_eq!(report["summary"]["claims"]["holds"], 0);
    assert_eq!(report["summary"]["sections"]["stale"], 1);
}

#[test]
fn a_folder_stands_for_the_documents_of_its_project() {
    let project = Project::of_example("incident");
    let here = project.run("check --format json").json();
    let outside = Project::new();
    let run = outside.trueup(["check", "--format", "json", project.folder().to_str().unwrap()]).run();
    let there = run.exits(1).json();
    assert_eq!(there["summary"], here["summary"]);
}

#[test]
fn a_fixed_document_says_what_is_so_and_a_second_fix_touches_nothing() {
    let project = Project::of_example("incident");
    let original = project.text(DOCUMENT);
    let run = project.run("fix");
    run.exits(0);
    assert!(run.stdout().starts_with("fixed CLAUDE.md: 1 section and 9 claims\n"), "{}", run.shown());
    let fixed = project.text(DOCUMENT);
    let begin = original.find("<!-- trueup:begin").unwrap();
    let rewritten: String = original[..begin]
        .lines()
        .zip(fixed.lines())
        .filter(|(before, after)| before != after)
        .map(|(_, after)| format!("{after}\n"))
        .collect();
    insta::assert_snapshot!(rewritten, @r"
    MCP servers: 0/21 operational after the last deployment. **Status: 0% functional.** 0 of 4 endpoints working.
    | files | reading and writing the workspace | ❌ down (exit 1) |
    | github | issues, reviews, releases | ❌ down (exit 0) |
    | postgres | queries on the task store | ❌ down (exit 127) |
    | knowledge-graph | what agents remember of each other's work | ❌ down (exit 127) |
    | nx-mcp | the build graph | ❌ down (call-failed) |
    | playwright | looking at the web interface | ❌ down (exit 1) |
    ");
    for (name, _, _) in SERVERS {
        assert!(fixed[begin..].contains(name), "{name} is not in the section:\n{}", &fixed[begin..]);
    }
    let check = project.run("check --format json");
    let sections = &check.exits(0).json()["summary"]["sections"];
    assert_eq!(sections, &serde_json::json!({"current": 1, "stale": 0, "edited": 0, "unmeasured": 0}));
    assert_eq!(check.findings("stale-section"), Vec::<Value>::new());

    let before = project.state();
    let again = project.run("fix");
    again.exits(0);
    assert!(!again.stdout().contains("fixed"), "{}", again.shown());
    assert_eq!(project.state(), before, "neither bytes nor times");
}

#[test]
fn a_diff_writes_nothing_and_patch_makes_of_it_what_fix_writes() {
    let (shown, fixed) = (Project::of_example("incident"), Project::of_example("incident"));
    let before = shown.state();
    let diff = shown.run("fix --diff");
    diff.exits(1);
    assert_eq!(shown.state(), before);
    let checked = shown.run("check --diff");
    checked.exits(1);
    assert_eq!(shown.state(), before);
    fixed.run("fix").exits(0);
    let original = shown.text(DOCUMENT);
    for run in [&diff, &checked] {
        fs::write(shown.path(DOCUMENT), &original).unwrap();
        apply(&shown, run.stdout());
        assert_eq!(shown.text(DOCUMENT), fixed.text(DOCUMENT), "{}", run.shown());
    }
}

/// Applies the diff at the beginning of `output`; what follows it is no part of a diff, and `patch` skips that.
fn apply(project: &Project, output: &str) {
    let mut patch = Command::new("patch")
        .args(["-p0", "--no-backup-if-mismatch", "--fuzz=0"])
        .current_dir(project.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    patch.stdin.take().unwrap().write_all(output.as_bytes()).unwrap();
    let ended = patch.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}\n{output}");
}

/// The text at a location of the document.
fn quoted<'a>(source: &'a str, location: &Value) -> Option<&'a str> {
    let at = |index: usize| usize::try_from(location["span"][index].as_u64()?).ok();
    (location["file"] == DOCUMENT).then_some(())?;
    source.get(at(0)?..at(1)?)
}

/// Reads the file again and counts: lines by line feeds, columns by characters.
fn assert_places_lead_to_the_text(project: &Project, location: &Value) {
    let source = project.text(location["file"].as_str().unwrap());
    for (index, place) in ["start", "end"].into_iter().enumerate() {
        let offset = usize::try_from(location["span"][index].as_u64().unwrap()).unwrap();
        let before = &source[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
        assert_eq!(location[place], serde_json::json!({"line": line, "column": column}), "{location}");
    }
}
