//! The whole program: arguments and files in; standard output, standard error, exit code and files out.
#![cfg(unix)]

mod support;

#[path = "program/commands.rs"]
mod commands;
#[path = "program/documents.rs"]
mod documents;
#[path = "program/faults.rs"]
mod faults;
#[path = "program/fidelity.rs"]
mod fidelity;
#[path = "program/fixing.rs"]
mod fixing;
#[path = "program/fixing_claims.rs"]
mod fixing_claims;
#[path = "program/fixing_git.rs"]
mod fixing_git;
#[path = "program/fixing_questions.rs"]
mod fixing_questions;
#[path = "program/formats.rs"]
mod formats;
#[path = "program/history.rs"]
mod history;
#[path = "program/incident.rs"]
mod incident;
#[path = "program/init.rs"]
mod init;
#[path = "program/interruption.rs"]
mod interruption;
#[path = "program/recorded.rs"]
mod recorded;
#[path = "program/render.rs"]
mod render;
#[path = "program/servers.rs"]
mod servers;
#[path = "program/sizes.rs"]
mod sizes;
#[path = "program/terminal.rs"]
mod terminal;
#[path = "program/timestamps.rs"]
mod timestamps;
#[path = "program/untouched.rs"]
mod untouched;
#[path = "program/verdicts.rs"]
mod verdicts;

use support::program::Project;

/// Three programs that work, and one that does not.
const CONFIG: &str = r#"docs = ["STATUS.md"]

[group.workers]
names = ["services"]
[group.workers.target.fetch]
check.command = { command = ["true"] }
[group.workers.target.store]
check.command = { command = ["sh", "-c", "echo ready"], stdout = "ready" }

[group.ports]
names = ["gateways"]
[group.ports.target.north]
check.command = { command = ["sh", "-c", "echo 'no route' >&2; exit 3"] }
[group.ports.target.south]
check.command = { command = ["true"] }
"#;

/// Besides, containers on an engine that is not there.
const BOXES: &str = r#"
[group.boxes]
names = ["boxes"]
discover = { docker = { label = "com.example.role=box" } }
check.docker = {}
"#;

/// Where no engine is, in place of one that the machine may have.
const NO_ENGINE: &str = "unix:///nonexistent/engine.sock";

/// A project with [`CONFIG`] and one document.
fn project(document: &str) -> Project {
    Project::new().with("trueup.toml", CONFIG).with("STATUS.md", document)
}

/// A project with [`CONFIG`], [`BOXES`] and one document.
fn project_with_boxes(document: &str) -> Project {
    project(document).with("trueup.toml", format!("{CONFIG}{BOXES}"))
}
