//! What groups, metrics and texts share: a key that none of the others has; names in documents, a tolerance.

use std::collections::BTreeMap;

use super::fault::{Fault, Faults, quote};
use super::keys;
use super::policy::{Name, Policy, Tolerance};
use super::reader::{Table, Value};
use crate::document::source::Span;

/// Notes a key that an annotation could not name.
pub(super) fn check_key(value: &Value) {
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if value.name.is_empty() || !value.name.chars().all(fits) {
        let message = format!("{} cannot be a key here, expected letters, digits, `-` and `_`", quote(value.name));
        value.fault(
            Fault::wrong(value.key, message, "`.` and `/` mean something in `mcp.healthy` and `mcp/github`")
                .help("documents may call it what they like: `names = [\"…\"]`"),
        );
    }
}

/// `names`.
pub(super) fn names(table: &Table) -> Vec<Name> {
    let Some(names) = table.get("names").map(|names| names.one_or_list("a string")) else { return Vec::new() };
    names.iter().filter_map(|name| Some(Name { text: name.text()?.trim().to_owned(), span: name.span })).collect()
}

/// `tolerance`.
pub(super) fn tolerance(table: &Table) -> Tolerance {
    let default = Tolerance::default();
    let Some(table) = table.get("tolerance").and_then(|value| value.table(&keys::TOLERANCE)) else { return default };
    let number = |key, most, otherwise| table.get(key).and_then(|value| value.number(0.0..=most)).unwrap_or(otherwise);
    Tolerance { points: number("points", 100.0, default.points), share: number("share", 1.0, default.share) }
}

/// Notes keys and names that two of them have: a claim could not tell which is meant.
pub(super) fn check_unique(policy: &Policy, faults: &Faults) {
    let groups = policy.groups.iter().map(|group| ("group", "and a group here", &group.name, group.span));
    let metrics = policy.metrics.iter().map(|metric| ("metric", "and a metric here", &metric.name, metric.span));
    let texts = policy.texts.iter().map(|text| ("text", "and a text here", &text.name, text.span));
    let mut keys: BTreeMap<&str, (&str, &'static str, Span)> = BTreeMap::new();
    for (what, also, name, span) in groups.chain(metrics).chain(texts) {
        match keys.get(name.as_str()) {
            None => _ = keys.insert(name, (what, also, span)),
            Some((first, also, at)) => {
                let message = format!("`{name}` is a {first} and a {what}, expected each key once");
                let fault = Fault::wrong(span, message, format!("a {what} here"));
                faults.push(fault.related(*at, also));
            }
        }
    }
    let groups = policy.groups.iter().flat_map(|group| &group.names);
    let mut names: Vec<&Name> = groups.chain(policy.metrics.iter().flat_map(|metric| &metric.names)).collect();
    names.sort_by_key(|name| name.span.start);
    let mut seen: Vec<(String, Span)> = Vec::new();
    for name in names {
        let folded = name.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        match seen.iter().find(|(known, _)| *known == folded) {
            Some((_, first)) => {
                let message = format!("the name {} is given twice, expected each name once", quote(&name.text));
                faults.push(Fault::wrong(name.span, message, "again here").related(*first, "first here"));
            }
            None => seen.push((folded, name.span)),
        }
    }
}
