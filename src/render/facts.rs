//! The digest of the facts that a section shows.
//!
//! A fact counts when the section can show it: the field is named in the template. Times and durations never count, nor
//! do numbers in a reason that grow by themselves ("14 restarts", "11 s ago"), nor what was seen of a target that keeps
//! restarting, which depends on the moment of the look: a refresh that finds nothing new changes no byte. The texts of the
//! template, and of those it includes, count as well.
//!
//! The lines of a measured text count as they are, times and durations included: whoever shows what a program writes shows
//! that very text, and nobody but them knows which part of it means nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::environment::Templates;
use super::model::{Group, Metric, Text};
use super::needs::Needs;
use crate::document::section::{Attribute, Digest};
use crate::failure::FailureClass;

/// Fields that are times, or that change by themselves.
const TIMES: &[&str] = &["measured_at", "took_ms", "resources"];

/// What a template can do to show fields that it does not name.
const SHOWS_ALL: &[&str] = &["tojson", "items", "dictsort", "pprint", "debug", "attr"];

/// The digest of what a section shows.
pub fn digest(
    needs: &Needs,
    templates: &Templates,
    attributes: &[Attribute],
    groups: &[&Group],
    metrics: &[Metric],
    texts: &[Text],
) -> Digest {
    let sources = needs.reach.iter().filter_map(|name| templates.source(name).map(|file| (name, file.text())));
    let mut parts: Vec<Vec<u8>> = sources.clone().map(|(name, text)| format!("{name}\n{text}").into_bytes()).collect();
    let words: BTreeSet<&str> =
        sources.flat_map(|(_, text)| text.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
    let all = needs.template.ends_with(".json") || SHOWS_ALL.iter().any(|word| words.contains(word));
    let shows = |field: &str| !TIMES.contains(&field) && (all || words.contains(field));
    let structs = groups.iter().map(serde_json::to_value).chain(metrics.iter().map(serde_json::to_value));
    for value in structs {
        let mut value = value.expect("the model is plain data with text for keys");
        if let Some(targets) = value.get_mut("targets").and_then(Value::as_array_mut) {
            targets.iter_mut().for_each(forget_the_moment);
        }
        parts.push(keep(value, &shows, &steady).to_string().into_bytes());
    }
    for text in texts.iter().map(serde_json::to_value) {
        let text = text.expect("the model is plain data with text for keys");
        parts.push(keep(text, &shows, &str::to_owned).to_string().into_bytes());
    }
    for attribute in attributes.iter().filter(|attribute| attribute.key != "id") {
        parts.push(format!("{}={}", attribute.key, attribute.value).into_bytes());
    }
    Digest::of(parts.iter().map(Vec::as_slice))
}

/// Takes out what was seen of a target that keeps restarting: the same loop is told as waiting for its next run in one
/// moment, and as running in the next.
fn forget_the_moment(target: &mut Value) {
    if target["failure"]["class"] == FailureClass::RestartLoop.name() {
        target["evidence"] = Value::Null;
        target["failure"]["reason"] = Value::Null;
        target["checks"] = Value::Null;
    }
}

/// `value` with the fields that are shown, and what `calm` makes of its texts.
fn keep(value: Value, shows: &impl Fn(&str) -> bool, calm: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(field, _)| shows(field));
            Value::Object(fields.map(|(field, value)| (field, keep(value, shows, calm))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| keep(item, shows, calm)).collect()),
        Value::String(text) => Value::String(calm(&text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// `text` with `#` for times, durations and counts of restarts.
fn steady(text: &str) -> String {
    static MOVING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)
            [0-9]{4}-[0-9]{2}-[0-9]{2}[T\ ][0-9:.]+(?:Z|[+-][0-9:]{5,6})?
            | DURATION(?:\ DURATION)*
            | [0-9]+\ (?:restart|time|attempt|failure)s?(?-u:\b)"
                .replace(
                    "DURATION",
                    r"[0-9]+(?:\.[0-9]+)?\ ?(?:ns|us|µs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?-u:\b)",
                )
                .as_str(),
        )
        .expect("a constant pattern")
    });
    MOVING.replace_all(text, "#").into_owned()
}

#[cfg(test)]
mod tests {
    use super::steady;

    #[test]
    fn what_changes_by_itself_is_no_fact() {
        assert_eq!(steady("after 14 restarts, last 1m 11s ago"), "after #, last # ago");
        assert_eq!(steady("died 1m after 2026-01-02T03:04:05.6Z"), "died # after #");
        assert_eq!(steady("12 tools; answered in 240 ms"), "12 tools; answered in #");
        assert_eq!(steady("unhealthy, 3 failures in a row"), "unhealthy, # in a row");
        for same in ["exit 127: sh: npx: not found", "127.0.0.1:80 refused", "4 servers", "HTTP 503", "3 hosts"] {
            assert_eq!(steady(same), same);
        }
    }
}
