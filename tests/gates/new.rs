//! `check --only-new BASE`: what was there before does not fail, and is counted.

use crate::support::repository::{Scratch, git_in};
use crate::{project, project_with_coverage};

const CHECK: &str = "check --only-new main --format concise";

#[test]
fn what_was_there_before_is_counted_and_what_is_new_fails() {
    let (project, scratch) = project_with_coverage();
    let before = "# Now\n\nThere are 9 agents.\n\nThere are 4 plugins.\n\nCoverage: 85%\n";
    scratch.write("A.md", before).commit("one");
    scratch.git(&["checkout", "-q", "-b", "side"]);
    project.run("check").exits(1);
    let nothing_new = "1 document: 0 claims drifted, 3 not new\n";
    assert!(project.run(CHECK).exits(0).stdout().ends_with(nothing_new));
    // Lines that move, and letter case, make no claim a new one.
    scratch.write("A.md", format!("Intro.\n\n{}", before.replace("There are 9", "there  are 9")));
    assert!(project.run(CHECK).exits(0).stdout().ends_with(nothing_new));
    // Another number, another heading, another document, and one more of the same do.
    for (name, text, drifted) in [
        ("A.md", before.replace("9 agents", "8 agents"), "A.md:3:11: count-drift claimed 8 agents, measured 2"),
        ("A.md", before.replace("# Now", "# Today"), "A.md:3:11: count-drift claimed 9 agents, measured 2"),
        ("B.md", before.to_owned(), "B.md:3:11: count-drift claimed 9 agents, measured 2"),
        ("A.md", format!("{before}\nThere are 9 agents.\n"), "A.md:9:11: count-drift claimed 9 agents, measured 2"),
    ] {
        scratch.git(&["checkout", "-q", "--", "."]);
        scratch.write(name, &text);
        let run = project.run(CHECK);
        assert!(run.exits(1).stdout().contains(drifted), "{}", run.shown());
    }
    std::fs::remove_file(project.path("B.md")).unwrap();
    scratch.write("A.md", before.replace("85%", "86%"));
    project.run(CHECK).exits(3);
    // What is committed on the branch is new as well, and what main has meanwhile is not asked.
    scratch.write("A.md", before.replace("9 agents", "7 agents")).commit("on the branch");
    project.run(CHECK).exits(1);
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("A.md", "Nothing.\n").commit("main went on");
    scratch.git(&["checkout", "-q", "side"]);
    let run = project.run(CHECK);
    assert!(run.exits(1).stdout().contains("1 claim drifted, 2 not new"), "{}", run.shown());
}

#[test]
fn a_renamed_document_is_the_same() {
    let (project, scratch) = project();
    scratch.write("A.md", "# Now\n\nThere are 9 agents.\n\nAnd a text that is recognised.\n").commit("one");
    scratch.git(&["mv", "A.md", "R.md"]);
    project.run(CHECK).exits(0);
    project.run(&format!("{CHECK} --staged")).exits(0);
    scratch.write("R.md", "# Now\n\nThere are 8 agents.\n\nAnd a text that is recognised.\n");
    project.run(CHECK).exits(1);
    // The index still holds the old claim.
    project.run(&format!("{CHECK} --staged")).exits(0);
}

#[test]
fn an_ignore_comment_that_is_taken_out_makes_a_claim_count() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 9 agents. <!-- trueup: ignore -->\n").commit("one");
    project.run("check --allow-empty").exits(0);
    scratch.write("A.md", "There are 9 agents.\n");
    project.run(CHECK).exits(1);
}

#[test]
fn every_format_knows_what_is_not_new() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 9 agents.\n").commit("one");
    let json = project.run("check --only-new HEAD --format json").exits(0).json();
    let finding = &json["diagnostics"][0];
    assert_eq!((&finding["suppressed"], &finding["suppression"]), (&true.into(), &"older".into()));
    assert_eq!(json["summary"]["claims"]["older"], 1);
    let sarif = project.run("check --only-new HEAD --format sarif").exits(0).json();
    assert_eq!(sarif["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");
    let markdown = project.run("check --only-new HEAD --format markdown");
    assert!(markdown.exits(0).stdout().contains("| not new | 1 |"), "{}", markdown.shown());
    let junit = project.run("check --only-new HEAD --format junit");
    assert!(junit.exits(0).stdout().contains("<skipped message=\"older than the base: "), "{}", junit.shown());
    let gitlab = project.run("check --only-new HEAD --format gitlab").exits(0).json();
    assert!(gitlab.as_array().unwrap().iter().all(|issue| issue["check_name"] != "count-drift"), "{gitlab}");
}

#[test]
fn a_base_that_is_not_there_is_told_and_nothing_passes() {
    let (project, scratch) = project();
    let run = project.run("check --only-new main");
    assert!(run.exits(2).stdout().contains("`main` is no commit that this repository has"), "{}", run.shown());
    scratch.write("A.md", "There are 9 agents.\n").commit("one");
    scratch.commit("two");
    for base in ["nowhere", "-x", "HEAD:A.md"] {
        let run = project.trueup(["check", &format!("--only-new={base}")]).run();
        assert!(run.exits(2).stdout().contains("is no commit that this repository has"), "{}", run.shown());
    }
    // A clone that does not go back so far.
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", project.folder().display());
    assert!(git_in(clone.path(), &["clone", "-q", "--depth=1", &url, "."]).status.success());
    let run = project.trueup(["check", "--only-new", "HEAD~1"]).inside(clone.path().to_str().unwrap()).run();
    assert!(run.exits(2).stdout().contains("this clone is shallow: fetch the revision"), "{}", run.shown());
    // With the last commit of the base alone, there is no common one to be found: the base itself is taken.
    Scratch::at(clone.path()).write("A.md", "There are 8 agents.\n");
    project.trueup(["check", "--only-new", "HEAD"]).inside(clone.path().to_str().unwrap()).run().exits(1);
}
