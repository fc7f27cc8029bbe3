//! Real MCP servers of npm and PyPI, all at once, by the program itself: each must be told as what it is, and none of those
//! that do not work as up. Everything runs in a network of its own that has nothing but loopback.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use common::Trace;
use serde_json::{Value, json};

/// The folder with the servers that `tests/run` installed. Without one the test says that it is skipped, and fails where
/// nothing may be.
fn servers(test: &str) -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TRUEUP_TEST_MCP") {
        return Some(folder.into());
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_MCP is not set");
    let _ = writeln!(std::io::stderr(), "skipped: {test}: no MCP servers (run tests/run)");
    None
}

/// What a server must be told as.
struct Case {
    name: &'static str,
    /// Program and arguments; `npm/` and `pypi/` stand for where those packages have their programs, `work` for a folder.
    argv: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
    /// Tool, arguments, what is expected of the answer.
    call: Option<(&'static str, &'static str, &'static str)>,
    /// More keys of the check, as TOML.
    more: &'static str,
    /// State, rung or class, and what the evidence must say.
    told: (&'static str, &'static str, &'static str),
}

const fn case(
    name: &'static str,
    argv: &'static [&'static str],
    call: Option<(&'static str, &'static str, &'static str)>,
    told: (&'static str, &'static str, &'static str),
) -> Case {
    Case { name, argv, env: &[], call, more: "", told }
}

const UP: &str = "passed";
const DOWN: &str = "failed";

const CASES: &[Case] = &[
    case(
        "everything",
        &["npm/mcp-server-everything"],
        Some(("echo", r#"{"message":"hello trueup"}"#, "Echo: hello trueup")),
        (UP, "functional", "13 tools; `echo` answered as expected"),
    ),
    case(
        "filesystem",
        &["npm/mcp-server-filesystem", "work"],
        Some(("list_allowed_directories", "{}", "Allowed directories")),
        (UP, "functional", "`list_allowed_directories` answered as expected"),
    ),
    Case {
        name: "memory",
        argv: &["npm/mcp-server-memory"],
        env: &[("MEMORY_FILE_PATH", "work/memory.jsonl")],
        call: Some(("read_graph", "{}", "entities")),
        more: "",
        told: (UP, "functional", "`read_graph` answered as expected"),
    },
    case(
        "sequential-thinking",
        &["npm/mcp-server-sequential-thinking"],
        Some((
            "sequentialthinking",
            r#"{"thought":"a","nextThoughtNeeded":false,"thoughtNumber":1,"totalThoughts":1}"#,
            "thoughtNumber",
        )),
        (UP, "functional", "`sequentialthinking` answered as expected"),
    ),
    Case {
        name: "knowledge-graph",
        argv: &["npm/mcp-knowledge-graph"],
        env: &[("MEMORY_FILE_PATH", "work/graph.jsonl")],
        call: Some(("read_graph", "{}", "entities")),
        more: "",
        told: (UP, "functional", "`read_graph` answered as expected"),
    },
    Case {
        name: "memory-bank",
        argv: &["npm/mcp-server-memory-bank"],
        env: &[("MEMORY_BANK_ROOT", "work")],
        call: None,
        more: "",
        told: (UP, "running", "handshake only: configure a call"),
    },
    case(
        "time",
        &["pypi/mcp-server-time"],
        Some(("get_current_time", r#"{"timezone":"UTC"}"#, "UTC")),
        (UP, "functional", "`get_current_time` answered as expected"),
    ),
    case(
        "git",
        &["pypi/mcp-server-git"],
        Some(("git_status", r#"{"repo_path":"work"}"#, "No commits yet|branch")),
        (UP, "functional", "`git_status` answered as expected"),
    ),
    // Credentials that are missing.
    case("slack", &["npm/mcp-server-slack"], None, (DOWN, "configuration", "SLACK_BOT_TOKEN")),
    case("brave", &["npm/mcp-server-brave-search"], None, (DOWN, "configuration", "BRAVE_API_KEY")),
    // Its tools need a browser that is not there.
    case(
        "playwright",
        &["npm/playwright-mcp", "--headless"],
        Some(("browser_navigate", r#"{"url":"about:blank"}"#, "about:blank")),
        (DOWN, "call-failed", "`browser_navigate` returned an error"),
    ),
    // Errors told as success.
    Case {
        name: "slack-with-token",
        argv: &["npm/mcp-server-slack"],
        env: &[("SLACK_BOT_TOKEN", "xoxb-hunter2-hunter2"), ("SLACK_TEAM_ID", "T0")],
        call: Some(("slack_list_channels", "{}", ".")),
        more: "",
        told: (DOWN, "call-failed", "returned an error as success"),
    },
    case(
        "context7",
        &["npm/context7-mcp"],
        Some(("resolve-library-id", r#"{"libraryName":"react","query":"react"}"#, ".")),
        (DOWN, "call-failed", "returned an error as success"),
    ),
    // Errors of JSON-RPC, and answers that say they are errors.
    case(
        "github",
        &["npm/mcp-server-github"],
        Some(("search_repositories", r#"{"query":"trueup"}"#, "total_count")),
        (DOWN, "call-failed", "returned error -32603"),
    ),
    case(
        "postgres",
        &["npm/mcp-server-postgres", "postgresql://me:hunter2-hunter2@127.0.0.1:9/none"],
        Some(("query", r#"{"sql":"select 1"}"#, "1")),
        (DOWN, "call-failed", "ECONNREFUSED"),
    ),
    case(
        "fetch",
        &["pypi/mcp-server-fetch"],
        Some(("fetch", r#"{"url":"http://127.0.0.1:9/"}"#, "html")),
        (DOWN, "call-failed", "returned an error"),
    ),
    // Settings that are wrong.
    case("postgres-without-url", &["npm/mcp-server-postgres"], None, (DOWN, "configuration", "database URL")),
    case(
        "filesystem-elsewhere",
        &["npm/mcp-server-filesystem", "/nowhere/at/all"],
        None,
        (DOWN, "configuration", "accessible"),
    ),
    // An unpinned dependency that moved on.
    case("sqlite", &["pypi/mcp-server-sqlite"], None, (DOWN, "broken-install", "AttributeError")),
    // An installer before a registry that is not there.
    Case {
        name: "installer",
        argv: &["npx", "-y", "trueup-test-no-such-server"],
        env: &[
            ("npm_config_registry", "http://127.0.0.1:9/"),
            ("npm_config_fetch_retries", "0"),
            ("npm_config_cache", "work/npm"),
        ],
        call: None,
        more: "",
        told: (DOWN, "package-manager", "npm error code ECONNREFUSED"),
    },
    // A server whose standard input is closed, as `docker run` without `-i` leaves it.
    case(
        "input-closed",
        &["sh", "-c", "exec \"$0\" </dev/null", "npm/mcp-server-memory"],
        None,
        (DOWN, "clean-exit", "its standard input was closed"),
    ),
    case("option", &["npm/playwright-mcp", "--nonsense"], None, (DOWN, "exited", "unknown option")),
    // A server that is there and lacks what it should have, and one that is another than expected.
    Case {
        name: "tool-missing",
        argv: &["npm/mcp-server-sequential-thinking"],
        env: &[],
        call: None,
        more: "tools = ['launch']",
        told: (DOWN, "missing-tools", "lacks `launch`; it lists `sequentialthinking`"),
    },
    Case {
        name: "stranger",
        argv: &["npm/mcp-server-sequential-thinking"],
        env: &[],
        call: None,
        more: "server = '^knowledge-graph'",
        told: (DOWN, "wrong-answer", "expected `^knowledge-graph`"),
    },
    // An answer without results is what only an expectation can tell from one with them.
    case(
        "duckduckgo",
        &["pypi/duckduckgo-mcp-server"],
        Some(("search", r#"{"query":"trueup"}"#, "https?://")),
        (DOWN, "wrong-answer", "did not return"),
    ),
];

/// Servers over HTTP, by the way in which the same package speaks.
const WEB: &[(&str, &str, &str)] = &[("streamable", "streamableHttp", "39101"), ("older", "sse", "39102")];

fn shell(folder: &Path, trueup: &str) -> String {
    let everything = folder.join("node_modules/.bin/mcp-server-everything");
    let servers =
        WEB.iter().map(|(_, way, port)| format!("PORT={port} {} {way} >{way}.log 2>&1 & ", everything.display()));
    let listening = WEB.iter().map(|(_, way, port)| {
        format!("for n in $(seq 200); do grep -q :{} /proc/net/tcp* && break; sleep 0.05; done; : {way}; ", hex(port))
    });
    format!(
        "{}{}{trueup}; status=$?; kill %1 %2; exit $status",
        servers.collect::<String>(),
        listening.collect::<String>()
    )
}

fn hex(port: &str) -> String {
    format!("{:04X}", port.parse::<u16>().unwrap())
}

#[test]
fn each_is_told_as_what_it_is() {
    let Some(folder) = servers("each_is_told_as_what_it_is") else { return };
    let work = tempfile::tempdir().unwrap();
    let work = work.path();
    assert!(Command::new("git").args(["init", "-q"]).arg(work).status().unwrap().success());
    let place = |text: &str| match text.split_once('/') {
        Some(("npm", program)) => folder.join("node_modules/.bin").join(program).display().to_string(),
        Some(("pypi", program)) => folder.join("venv/bin").join(program).display().to_string(),
        _ if text == "work" || text.starts_with("work/") => text.replacen("work", &work.display().to_string(), 1),
        _ => text.to_owned(),
    };
    let mut listed = serde_json::Map::new();
    let mut toml = "[run]\ntimeout = '60s'\n[group.mcp]\ndiscover = { mcp = '.mcp.json' }\ncheck.mcp = {}\n".to_owned();
    for case in CASES {
        let argv: Vec<String> = case.argv.iter().map(|text| place(text)).collect();
        let env: BTreeMap<_, _> = case.env.iter().map(|(name, value)| (*name, place(value))).collect();
        listed.insert(case.name.to_owned(), json!({"command": argv[0], "args": argv[1..], "env": env}));
        if !case.more.is_empty() {
            toml.push_str(&format!("[group.mcp.target.{}.check.mcp]\n{}\n", case.name, case.more));
        }
        if let Some((tool, arguments, expect)) = case.call {
            let arguments = arguments.replace("\"work\"", &format!("\"{}\"", work.display()));
            let arguments: toml::Value = serde_json::from_str(&arguments).unwrap();
            toml.push_str(&format!(
                "[group.mcp.target.{}.check.mcp.call]\ntool = '{tool}'\nexpect = '{expect}'\narguments = {arguments}\n",
                case.name
            ));
        }
    }
    for (name, way, port) in WEB {
        let (kind, path) = if *way == "sse" { ("sse", "sse") } else { ("http", "mcp") };
        listed.insert((*name).to_owned(), json!({"type": kind, "url": format!("http://127.0.0.1:{port}/{path}")}));
        toml.push_str(&format!(
            "[group.mcp.target.{name}.check.mcp.call]\ntool = 'echo'\nexpect = 'Echo: x'\narguments = {{ message = 'x' }}\n"
        ));
    }
    listed.insert("off".to_owned(), json!({"command": "true", "disabled": true}));
    std::fs::write(work.join(".mcp.json"), json!({ "mcpServers": listed }).to_string()).unwrap();
    std::fs::write(work.join("trueup.toml"), toml).unwrap();

    let trace = Trace::new();
    let inner = shell(&folder, &format!("{} probe --format json --evidence evidence", env!("CARGO_BIN_EXE_trueup")));
    // Without a network but loopback, where we may make one.
    let lo = "busybox ip link set lo up || ip link set lo up";
    let alone = Command::new("unshare").args(["-n", "true"]).status().is_ok_and(|status| status.success());
    let mut command = Command::new(if alone { "unshare" } else { "bash" });
    if alone {
        command.args(["-n", "bash"]);
    }
    let set_up = if alone { format!("{{ {lo}; }} 2>/dev/null; ") } else { String::new() };
    let began = Instant::now();
    let output = command
        .args(["-c", &format!("set -m; {set_up}{inner}")])
        .current_dir(work)
        .env("HOME", work)
        .envs(trace.env())
        .output()
        .unwrap();
    assert!(began.elapsed() < Duration::from_secs(85), "{:?}", began.elapsed());
    let snapshot: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    trace.assert_nothing_left("the run");

    let group = &snapshot["groups"][0];
    assert_eq!(group["skipped"], json!(["off"]));
    let targets = group["targets"].as_array().unwrap();
    assert_eq!(targets.len(), CASES.len() + WEB.len());
    let mut faults = Vec::new();
    for target in targets {
        let name = target["name"].as_str().unwrap();
        let check = &target["checks"][0];
        let outcome = &check["outcome"];
        let (state, word, says) = CASES
            .iter()
            .find(|case| case.name == name)
            .map_or((UP, "functional", "`echo` answered as expected"), |case| case.told);
        let found = match outcome["outcome"].as_str() {
            Some("passed") => (check["proved"].as_str(), outcome["summary"].as_str()),
            _ => (outcome["class"].as_str(), outcome["reason"].as_str()),
        };
        let fits =
            outcome["outcome"] == state && found.0 == Some(word) && found.1.is_some_and(|told| told.contains(says));
        if !fits {
            faults.push(format!("{name}: expected {state} {word} {says:?}, found {outcome}"));
        }
        let answers = state == UP || ["call-failed", "wrong-answer", "missing-tools"].contains(&word);
        let has_identity = check["evidence"]["facts"].to_string().contains("\"server\"");
        if answers != has_identity {
            faults.push(format!("{name}: who it says it is: {}", check["evidence"]["facts"]));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(!shown.contains("hunter2"), "a secret of the file is shown");
    let kept = kept(&work.join("evidence"));
    let text = |path: &str| kept.get(path).unwrap_or_else(|| panic!("{path}: {:?}", kept.keys()));
    assert!(
        text("summary.txt").contains("mcp/slack  down  mcp: exit 1: Please set SLACK_BOT_TOKEN"),
        "{}",
        text("summary.txt")
    );
    let transcript = text("groups/mcp/everything/mcp-transcript.txt");
    assert!(
        transcript.contains("\"method\":\"tools/call\"") && transcript.contains("Echo: hello trueup"),
        "{transcript}"
    );
    assert!(text("groups/mcp/sqlite/mcp-stderr.log").contains("Traceback"));
    assert!(text("groups/mcp/older/mcp-transcript.txt").contains("-> GET text/event-stream"));
    for (path, text) in &kept {
        assert!(!text.contains("hunter2"), "a secret of the file is in {path}");
    }
    assert!(UPS_EXPECTED == CASES.iter().filter(|case| case.told.0 == UP).count());
}

/// The texts of all files under `folder`, by their place in it.
fn kept(folder: &Path) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let place = path.strip_prefix(folder).unwrap().display().to_string();
                kept.insert(place, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    kept
}

/// Of these servers so many work; every other that is told as up is a false one.
const UPS_EXPECTED: usize = 8;
