//! What a pull request brings is judged and not obeyed.

use crate::project;
use crate::support::program::Project;
use crate::support::repository::Scratch;

const TRUSTED: &str = "[group.workers]\nnames = [\"workers\"]\n[group.workers.target.one]\n\
    check.command = { command = [\"sh\", \"-c\", \"touch trusted\"] }\n";

fn with_command(project: &Project, mark: &str) {
    project.write("trueup.toml", TRUSTED.replace("trusted", mark));
}

#[test]
fn the_configuration_of_a_commit_is_taken_and_no_other() {
    let project = Project::new().with("trueup.toml", TRUSTED).with("A.md", "All workers are operational.\n");
    let scratch = Scratch::init(project.folder());
    scratch.commit("one");
    with_command(&project, "brought");
    // A nearer one is no way in either, nor one that is named.
    scratch.write("docs/trueup.toml", TRUSTED.replace("trusted", "brought"));
    scratch.write("docs/B.md", "All workers are operational.\n").commit("two");
    for arguments in ["A.md", "docs/B.md", "--config trueup.toml A.md", "--staged A.md"] {
        project.run(&format!("check --config-from HEAD~1 {arguments}")).exits(0);
        assert!(project.path("trusted").exists() && !project.path("brought").exists(), "{arguments}");
        std::fs::remove_file(project.path("trusted")).unwrap();
    }
    project.run("probe --config-from HEAD~1").exits(0);
    assert!(project.path("trusted").exists() && !project.path("brought").exists());
    project.run("check A.md").exits(0);
    assert!(project.path("brought").exists(), "a test that cannot fail shows nothing");
}

#[test]
fn faults_of_the_commit_are_shown_as_its_own() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").write("trueup.toml", "docs = 3\n").commit("one");
    let run = project.run("check --config-from main --format concise");
    assert!(run.exits(2).stdout().starts_with("main:trueup.toml:1:"), "{}", run.shown());
    scratch.git(&["rm", "-q", "trueup.toml"]);
    scratch.commit("two");
    project.write("trueup.toml", TRUSTED);
    for (arguments, told) in [
        ("check --config-from main", "`main` has no trueup.toml here or in a folder above"),
        ("check --config-from main --config trueup.toml", "`trueup.toml` is not in `main`"),
        ("check --config-from nowhere", "`nowhere` is no commit that this repository has"),
    ] {
        let run = project.run(arguments);
        assert!(run.exits(2).stdout().contains(told), "{}", run.shown());
    }
    assert!(!project.path("trusted").exists());
}

#[test]
fn a_baseline_of_the_pull_request_is_not_taken() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").commit("one");
    scratch.write("A.md", "There are 9 agents.\n");
    project.run("baseline").exits(0);
    project.run("check").exits(0);
    project.run("check --config-from main").exits(1);
    scratch.commit("two");
    project.run("check --config-from main").exits(0);
}

#[test]
fn servers_that_a_pull_request_brings_are_not_started() {
    let server = |mark: &str| {
        format!("{{\"mcpServers\": {{\"one\": {{\"command\": \"sh\", \"args\": [\"-c\", \"touch {mark}\"]}}}}}}")
    };
    let config = "[group.mcp]\nnames = [\"MCP servers\"]\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n";
    let project = Project::new().with("trueup.toml", config).with("A.md", "All MCP servers are running.\n");
    let scratch = Scratch::init(project.folder());
    scratch.write(".mcp.json", server("trusted")).commit("one");
    project.run("check --config-from main").exits(1);
    assert!(project.path("trusted").exists());
    scratch.write(".mcp.json", server("brought"));
    let run = project.run("check --config-from main");
    assert!(run.exits(3).stdout().contains("it is not what `main` has"), "{}", run.shown());
    // One that the commit does not have, or a link to another.
    scratch.git(&["rm", "-q", "--cached", ".mcp.json"]);
    scratch.git(&["commit", "-q", "-m", "two"]);
    project.run("check --config-from main").exits(3);
    scratch.write("other.json", server("brought")).commit("three");
    std::fs::remove_file(project.path(".mcp.json")).unwrap();
    std::os::unix::fs::symlink("other.json", project.path(".mcp.json")).unwrap();
    project.run("check --config-from main").exits(3);
    // A link where the commit has nothing at all: it is no file either, and yet it is there.
    project.run("check --config-from main~1").exits(3);
    assert!(!project.path("brought").exists());
    project.run("check").exits(1);
    assert!(project.path("brought").exists(), "a test that cannot fail shows nothing");
}

#[test]
fn without_programs_everything_that_would_start_one_is_unmeasured() {
    let config = "[group.workers]\nnames = [\"workers\"]\n[group.workers.target.one]\n\
        check.command = { command = [\"touch\", \"started\"] }\n\
        [group.mcp]\nnames = [\"MCP servers\"]\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n\
        [group.boxes]\nnames = [\"boxes\"]\n[group.boxes.target.box]\n\
        check.exec = { command = [\"true\"], container = \"box\" }\n\
        [metric.tests]\nnames = [\"tests\"]\nfrom.command = { command = [\"touch\", \"started\"], pattern = '(?<value>\\d+)' }\n\
        [text.usage]\ncommand = [\"touch\", \"started\"]\n";
    let document = "All workers are operational. All MCP servers are operational. All boxes are operational.\n\n\
        There are 7 tests.\n\n<!-- trueup:begin transcript text=usage -->\n<!-- trueup:end -->\n";
    let project = Project::new().with("trueup.toml", config).with("A.md", document);
    project.write(".mcp.json", "{\"mcpServers\": {\"one\": {\"command\": \"touch\", \"args\": [\"started\"]}}}");
    let run = project.run("check --no-exec --format json");
    run.exits(3);
    assert_eq!(run.findings("unmeasured-claim").len(), 4, "{}", run.shown());
    assert_eq!(run.findings("unmeasured-section").len(), 1);
    let reasons = serde_json::to_string(&run.json()["diagnostics"]).unwrap();
    assert!(reasons.contains("--no-exec"), "{reasons}");
    assert!(!project.path("started").exists());
}
