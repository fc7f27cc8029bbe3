//! `trueup mcp` as its clients meet it.
#![cfg(unix)]

mod support;

#[path = "serve/clients.rs"]
mod clients;
#[path = "serve/confined.rs"]
mod confined;
#[path = "serve/ends.rs"]
mod ends;
#[path = "serve/itself.rs"]
mod itself;
#[path = "serve/over_http.rs"]
mod over_http;
#[path = "serve/talk.rs"]
mod talk;
#[path = "serve/tools.rs"]
mod tools;

use support::program::Project;

/// Two agents; a program that says how many tests pass, and leaves a line each time that it is asked.
const CONFIG: &str = r#"docs = ["*.md", "docs/**/*.md"]

[metric.agents]
names = ["agents"]
from.file = { count = "agents/*.txt" }
[metric.tests]
names = ["tests"]
from.command = { command = ["sh", "-c", "echo asked >>asked.log; echo 310 passed"], pattern = '(?<value>\d+) passed' }
"#;

/// A project with that configuration and a document that is half true.
fn project() -> Project {
    Project::new()
        .with("trueup.toml", CONFIG)
        .with("agents/a.txt", "")
        .with("agents/b.txt", "")
        .with("STATUS.md", "# Status\n\n19 agents running.\n\n310 tests passing.\n")
}
