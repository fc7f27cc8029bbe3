//! `check --staged`: the content of the index, and of it what a commit would change.

use std::os::unix::fs::symlink;

use crate::support::program::Project;
use crate::support::repository::{Scratch, git_in};
use crate::{project, project_with_coverage};

const CHECK: &str = "check --staged --allow-empty --format concise";

#[test]
fn the_index_is_judged_and_not_the_work_tree() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").write("B.md", "There are 9 agents.\n").commit("one");
    // B.md is false, and no part of the commit.
    project.run(CHECK).exits(0);
    scratch.write("A.md", "There are 3 agents.\n").git(&["add", "A.md"]);
    scratch.write("A.md", "There are 2 agents.\n");
    let run = project.run(CHECK);
    run.exits(1);
    assert_eq!(run.stdout(), "A.md:1:11: count-drift claimed 3 agents, measured 2\n1 document: 1 claim drifted\n");
    // And the other way round: what is wrong is not staged.
    scratch.git(&["add", "A.md"]);
    scratch.write("A.md", "\n\nThere are 5 agents.\n");
    assert!(project.run(CHECK).exits(0).stdout().ends_with("\nnothing was judged: no document\n"));
    scratch.write("C.md", "There are 2 agents.\n").git(&["add", "C.md"]);
    assert_eq!(project.run(CHECK).exits(0).stdout(), "1 document: 0 claims drifted, 1 holds\n");
    project.run("check --staged --allow-empty C.md").exits(0);
    // Without `--allow-empty`, a run that judged nothing says so.
    scratch.commit("two");
    project.run("check --staged").exits(4);
}

#[test]
fn a_document_with_some_lines_staged_is_judged_by_these() {
    let (project, scratch) = project();
    scratch.write("A.md", "One.\n\nTwo.\n").commit("one");
    scratch.write("A.md", "There are 2 agents.\n\nTwo.\n").git(&["add", "A.md"]);
    scratch.write("A.md", "There are 2 agents.\n\nThere are 7 plugins.\n");
    assert_eq!(project.run(CHECK).exits(0).stdout(), "1 document: 0 claims drifted, 1 holds\n");
    project.run("check --format concise A.md").exits(1);
}

#[test]
fn the_configuration_is_that_of_the_index_as_well() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").git(&["add", "-A"]);
    project.write("trueup.toml", "broken");
    project.run(CHECK).exits(0);
    scratch.git(&["add", "trueup.toml"]);
    let run = project.run(CHECK);
    assert!(run.exits(2).stdout().starts_with("trueup.toml:1:"), "{}", run.shown());
    // One that git does not track is taken as it is.
    scratch.git(&["rm", "-q", "--cached", "-f", "trueup.toml"]);
    project.run(CHECK).exits(2);
}

#[test]
fn renames_deletions_links_and_other_files() {
    let (project, scratch) = project();
    scratch
        .write("A.md", "There are 9 agents.\nAnd more text\nthat is recognised\n")
        .write("B.md", "There are 8 agents.\n");
    scratch.write("notes.txt", "x").commit("one");
    scratch.git(&["mv", "A.md", "R.md"]);
    scratch.git(&["rm", "-q", "B.md"]);
    symlink("R.md", project.path("L.md")).unwrap();
    scratch.write("notes.txt", "There are 7 agents.\n").write("CHANGELOG.md", "There are 6 agents.\n");
    scratch.git(&["add", "-A"]);
    let run = project.run(CHECK);
    assert_eq!(
        run.exits(1).stdout(),
        "R.md:1:11: count-drift claimed 9 agents, measured 2\n1 document: 1 claim drifted\n"
    );
    // A file that is added by name alone has no content yet.
    scratch.write("N.md", "There are 5 agents.\n").git(&["add", "-N", "N.md"]);
    assert_eq!(project.run(CHECK).exits(1).stdout().lines().count(), 2);
}

#[test]
fn files_that_are_named_are_judged_changed_or_not() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 9 agents.\n").write("docs/D.md", "There are 8 plugins.\n");
    scratch.write("CHANGELOG.md", "There are 9 agents.\n").write("GONE.md", "x\n").commit("one");
    for (named, drifted) in
        [("A.md", 1), ("A.md CHANGELOG.md", 2), ("docs", 1), (".", 2), ("--force-exclude A.md CHANGELOG.md", 1)]
    {
        let run = project.run(&format!("{CHECK} {named}"));
        assert_eq!(run.exits(1).stdout().lines().count(), drifted + 1, "{named}: {}", run.shown());
    }
    project.run(&format!("{CHECK} --force-exclude CHANGELOG.md")).exits(0);
    scratch.git(&["rm", "-q", "GONE.md"]);
    project.run(&format!("{CHECK} GONE.md")).exits(0);
    project.write("NEW.md", "There are 2 agents.\n");
    for (named, said) in [
        ("NEW.md", "`NEW.md` is not in the git index; expected a file that git tracks"),
        ("nowhere.md", "`nowhere.md` is not in the git index; expected a file that git tracks"),
        ("-", "`-` is not in the git index; expected a file that git tracks"),
        ("/etc/hostname", "`/etc/hostname` is not in the git repository"),
    ] {
        let run = project.run(&format!("{CHECK} {named}"));
        assert!(run.exits(2).stdout().contains(said), "{named}: {}", run.shown());
    }
}

#[test]
fn force_exclude_narrows_files_of_the_work_tree() {
    let (project, _) = project();
    project.write("A.md", "There are 9 agents.\n");
    project.write("CHANGELOG.md", "There are 6 agents.\n");
    project.write("sub/B.md", "There are 5 agents.\n");
    let named = "A.md CHANGELOG.md sub/B.md";
    assert_eq!(project.run(&format!("check --format concise {named}")).exits(1).stdout().lines().count(), 4);
    let run = project.run(&format!("check --force-exclude --format concise {named}"));
    assert_eq!(run.exits(1).stdout().lines().count(), 2);
    project.run("check --force-exclude --allow-empty CHANGELOG.md").exits(0);
    project.run("fix --force-exclude --allow-empty CHANGELOG.md").exits(0);
    // Without `docs`, every Markdown file is a document.
    project.write("trueup.toml", CONFIG_WITHOUT_DOCS);
    let run = project.run(&format!("check --force-exclude --format concise {named} agents/a.txt"));
    assert_eq!(run.exits(1).stdout().lines().count(), 4, "{}", run.shown());
}

const CONFIG_WITHOUT_DOCS: &str = "[metric.agents]\nnames = [\"agents\"]\nfrom.file = { count = \"agents/*.txt\" }\n";

#[test]
fn from_a_folder_below_and_from_a_linked_work_tree() {
    let (project, scratch) = project();
    scratch.write("docs/D.md", "There are 2 agents.\n").commit("one");
    scratch.write("docs/D.md", "There are 8 agents.\n").git(&["add", "-A"]);
    let run = project.trueup(CHECK.split(' ')).inside("docs").run();
    assert!(run.exits(1).stdout().starts_with("D.md:1:11: count-drift"), "{}", run.shown());
    let linked = project.path("../linked");
    let linked = linked.with_file_name(format!("{}-linked", project.folder().file_name().unwrap().to_str().unwrap()));
    scratch.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let other = Scratch::at(&linked);
    other.write("docs/D.md", "There are 7 agents.\n").git(&["add", "-A"]);
    let run = project.trueup(CHECK.split(' ')).inside(linked.to_str().unwrap()).run();
    assert!(run.exits(1).stdout().starts_with("docs/D.md:1:11: count-drift claimed 7 agents"), "{}", run.shown());
    std::fs::remove_dir_all(linked).unwrap();
}

#[test]
fn submodules_are_judged_in_themselves() {
    let (project, scratch) = project();
    let inner = Project::new();
    Scratch::init(inner.folder()).write("docs/I.md", "There are 9 agents.\n").commit("inner");
    scratch.commit("one");
    scratch.git(&["submodule", "add", "-q", inner.folder().to_str().unwrap(), "docs/inner"]);
    assert!(project.run(CHECK).exits(0).stdout().ends_with("\nnothing was judged: no document\n"));
    Scratch::at(&project.path("docs/inner")).write("docs/I.md", "There are 8 agents.\n").git(&["add", "-A"]);
    // What git tells its hooks of the repository around is not taken for the one inside.
    let arguments = ["check", "--staged", "--format", "concise", "--config", "../../trueup.toml", "docs/I.md"];
    let run = project.trueup(arguments).inside("docs/inner").run();
    assert!(run.exits(1).stdout().contains("docs/I.md:1:11: count-drift claimed 8 agents"), "{}", run.shown());
}

#[test]
fn what_git_sets_for_its_hooks_is_respected() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").commit("one");
    // A commit of named files has an index of its own.
    let other = project.path(".git/other-index");
    std::fs::copy(project.path(".git/index"), &other).unwrap();
    scratch.write("A.md", "There are 9 agents.\n");
    let output = std::process::Command::new("git")
        .args(["add", "A.md"])
        .current_dir(project.folder())
        .env("GIT_INDEX_FILE", &other)
        .output()
        .unwrap();
    assert!(output.status.success());
    project.run(CHECK).exits(0);
    for index in [".git/other-index", other.to_str().unwrap()] {
        project.trueup(CHECK.split(' ')).env("GIT_INDEX_FILE", index).run().exits(1);
        project.trueup(CHECK.split(' ')).env("GIT_INDEX_FILE", index).env("GIT_DIR", ".git").run().exits(1);
    }
    let run = project.trueup(CHECK.split(' ')).env("GIT_DIR", "/nonexistent").run();
    assert!(run.exits(2).stdout().contains("is in no git repository"), "{}", run.shown());
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let (project, scratch) = project();
    project.run(CHECK).exits(0);
    scratch.write("A.md", "There are 9 agents.\n").git(&["add", "-A"]);
    project.run(CHECK).exits(1);
}

#[test]
fn without_a_repository_it_says_what_is_missing() {
    let project = Project::new().with("A.md", "There are 2 agents.\n");
    let run = project.run(CHECK);
    assert_eq!(
        run.exits(2).stdout(),
        format!(
            "trueup: unreadable-repository `{}` is in no git repository; expected one\nnothing was judged; 1 fault\n",
            project.folder().canonicalize().unwrap().display()
        )
    );
    git_in(project.folder(), &["init", "-q", "--bare", "bare.git"]);
    let run = project.trueup(CHECK.split(' ')).inside("bare.git").run();
    assert!(run.exits(2).stdout().contains("has no work tree here"), "{}", run.shown());
    // No git at all.
    let run = project.trueup(CHECK.split(' ')).env("PATH", "/nonexistent").run();
    assert!(run.exits(2).stdout().contains("there is no git program; expected `git` on the PATH"), "{}", run.shown());
}

#[test]
fn a_merge_that_is_not_resolved_is_told() {
    let (project, scratch) = project();
    scratch.write("A.md", "There are 2 agents.\n").commit("one");
    scratch.git(&["checkout", "-q", "-b", "side"]);
    scratch.write("A.md", "There are 3 agents.\n").commit("side");
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("A.md", "There are 4 agents.\n").commit("main");
    assert!(!git_in(project.folder(), &["merge", "-q", "side"]).status.success());
    for named in ["", "A.md"] {
        let run = project.run(&format!("{CHECK} {named}"));
        let told = "`A.md` is in a merge that is not resolved; expected one content in the git index";
        assert_eq!(run.exits(2).stdout().matches(told).count(), 1, "{}", run.shown());
    }
}

#[test]
fn a_claim_that_cannot_be_measured_stops_nothing_where_that_is_asked() {
    let (project, scratch) = project_with_coverage();
    scratch.write("A.md", "Coverage: 85%\n").git(&["add", "-A"]);
    let run = project.run(CHECK);
    run.exits(3);
    let run = project.run(&format!("{CHECK} --unmeasured warn"));
    assert!(run.exits(0).stdout().contains("A.md:1:11: unmeasured-claim"), "and it says so: {}", run.shown());
    assert!(!project.run(&format!("{CHECK} --unmeasured allow")).exits(0).stdout().contains("unmeasured-claim"));
    project.run("check --unmeasured warn A.md").exits(0);
    project.run("check --unmeasured often A.md").exits(2);
}
