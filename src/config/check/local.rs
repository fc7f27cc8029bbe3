//! Checks of this machine and of what it can reach: a port, a name, a process, a program, a file.

use std::net::IpAddr;
use std::path::Path;

use super::{http, regex_text};
use crate::config::fault::Fault;
use crate::config::need::{Need, needed};
use crate::config::reader::{Table, Value};
use crate::config::setting::Setting;
use crate::measure::request::{
    CommandCheck, DnsCheck, FileCheck, Notation, ProcessCheck, ProcessSought, TcpCheck, TcpPlace,
};

/// `check.tcp`.
pub(super) fn tcp(table: &Table, setting: Setting, need: Need) -> Option<TcpCheck> {
    let banner = regex_text(table, "banner", setting);
    let place = match (table.get("socket"), table.get("address")) {
        (Some(socket), address) => {
            if let Some(address) = address {
                excludes(table, &socket, &address);
            }
            TcpPlace::Socket(setting.root.join(socket.text()?))
        }
        (None, _) => TcpPlace::Port(needed(table, "address", need)?.address()?),
    };
    Some(TcpCheck { place, banner })
}

/// `check.dns`.
pub(super) fn dns(table: &Table, need: Need) -> Option<DnsCheck> {
    let addresses = match table.get("addresses") {
        None => Some(Vec::new()),
        Some(value) => value.one_or_list("an IP address").iter().map(address).collect(),
    };
    let name = needed(table, "name", need)?;
    let text = name.text()?;
    if text.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ':')) {
        return name.invalid(text, "which is not a name alone");
    }
    Some(DnsCheck { name: text.to_owned(), addresses: addresses? })
}

fn address(value: &Value) -> Option<IpAddr> {
    let text = value.text()?;
    text.parse().ok().or_else(|| value.invalid(text, "which is not an IP address"))
}

/// `check.process`.
pub(super) fn process(table: &Table, setting: Setting, need: Need) -> Option<ProcessCheck> {
    let (name, file, unit) = (table.get("name"), table.get("pid_file"), table.get("unit"));
    let sought = match (unit, file, name) {
        (Some(unit), file, name) => {
            for other in file.iter().chain(&name) {
                excludes(table, &unit, other);
            }
            let text = unit.text()?;
            // What begins with a dash would be an option of the program that is asked.
            if text.starts_with('-') || text.contains(char::is_whitespace) {
                return unit.invalid(text, "which is not the name of a unit");
            }
            ProcessSought::Unit(text.to_owned())
        }
        (None, Some(file), name) => {
            let name = match name {
                Some(name) => Some(name.text()?.to_owned()),
                None => None,
            };
            ProcessSought::PidFile { path: setting.root.join(file.text()?), name }
        }
        (None, None, Some(name)) => ProcessSought::Name(name.text()?.to_owned()),
        (None, None, None) => {
            match need {
                Need::Partial => {}
                Need::Whole(_) => {
                    let message = format!("`{}` names no process, expected `name`, `pid_file` or `unit`", table.place);
                    table.fault(Fault::absent(table.span, message, "which process?"));
                }
            }
            return None;
        }
    };
    Some(ProcessCheck { sought })
}

fn excludes(table: &Table, first: &Value, other: &Value) {
    let message = format!("`{}` has `{}` and `{}`, expected one of them", table.place, first.name, other.name);
    table.fault(Fault::wrong(other.key, message, "excludes the other").related(first.key, "the other"));
}

/// `check.command`.
pub(super) fn command(table: &Table, setting: Setting, need: Need) -> Option<CommandCheck> {
    let exit_codes = match table.get("exit_code") {
        None => Some(vec![0]),
        Some(value) => value.codes(i64::from(i32::MIN)..=i64::from(i32::MAX), "an exit code"),
    };
    let stdout = regex_text(table, "stdout", setting);
    let json = table.get("json").map_or(Some(Vec::new()), |value| http::pointers(&value));
    let env = match table.get("env") {
        None => Some(None),
        Some(value) => names(&value).map(Some),
    };
    let cwd = setting.folder(table.get("cwd"));
    let lines = |key| table.get(key).and_then(|value| usize::try_from(value.whole(0..=1_000_000)?).ok());
    let (min_lines, max_lines) = (lines("min_lines"), lines("max_lines"));
    if let (Some(min), Some(max), Some(value)) = (min_lines, max_lines, table.get("max_lines"))
        && max < min
    {
        let message = format!("`{}` is {max}, expected at least the {min} of `min_lines`", value.place);
        value.fault(Fault::wrong(value.span, message, "fewer than the fewest"));
    }
    let argv = needed(table, "command", need)?.argv()?;
    let exit_codes = exit_codes?.into_iter().filter_map(|code| i32::try_from(code).ok()).collect();
    let env = env?;
    Some(CommandCheck { env, exit_codes, stdout, json: json?, min_lines, max_lines, ..CommandCheck::new(argv, cwd?) })
}

/// Names of environment variables; an empty list is one that lets none through.
fn names(value: &Value) -> Option<Vec<String>> {
    let read: Vec<_> = value.list("the name of an environment variable")?.iter().map(name).collect();
    read.into_iter().collect()
}

fn name(value: &Value) -> Option<String> {
    let text = value.text()?;
    if text.contains('=') {
        return value.invalid(text, "which is not the name of a variable");
    }
    Some(text.to_owned())
}

/// `check.file`.
pub(super) fn file(table: &Table, setting: Setting, need: Need) -> Option<FileCheck> {
    let matches = regex_text(table, "matches", setting);
    let max_age = table.get("max_age").and_then(|value| value.positive_duration());
    let values = table.get("values");
    let pointers = values.as_ref().map_or(Some(Vec::new()), http::pointers);
    let path = needed(table, "path", need)?;
    let text = path.text()?;
    if let (Some(values), None) = (&values, Notation::of(Path::new(text))) {
        let message = format!("`{}` is of a file whose name does not say what it is", values.place);
        let fault = Fault::wrong(path.span, message, "expected `.json`, `.toml`, `.yaml` or `.yml`");
        table.fault(fault.related(values.key, "values of what?"));
    }
    Some(FileCheck { path: setting.root.join(text), max_age, matches, values: pointers? })
}
