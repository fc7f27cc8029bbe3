//! What words look like: their writing, their capitals, their endings.

use super::Line;
use crate::claim::lexicon::{Class, Classes};

/// Words in -s that are no nouns.
const NOT_NOUN: Classes =
    Classes::of(&[Class::Copula, Class::Link, Class::Pronoun, Class::Determiner, Class::History, Class::Verb]);

/// Whether a word ends as a participle of the past does: "seeded", but neither "need" nor "proceed".
pub fn is_participle(word: &[u8]) -> bool {
    let ends = |end: &[u8]| word.len() > end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end);
    word.len() > 4 && ends(b"ed") && !ends(b"ceed")
}

impl Line<'_> {
    /// Whether the token at `at` is written `word`, in any case.
    pub fn says(&self, at: usize, word: &str) -> bool {
        self.get(at).is_some_and(|token| self.source[token.span().range()].eq_ignore_ascii_case(word))
    }

    /// Whether a phrase that begins with "not" stands at `at`.
    pub fn is_denial(&self, at: usize) -> bool {
        let phrase = self.get(at).map_or("", |token| &self.source[token.span().range()]);
        phrase.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("not "))
    }

    /// Whether the word at `at` stands in capitals.
    pub fn capitals(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| {
            let word = &self.source[token.span().range()];
            token.is_word() && word.len() > 3 && !word.bytes().any(|byte| byte.is_ascii_lowercase())
        })
    }

    /// Whether the word at `at` is said with emphasis: in capitals, between words that are not.
    pub fn shouted(&self, at: usize) -> bool {
        self.capitals(at) && !self.capitals(at + 1) && !(at > 0 && self.capitals(at - 1))
    }

    /// Whether the word at `at` is a verb in -ing, which names an activity as well as a state.
    pub fn is_gerund(&self, at: usize) -> bool {
        let word = &self.source[self.tokens[at].span().range()];
        word.len() > 4 && word.get(word.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("ing"))
    }

    /// Whether the word at `at` ends as a participle of the past does.
    pub fn is_participle(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.is_word() && is_participle(&self.source.as_bytes()[token.span().range()])
    }

    /// Whether the word at `at` looks like an adverb of manner, which no state word describes: "runs quietly". How often
    /// something is can be said of a noun as well ("the complete weekly report").
    pub fn is_manner(&self, at: usize) -> bool {
        const OFTEN: [&str; 5] = ["hourly", "weekly", "monthly", "yearly", "quarterly"];
        let token = &self.tokens[at];
        let word = &self.source[token.span().range()];
        token.is_word() && word.len() > 5 && word.ends_with("ly") && !OFTEN.contains(&word)
    }

    /// Whether an arrow stands at `at`, if anything does.
    pub fn is_arrow(&self, at: usize) -> bool {
        let dash = self.tokens.get(at).filter(|token| token.is_punct(b'-'));
        dash.is_some_and(|dash| self.source[dash.span().range()].starts_with('→'))
    }

    /// The quotation mark that opens before `core` and is closed behind it.
    pub fn open_quotation(&self, start: usize, core: usize) -> Option<usize> {
        if !self.content.quoted {
            return None;
        }
        let quotes = (start..core).filter(|&at| self.tokens[at].is_punct(b'"'));
        let (count, last) = quotes.fold((0, None), |(count, _), at| (count + 1, Some(at)));
        let closed = (core..self.sentence_end(core)).any(|at| self.tokens[at].is_punct(b'"'));
        last.filter(|_| count % 2 == 1 && closed)
    }

    /// Whether the word at `at` looks like a plural.
    pub fn is_plural(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        let word = &self.source.as_bytes()[token.span().range()];
        let lower = |back: usize| word[word.len() - back].to_ascii_lowercase();
        token.is_word()
            && word.len() > 2
            && lower(1) == b's'
            && !word.contains(&b'.')
            // "Status", "analysis" and "its" are none, "APIs" are.
            && (!matches!(lower(2), b's' | b'u' | b'i' | b'\'' | b'.') || word.ends_with(b"Is") || word.ends_with(b"Us"))
            && !token.entry.classes.any(NOT_NOUN)
    }
}
