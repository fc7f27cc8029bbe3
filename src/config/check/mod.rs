//! `check`: one file per family of checks, and what all of them have.

use super::need::Need;
use super::reader::{Table, Value};
use super::setting::Setting;
use super::{keys, report};
use crate::measure::request::{Check, CheckRequest};
use crate::rung::Rung;

mod container;
pub(super) mod http;
mod local;
mod mcp;
pub(super) mod prometheus;
mod web;

/// A check that is still a table, by the kind it is of.
#[derive(Clone)]
pub(super) struct CheckTable<'a> {
    /// One of [`Check::NAMES`].
    pub kind: &'a str,
    /// Its keys.
    pub table: Table<'a>,
}

/// The checks under `check`, in the order of the text.
pub(super) fn tables<'a>(check: &Value<'a>) -> Vec<CheckTable<'a>> {
    let Some(checks) = check.table(&keys::CHECK) else { return Vec::new() };
    let shapes = checks.known().into_iter().filter_map(|value| match keys::CHECK.key(value.name)?.form {
        keys::Form::Table(shape) => Some(CheckTable { kind: value.name, table: value.table(shape)? }),
        keys::Form::Value | keys::Form::Tables(_) | keys::Form::Named(_) => None,
    });
    shapes.collect()
}

/// Reads one check. `None` where it has a fault, or is [`Need::Partial`] and lacks what makes it a check.
pub(super) fn read(check: &CheckTable, setting: Setting, need: Need) -> Option<CheckRequest> {
    let table = &check.table;
    let timeout = table.get("timeout").and_then(|value| value.positive_duration()).unwrap_or(setting.timeout);
    let attempts = table.get("attempts").and_then(|value| value.whole(1..=100)).unwrap_or(1);
    let rung = table.get("rung").and_then(|value| value.word(keys::RUNGS)).and_then(Rung::from_name);
    let what = match check.kind {
        "docker" => Check::Docker(container::docker(table, setting, need)?),
        "exec" => Check::Exec(container::exec(table, setting, need)?),
        "mount" => Check::Mount(container::mount(table, setting, need)?),
        "reach" => Check::Reach(container::reach(table, setting, need)?),
        "mcp" => Check::Mcp(mcp::mcp(table, setting, need)?),
        "http" => Check::Http(http::http(table, setting, need)?),
        "tcp" => Check::Tcp(local::tcp(table, setting, need)?),
        "dns" => Check::Dns(local::dns(table, need)?),
        "prometheus" => Check::Prometheus(prometheus::check(table, setting, need)?),
        "process" => Check::Process(local::process(table, setting, need)?),
        "command" => Check::Command(local::command(table, setting, need)?),
        "file" => Check::File(local::file(table, setting, need)?),
        "junit" => Check::Junit(report::junit_check(table, setting, need)?),
        "git" => Check::Git(report::git_check(table, setting, need)?),
        _ => return None,
    };
    let attempts = u32::try_from(attempts).unwrap_or(1);
    Some(CheckRequest { check: what, rung, timeout, attempts })
}

/// A regular expression as its text.
fn regex_text(table: &Table, key: &'static str, setting: Setting) -> Option<String> {
    let value = table.get(key)?;
    value.regex(setting.source).map(|regex| regex.as_str().to_owned())
}
