//! `trueup watch` as it is run: by the clock, by signals, beside others, and into git.
#![cfg(unix)]

mod support;

#[path = "watch/commit.rs"]
mod commit;
#[path = "watch/examples.rs"]
mod examples;
#[path = "watch/loops.rs"]
mod loops;

use support::program::Project;

/// Agents are files, and each run leaves a line.
const CONFIG: &str = r#"docs = ["*.md", "docs/**/*.md"]

[metric.agents]
names = ["agents"]
from.command = { command = ["sh", "-c", "echo run >>runs.log; ls agents | wc -l"], pattern = '(?<value>\d+)' }
"#;

/// A project with two agents, and a document that says three.
fn project() -> Project {
    Project::new()
        .with("trueup.toml", CONFIG)
        .with(".gitignore", "runs.log\n")
        .with("agents/a.txt", "")
        .with("agents/b.txt", "")
        .with("STATUS.md", "# Status\n\n3 agents running.\n")
}
