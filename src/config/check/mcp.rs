//! `check.mcp`.

use std::collections::BTreeMap;

use super::{Finds, Need, Setting, regex_text};
use crate::config::fault::Fault;
use crate::config::reader::{Table, Value};
use crate::config::{json, keys};
use crate::measure::request::{McpCall, McpCheck, McpServer};

/// Reads it. Whether a server must be named depends on the group, and is not asked here.
pub(super) fn mcp(table: &Table, setting: Setting, need: Need) -> Option<McpCheck> {
    via(table);
    let server = server(table, setting, need);
    let min_tools = table.get("min_tools").map_or(Some(0), |value| value.whole(0..=100_000));
    let tools = table.get("tools").map_or(Some(Vec::new()), |value| value.texts());
    let call = table.get("call").and_then(|value| value.table(&keys::MCP_CALL)).map(|table| call(&table, setting));
    let call = match call {
        Some(call) => Some(call?),
        None => None,
    };
    Some(McpCheck { server: server?, min_tools: usize::try_from(min_tools?).ok()?, tools: tools?, call })
}

fn via(table: &Table) {
    let Some(via) = table.get("via") else { return };
    match via.text() {
        None | Some("stdio") => {}
        Some("exec") => {
            let message =
                format!("`{}` is \"exec\", which this version does not support; expected \"stdio\"", via.place);
            via.fault(Fault::wrong(via.span, message, "not supported yet").help(
                "`command = [\"docker\", \"exec\", \"-i\", \"CONTAINER\", …]` speaks to a server inside a container",
            ));
        }
        Some(other) => {
            via.fault(Fault::not_one_of(via.span, &via.place, other, ["stdio"].into_iter()));
        }
    }
}

/// `Some(None)` is a server that discovery has to find.
#[expect(clippy::option_option, reason = "found by discovery, written down and faulty are three answers")]
fn server(table: &Table, setting: Setting, need: Need) -> Option<Option<McpServer>> {
    let env = table.get("env").map_or(Some(BTreeMap::new()), |value| env(&value));
    let cwd = setting.folder(table.get("cwd"));
    let Some(command) = table.get("command") else {
        no_command(table, need);
        return Some(None);
    };
    Some(Some(McpServer { argv: command.argv()?, env: env?, cwd: cwd? }))
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
            table.fault(
                Fault::absent(table.span, message, "which server?")
                    .help("add `command = [\"PROGRAM\", …]`, or `discover = { mcp = \".mcp.json\" }` to the group"),
            );
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
