//! Tables whose bars stand one below the other keep them there: a cell's padding gives what its text takes.

use unicode_width::UnicodeWidthStr;

use crate::document::edit::Edit;
use crate::document::source::Span;

/// The edits of padding that keep the bars of aligned tables in line, where `edits` (in order) change the text of cells.
///
/// A cell keeps at least one blank: text that outgrows its column pushes the bars of its own row.
pub fn padding(source: &str, edits: &[Edit]) -> Vec<Edit> {
    let mut found = Vec::new();
    let mut rest = edits;
    while let Some(first) = rest.first() {
        let cell = cell_of(source, first.span);
        let end = cell.map_or(first.span.end, |cell| cell.end);
        let count = rest.iter().take_while(|edit| edit.span.end <= end).count().max(1);
        let (inside, others) = rest.split_at(count);
        found.extend(cell.and_then(|cell| padded(source, cell, inside)));
        rest = others;
    }
    found
}

/// The bytes between the bars on either side of `span`, where they stand on its line.
fn cell_of(source: &str, span: Span) -> Option<Span> {
    let line = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let start = source[line..span.start].rfind('|').map(|at| line + at + 1)?;
    let rest = &source[span.end..];
    let length = rest.find(['|', '\n'])?;
    let end = span.end + length;
    (rest.as_bytes()[length] == b'|').then(|| Span::new(start, end))
}

/// The edit of one cell's padding, where its table is aligned.
fn padded(source: &str, cell: Span, edits: &[Edit]) -> Option<Edit> {
    let grown: isize = edits.iter().map(|edit| columns(&edit.text) - columns(&source[edit.span.range()])).sum();
    if grown == 0 || !aligned(source, cell.end) {
        return None;
    }
    let text = &source[cell.range()];
    let trailing = text.len() - text.trim_end_matches(' ').len();
    let leading = text.len() - text.trim_start_matches(' ').len();
    // A column set to the right is padded on the left.
    let span = if leading > trailing {
        Span::new(cell.start, cell.start + leading)
    } else {
        Span::new(cell.end - trailing, cell.end)
    };
    if span.is_empty() || edits.iter().any(|edit| edit.span.overlaps(span)) {
        return None;
    }
    let width = usize::try_from(isize::try_from(span.len()).ok()? - grown).unwrap_or(0).max(1);
    (width != span.len()).then(|| Edit { span, text: " ".repeat(width) })
}

fn columns(text: &str) -> isize {
    isize::try_from(text.width()).unwrap_or(isize::MAX)
}

/// Whether a bar of the line before or after stands right above or below the bar at byte `bar`.
fn aligned(source: &str, bar: usize) -> bool {
    let start = source[..bar].rfind('\n').map_or(0, |at| at + 1);
    let column = source[start..bar].width();
    let before = source[..start].strip_suffix('\n').map(|above| above.rfind('\n').map_or(above, |at| &above[at + 1..]));
    let after = source[bar..].split_once('\n').map(|(_, below)| below.split_once('\n').map_or(below, |(line, _)| line));
    let has_bar = |line: &str| line.match_indices('|').any(|(at, _)| line[..at].width() == column);
    before.is_some_and(has_bar) || after.is_some_and(has_bar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::edit;

    fn rewritten(source: &str, changes: &[(&str, &str)]) -> String {
        let mut edits: Vec<Edit> = changes
            .iter()
            .map(|(from, to)| {
                let start = source.find(from).unwrap();
                Edit { span: Span::new(start, start + from.len()), text: (*to).to_owned() }
            })
            .collect();
        edits.sort_by_key(|edit| edit.span);
        let more = padding(source, &edits);
        edit::apply(source, &[edits, more].concat()).unwrap()
    }

    #[test]
    fn bars_stay_in_line() {
        let table = "| what    | state |\n|---------|------:|\n| servers | 21/21 |\n| tools   |    54 |\n";
        let changes = [("21/21", "0/21"), ("54", "1,054")];
        let expected = "| what    | state |\n|---------|------:|\n| servers | 0/21  |\n| tools   | 1,054 |\n";
        assert_eq!(rewritten(table, &changes), expected);
        let marks = "| a  | ✅ Operational        |\n| b  | ✅ Operational        |\n";
        let expected = "| a  | ❌ down (exit 127)    |\n| b  | ✅ Operational        |\n";
        assert_eq!(rewritten(marks, &[("✅ Operational", "❌ down (exit 127)")]), expected);
    }

    #[test]
    fn a_cell_that_outgrows_its_column_keeps_one_blank() {
        let table = "| a | ✅ up |\n| b | ✅ up |\n";
        assert_eq!(rewritten(table, &[("✅ up", "❌ down (exit 1)")]), "| a | ❌ down (exit 1) |\n| b | ✅ up |\n");
    }

    #[test]
    fn what_is_not_aligned_is_not_padded() {
        let table = "| what | state |\n|---|---|\n| servers | 21/21 |\n| a | b |\n";
        let expected = table.replace("21/21", "0/21");
        assert_eq!(rewritten(table, &[("21/21", "0/21")]), expected);
        assert_eq!(rewritten("21/21 up", &[("21/21", "0/21")]), "0/21 up");
    }
}
