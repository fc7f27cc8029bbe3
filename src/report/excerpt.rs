//! The lines round a span, cut to a size that people can read and made safe to show.
//!
//! A line can be 50 MB long, a span can cover a document, and either can hold escape sequences. What leaves this file is
//! short, holds no control character but tabs and line breaks, and knows where the span went.

use std::ops::Range;

use super::terminal;
use crate::document::source::{Place, SourceFile, Span};

/// Bytes of a line that are kept before the span, where the line is too long.
const BEFORE: usize = 80;
/// Bytes of a line that are kept from the beginning of the span on, where the line is too long.
const AFTER: usize = 400;
/// A span over more lines is shown by its first line.
const MOST_LINES: usize = 6;

/// What a renderer shows of a span.
#[derive(Debug, PartialEq)]
pub(super) struct Excerpt {
    /// Where the span begins in the file.
    pub place: Place,
    /// Whole or cut lines; the first is line `place.line` of the file.
    pub text: String,
    /// Where the span went, in bytes of `text`.
    pub span: Range<usize>,
}

/// The excerpt for `span`, which is clamped to the text and to character boundaries.
pub(super) fn of(file: &SourceFile, span: Span) -> Excerpt {
    let start = floor(file.text(), span.start);
    let end = floor(file.text(), span.end).max(start);
    let place = file.place(start);
    let last = if end > start { file.place(end - 1).line } else { place.line };
    let last = if last - place.line >= MOST_LINES { place.line } else { last };
    let mut out = Excerpt { place, text: String::new(), span: 0..0 };
    for number in place.line..=last {
        let Some(line) = file.line_span(number) else { break };
        if number > place.line {
            out.text.push('\n');
        }
        let from = if number == place.line { start.min(line.end) } else { line.start };
        let window = window(file.text(), line, from);
        if window.start > line.start {
            out.text.push('…');
        }
        if number == place.line {
            push(&mut out.text, &file.text()[window.start..from]);
            out.span.start = out.text.len();
            push(&mut out.text, &file.text()[from..end.clamp(from, window.end)]);
        } else {
            push(&mut out.text, &file.text()[from..end.clamp(from, window.end)]);
        }
        out.span.end = out.text.len();
        push(&mut out.text, &file.text()[end.clamp(from, window.end)..window.end]);
        if window.end < line.end {
            out.text.push('…');
        }
    }
    out
}

/// The part of `line` that is kept when the reader is to see what stands at `from`.
fn window(text: &str, line: Span, from: usize) -> Span {
    if line.len() <= BEFORE + AFTER {
        return line;
    }
    let start = floor(text, from.saturating_sub(BEFORE)).max(line.start);
    let end = floor(text, from.saturating_add(AFTER)).min(line.end);
    Span::new(start, end)
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn push(out: &mut String, text: &str) {
    out.extend(text.chars().filter_map(terminal::shown));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn excerpt(text: &str, span: Range<usize>) -> Excerpt {
        of(&SourceFile::new("x.md", text), span.into())
    }

    #[test]
    fn a_line_and_the_span_in_it() {
        let found = excerpt("one\r\ntwo 21/21 up\r\nthree", 9..17);
        assert_eq!(found.text, "two 21/21 up");
        assert_eq!(&found.text[found.span], "21/21 up");
        assert_eq!(found.place, Place { line: 2, column: 5 });
    }

    #[test]
    fn a_huge_line_is_cut_and_keeps_its_true_place() {
        let text = format!("{}21/21{}", "é".repeat(1_000_000), "ü".repeat(1_000_000));
        let found = excerpt(&text, 2_000_000..2_000_005);
        assert_eq!(&found.text[found.span.clone()], "21/21");
        assert_eq!(found.place, Place { line: 1, column: 1_000_001 });
        assert!(found.text.len() < 600, "{}", found.text.len());
        assert!(found.text.starts_with('…') && found.text.ends_with('…'));
    }

    #[test]
    fn a_span_over_lines_keeps_them_and_one_over_many_shows_the_first() {
        let found = excerpt("a\nall of\r\nit works\nb", 2..18);
        assert_eq!(&found.text[found.span.clone()], "all of\nit works");
        let text = "line\n".repeat(100);
        let found = excerpt(&text, 5..text.len());
        assert_eq!((found.text.as_str(), found.span), ("line", 0..4));
    }

    #[test]
    fn what_stands_beside_the_text_is_clamped() {
        assert_eq!(excerpt("", 0..0).span, 0..0);
        assert_eq!(excerpt("ab", 2..2).span, 2..2);
        assert_eq!(excerpt("ab\n", 90..95).place, Place { line: 2, column: 1 });
        assert_eq!(excerpt("é", 1..1).span, 0..0);
    }

    proptest! {
        #[test]
        fn any_text_and_span_give_a_short_safe_excerpt(text in "(?s).{0,200}", a in 0_usize..300, b in 0_usize..300) {
            let found = excerpt(&text, a.min(b)..a.max(b));
            prop_assert!(found.text.get(found.span.clone()).is_some());
            prop_assert!(found.text.chars().all(|c| c == '\t' || c == '\n' || !c.is_control()));
        }
    }
}
