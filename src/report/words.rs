//! The texts of a finding as lines that any format can hold: no control character, no line break inside.

use super::diagnostic::{Diagnostic, Label};
use super::terminal;

/// `path:line:column`.
pub(super) fn place(label: &Label) -> String {
    let place = label.file.place(label.span.start);
    format!("{}:{}:{}", terminal::line(label.file.name()), place.line, place.column)
}

/// The headline.
pub(super) fn headline(diagnostic: &Diagnostic) -> String {
    terminal::line(&diagnostic.headline)
}

/// Facts and advice, one a line; advice begins with `help: `.
pub(super) fn details(diagnostic: &Diagnostic) -> Vec<String> {
    let notes = diagnostic.notes.iter().flat_map(|note| note.lines().map(terminal::line));
    let help = diagnostic.help.iter().map(|help| format!("help: {}", terminal::line(help)));
    notes.chain(help).collect()
}

/// The text that a finding points at, on one line and at most `limit` characters long; the headline where it points at
/// nothing.
pub(super) fn quote(diagnostic: &Diagnostic, limit: usize) -> String {
    let text = diagnostic.primary.as_ref().and_then(|label| label.file.text().get(label.span.range()));
    let words = text.filter(|text| !text.trim().is_empty()).unwrap_or(&diagnostic.headline).split_whitespace();
    let mut quote = String::new();
    for word in words {
        if quote.len() > 4 * limit {
            break;
        }
        if !quote.is_empty() {
            quote.push(' ');
        }
        quote.extend(word.chars().take(limit + 1));
    }
    bounded(&terminal::line(&quote), limit)
}

/// The first `limit` characters of `text`, with a mark where it is longer.
pub(super) fn bounded(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::code::Code;
    use crate::document::source::{SourceFile, Span};
    use crate::report::diagnostic::Severity;

    fn quoted(text: &str, span: Span) -> String {
        let file = Arc::new(SourceFile::new("a.md", text));
        quote(&Diagnostic::new(Code::CountDrift, Severity::Error, "the headline").at(&file, span, ""), 12)
    }

    #[test]
    fn a_quotation_is_one_short_safe_line() {
        assert_eq!(quoted("21/21\r\n\tup", Span::new(0, 10)), "21/21 up");
        assert_eq!(quoted("\u{1b}[31mred", Span::new(0, 8)), "␛[31mred");
        assert_eq!(quoted(&"é".repeat(1_000_000), Span::new(0, 2_000_000)), "éééééééééééé…");
        assert_eq!(quoted(&"a ".repeat(1_000_000), Span::new(0, 2_000_000)), "a a a a a a …");
        assert_eq!(quoted("a  b", Span::new(1, 3)), "the headline", "where nothing is pointed at");
    }

    #[test]
    fn advice_is_marked_and_every_line_is_one() {
        let diagnostic = Diagnostic::new(Code::CountDrift, Severity::Error, "x").note("a\nb\u{7}").help("c\nd");
        assert_eq!(details(&diagnostic), ["a", "b␇", "help: c␊d"]);
    }
}
