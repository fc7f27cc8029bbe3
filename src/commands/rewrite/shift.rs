//! Where a place of a document is after edits.

use crate::document::edit::Edit;
use crate::document::source::Span;

/// From places before edits to places after them.
#[derive(Debug)]
pub(super) struct Shift {
    /// Each edit's bytes before and after, in order.
    edits: Vec<(Span, Span)>,
}

impl Shift {
    /// For edits in order that do not overlap.
    pub(super) fn new(edits: &[Edit]) -> Shift {
        let mut at = 0;
        let mut from = 0;
        let place = |edit: &Edit| {
            let start = at + (edit.span.start - from);
            (at, from) = (start + edit.text.len(), edit.span.end);
            (edit.span, Span::new(start, start + edit.text.len()))
        };
        Shift { edits: edits.iter().map(place).collect() }
    }

    /// Where `span` is; a border inside of an edit moves to that of the edit.
    pub(super) fn span(&self, span: Span) -> Span {
        let (start, end) = (self.place(span.start, false), self.place(span.end, true));
        Span::new(start, end.max(start))
    }

    fn place(&self, at: usize, end: bool) -> usize {
        let next = self.edits.partition_point(|(before, _)| before.end <= at);
        let moved = match next.checked_sub(1).map(|last| self.edits[last]) {
            Some((before, after)) => after.end + (at - before.end),
            None => at,
        };
        match self.edits.get(next) {
            Some((before, after)) if before.start < at => {
                if end {
                    after.end
                } else {
                    after.start
                }
            }
            _ => moved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_with_what_stands_before_them() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.to_owned() };
        // "All 5 up, 100% ok" becomes "3 of 5 up, 60% ok".
        let shift = Shift::new(&[edit(0, 3, "3 of"), edit(10, 13, "60")]);
        for (before, after) in
            [((0, 3), (0, 4)), ((0, 8), (0, 9)), ((4, 5), (5, 6)), ((10, 17), (11, 17)), ((1, 2), (0, 4))]
        {
            assert_eq!(shift.span(Span::new(before.0, before.1)), Span::new(after.0, after.1), "{before:?}");
        }
    }
}
