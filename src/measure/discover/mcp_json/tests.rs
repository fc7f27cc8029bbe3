use std::path::Path;

use super::variables::{Dialect, Variables};
use super::{discover, read};
use crate::measure::discover::{Found, Handle};
use crate::measure::measurement::UnmeasuredCause;
use crate::measure::request::{HeaderValue, McpTransport};
use crate::rung::Rung;
use serde_json::Value;

fn lookup(name: &str) -> Option<String> {
    match name {
        "HOME" => Some("/home/me".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn servers(text: &str) -> Result<Vec<Found>, String> {
    read(text.as_bytes(), Path::new("/project"), &lookup)
}

#[test]
fn variables_are_replaced_and_unset_ones_stay() {
    let cases = [
        ("${HOME}/x", "/home/me/x"),
        ("$HOME", "$HOME"),
        ("${NOPE}", "${NOPE}"),
        ("${NOPE:-fallback}-${HOME:-x}", "fallback-/home/me"),
        ("${NOPE:-}", ""),
        ("${EMPTY:-x}", ""),
        ("a${open", "a${open"),
        ("é${HOME}é", "é/home/meé"),
        ("${}", "${}"),
    ];
    for (text, expected) in cases {
        let variables =
            Variables { dialect: Dialect::Claude, workspace: Path::new("/p"), inputs: &Value::Null, lookup: &lookup };
        assert_eq!(variables.expand(text).text, expected, "{text}");
    }
}

#[test]
fn servers_come_in_the_order_of_the_file() {
    let found = servers(
        r#"{"mcpServers": {
            "zeta": {"command": "${HOME}/bin/zeta", "args": ["-p", 3000], "env": {"A": "${NOPE:-b}", "DEBUG": true}},
            "off": {"command": "x", "disabled": true},
            "alpha": {"type": "stdio", "command": "alpha"},
            "remote": {"type": "sse", "url": "http://127.0.0.1/sse"},
            "bare": {"url": "http://127.0.0.1/mcp"}
        }}"#,
    )
    .unwrap();
    let names: Vec<_> = found.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["zeta", "off", "alpha", "remote", "bare"]);
    assert!(matches!(found[1].handle, Handle::Disabled));
    let Handle::McpServer(zeta) = &found[0].handle else { panic!("{:?}", found[0]) };
    assert_eq!(zeta.argv, ["/home/me/bin/zeta", "-p", "3000"]);
    assert_eq!(zeta.env["A"], "b");
    assert_eq!(zeta.env["DEBUG"], "true");
    assert_eq!(zeta.cwd, Path::new("/project"));
    let transport = |at: usize| match &found[at].handle {
        Handle::McpRemote(web) => web.transport,
        other => panic!("{other:?}"),
    };
    assert_eq!((transport(3), transport(4)), (McpTransport::Sse, McpTransport::Http));
    assert!(found.iter().all(|found| found.origin == Rung::Declared));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let cases = [
        ("{\n  \"mcpServers\": {,\n}", "line 2 column 18"),
        ("", "line 1 column 0"),
        ("[]", "has neither `mcpServers` nor `servers`"),
        (r#"{"mcpServers": []}"#, "`mcpServers` is not an object"),
        (r#"{"mcpServers": {"a": {}}}"#, "`mcpServers.a` has neither `command` nor `url`"),
        (r#"{"mcpServers": {"a": {"command": 3}}}"#, "`command` that is not a text"),
        (r#"{"mcpServers": {"a": {"command": "x", "args": "y"}}}"#, "not a list"),
        (r#"{"mcpServers": {"a": {"command": "x", "env": {"K": []}}}}"#, "`env.K`"),
        (r#"{"mcpServers": {"a": {"type": "http"}}}"#, "type `http` and no `url`"),
    ];
    for (text, expected) in cases {
        let error = servers(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(servers("\u{feff}{\"mcpServers\": {}}").unwrap().is_empty());
}

#[tokio::test]
async fn a_server_starts_in_the_folder_of_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".mcp.json");
    std::fs::write(&path, r#"{"mcpServers": {"a": {"command": "x"}}}"#).unwrap();
    let found = discover(&path).await.unwrap();
    assert!(matches!(&found[0].handle, Handle::McpServer(server) if server.cwd == folder.path()));
}

#[tokio::test]
async fn a_missing_file_is_no_empty_list() {
    let missing = discover(Path::new("/nowhere/.mcp.json")).await.unwrap_err();
    assert_eq!(missing.cause, UnmeasuredCause::SourceAway);
    assert!(missing.detail.contains("/nowhere/.mcp.json"));
    assert_eq!(discover(Path::new("/")).await.unwrap_err().cause, UnmeasuredCause::Unreadable);
}

#[test]
fn headers_take_variables_and_are_not_sent_without_them() {
    let found = servers(
        r#"{"mcpServers": {
            "fine": {"type": "http", "url": "http://x/mcp", "headers": {"Authorization": "Bearer ${HOME}", "X-N": 7}},
            "unset": {"type": "http", "url": "http://x/mcp", "headers": {"Authorization": "Bearer ${NOPE}"}},
            "socket": {"type": "ws", "url": "ws://x"}
        }}"#,
    )
    .unwrap();
    let Handle::McpRemote(fine) = &found[0].handle else { panic!("{:?}", found[0]) };
    let text = |text: &str| HeaderValue::Text(text.to_owned());
    let headers = [("Authorization".to_owned(), text("Bearer /home/me")), ("X-N".to_owned(), text("7"))];
    assert_eq!(fine.headers, headers);
    for (at, cause, detail) in [
        (1, UnmeasuredCause::NotAllowed, "`NOPE` is not set, and header `Authorization`"),
        (2, UnmeasuredCause::NoCheck, "speaks `ws`"),
    ] {
        let Handle::OutOfReach(unmeasured) = &found[at].handle else { panic!("{:?}", found[at]) };
        assert_eq!(unmeasured.cause, cause);
        assert!(unmeasured.detail.contains(detail), "{}", unmeasured.detail);
    }
}

#[test]
fn the_editors_form_is_read_with_its_comments_variables_and_inputs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dev.env"), "# local\nexport FROM_FILE='f 1'\nBOTH=file\n").unwrap();
    let text = r#"{
        // what people type
        "inputs": [
            {"id": "key", "type": "promptString", "password": true},
            {"id": "region", "type": "pickString", "options": ["eu", "us"], "default": "eu"},
        ],
        "servers": {
            "local": {
                "command": "${workspaceFolder}/bin/server",
                "args": ["--home=${userHome}", "--region", "${input:region}", "${env:NOPE}"],
                "env": {"BOTH": "entry"},
                "envFile": "${workspaceFolder}/dev.env",
                "cwd": "${workspaceFolder}/sub",
            },
            "asks": {"command": "x", "env": {"API_KEY": "${input:key}"}},
            "web": {"type": "http", "url": "http://x/mcp", "headers": {"K": "${input:key}"}},
        },
    }"#;
    let found = read(text.as_bytes(), &folder.path().join(".vscode"), &lookup).unwrap();
    let Handle::McpServer(local) = &found[0].handle else { panic!("{:?}", found[0]) };
    let root = folder.path().display();
    assert_eq!(
        local.argv,
        [format!("{root}/bin/server"), "--home=/home/me".into(), "--region".into(), "eu".into(), String::new()]
    );
    assert_eq!((local.env["FROM_FILE"].as_str(), local.env["BOTH"].as_str()), ("f 1", "entry"));
    assert_eq!(local.cwd, folder.path().join("sub"));
    for found in &found[1..] {
        let Handle::OutOfReach(unmeasured) = &found.handle else { panic!("{found:?}") };
        assert_eq!(unmeasured.cause, UnmeasuredCause::NotAllowed);
        assert!(unmeasured.detail.contains("the input `key`"), "{}", unmeasured.detail);
    }
    let settings = r#"{"editor.tabSize": 4, "mcp": {"servers": {"a": {"command": "x"}}}} // mine"#;
    assert_eq!(servers(settings).unwrap()[0].name, "a");
    let error = servers("{\"mcpServers\": {}, // no\n}").unwrap_err();
    assert!(error.contains("is not JSON"), "Claude reads no comments: {error}");
}
