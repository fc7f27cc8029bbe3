//! How the server ends: without an error, and with nothing left behind (which every run is held to).

use std::time::{Duration, Instant};

use serde_json::json;

use crate::talk::Talk;
use crate::{CONFIG, project};

/// A project whose program says that it runs, and then does not end.
fn endless() -> crate::support::program::Project {
    project().with("trueup.toml", CONFIG.replace("echo asked >>asked.log", "touch runs; sleep 300"))
}

#[test]
fn a_client_that_leaves_ends_what_is_being_measured_for_it() {
    let project = endless();
    let mut talk = Talk::with(&project);
    talk.send("tools/call", json!({"name": "measure", "arguments": {}}));
    // Another waits for the first.
    talk.send("tools/call", json!({"name": "measure", "arguments": {"max_age": "0s"}}));
    talk.wait_for("runs");
    let began = Instant::now();
    talk.close().exits(0);
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

#[test]
fn a_signal_ends_it() {
    for (busy, signal) in [(false, "-TERM"), (true, "-TERM"), (true, "-INT")] {
        let project = endless();
        let mut talk = Talk::with(&project);
        if busy {
            talk.send("tools/call", json!({"name": "measure", "arguments": {}}));
            talk.wait_for("runs");
        }
        let kill = std::process::Command::new("kill").args([signal, &talk.process().to_string()]).status().unwrap();
        assert!(kill.success());
        talk.end().exits(0);
    }
}

#[test]
fn a_client_that_never_speaks_is_no_fault() {
    let project = project();
    let run = project.trueup(["mcp"]).stdin("").run();
    assert_eq!(run.exits(0).stdout(), "");
    let run = project.trueup(["mcp"]).stdin("GET / HTTP/1.1\r\n\r\n").run();
    assert_eq!(run.exits(0).stdout(), "");
}
