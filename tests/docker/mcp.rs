//! MCP servers inside containers.

use std::path::Path;
use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::discover::Handle;
use trueup::measure::engine_choice::EngineChoice;
use trueup::measure::measurement::Outcome;
use trueup::measure::probe::{self, Context, Look};
use trueup::measure::request::{Check, McpCall, McpCheck, McpExec, McpRoute};
use trueup::rung::Rung;

use crate::support::engine::{TestContainer, TestEngine};

/// A container that has the broken and the sound servers of tests/servers, and sleeps.
fn container(engine: &TestEngine, name: &str, options: &[&str]) -> TestContainer {
    let servers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers");
    let mount = format!("{}:/servers:ro", servers.display());
    engine.run(name, &[&["--volume", &mount], options].concat(), &["sleep", "300"])
}

fn check(container: &TestContainer, argv: Option<&[&str]>) -> McpCheck {
    let call = McpCall {
        tool: "search".to_owned(),
        arguments: serde_json::json!({}),
        expect: Some("[0-9]+ results".to_owned()),
        reject: None,
    };
    let argv = argv.map(|argv| argv.iter().map(|&word| word.to_owned()).collect());
    let env = [("SECRET".to_owned(), "open-sesame-17".to_owned())].into();
    let exec = McpExec { engine: EngineChoice::Environment, container: Some(container.name().to_owned()), argv, env };
    McpCheck { server: Some(McpRoute::Exec(exec)), min_tools: 1, calls: vec![call], ..McpCheck::default() }
}

/// Looks, ends the run, and returns by when both must be over.
fn look_within(engine: &TestEngine, check: McpCheck, time: Duration) -> Look {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sources = engine.sources().keeping_exhibits(true);
        let began = Instant::now();
        let deadline = tokio::time::Instant::now() + time;
        let context = Context { handle: &Handle::Named, sources: &sources, deadline };
        let look = probe::look(&Check::Mcp(check), context).await;
        assert!(began.elapsed() < time + Duration::from_secs(1), "late by {:?}", began.elapsed());
        sources.close().await;
        assert!(began.elapsed() < time + Duration::from_secs(8), "closed after {:?}", began.elapsed());
        look
    })
}

fn look(engine: &TestEngine, check: McpCheck) -> Look {
    look_within(engine, check, Duration::from_secs(20))
}

/// Nothing runs in the container but its own process.
fn assert_alone(engine: &TestEngine, container: &TestContainer, what: &str) {
    let end = Instant::now() + Duration::from_secs(2);
    loop {
        let top = engine.docker(&["top", container.name(), "-o", "pid,args"]).unwrap();
        let running: Vec<&str> = top.lines().skip(1).collect();
        if running.len() == 1 && running[0].contains("sleep 300") {
            return;
        }
        assert!(Instant::now() < end, "{what} left {running:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[track_caller]
fn failure(look: &Look) -> (FailureClass, &str) {
    match &look.outcome {
        Outcome::Failed(failure) => (failure.class, &failure.reason),
        other => panic!("{other:#?}"),
    }
}

#[test]
fn a_server_in_a_container_is_spoken_to_and_leaves_nothing() {
    let Some(engine) = TestEngine::require("a_server_in_a_container_is_spoken_to_and_leaves_nothing") else { return };
    let home = container(&engine, "mcp-sound", &[]);
    for mode in ["sound", "noise", "modern-dies", "stderr-flood", "stubborn", "leaves-child"] {
        let look = look(&engine, check(&home, Some(&["sh", "/servers/server.sh", mode])));
        let Outcome::Passed { summary } = &look.outcome else { panic!("{mode}: {look:#?}") };
        assert!(summary.starts_with("2 tools; `search` answered as expected"), "{mode}: {summary}");
        assert_eq!(look.proved, Some(Rung::Functional));
        assert_eq!(look.evidence.get("container"), Some(home.name()));
        assert_eq!(look.evidence.get("environment"), Some("SECRET"));
        assert!(look.evidence.exhibits.iter().any(|exhibit| exhibit.name == "transcript.txt"));
        assert_alone(&engine, &home, mode);
    }
}

#[test]
fn a_server_in_a_container_that_fails_is_told_by_its_evidence() {
    use FailureClass::{CallFailed, Configuration, Exited, NoAnswer, PackageManager, Paused, Protocol, SpawnNotFound};
    let Some(engine) = TestEngine::require("a_server_in_a_container_that_fails_is_told_by_its_evidence") else {
        return;
    };
    let home = container(&engine, "mcp-fails", &[]);
    let cases: [(&str, FailureClass, &str); 6] = [
        ("npm", PackageManager, "exit 217: npm error code ENOTEMPTY"),
        ("token", Configuration, "SHELL_TOKEN is required, and ${SECRET} is not it"),
        ("dies-listing", Exited, "ended after the handshake: exit 3: fatal: out of luck"),
        ("is-error", CallFailed, "browser is not installed"),
        ("refuses", Protocol, "not today"),
        ("leader-leaves", Exited, "exit 5: fatal: gave up"),
    ];
    for (mode, class, reason) in cases {
        let look = look(&engine, check(&home, Some(&["sh", "/servers/server.sh", mode])));
        let (found, told) = failure(&look);
        assert!(found == class && told.contains(reason), "{mode}: {look:#?}");
        assert!(!format!("{look:?}").contains("open-sesame"), "{mode}");
        assert_alone(&engine, &home, mode);
    }
    let missing = look(&engine, check(&home, Some(&["npx", "-y", "x"])));
    assert_eq!((failure(&missing).0, missing.rung), (SpawnNotFound, Rung::Running), "{missing:#?}");
    engine.docker(&["pause", home.name()]).unwrap();
    let paused = look(&engine, check(&home, Some(&["sh", "/servers/server.sh", "sound"])));
    engine.docker(&["unpause", home.name()]).unwrap();
    assert_eq!((failure(&paused).0, paused.rung), (Paused, Rung::Running), "{paused:#?}");

    let home = container(&engine, "mcp-silent", &[]);
    for mode in ["silent", "half-line"] {
        let look =
            look_within(&engine, check(&home, Some(&["sh", "/servers/server.sh", mode])), Duration::from_secs(2));
        assert_eq!(failure(&look).0, NoAnswer, "{mode}: {look:#?}");
        assert_alone(&engine, &home, mode);
    }
}

#[test]
fn without_a_command_it_is_another_of_the_containers_own() {
    let Some(engine) = TestEngine::require("without_a_command_it_is_another_of_the_containers_own") else { return };
    let servers = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers");
    let mount = format!("{}:/servers:ro", servers.display());
    let options = ["--volume", &mount, "--interactive", "--env", "MY_KEY=container-secret"];
    let home = engine.run("mcp-own", &options, &["sh", "/servers/server.sh", "sound"]);
    let look = look(&engine, check(&home, None));
    let Outcome::Passed { .. } = &look.outcome else { panic!("{look:#?}") };
    assert_eq!(look.evidence.get("command"), Some("sh /servers/server.sh sound"));
    assert!(look.evidence.get("instance").is_some_and(|told| told.contains("another")));
    // The container's own, with its standard input, is as it was.
    assert_eq!(home.inspect("{{.State.Running}}").unwrap(), "true");
    assert_eq!(engine.docker(&["top", home.name(), "-o", "pid,args"]).unwrap().lines().count(), 2);
}

#[test]
fn exhibits_of_a_container_show_no_environment() {
    let Some(engine) = TestEngine::require("exhibits_of_a_container_show_no_environment") else { return };
    let script = "echo connecting with $MY_KEY >&2; exit 3";
    let home = engine.run("mcp-exhibits", &["--env", "MY_KEY=container-secret"], &["sh", "-c", script]);
    home.wait_until("{{.State.Status}}", |status| status == "exited");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let look = runtime.block_on(async {
        let sources = engine.sources().keeping_exhibits(true);
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let check = crate::looks::docker(home.name(), Duration::ZERO);
        probe::look(&check, Context { handle: &Handle::Named, sources: &sources, deadline }).await
    });
    assert!(failure(&look).1.contains("connecting with ${MY_KEY}"), "{look:#?}");
    let names: Vec<_> = look.evidence.exhibits.iter().map(|exhibit| exhibit.name).collect();
    assert_eq!(names, ["container.log", "inspect.json"]);
    assert!(look.evidence.exhibits[1].text.contains("\"ExitCode\": 3"));
    assert!(!format!("{look:?}").contains("container-secret"), "{look:#?}");
}
