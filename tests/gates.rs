//! The gates as users meet them: the index, hooks, a baseline, what is new since a commit, a configuration that a pull
//! request cannot bring.
#![cfg(unix)]

mod support;

#[path = "gates/baseline.rs"]
mod baseline;
#[path = "gates/hooks.rs"]
mod hooks;
#[path = "gates/new.rs"]
mod new;
#[path = "gates/staged.rs"]
mod staged;
#[path = "gates/trust.rs"]
mod trust;

use support::program::Project;
use support::repository::Scratch;

/// Two agents and no plugin.
const CONFIG: &str = r#"docs = ["*.md", "docs/**/*.md", "!CHANGELOG.md"]

[metric.agents]
names = ["agents"]
from.file = { count = "agents/*.txt" }
[metric.plugins]
names = ["plugins"]
from.file = { count = "plugins/*.txt" }
"#;

/// Besides, something that cannot be measured until there is a report.
const COVERAGE: &str =
    "[metric.coverage]\nnames = [\"coverage\"]\nfrom.file = { path = \"coverage.json\", value = \"/total\" }\n";

/// The same with [`COVERAGE`].
fn project_with_coverage() -> (Project, Scratch) {
    let (project, scratch) = project();
    project.write("trueup.toml", format!("{CONFIG}{COVERAGE}"));
    (project, scratch)
}

/// A project in a repository, with nothing committed yet.
fn project() -> (Project, Scratch) {
    let project = Project::new().with("trueup.toml", CONFIG).with("agents/a.txt", "").with("agents/b.txt", "");
    let scratch = Scratch::init(project.folder());
    (project, scratch)
}
