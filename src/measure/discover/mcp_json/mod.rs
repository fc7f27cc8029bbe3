//! Servers of a file that lists MCP servers: `.mcp.json`, `claude_desktop_config.json` and the like, `.vscode/mcp.json`.
//!
//! | in the file | here |
//! |---|---|
//! | `mcpServers` | servers as Claude Code and Claude Desktop read them: strict JSON, `${VAR}` and `${VAR:-default}`, started in the folder of the file |
//! | `servers`, or `mcp.servers` of a settings.json | servers as VS Code reads them: comments and last commas are allowed, `${env:VAR}`, `${workspaceFolder}`, `${userHome}`, `${input:ID}`, started in the workspace |
//! | an entry with `command`, and no `type` or `type: stdio` | a server to start |
//! | an entry with `url`, and no `type` or one of `http`, `streamable-http`, `sse` | a server over HTTP, with its `headers` |
//! | another `type` | out of reach: unmeasured, no-check |
//! | `disabled: true`, `enabled: false` | left out, and named in the report |
//! | a variable that is not set, in a command, argument, environment or address | stays as written, as those programs leave it |
//! | a variable that is not set, in a header | out of reach: unmeasured, not-allowed; without the credential the answer would say nothing about the server |
//! | an input without a default | out of reach: unmeasured, not-allowed; there is nobody to answer |
//! | no such file | unmeasured, source-away |
//! | a folder, no JSON, no list of servers, an entry without `command` and `url` | unmeasured, unreadable, with the place |

use std::path::Path;

use serde_json::{Map, Value};

use self::entry::handle;
use self::variables::{Dialect, Variables};
use super::{Found, Handle};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::rung::Rung;

mod entry;
mod variables;

/// Servers in the order of the file.
///
/// # Errors
/// `Unmeasured` where there is no such file, or nobody can read it.
pub async fn discover(path: &Path) -> Result<Vec<Found>, Unmeasured> {
    let unmeasured = |cause, detail| Unmeasured { cause, detail, source: path.display().to_string() };
    let bytes = std::fs::read(path).map_err(|error| {
        let cause = match error.kind() {
            std::io::ErrorKind::PermissionDenied => UnmeasuredCause::PermissionDenied,
            std::io::ErrorKind::NotFound => UnmeasuredCause::SourceAway,
            _ => UnmeasuredCause::Unreadable,
        };
        unmeasured(cause, format!("cannot read `{}`: {error}", path.display()))
    })?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    read(&bytes, folder, &|name| std::env::var(name).ok())
        .map_err(|why| unmeasured(UnmeasuredCause::Unreadable, format!("`{}`: {why}", path.display())))
}

/// Reads the text of a file in `folder`, with the environment `lookup`.
fn read(bytes: &[u8], folder: &Path, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Found>, String> {
    let list = List::of(bytes)?;
    let workspace = match list.dialect {
        Dialect::Claude => folder,
        // `.vscode/mcp.json` belongs to the folder around it.
        Dialect::VsCode if folder.ends_with(".vscode") => match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            Some(_) | None => Path::new("."),
        },
        Dialect::VsCode => folder,
    };
    let variables = Variables { dialect: list.dialect, workspace, inputs: &list.inputs, lookup };
    let mut found = Vec::new();
    for (name, entry) in &list.servers {
        let place = format!("`{}.{name}`", list.key);
        let entry = entry.as_object().ok_or_else(|| format!("{place} is not an object"))?;
        let handle = if is_disabled(entry) {
            Handle::Disabled
        } else {
            handle(entry, workspace, &variables).map_err(|why| format!("{place} {why}"))?
        };
        found.push(Found { name: name.clone(), origin: Rung::Declared, handle });
    }
    Ok(found)
}

fn is_disabled(entry: &Map<String, Value>) -> bool {
    entry.get("disabled") == Some(&Value::Bool(true)) || entry.get("enabled") == Some(&Value::Bool(false))
}

/// The list of servers in a file.
struct List {
    dialect: Dialect,
    /// Where it stands.
    key: &'static str,
    servers: Map<String, Value>,
    inputs: Value,
}

impl List {
    fn of(bytes: &[u8]) -> Result<List, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let strict = serde_json::from_slice::<Value>(bytes);
        let root = match (&strict, lenient(bytes)) {
            (Ok(root), _) => root.clone(),
            // Who reads `mcpServers` reads no comments.
            (Err(_), Some(root)) if root.get("mcpServers").is_none() => root,
            (Err(error), Some(_) | None) => return Err(format!("is not JSON: {error}")),
        };
        let keys = [
            (Dialect::Claude, "mcpServers", root.get("mcpServers"), None),
            (Dialect::VsCode, "servers", root.get("servers"), root.get("inputs")),
            (Dialect::VsCode, "mcp.servers", root.pointer("/mcp/servers"), root.pointer("/mcp/inputs")),
        ];
        let found = keys.into_iter().find_map(|(dialect, key, servers, inputs)| Some((dialect, key, servers?, inputs)));
        let (dialect, key, servers, inputs) = found.ok_or("has neither `mcpServers` nor `servers`")?;
        let servers = servers.as_object().ok_or_else(|| format!("`{key}` is not an object"))?.clone();
        Ok(List { dialect, key, servers, inputs: inputs.cloned().unwrap_or_default() })
    }
}

/// JSON with comments and last commas.
fn lenient(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    jsonc_parser::parse_to_serde_value::<Option<Value>>(text, &jsonc_parser::ParseOptions::default()).ok().flatten()
}

#[cfg(test)]
mod tests;
