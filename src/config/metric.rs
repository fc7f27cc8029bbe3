//! `[metric.NAME]`: where a number comes from.

use super::check::{http, prometheus};
use super::fault::Fault;
use super::need::{Finds, Need};
use super::policy::Metric;
use super::reader::{Table, Value};
use super::setting::Setting;
use super::{engine, keys, named, report};
use crate::measure::container_request::Resource;
use crate::measure::request::{LoadFigure, MetricRequest, MetricSource, Reading};

/// Reads one metric.
pub(super) fn metric(value: &Value, setting: Setting) -> Option<Metric> {
    named::check_key(value);
    let table = value.table(&keys::METRIC)?;
    let timeout = table.get("timeout").and_then(|value| value.positive_duration()).unwrap_or(setting.timeout);
    let (names, tolerance) = (named::names(&table), named::tolerance(&table));
    let source = source(&table.require("from")?.table(&keys::FROM)?, setting)?;
    let request = MetricRequest { name: value.name.to_owned(), source, timeout };
    Some(Metric { name: value.name.to_owned(), span: value.key, names, request, tolerance })
}

fn source(from: &Table, setting: Setting) -> Option<MetricSource> {
    let known = from.known();
    if from.is_empty() {
        let message = format!("`{}` names no source, expected one of {}", from.place, listed(MetricSource::NAMES));
        from.fault(Fault::absent(from.span, message, "from where?"));
    }
    let first = known.first()?;
    only_one(from, &known);
    match first.name {
        "command" => command(&first.table(&keys::FROM_COMMAND)?, setting),
        "file" => file(&first.table(&keys::FROM_FILE)?, setting),
        "docker" => usage(&first.table(&keys::FROM_DOCKER)?, setting),
        "http" => http_value(&first.table(&keys::FROM_HTTP)?, setting),
        "prometheus" => prometheus::metric(&first.table(&keys::FROM_PROMETHEUS)?, setting),
        "junit" => report::junit(&first.table(&keys::FROM_JUNIT)?, setting),
        "coverage" => report::coverage(&first.table(&keys::FROM_COVERAGE)?, setting),
        "git" => report::git(&first.table(&keys::FROM_GIT)?, setting),
        _ => None,
    }
}

/// Notes all but the first of keys that exclude one another.
fn only_one(table: &Table, values: &[Value]) {
    if let Some((first, others)) = values.split_first() {
        for other in others {
            let message = format!("`{}` has `{}` and `{}`, expected one of them", table.place, first.name, other.name);
            table.fault(Fault::wrong(other.key, message, "excludes the other").related(first.key, "the other"));
        }
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn command(table: &Table, setting: Setting) -> Option<MetricSource> {
    let exit_codes = exit_codes(table);
    let cwd = setting.folder(table.get("cwd"));
    let read = reading(table, setting);
    let argv = table.require("command")?.argv()?;
    Some(MetricSource::Command { argv, cwd: cwd?, exit_codes: exit_codes?, read: read? })
}

/// The exit codes with which output counts.
pub(super) fn exit_codes(table: &Table) -> Option<Vec<i32>> {
    let Some(value) = table.get("exit_code") else { return Some(vec![0]) };
    let codes = value.codes(i64::from(i32::MIN)..=i64::from(i32::MAX), "an exit code")?;
    Some(codes.into_iter().filter_map(|code| i32::try_from(code).ok()).collect())
}

fn reading(table: &Table, setting: Setting) -> Option<Reading> {
    let lines = table.get("lines").filter(|value| value.flag() == Some(true));
    let given: Vec<_> = [table.get("pattern"), table.get("json"), lines].into_iter().flatten().collect();
    only_one(table, &given);
    if let (Some(total), None) = (table.get("total"), table.get("json")) {
        let message = format!("`{}` has no effect without `json`", total.place);
        table.fault(Fault::wrong(total.key, message, "of which number?"));
    }
    let Some(given) = given.first() else { return Some(Reading::Whole) };
    match given.name {
        "pattern" => pattern(given, setting),
        "json" => Some(Reading::Json { value: given.pointer()?, total: pointer(table, "total")? }),
        _ => Some(Reading::Lines),
    }
}

/// A pattern, which must have a group: the number is what the group matched.
fn pattern(value: &Value, setting: Setting) -> Option<Reading> {
    let regex = value.regex(setting.source)?;
    if regex.captures_len() < 2 {
        let message = format!("`{}` has no group, expected one around the number", value.place);
        value.fault(Fault::wrong(value.span, message, "no group").help("write `(\\d+)` where the number stands"));
    }
    Some(Reading::Regex(regex.as_str().to_owned()))
}

/// A pointer that may be absent: `Some(None)`.
#[expect(clippy::option_option, reason = "absent, present and faulty are three answers")]
fn pointer(table: &Table, key: &'static str) -> Option<Option<String>> {
    match table.get(key) {
        None => Some(None),
        Some(value) => value.pointer().map(Some),
    }
}

fn file(table: &Table, setting: Setting) -> Option<MetricSource> {
    let root = setting.root.to_owned();
    let Some(count) = table.get("count") else {
        if let Some(matches) = table.get("matches") {
            let message = format!("`{}` has no effect without `count`", matches.place);
            table.fault(Fault::wrong(matches.key, message, "in which files?"));
        }
        if table.is_empty() {
            let message =
                format!("`{}` does not say what to read, expected `count`, or `path` and `value`", table.place);
            table.fault(Fault::absent(table.span, message, "count what?"));
            return None;
        }
        let total = pointer(table, "total");
        let (path, value) = (table.require("path"), table.require("value"));
        let (path, value) = (path.and_then(|path| path.text()), value.and_then(|value| value.pointer()));
        return Some(MetricSource::FileValue { path: root.join(path?), value: value?, total: total? });
    };
    for other in ["path", "value", "total"].into_iter().filter_map(|key| table.get(key)) {
        only_one(table, &[count.clone(), other]);
    }
    let globs = count.globs()?;
    match table.get("matches") {
        None => Some(MetricSource::FileCount { root, globs }),
        Some(matches) => {
            let pattern = matches.regex(setting.source)?.as_str().to_owned();
            Some(MetricSource::MatchCount { root, globs, pattern })
        }
    }
}

fn usage(table: &Table, setting: Setting) -> Option<MetricSource> {
    let engine = engine::engine(table, setting).unwrap_or_else(|| setting.engine.clone());
    let word = table.require("value").and_then(|value| value.word(keys::RESOURCES));
    let container = table.require("container").and_then(|value| value.text());
    let resource = Resource::ALL.into_iter().find(|resource| Some(resource.name()) == word);
    Some(MetricSource::Container { engine, container: container?.to_owned(), resource: resource? })
}

fn http_value(table: &Table, setting: Setting) -> Option<MetricSource> {
    if table.has("load") {
        return http_load(table, setting);
    }
    let total = pointer(table, "total");
    let value = table.require("value").and_then(|value| value.pointer());
    let request = http::request(table, setting, Need::Whole(Finds::default()))?;
    Some(MetricSource::HttpValue { request, value: value?, total: total? })
}

fn http_load(table: &Table, setting: Setting) -> Option<MetricSource> {
    if let Some(total) = table.get("total") {
        let message = format!("`{}` has no effect beside `load`", total.place);
        table.fault(Fault::wrong(total.key, message, "of which number?"));
    }
    let figure = table.require("value").and_then(|value| value.word(LoadFigure::NAMES));
    let request = http::request(table, setting, Need::Whole(Finds::default()))?;
    Some(MetricSource::HttpLoad { request, figure: LoadFigure::from_name(figure?)? })
}
