use std::fs;
use std::path::Path;

use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, FileCheck};
use trueup::rung::Rung;

use crate::{failed, look, passed, unmeasured};

fn file(path: &Path, matches: Option<&str>) -> Check {
    Check::File(FileCheck { path: path.to_owned(), matches: matches.map(str::to_owned) })
}

#[tokio::test]
async fn a_file_or_folder_that_is_there_exists() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.txt");
    fs::write(&path, "status: ok\n").unwrap();
    let seen = look(&file(&path, None)).await;
    assert_eq!(passed(&seen), format!("file `{}` is there", path.display()));
    assert_eq!((seen.proved, seen.evidence.get("bytes")), (Some(Rung::Exists), Some("11")));
    let seen = look(&file(root.path(), None)).await;
    assert_eq!(passed(&seen), format!("folder `{}` is there", root.path().display()));
}

#[tokio::test]
async fn text_that_matches_proves_more_and_text_that_does_not_disproves_no_more() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.txt");
    fs::write(&path, b"\xFF status: ok\n").unwrap();
    let seen = look(&file(&path, Some("status: (ok|fine)"))).await;
    passed(&seen);
    assert_eq!(seen.proved, Some(Rung::Functional));
    let seen = look(&file(&path, Some("status: bad"))).await;
    assert_eq!(failed(&seen).0, FailureClass::WrongAnswer);
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Functional, Some(Rung::Exists), false));
}

#[tokio::test]
async fn what_is_not_there_is_missing() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("gone");
    let seen = look(&file(&path, Some("x"))).await;
    assert_eq!(failed(&seen), (FailureClass::Missing, format!("`{}` is not there", path.display()).as_str()));
    assert_eq!((seen.rung, seen.proved), (Rung::Exists, None));
    fs::write(&path, "").unwrap();
    let seen = look(&file(&path.join("below"), None)).await;
    assert_eq!(failed(&seen).0, FailureClass::Missing);
}

#[tokio::test]
async fn a_folder_has_no_text() {
    let root = tempfile::tempdir().unwrap();
    let seen = look(&file(root.path(), Some("x"))).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert!(why.detail.ends_with("is a folder; expected a file with text"), "{}", why.detail);
    assert_eq!(seen.proved, Some(Rung::Exists));
}

#[tokio::test]
async fn no_match_in_the_part_that_was_read_is_not_a_mismatch() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("large");
    fs::write(&path, "early").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_len((64 << 20) + 1).unwrap();
    passed(&look(&file(&path, Some("early"))).await);
    assert_eq!(unmeasured(&look(&file(&path, Some("late"))).await).0, UnmeasuredCause::Unreadable);
}

#[tokio::test]
async fn a_pattern_that_is_none_is_our_fault() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.txt");
    fs::write(&path, "").unwrap();
    assert_eq!(unmeasured(&look(&file(&path, Some("("))).await).0, UnmeasuredCause::Unreadable);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[tokio::test]
    async fn a_link_to_nothing_says_where_it_leads() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("link");
        symlink("nowhere", &path).unwrap();
        let seen = look(&file(&path, None)).await;
        let (class, reason) = failed(&seen);
        assert_eq!(class, FailureClass::Missing);
        assert!(reason.ends_with("is not there: it is a link to `nowhere`, which is not there"), "{reason}");
        symlink("loop", root.path().join("loop")).unwrap();
        let seen = look(&file(&root.path().join("loop"), None)).await;
        assert_eq!(unmeasured(&seen).0, UnmeasuredCause::SourceAway);
    }

    #[tokio::test]
    async fn a_pipe_is_not_waited_for() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
        passed(&look(&file(&path, None)).await);
        assert_eq!(unmeasured(&look(&file(&path, Some("x"))).await).0, UnmeasuredCause::Unreadable);
    }

    #[tokio::test]
    async fn what_we_may_not_read_is_not_told_as_missing() {
        let root = tempfile::tempdir().unwrap();
        let closed = root.path().join("closed");
        fs::create_dir(&closed).unwrap();
        let path = closed.join("a.txt");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let enforced = fs::metadata(&path).is_err();
        let seen = look(&file(&path, Some("x"))).await;
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
        if enforced {
            assert_eq!(unmeasured(&seen).0, UnmeasuredCause::PermissionDenied);
        } else {
            // Root is not held back by modes.
            passed(&seen);
        }
    }
}
