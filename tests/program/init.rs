//! A first trueup.toml: written from what is there, with nothing run, and of use at once.

use insta::assert_snapshot;

use crate::NO_ENGINE;
use crate::support::program::{Project, Run};

const COMPOSE: &str = "services:\n  backend: { image: x, container_name: shop-backend }\n  store: { image: x, container_name: shop-store }\n  \
    debug: { image: x, profiles: [debug] }\n";

/// A server whose start would leave a trace.
const SERVERS: &str = r#"{"mcpServers": {"github": {"command": "touch", "args": ["started"]}, "files": {"command": "touch", "args": ["started"]}}}"#;

const JUNIT: &str =
    "<testsuites><testcase name='a'/><testcase name='b'/><testcase name='c'><failure/></testcase></testsuites>";

const STATUS: &str = "# Shop\n\nAll services operational.\n\n- MCP servers: 2/2 connected\n- Tests: 3/3 passing\n- Coverage: 50%\n\n\
    - **backend**: ✅ Operational\n- **github**: ✅ Connected\n\nThere are 3 agents. All endpoints working: http://localhost:1/health\n\n\
    All 4 pipelines operational.\n";

fn shop() -> Project {
    let project = Project::new().with("STATUS.md", STATUS).with("compose.yaml", COMPOSE).with(".mcp.json", SERVERS);
    for agent in ["a", "b"] {
        project.write(&format!(".claude/agents/{agent}.md"), "Be kind.\n");
    }
    project.write("src/lib.rs", "");
    project.write("target/nextest/ci/junit.xml", JUNIT);
    project.write("lcov.info", "SF:a\nDA:1,1\nDA:2,0\nend_of_record\n");
    project.write(".github/workflows/ci.yml", "");
    project.write("package.json", r#"{"dependencies": {"a": "1"}}"#);
    project
}

fn run(project: &Project, arguments: &[&str]) -> Run {
    project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run()
}

#[test]
fn what_is_there_becomes_a_configuration_that_works() {
    let project = shop();
    let run_ = run(&project, &["init"]);
    assert_eq!(run_.exits(0).stderr(), "");
    assert!(run_.stdout().starts_with("wrote ./trueup.toml"), "{}", run_.shown());
    assert_snapshot!("init", project.text("trueup.toml"));
    // Claims are judged by it at once: one test failed, two agents are there, half is covered; the rest is unknown here.
    let checked = run(&project, &["check", "--format", "concise", "STATUS.md"]);
    let told = checked.exits(1).stdout();
    for expected in ["claimed 3/3 passing, measured 2/3", "claimed 3 agents, measured 2", "unbound-claim"] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    assert!(!told.contains("50%"), "{told}");
    assert!(!project.path("started").exists(), "nothing was started, by init or by what it wrote");
}

#[test]
fn nothing_is_written_over_and_nothing_is_run() {
    let project = shop();
    let before = project.state();
    let shown = run(&project, &["init", "-o", "-"]);
    assert!(shown.exits(0).stdout().contains("[group.mcp]"), "{}", shown.shown());
    assert_eq!(project.state(), before);
    project.write("trueup.toml", "docs = []\n");
    let refused = run(&project, &["init"]);
    assert!(refused.exits(2).stderr().contains("`./trueup.toml` is there already"), "{}", refused.shown());
    assert_eq!(project.text("trueup.toml"), "docs = []\n");
    run(&project, &["init", "--force"]).exits(0);
    assert_eq!(project.text("trueup.toml"), shown.stdout());
    run(&project, &["init", "nowhere"]).exits(2);
    assert!(!project.path("started").exists());
}

#[test]
fn programs_are_switched_on_only_where_that_is_allowed() {
    let project = shop();
    project.write("pyproject.toml", "[tool.pytest.ini_options]\n");
    std::fs::remove_file(project.path("target/nextest/ci/junit.xml")).unwrap();
    let text = |arguments: &[&str]| run(&project, arguments).exits(0).stdout().to_owned();
    let commands = |text: &str| {
        let live = text.lines().filter(|line| !line.starts_with('#'));
        live.filter(|line| line.contains("command") && line.contains('=') || line.contains("check.mcp")).count()
    };
    assert_eq!(commands(&text(&["init", "-o", "-"]).replace("from.file", "")), 0);
    let allowed = text(&["init", "-o", "-", "--allow-exec"]);
    assert!(allowed.contains("\ncheck.mcp = { min_tools = 1 }"), "{allowed}");
    assert!(allowed.contains("\nfrom.command = { command = [\"python\", \"-m\", \"pytest\""), "{allowed}");
    let both = text(&["init", "-o", "-", "--allow-exec", "--no-exec"]);
    assert_eq!(commands(&both), 0, "{both}");
}

#[test]
fn a_project_with_nothing_to_find_gets_a_configuration_all_the_same() {
    let project = Project::new().with("README.md", "All 5 databases operational.\n");
    run(&project, &["init"]).exits(0);
    let text = project.text("trueup.toml");
    assert!(text.contains("#   README.md:1: All 5 databases operational"), "{text}");
    run(&project, &["check"]).exits(4);
    let empty = Project::new();
    run(&empty, &["init"]).exits(0);
}

#[test]
fn what_is_damaged_is_passed_over_by_name() {
    let project = Project::new().with("compose.yaml", "a: [").with(".mcp.json", "{").with("junit.xml", "<testsuites>");
    project.write("README.md", "All services operational.\n");
    run(&project, &["init"]).exits(0);
    let text = project.text("trueup.toml");
    assert!(text.contains("`compose.yaml` is no YAML") && text.contains("`.mcp.json` has no `mcpServers`"), "{text}");
    assert!(!text.contains("junit.xml"), "{text}");
    run(&project, &["check"]).exits(4);
}

#[test]
fn names_from_outside_cannot_leave_their_quotes() {
    let compose = "services:\n  \"a\\\"\\n[run]\\ndeadline = 1\": { image: x }\n  'é b': { image: x }\n";
    let project = Project::new().with("compose.yaml", compose).with("README.md", "All services operational.\n");
    run(&project, &["init"]).exits(0);
    let checked = run(&project, &["check"]);
    assert!(matches!(checked.code, Some(1 | 3)), "{}", checked.shown());
    assert!(
        !project.text("trueup.toml").lines().any(|line| line.starts_with("[run]")),
        "{}",
        project.text("trueup.toml")
    );
}

#[test]
fn the_examples_get_drafts_that_are_valid() {
    for (name, code) in [("incident", 3), ("incident-docker", 3)] {
        let project = Project::of_example(name);
        run(&project, &["init", "--force"]).exits(0);
        let checked = run(&project, &["check", "CLAUDE.md"]);
        assert_eq!(checked.code, Some(code), "{}", checked.shown());
        let bound = run(&project, &["claims", "--bound", "CLAUDE.md"]);
        assert!(bound.exits(0).stdout().contains("mcp"), "{}", bound.shown());
    }
}
