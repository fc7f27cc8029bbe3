//! Regular expressions and globs, compiled to find their faults, with the place inside the string.

use globset::Glob;
use regex::Regex;

use super::fault::{Fault, quote};
use super::reader::Value;
use crate::document::source::Span;

impl Value<'_> {
    /// A regular expression.
    pub fn regex(&self, source: &str) -> Option<Regex> {
        let text = self.any_text()?;
        let error = match Regex::new(text) {
            Ok(regex) => return Some(regex),
            Err(error) => error,
        };
        let (range, why) = match regex_syntax::parse(text) {
            Err(regex_syntax::Error::Parse(error)) => (Some(*error.span()), error.kind().to_string()),
            Err(regex_syntax::Error::Translate(error)) => (Some(*error.span()), error.kind().to_string()),
            Err(_) | Ok(_) => (None, error.to_string()),
        };
        let within = range.and_then(|at| self.inside(source, text, at.start.offset, at.end.offset));
        let message = format!("`{}` is {}, which is no regular expression: {why}", self.place, quote(text));
        self.fault(Fault::wrong(within.unwrap_or(self.span), message, why));
        None
    }

    /// A glob pattern; one that begins with `!` takes out again.
    pub fn glob(&self) -> Option<String> {
        let text = self.text()?;
        match Glob::new(text.strip_prefix('!').unwrap_or(text)) {
            Ok(_) => Some(text.to_owned()),
            Err(error) => self.invalid(text, &format!("which is no glob pattern ({})", error.kind())),
        }
    }

    /// Glob patterns, one or a list of them.
    pub fn globs(&self) -> Option<Vec<String>> {
        let globs: Vec<_> = self.one_or_list("a glob pattern").iter().map(Value::glob).collect();
        globs.into_iter().collect()
    }

    /// Bytes `start..end` of the string as a span of the source, where the source has the string as it is, without
    /// escapes.
    fn inside(&self, source: &str, text: &str, start: usize, end: usize) -> Option<Span> {
        let written = source.get(self.span.range())?;
        let quotes = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quotes| written.starts_with(quotes))?;
        let at = self.span.start + quotes.len();
        (source.get(at..at + text.len()) == Some(text)).then(|| Span::new(at + start, at + end))
    }
}
