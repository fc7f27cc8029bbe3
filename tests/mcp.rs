//! The mcp check against servers that fail in every way we know of: the right verdict, by the deadline, and nothing left.
#![cfg(target_os = "linux")]

mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use common::Trace;
use trueup::failure::FailureClass;
use trueup::measure::discover::{Handle, discover};
use trueup::measure::measurement::{Outcome, Unmeasured, UnmeasuredCause};
use trueup::measure::probe::{Context, Look, look};
use trueup::measure::request::{Check, Discover, McpCall, McpCheck, McpRoute, McpServer};
use trueup::measure::source::Sources;
use trueup::rung::Rung;

/// Time that a check has where nothing is meant to run out of it.
const AMPLE: Duration = Duration::from_secs(20);

/// What a run may take beyond its deadline, on a busy machine.
const SLACK: Duration = Duration::from_millis(1500);

struct Probe {
    argv: Vec<String>,
    env: Vec<(&'static str, &'static str)>,
    calls: Vec<McpCall>,
    rest: McpCheck,
    tools: Vec<String>,
    min_tools: usize,
    timeout: Duration,
    run_ends: bool,
}

/// The server that fails in every way.
fn script() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/server.sh").to_owned()
}

/// A look at `server.sh MODE`, with a call that expects "results".
fn server(mode: &str) -> Probe {
    program(&["sh", &script(), mode])
}

fn program(argv: &[&str]) -> Probe {
    Probe {
        argv: argv.iter().map(|&arg| arg.to_owned()).collect(),
        env: Vec::new(),
        calls: vec![call(Some("[0-9]+ results"))],
        rest: McpCheck::default(),
        tools: Vec::new(),
        min_tools: 1,
        timeout: AMPLE,
        run_ends: false,
    }
}

fn call(expect: Option<&str>) -> McpCall {
    McpCall {
        tool: "search".to_owned(),
        arguments: serde_json::json!({ "query": "x" }),
        expect: expect.map(str::to_owned),
        reject: None,
    }
}

impl Probe {
    fn within(mut self, timeout: Duration) -> Probe {
        self.timeout = timeout;
        self
    }

    fn calling(mut self, call: Option<McpCall>) -> Probe {
        self.calls = call.into_iter().collect();
        self
    }

    /// Looks, ends the run, and checks what holds for every look: it returns by its deadline and leaves nothing.
    async fn look(self) -> Look {
        let trace = Trace::new();
        let what = self.argv.join(" ");
        let mut env = trace.env();
        env.extend(self.env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        let check = Check::Mcp(McpCheck {
            server: Some(McpRoute::Stdio(McpServer { argv: self.argv, env, cwd: PathBuf::from("/") })),
            min_tools: self.min_tools,
            tools: self.tools,
            calls: self.calls,
            ..self.rest
        });
        let deadline = tokio::time::Instant::now() + self.timeout;
        let mut sources = Sources::new(true);
        if self.run_ends {
            sources = sources.until(deadline);
        }
        let began = Instant::now();
        let look = look(&check, Context { handle: &Handle::Named, sources: &sources, deadline }).await;
        assert!(began.elapsed() < self.timeout + Duration::from_millis(100), "{what}: late by {:?}", began.elapsed());
        sources.close().await;
        assert!(began.elapsed() < self.timeout + SLACK, "{what}: closed after {:?}", began.elapsed());
        trace.assert_nothing_left(&what);
        look
    }
}

#[track_caller]
fn assert_passed(look: &Look, rung: Rung, summary: &str) {
    match &look.outcome {
        Outcome::Passed { summary: said } => assert!(said.contains(summary), "{said:?} lacks {summary:?}"),
        Outcome::Failed(_) | Outcome::Unmeasured(_) => panic!("{look:#?}"),
    }
    assert_eq!((look.rung, look.proved), (rung, Some(rung)));
}

#[track_caller]
fn assert_failed(look: &Look, rung: Rung, class: FailureClass, reason: &str) {
    let Outcome::Failed(failure) = &look.outcome else { panic!("{look:#?}") };
    assert_eq!(failure.class, class, "{look:#?}");
    assert!(failure.reason.contains(reason), "{:?} lacks {reason:?}", failure.reason);
    let proved = (rung == Rung::Functional).then_some(Rung::Running);
    assert_eq!((look.rung, look.proved), (rung, proved), "{look:#?}");
}

#[tokio::test]
async fn a_sound_server_works_as_far_as_it_was_asked() {
    let look = server("sound").look().await;
    assert_passed(&look, Rung::Functional, "2 tools; `search` answered as expected");
    assert_eq!(look.evidence.get("protocol version"), Some("2025-11-25"));
    assert_eq!(look.evidence.get("server"), Some("shell 1.0"));
    assert_eq!(look.evidence.get("tools"), Some("2"));

    let look = server("sound").calling(None).look().await;
    assert_passed(&look, Rung::Running, "2 tools, handshake only: configure a call");
    let look = server("sound").calling(Some(call(None))).look().await;
    assert_passed(&look, Rung::Running, "give the call an `expect`");
}

#[tokio::test]
async fn odd_servers_that_work_are_up() {
    let cases = [
        ("noise", "it also wrote 7 lines that are no messages, which breaks strict clients"),
        ("json-logs", "it also wrote 2 lines"),
        ("crlf", "2 tools"),
        ("invalid-utf8", "2 tools"),
        ("old", "2 tools"),
        ("pages", "3 tools"),
        ("long-line", "1 tool"),
        ("stderr-flood", "2 tools"),
        ("long-noise", "it also wrote 1 line that is no message"),
        ("asks", "2 tools"),
        ("stray", "2 tools"),
        ("modern", "2 tools"),
        ("modern-dies", "2 tools"),
        ("slow-end", "2 tools"),
    ];
    for (mode, summary) in cases {
        let look = server(mode).look().await;
        assert_passed(&look, Rung::Functional, summary);
        match mode {
            "noise" => {
                let noise = look.evidence.facts.iter().filter(|fact| fact.name == "noise");
                assert_eq!(noise.count(), 5);
            }
            "invalid-utf8" => assert_eq!(look.evidence.get("encoding"), Some("not UTF-8")),
            "old" => assert_eq!(look.evidence.get("protocol version"), Some("2024-11-05")),
            "stderr-flood" => assert!(look.evidence.log.last().unwrap().starts_with("eee")),
            "modern" | "modern-dies" => {
                assert_eq!(look.evidence.get("protocol version"), Some("2026-07-28"));
                assert_eq!(look.evidence.get("server"), Some("shell 2.0"));
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn both_may_write_more_than_a_pipe_holds_before_they_read() {
    let arguments = serde_json::json!({ "query": "x".repeat(200_000) });
    let look = server("chatty").calling(Some(McpCall { arguments, ..call(Some("results")) })).look().await;
    assert_passed(&look, Rung::Functional, "2 tools");
}

#[tokio::test]
async fn a_terminal_is_named_and_does_not_fool_anybody() {
    if std::process::Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: a terminal needs `script` of util-linux");
        return;
    }
    let text = format!("sh {} sound", script());
    let look = program(&["script", "-qec", &text, "/dev/null"]).look().await;
    assert_passed(&look, Rung::Functional, "2 tools");
    assert_eq!(look.evidence.get("echo"), Some("our own messages came back"));
}

#[tokio::test]
async fn a_server_without_tools_is_sound_unless_they_are_wanted() {
    let mut probe = server("no-tools").calling(None);
    probe.min_tools = 0;
    assert_passed(&probe.look().await, Rung::Running, "0 tools, handshake only");
    let look = server("no-tools").calling(None).look().await;
    assert_failed(&look, Rung::Functional, FailureClass::MissingTools, "0 tools, expected at least 1");
    let mut probe = server("sound");
    probe.tools = vec!["search".to_owned(), "write".to_owned()];
    assert_failed(
        &probe.look().await,
        Rung::Functional,
        FailureClass::MissingTools,
        "lacks `write`; it lists `search`, `read`",
    );
}

#[tokio::test]
async fn a_server_is_held_against_all_that_is_expected_of_it() {
    let looked = async |mode: &str, rest: McpCheck, calls: Vec<McpCall>| {
        let mut probe = server(mode);
        (probe.rest, probe.calls) = (rest, calls);
        probe.look().await
    };
    let named = |identity: &str| McpCheck { identity: Some(identity.to_owned()), ..McpCheck::default() };
    let fine = || vec![call(Some("results"))];
    assert_passed(&looked("sound", named("^shell 1"), fine()).await, Rung::Functional, "2 tools");
    let look = looked("sound", named("^knowledge-graph"), fine()).await;
    assert_failed(&look, Rung::Functional, FailureClass::WrongAnswer, "gives itself `shell 1.0`, expected `^knowledge");

    let offers = |resources, prompts| McpCheck {
        min_resources: Some(resources),
        min_prompts: Some(prompts),
        ..McpCheck::default()
    };
    let look = looked("offers", offers(3, 1), fine()).await;
    assert_passed(&look, Rung::Functional, "2 tools, 3 resources, 1 prompt; `search` answered as expected");
    assert_eq!((look.evidence.get("resources"), look.evidence.get("prompts")), (Some("3"), Some("1")));
    let look = looked("offers", offers(4, 1), fine()).await;
    assert_failed(&look, Rung::Functional, FailureClass::MissingTools, "3 resources, expected at least 4");
    let look = looked("sound", offers(0, 1), fine()).await;
    assert_failed(&look, Rung::Functional, FailureClass::MissingTools, "0 prompts, expected at least 1");
    let look = looked("offers-refused", offers(0, 0), fine()).await;
    assert_failed(&look, Rung::Functional, FailureClass::CallFailed, "`prompts/list` returned error -32603: no disk");

    let read = |expect: &str| McpCall { tool: "read".to_owned(), ..call(Some(expect)) };
    let look = looked("sound", McpCheck::default(), vec![call(Some("results")), read("42"), call(None)]).await;
    assert_passed(&look, Rung::Functional, "2 tools; `search`, `read` answered as expected");
    let look = looked("sound", McpCheck::default(), vec![call(Some("results")), read("43"), call(None)]).await;
    assert_failed(&look, Rung::Functional, FailureClass::WrongAnswer, "`read` did not return `43`: 42 results");
    let look = looked("dies-in-second", McpCheck::default(), vec![call(Some("results")), read("42")]).await;
    assert_failed(&look, Rung::Functional, FailureClass::CallFailed, "instead of answering the call of `read`: exit 2");
}

#[tokio::test]
async fn a_server_of_an_mcp_json_is_started_as_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".mcp.json");
    std::fs::copy(script(), folder.path().join("here.sh")).unwrap();
    let text = r#"{"mcpServers": {"shell": {"command": "sh", "args": ["./here.sh", "${NO_SUCH_VARIABLE:-sound}"]}}}"#;
    std::fs::write(&path, text).unwrap();
    let sources = Sources::new(true);
    let found = discover(&Discover::McpJson { path }, &sources).await.unwrap();
    let check = McpCheck { min_tools: 1, calls: vec![call(Some("results"))], ..McpCheck::default() };
    let deadline = tokio::time::Instant::now() + AMPLE;
    let context = Context { handle: &found[0].handle, sources: &sources, deadline };
    let look = look(&Check::Mcp(check), context).await;
    sources.close().await;
    assert_passed(&look, Rung::Functional, "2 tools");
}

#[tokio::test]
async fn what_ends_before_it_answers_is_told_by_its_evidence() {
    use FailureClass::*;
    let cases = [
        ("no-stdin", CleanExit, "running on stdio"),
        ("help", CleanExit, "wrong subcommand?"),
        ("npm", PackageManager, "exit 217: npm error code ENOTEMPTY"),
        ("import", BrokenInstall, "exit 1: ModuleNotFoundError"),
        ("token", Configuration, "SHELL_TOKEN is required"),
        ("missing-path", Configuration, "/opt/app"),
        ("engine", SpawnNotFound, "executable file not found in $PATH"),
        ("killed", Killed, "SIGKILL"),
        ("dies-listing", Exited, "ended after the handshake: exit 3: fatal: out of luck"),
        ("leader-leaves", Exited, "exit 5: fatal: gave up"),
    ];
    for (mode, class, reason) in cases {
        let began = Instant::now();
        let look = server(mode).look().await;
        assert_failed(&look, Rung::Running, class, reason);
        assert!(!look.transient);
        assert!(began.elapsed() < Duration::from_secs(5), "{mode} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn what_cannot_be_started_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let interpreter = file("interpreter", "#!/nowhere/node\n", 0o755);
    let plain = file("plain", "#!/bin/sh\n", 0o644);
    let cases = [
        ("/nowhere/server", FailureClass::SpawnNotFound, "`/nowhere/server` does not exist"),
        ("no-such-program-anywhere", FailureClass::SpawnNotFound, "is not on PATH"),
        (interpreter.as_str(), FailureClass::SpawnNotExecutable, "#! interpreter `/nowhere/node` does not"),
        (plain.as_str(), FailureClass::SpawnNotExecutable, "cannot be executed: Permission denied"),
        ("", FailureClass::Configuration, "no program is named"),
    ];
    for (name, class, reason) in cases {
        assert_failed(&program(&[name]).look().await, Rung::Running, class, reason);
    }
    let shells = [
        ("exec no-such-program-anywhere", FailureClass::SpawnNotFound, "exit 127"),
        ("exec /etc/passwd", FailureClass::SpawnNotExecutable, "exit 126"),
    ];
    for (text, class, reason) in shells {
        assert_failed(&program(&["sh", "-c", text]).look().await, Rung::Running, class, reason);
    }
}

#[tokio::test]
async fn silence_ends_with_the_deadline() {
    let second = Duration::from_secs(1);
    let look = server("silent").within(second).look().await;
    assert_failed(&look, Rung::Running, FailureClass::NoAnswer, "no answer to `initialize` within 0.");
    assert!(look.transient);
    let look = server("silent-noise").within(second).look().await;
    assert_failed(
        &look,
        Rung::Running,
        FailureClass::NoAnswer,
        "wrote 1 line that is no message, such as `still starting`",
    );
    let look = server("half-line").within(second).look().await;
    assert_failed(&look, Rung::Running, FailureClass::NoAnswer, "wrote 17 bytes without a line ending");
    let look = program(&["cat"]).within(second).look().await;
    assert_failed(&look, Rung::Running, FailureClass::Protocol, "its standard input comes back");
    let look = server("silent-call").within(second).look().await;
    assert_failed(&look, Rung::Functional, FailureClass::CallFailed, "no answer to the call of `search` within");
}

#[tokio::test]
async fn a_run_without_time_left_says_nothing_about_the_server() {
    for (mode, proved) in [("silent", None), ("silent-call", Some(Rung::Running))] {
        let mut probe = server(mode).within(Duration::from_secs(1));
        probe.run_ends = true;
        let look = probe.look().await;
        let Outcome::Unmeasured(unmeasured) = &look.outcome else { panic!("{look:#?}") };
        assert_eq!(unmeasured.cause, UnmeasuredCause::TimedOut);
        assert_eq!((look.rung, look.proved), (Rung::Functional, proved));
    }
}

#[tokio::test]
async fn what_is_not_the_protocol_is_named() {
    let cases = [
        ("refuses", "refuses `initialize`: error -32603: not today"),
        ("unknown-version", "protocol version `1999-01-01`, known are 2024-11-05 to 2026-07-28"),
        ("endless", "no end after 100 pages"),
        ("same-page", "the next page is the same page"),
        ("closes", "closed its standard output instead of answering `initialize`, and runs on"),
    ];
    for (mode, reason) in cases {
        assert_failed(&server(mode).look().await, Rung::Running, FailureClass::Protocol, reason);
    }
    let look = server("list-refused").look().await;
    assert_failed(&look, Rung::Running, FailureClass::CallFailed, "`tools/list` returned error -32603: no database");
}

#[tokio::test]
async fn a_flood_is_read_and_thrown_away() {
    for mode in ["flood", "flood-line"] {
        let look = server(mode).look().await;
        assert_failed(&look, Rung::Running, FailureClass::Protocol, "floods standard output: 32 MiB without a message");
    }
    let peak = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = peak.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    // Every test of this file is in the same process; a flood that was kept would be 100 MB.
    assert!(kilobytes < 60_000, "{kilobytes} kB");
}

#[tokio::test]
async fn a_handshake_is_no_proof() {
    use FailureClass::{CallFailed, WrongAnswer};
    let cases = [
        ("call-error", CallFailed, "`tools/call` returned error -32603: no database"),
        ("is-error", CallFailed, "`search` returned an error: browser is not installed"),
        ("soft-error", CallFailed, "returned an error as success: Error searching"),
        ("soft-json", CallFailed, "returned an error as success"),
        ("empty", WrongAnswer, "did not return `[0-9]+ results`: No results were found"),
        (
            "dies-in-call",
            CallFailed,
            "ended instead of answering the call of `search`: exit 2: panic: index out of range",
        ),
    ];
    for (mode, class, reason) in cases {
        assert_failed(&server(mode).look().await, Rung::Functional, class, reason);
    }
}

#[tokio::test]
async fn nothing_survives_its_check() {
    for mode in ["stubborn", "escapes", "leaves-child"] {
        assert_passed(&server(mode).look().await, Rung::Functional, "2 tools");
    }
}

#[tokio::test]
async fn a_cancelled_look_leaves_nothing() {
    for mode in ["silent", "stubborn", "escapes"] {
        let trace = Trace::new();
        let argv = ["sh".to_owned(), script(), mode.to_owned()].to_vec();
        let server = McpServer { argv, env: trace.env(), cwd: PathBuf::from("/") };
        let check = Check::Mcp(McpCheck {
            server: Some(McpRoute::Stdio(server)),
            calls: vec![McpCall { tool: "silent".to_owned(), ..call(None) }],
            ..McpCheck::default()
        });
        let sources = Sources::new(true);
        let deadline = tokio::time::Instant::now() + AMPLE;
        let context = Context { handle: &Handle::Named, sources: &sources, deadline };
        let _ = tokio::time::timeout(Duration::from_millis(150), look(&check, context)).await;
        drop(sources);
        // What was to be finished later is dropped by the runtime.
        tokio::task::yield_now().await;
        trace.assert_nothing_left(mode);
    }
}

#[tokio::test]
async fn values_of_the_environment_are_never_shown() {
    let mut probe = server("token");
    probe.env = vec![("SECRET", "open sesame"), ("TOKEN_NAME", "SHELL_TOKEN")];
    let look = probe.look().await;
    let shown = format!("{look:?}");
    assert!(!shown.contains("open sesame"), "{shown}");
    assert!(shown.contains("${SECRET}"), "{shown}");
}

#[tokio::test]
async fn servers_that_cannot_be_spoken_to_are_unmeasured() {
    let sources = Sources::new(true);
    let deadline = tokio::time::Instant::now() + AMPLE;
    let check = Check::Mcp(McpCheck::default());
    let away = Unmeasured {
        cause: UnmeasuredCause::NotAllowed,
        detail: "the server wants the input `key`".to_owned(),
        source: "x".to_owned(),
    };
    for (handle, cause, detail) in [
        (Handle::OutOfReach(away), UnmeasuredCause::NotAllowed, "the server wants the input"),
        (Handle::Container { id: "4f".to_owned() }, UnmeasuredCause::NoCheck, "the target is a container"),
        (Handle::Named, UnmeasuredCause::NoCheck, "names neither `command` nor `url`"),
    ] {
        let look = look(&check, Context { handle: &handle, sources: &sources, deadline }).await;
        let Outcome::Unmeasured(unmeasured) = &look.outcome else { panic!("{look:#?}") };
        assert_eq!(unmeasured.cause, cause);
        assert!(unmeasured.detail.contains(detail), "{}", unmeasured.detail);
    }
}
