//! Documents and configurations that no good comes of: each is told with its place and what to do, within a moment, and
//! nothing is written.

use std::time::Duration;

use insta::assert_snapshot;

use crate::support::program::{Project, Run};
use crate::{NO_ENGINE, project};

/// Time for a document of a size that nobody writes.
const LONG: Duration = Duration::from_secs(300);

/// Runs `check`, then `fix`, which have to end alike and to leave every file as it is.
#[track_caller]
fn refused(project: &Project, arguments: &str, code: i32) -> Run {
    let before = project.state();
    let run = |command: &str| {
        let arguments = [command].into_iter().chain(arguments.split_whitespace());
        project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run()
    };
    run("fix").exits(code);
    let check = run("check");
    check.exits(code);
    assert_eq!(project.state(), before);
    check
}

#[test]
fn not_utf_8() {
    let project =
        project("").with("latin.md", b"# Titel\n\ncaf\xe9 100% operational\n").with("wide.md", b"\xff\xfeA\0");
    assert_snapshot!(refused(&project, "latin.md wide.md", 2).shown());
}

#[test]
fn a_missing_file_and_a_folder_without_documents() {
    let project = project("").with("folder/notes.txt", "All services operational.");
    assert_snapshot!("missing_file", refused(&project, "nowhere.md", 2).shown());
    assert_snapshot!("folder_without_documents", refused(&project, "folder", 4).shown());
}

#[test]
fn an_empty_file() {
    let project = project("");
    assert_snapshot!(refused(&project, "STATUS.md", 4).shown());
    let run = project.run("check --allow-empty STATUS.md");
    run.exits(0);
}

#[test]
fn markers_that_do_not_fit() {
    let text = "# T\n\n<!-- trueup:begin status-table group=ports -->\ntext\n\nAll workers operational.\n";
    let project = project(text).with("end.md", "<!-- trueup:end -->\n");
    assert_snapshot!(refused(&project, "STATUS.md end.md", 2).shown());
}

#[test]
fn a_section_that_asks_for_what_there_is_not() {
    let text = "<!-- trueup:begin status-table group=prts -->\n<!-- trueup:end -->\n\n<!-- trueup:begin sttus-table group=ports -->\n<!-- trueup:end -->\n";
    let project = project(text);
    assert_snapshot!(refused(&project, "STATUS.md", 2).shown());
}

#[test]
fn every_fault_of_a_configuration_at_once() {
    let config = "docs = 5\n\n[judge]\nunbond = \"warn\"\n\n[run]\ndeadline = \"soon\"\n\n[group.web]\nexpect = 0\n\
        [group.web.target.a]\ncheck.htp = { url = \"http://127.0.0.1/\" }\n";
    let project = Project::new().with("trueup.toml", config).with("D.md", "All is operational.\n");
    let run = refused(&project, "D.md", 2);
    assert_eq!(run.stdout().matches("error[invalid-configuration]").count(), 5, "{}", run.shown());
    assert_snapshot!(run.shown());
    let json = project.run("check --format json D.md");
    assert_eq!(json.exits(2).json()["summary"]["faults"], 5);
    // What asks for a list or a snapshot is not given a report in its place.
    for arguments in ["probe --format json", "claims --format json"] {
        let run = project.run(arguments);
        assert_eq!(run.exits(2).stdout(), "", "{arguments}");
        assert_eq!(run.stderr().matches("error[invalid-configuration]").count(), 5, "{}", run.shown());
    }
}

#[test]
fn a_configuration_that_is_not_there_or_no_toml() {
    let project =
        project("All services operational.\n").with("no.toml", "[group\n").with("bytes.toml", b"docs = [\"\xff\"]");
    for name in ["nowhere.toml", ".", "bytes.toml", "no.toml"] {
        let run = refused(&project, &format!("STATUS.md --config {name}"), 2);
        assert_snapshot!(format!("configuration_{}", name.replace('.', "_")), run.shown());
    }
}

#[test]
fn a_line_of_fifty_megabytes() {
    let words = "lorem ipsum dolor sit amet consectetur ".repeat(50_000_000 / 39);
    let document =
        format!("{words}. All gateways operational.\n\nAll services operational, all gateways operational.\n");
    let project = project("").with("long.md", document);
    let before = project.state();
    // Far less when it is built for release; what matters is that it ends, and what it shows.
    let run = project.trueup(["check", "long.md"]).env("DOCKER_HOST", NO_ENGINE).within(LONG).run();
    assert!(run.exits(1).stdout().len() < 10_000, "{} bytes", run.stdout().len());
    assert_eq!(project.state(), before);
    let column = words.len() + 3;
    for place in [format!("--> long.md:1:{column}"), "--> long.md:3:27".to_owned()] {
        assert!(run.stdout().contains(&place), "{place}\n{}", run.shown());
    }
    let near = run.stdout().lines().find(|line| line.trim_start().starts_with("1 | ")).unwrap();
    assert!(near.contains("All gateways operational"), "{near}");
}

#[test]
fn what_comes_from_outside_does_not_reach_the_terminal_raw() {
    let config = "[group.g]\nnames = [\"gateways\"]\n[group.g.target.a]\n\
        check.command = { command = [\"sh\", \"-c\", 'printf \"\\033[2J\\007\\033]0;owned\\007bad\" >&2; exit 1'] }\n";
    let project = Project::new().with("trueup.toml", config).with("D.md", "All gateways operational \u{1b}[31m.\n");
    let run = project.run("check D.md");
    run.exits(1);
    assert!(run.stdout().chars().all(|c| c == '\n' || !c.is_control()), "{:?}", run.stdout());
}
