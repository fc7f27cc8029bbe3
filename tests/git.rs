//! What the git room says of real repositories.
#![cfg(unix)]

#[path = "support/repository.rs"]
mod repository;

use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use repository::{Scratch, git_in};
use trueup::git::{Change, ChangeKind, EntryKind, GitError, Repository, Side, State};

fn names(changes: &[Change]) -> Vec<(&str, &ChangeKind)> {
    changes.iter().map(|change| (change.path.to_str().unwrap(), &change.kind)).collect()
}

#[test]
fn the_index_is_told_from_the_work_tree() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::init(folder.path());
    scratch.write("a.md", "one\n").write("docs/ü b\n.md", "two\n").write("gone.md", "three\n");
    scratch.write("old.md", "a long text\nthat is recognised\nwhen it moves\n").commit("first");
    scratch.write("a.md", "staged\n");
    scratch.git(&["rm", "-q", "gone.md"]);
    scratch.git(&["mv", "old.md", "new.md"]);
    symlink("a.md", folder.path().join("link.md")).unwrap();
    scratch.git(&["add", "-A"]);
    scratch.write("a.md", "unstaged\n").write("untracked.md", "x\n");
    // From a folder below as from the top.
    for start in [folder.path().to_owned(), folder.path().join("docs")] {
        let found = Repository::find(&start).unwrap();
        assert_eq!(found.top(), folder.path().canonicalize().unwrap());
        let staged = found.staged().unwrap();
        assert_eq!(
            names(&staged),
            [
                ("a.md", &ChangeKind::Modified),
                ("gone.md", &ChangeKind::Deleted),
                ("link.md", &ChangeKind::Added),
                ("new.md", &ChangeKind::Renamed { from: "old.md".into() }),
            ]
        );
        assert_eq!(staged[2].entry, EntryKind::Link);
        assert_eq!(found.blob(staged[0].after.as_ref().unwrap()).unwrap(), b"staged\n");
        assert_eq!(found.blob(staged[0].before.as_ref().unwrap()).unwrap(), b"one\n");
        let entries = found.index(&[]).unwrap();
        let paths: Vec<_> = entries.iter().map(|entry| entry.path.to_str().unwrap()).collect();
        assert_eq!(paths, ["a.md", "docs/ü b\n.md", "link.md", "new.md"]);
        let ids: Vec<_> = entries.iter().map(|entry| entry.id.clone()).collect();
        let blobs = found.blobs(&ids).unwrap();
        assert_eq!((blobs[0].as_slice(), blobs[1].as_slice()), (&b"staged\n"[..], &b"two\n"[..]));
        assert_eq!(found.index(&[Path::new("*.md")]).unwrap(), [], "a name is no pattern");
        assert_eq!(found.index(&[Path::new("docs")]).unwrap().len(), 1);
        let head = found.head().unwrap().unwrap();
        assert_eq!(found.show(&head, Path::new("a.md")).unwrap().unwrap(), b"one\n");
        assert_eq!(found.show(&head, Path::new("new.md")).unwrap(), None);
        assert_eq!(found.show(&head, Path::new("docs")).unwrap(), None, "a folder is no file");
        let since = found.since(&head, Side::WorkTree).unwrap();
        assert_eq!((since[0].path.to_str(), &since[0].after), (Some("a.md"), &None));
        assert_eq!(names(&found.since(&head, Side::Index).unwrap()), names(&staged));
        let status = found.status(&[Path::new("a.md"), Path::new("untracked.md"), Path::new("new.md")]).unwrap();
        let status: Vec<_> = status.iter().map(|entry| (entry.path.to_str().unwrap(), entry.state)).collect();
        assert_eq!(status, [("a.md", State::Unstaged), ("new.md", State::Staged), ("untracked.md", State::Untracked)]);
    }
}

#[test]
fn before_the_first_commit() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::init(folder.path());
    let found = Repository::find(folder.path()).unwrap();
    assert_eq!((found.head().unwrap(), found.staged().unwrap()), (None, vec![]));
    scratch.write("a.md", "x");
    scratch.git(&["add", "a.md"]);
    assert_eq!(names(&found.staged().unwrap()), [("a.md", &ChangeKind::Added)]);
    let missing = found.commit("main").unwrap_err();
    assert_eq!(missing, GitError::NoCommit { revision: "main".to_owned(), shallow: false });
}

#[test]
fn where_there_is_nothing_to_ask_it_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let none = Repository::find(folder.path()).unwrap_err();
    assert!(matches!(none, GitError::NotARepository { .. }), "{none}");
    git_in(folder.path(), &["init", "-q", "--bare", "bare.git"]);
    for inside in ["bare.git", "bare.git/refs"] {
        let bare = Repository::find(&folder.path().join(inside)).unwrap_err();
        assert!(matches!(bare, GitError::NoWorkTree { .. }), "{bare}");
    }
    let gone = Repository::find(&folder.path().join("gone")).unwrap_err();
    assert!(matches!(&gone, GitError::Failed { message, .. } if message.contains("No such file")), "{gone}");
}

#[test]
fn a_repository_of_somebody_else_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    Scratch::init(folder.path()).write("a.md", "1").commit("one");
    let theirs = [folder.path().to_owned(), folder.path().join(".git")];
    if theirs.iter().any(|path| std::os::unix::fs::chown(path, Some(54_321), None).is_err()) {
        let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
        assert!(!all, "TRUEUP_TEST_ALL=1, and only root gives files away");
        _ = writeln!(
            std::io::stderr(),
            "skipped: a_repository_of_somebody_else_is_not_read: only root gives files away"
        );
        return;
    }
    let error = Repository::find(folder.path()).unwrap_err();
    assert!(matches!(error, GitError::Untrusted { .. }), "{error}");
    assert!(error.hint().contains("safe.directory"));
}

#[test]
fn revisions() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::init(folder.path());
    scratch.write("a.md", "1").commit("one");
    scratch.git(&["tag", "first"]);
    scratch.git(&["checkout", "-q", "-b", "side"]);
    scratch.write("b.md", "2").commit("two");
    scratch.git(&["checkout", "-q", "main"]);
    scratch.write("c.md", "3").commit("three");
    let found = Repository::find(folder.path()).unwrap();
    let (main, side, first) =
        (found.commit("main").unwrap(), found.commit("side").unwrap(), found.commit("first").unwrap());
    assert_eq!(found.merge_base(&main, &side).unwrap(), Some(first.clone()));
    for wrong in ["nowhere", "--all", "-h", "", "0123456789012345678901234567890123456789", "main:a.md"] {
        let error = found.commit(wrong).unwrap_err();
        assert_eq!(error, GitError::NoCommit { revision: wrong.to_owned(), shallow: false });
    }
    let tree = found.tree(&side, &[]).unwrap();
    assert_eq!(tree.iter().map(|(path, _)| path.to_str().unwrap()).collect::<Vec<_>>(), ["a.md", "b.md"]);
    // A clone that holds the last commit alone.
    let url = format!("file://{}", folder.path().display());
    let clone = tempfile::tempdir().unwrap();
    assert!(git_in(clone.path(), &["clone", "-q", "--depth=1", &url, "."]).status.success());
    let shallow = Repository::find(clone.path()).unwrap();
    assert!(shallow.is_shallow());
    let error = shallow.commit(first.as_str()).unwrap_err();
    assert_eq!(error, GitError::NoCommit { revision: first.as_str().to_owned(), shallow: true });
    assert!(error.hint().contains("fetch-depth: 0"));
}

#[test]
fn work_trees_and_submodules_are_repositories_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let scratch = Scratch::init(&one);
    scratch.write("a.md", "1").commit("one");
    let inner = Scratch::init(&two);
    inner.write("b.md", "2").commit("two");
    scratch.git(&["submodule", "add", "-q", "../two", "sub"]);
    let staged = Repository::find(&one).unwrap().staged().unwrap();
    assert_eq!(staged.iter().filter(|change| change.entry == EntryKind::Submodule).count(), 1);
    scratch.commit("with a submodule");
    assert_eq!(Repository::find(&one.join("sub")).unwrap().top(), one.canonicalize().unwrap().join("sub"));
    scratch.git(&["worktree", "add", "-q", "../linked"]);
    let linked = folder.path().join("linked");
    Scratch::at(&linked).write("c.md", "3").git(&["add", "c.md"]);
    let found = Repository::find(&linked).unwrap();
    assert_eq!(names(&found.staged().unwrap()), [("c.md", &ChangeKind::Added)]);
    assert_eq!(Repository::find(&one).unwrap().staged().unwrap(), []);
    assert_ne!(found.directory(), linked.canonicalize().unwrap().join(".git"));
}

#[test]
fn names_are_those_from_the_top() {
    let folder = tempfile::tempdir().unwrap();
    Scratch::init(folder.path()).write("docs/a.md", "1");
    let found = Repository::find(&folder.path().join("docs")).unwrap();
    let name = |path: &str| found.name_of(&folder.path().join(path));
    assert_eq!(name("docs/a.md"), Some(PathBuf::from("docs/a.md")));
    assert_eq!(name("docs/../new/b.md"), Some(PathBuf::from("new/b.md")));
    assert_eq!(name("../a.md"), None);
    assert_eq!(name("."), None);
    symlink(folder.path().join("docs"), folder.path().join("also")).unwrap();
    assert_eq!(name("also/a.md"), Some(PathBuf::from("docs/a.md")));
}

#[test]
fn nothing_that_a_repository_configures_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::init(folder.path());
    let mark = folder.path().join("started");
    let program = format!("touch {}; true", mark.display());
    scratch.write("a.md", "1\n").write(".gitattributes", "*.md diff=x\n").commit("one");
    for key in ["core.fsmonitor", "diff.external", "diff.x.command", "diff.x.textconv", "core.pager", "core.editor"] {
        scratch.git(&["config", key, &program]);
    }
    scratch.write("a.md", "2\n");
    std::fs::remove_file(&mark).ok();
    let found = Repository::find(folder.path()).unwrap();
    let head = found.head().unwrap().unwrap();
    assert_eq!(found.since(&head, Side::WorkTree).unwrap().len(), 1);
    assert_eq!(found.status(&[]).unwrap()[0].state, State::Unstaged);
    assert!(!mark.exists());
}
