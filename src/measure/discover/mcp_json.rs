//! Servers of an `.mcp.json`.
//!
//! | in the file | here |
//! |---|---|
//! | an entry with `command`, and no `type` or `type: stdio` | a server to start, in the folder of the file |
//! | an entry with `url`, or another `type` | a server over the network, found and not yet spoken to |
//! | `disabled: true` | left out |
//! | `${VAR}` in command, arguments, environment, address | the variable's value; a variable that is not set stays as written |
//! | `${VAR:-default}` | the variable's value, or the default |
//! | `$VAR` | as written |
//! | no such file | unmeasured, source-away |
//! | a folder, no JSON, no `mcpServers`, an entry without `command` and `url` | unmeasured, unreadable, with the place |

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::{Found, Handle};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::McpServer;
use crate::rung::Rung;

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
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).map_err(|error| format!("is not JSON: {error}"))?;
    let servers = root.get("mcpServers").ok_or("has no `mcpServers`")?;
    let servers = servers.as_object().ok_or("`mcpServers` is not an object")?;
    let mut found = Vec::new();
    for (name, entry) in servers {
        let entry = entry.as_object().ok_or_else(|| format!("`mcpServers.{name}` is not an object"))?;
        if entry.get("disabled") == Some(&Value::Bool(true)) {
            continue;
        }
        let handle = handle(entry, folder, lookup).map_err(|why| format!("`mcpServers.{name}` {why}"))?;
        found.push(Found { name: name.clone(), origin: Rung::Declared, handle });
    }
    Ok(found)
}

fn handle(
    entry: &Map<String, Value>,
    folder: &Path,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Handle, String> {
    let text = |key: &str| match entry.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(expand(text, lookup))),
        Some(_) => Err(format!("has a `{key}` that is not a text")),
    };
    let transport = text("type")?;
    let url = text("url")?;
    match (transport.as_deref(), text("command")?, url) {
        (None, Some(command), None) | (Some("stdio"), Some(command), _) => {
            let mut argv = vec![command];
            argv.extend(arguments(entry.get("args"), lookup)?);
            let env = environment(entry.get("env"), lookup)?;
            Ok(Handle::McpServer(McpServer { argv, env, cwd: folder.to_owned() }))
        }
        (transport, _, Some(url)) => Ok(Handle::McpRemote { transport: transport.unwrap_or("http").to_owned(), url }),
        (None | Some("stdio"), None, None) => Err("has neither `command` nor `url`".to_owned()),
        (Some(transport), _, None) => Err(format!("has the type `{transport}` and no `url`")),
    }
}

fn arguments(args: Option<&Value>, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>, String> {
    match args {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(args)) => args
            .iter()
            .map(|arg| {
                scalar(arg).map(|arg| expand(&arg, lookup)).ok_or("has `args` that are not all texts".to_owned())
            })
            .collect(),
        Some(_) => Err("has `args` that are not a list".to_owned()),
    }
}

fn environment(
    env: Option<&Value>,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, String> {
    match env {
        None | Some(Value::Null) => Ok(BTreeMap::new()),
        Some(Value::Object(env)) => env
            .iter()
            .map(|(name, value)| match scalar(value) {
                Some(value) => Ok((name.clone(), expand(&value, lookup))),
                None => Err(format!("has an `env.{name}` that is not a text")),
            })
            .collect(),
        Some(_) => Err("has an `env` that is not an object".to_owned()),
    }
}

/// Numbers and booleans are taken as they are written: people forget the quotes.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `text` with `${VAR}` and `${VAR:-default}` replaced.
fn expand(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        out.push_str(&rest[..at]);
        let Some(length) = rest[at..].find('}') else {
            rest = &rest[at..];
            break;
        };
        let whole = &rest[at..=at + length];
        let inner = &whole[2..length];
        let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, default)| (name, Some(default)));
        match lookup(name).or_else(|| default.map(str::to_owned)) {
            Some(value) => out.push_str(&value),
            None => out.push_str(whole),
        }
        rest = &rest[at + length + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(expand(text, &lookup), expected, "{text}");
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
        assert_eq!(names, ["zeta", "alpha", "remote", "bare"]);
        let Handle::McpServer(zeta) = &found[0].handle else { panic!("{:?}", found[0]) };
        assert_eq!(zeta.argv, ["/home/me/bin/zeta", "-p", "3000"]);
        assert_eq!(zeta.env["A"], "b");
        assert_eq!(zeta.env["DEBUG"], "true");
        assert_eq!(zeta.cwd, Path::new("/project"));
        assert!(matches!(&found[2].handle, Handle::McpRemote { transport, .. } if transport == "sse"));
        assert!(matches!(&found[3].handle, Handle::McpRemote { transport, .. } if transport == "http"));
        assert!(found.iter().all(|found| found.origin == Rung::Declared));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let cases = [
            ("{\n  \"mcpServers\": {,\n}", "line 2 column 18"),
            ("", "line 1 column 0"),
            ("[]", "no `mcpServers`"),
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
}
