//! What there is in a line, and where one line ends and the next begins.

use crate::claim::lexicon::{Class, Classes};
use crate::claim::token::{Token, TokenKind};

/// What there is in a line, so that a recogniser with nothing to find need not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Content {
    /// All classes of its words and symbols.
    pub classes: Classes,
    /// A number in digits.
    pub digits: bool,
    /// Something that may be a date.
    pub dated: bool,
    /// An image.
    pub image: bool,
    /// A box.
    pub task: bool,
    /// A break or a bar, where another line may begin.
    pub broken: bool,
    /// A quotation mark.
    pub quoted: bool,
    /// A slash.
    pub slash: bool,
    /// A percent sign.
    pub percent: bool,
    /// A symbol, one of state or any other.
    pub symbol: bool,
}

impl Content {
    /// What there is in `tokens`.
    pub fn of(tokens: &[Token]) -> Content {
        let mut content = Content::default();
        tokens.iter().for_each(|token| content.add(token.kind, token.entry.classes));
        content
    }

    /// Takes note of one token more.
    pub fn add(&mut self, kind: TokenKind, classes: Classes) {
        self.classes.add(classes);
        match kind {
            TokenKind::Number => self.digits = true,
            TokenKind::Opaque => self.dated = true,
            TokenKind::Image => self.image = true,
            TokenKind::Task(_) => self.task = true,
            TokenKind::SoftBreak | TokenKind::HardBreak | TokenKind::Punct(b'|') => self.broken = true,
            TokenKind::Punct(b'"') => self.quoted = true,
            TokenKind::Punct(b'/') => self.slash = true,
            TokenKind::Punct(b'%') => self.percent = true,
            TokenKind::Symbol => self.symbol = true,
            TokenKind::Word | TokenKind::Punct(_) | TokenKind::Code => {}
        }
    }

    /// Whether a number stands in the line, in digits or letters.
    pub fn number(&self) -> bool {
        self.digits || self.classes.has(Class::NumberWord)
    }

    /// Whether anything in the line could make a claim. `cell` says that the line is a cell of a table, where the words
    /// that tie a date to a look can stand in another cell.
    pub fn can_claim(&self, cell: bool) -> bool {
        const LOOKS: Classes = Classes::of(&[Class::Look, Class::LookNoun]);
        const TRIGGERS: Classes = Classes::of(&[
            Class::State,
            Class::Quantifier,
            Class::Nothing,
            Class::NumberWord,
            Class::Need,
            Class::Denied,
        ]);
        let dated = self.dated && (cell || self.classes.any(LOOKS));
        let dotted = self.symbol && cell;
        self.digits || dated || dotted || self.image || self.task || self.classes.any(TRIGGERS)
    }
}

/// Cuts the tokens of a piece into lines.
pub fn lines(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut rest = tokens;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = (1..rest.len()).find(|&at| ends_line(rest, at)).unwrap_or(rest.len());
            let (line, after) = rest.split_at(end);
            rest = match after {
                [first, others @ ..] if first.is_break() || first.is_punct(b'|') => others,
                others => others,
            };
            if !(line.is_empty() || line.len() == 1 && (line[0].is_break() || line[0].is_punct(b'|'))) {
                return Some(line);
            }
        }
        None
    })
}

/// Whether a short label opens these tokens: "Status: ready".
fn begins_with_a_label(tokens: &[Token]) -> bool {
    const LONGEST: usize = 3;
    let colon = tokens.iter().take(LONGEST + 1).position(|token| token.is_punct(b':'));
    let Some(colon) = colon.filter(|&colon| colon > 0) else { return false };
    let words = tokens[..colon].iter().all(|token| token.is_word());
    words && tokens[0].capital && tokens.get(colon + 1).is_some_and(|next| next.spaced && !next.is_break())
}

/// Whether a new line begins at `at`: a visible break, a bar, or a hidden break before something that begins an entry.
fn ends_line(tokens: &[Token], at: usize) -> bool {
    match tokens[at].kind {
        TokenKind::HardBreak | TokenKind::Punct(b'|') => true,
        TokenKind::SoftBreak => tokens.get(at + 1).is_some_and(|next| {
            next.kind == TokenKind::Symbol
                || begins_with_a_label(&tokens[at + 1..])
                || tokens[at - 1].is_state_symbol()
                || (next.strong && next.capital && !tokens[at - 1].strong)
        }),
        _ => false,
    }
}
