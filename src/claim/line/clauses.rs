//! Clauses, sentences and parentheses.

use std::ops::Range;

use crate::claim::lexicon::Class;
use crate::claim::token::{Token, TokenKind};

/// Where a token stands in its line.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Number of its clause.
    clause: u32,
    /// Number of its sentence.
    sentence: u32,
    /// How many parentheses it stands in.
    depth: u8,
}

/// What is known of the tokens of a line, by their places in it.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    /// Where each token stands.
    positions: Vec<Position>,
    /// For each clause the place of its first token.
    clauses: Vec<u32>,
    /// For each sentence the place of its first token.
    sentences: Vec<u32>,
    /// The tokens that are numbers, in digits or in letters.
    pub(super) numbers: Vec<usize>,
    /// The tokens that are state words.
    pub(super) states: Vec<usize>,
}

/// How far a sentence is looked at from a token in it: no document can make the walk more than linear.
const SIGHT: usize = 120;

impl Buffer {
    /// The tokens of the clause that `at` stands in, as far as they are in sight.
    pub fn clause(&self, at: usize) -> Range<usize> {
        self.around(at, &self.clauses, self.positions[at].clause)
    }

    /// The tokens of the sentence that `at` stands in, as far as they are in sight.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        self.around(at, &self.sentences, self.positions[at].sentence)
    }

    fn around(&self, at: usize, starts: &[u32], number: u32) -> Range<usize> {
        let number = number as usize;
        let end = starts.get(number + 1).map_or(self.positions.len(), |&next| next as usize);
        usize::max(starts[number] as usize, at.saturating_sub(SIGHT))..usize::min(end, at + SIGHT)
    }

    /// Whether both stand in one clause.
    pub fn same_clause(&self, a: usize, b: usize) -> bool {
        self.positions[a].clause == self.positions[b].clause
    }

    /// How many parentheses `at` stands in.
    pub fn depth(&self, at: usize) -> u8 {
        self.positions[at].depth
    }
}

/// Reads where each of `tokens` stands.
pub fn read(tokens: &[Token], buffer: &mut Buffer) {
    let Buffer { positions, clauses, sentences, numbers, states } = buffer;
    positions.clear();
    positions.reserve(tokens.len());
    numbers.clear();
    states.clear();
    clauses.clear();
    clauses.push(0);
    sentences.clear();
    sentences.push(0);
    let mut depth = 0u8;
    for (at, token) in tokens.iter().enumerate() {
        if matches!(token.kind, TokenKind::Number) || token.is(Class::NumberWord) {
            numbers.push(at);
        }
        if token.is_state_word() {
            states.push(at);
        }
        let next_spaced = || tokens.get(at + 1).is_none_or(|next| next.spaced || !next.is_word());
        let before = match token.kind {
            TokenKind::Punct(b'(' | b'[') => true,
            TokenKind::Punct(b'-') => token.spaced && next_spaced(),
            // "67 unit + 93 contract": parts of a sum.
            TokenKind::Punct(b'+') => {
                token.spaced && tokens.get(at + 1).is_some_and(|next| next.spaced && next.kind == TokenKind::Number)
            }
            TokenKind::Word => token.is(Class::Contrast),
            _ => false,
        };
        if before {
            clauses.push(at as u32);
        }
        if token.is_punct(b'(') {
            depth = depth.saturating_add(1);
        }
        positions.push(Position { clause: clauses.len() as u32 - 1, sentence: sentences.len() as u32 - 1, depth });
        let after = at as u32 + 1;
        match token.kind {
            TokenKind::Punct(b')') => {
                depth = depth.saturating_sub(1);
                clauses.push(after);
            }
            TokenKind::Punct(b']') => clauses.push(after),
            // The dot of "e.g." ends nothing.
            TokenKind::Punct(b'.') if at > 0 && !token.spaced && tokens[at - 1].is(Class::Example) => {}
            TokenKind::Punct(b'.' | b'!' | b'?') if tokens.get(at + 1).is_none_or(|next| next.spaced) => {
                clauses.push(after);
                sentences.push(after);
            }
            TokenKind::Punct(b',' | b';') => clauses.push(after),
            TokenKind::Punct(b':') if tokens.get(at + 1).is_none_or(|next| next.spaced) => clauses.push(after),
            _ => {}
        }
    }
}
