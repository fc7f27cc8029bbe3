//! What a claim is about: noun phrases, labels and the names of entries.

use std::ops::Range;

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::name::{self, EDGE};
use crate::claim::token::{Token, TokenKind};

/// Words that end a noun phrase that is read from left to right.
const STOP: Classes = Classes::of(&[
    Class::Link,
    Class::Copula,
    Class::Pronoun,
    Class::Determiner,
    Class::Condition,
    Class::Modal,
    Class::Rule,
    Class::Plan,
    Class::Nothing,
    Class::Quantifier,
]);

/// Longest name of an entry, in tokens.
const LONGEST_NAME: usize = 40;

/// Longest noun phrase, in tokens.
const LONGEST: usize = 10;

/// The noun phrase that begins at `at`.
pub fn noun_after(line: &Line<'_>, at: usize) -> Option<Range<usize>> {
    let mut start = at;
    while line.is(start, Class::Determiner) && start < at + 2 {
        start += 1;
    }
    let mut end = start;
    let mut noun = false;
    while end < line.tokens.len().min(start + LONGEST) {
        let token = &line.tokens[end];
        match token.kind {
            TokenKind::Word if token.is(Class::Adverb) && !noun => {}
            // "all required keys": elsewhere such a word follows its noun.
            TokenKind::Word if token.is(Class::Filler) && !noun && is_noun(line, end + 1) => {}
            TokenKind::Word if token.entry.classes.any(STOP) || token.is(Class::Adverb) => break,
            TokenKind::Word
                if token.is_state_word()
                    && !token.is(Class::Defect)
                    && (noun || !is_noun(line, end + 1))
                    && line.closes(end + 1) =>
            {
                break;
            }
            TokenKind::Word => noun = true,
            TokenKind::Punct(b'/' | b'-' | b'\'') if !token.spaced && noun => {}
            TokenKind::Punct(b'&') if noun && is_noun(line, end + 1) => {}
            TokenKind::Punct(b'*') => {}
            // "6 official `kit` packages".
            TokenKind::Code if line.get(end + 1).is_some_and(Token::is_word) && line.is_plural(end + 1) => {}
            TokenKind::SoftBreak if is_noun(line, end + 1) => {}
            _ => break,
        }
        end += 1;
    }
    while end > start && !line.tokens[end - 1].is_word() {
        end -= 1;
    }
    (noun && end > start).then_some(start..end)
}

fn is_noun(line: &Line<'_>, at: usize) -> bool {
    line.get(at).is_some_and(|token| token.is_word() && !token.entry.classes.any(STOP))
}

/// The parenthesis that opens the aside which ends right before `at`, or `at`: "the bells (big, small) ring".
pub fn before_aside(line: &Line<'_>, at: usize) -> usize {
    if !at.checked_sub(1).is_some_and(|last| line.tokens[last].is_punct(b')')) {
        return at;
    }
    let from = at.saturating_sub(LONGEST_NAME);
    let open = (from..at).rfind(|&open| line.tokens[open].is_punct(b'(') && line.depth(open) == line.depth(at - 1));
    open.filter(|&open| open > 0 && line.tokens[open].spaced).unwrap_or(at)
}

/// The noun phrase that ends before `at`.
pub fn noun_before(line: &Line<'_>, at: usize) -> Option<Range<usize>> {
    let last = at.checked_sub(1)?;
    let clause = line.clause_start(last);
    let mut start = at;
    let stop = Classes::of(&[Class::Copula, Class::Modal, Class::With, Class::Condition, Class::Rule, Class::Nothing]);
    while start > clause && at - start < LONGEST + 2 {
        let token = &line.tokens[start - 1];
        let ends = match token.kind {
            TokenKind::Word => token.entry.classes.any(stop),
            TokenKind::Code | TokenKind::SoftBreak => false,
            TokenKind::Punct(b'/' | b'-' | b'&' | b'+' | b'\'' | b'"') => token.spaced && token.is_punct(b'-'),
            TokenKind::Number | TokenKind::Opaque => false,
            _ => true,
        };
        if ends {
            break;
        }
        start -= 1;
    }
    trim(line, start..at)
}

/// A range without the words at its edges that name nothing.
fn trim(line: &Line<'_>, mut range: Range<usize>) -> Option<Range<usize>> {
    let idle = |token: &Token| match token.kind {
        TokenKind::Word => token.entry.classes.any(EDGE) && !(token.capital && token.is(Class::With)),
        TokenKind::Code | TokenKind::Number | TokenKind::Opaque => false,
        _ => true,
    };
    while range.start < range.end && idle(&line.tokens[range.start]) {
        range.start += 1;
    }
    while range.end > range.start && idle(&line.tokens[range.end - 1]) {
        range.end -= 1;
    }
    let names = range.clone().any(|at| matches!(line.tokens[at].kind, TokenKind::Word | TokenKind::Code));
    (!range.is_empty() && names).then_some(range)
}

/// Whether the word at `at` is all that its sentence says.
pub fn is_alone(line: &Line<'_>, at: usize) -> bool {
    let before = at == line.body || at == line.sentence_start(at);
    let stopped = |next: &Token| matches!(next.kind, TokenKind::Punct(b'!' | b'.' | b',' | b'(' | b'-'));
    let said = |after: usize| line.tokens[after].is_word() && line.depth(after) == 0;
    before && (line.get(at + 1).is_some_and(stopped) || !(at + 1..line.sentence_end(at)).any(said))
}

/// Whether the phrase that ends before `at` is followed by nothing more of its clause.
pub fn ends_phrase(line: &Line<'_>, at: usize) -> bool {
    match line.get(at) {
        None => true,
        Some(token) => !matches!(
            token.kind,
            TokenKind::Word | TokenKind::Number | TokenKind::Code | TokenKind::Opaque | TokenKind::SoftBreak
        ),
    }
}

/// The name of the entry that a line is: its label, its bold or code beginning, or the words before "with …".
pub fn head(line: &Line<'_>) -> Option<Range<usize>> {
    // "3 — Import": a number is no name.
    let named = |label: &&Range<usize>| (**label).clone().any(|at| !matches!(line.tokens[at].kind, TokenKind::Number));
    if let Some(label) = line.label.as_ref().filter(named) {
        // "**Done**: the import" is about the import, "**Failed**: 2" about what failed.
        if line.colon && name::is_state(line, label.clone()) {
            let end = line.tokens.len().min(line.body + LONGEST_NAME);
            let said = |token: &Token| token.is_state_word() || token.kind == TokenKind::Number;
            let rest = cut(line, line.body..end).filter(|rest| !said(&line.tokens[rest.start]));
            return rest.or_else(|| cut(line, label.clone()));
        }
        // "Step 3: Import" and "M3: Import" are one name.
        let ordinal = line.is(label.start, Class::Ordinal) && label.len() < 5 && !line.tokens[label.end - 1].is_word();
        // "**M-1** ✅ timeouts end a call": the mark keeps them apart.
        let marked = line.get(label.end).is_some_and(|next| next.kind == TokenKind::Symbol);
        if ordinal || !marked && name::is_number(&line.text(label.clone())) {
            let end = line.tokens.len().min(line.body + LONGEST_NAME);
            // "Phase 2: complete" says it of the phase.
            let said = |token: &Token| token.entry.classes.has(Class::State) || token.kind == TokenKind::Number;
            let rest = cut(line, line.body..end).filter(|rest| !said(&line.tokens[rest.start]));
            return Some(label.start..rest.map_or(label.end, |rest| rest.end));
        }
        return cut(line, label.clone());
    }
    let start = line.body;
    let first = line.get(start)?;
    let end = line.tokens.len().min(start + LONGEST_NAME);
    if first.kind == TokenKind::Code {
        return Some(start..start + 1);
    }
    if first.strong {
        let bold = (start..end).find(|&at| !line.tokens[at].strong || line.tokens[at].is_break()).unwrap_or(end);
        // "**1** Import": the number is no name.
        if let Some(bold) = cut(line, start..bold) {
            return Some(bold);
        }
    }
    cut(line, start..end)
}

/// The label that the sentence of `core` begins with, where sentences stand before it: "2 pages. Tests: 40/42 passing".
pub fn label_of_sentence(line: &Line<'_>, core: usize) -> Option<Range<usize>> {
    let start = line.sentence_start(core);
    let colon = (start..core).find(|&at| line.tokens[at].is_punct(b':') && line.depth(at) == 0)?;
    let named = start > line.body && line.find(start..colon, Classes::of(&[Class::Copula])).is_none();
    cut(line, start..colon).filter(|label| named && !name::is_generic(line, label.clone()))
}

/// The name before the parenthesis that `at` opens, in a list of such names: "Mail (0%), Search (20%)".
pub fn name_in_list(line: &Line<'_>, at: usize) -> Option<Range<usize>> {
    let open = at.checked_sub(1).filter(|&open| line.tokens[open].is_punct(b'('))?;
    let name = noun_before(line, open)?;
    let comma = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b','));
    let closed = (at..line.tokens.len().min(at + 6)).find(|&at| line.tokens[at].is_punct(b')'));
    let opens = name.start == line.body && line.label.is_some();
    let first = opens && closed.is_some_and(|closed| comma(closed + 1));
    let further = name.start > 1 && comma(name.start - 1) && line.tokens[name.start - 2].is_punct(b')');
    let states = name.clone().any(|at| line.tokens[at].is_state_word());
    ((first || further) && !states).then_some(name)
}

/// A name up to the first sign that a description begins.
fn cut(line: &Line<'_>, range: Range<usize>) -> Option<Range<usize>> {
    let end = range.clone().find(|&at| {
        let token = &line.tokens[at];
        at > range.start
            && match token.kind {
                TokenKind::Punct(b'(' | b'[' | b'-') => token.spaced,
                TokenKind::Punct(b';' | b'!' | b'?' | b':') | TokenKind::Symbol | TokenKind::SoftBreak => true,
                TokenKind::Punct(b'.') => line.get(at + 1).is_none_or(|next| next.spaced),
                TokenKind::Word => token.is(Class::With),
                _ => false,
            }
    });
    let range = trim(line, range.start..end.unwrap_or(range.end))?;
    // "Build Status" is about the build.
    let status =
        range.len() > 1 && line.is(range.end - 1, Class::Generic) && line.is(range.end - 1, Class::ColumnState);
    Some(range.start..range.end - usize::from(status))
}
