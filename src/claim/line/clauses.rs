//! Clauses, sentences and parentheses.

use crate::claim::lexicon::Class;
use crate::claim::token::{Token, TokenKind};

/// Where a token stands in its line.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Number of its clause.
    pub clause: u32,
    /// Number of its sentence.
    pub sentence: u32,
    /// How many parentheses it stands in.
    pub depth: u8,
}

/// What is known of the tokens of a line, by their places in it.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    /// Where each token stands.
    pub(super) positions: Vec<Position>,
    /// The tokens that are numbers, in digits or in letters.
    pub(super) numbers: Vec<usize>,
}

/// Reads where each of `tokens` stands.
pub fn read(tokens: &[Token], buffer: &mut Buffer) {
    let Buffer { positions, numbers } = buffer;
    positions.clear();
    positions.reserve(tokens.len());
    numbers.clear();
    let (mut clause, mut sentence, mut depth) = (0, 0, 0u8);
    for (at, token) in tokens.iter().enumerate() {
        if matches!(token.kind, TokenKind::Number) || token.is(Class::NumberWord) {
            numbers.push(at);
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
        clause += u32::from(before);
        if token.is_punct(b'(') {
            depth = depth.saturating_add(1);
        }
        positions.push(Position { clause, sentence, depth });
        match token.kind {
            TokenKind::Punct(b')') => {
                depth = depth.saturating_sub(1);
                clause += 1;
            }
            TokenKind::Punct(b']') => clause += 1,
            // The dot of "e.g." ends nothing.
            TokenKind::Punct(b'.') if at > 0 && !token.spaced && tokens[at - 1].is(Class::Example) => {}
            TokenKind::Punct(b'.' | b'!' | b'?') if tokens.get(at + 1).is_none_or(|next| next.spaced) => {
                clause += 1;
                sentence += 1;
            }
            TokenKind::Punct(b',' | b';') => clause += 1,
            TokenKind::Punct(b':') if tokens.get(at + 1).is_none_or(|next| next.spaced) => clause += 1,
            _ => {}
        }
    }
}

/// How far a sentence is looked at from a token in it: no document can make the walk more than linear.
const SIGHT: usize = 120;

/// The first position with the same number as that at `at`.
pub fn start_of(positions: &[Position], at: usize, number: impl Fn(&Position) -> u32) -> usize {
    let from = at.saturating_sub(SIGHT);
    from + positions[from..at].partition_point(|position| number(position) < number(&positions[at]))
}

/// One past the last position with the same number as that at `at`.
pub fn end_of(positions: &[Position], at: usize, number: impl Fn(&Position) -> u32) -> usize {
    let to = positions.len().min(at + SIGHT);
    at + positions[at..to].partition_point(|position| number(position) <= number(&positions[at]))
}
