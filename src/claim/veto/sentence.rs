//! Sentences that assert nothing, whatever stands in them: questions, quotations, rules, conditions, instructions.

use std::ops::Range;

use super::opening::{concluded, in_a_name, opening};
use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::rule::{CONDITION, EXAMPLE, HISTORY, INSTRUCTION, QUESTION, QUOTATION, RULE, Verdict};

/// "It is false that …", "it is not true that …": the word that says so of what somebody else said.
fn denied(line: &Line<'_>, before: Range<usize>) -> Option<usize> {
    const FALSE: &[&str] = &["false", "untrue", "wrong", "myth"];
    const TRUE: &[&str] = &["true", "case", "correct"];
    let says = |at: usize, words: &[&str]| words.iter().any(|word| line.says(at, word));
    let denies = |at: usize| line.find(before.start..at, Classes::of(&[Class::Negator])).is_some();
    let mut words = before.start..before.end.saturating_sub(1);
    words.find(|&at| line.says(at + 1, "that") && (says(at, FALSE) || says(at, TRUE) && denies(at)))
}

/// What the sentence of `claim` makes of it.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let start = line.sentence_start(claim.first);
    let end = line.sentence_end(claim.last);
    let span = |at: usize| Some(line.tokens[at].span());
    if line.tokens[end - 1].is_punct(b'?') {
        return Some((&QUESTION, span(end - 1)));
    }
    let words = claim.first..claim.last + 1;
    let find = |class: Class| {
        line.find(start..claim.first, Classes::of(&[class]))
            .or_else(|| line.find(words.clone(), Classes::of(&[class])).filter(|&at| !line.tokens[at].is_state_word()))
    };
    // "A: Yes, it does." answers a question.
    let answer = line.colon
        && line.label.as_ref().is_some_and(|label| label.len() == 1 && line.tokens[label.start].span().len() == 1);
    if answer && claim.core(line) == line.body {
        return Some((&QUESTION, span(line.body - 1)));
    }
    if let Some(quote) = line.open_quotation(start, claim.core(line)) {
        return Some((&QUOTATION, span(quote)));
    }
    if let Some(at) = denied(line, start..claim.first) {
        return Some((&HISTORY, span(at)));
    }
    for (class, rule) in [(Class::Rule, &RULE), (Class::Condition, &CONDITION), (Class::Example, &EXAMPLE)] {
        if let Some(at) = find(class).filter(|&at| class != Class::Rule || governs(line, claim, at)) {
            return Some((rule, span(at)));
        }
    }
    // An instruction begins with its verb, and what is past with a word that says so.
    let opening = opening(line, start);
    let titled = line.place.form == Form::Heading;
    let past = line.is(opening, Class::History) && line.tokens[opening].capital && !in_a_name(line, opening);
    if !titled && opening < claim.first && past {
        return Some((&HISTORY, span(opening)));
    }
    let verb = opening < claim.core(line) && line.is(opening, Class::Imperative) && line.tokens[opening].capital;
    // "See the inventory (20+ items)".
    let aside = matches!(claim.kind, Kind::Count { .. }) && line.depth(claim.first) > 0;
    // "Feature 2: Set defaults - COMPLETE", "Stage 1: Fix the roof (COMPLETE)".
    let clause = line.clause_start(claim.core(line));
    let parted = line.tokens[clause].is_punct(b'-') || line.tokens[clause].is_punct(b'(');
    let dashed = line.place.form == Form::Heading && clause > opening && parted;
    // "✅ Check lists working": what a mark approves to its end is told, and not asked for.
    let approved = || {
        line.led_by(Polarity::Up)
            && claim.predicate.as_ref().is_some_and(|said| said.end == end)
            && claim.noun.as_ref().is_some_and(|noun| noun.start == opening)
    };
    if verb
        && !approved()
        && !aside
        && !dashed
        && line.get(opening + 1).is_some_and(|next| !next.is(Class::Copula) && !next.is_state_word())
    {
        return Some((&INSTRUCTION, span(opening)));
    }
    // "What there is (day 1 complete)": in parentheses nobody asks, though "(verified)" alone belongs to the question.
    let inside = || {
        let core = claim.core(line);
        line.depth(core) > line.depth(opening) && !line.tokens[core - 1].is_punct(b'(')
    };
    if line.is(opening, Class::Question) && line.tokens[opening].capital && opening < claim.core(line) && !inside() {
        return Some((&QUESTION, span(opening)));
    }
    None
}

/// Whether what the cue of a rule at `at` asks for is the claim.
fn governs(line: &Line<'_>, claim: &Candidate, at: usize) -> bool {
    // "⚠️ REQUIRES a rack (0/5 passing)": what is required is the state.
    let states = at == line.body && line.is(at, Class::Need) && line.label.is_some();
    // "It would require a scan (not built)": what is wanting is told beside the rule.
    let aside = claim.polarity == Polarity::Down && line.depth(claim.first) > line.depth(at);
    let mut said = claim.predicate.clone().unwrap_or(0..0);
    let wanting = aside && said.any(|at| line.is(at, Class::Negator) || line.is_denial(at));
    // "It is always open", "it has never been open" tell how it is.
    let often = line.is(at, Class::Adverb) && at > 0 && line.is(at - 1, Class::Copula)
        || line.says(at, "never") && line.says(at + 1, "been");
    // "**Gate requires a key** — the key is now in place": the title has its own sentence.
    let title = line.label.as_ref().filter(|label| !line.colon && claim.first >= line.body && label.contains(&at));
    let titled = title.is_some() && line.tokens[at].strong && !line.tokens[claim.first].strong;
    let over = line.label.as_ref().is_some_and(|label| label.contains(&at)) && concluded(line, claim);
    !(states || wanting || often || titled || over)
}
