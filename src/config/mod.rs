//! trueup.toml: from text with spans to a valid policy, every fault at once.
//!
//! The text is read into toml's spanned tree, and the tree is walked by hand: a derived reader would stop at the first
//! fault. [`keys`] lists every key, `fault` has every message, and each other file reads one part.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use toml::de::DeTable;

use self::fault::{Fault, Faults, Sort};
use self::policy::{HookLimits, Level, Levels, Limits, Policy, Vocabulary};
use self::reader::{Table, Value};
use self::setting::Setting;
use crate::document::source::{SourceFile, Span};
use crate::measure::engine_choice::EngineChoice;
use crate::report::diagnostic::Diagnostic;

mod bind;
mod check;
mod definition;
mod engine;
mod fault;
mod group;
mod json;
pub mod keys;
mod lexicon;
mod metric;
mod named;
mod need;
mod pattern;
pub mod policy;
mod reader;
mod render;
mod report;
mod scalar;
pub mod schema;
mod setting;
mod text;
mod timestamp;

/// A valid trueup.toml.
#[derive(Debug)]
pub struct Parsed {
    /// What it says.
    pub policy: Policy,
    /// What works and should not be done: a secret as plain text.
    pub warnings: Vec<Diagnostic>,
}

/// Reads trueup.toml. `root` is the folder that its paths are relative to.
///
/// # Errors
/// Every fault, and every warning beside them, in the order of the text.
pub fn parse(file: &Arc<SourceFile>, root: &Path) -> Result<Parsed, Vec<Diagnostic>> {
    let (policy, faults) = read(file, root);
    let valid = faults.iter().all(|fault| fault.sort == Sort::Exposed);
    let diagnostics = faults.into_iter().map(|fault| fault.diagnostic(file)).collect();
    if valid { Ok(Parsed { policy, warnings: diagnostics }) } else { Err(diagnostics) }
}

/// Reads as much as can be read, and all that is wrong with it.
fn read(file: &SourceFile, root: &Path) -> (Policy, Vec<Fault>) {
    let (tree, errors) = DeTable::parse_recoverable(file.text());
    let faults = Faults::default();
    let policy = policy(&Table::root(&faults, &keys::ROOT, tree.get_ref()), file.text(), root);
    let policy = Policy { definitions: definition::all(tree.get_ref()), ..policy };
    named::check_unique(&policy, &faults);
    let mut found = faults.into_sorted();
    if !errors.is_empty() {
        let syntax = syntax_faults(file, &errors);
        // What the recovered tree lacks, or has where the text is broken, is the syntax error's doing.
        let broken = broken_lines(file, syntax.keys().copied());
        found.retain(|fault| fault.sort != Sort::Absent && !broken.contains(&file.place(fault.span.start).line));
        found.extend(syntax.into_values());
        found.sort_by_key(|fault| fault.span);
    }
    (policy, found)
}

/// The syntax errors by line, one for each: after a slip the parser stumbles on for a while.
fn syntax_faults(file: &SourceFile, errors: &[toml::de::Error]) -> BTreeMap<usize, Fault> {
    let mut lines = BTreeMap::new();
    // A bracket that is never closed explains the rest of its line.
    let (unclosed, others): (Vec<_>, Vec<_>) = errors.iter().partition(|error| error.message().starts_with("unclosed"));
    for error in unclosed.into_iter().chain(others) {
        let fault = syntax_fault(file.text(), error);
        lines.entry(file.place(fault.span.start).line).or_insert(fault);
    }
    lines
}

/// Lines with a syntax error, and those whose table's header has one: their keys went to another table.
fn broken_lines(file: &SourceFile, errors: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let is_header = |line| file.line_span(line).is_some_and(|span| file.slice(span).trim_start().starts_with('['));
    let mut broken = BTreeSet::new();
    for error in errors {
        broken.insert(error);
        if is_header(error) {
            broken.extend((error + 1..=file.line_count()).take_while(|line| !is_header(*line)));
        }
    }
    broken
}

/// A syntax error, pointing at a place that the text has.
fn syntax_fault(text: &str, error: &toml::de::Error) -> Fault {
    let range = error.span().unwrap_or(0..0);
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = boundary(range.start);
    let end = boundary(range.end).max(start);
    let rest = text[start..].lines().next().unwrap_or_default();
    let no_value = start == end && (rest.trim().is_empty() || rest.trim_start().starts_with('#'));
    let no_value = no_value && text[..start].trim_end_matches([' ', '\t']).ends_with('=');
    Fault::syntax(Span::new(start, end), if no_value { "there is no value after `=`" } else { error.message() })
}

fn policy(table: &Table, source: &str, root: &Path) -> Policy {
    let limits =
        table.get("run").and_then(|value| value.table(&keys::RUN)).map_or_else(Limits::default, |run| limits(&run));
    let hook = table.get("hook").and_then(|value| value.table(&keys::HOOK));
    let hook = hook.map_or_else(HookLimits::default, |hook| hook_limits(&hook));
    let environment = EngineChoice::Environment;
    let setting = Setting { source, root, timeout: limits.timeout, engine: &environment };
    let engine = engine::engine(table, setting).unwrap_or_default();
    let setting = Setting { engine: &engine, ..setting };
    let named = |key| table.get(key).and_then(|value: Value| value.entries("a table")).unwrap_or_default();
    let groups: Vec<_> = named("group").iter().filter_map(|value| group::group(value, setting)).collect();
    let metric_values = named("metric");
    let metric_keys: Vec<&str> = metric_values.iter().map(|value| value.name).collect();
    let metrics = metric_values.iter().filter_map(|value| metric::metric(value, setting)).collect();
    let texts = named("text").iter().filter_map(|value| text::text(value, setting)).collect();
    let rules = table.get("bind").map(|value| value.one_or_list("a table")).unwrap_or_default();
    let binds = rules.iter().filter_map(|value| bind::rule(value, setting, &groups, &metric_keys)).collect();
    let ages = table.get("timestamp").map(|value| value.one_or_list("a table")).unwrap_or_default();
    let ages = ages.iter().filter_map(timestamp::rule).collect();
    let docs = table.get("docs").and_then(|value| value.globs()).unwrap_or_default();
    let levels = table.get("judge").and_then(|value| value.table(&keys::JUDGE));
    let levels = levels.map_or_else(Levels::default, |judge| self::levels(&judge));
    let vocabulary = table.get("lexicon").and_then(|value| value.table(&keys::LEXICON));
    let vocabulary = vocabulary.map_or_else(Vocabulary::default, |table| lexicon::vocabulary(&table));
    let templates = table.get("render").and_then(|value| render::templates(&value, setting));
    let empty = Policy::empty(root.to_owned());
    Policy { docs, groups, metrics, texts, binds, ages, levels, limits, hook, vocabulary, templates, ..empty }
}

fn limits(table: &Table) -> Limits {
    let default = Limits::default();
    let duration = |key, otherwise: Duration| {
        table.get(key).and_then(|value: Value| value.positive_duration()).unwrap_or(otherwise)
    };
    let number = |key| {
        let number = table.get(key).and_then(|value: Value| value.whole(1..=1024));
        number.and_then(|number| usize::try_from(number).ok())
    };
    Limits {
        deadline: duration("deadline", default.deadline),
        timeout: duration("timeout", default.timeout),
        concurrency: number("concurrency"),
        per_source: number("per_source"),
        processes: number("processes"),
    }
}

fn hook_limits(table: &Table) -> HookLimits {
    let default = HookLimits::default();
    let duration = |key, otherwise: Duration| {
        table.get(key).and_then(|value: Value| value.positive_duration()).unwrap_or(otherwise)
    };
    HookLimits { max_age: duration("max_age", default.max_age), deadline: duration("deadline", default.deadline) }
}

fn levels(table: &Table) -> Levels {
    let default = Levels::default();
    let level = |key, otherwise| match table.get(key).and_then(|value| value.word(keys::LEVELS)) {
        Some("allow") => Level::Allow,
        Some("warn") => Level::Warn,
        Some("deny") => Level::Deny,
        Some(_) | None => otherwise,
    };
    Levels {
        unbound: level("unbound", default.unbound),
        unmeasured: level("unmeasured", default.unmeasured),
        contradictions: level("contradictions", default.contradictions),
    }
}

#[cfg(test)]
mod container_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod tests;
