//! The official clients, of Python and TypeScript, over standard streams and over HTTP.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::over_http::Served;
use crate::project;

/// The folder with the libraries that `tests/run` installed, as for the servers that use them. Without one the test says that
/// it is skipped, and fails where nothing may be.
fn libraries(test: &str) -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TRUEUP_TEST_MCP") {
        return Some(folder.into());
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_MCP is not set");
    let _ = writeln!(std::io::stderr(), "skipped: {test}: no MCP libraries (run tests/run)");
    None
}

/// What a client was answered.
fn asks(libraries: &Path, client: &str, order: &Value) -> Value {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serve").join(client);
    let mut command = match client.extension().unwrap().to_str().unwrap() {
        "py" => Command::new(libraries.join("venv/bin/python")),
        _ => Command::new("node"),
    };
    command.arg(client).current_dir(libraries).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(order.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Asks everything once, in the words of the protocol, and looks at what the client made of the answers.
fn converses(libraries: &Path, client: &str, server: Value) {
    let order = json!({"server": server, "asks": [
        {"list": true},
        {"tool": "check_claims", "arguments": {"path": "STATUS.md"}},
        {"tool": "measure", "arguments": {"metrics": ["agents"]}},
        {"tool": "explain", "arguments": {"what": "STATUS.md:3"}},
        {"tool": "render_section", "arguments": {"document": "T.md"}},
        {"tool": "check_claims", "arguments": {"path": "../../etc/passwd"}},
        {"resource": "trueup://snapshot"},
        {"tool": "rm"},
    ]});
    let said = asks(libraries, client, &order);
    assert_eq!(said["about"]["server"], "trueup", "{client}");
    let [list, check, measure, explain, render, outside, snapshot, unknown] = &said["answers"].as_array().unwrap()[..]
    else {
        panic!("{said}")
    };
    let names: Vec<&str> =
        list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["check_claims", "measure", "explain", "render_section"]);
    for tool in list["tools"].as_array().unwrap() {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert!(tool["outputSchema"].is_object(), "{tool}");
    }
    assert_eq!(list["resources"], json!(["trueup://snapshot"]));
    assert!(check["text"].as_str().unwrap().contains("claimed 19 agents running, measured 2"), "{check}");
    assert_eq!(check["data"]["claims"][0]["verdict"], "drifted");
    assert_eq!(measure["data"]["metrics"][0]["value"].as_f64(), Some(2.0), "{measure}");
    assert_eq!(explain["data"]["kind"], "line");
    assert_eq!(render["data"]["status"], "stale", "{render}");
    assert_eq!(outside["error"], true);
    let snapshot: Value = serde_json::from_str(snapshot["text"].as_str().unwrap()).unwrap();
    assert_eq!(snapshot["schema_version"], 1);
    assert!(unknown["refused"].as_str().unwrap().contains("there is no tool `rm`"), "{unknown}");
}

#[test]
fn official_clients_over_standard_streams_and_over_http() {
    let Some(libraries) = libraries("official_clients_over_standard_streams_and_over_http") else { return };
    let section = "<!-- trueup:begin metrics-table metrics=agents -->\n<!-- trueup:end -->\n";
    for client in ["client.py", "client.mjs"] {
        let project = project().with("T.md", section);
        let folder = project.folder().to_str().unwrap();
        let program = env!("CARGO_BIN_EXE_trueup");
        converses(&libraries, client, json!({"command": program, "args": ["mcp"], "cwd": folder}));
        let served = Served::start(&project, &[]);
        converses(&libraries, client, json!({"url": format!("http://{}/mcp", served.address)}));
        served.end();
    }
}
