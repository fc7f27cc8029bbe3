//! What of a document is prose, and where it stands.

use std::ops::Range;

use super::source::Span;

/// A Markdown document taken apart: runs of prose that can hold claims, and the HTML comments beside them.
///
/// Code (fenced, indented, inline), front matter and raw HTML are not prose.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// Prose in document order.
    pub pieces: Vec<Piece>,
    /// The stretches of all pieces, in document order; [`Piece::parts`] says which are whose.
    pub parts: Vec<Part>,
    /// Headings in document order.
    pub headings: Vec<Heading>,
    /// Tables in document order.
    pub tables: Vec<Table>,
    /// Lists in order of their first byte: an outer one before those inside it.
    pub lists: Vec<List>,
    /// Bytes of lists and block quotes, in order of their first byte: an outer one before those inside it.
    pub containers: Vec<Span>,
    /// HTML comments in document order. One shown inside code is text, and is not here.
    pub comments: Vec<Comment>,
}

impl Prose {
    /// The stretches of `piece`.
    pub fn parts_of(&self, piece: &Piece) -> &[Part] {
        &self.parts[piece.parts.clone()]
    }
}

/// A heading and its place in the tree of headings.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Visible text, without markup.
    pub text: String,
    /// Bytes of the whole heading.
    pub span: Span,
    /// The heading that this one stands under, as an index into [`Prose::headings`].
    pub parent: Option<usize>,
}

/// The header of a table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Visible text of each header cell.
    pub header: Vec<String>,
    /// Bytes of the whole table.
    pub span: Span,
    /// Number of body rows.
    pub rows: usize,
}

/// A list: what it enumerates can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Bytes of the whole list, lists inside its items included.
    pub span: Span,
    /// Number of its own items.
    pub items: usize,
    /// Number of those whose box is ticked.
    pub ticked: usize,
}

/// One run of prose: a paragraph, a heading, the text of a list item, a table cell.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it is.
    pub role: Role,
    /// Bytes from its first to its last character, markup between them included.
    pub span: Span,
    /// The visible text in order, and inline code as opaque parts: a range of [`Prose::parts`].
    pub parts: Range<usize>,
    /// The nearest heading above, as an index into [`Prose::headings`]; for a heading, its parent.
    pub heading: Option<usize>,
    /// A thematic break stands between that heading and here.
    pub apart: bool,
    /// What introduces the list or table that this piece is in, as an index into [`Prose::pieces`]: the paragraph
    /// directly before it, or for a list inside an item the text of that item.
    pub lead_in: Option<usize>,
    /// Inside a block quote.
    pub quoted: bool,
}

/// What a piece is in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A paragraph on its own.
    Paragraph,
    /// A heading, as an index into [`Prose::headings`].
    Heading(usize),
    /// Text of a list item.
    Item {
        /// `[ ]` or `[x]`, for task items.
        task: Option<bool>,
        /// Its list, as an index into [`Prose::lists`].
        list: usize,
        /// 1 for an item of an outermost list.
        depth: usize,
        /// The piece of the item that this item's list stands in, as an index into [`Prose::pieces`].
        parent: Option<usize>,
    },
    /// A cell in the body of a table.
    Cell {
        /// Index into [`Prose::tables`].
        table: usize,
        /// Body row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
    /// A cell of a table's header row.
    HeaderCell {
        /// Index into [`Prose::tables`].
        table: usize,
        /// Column, from 0.
        column: usize,
    },
}

/// A stretch of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its bytes in the source.
    pub span: Span,
}

/// Kinds of stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Text as the reader sees it: bytes of the source, markup left out.
    Text,
    /// Text in strong emphasis.
    Strong,
    /// Struck-through text: no longer asserted.
    Struck,
    /// Inline code: never a claim, but it can name a subject.
    Code,
    /// A character reference such as `&nbsp;`, as written.
    Entity,
    /// The box of a task item, `[ ]` or `[x]`: always the first part of its piece.
    Task,
    /// A line break that the reader does not see.
    SoftBreak,
    /// A line break that the reader sees.
    HardBreak,
    /// An image, with its whole source as span (a badge can be a claim).
    Image,
}

/// An HTML comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Bytes from `<!--` to `-->`.
    pub span: Span,
    /// Bytes between the two, surrounding white space left out.
    pub inner: Span,
    /// Whether the comment stands in a block of its own rather than inside a line of prose.
    pub block: bool,
}
