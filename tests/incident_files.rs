//! The servers of examples/incident end as the incident's did, under every POSIX shell at hand.
#![cfg(unix)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trueup::config::parse;
use trueup::document::source::SourceFile;
use trueup::measure::request::Discover;

/// Every service of the incident, its exit code, and words of its last message.
const SERVERS: [(&str, i32, &str); 21] = [
    ("claude-flow", 217, "npm error ENOTEMPTY: directory not empty"),
    ("extended-memory", 127, "extended-memory-mcp: "),
    ("knowledge-graph", 127, "mcp-server-knowledge-graph: "),
    ("memory-bank", 127, "mcp-server-memory-bank: "),
    ("ultimatecoder", 127, "ultimate-coder: "),
    ("postgres", 127, "mcp-server-postgres: "),
    ("language-server", 126, "ermission denied"),
    ("sequential-thinking", 128, "Could not read from remote repository"),
    ("files", 1, "no such file or directory, stat '/opt/app'"),
    ("http-fetch", 1, "EAI_AGAIN"),
    ("http", 1, "address already in use"),
    ("ddg", 1, "search API answered 403"),
    ("playwright", 1, "Executable doesn't exist"),
    ("puppeteer", 1, "Could not find Chrome"),
    ("task-runner", 1, "permission denied, open '/workspace/tasks.json'"),
    ("ruv-swarm", 0, "no subcommand given"),
    ("compass", 0, "configuration incomplete"),
    ("context7", 0, "no valid context"),
    ("github", 0, "no credentials"),
    ("nx-mcp", 0, "listening on stdio"),
    ("mcp-ssh", 1, "SSH configuration invalid"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/incident")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap()
}

/// The servers of the example's .mcp.json, in its order, as program and arguments.
fn servers() -> Vec<(String, Vec<String>)> {
    let config: Value = serde_json::from_str(&read(".mcp.json")).unwrap();
    let servers = config["mcpServers"].as_object().unwrap().iter();
    let argv = |server: &Value| {
        let arguments = server["args"].as_array().unwrap().iter();
        [&server["command"]].into_iter().chain(arguments).map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    servers.map(|(name, server)| (name.clone(), argv(server))).collect()
}

/// `sh`, and whatever else here claims to be one.
fn shells() -> Vec<&'static [&'static str]> {
    let candidates: [&[&str]; 4] = [&["sh"], &["dash"], &["bash", "--posix"], &["busybox", "sh"]];
    let works = |shell: &&&[&str]| {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).args(["-c", ":"]).stdin(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    candidates.iter().filter(works).copied().collect()
}

/// Runs a server with `input` and the end of input after it; its exit code, standard output and standard error.
fn run(shell: &[&str], argv: &[String], input: &str) -> (Option<i32>, String, String) {
    assert_eq!(argv[0], "sh", "the example needs nothing but a shell");
    let mut child = Command::new(shell[0])
        .args(&shell[1..])
        .args(&argv[1..])
        .current_dir(folder())
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A server that is gone already does not read; that is what some of them are for.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let started = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if started.elapsed() > Duration::from_secs(10) => {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("{argv:?} under {shell:?} is still there after 10 s");
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (status.code(), out, err)
}

#[test]
fn the_servers_are_those_of_the_incident() {
    let names: Vec<String> = servers().into_iter().map(|(name, _)| name).collect();
    let expected: Vec<&str> = SERVERS.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names, expected);
    let scripts = std::fs::read_dir(folder().join("servers")).unwrap();
    assert_eq!(scripts.count(), SERVERS.len(), "one script a server");
}

#[test]
fn each_ends_as_the_incident_tells() {
    let shells = shells();
    assert!(!shells.is_empty());
    for shell in shells {
        for ((name, argv), (_, code, words)) in servers().iter().zip(SERVERS) {
            let (found, out, err) = run(shell, argv, "");
            assert_eq!(found, Some(code), "{name} under {shell:?}: {err}");
            assert!(err.contains(words), "{name} under {shell:?} says {err:?}, and not {words:?}");
            assert_eq!(err.contains("not found"), code == 127, "{name} under {shell:?}: {err}");
            assert_eq!(out, "", "{name} under {shell:?}: standard output is for the protocol");
        }
    }
}

#[test]
fn every_script_but_one_is_executable() {
    use std::os::unix::fs::PermissionsExt;
    for (name, _, _) in SERVERS {
        let path = folder().join(format!("servers/{name}.sh"));
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o111 != 0, name != "language-server", "{name} has mode {mode:o}");
        assert!(
            read(&format!("servers/{name}.sh")).starts_with(&format!("#!/bin/sh\n# Replays the row of `{name}`: "))
        );
    }
}

#[test]
fn nx_mcp_lists_its_tools_and_fails_its_call() {
    let argv = servers().into_iter().find(|(name, _)| name == "nx-mcp").unwrap().1;
    let messages = [
        json!({"jsonrpc": "2.0", "id": "t-1", "method": "initialize", "params": {"protocolVersion": "2025-06-18",
            "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}}),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": "t-2", "method": "tools/list", "params": {}}),
        json!({"jsonrpc": "2.0", "id": "t-3", "method": "tools/call", "params": {"name": "nx_workspace", "arguments": {}}}),
        json!({"jsonrpc": "2.0", "id": 4, "method": "ping"}),
        json!({"jsonrpc": "2.0", "id": 5, "method": "server/discover"}),
    ];
    let input: String = messages.iter().map(|message| format!("{message}\n")).collect();
    for shell in shells() {
        let (code, out, _) = run(shell, &argv, &input);
        assert_eq!(code, Some(0), "it ends with its input");
        let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
        assert_eq!(ids, [&json!("t-1"), &json!("t-2"), &json!("t-3"), &json!(4), &json!(5)], "under {shell:?}");
        assert_eq!(answers[0]["result"]["serverInfo"]["name"], "nx-mcp");
        assert_eq!(answers[0]["result"]["capabilities"], json!({ "tools": {} }));
        assert_eq!(answers[1]["result"]["tools"].as_array().unwrap().len(), 3);
        assert_eq!(answers[1]["result"]["tools"][0]["name"], "nx_workspace");
        assert_eq!(answers[2]["error"]["code"], -32603);
        assert_eq!(answers[3]["result"], json!({}));
        assert_eq!(answers[4]["error"]["code"], -32601);
    }
}

#[test]
fn the_configuration_of_the_example_is_valid_and_speaks_of_its_servers() {
    let file = Arc::new(SourceFile::new("trueup.toml", read("trueup.toml")));
    let parsed = parse(&file, &folder()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(parsed.warnings.len(), 0);
    let [mcp, endpoints] = &parsed.policy.groups[..] else { panic!("expected two groups") };
    assert_eq!(mcp.request.expect, Some(SERVERS.len()));
    assert_eq!(mcp.request.discover, [Discover::McpJson { path: folder().join(".mcp.json") }]);
    for target in &mcp.request.targets {
        assert!(SERVERS.iter().any(|(name, _, _)| *name == target.name), "`{}` is no server", target.name);
    }
    assert_eq!(endpoints.request.targets.len(), 4);
}

#[test]
fn the_document_makes_the_three_claims_in_sentences() {
    let document = read("CLAUDE.md");
    for claim in ["21/21 operational", "100% functional", "All endpoints working"] {
        assert_eq!(document.matches(claim).count(), 1, "{claim}");
    }
    assert!(document.ends_with("<!-- trueup:begin status-table group=mcp rung=functional -->\n<!-- trueup:end -->\n"));
}
