use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::measurement::{MetricOutcome, Unmeasured, UnmeasuredCause};
use trueup::measure::metric::measure;
use trueup::measure::request::{
    CaseState, Check, CoverageOf, GitCount, JunitCheck, MetricSource, ReportFiles, ReportRequest, ReportValue,
};
use trueup::measure::source::Sources;
use trueup::quantity::Quantity;
use trueup::rung::Rung;

use crate::{failed, passed, unmeasured};

const JUNIT: &str = "<testsuites><testsuite><testcase name='a'/><testcase name='b'/>\
    <testcase name='c'><failure/></testcase><testcase name='d'><skipped/></testcase></testsuite></testsuites>";

async fn seen(source: &MetricSource) -> Result<Quantity, Unmeasured> {
    let (outcome, _) = measure(source, &Sources::new(true), Instant::now() + Duration::from_secs(20)).await;
    match outcome {
        MetricOutcome::Measured(quantity) => Ok(quantity),
        MetricOutcome::Unmeasured(unmeasured) => Err(unmeasured),
    }
}

fn cases(root: &Path, path: &str, state: CaseState, of_all: bool) -> ReportRequest {
    ReportRequest { files: ReportFiles::new(root, path), value: ReportValue::Cases { state, of_all } }
}

fn of(request: &ReportRequest, change: impl FnOnce(&mut ReportFiles)) -> ReportRequest {
    let mut request = request.clone();
    change(&mut request.files);
    request
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

fn write_at(path: &Path, text: &str, seconds_ago: u64) {
    fs::write(path, text).unwrap();
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(SystemTime::now() - Duration::from_secs(seconds_ago))
        .unwrap();
}

#[tokio::test]
async fn each_number_of_a_report() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.xml"), JUNIT).unwrap();
    fs::write(root.path().join("b.xml"), JUNIT).unwrap();
    let number = async |path: &str, state, of_all| {
        let quantity = seen(&MetricSource::Report(cases(root.path(), path, state, of_all))).await.unwrap();
        (quantity.value, quantity.total)
    };
    assert_eq!(number("a.xml", CaseState::Passed, false).await, (2.0, Some(3.0)));
    assert_eq!(number("a.xml", CaseState::Passed, true).await, (2.0, Some(4.0)));
    assert_eq!(number("[ab].xml", CaseState::Passed, false).await, (4.0, Some(6.0)));
    assert_eq!(number("*.xml", CaseState::Total, false).await, (8.0, None));
    assert_eq!(number("a.xml", CaseState::Failed, false).await, (1.0, None));
    assert_eq!(number("a.xml", CaseState::Skipped, false).await, (1.0, None));
    assert_eq!(number("a.xml", CaseState::Errors, false).await, (0.0, None));
}

#[tokio::test]
async fn what_is_no_report_is_unknown_and_not_zero() {
    let root = tempfile::tempdir().unwrap();
    let why = async |path: &str| {
        let request = cases(root.path(), path, CaseState::Passed, false);
        seen(&MetricSource::Report(request)).await.unwrap_err()
    };
    fs::write(root.path().join("cut.xml"), &JUNIT[..JUNIT.len() - 20]).unwrap();
    fs::write(root.path().join("empty.xml"), "<testsuites/>").unwrap();
    fs::write(root.path().join("page.xml"), "<html/>").unwrap();
    fs::write(root.path().join("bytes.xml"), b"\xff\xfe<\0t\0").unwrap();
    fs::create_dir(root.path().join("folder.xml")).unwrap();
    for (path, cause, words) in [
        ("gone.xml", UnmeasuredCause::SourceAway, "cannot be read"),
        ("gone-*.xml", UnmeasuredCause::SourceAway, "no file matches it"),
        ("nowhere/*.xml", UnmeasuredCause::SourceAway, "cannot be read"),
        ("cut.xml", UnmeasuredCause::Unreadable, "cut short at byte"),
        ("empty.xml", UnmeasuredCause::NothingFound, "there is not one test case in"),
        ("page.xml", UnmeasuredCause::Unreadable, "its root is `html`"),
        ("bytes.xml", UnmeasuredCause::Unreadable, "bytes.xml"),
        ("folder.xml", UnmeasuredCause::Unreadable, "it is no file"),
    ] {
        let unmeasured = why(path).await;
        assert_eq!(unmeasured.cause, cause, "{path}: {unmeasured:?}");
        assert!(unmeasured.detail.contains(words), "{path}: {unmeasured:?}");
    }
}

#[tokio::test]
async fn coverage_of_what_the_report_does_not_speak_of_is_unknown() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("lcov.info"), "SF:a\nDA:1,1\nDA:2,0\nend_of_record\n").unwrap();
    let of = async |of| {
        let value = ReportValue::Coverage(of);
        let request = ReportRequest { value, ..cases(root.path(), "lcov.info", CaseState::Passed, false) };
        seen(&MetricSource::Report(request)).await
    };
    assert_eq!(of(CoverageOf::Lines).await, Ok(Quantity { value: 1.0, total: Some(2.0) }));
    let unmeasured = of(CoverageOf::Branches).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::Unreadable);
    assert!(unmeasured.detail.ends_with("says nothing of branches"), "{unmeasured:?}");
}

#[tokio::test]
async fn a_report_that_is_older_than_may_count_or_than_its_sources_is_unknown() {
    let root = tempfile::tempdir().unwrap();
    let (report, source) = (root.path().join("a.xml"), root.path().join("src.rs"));
    let request = cases(root.path(), "a.xml", CaseState::Passed, false);
    write_at(&report, JUNIT, 7200);
    write_at(&source, "", 10_000);
    let why = async |request: &ReportRequest| {
        seen(&MetricSource::Report(request.clone())).await.map_err(|why| {
            assert_eq!(why.cause, UnmeasuredCause::TooOld, "{why:?}");
            why.detail
        })
    };
    let aged = |hours: u64| of(&request, |files| files.max_age = Some(Duration::from_secs(hours * 3600)));
    assert!(why(&aged(3)).await.is_ok());
    let detail = why(&aged(1)).await.unwrap_err();
    assert!(detail.contains("it is 20") && detail.ends_with("and 1h may pass at most"), "{detail}");
    // Younger than the sources, then older.
    let newer = of(&request, |files| files.newer_than = vec!["*.rs".to_owned()]);
    assert!(why(&newer).await.is_ok());
    write_at(&source, "", 60);
    let detail = why(&newer).await.unwrap_err();
    assert!(detail.contains("before `src.rs` of 20") && detail.ends_with("it is not about that"), "{detail}");
    // A copy has a young file, and the time of the run in it.
    let inside = JUNIT.replace("<testsuites>", "<testsuites timestamp='2020-01-05T10:00:00Z'>");
    fs::write(&report, inside).unwrap();
    let detail = why(&aged(1)).await.unwrap_err();
    assert!(detail.contains("was written 2020-01-05T10:00:00Z"), "{detail}");
    // A clock that jumps: a report of tomorrow has no age.
    fs::write(&report, JUNIT).unwrap();
    let tomorrow = SystemTime::now() + Duration::from_secs(86_400);
    File::options().write(true).open(&report).unwrap().set_modified(tomorrow).unwrap();
    assert!(why(&aged(1)).await.is_err());
}

#[tokio::test]
async fn a_report_that_is_older_than_the_commit_is_unknown() {
    let root = tempfile::tempdir().unwrap();
    let report = root.path().join("a.xml");
    write_at(&report, JUNIT, 7200);
    let request = cases(root.path(), "a.xml", CaseState::Passed, false);
    let request = of(&request, |files| files.newer_than_head = true);
    let source = MetricSource::Report(request);
    let unmeasured = seen(&source).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway, "no repository: {unmeasured:?}");
    git(root.path(), &["init", "-q"]);
    let unmeasured = seen(&source).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway, "no commit: {unmeasured:?}");
    git(root.path(), &["commit", "-q", "--allow-empty", "-m", "one"]);
    let unmeasured = seen(&source).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::TooOld);
    assert!(unmeasured.detail.contains("before HEAD of 20"), "{unmeasured:?}");
    fs::write(&report, JUNIT).unwrap();
    assert_eq!(seen(&source).await, Ok(Quantity { value: 2.0, total: Some(3.0) }));
    let (outcome, _) = measure(&source, &Sources::new(false), Instant::now() + Duration::from_secs(20)).await;
    assert!(
        matches!(&outcome, MetricOutcome::Unmeasured(why) if why.cause == UnmeasuredCause::NotAllowed),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_pattern_of_sources_that_names_none_does_not_make_a_report_young() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.xml"), JUNIT).unwrap();
    let request = cases(root.path(), "a.xml", CaseState::Passed, false);
    let request = of(&request, |files| files.newer_than = vec!["srcc/**".to_owned()]);
    let unmeasured = seen(&MetricSource::Report(request)).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::NothingFound);
    assert!(unmeasured.detail.starts_with("no file matches `srcc/**`"), "{unmeasured:?}");
}

fn junit(root: &Path, change: impl FnOnce(&mut ReportFiles)) -> Check {
    let mut report = ReportFiles::new(root, "a.xml");
    change(&mut report);
    Check::Junit(JunitCheck { report })
}

#[tokio::test]
async fn a_run_with_failures_is_down_and_names_them() {
    let root = tempfile::tempdir().unwrap();
    let report = root.path().join("a.xml");
    let plain = junit(root.path(), |_| ());
    let good =
        "<testsuites><testcase name='a'/><testcase name='b'/><testcase name='d'><skipped/></testcase></testsuites>";
    fs::write(&report, good).unwrap();
    let look = crate::look(&plain).await;
    assert_eq!((passed(&look), look.proved), ("2 tests passed, 1 skipped", Some(Rung::Functional)));
    let bad = "<testsuites><testcase name='a'/><testcase classname='crate' name='one::two'><failure message='1 &lt; 2&#10;x'/>\
        </testcase><testcase name='c'><error/></testcase></testsuites>";
    fs::write(&report, bad).unwrap();
    let look = crate::look(&plain).await;
    let (class, reason) = failed(&look);
    assert_eq!((class, look.rung, look.proved), (FailureClass::TestsFailed, Rung::Functional, None));
    assert_eq!(reason, "2 of 3 tests failed: crate: one::two: 1 < 2 x, and others");
    assert_eq!(look.evidence.log, ["crate: one::two: 1 < 2 x", "c"]);
    assert_eq!([look.evidence.get("failed"), look.evidence.get("errors")], [Some("1"), Some("1")]);
    // However many there are, the first are named.
    let many: String = (0..500).map(|n| format!("<testcase name='t{n}'><failure/></testcase>")).collect();
    fs::write(&report, format!("<testsuites>{many}</testsuites>")).unwrap();
    let look = crate::look(&plain).await;
    assert_eq!(failed(&look).1, "500 of 500 tests failed: t0, and others");
    assert_eq!((look.evidence.log.len(), look.evidence.log.first().map(String::as_str)), (20, Some("t0")));
}

#[tokio::test]
async fn no_report_that_counts_is_neither_up_nor_down() {
    let root = tempfile::tempdir().unwrap();
    let report = root.path().join("a.xml");
    let plain = junit(root.path(), |_| ());
    let why = async |check: &Check| unmeasured(&crate::look(check).await).0;
    assert_eq!(why(&plain).await, UnmeasuredCause::SourceAway);
    for (text, cause) in [
        ("<testsuites/>", UnmeasuredCause::NothingFound),
        ("<testsuites><testcase name='a'><skipped/></testcase></testsuites>", UnmeasuredCause::NothingFound),
        ("<testsuites><testcase name='a'/><testcase na", UnmeasuredCause::Unreadable),
        ("<html/>", UnmeasuredCause::Unreadable),
    ] {
        fs::write(&report, text).unwrap();
        assert_eq!(why(&plain).await, cause, "{text}");
    }
    // Good or bad: what is too old says nothing of today.
    let aged = junit(root.path(), |report| report.max_age = Some(Duration::from_secs(3600)));
    for text in [JUNIT, "<testsuites><testcase name='a'/></testsuites>"] {
        write_at(&report, text, 7200);
        assert_eq!(why(&aged).await, UnmeasuredCause::TooOld);
    }
    write_at(&report, "<testsuites><testcase name='a'/></testsuites>", 60);
    passed(&crate::look(&aged).await);
    // git is a program, and the looks of these tests may start none.
    assert_eq!(why(&junit(root.path(), |report| report.newer_than_head = true)).await, UnmeasuredCause::NotAllowed);
}

#[tokio::test]
async fn numbers_of_a_repository() {
    let root = tempfile::tempdir().unwrap();
    let at = root.path().join("r");
    fs::create_dir_all(at.join("src")).unwrap();
    let of = async |folder: &Path, count: GitCount| {
        let source = MetricSource::Git { folder: folder.to_owned(), count };
        seen(&source).await.map(|quantity| quantity.value)
    };
    let globs = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>();
    let unmeasured = of(&at, GitCount::Commits { since: Vec::new() }).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert!(unmeasured.detail.contains("not a git repository"), "{unmeasured:?}");
    git(&at, &["init", "-q"]);
    for (index, name) in ["src/a.rs", "src/ü b.rs", "README.md"].iter().enumerate() {
        fs::write(at.join(name), "").unwrap();
        git(&at, &["add", "."]);
        git(&at, &["commit", "-q", "-m", name]);
        git(&at, &["tag", &format!("v{}.0", index * 9)]);
    }
    assert_eq!(of(&at, GitCount::Commits { since: Vec::new() }).await, Ok(3.0));
    assert_eq!(of(&at, GitCount::Tags { globs: globs(&["v*"]) }).await, Ok(3.0));
    assert_eq!(of(&at, GitCount::Files { globs: globs(&["**/*.rs"]) }).await, Ok(2.0));
    assert_eq!(of(&at.join("src"), GitCount::Files { globs: globs(&["*.rs"]) }).await, Ok(2.0));
    assert_eq!(of(&at, GitCount::Changes).await, Ok(0.0));
    fs::write(at.join("new"), "").unwrap();
    assert_eq!(of(&at, GitCount::Changes).await, Ok(1.0));
    // The latest by version is not the latest by letters.
    let source = MetricSource::Git { folder: at.clone(), count: GitCount::Tags { globs: globs(&["**"]) } };
    let (_, evidence) = measure(&source, &Sources::new(true), Instant::now() + Duration::from_secs(20)).await;
    assert_eq!(evidence.get("latest"), Some("v18.0"));
    git(&at, &["commit", "-q", "--allow-empty", "-m", "after"]);
    assert_eq!(of(&at, GitCount::Commits { since: globs(&["v*"]) }).await, Ok(1.0));
    assert_eq!(of(&at, GitCount::Commits { since: globs(&["v9*"]) }).await, Ok(2.0));
    let unmeasured = of(&at, GitCount::Commits { since: globs(&["w*"]) }).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::NothingFound);
    let url = format!("file://{}", at.display());
    git(root.path(), &["clone", "-q", "--no-tags", &url, "tagless"]);
    let tagless = root.path().join("tagless");
    for count in [GitCount::Commits { since: globs(&["v*"]) }, GitCount::Tags { globs: globs(&["v*"]) }] {
        let unmeasured = of(&tagless, count).await.unwrap_err();
        assert!(unmeasured.detail.contains("was cloned without tags"), "{unmeasured:?}");
    }
    assert_eq!(of(&tagless, GitCount::Commits { since: Vec::new() }).await, Ok(4.0));
    git(root.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let shallow = root.path().join("shallow");
    let unmeasured = of(&shallow, GitCount::Commits { since: Vec::new() }).await.unwrap_err();
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert!(unmeasured.detail.contains("is a shallow clone"), "{unmeasured:?}");
    assert_eq!(of(&shallow, GitCount::Files { globs: globs(&["**"]) }).await, Ok(3.0));
}
