//! One visible line of a piece: its tokens, cut into sentences and clauses, and the label it begins with.

use std::ops::Range;

use crate::claim::lexicon::{Class, Classes};
use crate::claim::model::Polarity;
use crate::claim::place::{Form, Place, Section};
use crate::claim::token::{Token, TokenKind};
use crate::document::source::Span;

mod clauses;
mod content;
mod looks;

pub use clauses::Buffer;
pub use content::{Content, lines};
pub use looks::is_participle;

/// A line as recognisers see it. Places in it are indices of tokens.
pub struct Line<'a> {
    /// The document.
    pub source: &'a str,
    /// The tokens of the line.
    pub tokens: &'a [Token],
    read: &'a Buffer,
    /// What there is in the line.
    pub content: Content,
    /// The words before the colon or dash that the line begins with.
    pub label: Option<Range<usize>>,
    /// Whether the label ends in a colon rather than a dash.
    pub colon: bool,
    /// The first token after marks and label.
    pub body: usize,
    /// The state symbol that the line begins with, before or after its label.
    pub lead_symbol: Option<usize>,
    /// The state symbol that the line ends with.
    pub tail_symbol: Option<usize>,
    /// Where the line stands.
    pub place: &'a Place,
}

/// A label is a name, not a sentence.
const LONGEST_LABEL: usize = 14;

impl<'a> Line<'a> {
    /// Reads the structure of a line. `buffer` is there to be used for line after line.
    pub fn new(
        source: &'a str,
        tokens: &'a [Token],
        content: Content,
        place: &'a Place,
        buffer: &'a mut Buffer,
    ) -> Line<'a> {
        clauses::read(tokens, buffer);
        let start = after_marks(tokens, 0);
        let mut line = Line {
            source,
            tokens,
            read: buffer,
            content,
            label: None,
            colon: false,
            body: start,
            lead_symbol: None,
            tail_symbol: None,
            place,
        };
        line.find_label(start);
        line.lead_symbol = line.find_lead_symbol();
        line.tail_symbol = line.find_tail_symbol();
        line
    }

    /// The tokens that are numbers, in digits or in letters.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        self.read.numbers.iter().copied()
    }

    /// The first token after the marks: of the label, where there is one, or else of the body.
    pub fn opening(&self) -> usize {
        self.label.as_ref().map_or(self.body, |label| label.start)
    }

    /// The tokens that are state words.
    pub fn state_words(&self) -> &'a [usize] {
        &self.read.states
    }

    /// The first of the tokens in `range` that is a number.
    pub fn next_number(&self, range: Range<usize>) -> Option<usize> {
        let from = self.read.numbers.partition_point(|&at| at < range.start);
        self.read.numbers.get(from).copied().filter(|&at| at < range.end)
    }

    fn find_label(&mut self, start: usize) {
        let mut dash = None;
        for at in start..self.tokens.len().min(start + LONGEST_LABEL) {
            let token = &self.tokens[at];
            match token.kind {
                TokenKind::Punct(b':') if at > start && self.read.depth(at) == 0 => {
                    // "The site is now live with:" is a sentence, not a name.
                    if self.tokens[start..at].iter().any(|token| token.is(Class::Copula)) {
                        return;
                    }
                    let spaced = self.tokens.get(at + 1).is_none_or(|next| next.spaced || next.kind != token.kind);
                    if spaced
                        && !self
                            .tokens
                            .get(at + 1)
                            .is_some_and(|next| matches!(next.kind, TokenKind::Number) && !next.spaced)
                    {
                        // "Name - part: state" names the part.
                        self.label = Some(start..at);
                        self.colon = true;
                        self.body = after_marks(self.tokens, at + 1);
                        return;
                    }
                }
                TokenKind::Punct(b'-')
                    if at > start
                        && token.spaced
                        && self.read.depth(at) == 0
                        && dash.is_none()
                        && self.tokens.get(at + 1).is_some_and(|next| next.spaced) =>
                {
                    dash = Some(at);
                }
                TokenKind::Punct(b'.' | b'!' | b'?' | b';') if self.read.sentence(at).end == at + 1 => {
                    break;
                }
                // "**SC-3** ✅ timeouts end a call", "### Speed ✅ all targets met".
                TokenKind::Symbol
                    if at > start && dash.is_none() && token.is(Class::State) && self.is_named(start..at) =>
                {
                    self.label = Some(start..at);
                    self.body = after_marks(self.tokens, at);
                    return;
                }
                TokenKind::SoftBreak => break,
                _ => {}
            }
        }
        if let Some(dash) = dash {
            self.label = Some(start..dash);
            self.body = after_marks(self.tokens, dash + 1);
        }
    }

    /// Whether a mark behind `name` is about it, and what follows tells more: a name in bold, or that of a heading.
    fn is_named(&self, name: Range<usize>) -> bool {
        let goes_on =
            self.tokens.get(name.end + 1).is_some_and(|next| next.is_word() || next.kind == TokenKind::Number);
        let bold = self.tokens[name].iter().all(|token| token.strong || token.is_punct(b'*'));
        goes_on && (bold || self.place.form == Form::Heading)
    }

    /// The text of tokens `from..to`, markup left out.
    pub fn text(&self, range: Range<usize>) -> String {
        let bytes = self.tokens[range.clone()].iter().map(|token| token.span().len() + 1).sum();
        let mut text = String::with_capacity(usize::min(bytes, 160));
        for (number, token) in self.tokens[range].iter().enumerate() {
            if number > 0 && (token.spaced || token.is_break()) && !text.ends_with(' ') {
                text.push(' ');
            }
            if !token.is_break() {
                text.push_str(self.source[token.span().range()].trim_matches('`'));
            }
            if text.len() > 160 {
                break;
            }
        }
        text
    }

    /// The bytes of tokens `first..=last`.
    pub fn span(&self, first: usize, last: usize) -> Span {
        self.tokens[first].span().cover(self.tokens[last].span())
    }

    /// The token at `at`, if there is one.
    pub fn get(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    /// The first token of the clause that `at` stands in.
    pub fn clause_start(&self, at: usize) -> usize {
        self.read.clause(at).start
    }

    /// One past the last token of the clause that `at` stands in.
    pub fn clause_end(&self, at: usize) -> usize {
        self.read.clause(at).end
    }

    /// The first token of the sentence that `at` stands in.
    pub fn sentence_start(&self, at: usize) -> usize {
        self.read.sentence(at).start
    }

    /// One past the last token of the sentence that `at` stands in.
    pub fn sentence_end(&self, at: usize) -> usize {
        self.read.sentence(at).end
    }

    /// Whether both stand in one clause.
    pub fn same_clause(&self, a: usize, b: usize) -> bool {
        self.read.same_clause(a, b)
    }

    /// How many parentheses `at` stands in.
    pub fn depth(&self, at: usize) -> u8 {
        self.read.depth(at)
    }

    /// Whether the word at `at` has one of `classes`.
    pub fn is(&self, at: usize, class: Class) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(class))
    }

    /// Whether the line is marked as an entry of a status list: by a symbol or a box.
    pub fn marked(&self) -> bool {
        self.lead_symbol.is_some() || self.tail_symbol.is_some() || self.task().is_some()
    }

    /// Whether the symbol that leads the line points this way.
    pub fn led_by(&self, polarity: Polarity) -> bool {
        self.lead_symbol.is_some_and(|mark| self.tokens[mark].entry.polarity == polarity)
    }

    /// The box that the line begins with.
    pub fn task(&self) -> Option<usize> {
        self.tokens.first().filter(|token| matches!(token.kind, TokenKind::Task(_))).map(|_| 0)
    }

    /// Whether its box is ticked.
    pub fn is_ticked(&self) -> bool {
        self.task().is_some_and(|at| self.tokens[at].kind == TokenKind::Task(true))
    }

    /// Whether the line states rather than describes, as far as its form tells: marked, labelled, in a table or under a
    /// heading that speaks of the present state.
    pub fn states(&self, at: usize) -> bool {
        self.marked()
            || self.label.as_ref().is_some_and(|label| label.end <= at)
            || matches!(self.place.form, Form::Cell | Form::Heading)
            || self.place.section == Section::Status
    }

    /// Whether the label asks for the status, and the line answers it: "Status: ready".
    pub fn asks_status(&self) -> bool {
        const STATUS: [Class; 2] = [Class::ColumnState, Class::Generic];
        let last = self.label.as_ref().filter(|_| self.colon).map(|label| label.end - 1);
        last.is_some_and(|last| STATUS.iter().all(|&class| self.is(last, class)))
    }

    /// The first token of `range` with one of `classes`.
    pub fn find(&self, range: Range<usize>, classes: Classes) -> Option<usize> {
        // Most rules ask for words that the whole line has none of.
        if !self.content.classes.any(classes) {
            return None;
        }
        range.into_iter().find(|&at| self.tokens[at].entry.classes.any(classes))
    }

    /// Whether a phrase that ends before `at` is complete there: no noun follows that it would only describe.
    pub fn closes(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return true };
        let after_state = at.checked_sub(1).is_some_and(|before| self.tokens[before].is_state_word());
        // "- **Painted** north door": what stands in bold before an entry is all that is said of it.
        let begins = after_state && !token.strong && (self.body + 1..self.body + LONGEST_LABEL).contains(&at);
        if begins && self.tokens[self.body..at].iter().all(|token| token.strong) {
            return true;
        }
        match token.kind {
            // "Active work": the verb is a noun there.
            TokenKind::Word if token.is(Class::BaseVerb) && after_state => false,
            TokenKind::Word if token.is(Class::State) => {
                let plain = |next: &Token| next.is_word() && !next.entry.classes.any(CLOSING);
                token.entry.classes.any(CLOSING) || !self.tokens.get(at + 1).is_some_and(plain)
            }
            TokenKind::Word => token.entry.classes.any(CLOSING) || self.is_manner(at) && after_state,
            TokenKind::Punct(b'/' | b'-') => token.spaced,
            TokenKind::Punct(b'"' | b'&' | b'_' | b'\'') => {
                token.is_punct(b'"') && !token.spaced || token.is_punct(b'&')
            }
            TokenKind::Code | TokenKind::Opaque => false,
            // "Beta(3, 1)" is a name.
            TokenKind::Punct(b'(') => token.spaced || !after_state,
            // "each connected, enabled port", but "files exist, valid JSON" and "built, awaiting paint".
            TokenKind::Punct(b',') => {
                let plain = |next: &Token| next.is_word() && !next.entry.classes.any(CLOSING);
                let verb = at.checked_sub(1).is_some_and(|before| self.is(before, Class::Verb));
                let adjective = self.tokens.get(at + 1).is_some_and(Token::is_state_word) && !self.is_gerund(at + 1);
                verb || !(adjective && self.tokens.get(at + 2).is_some_and(plain))
            }
            TokenKind::SoftBreak => self.closes(at + 1) || self.tokens.get(at + 1).is_some_and(|next| next.capital),
            _ => true,
        }
    }

    fn find_lead_symbol(&self) -> Option<usize> {
        let before = |end: usize| {
            // "✅ 1. Name".
            let numbered = end > 2 && matches!(self.tokens[end - 2].kind, TokenKind::Number);
            let end = if numbered && !is_mark(&self.tokens[end - 1]) { end - 2 } else { end };
            (0..end).rev().take_while(|&at| is_mark(&self.tokens[at])).find(|&at| self.tokens[at].is_state_symbol())
        };
        let start = after_marks(self.tokens, 0);
        before(self.body).filter(|_| self.body > start).or_else(|| before(start))
    }

    fn find_tail_symbol(&self) -> Option<usize> {
        let at = (0..self.tokens.len()).rev().find(|&at| {
            !matches!(self.tokens[at].kind, TokenKind::Punct(b'.' | b'!' | b'*' | b')') | TokenKind::SoftBreak)
        })?;
        (self.tokens[at].is_state_symbol() && at >= self.body).then_some(at)
    }
}

/// Words that cannot be the noun which a state word before them describes.
const CLOSING: Classes = Classes::of(&[
    Class::Link,
    Class::Conjunction,
    Class::Copula,
    Class::Negator,
    Class::Adverb,
    Class::Determiner,
    Class::Pronoun,
    Class::Condition,
    Class::Quantifier,
    Class::Plan,
    Class::Modal,
    Class::Nothing,
]);

/// Whether a token is a mark that stands before text: a symbol, a box, the number of an entry.
fn is_mark(token: &Token) -> bool {
    matches!(
        token.kind,
        TokenKind::Symbol | TokenKind::Task(_) | TokenKind::SoftBreak | TokenKind::Punct(b'*' | b'>' | b'-' | b'~')
    )
}

/// The first token at or after `at` that is no mark.
fn after_marks(tokens: &[Token], at: usize) -> usize {
    let mut start = at;
    while start < tokens.len()
        && is_mark(&tokens[start])
        && !(tokens[start].is_punct(b'~') && start + 1 < tokens.len() && !tokens[start + 1].spaced)
    {
        start += 1;
    }
    // "1. Name" inside a heading or a bold line.
    if let [number, dot, word, ..] = &tokens[start..]
        && matches!(number.kind, TokenKind::Number)
        && (dot.is_punct(b'.') || dot.is_punct(b')'))
        && !dot.spaced
        && word.spaced
    {
        return after_marks(tokens, start + 2);
    }
    start
}
