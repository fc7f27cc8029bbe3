//! `check`: one file per family of checks, and what all of them have.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::reader::{Table, Value};
use super::{keys, report};
use crate::measure::engine_choice::EngineChoice;
use crate::measure::request::{Check, CheckRequest};
use crate::rung::Rung;

mod container;
pub(super) mod http;
mod local;
mod mcp;
pub(super) mod prometheus;
mod web;

/// What checks are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    /// The text of trueup.toml.
    pub source: &'a str,
    /// The folder that paths are relative to.
    pub root: &'a Path,
    /// Time for one attempt, where a check names none.
    pub timeout: Duration,
    /// The container engine.
    pub engine: &'a EngineChoice,
}

impl Setting<'_> {
    /// A folder relative to trueup.toml; that of trueup.toml where none is given, `None` where it has a fault.
    pub fn folder(self, value: Option<Value>) -> Option<PathBuf> {
        match value {
            None => Some(self.root.to_owned()),
            Some(value) => value.text().map(|path| self.root.join(path)),
        }
    }
}

/// Whether a key that a check must have may be missing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// It may: this is what the checks of single targets are merged over.
    Partial,
    /// It may not, but for what discovery finds.
    Whole(Finds),
}

/// What discovery finds of a group's targets, so that checks need not say it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Finds {
    /// Containers.
    pub containers: bool,
    /// Servers of an `.mcp.json`.
    pub servers: bool,
    /// Series of a Prometheus server.
    pub series: bool,
}

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

/// The value under a key that a whole check must have.
pub(super) fn needed<'a>(table: &Table<'a>, key: &'static str, need: Need) -> Option<Value<'a>> {
    match need {
        Need::Whole(_) => table.require(key),
        Need::Partial => table.get(key),
    }
}

/// A regular expression as its text.
fn regex_text(table: &Table, key: &'static str, setting: Setting) -> Option<String> {
    let value = table.get(key)?;
    value.regex(setting.source).map(|regex| regex.as_str().to_owned())
}
