//! `trueup hook … git`: a hook beside those that are there.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use crate::support::program::Project;
use crate::support::repository::{Scratch, git_in, isolated};
use crate::{project, project_with_coverage};

/// A commit, hooks and all, without trueup on the PATH.
fn commit(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.args(["commit", "-q", "-m", "x"]).args(arguments).current_dir(project.folder());
    isolated(&mut command).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_false_claim_is_not_committed() {
    let (project, scratch) = project_with_coverage();
    scratch.commit("one");
    let run = project.run("hook install git");
    assert!(run.exits(0).stdout().starts_with("installed the pre-commit hook in "), "{}", run.shown());
    scratch.write("A.md", "There are 9 agents.\n").git(&["add", "A.md"]);
    let output = commit(&project, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("claimed 9 agents, measured 2"), "{}", said(&output));
    // The same with the index that `commit -a` makes.
    scratch.write("A.md", "There are 2 agents.\n");
    let output = commit(&project, &["-a"]);
    assert!(output.status.success(), "{}", said(&output));
    scratch.write("A.md", "There are 5 agents.\n");
    assert!(!commit(&project, &["A.md"]).status.success());
    // What cannot be measured is told, and stops nothing.
    scratch.write("A.md", "Coverage: 85%\n");
    let output = commit(&project, &["A.md"]);
    assert!(output.status.success() && said(&output).contains("unmeasured"), "{}", said(&output));
    // A commit without documents.
    assert!(commit(&project, &["--allow-empty"]).status.success());
    // In a linked work tree git says where it is.
    scratch.git(&["worktree", "add", "-q", "linked"]);
    let linked = Scratch::at(&project.path("linked"));
    linked.write("B.md", "There are 7 agents.\n").git(&["add", "B.md"]);
    let output = git_in(&project.path("linked"), &["commit", "-m", "x"]);
    assert!(!output.status.success() && said(&output).contains("claimed 7 agents"), "{}", said(&output));
    let run = project.run("hook uninstall git");
    assert!(run.exits(0).stdout().starts_with("took the pre-commit hook out of "), "{}", run.shown());
    assert!(commit(&project, &["--allow-empty"]).status.success());
    project.run("hook uninstall git").exits(0);
}

/// What git tells a hook of its repository is right for the repository, from every folder of it, and wrong for others.
#[test]
fn numbers_of_git_are_those_of_their_repository_in_a_hook_as_well() {
    let project = Project::new();
    let scratch = Scratch::init(project.folder());
    scratch.write("a.txt", "1").write("b.txt", "1").write(".gitignore", "other\nlinked\n*.json\n");
    project.write(
        "below/trueup.toml",
        "[metric.files]\nfrom.git = { count = 'files', match = '**/*.txt', folder = '..' }\n\
        [metric.others]\nfrom.git = { count = 'files', folder = '../other' }\n",
    );
    let other = Scratch::init(&project.path("other"));
    for name in ["1", "2", "3", "4", "5"] {
        other.write(name, "");
    }
    other.commit("one");
    scratch.commit("one");
    let hook = project.path(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let seen = project.path("seen.json");
    let program = env!("CARGO_BIN_EXE_trueup");
    fs::write(&hook, format!("#!/bin/sh\ncd below && exec {program} probe -o {}\n", seen.display())).unwrap();
    fs::set_permissions(&hook, Permissions::from_mode(0o755)).unwrap();
    let numbers = || {
        let snapshot: serde_json::Value = serde_json::from_str(&fs::read_to_string(&seen).unwrap()).unwrap();
        fs::remove_file(&seen).unwrap();
        [0, 1].map(|metric| snapshot["metrics"][metric]["outcome"]["value"].as_f64())
    };
    // `commit -a` takes a file out of an index of its own, which the hook is told of.
    fs::remove_file(project.path("b.txt")).unwrap();
    let output = commit(&project, &["-a"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(numbers(), [Some(1.0), Some(5.0)]);
    // In a linked work tree the hook is told of the repository as well.
    scratch.git(&["worktree", "add", "-q", "linked"]);
    let linked = Scratch::at(&project.path("linked"));
    linked.write("c.txt", "1").write("d.txt", "1").git(&["add", "."]);
    std::os::unix::fs::symlink(project.path("other"), project.path("linked/other")).unwrap();
    let output = git_in(&project.path("linked"), &["commit", "-q", "-m", "x"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(numbers(), [Some(3.0), Some(5.0)]);
}

#[test]
fn a_hook_that_is_there_runs_first_and_comes_back() {
    let (project, scratch) = project();
    scratch.commit("one");
    let hook = project.path(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let before = "#!/bin/sh\necho first\nexit $(cat verdict)\n";
    fs::write(&hook, before).unwrap();
    fs::set_permissions(&hook, Permissions::from_mode(0o751)).unwrap();
    let run = project.run("hook install git");
    assert!(run.exits(0).stdout().contains("the one that was there is kept"), "{}", run.shown());
    project.run("hook install git").exits(0);
    scratch.write("verdict", "3").write("A.md", "There are 9 agents.\n").git(&["add", "-A"]);
    let output = commit(&project, &[]);
    assert!(!output.status.success() && !said(&output).contains("agents"), "{}", said(&output));
    scratch.write("verdict", "0");
    let output = commit(&project, &[]);
    assert!(said(&output).contains("first") && said(&output).contains("claimed 9 agents"), "{}", said(&output));
    project.run("hook uninstall git").exits(0);
    assert_eq!(fs::read_to_string(&hook).unwrap(), before);
    assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o751);
}

#[test]
fn the_folder_of_hooks_is_the_one_that_git_uses() {
    let (project, scratch) = project();
    scratch.commit("one");
    scratch.git(&["config", "core.hooksPath", ".githooks"]);
    project.trueup(["hook", "install", "git"]).inside("agents").run().exits(0);
    let script = project.text(".githooks/pre-commit");
    assert!(script.contains("\ntrueup=trueup\n"), "others get this one, and have trueup elsewhere: {script}");
    // Without trueup on the PATH, nothing passes unseen.
    let output = commit(&project, &["--allow-empty"]);
    assert!(!output.status.success() && said(&output).contains("not on the PATH"), "{}", said(&output));
    project.run("hook uninstall git").exits(0);
    assert!(!project.path(".githooks/pre-commit").exists());
    // One for all repositories of the user.
    let shared = tempfile::tempdir().unwrap();
    scratch.git(&["config", "core.hooksPath", shared.path().to_str().unwrap()]);
    let run = project.run("hook install git");
    assert!(run.exits(2).stderr().contains("outside of this repository"), "{}", run.shown());
    assert_eq!(fs::read_dir(shared.path()).unwrap().count(), 0);
}

#[test]
fn what_would_be_installed_is_shown() {
    let project = Project::new();
    let run = project.run("hook show git");
    assert!(run.exits(0).stdout().ends_with("exec \"$trueup\" check --staged --allow-empty --unmeasured warn\n"));
    let run = project.run("hook install git");
    assert!(run.exits(2).stderr().contains("is in no git repository"), "{}", run.shown());
    project.run("hook install svn").exits(2);
}
