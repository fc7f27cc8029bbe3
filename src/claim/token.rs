//! Tokens: what recognisers read instead of Markdown.

use crate::claim::lexicon::{Class, Entry};
use crate::document::source::Span;

/// One token of a piece of prose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    start: u32,
    end: u32,
    /// White space or a break stands before it.
    pub spaced: bool,
    /// It stands in strong emphasis.
    pub strong: bool,
    /// It begins with a capital.
    pub capital: bool,
    /// What the lexicon knows of it.
    pub entry: Entry,
}

/// Kinds of token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// A word, or a phrase that the lexicon knows as one.
    Word,
    /// A number in digits, without sign, unit or percent sign; [`numeral`](crate::claim::numeral) reads its value.
    Number,
    /// One ASCII punctuation character; a dash of any length is `-`, typographic quotes are `"`.
    Punct(u8),
    /// A symbol that says a state, or any other pictograph.
    Symbol,
    /// The box of a task item.
    Task(bool),
    /// Inline code.
    Code,
    /// An image.
    Image,
    /// A date, a version, a time, a measure, an address: digits that count nothing.
    Opaque,
    /// A line break inside a sentence.
    SoftBreak,
    /// The end of a visible line.
    HardBreak,
}

impl Token {
    /// A token of `kind` at `span`, which ends within the first 4 GiB of its source.
    pub fn new(kind: TokenKind, span: Span, spaced: bool, strong: bool, capital: bool, entry: Entry) -> Token {
        Token { kind, start: span.start as u32, end: span.end as u32, spaced, strong, capital, entry }
    }

    /// Its bytes in the source.
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }

    /// Makes it end where `last` does.
    pub fn extend_to(&mut self, last: &Token) {
        self.end = last.end;
    }

    /// Whether the lexicon lists it under `class`.
    pub fn is(&self, class: Class) -> bool {
        self.entry.classes.has(class)
    }

    /// Whether it is this punctuation character.
    pub fn is_punct(&self, character: u8) -> bool {
        self.kind == TokenKind::Punct(character)
    }

    /// Whether it is a word.
    pub fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }

    /// Whether it is a symbol that says a state.
    pub fn is_state_symbol(&self) -> bool {
        self.kind == TokenKind::Symbol && self.is(Class::State)
    }

    /// Whether it is a word that says a state.
    pub fn is_state_word(&self) -> bool {
        self.kind == TokenKind::Word && self.is(Class::State)
    }

    /// Whether it is a line break of any sort.
    pub fn is_break(&self) -> bool {
        matches!(self.kind, TokenKind::SoftBreak | TokenKind::HardBreak)
    }
}
