//! Reading a very long piece window by window, so that memory is bounded whatever the input.

use crate::document::prose::{Part, PartKind};
use crate::document::source::Span;

/// Bytes of a piece that are read at once. Nobody makes a statement of this length; a piece that is longer is data.
pub const SIZE: usize = 64 << 10;

/// Cuts the parts of a piece into windows of about [`SIZE`] bytes, at white space where there is any.
pub fn windows<'a>(source: &'a str, parts: &'a [Part]) -> impl Iterator<Item = Vec<Part>> + 'a {
    let mut rest = parts.iter().copied();
    let mut next = rest.next();
    std::iter::from_fn(move || {
        let mut window = Vec::new();
        let mut room = SIZE;
        while let Some(part) = next.take() {
            let length = part.span.len();
            if length <= room {
                window.push(part);
                room -= length;
                next = rest.next();
                continue;
            }
            match part.kind {
                PartKind::Text | PartKind::Strong | PartKind::Struck => {
                    let cut = cut(source, part.span, room);
                    if cut > part.span.start {
                        window.push(Part { kind: part.kind, span: Span::new(part.span.start, cut) });
                    }
                    next = Some(Part { kind: part.kind, span: Span::new(cut, part.span.end) });
                }
                // What cannot be cut is read in a window of its own.
                _ if window.is_empty() => {
                    window.push(part);
                    next = rest.next();
                }
                _ => next = Some(part),
            }
            break;
        }
        (!window.is_empty()).then_some(window)
    })
}

/// Where to cut `span`, `room` bytes on at most: behind the last white space, else between two characters.
fn cut(source: &str, span: Span, room: usize) -> usize {
    let mut end = span.start + room;
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    match source[span.start..end].rfind(|c: char| c.is_ascii_whitespace()) {
        Some(at) => span.start + at + 1,
        // A window that has begun ends here; one that has not must go on.
        None if room < SIZE => span.start,
        None => end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> Part {
        Part { kind: PartKind::Text, span: Span::new(0, source.len()) }
    }

    #[test]
    fn windows_cover_all_and_are_cut_at_white_space() {
        let source = "twelve of 28 ".repeat(SIZE / 4);
        let parts = [text(&source)];
        let mut at = 0;
        for window in windows(&source, &parts) {
            let [part] = window[..] else { panic!("{window:?}") };
            assert_eq!(part.span.start, at);
            assert!(part.span.len() <= SIZE && source[..part.span.end].ends_with(' '));
            at = part.span.end;
        }
        assert_eq!(at, source.len());
    }

    #[test]
    fn what_has_no_white_space_is_cut_between_characters() {
        let source = "é".repeat(SIZE);
        let parts = [text(&source), Part { kind: PartKind::Code, span: Span::new(source.len(), source.len()) }];
        let windows: Vec<Vec<Part>> = windows(&source, &parts).collect();
        let spans: Vec<Span> = windows.iter().flatten().map(|part| part.span).collect();
        assert!(spans.iter().all(|span| source.is_char_boundary(span.start) && source.is_char_boundary(span.end)));
        assert_eq!(spans.iter().map(|span| span.len()).sum::<usize>(), source.len());
        assert_eq!(windows.iter().flatten().filter(|part| part.kind == PartKind::Code).count(), 1);
    }
}
