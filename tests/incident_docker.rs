//! examples/incident-docker on a real engine: 21 services that fail as the incident's did, and one that works.
#![cfg(unix)]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use support::compose;
use support::engine::TestEngine;
use trueup::config::parse;
use trueup::document::source::SourceFile;
use trueup::failure::FailureClass::{self, CleanExit, Configuration, RestartLoop};
use trueup::measure::measurement::{GroupMeasurement, Snapshot};
use trueup::measure::request::Plan;
use trueup::measure::schedule::{self, Bounds};
use trueup::measure::source::Sources;
use trueup::measure::standing::Stand;
use trueup::rung::Rung;

/// Every service but the one that runs: its class, and words of the reason.
const DOWN: [(&str, FailureClass, &str); 20] = [
    ("claude-flow", RestartLoop, "exit 217: npm error code ENOTEMPTY"),
    ("compass", CleanExit, "exit 0: compass: configuration incomplete"),
    ("context7", CleanExit, "exit 0: context7: no valid context"),
    ("ddg", Configuration, "exit 1: Error: DDG_API_KEY must be set"),
    ("extended-memory", RestartLoop, "exit 127: sh: extended-memory-mcp: not found"),
    ("files", Configuration, "exit 1: ls: /opt/app: No such file or directory"),
    ("github", CleanExit, "exit 0 (its standard input was closed"),
    ("http", Configuration, "exit 1: httpd: bind: Address already in use"),
    ("http-fetch", Configuration, "Connection refused"),
    ("knowledge-graph", RestartLoop, "exit 127: sh: npx: not found"),
    ("language-server", RestartLoop, "exit 126: sh: exec: line 0: /tmp/language-server: Permission denied"),
    ("mcp-ssh", Configuration, "exit 1: Error: SSH_HOST is not set"),
    ("memory-bank", RestartLoop, "exit 127: sh: npx: not found"),
    ("playwright", Configuration, "exit 1: browserType.launch: Executable doesn't exist"),
    ("postgres", RestartLoop, "exit 127: sh: mcp-server-postgres: not found"),
    ("puppeteer", Configuration, "exit 1: Error: Browser was not found"),
    ("ruv-swarm", CleanExit, "exit 0 (its standard input was closed"),
    ("sequential-thinking", RestartLoop, "exit 128: npm error code 128"),
    ("task-runner", Configuration, "exit 1: ls: /workspace/tasks: No such file or directory"),
    ("ultimatecoder", RestartLoop, "exit 127: sh: python3: not found"),
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
    let bounds = Bounds { deadline: Duration::from_secs(60), concurrency: 8, processes: 4 };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(schedule::run(&plan(), sources, bounds))
}

fn up(group: &GroupMeasurement, rung: Rung) -> usize {
    group.targets.iter().filter(|target| matches!(target.stand(rung), Stand::Up { .. })).count()
}

#[test]
fn none_of_the_21_is_functional_and_the_control_is() {
    let Some(engine) = TestEngine::require("none_of_the_21_is_functional_and_the_control_is") else { return };
    let services = compose::up(&engine, &folder().join("compose.yaml"));
    assert_eq!(services.len(), 22);
    for (name, class, _) in DOWN {
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
    for (name, class, words) in DOWN {
        let target = mcp.targets.iter().find(|target| target.name == format!("incident-{name}")).unwrap();
        let Stand::Down(failure) = target.stand(Rung::Running) else { panic!("{name} is not down: {target:#?}") };
        assert_eq!(failure.class, class, "{name}: {}", failure.reason);
        assert!(failure.reason.contains(words), "{name}: {}", failure.reason);
    }
    let lying: Vec<&str> =
        mcp.targets.iter().filter(|target| target.health_check_lies()).map(|target| target.name.as_str()).collect();
    assert_eq!(lying, ["incident-nx-mcp"]);

    let control = snapshot.group("control").unwrap();
    assert_eq!((control.total(), up(control, Rung::Functional)), (1, 1));
}
