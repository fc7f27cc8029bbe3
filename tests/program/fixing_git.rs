//! `trueup fix` in a git repository: it writes over nothing that git could not give back.

use std::process::Command;

use crate::project;
use crate::support::program::Project;

const FALSE: &str = "Gateways: 2/2 operational\n";
const TRUE: &str = "Gateways: 1/2 operational\n";

fn git(project: &Project, arguments: &str) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.arg("-C").arg(project.folder()).args(identity).args(arguments.split_whitespace());
    let run = command.output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A repository with one document, committed.
fn repository() -> Project {
    let project = project(FALSE);
    git(&project, "init -q");
    git(&project, "add .");
    git(&project, "commit -qm a");
    project
}

#[test]
fn a_committed_document_is_written() {
    let project = repository();
    project.run("fix").exits(0);
    assert_eq!(project.text("STATUS.md"), TRUE);
    // It is uncommitted now, and there is nothing more to write.
    project.run("fix").exits(0);
}

#[test]
fn changes_that_are_not_committed_are_not_written_over() {
    let project = repository();
    let edited = format!("{FALSE}\nMore.\n");
    project.write("STATUS.md", &edited);
    let refused = project.run("fix");
    insta::assert_snapshot!(refused.exits(2).shown());
    assert_eq!(project.text("STATUS.md"), edited);
    git(&project, "add STATUS.md");
    project.run("fix").exits(2);
    // To look at a change costs nothing.
    assert!(project.run("fix --diff").exits(1).stdout().contains("+Gateways: 1/2"));
    assert_eq!(project.text("STATUS.md"), edited);
    project.run("fix --allow-dirty").exits(0);
    assert_eq!(project.text("STATUS.md"), edited.replace(FALSE, TRUE));
}

#[test]
fn one_that_git_does_not_track_is_refused_and_one_that_it_ignores_is_not() {
    let project = repository().with("docs/new.md", FALSE).with("local.md", FALSE).with(".gitignore", "local.md\n");
    let run = project.run("fix docs/new.md local.md");
    assert!(run.exits(2).stdout().contains("`docs/new.md` is not tracked by git"), "{}", run.shown());
    assert_eq!((project.text("docs/new.md").as_str(), project.text("local.md").as_str()), (FALSE, FALSE));
    project.run("fix local.md").exits(0);
    assert_eq!(project.text("local.md"), TRUE);
}

#[test]
fn documents_with_nothing_to_write_are_not_asked_about() {
    let project = repository().with("docs/new.md", "Nothing.\n");
    project.run("fix STATUS.md docs").exits(0);
    assert_eq!(project.text("STATUS.md"), TRUE);
}

#[test]
fn without_git_or_a_repository_documents_are_written() {
    let project = repository();
    project.write("STATUS.md", format!("{FALSE}\nMore.\n"));
    // A search path with a shell for the checks, and no git.
    std::fs::create_dir(project.path("bin")).unwrap();
    for program in ["sh", "true"] {
        let real = which(program);
        std::os::unix::fs::symlink(real, project.path("bin").join(program)).unwrap();
    }
    let bin = project.path("bin");
    project.trueup(["fix"]).env("PATH", bin.to_str().unwrap()).run().exits(0);
    assert!(project.text("STATUS.md").starts_with(TRUE));
}

fn which(program: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file()).unwrap()
}
