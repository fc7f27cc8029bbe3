//! `--commit`: the documents and nothing else, or a clear word on why not.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::loops::{signal, wait_until};
use crate::project;
use crate::support::program::{Project, Run, Trueup};
use crate::support::repository::Scratch;

/// One run that commits, with the identity of the tests and nothing that the machine configures.
fn watch<'a>(project: &'a Project) -> Trueup<'a> {
    as_somebody(project.trueup(["watch", "--once", "--commit"]))
}

fn as_somebody(run: Trueup<'_>) -> Trueup<'_> {
    run.env("GIT_AUTHOR_NAME", "a")
        .env("GIT_AUTHOR_EMAIL", "a@example.com")
        .env("GIT_COMMITTER_NAME", "a")
        .env("GIT_COMMITTER_EMAIL", "a@example.com")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
}

/// The project, committed.
fn committed() -> (Project, Scratch) {
    let project = project();
    let scratch = Scratch::init(project.folder());
    scratch.commit("first");
    (project, scratch)
}

fn refused(run: &Run, project: &Project, why: &str) {
    assert!(run.exits(2).stdout().contains(why), "{}", run.shown());
    assert!(project.text("STATUS.md").contains("3 agents running"), "it was written");
}

#[test]
fn the_documents_are_committed_and_nothing_else() {
    let (project, scratch) = committed();
    // Work of somebody, staged and not.
    project.write("staged.txt", "work");
    scratch.git(&["add", "staged.txt"]);
    project.write("agents/a.txt", "changed");
    project.write("OTHER.md", "untracked\n");
    let run = watch(&project).run();
    let out = run.exits(0).stdout();
    assert!(out.starts_with("fixed STATUS.md: 1 claim\ncommitted: status: agents 3 -> 2\n"), "{out}");
    assert_eq!(
        scratch.git(&["show", "--name-only", "--format=%B", "HEAD"]).trim(),
        "status: agents 3 -> 2\n\n- STATUS.md:3: agents 3 -> 2\n\n\nSTATUS.md".trim()
    );
    assert_eq!(scratch.git(&["status", "--porcelain"]), " M agents/a.txt\nA  staged.txt\n?? OTHER.md\n");
    // Nothing changed: nothing is committed.
    watch(&project).run().exits(0);
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]).trim(), "2");
}

#[test]
fn sections_are_told_as_well() {
    let (project, scratch) = committed();
    project
        .write("T.md", "# T\n\n<!-- trueup:begin metrics-table metrics=agents id=numbers -->\n<!-- trueup:end -->\n");
    scratch.commit("second");
    watch(&project).run().exits(0);
    let message = scratch.git(&["show", "--no-patch", "--format=%B", "HEAD"]);
    assert!(
        message.starts_with("status: agents 3 -> 2, numbers\n\n- STATUS.md:3: agents 3 -> 2\n- T.md:3: numbers\n"),
        "{message}"
    );
}

#[test]
fn changes_of_somebody_are_not_committed_with_ours() {
    for staged in [false, true] {
        let (project, scratch) = committed();
        project.write("STATUS.md", "# Status\n\n3 agents running.\n\nA word of mine.\n");
        if staged {
            scratch.git(&["add", "STATUS.md"]);
        }
        let run = watch(&project).run();
        refused(&run, &project, "`STATUS.md` has changes that are not committed");
        assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]).trim(), "1");
    }
    let (project, scratch) = committed();
    scratch.git(&["rm", "-q", "--cached", "STATUS.md"]);
    scratch.git(&["commit", "-q", "-m", "away"]);
    refused(&watch(&project).run(), &project, "`STATUS.md` is not tracked by git");
    project.write(".gitignore", "runs.log\nSTATUS.md\n");
    refused(&watch(&project).arg("STATUS.md").run(), &project, "`STATUS.md` is not tracked by git");
}

#[test]
fn a_repository_in_which_a_commit_would_be_lost_is_left() {
    let (project, scratch) = committed();
    scratch.git(&["checkout", "-q", "--detach"]);
    refused(&watch(&project).run(), &project, "HEAD is detached");
    scratch.git(&["checkout", "-q", "-b", "other"]);
    scratch.write("x.txt", "1").commit("x");
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("x.txt", "2").commit("y");
    let merge = crate::support::repository::git_in(project.folder(), &["merge", "other"]);
    assert!(!merge.status.success());
    refused(&watch(&project).run(), &project, "a merge is under way");
    // Nothing committed yet.
    let project = crate::project();
    let scratch = Scratch::init(project.folder());
    refused(&watch(&project).run(), &project, "the branch `main` has no commit yet");
    scratch.git(&["add", "."]);
    refused(&watch(&project).run(), &project, "the branch `main` has no commit yet");
}

#[test]
fn without_a_repository_it_says_so_before_anything_is_measured() {
    let project = project();
    let run = watch(&project).env("GIT_CEILING_DIRECTORIES", "/").run();
    refused(&run, &project, "is in no git repository");
    let empty = tempfile::tempdir().unwrap();
    let run = watch(&project).env("PATH", empty.path().to_str().unwrap()).run();
    refused(&run, &project, "there is no git program");
    let scratch = Scratch::init(project.folder());
    scratch.commit("first");
    scratch.git(&["config", "core.bare", "true"]);
    refused(&watch(&project).run(), &project, "has no work tree here");
    assert!(!project.path("runs.log").exists());
}

#[test]
fn documents_outside_of_the_repository_are_refused() {
    // The repository is a folder of the project.
    let project = project().with("sub/trueup.toml", crate::CONFIG).with("sub/agents/a.txt", "");
    Scratch::init(&project.path("sub")).commit("first");
    let run = as_somebody(project.trueup(["watch", "--once", "--commit", "../STATUS.md", "--config", "trueup.toml"]));
    let run = run.inside("sub").run();
    refused(&run, &project, "is not in the git repository");
}

#[test]
fn a_linked_work_tree_and_a_link_to_a_document_are_committed_where_they_are() {
    let (project, scratch) = committed();
    let tree = tempfile::tempdir().unwrap();
    let tree = tree.path().join("tree");
    scratch.git(&["worktree", "add", "-q", "-b", "side", tree.to_str().unwrap()]);
    let run = as_somebody(project.trueup(["watch", "--once", "--commit", "--config"]).arg(tree.join("trueup.toml")));
    run.run().exits(0);
    assert_eq!(Scratch::at(&tree).git(&["rev-list", "--count", "HEAD"]).trim(), "2");
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]).trim(), "1");
    // A document that is a link: git is told of what it leads to.
    let (project, scratch) = committed();
    std::fs::create_dir(project.path("real")).unwrap();
    std::fs::rename(project.path("STATUS.md"), project.path("real/status.txt")).unwrap();
    symlink("real/status.txt", project.path("STATUS.md")).unwrap();
    project.write("trueup.toml", crate::CONFIG.replace("\"*.md\"", "\"STATUS.md\""));
    scratch.commit("link");
    watch(&project).run().exits(0);
    assert_eq!(scratch.git(&["show", "--name-only", "--format=", "HEAD"]).trim(), "real/status.txt");
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
}

/// A hook runs as for every commit. One that refuses leaves the documents as they were, so that the next run can try again.
#[test]
fn a_hook_that_refuses_leaves_everything_as_it_was() {
    let (project, scratch) = committed();
    let hook = project.path(".git/hooks/pre-commit");
    project.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\ngit diff --cached --name-only -- '*.md' >hooked.log\necho not today >&2\nexit 1\n",
    );
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = watch(&project).run();
    refused(&run, &project, "`git commit` failed: not today");
    assert_eq!(project.text("hooked.log"), "STATUS.md\n");
    std::fs::remove_file(project.path("hooked.log")).unwrap();
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
    std::fs::remove_file(hook).unwrap();
    watch(&project).run().exits(0);
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]).trim(), "2");
    // Nobody to sign it: the same.
    project.write("agents/c.txt", "");
    let before = project.bytes("STATUS.md");
    let nobody = project.trueup(["watch", "--once", "--commit"]).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let run = nobody.env("EMAIL", "").env("GIT_AUTHOR_NAME", "").env("GIT_COMMITTER_NAME", "").run();
    assert!(run.exits(2).stdout().contains("`git commit` failed"), "{}", run.shown());
    assert_eq!(project.bytes("STATUS.md"), before);
}

/// By the clock: a commit for each change, and none without.
#[test]
fn each_change_is_a_commit() {
    let (project, scratch) = committed();
    let started = as_somebody(project.trueup(["watch", "--every", "200ms", "--commit"])).start();
    let commits = || scratch.git(&["log", "--format=%s"]).lines().map(str::to_owned).collect::<Vec<_>>();
    wait_until("the first commit", || commits().len() == 2);
    project.write("agents/c.txt", "");
    wait_until("the second commit", || commits().len() == 3);
    signal(&started, "-TERM");
    started.end().exits(0);
    assert_eq!(commits(), ["status: agents 2 -> 3", "status: agents 3 -> 2", "first"]);
    assert_eq!(scratch.git(&["status", "--porcelain"]), "?? agents/c.txt\n");
}

/// The configuration of a commit is obeyed, and nothing is kept of such a run.
#[test]
fn config_from_a_commit() {
    let (project, _scratch) = committed();
    project.write("trueup.toml", "docs = 7\n");
    project.run("watch --once --check").exits(2);
    project.run("watch --once --check --config-from HEAD").exits(1);
    assert!(!project.path(".trueup/snapshot.json").exists());
}

#[test]
fn the_incident_in_one_commit() {
    let project = Project::of_example("incident");
    let scratch = Scratch::init(project.folder());
    scratch.commit("first");
    watch(&project).run().exits(0);
    let message = scratch.git(&["show", "--no-patch", "--format=%B", "HEAD"]);
    let lines: Vec<&str> = message.trim_end().lines().collect();
    assert_eq!(lines[0], "status: mcp 21/21 -> 0/21, mcp 100% -> 0% and 8 more", "{message}");
    let told = "- CLAUDE.md:37: mcp/postgres Connected -> not functional";
    assert!(lines.len() == 12 && lines.contains(&told), "{message}");
}

/// The hook of `trueup hook install git` looks at what the watch commits as at any other commit.
#[test]
fn our_own_hook_lets_through_what_is_true() {
    let (project, scratch) = committed();
    project.run("hook install git").exits(0);
    watch(&project).run().exits(0);
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]).trim(), "2");
}
