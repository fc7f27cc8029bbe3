//! What words say together, once a piece is read: phrases, and participles that are denied.

use super::Lexer;
use crate::claim::lexicon::{Class, Classes, Entry, LONGEST};
use crate::claim::line::is_participle;
use crate::claim::token::TokenKind;

/// Classes that a phrase takes over from its words.
const SECTION: Classes = Classes::of(&[
    Class::StatusHeading,
    Class::ColumnState,
    Class::ColumnGoal,
    Class::Defect,
    Class::PlanHeading,
    Class::HistoryHeading,
]);

/// What a denied participle says otherwise: a state of its own, or that nobody asks for it ("not needed", "not required").
const OTHERWISE: Classes =
    Classes::of(&[Class::State, Class::Rule, Class::Need, Class::Goal, Class::ColumnGoal, Class::Plan, Class::Modal]);

impl Lexer<'_> {
    /// Makes one token of each run of words that the lexicon knows as a phrase, the longest first.
    pub(super) fn join_phrases(&mut self) {
        let (mut kept, mut at) = (0, 0);
        while at < self.tokens.len() {
            let mut token = self.tokens[at];
            let mut next = at + 1;
            if token.is(Class::PhraseStart)
                && self.tokens.get(next).is_some_and(|second| second.spaced && second.is(Class::PhraseNext))
                && let Some((entry, length)) = self.phrase(at)
            {
                token.entry = entry;
                // What a word says of a section it still says inside a phrase ("current status").
                for part in &self.tokens[at..at + length] {
                    token.entry.classes.add(part.entry.classes.only(SECTION));
                }
                token.extend_to(&self.tokens[at + length - 1]);
                self.seen.classes.add(token.entry.classes);
                next = at + length;
            }
            if kept < at || next > at + 1 {
                self.tokens[kept] = token;
            }
            kept += 1;
            at = next;
        }
        self.tokens.truncate(kept);
    }

    /// Marks participles that are no state words, where they are denied: "not franked", "never yet weighed", "has not been
    /// run".
    pub(super) fn note_denied(&mut self) {
        let mut after = usize::MAX;
        let mut been = false;
        for at in 0..self.tokens.len() {
            let token = &mut self.tokens[at];
            let (span, classes) = (token.span(), &mut token.entry.classes);
            if classes.has(Class::Negator) && !classes.has(Class::Nothing) {
                (after, been) = (at + 1, false);
            } else if at == after && token.kind == TokenKind::Word {
                let word = &self.source.as_bytes()[span.range()];
                // "Not independently tested".
                if classes.has(Class::Adverb) || been && word.ends_with(b"ly") {
                    after = at + 1;
                } else if word.eq_ignore_ascii_case(b"been") {
                    (after, been) = (at + 1, true);
                } else if !classes.any(OTHERWISE) && (been || is_participle(word)) {
                    classes.insert(Class::Denied);
                    self.seen.classes.insert(Class::Denied);
                }
            }
        }
    }

    fn phrase(&self, at: usize) -> Option<(Entry, usize)> {
        let mut buffer = [0; LONGEST];
        let mut length = 0;
        let mut found = None;
        for (count, token) in self.tokens[at..].iter().take(4).enumerate() {
            if !token.is_word() || (count > 0 && !token.spaced) {
                break;
            }
            if count > 0 {
                *buffer.get_mut(length)? = b' ';
                length += 1;
            }
            let word = &self.source.as_bytes()[token.span().range()];
            let Some(place) = buffer.get_mut(length..length + word.len()) else { break };
            place.copy_from_slice(word);
            place.make_ascii_lowercase();
            length += word.len();
            if count > 0 {
                let text = &buffer[..length];
                if !self.lexicon.may_know(text) {
                    continue;
                }
                found = self.lexicon.word(text).map(|entry| (entry, count + 1)).or(found);
            }
        }
        found
    }
}
