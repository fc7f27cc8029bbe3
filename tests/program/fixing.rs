//! `trueup fix`: what it writes, and above all what it leaves.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use insta::assert_snapshot;

use crate::support::program::Project;
use crate::{NO_ENGINE, project, project_with_boxes};

/// An empty section about a group.
fn section(group: &str) -> String {
    format!("<!-- trueup:begin status-table group={group} -->\n<!-- trueup:end -->\n")
}

#[track_caller]
fn fix(project: &Project, more: &str, code: i32) -> String {
    let arguments = ["fix"].into_iter().chain(more.split_whitespace());
    let run = project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(run.exits(code).stderr(), "", "{}", run.shown());
    run.shown()
}

#[test]
fn what_stands_around_a_section_stays_to_the_byte() {
    let (before, after) = ("\u{feff}# Title\r\n\r\nText  \r\n\r\n", "\r\nno end of line");
    let project = project(&format!("{before}{}{after}", section("ports").replace('\n', "\r\n")));
    fs::set_permissions(project.path("STATUS.md"), Permissions::from_mode(0o640)).unwrap();
    fix(&project, "STATUS.md", 0);
    let fixed = project.text("STATUS.md");
    let body = fixed.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).expect(&fixed);
    assert!(body.contains("| ❌ not functional |"), "{body}");
    assert_eq!(body.matches('\n').count(), body.matches("\r\n").count(), "{body:?}");
    assert_eq!(fs::metadata(project.path("STATUS.md")).unwrap().permissions().mode() & 0o777, 0o640);
    let state = project.state();
    fix(&project, "STATUS.md", 0);
    assert_eq!(project.state(), state, "neither bytes nor times");
    let check = project.trueup(["check", "STATUS.md"]).env("DOCKER_HOST", NO_ENGINE).run();
    check.exits(0);
}

#[test]
fn a_section_that_was_edited_is_overwritten_by_force_only() {
    let project = project(&section("ports"));
    fix(&project, "", 0);
    let written = project.text("STATUS.md");
    let edited = written.replace("not functional", "operational");
    assert_ne!(edited, written);
    project.write("STATUS.md", &edited);
    let state = project.state();
    let check = project.trueup(["check"]).env("DOCKER_HOST", NO_ENGINE).run();
    assert_snapshot!("edited_section", check.exits(1).shown());
    assert!(fix(&project, "", 1).contains("error[edited-section]"));
    assert!(!fix(&project, "--diff", 1).contains("@@"));
    let shown = fix(&project, "--force --diff", 1);
    assert!(shown.contains("\n+| `north`"), "{shown}");
    assert_eq!(project.state(), state);
    fix(&project, "--force", 0);
    assert_eq!(project.text("STATUS.md"), written);
}

#[test]
fn changed_facts_make_a_section_stale() {
    let config = "[group.files]\n[group.files.target.a]\ncheck.file = { path = \"a.txt\", matches = \"ok\" }\n";
    let project = Project::new().with("trueup.toml", config).with("D.md", section("files")).with("a.txt", "ok");
    fix(&project, "D.md", 0);
    fs::remove_file(project.path("a.txt")).unwrap();
    let check = project.run("check D.md --diff");
    assert_snapshot!(check.exits(1).shown());
    fix(&project, "D.md", 0);
    project.run("check D.md").exits(0);
}

#[test]
fn nothing_is_written_from_what_was_not_measured() {
    let project = project_with_boxes(&format!("All boxes running.\n\n{}", section("boxes")));
    let state = project.state();
    let shown = fix(&project, "", 3);
    assert_eq!(shown.matches("[unmeasured-source]").count(), 1, "{shown}");
    assert!(shown.contains("error[unmeasured-section]"), "{shown}");
    assert_eq!(project.state(), state);
    // A section beside it that was measured is written all the same.
    project.write("STATUS.md", section("ports") + "\n" + &section("boxes"));
    fix(&project, "", 3);
    let fixed = project.text("STATUS.md");
    assert!(fixed.ends_with(&section("boxes")) && fixed.contains("`north`"), "{fixed}");
}

#[test]
fn a_read_only_document_is_told_and_left() {
    let project = project(&section("ports"));
    fs::set_permissions(project.path("STATUS.md"), Permissions::from_mode(0o444)).unwrap();
    let state = project.state();
    assert_snapshot!(fix(&project, "", 2));
    assert_eq!(project.state(), state);
}

#[test]
fn a_link_is_written_through_inside_of_the_project_and_refused_where_it_leaves() {
    let outside = Project::new().with("real.md", section("ports"));
    let project = project("").with("docs/real.md", section("ports"));
    symlink("docs/real.md", project.path("inside.md")).unwrap();
    symlink(outside.path("real.md"), project.path("leaves.md")).unwrap();
    fix(&project, "inside.md", 0);
    assert_eq!(fs::read_link(project.path("inside.md")).unwrap().to_str(), Some("docs/real.md"));
    assert!(project.text("docs/real.md").contains("`north`"));
    let shown = fix(&project, "leaves.md --config trueup.toml", 2);
    assert!(shown.contains("leads to"), "{shown}");
    assert_eq!(outside.text("real.md"), section("ports"));
}

#[test]
fn one_fault_stops_every_write() {
    let project = project(&section("ports")).with("BAD.md", "<!-- trueup:begin status-table group=ports -->\ntext\n");
    let state = project.state();
    fix(&project, "STATUS.md BAD.md", 2);
    assert_eq!(project.state(), state);
}

#[test]
fn standard_input_cannot_be_written_back_but_shown() {
    let project = project("");
    let state = project.state();
    let run = project.trueup(["fix", "-"]).env("DOCKER_HOST", NO_ENGINE).stdin(section("ports")).run();
    assert_snapshot!("fix_stdin", run.exits(2).shown());
    let run = project.trueup(["fix", "--diff", "-"]).env("DOCKER_HOST", NO_ENGINE).stdin(section("ports")).run();
    assert!(run.exits(1).stdout().contains("\n+| `north`"), "{}", run.shown());
    assert_eq!(project.state(), state);
}

#[test]
fn a_reader_who_leaves_does_not_keep_documents_from_being_written() {
    let project = project("");
    let names: Vec<String> = (0..20).map(|number| format!("docs/{number}.md")).collect();
    for name in &names {
        project.write(name, section("ports"));
    }
    let run = project.trueup(["fix", "docs"]).env("DOCKER_HOST", NO_ENGINE).run_into_a_closed_pipe();
    assert_eq!(run.exits(0).stderr(), "");
    for name in &names {
        assert!(project.text(name).contains("`north`"), "{name}");
    }
}
