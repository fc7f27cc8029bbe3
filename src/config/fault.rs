//! What can be wrong in trueup.toml, and every word that is said about it.

use std::cell::RefCell;
use std::sync::Arc;

use toml::de::DeValue;

use super::keys::{ROOT, Shape};
use crate::code::Code;
use crate::document::source::{SourceFile, Span};
use crate::nearest::nearest;
use crate::report::diagnostic::{Diagnostic, Severity};

/// Something wrong at a place of trueup.toml.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    /// Where.
    pub span: Span,
    /// One line: the key, the value found, the value expected.
    pub message: String,
    /// A few words beside the place.
    pub label: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Another place that explains it.
    pub related: Option<(Span, &'static str)>,
    /// What sort it is.
    pub sort: Sort,
}

/// Sorts of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Something that is there is wrong.
    Wrong,
    /// Something is not there. Said only of a text without syntax errors, for they make things disappear.
    Absent,
    /// Something that works and should not be done, on a line that must not be shown.
    Exposed,
    /// Something that is not taken at all, on such a line.
    Secret,
}

/// Faults as they are found.
#[derive(Debug, Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// Notes one.
    pub fn push(&self, fault: Fault) {
        self.0.borrow_mut().push(fault);
    }

    /// All of them, in the order of the text. The same fault of a table that several targets inherit is one.
    pub fn into_sorted(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
        faults.dedup_by(|a, b| (a.span, &a.message) == (b.span, &b.message));
        faults
    }
}

impl Fault {
    fn new(sort: Sort, span: Span, message: String, label: impl Into<String>) -> Fault {
        Fault { span, message, label: label.into(), help: None, related: None, sort }
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    /// Points at another place that explains it.
    #[must_use]
    pub fn related(mut self, span: Span, words: &'static str) -> Fault {
        self.related = Some((span, words));
        self
    }

    /// The text is no TOML.
    pub fn syntax(span: Span, message: &str) -> Fault {
        Fault::new(Sort::Wrong, span, format!("not valid TOML: {message}"), message)
    }

    /// A value of another type.
    pub fn wrong_type(span: Span, place: &str, found: &DeValue, expects: &str) -> Fault {
        let message = format!("`{place}` is {}, expected {expects}", describe(found));
        Fault::new(Sort::Wrong, span, message, format!("expected {expects}"))
    }

    /// A value of the right type that is not one of those that make sense. `why` follows the value: "is not a duration".
    pub fn invalid(span: Span, place: &str, found: &str, why: &str, expects: &str) -> Fault {
        let message = format!("`{place}` is {}, {why}; expected {expects}", quote(found));
        Fault::new(Sort::Wrong, span, message, why)
    }

    /// Anything else that is wrong with a value.
    pub fn wrong(span: Span, message: String, label: impl Into<String>) -> Fault {
        Fault::new(Sort::Wrong, span, message, label)
    }

    /// A value that is not one of a list of words.
    pub fn not_one_of<'w>(span: Span, place: &str, found: &str, words: impl Iterator<Item = &'w str> + Clone) -> Fault {
        let list = words.clone().map(quote).collect::<Vec<_>>().join(", ");
        let message = format!("`{place}` is {}, expected one of {list}", quote(found));
        let fault = Fault::new(Sort::Wrong, span, message, "not one of them");
        match nearest(found, words) {
            Some(near) => fault.help(format!("did you mean {}?", quote(near))),
            None => fault,
        }
    }

    /// A key that its table does not have.
    pub fn unknown_key(span: Span, found: &str, place: &str, shape: &Shape) -> Fault {
        let at = if place.is_empty() { "at the top level".to_owned() } else { format!("in `{place}`") };
        let message = format!("unknown key {} {at}", tick(found));
        let fault = Fault::new(Sort::Wrong, span, message, "not a key of this table");
        let names = shape.keys.iter().map(|key| key.name);
        if let Some(near) = nearest(found, names.clone()) {
            return fault.help(format!("did you mean `{near}`?"));
        }
        let list = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        match ROOT.home_of(found) {
            Some(home) => fault.help(format!("`{found}` is a key of {}; this table has {list}", home.name)),
            None => fault.help(format!("this table has {list}")),
        }
    }

    /// A key that must be there and is not.
    pub fn missing_key(span: Span, place: &str, key: &str, expects: &str) -> Fault {
        let message = format!("`{place}` has no `{key}`, expected {expects}");
        Fault::new(Sort::Absent, span, message, format!("`{key}` is missing"))
    }

    /// Something else that must be there and is not.
    pub fn absent(span: Span, message: String, label: impl Into<String>) -> Fault {
        Fault::new(Sort::Absent, span, message, label)
    }

    /// A secret in the file.
    pub fn exposed(span: Span, place: &str) -> Fault {
        Fault::new(Sort::Exposed, span, format!("`{place}` holds a secret as plain text"), "")
    }

    /// A secret in the file, where it may not stand. `expects` reads "expected …".
    pub fn secret(span: Span, place: &str, expects: &str) -> Fault {
        Fault::new(Sort::Secret, span, format!("`{place}` holds a secret as plain text, expected {expects}"), "")
    }

    /// The fault as a finding. A line with a secret is named, and not pointed at: a report would show it.
    pub fn diagnostic(self, file: &Arc<SourceFile>) -> Diagnostic {
        let severity = match self.sort {
            Sort::Wrong | Sort::Absent | Sort::Secret => Severity::Error,
            Sort::Exposed => Severity::Warning,
        };
        let mut diagnostic = Diagnostic::new(Code::InvalidConfiguration, severity, self.message);
        match self.sort {
            Sort::Wrong | Sort::Absent => diagnostic = diagnostic.at(file, self.span, self.label),
            Sort::Exposed | Sort::Secret => {
                let line = file.place(self.span.start).line;
                diagnostic = diagnostic.note(format!("it stands in {}, line {line}", file.name()));
            }
        }
        if let Some((span, words)) = self.related {
            diagnostic = diagnostic.also_at(file, span, words);
        }
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

/// A value as messages show it.
fn describe(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("the string {}", quote(text)),
        DeValue::Integer(integer) => format!("the integer {integer}"),
        DeValue::Float(float) => format!("the number {float}"),
        DeValue::Boolean(flag) => format!("{flag}"),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A text in double quotes, without control characters and of bounded length.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", shorten(text))
}

fn tick(text: &str) -> String {
    format!("`{}`", shorten(text))
}

fn shorten(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
