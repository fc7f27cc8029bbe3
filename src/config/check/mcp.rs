//! `check.mcp`.

use std::collections::BTreeMap;

use super::{http, regex_text};
use crate::config::fault::Fault;
use crate::config::need::{Finds, Need, needed};
use crate::config::reader::{Table, Value};
use crate::config::setting::Setting;
use crate::config::{json, keys};
use crate::measure::request::{McpCall, McpCheck, McpExec, McpRoute, McpServer, McpTransport, McpWeb};

/// Reads it. Whether a server must be named depends on the group, and is not asked here.
pub(super) fn mcp(table: &Table, setting: Setting, need: Need) -> Option<McpCheck> {
    let server = server(table, setting, need);
    let identity = regex_text(table, "server", setting);
    let count =
        |key| table.get(key).map(|value| value.whole(0..=100_000).and_then(|count| usize::try_from(count).ok()));
    let (min_tools, min_resources, min_prompts) = (count("min_tools"), count("min_resources"), count("min_prompts"));
    let tools = table.get("tools").map_or(Some(Vec::new()), |value| value.texts());
    let calls = table.get("call").map_or(Some(Vec::new()), |value| calls(&value, setting));
    Some(McpCheck {
        server: server?,
        identity,
        min_tools: min_tools.map_or(Some(0), |count| count)?,
        tools: tools?,
        min_resources: settled(min_resources)?,
        min_prompts: settled(min_prompts)?,
        calls: calls?,
    })
}

/// What was read under a key that may be missing: `None` where it has a fault.
#[expect(clippy::option_option, reason = "not given, given and faulty are three answers")]
fn settled<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        None => Some(None),
        Some(value) => value.map(Some),
    }
}

/// The way that the check says, and the key that says it.
fn way(table: &Table) -> Option<&'static str> {
    match table.get("via") {
        Some(via) => via.word(keys::MCP_WAYS),
        None if table.has("url") => Some("http"),
        None => Some("stdio"),
    }
}

/// `Some(None)` is a server that discovery has to find.
#[expect(clippy::option_option, reason = "found by discovery, written down and faulty are three answers")]
fn server(table: &Table, setting: Setting, need: Need) -> Option<Option<McpRoute>> {
    let way = way(table)?;
    let foreign: &[&str] = match way {
        "stdio" => &["url", "headers", "container"],
        "exec" => &["url", "headers", "cwd"],
        _ => &["command", "env", "cwd", "container"],
    };
    for &key in foreign.iter().filter(|key| table.has(key)) {
        let Some(value) = known(table, key) else { continue };
        let message = format!("`{}` has no effect: the server is reached via \"{way}\"", value.place);
        value.fault(Fault::wrong(value.key, message, "of no use here"));
    }
    match way {
        "stdio" => stdio(table, setting, need),
        "exec" => exec(table, setting, need),
        _ => web(table, if way == "sse" { McpTransport::Sse } else { McpTransport::Http }, need),
    }
}

/// The value under one of the keys that only some ways have.
fn known<'a>(table: &Table<'a>, key: &str) -> Option<Value<'a>> {
    match key {
        "url" => table.get("url"),
        "headers" => table.get("headers"),
        "container" => table.get("container"),
        "command" => table.get("command"),
        "env" => table.get("env"),
        _ => table.get("cwd"),
    }
}

#[expect(clippy::option_option, reason = "found by discovery, written down and faulty are three answers")]
fn stdio(table: &Table, setting: Setting, need: Need) -> Option<Option<McpRoute>> {
    let env = table.get("env").map_or(Some(BTreeMap::new()), |value| env(&value));
    let cwd = setting.folder(table.get("cwd"));
    let Some(command) = table.get("command") else {
        no_command(table, need);
        return Some(None);
    };
    Some(Some(McpRoute::Stdio(McpServer { argv: command.argv()?, env: env?, cwd: cwd? })))
}

#[expect(clippy::option_option, reason = "found by discovery, written down and faulty are three answers")]
fn exec(table: &Table, setting: Setting, need: Need) -> Option<Option<McpRoute>> {
    let env = table.get("env").map_or(Some(BTreeMap::new()), |value| env(&value));
    let argv = settled(table.get("command").map(|value| value.argv()));
    let container = settled(table.get("container").map(|value| value.text().map(str::to_owned)))?;
    if let (None, Need::Whole(Finds { containers: false, .. })) = (&container, need) {
        let message = format!("`{}` names no container, and its group discovers none", table.place);
        table.fault(
            Fault::absent(table.span, message, "in which container?")
                .help("add `container = \"NAME\"`, or `discover = { docker = { label = \"…\" } }` to the group"),
        );
    }
    Some(Some(McpRoute::Exec(McpExec { engine: setting.engine.clone(), container, argv: argv?, env: env? })))
}

#[expect(clippy::option_option, reason = "found by discovery, written down and faulty are three answers")]
fn web(table: &Table, transport: McpTransport, need: Need) -> Option<Option<McpRoute>> {
    let headers = table.get("headers").map_or(Some(Vec::new()), |value| http::headers(&value));
    let url = needed(table, "url", need);
    let Some(url) = url else { return matches!(need, Need::Partial).then_some(None) };
    Some(Some(McpRoute::Web(McpWeb { url: url.url()?, transport, headers: headers? })))
}

/// Notes what is wrong with a server that has no command, if that is wrong.
fn no_command(table: &Table, need: Need) {
    match need {
        Need::Partial => {}
        Need::Whole(Finds { servers: true, .. }) => {
            for orphan in ["env", "cwd"].into_iter().filter_map(|key| table.get(key)) {
                let message = format!("`{}` has no effect without `command`", orphan.place);
                let fault = Fault::wrong(orphan.key, message, "of which program?");
                orphan.fault(fault.help("the .mcp.json says how to start the servers that it lists"));
            }
        }
        Need::Whole(Finds { servers: false, .. }) => {
            let message = format!("`{}` names no server, and its group discovers none", table.place);
            table.fault(Fault::absent(table.span, message, "which server?").help(
                "add `command = [\"PROGRAM\", …]`, `url = \"…\"`, or `discover = { mcp = \".mcp.json\" }` to the group",
            ));
        }
    }
}

fn env(value: &Value) -> Option<BTreeMap<String, String>> {
    let entries = value.entries("a string")?;
    let read = entries.iter().map(|entry| {
        let text = entry.any_text()?;
        if is_secret(entry.name) && !text.is_empty() {
            entry.fault(
                Fault::exposed(entry.key, &entry.place)
                    .help(format!("take it out; the server inherits `{}` from the environment of trueup", entry.name)),
            );
        }
        Some((entry.name.to_owned(), text.to_owned()))
    });
    read.collect::<Vec<_>>().into_iter().collect()
}

/// Whether a variable is called like one that holds a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["TOKEN", "SECRET", "PASSWORD", "API_KEY"].iter().any(|end| name.ends_with(end))
}

fn calls(value: &Value, setting: Setting) -> Option<Vec<McpCall>> {
    let tables = value.one_or_list("a table");
    let read: Vec<_> = tables.iter().map(|value| call(&value.table(&keys::MCP_CALL)?, setting)).collect();
    read.into_iter().collect()
}

fn call(table: &Table, setting: Setting) -> Option<McpCall> {
    let arguments = match table.get("arguments") {
        None => Some(serde_json::Value::Object(serde_json::Map::new())),
        Some(value) => value.entries("a value").and_then(|_| json::value(&value)),
    };
    let expect = regex_text(table, "expect", setting);
    let reject = regex_text(table, "reject", setting);
    let tool = table.require("tool")?.text()?.to_owned();
    Some(McpCall { tool, arguments: arguments?, expect, reject })
}
