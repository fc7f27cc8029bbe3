use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;
use trueup::measure::evidence::Evidence;
use trueup::measure::measurement::{MetricOutcome, Unmeasured, UnmeasuredCause};
use trueup::measure::metric::measure;
use trueup::measure::request::{HeaderValue, HttpCheck, MetricSource, Reading};
use trueup::measure::source::Sources;
use trueup::quantity::Quantity;

use crate::endpoint::{Act, Endpoint, nobody};

async fn measure_within(source: &MetricSource, may_execute: bool, time: Duration) -> (MetricOutcome, Evidence) {
    let sources = Sources::new(may_execute);
    let began = Instant::now();
    let seen = measure(source, &sources, began + time).await;
    assert!(began.elapsed() < time + Duration::from_secs(2), "took {:?} of {time:?}", began.elapsed());
    seen
}

async fn quantity(source: &MetricSource) -> Quantity {
    let (outcome, evidence) = measure_within(source, true, Duration::from_secs(20)).await;
    match outcome {
        MetricOutcome::Measured(quantity) => quantity,
        MetricOutcome::Unmeasured(unmeasured) => panic!("expected a number: {unmeasured:?} {evidence:?}"),
    }
}

async fn value(source: &MetricSource) -> f64 {
    let quantity = quantity(source).await;
    assert_eq!(quantity.total, None);
    quantity.value
}

async fn unmeasured(source: &MetricSource) -> (UnmeasuredCause, Unmeasured) {
    let (outcome, _) = measure_within(source, true, Duration::from_secs(20)).await;
    why(outcome)
}

fn why(outcome: MetricOutcome) -> (UnmeasuredCause, Unmeasured) {
    match outcome {
        MetricOutcome::Unmeasured(unmeasured) => (unmeasured.cause, unmeasured),
        MetricOutcome::Measured(quantity) => panic!("expected no number: {quantity:?}"),
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn command(script: &str, read: Reading) -> MetricSource {
    let argv = strings(&["sh", "-c", script]);
    MetricSource::Command { argv, cwd: PathBuf::from("."), exit_codes: vec![0], read }
}

fn regex(pattern: &str) -> Reading {
    Reading::Regex(pattern.to_owned())
}

#[tokio::test]
async fn a_program_says_a_number() {
    assert_eq!(value(&command("echo 1,234", Reading::Whole)).await, 1234.0);
    assert_eq!(value(&command("printf 'a\\nb\\n'", Reading::Lines)).await, 2.0);
    let summary = command("echo '1 passed'; echo '310 of 312 passed'", regex("(?<value>\\d+) of (?<total>\\d+)"));
    assert_eq!(quantity(&summary).await, Quantity { value: 310.0, total: Some(312.0) });
    let json = Reading::Json { value: "/tests".to_owned(), total: None };
    assert_eq!(value(&command("echo '{\"tests\": [1, 2, 3]}'", json)).await, 3.0);
}

#[tokio::test]
async fn a_program_runs_where_it_is_told_to() {
    let root = project(&[("n", "7")]);
    let argv = strings(&["cat", "n"]);
    let source = MetricSource::Command { argv, cwd: root.path().to_owned(), exit_codes: vec![0], read: Reading::Whole };
    assert_eq!(value(&source).await, 7.0);
}

#[tokio::test]
async fn a_program_that_fails_says_no_number() {
    let failing = command("echo 5; echo 'error: broken' >&2; exit 3", Reading::Whole);
    let (outcome, evidence) = measure_within(&failing, true, Duration::from_secs(20)).await;
    let (cause, unmeasured) = why(outcome);
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert!(unmeasured.detail.contains("failed with exit 3"), "{}", unmeasured.detail);
    assert!(unmeasured.detail.ends_with("expected exit 0"), "{}", unmeasured.detail);
    assert_eq!(evidence.log, ["error: broken"]);
    assert_eq!(evidence.get("exit"), Some("exit 3"));
    let counting = MetricSource::Command {
        argv: strings(&["sh", "-c", "echo 5; exit 3"]),
        cwd: PathBuf::from("."),
        exit_codes: vec![0, 3],
        read: Reading::Whole,
    };
    assert_eq!(value(&counting).await, 5.0);
}

#[tokio::test]
async fn output_without_the_number_is_unreadable() {
    let source = command("echo all good", regex("(\\d+) passed"));
    let (outcome, evidence) = measure_within(&source, true, Duration::from_secs(20)).await;
    let (cause, unmeasured) = why(outcome);
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert!(unmeasured.detail.ends_with("has no match of `(\\d+) passed`; its last line is `all good`"));
    assert_eq!(evidence.log, ["all good"]);
    for script in ["echo NaN", "echo inf", "true", "echo 1; echo 2"] {
        assert_eq!(self::unmeasured(&command(script, Reading::Whole)).await.0, UnmeasuredCause::Unreadable, "{script}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_source_that_is_away() {
    let source = |argv: &[&str], cwd: &str| MetricSource::Command {
        argv: strings(argv),
        cwd: PathBuf::from(cwd),
        exit_codes: vec![0],
        read: Reading::Whole,
    };
    let (cause, why) = unmeasured(&source(&["trueup-no-such-program"], ".")).await;
    assert_eq!(cause, UnmeasuredCause::SourceAway);
    assert!(why.detail.contains("`trueup-no-such-program` is not on PATH"), "{}", why.detail);
    assert_eq!(unmeasured(&source(&["true"], "/no/such/folder")).await.0, UnmeasuredCause::SourceAway);
    assert_eq!(unmeasured(&source(&[], ".")).await.0, UnmeasuredCause::SourceAway);
}

#[tokio::test]
async fn a_program_that_does_not_end_is_killed() {
    let source = command("echo 5; sleep 60", Reading::Whole);
    let (outcome, _) = measure_within(&source, true, Duration::from_millis(800)).await;
    let (cause, unmeasured) = why(outcome);
    assert_eq!(cause, UnmeasuredCause::TimedOut, "{}", unmeasured.detail);
    assert!(unmeasured.detail.ends_with("and was killed"), "{}", unmeasured.detail);
}

#[tokio::test]
async fn output_beyond_what_is_bearable_has_no_number() {
    let (cause, why) = unmeasured(&command("head -c 20000000 /dev/zero; echo 5", regex("\\d+"))).await;
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert!(why.detail.ends_with("wrote 20000002 bytes; expected 16 MiB at most"), "{}", why.detail);
}

#[tokio::test]
async fn no_program_runs_where_none_may() {
    let root = project(&[]);
    let ran = root.path().join("ran");
    let source = command(&format!("touch '{}'; echo 1", ran.display()), Reading::Whole);
    let (outcome, _) = measure_within(&source, false, Duration::from_secs(20)).await;
    let (cause, unmeasured) = why(outcome);
    assert_eq!((cause, unmeasured.source.as_str()), (UnmeasuredCause::NotAllowed, "--no-exec"));
    assert!(!ran.exists());
}

#[tokio::test]
async fn no_time_is_no_number() {
    let (outcome, _) = measure_within(&command("echo 1", Reading::Whole), true, Duration::ZERO).await;
    assert_eq!(why(outcome).0, UnmeasuredCause::TimedOut);
}

fn file_count(root: &Path, globs: &[&str]) -> MetricSource {
    MetricSource::FileCount { root: root.to_owned(), globs: strings(globs) }
}

#[tokio::test]
async fn files_are_counted_as_git_sees_them() {
    let root = project(&[
        (".git/HEAD", ""),
        (".gitignore", "target\n"),
        ("target/x.rs", ""),
        (".claude/agents/a.md", ""),
        (".claude/agents/b.md", ""),
        ("src/a.rs", ""),
        ("src/deep/b.rs", ""),
        ("src/deep/b_test.rs", ""),
    ]);
    for (globs, count) in [
        (&["**/*.rs"][..], 3.0),
        (&["**/*.rs", "!**/*_test.rs"], 2.0),
        (&["src/*.rs"], 1.0),
        (&["*.rs"], 0.0),
        (&[".claude/agents/*.md"], 2.0),
        (&["target/*.rs"], 0.0),
    ] {
        assert_eq!(value(&file_count(root.path(), globs)).await, count, "{globs:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_has_no_number_of_files() {
    let root = project(&[("file", "")]);
    let (cause, why) = unmeasured(&file_count(&root.path().join("gone"), &["*"])).await;
    assert_eq!(cause, UnmeasuredCause::SourceAway);
    assert!(why.detail.contains("gone` cannot be read"), "{}", why.detail);
    assert_eq!(unmeasured(&file_count(&root.path().join("file"), &["*"])).await.0, UnmeasuredCause::SourceAway);
    let (cause, why) = unmeasured(&file_count(root.path(), &["a["])).await;
    assert_eq!((cause, why.source.as_str()), (UnmeasuredCause::Unreadable, "trueup.toml"));
}

fn match_count(root: &Path, globs: &[&str], pattern: &str) -> MetricSource {
    MetricSource::MatchCount { root: root.to_owned(), globs: strings(globs), pattern: pattern.to_owned() }
}

#[tokio::test]
async fn matches_are_counted_over_all_files() {
    let root =
        project(&[("a.rs", "#[test]\nfn a() {}\n#[test]\r\n"), ("b/c.rs", "  #[test]\n"), ("d.md", "#[test]\n")]);
    assert_eq!(value(&match_count(root.path(), &["**/*.rs"], r"#\[test\]")).await, 3.0);
    assert_eq!(value(&match_count(root.path(), &["**/*.rs"], r"^#\[test\]$")).await, 2.0);
    assert_eq!(value(&match_count(root.path(), &["**/*.rs"], "nothing like it")).await, 0.0);
    let (cause, why) = unmeasured(&match_count(root.path(), &["**/*.py"], "x")).await;
    assert_eq!(cause, UnmeasuredCause::Unreadable);
    assert!(why.detail.contains("matches `**/*.py`; expected some to look into"), "{}", why.detail);
    assert_eq!(unmeasured(&match_count(root.path(), &["**/*.rs"], "(")).await.0, UnmeasuredCause::Unreadable);
}

#[tokio::test]
async fn a_value_in_a_file() {
    let root = project(&[
        ("a.json", "\u{feff}{\"total\": {\"lines\": {\"pct\": 85.5}}, \"n\": \"1,234\"}"),
        ("a.toml", "[workspace]\nmembers = ['a', 'b', 'c']\n"),
        ("a.yaml", "services:\n  web: {}\n  db: {}\n"),
        ("broken.json", "{"),
        ("a.txt", "5"),
        ("latin1.yml", ""),
    ]);
    fs::write(root.path().join("latin1.yml"), b"a: \xE9\n").unwrap();
    let at = |file: &str, pointer: &str, total: Option<&str>| MetricSource::FileValue {
        path: root.path().join(file),
        value: pointer.to_owned(),
        total: total.map(str::to_owned),
    };
    assert_eq!(value(&at("a.json", "/total/lines/pct", None)).await, 85.5);
    assert_eq!(value(&at("a.toml", "/workspace/members", None)).await, 3.0);
    assert_eq!(value(&at("a.yaml", "/services", None)).await, 2.0);
    let share = at("a.json", "/total/lines/pct", Some("/n"));
    assert_eq!(quantity(&share).await, Quantity { value: 85.5, total: Some(1234.0) });
    for (file, pointer, detail) in [
        ("a.json", "/total/pct", "there is no `/total/pct`: `/total` is an object with `lines`"),
        ("a.txt", "", "its name does not say what it is; expected `.json`, `.toml`, `.yaml` or `.yml`"),
        ("broken.json", "", "it is no JSON: EOF while parsing an object at line 1 column 1"),
        ("latin1.yml", "/a", "byte 3 is not UTF-8"),
    ] {
        let (cause, why) = unmeasured(&at(file, pointer, None)).await;
        assert_eq!(cause, UnmeasuredCause::Unreadable);
        assert_eq!(why.detail, format!("`{}`: {detail}", root.path().join(file).display()));
    }
    assert_eq!(unmeasured(&at("gone.json", "", None)).await.0, UnmeasuredCause::SourceAway);
}

/// A few hundred bytes that would unfold to billions of list items.
#[tokio::test]
async fn a_yaml_file_that_unfolds_without_end_is_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let item = format!("*a{}, ", n - 1).repeat(10);
        text.push_str(&format!("a{n}: &a{n} [{}]\n", item.trim_end_matches(", ")));
    }
    let root = project(&[("bomb.yaml", &text)]);
    let source = MetricSource::FileValue { path: root.path().join("bomb.yaml"), value: "/a0".to_owned(), total: None };
    let (cause, why) = unmeasured(&source).await;
    assert_eq!(cause, UnmeasuredCause::Unreadable, "{}", why.detail);
}

fn http_value(url: &str, pointer: &str) -> MetricSource {
    let request = HttpCheck::get(url);
    MetricSource::HttpValue { request, value: pointer.to_owned(), total: None }
}

#[tokio::test]
async fn a_value_in_an_answer() {
    let server = Endpoint::answering("200 OK", "", r#"{"count": 54, "items": [1, 2]}"#).await;
    assert_eq!(value(&http_value(&server.url("/"), "/count")).await, 54.0);
    assert_eq!(value(&http_value(&server.url("/"), "/items")).await, 2.0);
    assert_eq!(unmeasured(&http_value(&server.url("/"), "/gone")).await.0, UnmeasuredCause::Unreadable);
}

#[tokio::test]
async fn an_endpoint_that_is_down_has_no_number() {
    let refused = format!("http://{}/", nobody().await);
    let (cause, reason) = unmeasured(&http_value(&refused, "/n")).await;
    assert_eq!((cause, reason.source.as_str()), (UnmeasuredCause::SourceAway, refused.as_str()));
    for (status, expected) in [
        ("503 Busy", UnmeasuredCause::SourceAway),
        ("403 No", UnmeasuredCause::PermissionDenied),
        ("404 Gone", UnmeasuredCause::Unreadable),
    ] {
        let server = Endpoint::answering(status, "", "{\"n\": 1}").await;
        assert_eq!(unmeasured(&http_value(&server.url("/"), "/n")).await.0, expected, "{status}");
    }
    let html = Endpoint::answering("200 OK", "", "<html>").await;
    assert_eq!(unmeasured(&http_value(&html.url("/"), "/n")).await.0, UnmeasuredCause::Unreadable);
    let endless = Act::Endless(b"HTTP/1.1 200 OK\r\n\r\n{\"n\": 1, \"x\": \"".to_vec(), vec![b'x'; 1 << 16]);
    let endless = Endpoint::new(endless).await;
    assert_eq!(unmeasured(&http_value(&endless.url("/"), "/n")).await.0, UnmeasuredCause::Unreadable);
    let silent = Endpoint::new(Act::Silence).await;
    let (outcome, _) = measure_within(&http_value(&silent.url("/"), "/n"), true, Duration::from_millis(300)).await;
    assert_eq!(why(outcome).0, UnmeasuredCause::TimedOut);
}

#[tokio::test]
async fn a_number_that_is_a_secret_stays_one() {
    // PATH stands in for a token: it is set in every environment, and no test may change the environment of others.
    let token = std::env::var("PATH").unwrap();
    let body = serde_json::to_string(&serde_json::json!({ "n": token })).unwrap();
    let server = Endpoint::answering("200 OK", "", &body).await;
    let MetricSource::HttpValue { mut request, value, total } = http_value(&server.url("/"), "/n") else {
        panic!("not a value of an answer");
    };
    request.headers = vec![("X-Token".to_owned(), HeaderValue::Env("PATH".to_owned()))];
    let (_, why) = unmeasured(&MetricSource::HttpValue { request, value, total }).await;
    assert!(why.detail.ends_with("`/n` is \"***\"; expected a number, or a list or object to count"), "{}", why.detail);
}
