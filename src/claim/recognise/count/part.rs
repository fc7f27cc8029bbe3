//! Counts of some of what is there: "40 passing, 3 skipped", "(67 unit + 93 contract)".

use std::ops::Range;

use super::{behind, candidate, read_state};
use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::Kind;
use crate::claim::place::Form;
use crate::claim::predicate;
use crate::claim::recognise::amount::{self, Amount};
use crate::claim::token::{Token, TokenKind};

/// "Tests: 40 passing, 3 skipped": parts of a whole that the label or the words before name.
pub(super) fn of_tally(line: &Line<'_>, amount: &Amount, found: &Found) -> Option<Candidate> {
    let after = amount.end;
    // "346 pass / 15 fail": a state in place of a label.
    let states = line.get(after).is_some_and(|token| token.is_state_word() && token.is(Class::Verb));
    let cell = line.place.form == Form::Cell && amount.first == line.body;
    // "- **7 passing**" in a list of results.
    let entry = line.place.form == Form::Item && amount.first == line.body && line.is(after, Class::Tally);
    let labelled = entry
        || states
        || cell
        || line.colon && line.label.is_some()
        || line.depth(amount.first) > 0
        || is_listed(line, amount, found)
        || in_a_row(line, amount);
    if !labelled
        || !(line.is(after, Class::Tally) || line.get(after).is_some_and(Token::is_state_word))
        || !line.closes(after + 1)
        || !line.same_clause(amount.first, after)
    {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.last = after;
    if is_listed(line, amount, found) {
        // "1 critical, 2 high": a degree names nothing.
        let names = |noun: &Range<usize>| !line.is(noun.start, Class::Tally);
        candidate.noun = found.candidates.last().and_then(|before| before.noun.clone()).filter(names);
    }
    read_state(line, &mut candidate, after, &(after..after));
    Some(candidate)
}

/// "40 passing, 3 skipped": whether the sentence begins with it, and goes on with another number and its state, or ends.
fn in_a_row(line: &Line<'_>, amount: &Amount) -> bool {
    let all = line.body == amount.first && amount.end + 1 == line.tokens.len() && line.place.form != Form::Heading;
    if all && !(1990.0..2100.0).contains(&amount.value.value) {
        return true;
    }
    // "There are 21 lamps: 19 lit and 2 dark."
    let told = amount.first.checked_sub(1).is_some_and(|at| line.tokens[at].is_punct(b':'));
    let begins = [line.body, line.opening(), line.sentence_start(amount.first)].contains(&amount.first) || told;
    let parted = line.get(amount.end + 1).is_some_and(parts);
    let next = amount::at(line, amount.end + 2).filter(|next| begins && parted && !next.percent);
    next.is_some_and(|next| line.get(next.end).is_some_and(Token::is_state_word) && line.closes(next.end + 1))
}

/// "It has 40 tests, 35 passing, 5 skipped", "35 of 40 pass, 5 skipped": behind a comma and another count of the sentence.
pub(super) fn is_listed(line: &Line<'_>, amount: &Amount, found: &Found) -> bool {
    let sentence = line.sentence_start(amount.first)..amount.first;
    let near = |before: &Candidate| sentence.contains(&before.first) || before.last + 2 == amount.first;
    let counted = |before: &Candidate| matches!(before.kind, Kind::Count { .. } | Kind::Ratio { .. }) && near(before);
    let joined = amount.first.checked_sub(1).is_some_and(|at| parts(&line.tokens[at]));
    joined && found.candidates.last().is_some_and(counted)
}

/// "12 bells ring, 3 are cracked", "15 bells, 12 of them hung": some of what was counted in the sentence before.
pub(super) fn of_rest(line: &Line<'_>, amount: &Amount, found: &Found) -> Option<Candidate> {
    let of_them = line.is(amount.end, Class::OutOf)
        && ["them", "which", "these", "those"].iter().any(|word| line.says(amount.end + 1, word));
    let told = amount.end + if of_them { 2 } else { 0 };
    let state = predicate::here(line, told).filter(|_| of_them || line.is(told, Class::Copula))?;
    let sentence = line.sentence_start(amount.first);
    let counted = |claim: &&Candidate| claim.last < amount.first && line.sentence_start(claim.first) == sentence;
    let whole = found.candidates.iter().rfind(counted).filter(|claim| matches!(claim.kind, Kind::Count { .. }))?;
    let mut candidate = candidate(amount);
    candidate.predicate(&state);
    candidate.noun = whole.noun.clone();
    Some(candidate)
}

/// "Checks: lint, types, links (3)": the number of the entries that it ends.
pub(super) fn of_list(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    let label = line.label.clone().filter(|_| line.colon)?;
    let ends = behind(line, amount, b'(') && amount.end + 1 == line.tokens.len();
    let entries = line.body..amount.first.checked_sub(1).filter(|_| ends)?;
    let commas = entries.filter(|&at| line.tokens[at].is_punct(b',') && line.depth(at) == 0).count();
    let mut candidate = candidate(amount);
    candidate.noun = Some(label);
    (amount.value.value == commas as f64 + 1.0).then_some(candidate)
}

/// "(67 unit + 93 contract)", "20 (10 fast, 10 slow)": what a whole is made of.
pub(super) fn of_parts(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    const LONGEST_PART: usize = 3;
    let begins = |at: usize| {
        let before = at.checked_sub(1).map(|at| &line.tokens[at]);
        before.is_some_and(|before| before.is_punct(b'(') || before.is_punct(b':') || joins(before))
    };
    let ends = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b')') || joins(token));
    // One past the words of the part whose number ends before `at`.
    let part = |at: usize| {
        let words = (at..at + LONGEST_PART).take_while(|&at| {
            line.get(at).is_some_and(|token| {
                token.is_word() && !token.entry.classes.any(Classes::of(&[Class::Unit, Class::Link]))
            })
        });
        let end = at + words.count();
        (end > at && ends(end)).then_some(end)
    };
    let end = part(amount.end).filter(|_| line.depth(amount.first) > 0 && begins(amount.first))?;
    // The part before or behind it is a number of things as well.
    let next = line.next_number(end + 1..line.tokens.len().min(end + 2));
    let after = joins(&line.tokens[end]) && next.is_some_and(|next| part(next + 1).is_some());
    let before = (amount.first.saturating_sub(LONGEST_PART + 2)..amount.first - 1)
        .any(|at| matches!(line.tokens[at].kind, TokenKind::Number) && begins(at));
    if !after && !before {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.last = end - 1;
    read_state(line, &mut candidate, amount.end, &(amount.end..end));
    Some(candidate)
}

/// Whether a token stands between the entries of a row: "40 passing, 3 failing · 2 skipped".
fn parts(token: &Token) -> bool {
    match token.kind {
        TokenKind::Punct(b',' | b';' | b'|') => true,
        TokenKind::Punct(b'/' | b'-') => token.spaced,
        _ => token.is(Class::Conjunction),
    }
}

/// Whether a token stands between the parts of a whole.
fn joins(token: &Token) -> bool {
    token.is_punct(b'+') || token.is_punct(b',') || token.is_punct(b'/')
}
