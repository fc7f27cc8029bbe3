//! From a piece of prose to tokens: byte by byte, once, without looking back.

use std::hint::select_unpredictable;

use crate::claim::lexicon::{Class, Classes, Entry, LONGEST, Lexicon, SHORT, chunk, letters};
use crate::claim::line::Content;
use crate::claim::model::Polarity;
use crate::claim::numeral;
use crate::claim::token::{Token, TokenKind};
use crate::document::prose::{Part, PartKind};
use crate::document::source::Span;

mod joined;

/// Reads pieces into one buffer, kept from piece to piece.
pub struct Lexer<'a> {
    source: &'a str,
    lexicon: &'a Lexicon,
    tokens: Vec<Token>,
    /// What was seen in the piece.
    seen: Content,
    space: bool,
    /// The last token begins phrases.
    opens: bool,
    /// Two words stand side by side that some phrase begins with.
    joins: bool,
}

/// What a byte can be the first of.
#[derive(Clone, Copy)]
enum Beginning {
    Word,
    Space,
    Punct,
    Number,
    BeyondAscii,
}

/// By byte: one look in place of comparisons whose outcome nobody can guess.
static BEGINNINGS: [Beginning; 256] = {
    let mut table = [Beginning::Punct; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Beginning::Word,
            b' ' | b'\t' | b'\r' | b'\n' => Beginning::Space,
            b'0'..=b'9' => Beginning::Number,
            0..=0x7f => Beginning::Punct,
            0x80.. => Beginning::BeyondAscii,
        };
        byte += 1;
    }
    table
};

/// What a byte behind letters and digits is to them.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// One of them.
    Letter,
    /// No part of the word.
    Ends,
    /// A part of it where a letter or a digit follows.
    May,
    /// A part of it, or a reason to look closer.
    Belongs,
}

static NEXT: [Next; 256] = {
    let mut table = [Next::Ends; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Next::Letter,
            b'-' | b'.' | b'\'' => Next::May,
            b'_' | b':' | 0x80.. => Next::Belongs,
            _ => Next::Ends,
        };
        byte += 1;
    }
    table
};

impl<'a> Lexer<'a> {
    /// A lexer for pieces of `source`.
    ///
    /// # Panics
    /// Where the source has more than 4 GiB.
    pub fn new(source: &'a str, lexicon: &'a Lexicon) -> Lexer<'a> {
        assert!(u32::try_from(source.len()).is_ok(), "a source of more than 4 GiB");
        let (seen, tokens) = (Content::default(), Vec::new());
        Lexer { source, lexicon, tokens, seen, space: true, opens: false, joins: false }
    }

    /// Reads the parts of one piece.
    pub fn read(&mut self, parts: &[Part]) {
        self.tokens.clear();
        (self.seen, self.space) = (Content::default(), true);
        (self.opens, self.joins) = (false, false);
        for part in parts {
            match part.kind {
                PartKind::Text => self.text(part.span, false),
                PartKind::Strong => self.text(part.span, true),
                PartKind::Code => self.push(TokenKind::Code, part.span),
                PartKind::SoftBreak => self.line_break(TokenKind::SoftBreak, part.span),
                PartKind::HardBreak => self.line_break(TokenKind::HardBreak, part.span),
                PartKind::Task => {
                    let checked = !self.source[part.span.range()].contains(' ');
                    self.push(TokenKind::Task(checked), part.span);
                    self.space = true;
                }
                PartKind::Image => {
                    self.push(TokenKind::Image, part.span);
                }
                // Struck text is no longer asserted, and a reader jumps over it.
                PartKind::Struck | PartKind::Entity => self.space = true,
            }
        }
        if self.joins {
            self.join_phrases();
        }
        if self.seen.classes.has(Class::Negator) {
            self.note_denied();
        }
    }

    /// The words that it knows.
    pub fn lexicon(&self) -> &'a Lexicon {
        self.lexicon
    }

    /// The tokens of the piece read last.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of the piece read last, to keep while other things are read. [`Lexer::give_back`] saves the room that they
    /// take.
    pub fn take(&mut self) -> Vec<Token> {
        std::mem::take(&mut self.tokens)
    }

    /// Takes the room of former tokens for those to come.
    pub fn give_back(&mut self, room: Vec<Token>) {
        self.tokens = room;
    }

    /// What there is in the piece read last; of phrases also what their words would be alone.
    pub fn content(&self) -> Content {
        self.seen
    }

    fn push(&mut self, kind: TokenKind, span: Span) {
        self.push_entry(kind, span, false, Entry::default());
    }

    fn push_entry(&mut self, kind: TokenKind, span: Span, strong: bool, entry: Entry) {
        self.seen.add(kind, entry.classes);
        self.opens = false;
        self.tokens.push(Token::new(kind, span, self.space, strong, false, entry));
        self.space = false;
    }

    #[inline]
    fn push_word(&mut self, span: Span, strong: bool, capital: bool, entry: Entry) {
        self.seen.classes.add(entry.classes);
        self.joins |= self.opens & self.space & entry.classes.has(Class::PhraseNext);
        self.opens = entry.classes.has(Class::PhraseStart);
        self.tokens.push(Token::new(TokenKind::Word, span, self.space, strong, capital, entry));
        self.space = false;
    }

    fn line_break(&mut self, kind: TokenKind, span: Span) {
        if !self.tokens.last().is_some_and(Token::is_break) {
            self.push(kind, span);
        }
        self.space = true;
    }

    fn text(&mut self, span: Span, strong: bool) {
        let bytes = self.source.as_bytes();
        let mut at = span.start;
        while at < span.end {
            let byte = bytes[at];
            match BEGINNINGS[usize::from(byte)] {
                Beginning::Word => at = self.word(at, span.end, strong),
                Beginning::Space => {
                    self.space = true;
                    at += 1;
                }
                Beginning::Punct => {
                    let kind = TokenKind::Punct(byte);
                    self.push_entry(kind, Span::new(at, at + 1), strong, Entry::default());
                    at += 1;
                }
                Beginning::Number => at = self.number(at, span.end, strong),
                Beginning::BeyondAscii => at = self.beyond_ascii(at, span.end, strong),
            }
            // Nearly always a space is next, or none: it is passed without a branch.
            let spaced = (at < span.end) & (bytes.get(at) == Some(&b' '));
            self.space |= spaced;
            at += usize::from(spaced);
        }
    }

    /// One past the word that begins at `at`, and whether it holds only letters, digits, dots and apostrophes of ASCII.
    /// Hyphens, dots and apostrophes inside belong to it.
    fn word_end(&self, at: usize, end: usize) -> (usize, bool) {
        let bytes = &self.source.as_bytes()[..end];
        let mut to = at;
        let mut plain = true;
        loop {
            let (text, whole) = (chunk(&bytes[to..]), to);
            to += letters(&text);
            let Some(&byte) = bytes.get(to) else { break };
            match byte {
                _ if to == whole + SHORT => continue,
                b'_' => to += 1,
                b'-' | b'.' | b'\'' if bytes.get(to + 1).is_some_and(u8::is_ascii_alphanumeric) => to += 1,
                0..=0x7f => break,
                _ => {
                    let Some(character) = self.source[to..end].chars().next() else { break };
                    let next = self.source.as_bytes().get(to + 3);
                    let apostrophe = character == '\u{2019}' && next.is_some_and(u8::is_ascii_alphabetic);
                    if !character.is_alphanumeric() && !apostrophe {
                        break;
                    }
                    to += character.len_utf8();
                }
            }
            plain &= matches!(byte, b'.' | b'\'');
        }
        (to, plain)
    }

    /// One past the word of letters and digits that begins at `at`, if it is short and nothing behind it can belong to it.
    /// Where a word ends, and in what, nobody guesses: no branch is taken on it.
    #[inline]
    fn short_word_end(&self, at: usize, end: usize) -> Option<usize> {
        // Only the last words of a document have less than this behind them.
        let text: &[u8; SHORT + 2] = self.source.as_bytes()[at..].first_chunk()?;
        let (length, room) = (letters(text.first_chunk()?), end - at);
        let next = |ahead: usize| NEXT[usize::from(select_unpredictable(ahead < room, text[ahead], b' '))];
        let (first, second) = (next(length), next(length + 1));
        let ends = (first == Next::Ends) | (first == Next::May) & (second != Next::Letter);
        (ends & (length > 0)).then_some(at + length.min(room))
    }

    fn word(&mut self, at: usize, end: usize, strong: bool) -> usize {
        let bytes = self.source.as_bytes();
        if let Some(to) = self.short_word_end(at, end) {
            let entry = self.lexicon.short(&bytes[at..], to - at);
            let capital = bytes[at].is_ascii_uppercase();
            self.push_word(Span::new(at, to), strong, capital, entry);
            return to;
        }
        let (to, plain) = self.word_end(at, end);
        if bytes.get(to) == Some(&b':') && self.source[to..end].starts_with("://") {
            return self.opaque_to_space(at, end, strong);
        }
        let entry = match to - at {
            length @ ..=SHORT if plain => self.lexicon.short(&bytes[at..], length),
            _ => look_up(self.lexicon, &self.source[at..to]),
        };
        let capital = bytes[at].is_ascii_uppercase();
        self.push_word(Span::new(at, to), strong, capital, entry);
        to
    }

    /// An address: nothing in it counts, up to the next white space.
    fn opaque_to_space(&mut self, at: usize, end: usize, strong: bool) -> usize {
        let text = &self.source[at..end];
        let to = at + text.find([' ', '\t', ')', '>', '"']).unwrap_or(text.len());
        self.push_entry(TokenKind::Opaque, Span::new(at, to), strong, Entry::default());
        to
    }

    fn number(&mut self, at: usize, end: usize, strong: bool) -> usize {
        let bytes = &self.source.as_bytes()[..end];
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        let numeral = numeral::read(bytes, at);
        let to = numeral.end;
        // A letter, a date or a time that goes on from here is no number.
        let goes_on = match bytes.get(to) {
            Some(b'_' | b'a'..=b'z' | b'A'..=b'Z') => true,
            Some(b'-') => letter(to + 1) || digit(to + 1) && numeral.digits == 4 && digit(to + 2),
            Some(b':') => digit(to + 1),
            _ => false,
        };
        if goes_on || numeral.identifies {
            let mut stop = self.word_end(numeral.digits_end, end).0.max(to);
            while stop < end && matches!(bytes[stop], b':' | b'-' | b'.') && digit(stop + 1) {
                stop = self.word_end(stop + 1, end).0;
            }
            self.push_entry(TokenKind::Opaque, Span::new(at, stop), strong, Entry::default());
            return stop;
        }
        self.push_entry(TokenKind::Number, Span::new(at, to), strong, Entry::default());
        to
    }

    fn beyond_ascii(&mut self, at: usize, end: usize, strong: bool) -> usize {
        let text = &self.source[at..end];
        let Some(character) = text.chars().next() else { return end };
        let length = character.len_utf8();
        if character.is_whitespace() {
            self.space = true;
            return at + length;
        }
        if character.is_alphanumeric() {
            return self.word(at, end, strong);
        }
        let punct = match character {
            '\u{2010}'..='\u{2015}' | '→' | '←' | '⇒' => b'-',
            '“' | '”' | '„' | '«' | '»' => b'"',
            '‘' | '’' => b'\'',
            '≥' => b'G',
            '≤' => b'L',
            '≈' => b'~',
            '…' => b'.',
            '•' | '·' => b'|',
            _ => 0,
        };
        if punct != 0 {
            self.push_entry(TokenKind::Punct(punct), Span::new(at, at + length), strong, Entry::default());
            return at + length;
        }
        let entry = self.lexicon.symbol(&text[..length]).unwrap_or_default();
        // Variation selectors, joiners and skin tones belong to the pictograph before them.
        let mut to = at + length;
        for next in text[length..].chars() {
            if !matches!(next, '\u{fe0e}' | '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}') {
                break;
            }
            to += next.len_utf8();
        }
        self.push_entry(TokenKind::Symbol, Span::new(at, to), strong, entry);
        self.space = true;
        to
    }
}

/// What the lexicon knows of a word as written.
fn look_up(lexicon: &Lexicon, word: &str) -> Entry {
    if !lexicon.may_know(word.as_bytes()) && !word.as_bytes().contains(&b'-') {
        return Entry::default();
    }
    let mut buffer = [0; LONGEST];
    let Some(lower) = buffer.get_mut(..word.len()) else { return Entry::default() };
    let mut hyphen = false;
    for (to, from) in lower.iter_mut().zip(word.bytes()) {
        *to = from.to_ascii_lowercase();
        if *to == b'_' {
            *to = b'-';
        }
        hyphen |= from == b'-';
    }
    let lower = &*lower;
    if let Some(entry) = lexicon.word(lower) {
        return entry;
    }
    // "deployment-ready" says ready.
    let tail =
        if hyphen { lower.rsplit(|&byte| byte == b'-').next().and_then(|tail| lexicon.word(tail)) } else { None };
    match tail {
        Some(entry) if entry.classes.has(Class::Suffix) => {
            let polarity = if lower.starts_with(b"non-") { Polarity::Down } else { entry.polarity };
            Entry { classes: Classes::of(&[Class::State]), polarity, ..entry }
        }
        _ => Entry::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::markdown;

    fn tokens(source: &str) -> Vec<(TokenKind, String)> {
        let lexicon = Lexicon::english();
        let prose = markdown::prose(source);
        let mut lexer = Lexer::new(source, &lexicon);
        lexer.read(&prose.parts);
        lexer.tokens().iter().map(|token| (token.kind, source[token.span().range()].to_owned())).collect()
    }

    fn numbers(source: &str) -> Vec<f64> {
        tokens(source)
            .into_iter()
            .filter_map(|(kind, text)| (kind == TokenKind::Number).then(|| numeral::number(&text).value))
            .collect()
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(
            numbers("12,345 and 1.2k and 99.9% and 50+ and ~60 and 21/21"),
            [12345.0, 1200.0, 99.9, 50.0, 60.0, 21.0, 21.0]
        );
        assert_eq!(numbers("a 1,2 b 1,2345 c (7)"), [1.0, 2.0, 1.0, 2345.0, 7.0]);
        assert_eq!(
            numbers("v1.2.3 1.2.3 2025-08-18 10:30 30s 3rd x86_64 4-step http://h/12/13 20GB"),
            Vec::<f64>::new()
        );
        assert_eq!(numbers(&"9".repeat(400)), Vec::<f64>::new());
    }

    /// The look-up of short words is only a faster way to the same answer.
    #[test]
    fn short_words_are_known_as_all_others() {
        let lexicon = Lexicon::english();
        let known = |word: &str| {
            let fast = lexicon.short(word.as_bytes(), word.len());
            assert_eq!(fast, look_up(&lexicon, word), "{word}");
        };
        let words =
            include_str!("lexicon/en.toml").split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '\'');
        for word in words.filter(|word| (1..=SHORT).contains(&word.len())) {
            known(word);
            known(&word.to_uppercase());
            known(&format!("{}x", &word[1..]));
        }
        proptest::proptest!(|(word in "[A-Za-z0-9.']{1,16}")| known(&word));
    }

    proptest::proptest! {
        /// The short way to the end of a word, where there is one, leads where the long one does.
        #[test]
        fn short_words_end_where_all_others_do(text in "[a-zA-Z0-9_.'’:é -]{1,24}", cut in 0..24usize) {
            let lexicon = Lexicon::english();
            let end = (0..=cut.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            let lexer = Lexer::new(&text, &lexicon);
            for at in (0..end).filter(|&at| text.is_char_boundary(at)) {
                if let Some(to) = lexer.short_word_end(at, end) {
                    proptest::prop_assert_eq!((to, true), lexer.word_end(at, end));
                }
            }
        }

        /// What is noted of a piece leaves out no word: rules do not look for what is not noted.
        #[test]
        fn content_has_the_classes_of_all_tokens(words in proptest::collection::vec(proptest::sample::select(&[
            "not", "started", "in", "progress", "current", "status", "up", "to", "all", "5", "✅", "**is**", "\n", "|", "`x`",
        ][..]), 0..20)) {
            let source = words.join(" ");
            let (lexicon, prose) = (Lexicon::english(), markdown::prose(&source));
            let mut lexer = Lexer::new(&source, &lexicon);
            lexer.read(&prose.parts);
            let content = lexer.content();
            for token in lexer.tokens() {
                proptest::prop_assert_eq!(token.entry.classes.only(content.classes), token.entry.classes);
                proptest::prop_assert!(content.broken || !(token.is_break() || token.is_punct(b'|')));
            }
        }
    }

    #[test]
    fn words_phrases_and_symbols() {
        use TokenKind::{HardBreak, Punct, SoftBreak, Symbol, Word};
        let shown = tokens("Not Started — in progress ⚠️ don't\nNext.js<br>CI/CD");
        let shown: Vec<_> = shown.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Word, "Not Started"),
                (Punct(b'-'), "—"),
                (Word, "in progress"),
                (Symbol, "⚠️"),
                (Word, "don't"),
                (SoftBreak, "\n"),
                (Word, "Next.js"),
                (HardBreak, "<br>"),
                (Word, "CI"),
                (Punct(b'/'), "/"),
                (Word, "CD"),
            ]
        );
    }
}
