//! Numbers and state words of a line that nothing was recognised in: code, comments, markup, and what counts nothing.

use crate::claim::lexer::Lexer;
use crate::claim::lexicon::{Class, Lexicon};
use crate::claim::token::{Token, TokenKind};
use crate::document::markdown;
use crate::document::prose::{PartKind, Prose};
use crate::document::section::Sections;
use crate::document::source::Span;

/// A stretch of a line with a number or a state word in it, and why it was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    /// Its bytes.
    pub span: Span,
    /// Why.
    pub why: String,
}

/// Finds them on `line`.
pub(super) fn unread(source: &str, line: Span, prose: &Prose, sections: &Sections, lexicon: &Lexicon) -> Vec<Unread> {
    let mut found = Vec::new();
    for piece in prose.pieces.iter().filter(|piece| piece.span.overlaps(line)) {
        let mut lexer = Lexer::new(source, lexicon);
        lexer.read(prose.parts_of(piece));
        let tokens = lexer.tokens().iter().filter(|token| token.span().overlaps(line));
        found.extend(tokens.filter_map(of_token));
    }
    let mut at = line.start;
    let from = prose.parts.partition_point(|part| part.span.end <= line.start);
    for part in prose.parts[from..].iter().take_while(|part| part.span.start < line.end) {
        let hidden = match part.kind {
            PartKind::Code => Some("inline code is no prose"),
            PartKind::Struck => Some("what is struck through is no longer asserted"),
            PartKind::Text
            | PartKind::Strong
            | PartKind::Entity
            | PartKind::Task
            | PartKind::SoftBreak
            | PartKind::HardBreak
            | PartKind::Image => None,
        };
        found.extend(between(source, Span::new(at, part.span.start.max(at)), prose, sections, lexicon));
        if let Some(why) = hidden.filter(|_| is_telling(&source[part.span.range()], lexicon)) {
            found.push(Unread { span: part.span, why: why.to_owned() });
        }
        at = part.span.end.max(at);
    }
    found.extend(between(source, Span::new(at.min(line.end), line.end), prose, sections, lexicon));
    found
}

/// A token of prose that counts or says something by itself.
fn of_token(token: &Token) -> Option<Unread> {
    let why = match token.kind {
        TokenKind::Opaque => "a date, a version, a measure or an address: its digits count nothing",
        TokenKind::Number => "nothing is counted with this number",
        TokenKind::Word | TokenKind::Symbol if token.is(Class::State) => "a state that is said of nothing here",
        TokenKind::Word
        | TokenKind::Symbol
        | TokenKind::Punct(_)
        | TokenKind::Task(_)
        | TokenKind::Code
        | TokenKind::Image
        | TokenKind::SoftBreak
        | TokenKind::HardBreak => return None,
    };
    Some(Unread { span: token.span(), why: why.to_owned() })
}

/// What stands between the parts of prose: comments, code, markup.
fn between(source: &str, span: Span, prose: &Prose, sections: &Sections, lexicon: &Lexicon) -> Option<Unread> {
    let text = source.get(span.range())?;
    let trimmed = text.trim();
    if !is_telling(trimmed, lexicon) {
        return None;
    }
    let start = span.start + (text.len() - text.trim_start().len());
    let span = Span::new(start, start + trimmed.len());
    let comment = prose.comments.iter().any(|comment| comment.span.overlaps(span));
    let section = sections.sections.iter().find(|section| section.body.overlaps(span));
    let why = if span.start < markdown::front_matter(source) {
        "front matter is no prose".to_owned()
    } else if comment {
        "a comment is no prose".to_owned()
    } else if let Some(section) = section {
        format!("section `{}` is judged by its facts, not by its words", section.template)
    } else {
        "markup, the address of a link, a block of code or raw HTML: none of it is prose".to_owned()
    };
    Some(Unread { span, why })
}

/// Whether a text holds a number or a state word.
fn is_telling(text: &str, lexicon: &Lexicon) -> bool {
    let state = |word: &str| lexicon.word(word.to_lowercase()).is_some_and(|entry| entry.classes.has(Class::State));
    let symbol = |c: char| lexicon.symbol(c.encode_utf8(&mut [0; 4])).is_some();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    text.contains(symbol) || words.into_iter().any(|word| word.starts_with(|c: char| c.is_ascii_digit()) || state(word))
}
