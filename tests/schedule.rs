//! The scheduler with real probes: what is asked once, how much at a time, how often, and until when.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio::task::JoinHandle;
use trueup::config;
use trueup::document::source::SourceFile;
use trueup::failure::FailureClass;
use trueup::measure::measurement::{CheckResult, MetricOutcome, Outcome, Snapshot, UnmeasuredCause};
use trueup::measure::request::Plan;
use trueup::measure::schedule::{self, Bounds, Processes};
use trueup::measure::source::Sources;
use trueup::quantity::Quantity;
use trueup::rung::Rung;

/// No bound that a test would meet.
const BOUNDS: Bounds = Bounds { deadline: Duration::from_secs(60), concurrency: 64, processes: Processes::AtMost(8) };

/// The plan of a trueup.toml that stands in `root`.
fn plan(toml: &str, root: &Path) -> Plan {
    let source = Arc::new(SourceFile::new("trueup.toml", toml));
    config::parse(&source, root).unwrap_or_else(|faults| panic!("{faults:#?}")).policy.plan()
}

async fn measure(toml: &str, root: &Path, bounds: Bounds) -> Snapshot {
    let sources = Sources::new(true);
    let began = Instant::now();
    let snapshot = schedule::run(&plan(toml, root), &sources, bounds).await;
    sources.close().await;
    // The deadline, the grace of probes, and what a busy machine adds.
    assert!(began.elapsed() < bounds.deadline + Duration::from_secs(20), "took {:?}", began.elapsed());
    snapshot
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The checks of one target.
#[track_caller]
fn checks<'a>(snapshot: &'a Snapshot, group: &str, target: &str) -> &'a [CheckResult] {
    let group = snapshot.group(group).unwrap();
    &group.targets.iter().find(|seen| seen.name == target).unwrap_or_else(|| panic!("{group:#?}")).checks
}

/// The only check of one target.
#[track_caller]
fn check<'a>(snapshot: &'a Snapshot, group: &str, target: &str) -> &'a CheckResult {
    let [check] = checks(snapshot, group, target) else { panic!("{target} has not one check: {snapshot:#?}") };
    check
}

#[track_caller]
fn unmeasured(check: &CheckResult) -> UnmeasuredCause {
    match &check.outcome {
        Outcome::Unmeasured(unmeasured) => unmeasured.cause,
        other => panic!("expected unmeasured: {other:?}"),
    }
}

#[track_caller]
fn failed(check: &CheckResult) -> FailureClass {
    match &check.outcome {
        Outcome::Failed(failure) => failure.class,
        other => panic!("expected a failure: {other:?}"),
    }
}

fn passed(check: &CheckResult) -> bool {
    matches!(check.outcome, Outcome::Passed { .. })
}

/// Names of the targets of a group, in order.
fn names<'a>(snapshot: &'a Snapshot, group: &str) -> Vec<&'a str> {
    snapshot.group(group).unwrap().targets.iter().map(|target| target.name.as_str()).collect()
}

/// A server that counts its requests, and how many were under way at once.
struct Counting {
    address: String,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

/// How a [`Counting`] server answers.
#[derive(Clone)]
enum Answer {
    /// After a moment.
    Soon,
    /// When as many requests are under way as the barrier waits for.
    Together(Arc<Barrier>),
    /// With 503, so often, then with 200.
    After(usize),
    /// With 404.
    NotFound,
    /// Never.
    Never,
}

impl Drop for Counting {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Counting {
    async fn new(answer: Answer) -> Counting {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Seen::default());
        let of_task = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), Arc::clone(&of_task)));
            }
        });
        Counting { address, seen, task }
    }

    fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    fn most(&self) -> usize {
        self.seen.most.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, answer: Answer, seen: Arc<Seen>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&buffer[..count]),
        }
    }
    let number = seen.requests.fetch_add(1, Ordering::SeqCst) + 1;
    let under_way = seen.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most.fetch_max(under_way, Ordering::SeqCst);
    let status = match answer {
        Answer::Soon => {
            tokio::time::sleep(Duration::from_millis(30)).await;
            "200 OK"
        }
        Answer::Together(barrier) => {
            barrier.wait().await;
            "200 OK"
        }
        Answer::After(failures) if number <= failures => "503 Service Unavailable",
        Answer::After(_) => "200 OK",
        Answer::NotFound => "404 Not Found",
        Answer::Never => return std::future::pending().await,
    };
    seen.under_way.fetch_sub(1, Ordering::SeqCst);
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    stream.write_all(answer.as_bytes()).await.ok();
    stream.shutdown().await.ok();
}

/// A group with one HTTP check per path.
fn group_of_paths(name: &str, address: &str, count: usize) -> String {
    let target = |number| {
        format!("[group.{name}.target.t{number}]\ncheck.http = {{ url = \"http://{address}/{name}/{number}\" }}\n")
    };
    (0..count).map(target).collect()
}

#[tokio::test]
async fn the_same_question_is_asked_once_in_a_run() {
    let (server, root) = (Counting::new(Answer::Soon).await, folder());
    let url = format!("http://{}/", server.address);
    let toml = format!(
        "[group.a.target.one]\ncheck.http = {{ url = \"{url}\" }}\n\
         [group.a.target.two]\ncheck.http = {{ url = \"{url}\" }}\n\
         [group.b.target.three]\ncheck.http = {{ url = \"{url}\" }}\n\
         check.command = {{ command = [\"sh\", \"-c\", \"echo x >> ran\"] }}\n\
         [group.b.target.four]\ncheck.command = {{ command = [\"sh\", \"-c\", \"echo x >> ran\"] }}\n"
    );
    let snapshot = measure(&toml, root.path(), BOUNDS).await;
    assert_eq!(server.requests(), 1);
    assert_eq!(fs::read_to_string(root.path().join("ran")).unwrap(), "x\n");
    let one = check(&snapshot, "a", "one");
    assert!(passed(one));
    assert_eq!(one, check(&snapshot, "a", "two"));
    assert_eq!(one, &checks(&snapshot, "b", "three")[0]);
    assert_eq!(check(&snapshot, "b", "four"), &checks(&snapshot, "b", "three")[1]);
    // Another run asks again.
    measure(&toml, root.path(), BOUNDS).await;
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn what_differs_in_anything_is_another_question() {
    let (server, root) = (Counting::new(Answer::Soon).await, folder());
    let url = format!("http://{}/", server.address);
    let toml = format!(
        "[group.a.target.one]\ncheck.http = {{ url = \"{url}\" }}\n\
         [group.a.target.two]\ncheck.http = {{ url = \"{url}\", status = 201 }}\n\
         [group.a.target.three]\ncheck.http = {{ url = \"{url}\", method = \"HEAD\" }}\n"
    );
    let snapshot = measure(&toml, root.path(), BOUNDS).await;
    assert_eq!(server.requests(), 3);
    assert!(passed(check(&snapshot, "a", "one")));
    assert_eq!(failed(check(&snapshot, "a", "two")), FailureClass::WrongAnswer);
}

#[tokio::test]
async fn no_more_checks_than_allowed_are_under_way_in_all_groups_together() {
    let (server, root) = (Counting::new(Answer::Soon).await, folder());
    let toml = group_of_paths("a", &server.address, 10) + &group_of_paths("b", &server.address, 10);
    let snapshot = measure(&toml, root.path(), Bounds { concurrency: 3, ..BOUNDS }).await;
    assert_eq!(server.requests(), 20);
    assert!(server.most() <= 3, "{} at once", server.most());
    assert!(snapshot.groups.iter().flat_map(|group| &group.targets).all(|target| passed(&target.checks[0])));
}

#[tokio::test]
async fn as_many_as_allowed_are_under_way() {
    let barrier = Arc::new(Barrier::new(12));
    let (server, root) = (Counting::new(Answer::Together(barrier)).await, folder());
    let toml = group_of_paths("a", &server.address, 12);
    // The server answers none before all have asked.
    let snapshot =
        measure(&toml, root.path(), Bounds { concurrency: 12, processes: Processes::AtMost(1), ..BOUNDS }).await;
    assert!(snapshot.groups[0].targets.iter().all(|target| passed(&target.checks[0])), "{snapshot:#?}");
}

#[tokio::test]
async fn no_more_than_allowed_are_under_way_at_one_source() {
    let (one, other, root) = (Counting::new(Answer::Soon).await, Counting::new(Answer::Soon).await, folder());
    let metric = |number| {
        let url = format!("http://{}/m/{number}", one.address);
        format!("[metric.m{number}]\nfrom.http = {{ url = \"{url}\", value = \"\" }}\n")
    };
    let metrics = (0..4).map(metric).collect::<String>();
    let toml = metrics + &group_of_paths("a", &one.address, 12) + &group_of_paths("b", &other.address, 12);
    let sources = Sources::new(true).with_per_source(3);
    schedule::run(&plan(&toml, root.path()), &sources, Bounds { concurrency: 64, ..BOUNDS }).await;
    assert_eq!((one.requests(), other.requests()), (16, 12));
    assert!(one.most() <= 3 && other.most() <= 3, "{} and {} at once", one.most(), other.most());
}

#[tokio::test]
async fn who_waits_for_a_busy_source_keeps_nobody_else_waiting() {
    // All of one source are stuck, and there are more of them than there are slots.
    let (stuck, free, root) = (Counting::new(Answer::Never).await, Counting::new(Answer::Soon).await, folder());
    let toml = group_of_paths("a", &stuck.address, 20) + &group_of_paths("b", &free.address, 4);
    let sources = Sources::new(true).with_per_source(2);
    let bounds = Bounds { concurrency: 4, deadline: Duration::from_secs(3), ..BOUNDS };
    let snapshot = schedule::run(&plan(&toml, root.path()), &sources, bounds).await;
    let up = snapshot.group("b").unwrap().targets.iter().filter(|target| passed(&target.checks[0])).count();
    assert_eq!(up, 4, "{snapshot:#?}");
    assert_eq!(stuck.most(), 2);
}

#[tokio::test]
async fn numbers_and_texts_out_of_one_program_are_read_out_of_one_run_of_it() {
    let root = folder();
    let program = "[\"sh\", \"-c\", \"echo x >> ran; echo 3 passed, 4 total\"]";
    let toml = format!(
        "[metric.passed]\nfrom.command = {{ command = {program}, pattern = '(\\d+) passed' }}\n\
         [metric.total]\nfrom.command = {{ command = {program}, pattern = '(\\d+) total' }}\n\
         [metric.other]\nfrom.command = {{ command = {program}, exit_code = [0, 1], lines = true }}\n\
         [text.one]\ncommand = {program}\n[text.two]\ncommand = {program}\nmax_lines = 1\n"
    );
    let snapshot = measure(&toml, root.path(), BOUNDS).await;
    let value = |name: &str| match &snapshot.metric(name).unwrap().outcome {
        MetricOutcome::Measured(quantity) => quantity.value,
        MetricOutcome::Unmeasured(why) => panic!("{why:?}"),
    };
    assert_eq!((value("passed"), value("total"), value("other")), (3.0, 4.0, 1.0));
    // What differs (other exit codes, the plain surroundings of a text) is another run.
    assert_eq!(fs::read_to_string(root.path().join("ran")).unwrap(), "x\nx\nx\n");
}

#[tokio::test]
async fn how_far_a_run_is_can_be_seen() {
    let (server, root) = (Counting::new(Answer::Soon).await, folder());
    let toml = group_of_paths("a", &server.address, 7) + "[text.t]\ncommand = [\"true\"]\n";
    let (progress, sources) = (schedule::Progress::default(), Sources::new(true));
    assert_eq!((progress.planned(), progress.done()), (None, 0));
    schedule::run_watched(&plan(&toml, root.path()), &sources, BOUNDS, &progress).await;
    assert_eq!((progress.planned(), progress.done()), (Some(8), 8));
    let nothing = schedule::Progress::default();
    schedule::run_watched(&Plan::default(), &sources, BOUNDS, &nothing).await;
    assert_eq!(nothing.planned(), Some(0));
}

#[tokio::test]
async fn programs_have_a_bound_of_their_own() {
    let (server, root) = (Counting::new(Answer::Together(Arc::new(Barrier::new(6)))).await, folder());
    fs::create_dir(root.path().join("in")).unwrap();
    // Each notes how many it sees beside itself.
    let program = |number| {
        let script = format!("mkdir in/{number}; ls in | wc -l >> seen; sleep 0.1; rmdir in/{number}; echo 7");
        format!("[\"sh\", \"-c\", \"{script}\"]")
    };
    let check = |number| format!("[group.p.target.t{number}]\ncheck.command = {{ command = {} }}\n", program(number));
    let metric = |number| format!("[metric.m{number}]\nfrom.command = {{ command = {} }}\n", program(number));
    let programs = (0..5).map(check).chain((5..8).map(metric)).collect::<String>();
    let toml = programs + &group_of_paths("a", &server.address, 6);
    let snapshot = measure(&toml, root.path(), Bounds { processes: Processes::AtMost(2), ..BOUNDS }).await;
    let seen = fs::read_to_string(root.path().join("seen")).unwrap();
    let seen: Vec<usize> = seen.split_whitespace().map(|number| number.parse().unwrap()).collect();
    assert_eq!(seen.len(), 8);
    assert!(seen.iter().all(|&at_once| at_once <= 2), "{seen:?}");
    // Requests did not wait for the programs: all six were under way at once.
    assert!(snapshot.group("a").unwrap().targets.iter().all(|target| passed(&target.checks[0])));
    assert!(snapshot.group("p").unwrap().targets.iter().all(|target| passed(&target.checks[0])));
    let seven = MetricOutcome::Measured(Quantity { value: 7.0, total: None });
    assert!(snapshot.metrics.iter().all(|metric| metric.outcome == seven), "{:#?}", snapshot.metrics);
}

#[tokio::test]
async fn what_can_pass_is_tried_again_and_that_stays_visible() {
    let root = folder();
    for (answer, allowed, made, passes) in [
        (Answer::After(2), 3, 3, true),
        (Answer::After(2), 5, 3, true),
        (Answer::After(2), 2, 2, false),
        (Answer::After(2), 1, 1, false),
        (Answer::NotFound, 3, 1, false),
        (Answer::Soon, 3, 1, true),
    ] {
        let server = Counting::new(answer).await;
        let toml = format!(
            "[group.a.target.t]\ncheck.http = {{ url = \"http://{}/\", attempts = {allowed} }}\n",
            server.address
        );
        let snapshot = measure(&toml, root.path(), BOUNDS).await;
        let check = check(&snapshot, "a", "t");
        assert_eq!((check.attempts, server.requests()), (made, made as usize), "{check:?}");
        assert_eq!(passed(check), passes, "{check:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_tried_again() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let toml = format!("[group.a.target.t]\ncheck.tcp = {{ address = \"{address}\", attempts = 3 }}\n");
    let snapshot = measure(&toml, folder().path(), BOUNDS).await;
    let check = check(&snapshot, "a", "t");
    assert_eq!((failed(check), check.attempts), (FailureClass::Unreachable, 3));
}

#[tokio::test]
async fn silence_until_the_timeout_is_down_and_silence_until_the_end_of_the_run_is_unknown() {
    let (server, root) = (Counting::new(Answer::Never).await, folder());
    let toml = |timeout| {
        format!(
            "[run]\ntimeout = \"{timeout}\"\n\
             [group.a.target.web]\ncheck.http = {{ url = \"http://{}/\" }}\n\
             [group.a.target.program]\ncheck.command = {{ command = [\"sleep\", \"300\"] }}\n\
             [group.a.target.server]\ncheck.mcp = {{ command = [\"sleep\", \"300\"] }}\n\
             [metric.m]\nfrom.command = {{ command = [\"sleep\", \"300\"] }}\n",
            server.address
        )
    };
    let seconds = Duration::from_secs;
    let down = measure(&toml("1s"), root.path(), Bounds { deadline: seconds(120), ..BOUNDS }).await;
    let unknown = measure(&toml("100s"), root.path(), Bounds { deadline: seconds(1), ..BOUNDS }).await;
    for target in ["web", "program", "server"] {
        assert_eq!(failed(check(&down, "a", target)), FailureClass::NoAnswer, "{target}");
        assert_eq!(unmeasured(check(&unknown, "a", target)), UnmeasuredCause::TimedOut, "{target}");
    }
    for snapshot in [&down, &unknown] {
        let outcome = &snapshot.metrics[0].outcome;
        let timed_out = matches!(outcome, MetricOutcome::Unmeasured(why) if why.cause == UnmeasuredCause::TimedOut);
        assert!(timed_out, "{outcome:?}");
    }
}

#[tokio::test]
async fn what_never_got_its_turn_is_unknown_and_was_never_tried() {
    let (server, root) = (Counting::new(Answer::Never).await, folder());
    let toml = format!("[run]\ntimeout = \"100s\"\n{}", group_of_paths("a", &server.address, 4));
    let bounds = Bounds { concurrency: 1, deadline: Duration::from_secs(1), ..BOUNDS };
    let snapshot = measure(&toml, root.path(), bounds).await;
    let attempts: Vec<u32> = snapshot.groups[0].targets.iter().map(|target| target.checks[0].attempts).collect();
    assert_eq!(attempts, [1, 0, 0, 0]);
    for target in &snapshot.groups[0].targets {
        assert_eq!(unmeasured(&target.checks[0]), UnmeasuredCause::TimedOut);
    }
}

#[tokio::test]
async fn a_retry_does_not_outlast_the_run() {
    let server = Counting::new(Answer::After(usize::MAX)).await;
    let toml = format!("[group.a.target.t]\ncheck.http = {{ url = \"http://{}/\", attempts = 100 }}\n", server.address);
    let bounds = Bounds { deadline: Duration::from_secs(2), ..BOUNDS };
    let snapshot = measure(&toml, folder().path(), bounds).await;
    let check = check(&snapshot, "a", "t");
    assert!((1..100).contains(&check.attempts), "{check:?}");
    assert_eq!(failed(check), FailureClass::WrongAnswer, "what was seen is not forgotten: {check:?}");
}

/// A .mcp.json with two servers that end at once, with different exit codes.
const SERVERS: &str = r#"{"mcpServers": {
    "beta": {"command": "sh", "args": ["-c", "exit 3"]},
    "alpha": {"command": "sh", "args": ["-c", "exit 4"]}
}}"#;

fn with_servers() -> TempDir {
    let root = folder();
    fs::write(root.path().join(".mcp.json"), SERVERS).unwrap();
    root
}

#[tokio::test]
async fn targets_that_were_expected_and_not_found_are_down() {
    let root = with_servers();
    let toml = "[group.a]\nexpect = 5\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n\
                [group.a.target.gamma]\ncheck.mcp.min_tools = 3\n\
                [group.b]\nexpect = 2\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n\
                [group.c]\nexpect = 1\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n";
    let snapshot = measure(toml, root.path(), BOUNDS).await;
    assert_eq!(names(&snapshot, "a"), ["beta", "alpha", "gamma"], "as found, then as written");
    let gamma = check(&snapshot, "a", "gamma");
    assert_eq!((gamma.check.as_str(), failed(gamma), gamma.attempts), ("discovery", FailureClass::Missing, 0));
    let missing = |group| snapshot.group(group).unwrap().nameless_missing;
    assert_eq!((missing("a"), missing("b"), missing("c")), (2, 0, 0));
    assert_eq!(snapshot.group("a").unwrap().total(), 5);
    assert_eq!(snapshot.group("c").unwrap().total(), 2, "more than expected are all there");
}

#[tokio::test]
async fn with_the_list_away_nothing_is_called_missing() {
    let root = folder();
    let toml = "[group.a]\nexpect = 5\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\n\
                [group.a.target.gamma]\ncheck.mcp.min_tools = 3\n\
                [group.a.target.delta]\ncheck.mcp.command = [\"sh\", \"-c\", \"exit 5\"]\n";
    let snapshot = measure(toml, root.path(), BOUNDS).await;
    let group = snapshot.group("a").unwrap();
    assert_eq!(group.discovery.as_ref().map(|why| why.cause), Some(UnmeasuredCause::SourceAway));
    assert_eq!(group.nameless_missing, 0);
    assert_eq!(unmeasured(check(&snapshot, "a", "gamma")), UnmeasuredCause::SourceAway);
    // What says by itself how it is reached was looked at all the same.
    let Outcome::Failed(failure) = &check(&snapshot, "a", "delta").outcome else { panic!("{group:#?}") };
    assert!(failure.reason.contains("exit 5"), "{failure:?}");
}

#[tokio::test]
async fn a_target_replaces_checks_of_a_kind_and_keeps_the_others() {
    let root = with_servers();
    fs::write(root.path().join("here"), "").unwrap();
    let toml = "[group.a]\ndiscover = { mcp = \".mcp.json\" }\ncheck.mcp = {}\ncheck.file = { path = \"here\" }\n\
                [group.a.target.alpha]\ncheck.file = { path = \"gone\" }\ncheck.command = { command = [\"true\"] }\n";
    let snapshot = measure(toml, root.path(), BOUNDS).await;
    let kinds = |target| {
        checks(&snapshot, "a", target).iter().map(|check| (check.check.as_str(), passed(check))).collect::<Vec<_>>()
    };
    assert_eq!(kinds("beta"), [("mcp", false), ("file", true)]);
    assert_eq!(kinds("alpha"), [("mcp", false), ("file", false), ("command", true)]);
    let reason = |target| match &checks(&snapshot, "a", target)[0].outcome {
        Outcome::Failed(failure) => failure.reason.clone(),
        other => panic!("{other:?}"),
    };
    assert!(reason("alpha").contains("exit 4") && reason("beta").contains("exit 3"), "each has its own server");
}

#[tokio::test]
async fn a_rung_that_is_written_down_is_the_one_that_is_proved() {
    let root = folder();
    let toml = "[group.a.target.up]\ncheck.command = { command = [\"true\"], rung = \"running\" }\n\
                [group.a.target.down]\ncheck.command = { command = [\"false\"], rung = \"running\" }\n\
                [group.a.target.plain]\ncheck.command = { command = [\"true\"] }\n\
                [group.a.target.absent]\ncheck.command = { command = [\"./nowhere\"], rung = \"healthy\" }\n";
    let snapshot = measure(toml, root.path(), BOUNDS).await;
    let rungs = |target| {
        let check = check(&snapshot, "a", target);
        (check.rung, check.proved)
    };
    assert_eq!(rungs("up"), (Rung::Running, Some(Rung::Running)));
    assert_eq!(rungs("down"), (Rung::Running, None));
    assert_eq!(rungs("plain"), (Rung::Functional, Some(Rung::Functional)));
    assert_eq!(rungs("absent"), (Rung::Healthy, None));
}

#[tokio::test]
async fn order_is_that_of_the_configuration_whatever_ends_first() {
    let root = folder();
    let toml = "[metric.slow]\nfrom.command = { command = [\"sh\", \"-c\", \"sleep 0.3; echo 1\"] }\n\
                [metric.fast]\nfrom.command = { command = [\"echo\", \"2\"] }\n\
                [group.z.target.slow]\ncheck.command = { command = [\"sleep\", \"0.3\"] }\n\
                [group.z.target.fast]\ncheck.command = { command = [\"true\"] }\n\
                [group.a.target.x]\ncheck.command = { command = [\"true\"] }\n";
    let snapshot = measure(toml, root.path(), BOUNDS).await;
    let groups: Vec<&str> = snapshot.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!((groups, names(&snapshot, "z")), (vec!["z", "a"], vec!["slow", "fast"]));
    let metrics: Vec<&str> = snapshot.metrics.iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(metrics, ["slow", "fast"]);
}
