use std::path::Path;
use std::time::Duration;

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::probe::Look;
use trueup::measure::request::{Check, GitCheck};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

use crate::scratch::{Scratch, git_in};
use crate::{failed, look_with, passed, unmeasured};

async fn look(folder: &Path, clean: bool, tag: &[&str]) -> Look {
    let tag = tag.iter().map(|&glob| glob.to_owned()).collect();
    let check = Check::Git(GitCheck { folder: folder.to_owned(), clean, tag });
    look_with(&Sources::new(true), &check, Duration::from_secs(20)).await
}

#[tokio::test]
async fn a_tree_with_changes_is_not_clean_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = Scratch::init(folder.path());
    let head = |look: &Look| look.evidence.get("commit").unwrap().to_owned();
    scratch.write("a.md", "1").write("old name", "1").write(".gitignore", "ignored").commit("one");
    scratch.write("ignored", "x");
    let seen = look(folder.path(), true, &[]).await;
    assert_eq!(passed(&seen), format!("nothing differs from commit {}", head(&seen)));
    assert_eq!((seen.proved, seen.evidence.get("changes")), (Some(Rung::Functional), Some("0")));
    scratch.write("a.md", "2").write("new/ü b.md", "1").git(&["mv", "old name", "new name"]);
    let seen = look(folder.path(), true, &[]).await;
    let (class, reason) = failed(&seen);
    assert_eq!((class, seen.rung), (FailureClass::WrongAnswer, Rung::Functional));
    let expected = format!("4 files are not as in commit {}: `a.md`, `new name`, `old name`, …", head(&seen));
    assert_eq!(reason, expected);
    assert_eq!(seen.evidence.log, ["a.md", "new name", "old name", "new/ü b.md"]);
}

#[tokio::test]
async fn a_commit_without_a_tag_is_down_where_all_tags_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let scratch = Scratch::init(&at("r"));
    scratch.write("a.md", "1").commit("one").git(&["tag", "v1.0"]);
    scratch.git(&["tag", "-a", "-m", "x", "release/1"]);
    for tag in [["v*"], ["release/*"]] {
        let seen = look(&at("r"), true, &tag).await;
        assert!(passed(&seen).contains(" is tagged "), "{seen:?}");
    }
    assert_eq!(failed(&look(&at("r"), false, &["w*"]).await).0, FailureClass::Missing);
    scratch.commit("two");
    let seen = look(&at("r"), false, &["v*"]).await;
    assert!(failed(&seen).1.ends_with("which is checked out, has no tag that matches `v*`"), "{seen:?}");
    // A clone that was told to take less does not know.
    let url = format!("file://{}", at("r").display());
    for (name, option, words) in
        [("shallow", "--depth=1", "is a shallow clone"), ("tagless", "--no-tags", "was cloned without tags")]
    {
        assert!(git_in(folder.path(), &["clone", "-q", option, &url, name]).status.success());
        let seen = look(&at(name), true, &["v*"]).await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::SourceAway, "{name}");
        assert!(why.detail.contains(words), "{why:?}");
        // What differs is down all the same.
        Scratch::at(&at(name)).write("b.md", "");
        assert_eq!(failed(&look(&at(name), true, &["v*"]).await).0, FailureClass::WrongAnswer);
    }
}

#[tokio::test]
async fn without_a_repository_nobody_can_look() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(unmeasured(&look(folder.path(), true, &[]).await).0, UnmeasuredCause::SourceAway);
    let scratch = Scratch::init(folder.path());
    let seen = look(folder.path(), true, &[]).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::SourceAway, "no commit: {seen:?}");
    scratch.commit("one");
    passed(&look(folder.path(), true, &[]).await);
    let check = Check::Git(GitCheck { folder: folder.path().to_owned(), clean: true, tag: Vec::new() });
    assert_eq!(unmeasured(&crate::look(&check).await).0, UnmeasuredCause::NotAllowed, "git is a program");
}
