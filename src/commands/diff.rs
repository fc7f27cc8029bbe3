//! Edits as a unified diff: from the edits themselves, so that a large document costs no more than what changes in it.

use std::io::{self, Write as _};

use super::fixes::Fix;
use super::outcome;
use super::survey::Survey;
use crate::document::edit::{self, Edit};
use crate::document::source::{SourceFile, Span};

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// Shows the changes of all documents on standard output.
pub(super) fn show(survey: &Survey, fixes: &[Fix]) -> io::Result<()> {
    outcome::unless_nobody_reads(write(survey, fixes))
}

fn write(survey: &Survey, fixes: &[Fix]) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (document, fix) in survey.documents.iter().zip(fixes) {
        let hunks = hunks(&document.source, fix.edits(document));
        if !hunks.is_empty() {
            let name = document.source.name();
            write!(out, "--- {name}\n+++ {name}\n{hunks}")?;
        }
    }
    out.flush()
}

/// The hunks of a diff that `edits` make of `source`, without the names of the files.
pub(super) fn hunks(source: &SourceFile, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::new();
    // Lines that the ones before have made more or less of the new text.
    let mut grown = 0_isize;
    let mut rest = edits.as_slice();
    while let Some((first, _)) = rest.split_first() {
        let (from, mut to) = lines(source, first.span);
        let count = rest.iter().take_while(|edit| {
            let (start, end) = lines(source, edit.span);
            let near = start <= to + 2 * CONTEXT + 1;
            if near {
                to = to.max(end);
            }
            near
        });
        let (inside, others) = rest.split_at(count.count());
        let (from, to) = (from.saturating_sub(CONTEXT).max(1), (to + CONTEXT).min(source.line_count()));
        let window = Span::new(line_start(source, from), line_start(source, to + 1));
        let moved = inside.iter().map(|edit| Edit {
            span: Span::new(edit.span.start - window.start, edit.span.end - window.start),
            text: edit.text.clone(),
        });
        let old = source.slice(window);
        if let Ok(new) = edit::apply(old, &moved.collect::<Vec<_>>()) {
            grown += hunk(&mut out, old, &new, (from - 1, grown));
        }
        rest = others;
    }
    out
}

/// Appends the hunks between two texts that begin on line `before` (from 0) of the old one, which is moved by `grown` in
/// the new one. Returns by how many lines the new text is longer.
fn hunk(out: &mut String, old: &str, new: &str, (before, grown): (usize, isize)) -> isize {
    let diff = similar::TextDiff::from_lines(old, new);
    for group in diff.grouped_ops(CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old_lines = first.old_range().start..last.old_range().end;
        let new_lines = first.new_range().start..last.new_range().end;
        let range = |start: usize, count: usize| match count {
            0 => format!("{start},0"),
            1 => format!("{}", start + 1),
            _ => format!("{},{count}", start + 1),
        };
        let moved = before.saturating_add_signed(grown);
        let (a, b) =
            (range(before + old_lines.start, old_lines.len()), range(moved + new_lines.start, new_lines.len()));
        out.push_str(&format!("@@ -{a} +{b} @@\n"));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            out.push_str(&format!("{}{}", change.tag(), change.value()));
            if change.missing_newline() {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    let count = |text: &str| isize::try_from(text.matches('\n').count()).unwrap_or(isize::MAX);
    count(new) - count(old)
}

/// First and last line of `span`, from 1.
fn lines(source: &SourceFile, span: Span) -> (usize, usize) {
    (source.place(span.start).line, source.place(span.end).line)
}

/// The byte at which `line` (from 1) begins, or the end of the text.
fn line_start(source: &SourceFile, line: usize) -> usize {
    source.line_span(line).map_or(source.text().len(), |span| span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(old: &str, new: &str) -> String {
        let diff = similar::TextDiff::from_lines(old, new);
        diff.unified_diff().context_radius(CONTEXT).to_string()
    }

    proptest! {
        #[test]
        fn it_is_the_diff_of_the_whole_texts(lines in proptest::collection::vec("[a-z]{4}", 1..40), at in proptest::collection::btree_set(0_usize..40, 0..6), last in any::<bool>()) {
            // Every line differs from every other, so that there is one shortest diff.
            let lines: Vec<String> = lines.iter().enumerate().map(|(number, line)| format!("{number} {line}\n")).collect();
            let mut old = lines.concat();
            if last {
                old.pop();
            }
            let mut edits = Vec::new();
            let mut from = 0;
            for (number, line) in lines.iter().enumerate() {
                if at.contains(&number) {
                    edits.push(Edit { span: Span::new(from, from + 1), text: if number % 3 == 0 { "X\nY".into() } else { "X".into() } });
                }
                from += line.len();
            }
            let new = edit::apply(&old, &edits).unwrap();
            let file = SourceFile::new("a.md", old.clone());
            prop_assert_eq!(hunks(&file, edits), whole(&old, &new));
        }
    }
}
