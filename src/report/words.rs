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
