use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, FileCheck};
use trueup::rung::Rung;

use crate::{failed, look, passed, unmeasured};

fn file(path: &Path, matches: Option<&str>) -> Check {
    Check::File(FileCheck { matches: matches.map(str::to_owned), ..FileCheck::new(path) })
}

fn with_values(path: &Path, values: &[(&str, Value)]) -> Check {
    let values = values.iter().map(|(pointer, value)| ((*pointer).to_owned(), value.clone())).collect();
    Check::File(FileCheck { values, ..FileCheck::new(path) })
}

fn aged(path: &Path, max_age: Duration) -> Check {
    Check::File(FileCheck { max_age: Some(max_age), ..FileCheck::new(path) })
}

fn written(path: &Path, at: SystemTime) {
    fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
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
async fn a_file_that_nobody_writes_any_more_is_stale_and_down_at_running() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("heartbeat");
    fs::write(&path, "x").unwrap();
    let (hour, minute) = (Duration::from_secs(3600), Duration::from_secs(60));
    let seen = look(&aged(&path, hour)).await;
    assert_eq!(passed(&seen), format!("`{}` was written less than 1h ago", path.display()));
    assert_eq!(seen.proved, Some(Rung::Running));
    written(&path, SystemTime::now() - hour - minute);
    let seen = look(&aged(&path, hour)).await;
    let (class, reason) = failed(&seen);
    assert_eq!((class, seen.rung, seen.proved), (FailureClass::Stale, Rung::Running, Some(Rung::Exists)));
    assert!(reason.ends_with(" now, and 1h may pass at most"), "{reason}");
    // The age comes first: what an old file says is no news.
    let both = FileCheck { max_age: Some(hour), matches: Some("x".to_owned()), ..FileCheck::new(&path) };
    assert_eq!(failed(&look(&Check::File(both)).await).0, FailureClass::Stale);
}

#[tokio::test]
async fn a_clock_that_jumped_is_not_told_as_young_nor_as_old() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("heartbeat");
    fs::write(&path, "x").unwrap();
    let day = Duration::from_secs(86_400);
    written(&path, SystemTime::now() + day);
    let seen = look(&aged(&path, day)).await;
    let (cause, why) = unmeasured(&seen);
    assert_eq!((cause, seen.proved), (UnmeasuredCause::Unreadable, Some(Rung::Exists)));
    assert!(why.detail.ends_with("its age cannot be told"), "{}", why.detail);
    // Clocks of two machines are never quite the same.
    written(&path, SystemTime::now() + Duration::from_secs(30));
    passed(&look(&aged(&path, day)).await);
}

#[tokio::test]
async fn values_are_found_by_path_in_json_toml_and_yaml() {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("a.json", r#"{"status": {"ready": true, "workers": [{"id": 7.0}]}}"#),
        ("a.toml", "[status]\nready = true\n[[status.workers]]\nid = 7\n"),
        ("a.yaml", "status:\n  ready: true\n  workers:\n    - id: 7\n"),
    ] {
        let path = root.path().join(name);
        fs::write(&path, text).unwrap();
        let seen =
            look(&with_values(&path, &[("/status/ready", json!(true)), ("/status/workers/0/id", json!(7))])).await;
        assert!(passed(&seen).starts_with(&format!("`{}` says `/status/ready` is true; ", path.display())));
        assert_eq!(seen.proved, Some(Rung::Functional));
        let seen = look(&with_values(&path, &[("/status/ready", json!("true"))])).await;
        let (class, reason) = failed(&seen);
        assert_eq!((class, seen.rung, seen.proved), (FailureClass::WrongAnswer, Rung::Functional, Some(Rung::Exists)));
        assert!(reason.ends_with("`/status/ready` is true, expected \"true\""), "{reason}");
        let seen = look(&with_values(&path, &[("/status/gone", json!(1))])).await;
        assert!(failed(&seen).1.ends_with("the file has no `/status/gone`, expected 1"), "{seen:?}");
    }
}

#[tokio::test]
async fn what_is_not_what_its_name_says_is_down_and_what_cannot_be_read_is_unknown() {
    let root = tempfile::tempdir().unwrap();
    let asked = [("/a", json!(1))];
    for (name, bytes, words) in [
        ("cut.json", &b"{\"a\": 1"[..], "it is no JSON: EOF while parsing"),
        ("cut.toml", b"a = ", "it is no TOML: line 1: "),
        ("cut.yaml", b"a: [", "it is no YAML: "),
        ("bytes.json", b"{\"a\": \"\xff\"}", "byte 7 is not UTF-8"),
    ] {
        let path = root.path().join(name);
        fs::write(&path, bytes).unwrap();
        let seen = look(&with_values(&path, &asked)).await;
        let (class, reason) = failed(&seen);
        assert_eq!((class, seen.proved), (FailureClass::WrongAnswer, Some(Rung::Exists)), "{name}");
        assert!(reason.contains(words), "{reason}");
    }
    let large = root.path().join("large.json");
    fs::File::create(&large).unwrap().set_len((64 << 20) + 1).unwrap();
    let nameless = root.path().join("nameless");
    fs::write(&nameless, "{\"a\": 1}").unwrap();
    for path in [&large, &nameless] {
        let seen = look(&with_values(path, &asked)).await;
        assert_eq!((unmeasured(&seen).0, seen.proved), (UnmeasuredCause::Unreadable, Some(Rung::Exists)));
    }
    let gone = look(&with_values(&root.path().join("gone.json"), &asked)).await;
    assert_eq!(failed(&gone).0, FailureClass::Missing);
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
    use std::os::unix::fs::symlink;

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
}
