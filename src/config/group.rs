//! `[group.NAME]`: where targets come from, and what each must pass.

use super::check::prometheus;
use super::check::{self, CheckTable};
use super::fault::Fault;
use super::need::{Finds, Need};
use super::policy::Group;
use super::reader::{Table, Value};
use super::setting::Setting;
use super::{engine, keys, named};
use crate::document::source::Span;
use crate::measure::container_request::{ComposeQuery, ContainerQuery};
use crate::measure::request::{CheckRequest, Discover, GroupRequest, TargetRequest};

/// Reads one group.
pub(super) fn group(value: &Value, setting: Setting) -> Option<Group> {
    named::check_key(value);
    let table = value.table(&keys::GROUP)?;
    let own = engine::engine(&table, setting);
    let setting = Setting { engine: own.as_ref().unwrap_or(setting.engine), ..setting };
    let discover = discover(&table, setting);
    let base = table.get("check").map(|value| check::tables(&value)).unwrap_or_default();
    let discovers = table.has("discover");
    // Where what is to be discovered has a fault, that is said once, and not again by every check.
    let unclear = discovers && discover.is_empty();
    let finds = Finds {
        containers: unclear
            || discover.iter().any(|source| matches!(source, Discover::Docker(_) | Discover::Compose(_))),
        servers: unclear || discover.iter().any(|source| matches!(source, Discover::McpJson { .. })),
        series: unclear || discover.iter().any(|source| matches!(source, Discover::Prometheus { .. })),
    };
    // What discovery finds is held against the group's checks as they are; targets written down can complete them.
    let need = if discovers { Need::Whole(finds) } else { Need::Partial };
    let checks = base.iter().filter_map(|check| check::read(check, setting, need)).collect();
    let targets = targets(&table);
    let written: Vec<TargetRequest> = targets
        .iter()
        .map(|target| {
            if !discovers {
                check_inherited(target, &base, setting, Need::Whole(finds));
            }
            let checks = target_checks(target, &base, setting, Need::Whole(finds));
            TargetRequest { name: target.name.to_owned(), checks }
        })
        .collect();
    if !discovers && written.is_empty() {
        let message = format!("`{}` has no targets, expected `discover` or at least one target", table.place);
        table.fault(
            Fault::absent(value.key, message, "nothing to measure")
                .help(format!("add `discover = {{ mcp = \".mcp.json\" }}` or a table `[{}.target.NAME]`", table.place)),
        );
    }
    let expect = expect(&table, written.len());
    let request = GroupRequest { name: value.name.to_owned(), expect, discover, checks, targets: written };
    let (names, tolerance) = (named::names(&table), named::tolerance(&table));
    Some(Group { name: value.name.to_owned(), span: value.key, names, request, tolerance })
}

fn expect(table: &Table, written: usize) -> Option<usize> {
    let value = table.get("expect")?;
    let expect = usize::try_from(value.whole(1..=1_000_000)?).ok()?;
    if expect < written {
        let message =
            format!("`{}` is {expect}, expected at least {written}: that many targets are written down", value.place);
        value.fault(Fault::wrong(value.span, message, format!("fewer than the {written} targets")));
    }
    Some(expect)
}

fn discover(table: &Table, setting: Setting) -> Vec<Discover> {
    let Some(value) = table.get("discover") else { return Vec::new() };
    let sources = value.one_or_list("a table");
    if sources.is_empty() {
        let message = format!("`{}` is an empty list, expected at least one source", value.place);
        value.fault(Fault::wrong(value.span, message, "empty"));
    }
    let tables = sources.iter().filter_map(|source| source.table(&keys::DISCOVER));
    tables.flat_map(|table| sources_of(&table, setting)).collect()
}

fn sources_of(table: &Table, setting: Setting) -> Vec<Discover> {
    let mut sources = Vec::new();
    if table.is_empty() {
        let message = format!("`{}` names no source, expected `docker`, `compose`, `mcp` or `prometheus`", table.place);
        table.fault(Fault::absent(table.span, message, "discover where?"));
    }
    if let Some(query) = table.get("docker").and_then(|value| containers(&value, setting)) {
        sources.push(Discover::Docker(query));
    }
    if let Some(query) = table.get("compose").and_then(|value| services(&value, setting)) {
        sources.push(Discover::Compose(query));
    }
    if let Some(path) = table.get("mcp").and_then(|value| value.text()) {
        sources.push(Discover::McpJson { path: setting.root.join(path) });
    }
    if let Some(table) = table.get("prometheus").and_then(|value| value.table(&keys::DISCOVER_PROMETHEUS)) {
        sources.extend(prometheus::discover(&table, setting));
    }
    sources
}

/// `discover.docker`.
fn containers(value: &Value, setting: Setting) -> Option<ContainerQuery> {
    let table = value.table(&keys::DISCOVER_DOCKER)?;
    if table.is_empty() {
        let message = format!(
            "`{}` does not say which containers, expected `label`, `name`, `project` or `service`",
            table.place
        );
        table.fault(Fault::absent(table.span, message, "which containers?"));
        return None;
    }
    // Each is read, so that every fault is found.
    let labels = table.get("label").map_or(Some(Vec::new()), |value| value.texts());
    let name = table.get("name").map(|value| value.glob());
    let text = |key| table.get(key).map(|value| value.text().map(str::to_owned));
    let (project, service) = (text("project"), text("service"));
    let query = ContainerQuery {
        engine: setting.engine.clone(),
        labels: labels?,
        name: name.map_or(Some(None), |name| name.map(Some))?,
        project: project.map_or(Some(None), |project| project.map(Some))?,
        service: service.map_or(Some(None), |service| service.map(Some))?,
    };
    // With nothing but unknown keys it would mean every container there is.
    let means_something =
        !query.labels.is_empty() || query.name.is_some() || query.project.is_some() || query.service.is_some();
    means_something.then_some(query)
}

/// `discover.compose`.
fn services(value: &Value, setting: Setting) -> Option<ComposeQuery> {
    let paths =
        |value: &Value| Some(value.texts()?.into_iter().map(|path| setting.root.join(path)).collect::<Vec<_>>());
    let engine = setting.engine.clone();
    if value.raw().as_str().is_some() || value.raw().as_array().is_some() {
        return Some(ComposeQuery { engine, files: paths(value)?, ..ComposeQuery::default() });
    }
    let table = value.table(&keys::DISCOVER_COMPOSE)?;
    let project = table.get("project").map_or(Some(None), |value| value.text().map(|text| Some(text.to_owned())));
    let profiles = table.get("profiles").map_or(Some(Vec::new()), |value| value.texts());
    let files = paths(&table.require("file")?)?;
    Some(ComposeQuery { engine, files, project: project?, profiles: profiles? })
}

/// A target that is still tables.
struct Target<'a> {
    name: &'a str,
    place: String,
    key: Span,
    checks: Vec<CheckTable<'a>>,
}

/// The targets in the order of the text.
fn targets<'a>(table: &Table<'a>) -> Vec<Target<'a>> {
    let entries = table.get("target").and_then(|value| value.entries("a table")).unwrap_or_default();
    let read = entries.into_iter().filter_map(|entry| {
        if entry.name.trim().is_empty() {
            let message = format!("`{}` has a target with a blank name", table.place);
            entry.fault(Fault::wrong(entry.key, message, "blank"));
        }
        let target = entry.table(&keys::TARGET)?;
        let checks = target.get("check").map(|value| check::tables(&value)).unwrap_or_default();
        Some(Target { name: entry.name, place: target.place, key: entry.key, checks })
    });
    read.collect()
}

/// A target's own checks, each with the keys that the group's of that kind has besides.
fn target_checks(target: &Target, base: &[CheckTable], setting: Setting, need: Need) -> Vec<CheckRequest> {
    let merged = target.checks.iter().map(|check| match base.iter().find(|base| base.kind == check.kind) {
        Some(base) => CheckTable { kind: check.kind, table: check.table.clone().over(&base.table) },
        None => check.clone(),
    });
    merged.filter_map(|check| check::read(&check, setting, need)).collect()
}

/// Notes what the group's checks lack for a target that does not complete them.
fn check_inherited(target: &Target, base: &[CheckTable], setting: Setting, need: Need) {
    for check in base.iter().filter(|check| target.checks.iter().all(|own| own.kind != check.kind)) {
        let table = check.table.inherited_by(format!("{}.check.{}", target.place, check.kind), target.key);
        check::read(&CheckTable { kind: check.kind, table }, setting, need);
    }
}
