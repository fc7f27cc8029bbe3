//! trueup measures trueup: its check of MCP servers against its own server.

use crate::over_http::Served;
use crate::project;
use crate::support::program::Project;

#[test]
fn its_own_check_says_that_it_works() {
    let program = env!("CARGO_BIN_EXE_trueup");
    let config = format!(
        "[group.servers]\nnames = [\"MCP servers\"]\n[group.servers.target.trueup]\n\
         check.mcp = {{ command = [\"{program}\", \"mcp\"], cwd = \"served\", tools = [\"check_claims\", \"measure\", \"explain\", \
         \"render_section\"], call = {{ tool = \"check_claims\", arguments = {{ text = \"3 agents.\" }}, expect = \"measured 2\" }} }}\n"
    );
    let project = Project::new()
        .with("trueup.toml", config)
        .with("D.md", "1/1 MCP servers operational.\n")
        .with("served/trueup.toml", crate::CONFIG)
        .with("served/agents/a.txt", "")
        .with("served/agents/b.txt", "");
    let run = project.run("check D.md");
    run.exits(0);
    let probed = project.run("probe");
    assert!(
        probed.exits(0).stdout().contains("functional  mcp: 4 tools; `check_claims` answered as expected"),
        "{}",
        probed.shown()
    );
}

/// The same over HTTP, where two projects are in play: the one that asks and the one that is served.
#[test]
fn its_own_check_says_so_over_http() {
    let served = project();
    let server = Served::start(&served, &[]);
    let config = format!(
        "[group.servers]\nnames = [\"MCP servers\"]\n[group.servers.target.trueup]\ncheck.mcp = {{ url = \"http://{}/mcp\", \
         min_resources = 1, call = {{ tool = \"measure\", arguments = {{ metrics = [\"agents\"] }}, expect = \"agents: 2\" }} }}\n",
        server.address
    );
    let project = Project::new().with("trueup.toml", config).with("D.md", "All MCP servers operational.\n");
    project.run("check D.md").exits(0);
    server.end();
    let run = project.run("check D.md");
    assert!(run.exits(1).stdout().contains("refused"), "{}", run.shown());
}
