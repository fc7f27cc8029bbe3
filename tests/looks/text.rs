use std::path::PathBuf;
use std::time::Duration;

use tokio::time::Instant;
use trueup::measure::evidence::Evidence;
use trueup::measure::measurement::{TextOutcome, Unmeasured, UnmeasuredCause};
use trueup::measure::request::{Plan, TextRequest};
use trueup::measure::schedule::{Bounds, Processes, run};
use trueup::measure::source::Sources;
use trueup::measure::text::{LINE_LIMIT, measure};

fn request(argv: &[&str]) -> TextRequest {
    TextRequest {
        name: "shop".to_owned(),
        argv: argv.iter().map(|&argument| argument.to_owned()).collect(),
        cwd: PathBuf::from("/"),
        exit_codes: vec![0, 7],
        max_lines: 3,
        timeout: Duration::from_secs(20),
    }
}

fn shell(script: &str) -> TextRequest {
    request(&["sh", "-c", script])
}

async fn seen(request: &TextRequest) -> (TextOutcome, Evidence) {
    measure(request, &Sources::new(true), Instant::now() + request.timeout).await
}

async fn lines(script: &str) -> (Vec<String>, bool) {
    match seen(&shell(script)).await {
        (TextOutcome::Measured { lines, truncated }, _) => (lines, truncated),
        (TextOutcome::Unmeasured(unmeasured), evidence) => panic!("{unmeasured:?} {evidence:?}"),
    }
}

fn why(outcome: TextOutcome) -> Unmeasured {
    match outcome {
        TextOutcome::Unmeasured(unmeasured) => unmeasured,
        TextOutcome::Measured { lines, .. } => panic!("expected nothing: {lines:?}"),
    }
}

#[tokio::test]
async fn a_program_is_taken_down() {
    let (kept, truncated) = lines("printf '  a\\tb\\n\\033[1mbold\\033[0m\\377\\n'; echo err >&2; exit 7").await;
    assert_eq!((kept, truncated), (vec!["  a     b".to_owned(), "bold\u{fffd}".to_owned()], false));
    let (kept, truncated) = lines("yes | head -c 9000000").await;
    assert_eq!((kept.len(), truncated), (3, true));
    let (kept, truncated) = lines("head -c 9000000 /dev/zero | tr '\\0' x").await;
    assert_eq!((kept.len(), kept[0].chars().count(), truncated), (1, LINE_LIMIT + 1, true));
    assert_eq!(lines("").await, (vec![], false));
    assert_eq!(lines("echo $NO_COLOR $COLUMNS; test -t 1 || echo no terminal").await.0, ["1 100", "no terminal"]);
}

#[tokio::test]
async fn what_fails_is_no_text() {
    let (outcome, evidence) = seen(&shell("echo half; echo 'out of stock' >&2; exit 4")).await;
    let unmeasured = why(outcome);
    assert_eq!(unmeasured.cause, UnmeasuredCause::Unreadable);
    assert!(unmeasured.detail.ends_with("failed with exit 4: out of stock; expected exit 0 or 7"), "{unmeasured:?}");
    assert_eq!((evidence.get("exit"), &evidence.log[..]), (Some("exit 4"), &["out of stock".to_owned()][..]));
    let unmeasured = why(seen(&shell("kill -TERM $$")).await.0);
    assert_eq!(unmeasured.cause, UnmeasuredCause::Unreadable);
    let unmeasured = why(seen(&request(&["trueup-no-such-program", "x"])).await.0);
    assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
    assert!(unmeasured.detail.contains("`trueup-no-such-program` is not on PATH"), "{unmeasured:?}");
    let mut elsewhere = shell("echo");
    elsewhere.cwd = PathBuf::from("/no/such/folder");
    let unmeasured = why(seen(&elsewhere).await.0);
    assert!(unmeasured.detail.contains("the folder `/no/such/folder`"), "{unmeasured:?}");
    let refused = measure(&shell("echo"), &Sources::new(false), Instant::now() + Duration::from_secs(20)).await.0;
    assert_eq!(why(refused).cause, UnmeasuredCause::NotAllowed);
}

#[tokio::test]
async fn a_program_that_does_not_end_is_killed() {
    let mut slow = shell("echo begun; sleep 600 & sleep 600");
    slow.timeout = Duration::from_millis(500);
    let began = Instant::now();
    let unmeasured = why(seen(&slow).await.0);
    assert_eq!(unmeasured.cause, UnmeasuredCause::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_run_takes_down_its_texts_within_its_deadline() {
    let text = |name: &str, script: &str| TextRequest { name: name.to_owned(), ..shell(script) };
    let plan = Plan { texts: vec![text("quick", "echo 1"), text("slow", "sleep 600")], ..Plan::default() };
    assert!(!plan.is_empty());
    let bounds = Bounds { deadline: Duration::from_secs(2), concurrency: 4, processes: Processes::AtMost(1) };
    let began = Instant::now();
    let snapshot = run(&plan, &Sources::new(true), bounds).await;
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    let quick = snapshot.text("quick").unwrap();
    assert_eq!(quick.command, "sh -c 'echo 1'");
    assert_eq!(quick.outcome, TextOutcome::Measured { lines: vec!["1".to_owned()], truncated: false });
    assert_eq!(why(snapshot.text("slow").unwrap().outcome.clone()).cause, UnmeasuredCause::TimedOut);
}
