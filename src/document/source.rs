//! Source text, byte spans in it, and the lines and columns that people see.

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// A range of bytes in one source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "span {start}..{end} is reversed");
        Span { start, end }
    }

    /// The span as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two spans share a byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// A place as people name it. Both numbers count from 1; `column` counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

/// Bytes between two counted positions, so that a column on a line of 50 MB costs one short count.
const BLOCK: usize = 4096;

/// One text with its name: a document, or trueup.toml.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    /// Unicode scalar values before each block of [`BLOCK`] bytes; empty for ASCII text. Counted on first use.
    scalars: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// Takes a text under the name that output shows for it (a path as the user gave it, or `<stdin>`).
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> SourceFile {
        let text = text.into();
        let mut line_starts = vec![0];
        line_starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        SourceFile { name: name.into(), text, line_starts, scalars: OnceLock::new() }
    }

    /// The name that output shows.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`. Panics where the span is not one of this text.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Number of lines; a text that ends in a newline has an empty last line.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The span of line `line` (from 1) without its line ending, or `None` past the end.
    pub fn line_span(&self, line: usize) -> Option<Span> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        Some(Span::new(start, end))
    }

    /// Line and column of a byte offset (clamped to the text).
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts[line - 1];
        // Blocks are for lines that are longer than one: all others are counted as they stand.
        let before = match offset - start {
            ..=BLOCK => count_scalars(&self.text.as_bytes()[start..offset]),
            _ => self.scalars_before(offset) - self.scalars_before(start),
        };
        Place { line, column: before + 1 }
    }

    fn scalars_before(&self, offset: usize) -> usize {
        let blocks = self.scalars.get_or_init(|| {
            if self.text.is_ascii() {
                return Vec::new();
            }
            let mut before = 0;
            let mut blocks = Vec::with_capacity(self.text.len() / BLOCK + 1);
            for block in self.text.as_bytes().chunks(BLOCK) {
                blocks.push(before);
                before += count_scalars(block);
            }
            blocks.push(before);
            blocks
        });
        if blocks.is_empty() {
            return offset;
        }
        let block = offset / BLOCK;
        blocks[block] + count_scalars(&self.text.as_bytes()[block * BLOCK..offset])
    }
}

/// Unicode scalar values that begin in `bytes` of valid UTF-8.
fn count_scalars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_and_in_scalar_values() {
        let file = SourceFile::new("x.md", "ab\r\né✅c\n");
        assert_eq!(file.place(0), Place { line: 1, column: 1 });
        assert_eq!(file.place(file.text().find('c').unwrap()), Place { line: 2, column: 3 });
        assert_eq!(file.place(usize::MAX), Place { line: 3, column: 1 });
        assert_eq!(file.slice(file.line_span(1).unwrap()), "ab");
        assert_eq!(file.slice(file.line_span(2).unwrap()), "é✅c");
        assert_eq!(file.line_span(3), Some(Span::new(11, 11)));
        assert_eq!(file.line_span(4), None);
    }

    #[test]
    fn a_column_far_into_a_long_line_is_exact() {
        let text = "é".repeat(3 * BLOCK);
        let file = SourceFile::new("x.md", text);
        for scalar in [0, 1, BLOCK / 2, BLOCK, 3 * BLOCK - 1, 3 * BLOCK] {
            assert_eq!(file.place(scalar * 2), Place { line: 1, column: scalar + 1 });
        }
    }
}
