//! From an error of the template language to one in our words, at its place, with a hint.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::fault::TemplateError;
use super::filters::FILTERS;
use super::needs::ROOTS;
use crate::document::source::{SourceFile, Span};
use crate::nearest::nearest;

/// Filters of the template language that templates use most.
const KNOWN_FILTERS: &[&str] = &[
    "abs",
    "batch",
    "default",
    "dictsort",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
];

/// Most values of a context that are looked through for a name.
const MOST_VALUES: usize = 20_000;

/// The error at the innermost template that it comes from. `context` is what the template saw, for names like the one that
/// is not there.
pub(super) fn explain(
    error: &Error,
    sources: &BTreeMap<String, Arc<SourceFile>>,
    context: Option<&Value>,
) -> TemplateError {
    let mut inner = error;
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        if let Some(next) = next.downcast_ref::<Error>() {
            inner = next;
        }
        cause = next.source();
    }
    // What is found on entering another template has no place in it: the place is where it was to come in.
    let placed = if inner.name().is_some() { inner } else { error };
    let template = placed.name().and_then(|name| sources.get(name)).cloned();
    let span = template.as_ref().and_then(|file| match (placed.range(), placed.line()) {
        (Some(range), _) if file.text().get(range.clone()).is_some() => Some(Span::from(range)),
        (_, Some(line)) => file.line_span(line),
        (_, None) => None,
    });
    let shown = template.as_ref().zip(span).map(|(file, span)| file.slice(span).to_owned()).unwrap_or_default();
    let message = inner.detail().map(str::to_owned).unwrap_or_else(|| inner.kind().to_string());
    let hint = hint(inner.kind(), &shown, &message, sources, context);
    TemplateError { template, span, message, hint }
}

/// What to do about an error that stands at `shown` in the template.
fn hint(
    kind: ErrorKind,
    shown: &str,
    message: &str,
    sources: &BTreeMap<String, Arc<SourceFile>>,
    context: Option<&Value>,
) -> Option<String> {
    let meant = |near: &str| format!("did you mean `{near}`?");
    match kind {
        ErrorKind::UndefinedError => Some(undefined(shown, context)),
        ErrorKind::UnknownFilter => {
            let name = shown.rsplit('|').next().unwrap_or_default().trim();
            let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            nearest(name, FILTERS.iter().chain(KNOWN_FILTERS).copied()).map(meant)
        }
        ErrorKind::TemplateNotFound => {
            let name = message.split(['"', '\'']).nth(1).unwrap_or_default();
            nearest(name, sources.keys().map(String::as_str)).map(meant)
        }
        ErrorKind::OutOfFuel => Some("a loop in it does not end".to_owned()),
        _ => None,
    }
}

/// What to do about a name that is not there.
pub(super) fn undefined(shown: &str, context: Option<&Value>) -> String {
    let names: Vec<&str> = shown
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
        .collect();
    let near = match names.as_slice() {
        [] => None,
        [root] => nearest(root, ROOTS.iter().copied()).map(str::to_owned),
        [.., field] => {
            let mut fields = BTreeSet::new();
            if let Some(context) = context {
                collect(context, &mut fields, &mut MOST_VALUES.clone());
            }
            nearest(field, fields.iter().map(String::as_str)).map(str::to_owned)
        }
    };
    match near {
        Some(near) => format!("did you mean `{near}`? `trueup render --model` shows all that there is"),
        None => format!("a template can use {}; a name that may be missing needs `is defined`", ROOTS.join(", ")),
    }
}

/// Names of all fields inside `value`.
fn collect(value: &Value, fields: &mut BTreeSet<String>, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    match value.kind() {
        ValueKind::Map => {
            for key in value.try_iter().into_iter().flatten() {
                if let Some(name) = key.as_str() {
                    fields.insert(name.to_owned());
                }
                collect(&value.get_item(&key).unwrap_or_default(), fields, left);
            }
        }
        ValueKind::Seq => value.try_iter().into_iter().flatten().for_each(|item| collect(&item, fields, left)),
        _ => {}
    }
}
