//! `engine`: which container engine is asked.

use super::fault::Fault;
use super::keys;
use super::reader::{Table, Value};
use super::setting::Setting;
use crate::measure::engine_choice::{EngineChoice, Inside};

/// The engine that `table` names. `None` where it names none, or one with a fault. An engine inside a container is on the
/// one that `setting` has.
pub(super) fn engine(table: &Table, setting: Setting) -> Option<EngineChoice> {
    let value = table.get("engine")?;
    if value.raw().as_str().is_some() {
        return Some(EngineChoice::Host { host: host(&value)?, tls: None });
    }
    let table = value.table(&keys::ENGINE)?;
    let host = table.get("host").map(|value| self::host(&value));
    let tls = table.get("tls").and_then(|value| value.text()).map(|path| setting.root.join(path));
    let client = table.get("client").map(|value| value.argv());
    let context = table.get("context");
    let inside = table.get("inside");
    let excluded = |key: &'static str, by: &Value| {
        if let Some(other) = table.get(key) {
            let message = format!("`{}` has `{}` and `{key}`, expected one of them", table.place, by.name);
            table.fault(Fault::wrong(other.key, message, "excludes the other").related(by.key, "the other"));
        }
    };
    match (inside, context) {
        (Some(inside), _) => {
            ["context", "tls"].into_iter().for_each(|key| excluded(key, &inside));
            let container = inside.text()?.to_owned();
            let host = host.map_or(Some(None), |host| host.map(Some))?;
            let client = client.unwrap_or_else(|| Some(vec!["docker".to_owned()]))?;
            Some(EngineChoice::Inside(Box::new(Inside { container, host, client, outer: setting.engine.clone() })))
        }
        (None, Some(context)) => {
            ["host", "tls", "client"].into_iter().for_each(|key| excluded(key, &context));
            Some(EngineChoice::Context { name: context.text()?.to_owned() })
        }
        (None, None) => {
            if let Some(client) = table.get("client") {
                let message = format!("`{}` has no effect without `inside`", client.place);
                table.fault(Fault::wrong(client.key, message, "in which container?"));
            }
            if host.is_none() {
                let message = format!("`{}` names no engine, expected `host`, `context` or `inside`", table.place);
                table.fault(Fault::absent(table.span, message, "which engine?"));
            }
            Some(EngineChoice::Host { host: host??, tls })
        }
    }
}

/// An address with a scheme. Whether there is anything is found out when it is asked.
fn host(value: &Value) -> Option<String> {
    let text = value.text()?;
    match text.split_once("://") {
        Some(("unix" | "tcp" | "http" | "https" | "ssh" | "npipe", rest)) if !rest.is_empty() => Some(text.to_owned()),
        Some(_) => value.invalid(text, "which is no address of an engine"),
        None => {
            let fault = Fault::invalid(value.span, &value.place, text, "which has no scheme", value.expects());
            let scheme = if text.starts_with('/') { "unix" } else { "tcp" };
            value.fault(fault.help(format!("write \"{scheme}://{text}\"")));
            None
        }
    }
}
