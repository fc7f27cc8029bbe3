//! examples/incident-docker on a real engine: 21 services that fail as the incident's did, and one that works.
#![cfg(unix)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use support::compose;
use support::engine::TestEngine;
use trueup::config::parse;
use trueup::document::source::SourceFile;
use trueup::failure::FailureClass::{self, CleanExit, Configuration, RestartLoop};
use trueup::measure::measurement::{GroupMeasurement, Snapshot};
use trueup::measure::request::Plan;
use trueup::measure::schedule::{self, Bounds, Processes};
use trueup::measure::source::Sources;
use trueup::measure::standing::Stand;
use trueup::rung::Rung;

/// Every service but the one that runs: its class, its exit code, and the line of its log that explains it.
const DOWN: [(&str, FailureClass, i32, &str); 20] = [
    ("claude-flow", RestartLoop, 217, "npm error code ENOTEMPTY"),
    ("compass", CleanExit, 0, "compass: configuration incomplete"),
    ("context7", CleanExit, 0, "context7: no valid context"),
    ("ddg", Configuration, 1, "Error: DDG_API_KEY must be set"),
    ("extended-memory", RestartLoop, 127, "sh: extended-memory-mcp: not found"),
    ("files", Configuration, 1, "ls: /opt/app: No such file or directory"),
    ("github", CleanExit, 0, "its standard input was closed"),
    ("http", Configuration, 1, "httpd: bind: Address already in use"),
    ("http-fetch", Configuration, 1, "Connection refused"),
    ("knowledge-graph", RestartLoop, 127, "sh: npx: not found"),
    ("language-server", RestartLoop, 126, "/tmp/language-server: Permission denied"),
    ("mcp-ssh", Configuration, 1, "Error: SSH_HOST is not set"),
    ("memory-bank", RestartLoop, 127, "sh: npx: not found"),
    ("playwright", Configuration, 1, "browserType.launch: Executable doesn't exist"),
    ("postgres", RestartLoop, 127, "sh: mcp-server-postgres: not found"),
    ("puppeteer", Configuration, 1, "Error: Browser was not found"),
    ("ruv-swarm", CleanExit, 0, "its standard input was closed"),
    ("sequential-thinking", RestartLoop, 128, "npm error code 128"),
    ("task-runner", Configuration, 1, "ls: /workspace/tasks: No such file or directory"),
    ("ultimatecoder", RestartLoop, 127, "sh: python3: not found"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/incident-docker")
}

fn plan() -> Plan {
    let path = folder().join("trueup.toml");
    let file = Arc::new(SourceFile::new("trueup.toml", std::fs::read_to_string(path).unwrap()));
    parse(&file, &folder()).unwrap().policy.plan()
}

fn measure(sources: &Sources) -> Snapshot {
    let bounds = Bounds { deadline: Duration::from_secs(60), concurrency: 8, processes: Processes::AtMost(4) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(schedule::run(&plan(), sources, bounds))
}

fn up(group: &GroupMeasurement, rung: Rung) -> usize {
    group.targets.iter().filter(|target| matches!(target.stand(rung), Stand::Up { .. })).count()
}

/// What `trueup check` prints in the folder of the example, and its exit code.
fn check(host: &str) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    let command = command.arg("check").current_dir(folder()).env("DOCKER_HOST", host).env("NO_COLOR", "1");
    let output = command.env_remove("DOCKER_TLS_VERIFY").output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (text, output.status.code())
}

#[test]
fn none_of_the_21_is_functional_and_the_control_is() {
    let Some(engine) = TestEngine::require("none_of_the_21_is_functional_and_the_control_is") else { return };
    let services = compose::up(&engine, &folder().join("compose.yaml"));
    assert_eq!(services.len(), 22);
    for (name, class, _, _) in DOWN {
        match class {
            // Engines wait twice as long before each restart: after a few, the container is hardly ever seen running.
            RestartLoop => services[name].wait_until("{{.RestartCount}} {{.State.Status}}", |state| {
                matches!(state.split_once(' '), Some((count, "restarting")) if count.parse::<u32>().unwrap() >= 5)
            }),
            _ => services[name].wait_until("{{.State.Status}}", |status| status == "exited"),
        }
    }
    for name in ["nx-mcp", "control"] {
        services[name].wait_until("{{.State.Health.Status}}", |status| status == "healthy");
    }
    // They started before the others had failed; a while more and they count as stable.
    std::thread::sleep(Duration::from_secs(3));

    let snapshot = measure(&engine.sources());
    let mcp = snapshot.group("mcp").unwrap();
    assert_eq!((mcp.total(), mcp.nameless_missing, mcp.discovery.as_ref()), (21, 0, None));
    assert_eq!(up(mcp, Rung::Functional), 0);
    assert_eq!(up(mcp, Rung::Running), 1);
    for (name, class, code, line) in DOWN {
        let target = mcp.targets.iter().find(|target| target.name == format!("incident-{name}")).unwrap();
        let Stand::Down(failure) = target.stand(Rung::Running) else { panic!("{name} is not down: {target:#?}") };
        assert_eq!(failure.class, class, "{name}: {}", failure.reason);
        assert!(failure.reason.contains(line), "{name}: {}", failure.reason);
        // One that loops may be looked at while it runs: then the engine has forgotten the exit code.
        let forgotten = failure.reason.starts_with("restarted ");
        assert!(forgotten || failure.reason.contains(&format!("exit {code}")), "{name}: {}", failure.reason);
    }
    let lying: Vec<&str> =
        mcp.targets.iter().filter(|target| target.health_check_lies()).map(|target| target.name.as_str()).collect();
    assert_eq!(lying, ["incident-nx-mcp"]);

    let control = snapshot.group("control").unwrap();
    assert_eq!((control.total(), up(control, Rung::Functional)), (1, 1));

    let (told, exit) = check(engine.host());
    assert_eq!(exit, Some(1), "{told}");
    for words in [
        "error[ratio-drift]: claimed 21/21 operational, measured 0/21",
        "error[percent-drift]: claimed 100% functional, measured 0% (0 of 21)",
        "error[universal-drift]: claimed all 21 MCP services are running, 20 of 21 are not",
        "the health check lies: `incident-nx-mcp`",
        "1 document: 3 claims drifted, 1 holds",
    ] {
        assert!(told.contains(words), "no `{words}` in:\n{told}");
    }
    for (name, _, _, line) in DOWN {
        let explained = told.lines().any(|told| told.contains(&format!("incident-{name} ")) && told.contains(line));
        assert!(explained, "{name} is not explained in:\n{told}");
    }
}

#[test]
fn an_engine_that_is_away_is_one_finding_and_no_drift() {
    let (told, exit) = check("unix:///trueup/no/such.sock");
    assert_eq!(exit, Some(3), "{told}");
    assert_eq!(told.matches("error[unmeasured-source]").count(), 1, "{told}");
    assert!(told.contains("no engine at unix:///trueup/no/such.sock: no such file"), "{told}");
    assert!(told.contains("0 claims drifted, 4 unmeasured"), "{told}");
}
