//! Hooks of coding agents, as the agents meet them: JSON in, JSON out, an exit code that stops nothing by accident, and
//! settings files that come back to the byte.
#![cfg(unix)]

mod support;

#[path = "agents/bad_input.rs"]
mod bad_input;
#[path = "agents/claude_code.rs"]
mod claude_code;
#[path = "agents/codex.rs"]
mod codex;
#[path = "agents/cursor.rs"]
mod cursor;
#[path = "agents/install.rs"]
mod install;

use serde_json::{Value, json};
use support::program::{Project, Run};

/// Two agents, and something that cannot be measured until there is a report.
const CONFIG: &str = r#"docs = ["*.md", "docs/**/*.md", "!CHANGELOG.md"]

[metric.agents]
names = ["agents"]
from.file = { count = "agents/*.txt" }
[metric.coverage]
names = ["coverage"]
from.file = { path = "coverage.json", value = "/total" }
"#;

/// A project with two agents.
fn project() -> Project {
    Project::new().with("trueup.toml", CONFIG).with("agents/a.txt", "").with("agents/b.txt", "").with(".git/HEAD", "")
}

/// A call of a tool that writes files.
fn call(event: &str, project: &Project, tool: &str, input: Value) -> Value {
    json!({
        "session_id": "00893aaf-19fa-41d2-8238-13269b9b3ca0",
        "transcript_path": "/home/me/.claude/projects/x/00893aaf.jsonl",
        "cwd": project.folder(),
        "permission_mode": "default",
        "hook_event_name": event,
        "tool_name": tool,
        "tool_input": input,
        "tool_use_id": "toolu_01ABC123",
    })
}

/// The end of the work.
fn stop(project: &Project, active: bool) -> Value {
    json!({
        "session_id": "00893aaf-19fa-41d2-8238-13269b9b3ca0",
        "cwd": project.folder(),
        "hook_event_name": "Stop",
        "stop_hook_active": active,
    })
}

/// Runs the hook of an agent.
#[track_caller]
fn hook(project: &Project, agent: &str, call: &Value) -> Run {
    project.trueup(["hook", agent]).stdin(call.to_string()).run()
}

/// What it answers, with exit code 0; null where it says nothing.
#[track_caller]
fn answer(project: &Project, agent: &str, call: &Value) -> Value {
    let run = hook(project, agent, call);
    run.exits(0);
    match run.stdout() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")),
    }
}

/// Why a call was denied.
#[track_caller]
fn denial(answer: &Value) -> String {
    let output = &answer["hookSpecificOutput"];
    assert_eq!(output["hookEventName"], "PreToolUse", "{answer}");
    assert_eq!(output["permissionDecision"], "deny", "{answer}");
    output["permissionDecisionReason"].as_str().unwrap().to_owned()
}
