//! One entry of a list of servers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};

use super::variables::{Dialect, Expanded, Variables};
use crate::measure::discover::Handle;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::{HeaderValue, McpServer, McpTransport, McpWeb};

/// How the server of `entry` is reached.
///
/// # Errors
/// What is wrong with the entry, in words that follow its name.
pub(super) fn handle(
    entry: &Map<String, Value>,
    workspace: &Path,
    variables: &Variables<'_>,
) -> Result<Handle, String> {
    let entry = Entry { entry, variables, asked: RefCell::default() };
    let transport = entry.text("type")?;
    let url = entry.text("url")?.or(entry.text("serverUrl")?);
    let handle = match (transport.as_deref(), entry.text("command")?, url) {
        (None, Some(command), None) | (Some("stdio"), Some(command), _) => {
            let mut argv = vec![command];
            argv.extend(entry.arguments()?);
            let env = entry.environment(workspace)?;
            let cwd = entry.text("cwd")?.map_or_else(|| workspace.to_owned(), |cwd| workspace.join(cwd));
            Handle::McpServer(McpServer { argv, env, cwd })
        }
        (None | Some("http" | "streamable-http" | "streamableHttp" | "sse"), _, Some(url)) => {
            let headers = match entry.headers()? {
                Ok(headers) => headers,
                Err(unset) => return Ok(out_of_reach(UnmeasuredCause::NotAllowed, unset)),
            };
            let transport = if transport.as_deref() == Some("sse") { McpTransport::Sse } else { McpTransport::Http };
            Handle::McpRemote(McpWeb { url, transport, headers })
        }
        (Some(other), _, Some(_)) => {
            let detail = format!("the server speaks `{other}`; `stdio`, `http` and `sse` are spoken here");
            out_of_reach(UnmeasuredCause::NoCheck, detail)
        }
        (None | Some("stdio"), None, None) => return Err("has neither `command` nor `url`".to_owned()),
        (Some(transport), _, None) => return Err(format!("has the type `{transport}` and no `url`")),
    };
    let asked = entry.asked.into_inner();
    Ok(match asked.first() {
        Some(id) => {
            let detail =
                format!("the server wants the input `{id}`, which its editor asks people for, and it has no default");
            out_of_reach(UnmeasuredCause::NotAllowed, detail)
        }
        None => handle,
    })
}

fn out_of_reach(cause: UnmeasuredCause, detail: String) -> Handle {
    Handle::OutOfReach(Unmeasured { cause, source: detail.clone(), detail })
}

struct Entry<'a> {
    entry: &'a Map<String, Value>,
    variables: &'a Variables<'a>,
    asked: RefCell<Vec<String>>,
}

impl Entry<'_> {
    fn expand(&self, text: &str) -> Expanded {
        let mut expanded = self.variables.expand(text);
        self.asked.borrow_mut().append(&mut expanded.asked);
        expanded
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        match self.entry.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(self.expand(text).text)),
            Some(_) => Err(format!("has a `{key}` that is not a text")),
        }
    }

    fn arguments(&self) -> Result<Vec<String>, String> {
        match self.entry.get("args") {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(args)) => {
                let text = |arg| scalar(arg).map(|arg| self.expand(&arg).text);
                args.iter().map(|arg| text(arg).ok_or("has `args` that are not all texts".to_owned())).collect()
            }
            Some(_) => Err("has `args` that are not a list".to_owned()),
        }
    }

    fn environment(&self, workspace: &Path) -> Result<BTreeMap<String, String>, String> {
        let mut env = match self.text("envFile")? {
            Some(file) if self.variables.dialect == Dialect::VsCode => env_file(&workspace.join(file))?,
            Some(_) | None => BTreeMap::new(),
        };
        for (name, value) in self.table("env")? {
            env.insert(name, self.expand(&value).text);
        }
        Ok(env)
    }

    /// The headers, or why they cannot be sent: one takes its value from a variable that is not set.
    fn headers(&self) -> Result<Result<Vec<(String, HeaderValue)>, String>, String> {
        let mut headers = Vec::new();
        for (name, value) in self.table("headers")? {
            let value = self.expand(&value);
            if let Some(variable) = value.unset.first() {
                let why = format!(
                    "environment variable `{variable}` is not set, and header `{name}` takes its value from there"
                );
                return Ok(Err(why));
            }
            headers.push((name, HeaderValue::Text(value.text)));
        }
        Ok(Ok(headers))
    }

    fn table(&self, key: &str) -> Result<Vec<(String, String)>, String> {
        match self.entry.get(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(table)) => table
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| match scalar(value) {
                    Some(value) => Ok((name.clone(), value)),
                    None => Err(format!("has an `{key}.{name}` that is not a text")),
                })
                .collect(),
            Some(_) => Err(format!("has an `{key}` that is not an object")),
        }
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

/// `NAME=value` a line; `#` begins a comment, `export` and quotes around a value are passed over.
fn env_file(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("has an `envFile` that cannot be read: `{}`: {error}", path.display()))?;
    let pair = |line: &str| {
        let line = line.trim();
        let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let value = value.trim();
        let quoted = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
        (!line.starts_with('#')).then(|| (name.trim().to_owned(), quoted.unwrap_or(value).to_owned()))
    };
    Ok(text.lines().filter_map(pair).collect())
}
