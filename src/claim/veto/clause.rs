//! Clauses and labels that speak of the future, the past, the possible or the wanted.

use super::opening::{concluded, in_a_name, opening};
use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::numeral;
use crate::claim::recognise::mark;
use crate::claim::rule::{CAPACITY, CHANGE, CONDITION, DATED, FORMER, GOAL, HISTORY, PLAN, POSSIBILITY, RULE, Verdict};
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

/// Why the clause of `claim`, or its label, asserts nothing of now.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let span = |at: usize| Some(line.tokens[at].span());
    let mut start = line.clause_start(claim.first);
    // "(target: 80%)": what stands before a colon belongs to what stands behind it.
    if start > 0 && line.tokens[start - 1].is_punct(b':') {
        start = line.clause_start(start - 1);
    }
    // "(target: 70% in all, 75% at the edge)": nor does a comma end it.
    let opened = (line.sentence_start(claim.first)..claim.first).rfind(|&at| line.tokens[at].is_punct(b'('));
    let inside = opened.filter(|&at| line.depth(at) == line.depth(claim.first) && line.is(at + 1, Class::Goal));
    start = inside.unwrap_or(start);
    let label = line.label.clone().filter(|label| label.end <= claim.first).unwrap_or(0..0);
    let end = line.clause_end(claim.last);
    let plain = |at: &usize| !line.tokens[*at].is_state_word();
    // "TODO: export not yet implemented" speaks of now all the same.
    let not_yet = claim.polarity == Polarity::Down
        && claim.predicate.clone().is_some_and(|mut said| said.any(|at| line.is(at, Class::Negator)));
    for (class, rule) in
        [(Class::Plan, &PLAN), (Class::History, &HISTORY), (Class::Modal, &POSSIBILITY), (Class::Goal, &GOAL)]
    {
        let classes = Classes::of(&[class]);
        let from = if not_yet && class == Class::Plan { start.max(line.clause_start(claim.first)) } else { start };
        if let Some(at) =
            line.find(from..claim.last + 1, classes).filter(plain).filter(|&at| !attributes(line, claim, at))
        {
            return Some((rule, span(at)));
        }
    }
    if let Some(at) = line
        .find(label.clone(), Classes::of(&[Class::Goal, Class::Plan]))
        .filter(|_| !not_yet && !concluded(line, claim))
    {
        return Some((&GOAL, span(at)));
    }
    // "Coverage requirements: 55% in all", "(above the 60% requirement)".
    if matches!(claim.kind, Kind::Percent { .. }) {
        let mut label = label.clone().filter(|_| claim.polarity == Polarity::None);
        let asked = label.find(|&at| line.is(at, Class::RuleHeading));
        let counted = Some(claim.last).filter(|&at| line.is(at, Class::ColumnGoal) && line.tokens[at].is_word());
        if let Some(at) = asked.or(counted) {
            return Some((&RULE, span(at)));
        }
    }
    if let Some(at) = line.find(label.clone(), Classes::of(&[Class::Former])).filter(|_| label.len() == 1) {
        return Some((&FORMER, span(at)));
    }
    if let Some(at) = dated_label(line).filter(|&at| label.contains(&at)) {
        return Some((&DATED, span(at)));
    }
    let number = !matches!(claim.kind, Kind::State | Kind::Universal { .. });
    if number {
        // "R-6: 100% error texts - ⏳ Needs a table": a requirement, and how far it is.
        let opens = claim.polarity == Polarity::None && line.body == claim.first;
        if let Some(mark) = opens.then(|| mark::answering(line)).flatten().filter(|&mark| claim.last < mark) {
            return Some((&GOAL, span(mark)));
        }
        let sign = matches!(claim.comparator, Comparator::Le | Comparator::Lt | Comparator::Gt);
        if sign && claim.polarity == Polarity::None && line.depth(claim.first) > 0 {
            return Some((&CAPACITY, span(claim.first)));
        }
        let leads = line.is(line.body, Class::With) && line.tokens[line.body].capital && line.body < claim.first;
        if leads && line.tokens.last().is_some_and(|last| last.is_punct(b':')) {
            return Some((&CONDITION, span(line.body)));
        }
        if let Some(at) = line.find(start..claim.last + 1, Classes::of(&[Class::Capacity])) {
            return Some((&CAPACITY, span(at)));
        }
        // "Target <10k (5%)", "| <40k (20%) |": so much of the whole is the limit that stands before.
        if let Some(limit) = limit_before(line, claim) {
            return Some((&GOAL, span(limit)));
        }
        let done = claim.last + 1;
        let past = claim.polarity == Polarity::None && line.is(done, Class::Past) && line.same_clause(claim.last, done);
        if past && matches!(claim.kind, Kind::Count { .. }) && subject::ends_phrase(line, done + 1) {
            return Some((&CHANGE, span(done)));
        }
        // "Ten failures may be few".
        let unsaid = claim.predicate.is_none() && line.same_clause(claim.last, done.min(line.tokens.len() - 1));
        if unsaid && line.is(done, Class::Modal) {
            return Some((&POSSIBILITY, span(done)));
        }
        let each = line.get(claim.last + 1).filter(|next| next.is_word() && next.is(Class::Capacity));
        if let Some(next) = each {
            return Some((&CAPACITY, Some(next.span())));
        }
        if let Some(at) = line.find(claim.last + 1..end.min(claim.last + 3), Classes::of(&[Class::Goal])) {
            return Some((&GOAL, span(at)));
        }
        // "Coverage: > 80% (target)", but "60% (target 80%)".
        let (opens, goal) = (claim.last + 1, claim.last + 2);
        let estimate = line.is(goal, Class::Approx);
        let aside = line.get(opens).is_some_and(|next| next.is_punct(b'(')) && line.is(goal, Class::Goal) && !estimate;
        if aside && line.get(goal + 1).is_some_and(|next| next.is_punct(b')') || next.is(Class::Link)) {
            return Some((&GOAL, span(goal)));
        }
    }
    // "Added 12 tests" tells what was done.
    let start = line.sentence_start(claim.first);
    let opening = opening(line, start);
    // "Seeded 5 accounts": so does every participle right before the number.
    let told = opening + 1 == claim.first && line.tokens[opening].capital && line.is_participle(opening);
    let counted = told && matches!(claim.kind, Kind::Count { .. });
    let past = opening < claim.first && line.is(opening, Class::Past) || counted;
    let aside = line.depth(claim.first) > 0 && !matches!(claim.kind, Kind::Count { .. });
    if past && !aside && (claim.polarity == Polarity::None || number) {
        return Some((&CHANGE, span(opening)));
    }
    // "Fixed all leaks".
    let all = matches!(claim.kind, Kind::Universal { .. }) && opening == claim.first && line.tokens[opening].capital;
    if all && !line.asks_status() && line.is_participle(opening) && line.is(opening + 1, Class::Quantifier) {
        return Some((&CHANGE, span(opening)));
    }
    let told = |&at: &usize| line.is(at, Class::Past) && !line.is(at, Class::Now);
    let done = claim.predicate.clone().unwrap_or(0..0).find(told);
    if let Some(at) = done.filter(|_| matches!(claim.kind, Kind::Count { .. }) && claim.last >= start) {
        return Some((&CHANGE, span(at)));
    }
    None
}

/// "All previously missing checks are in place": the word of the past belongs to an attribute, not to what is said. "All
/// targets met": the goals are the subject.
fn attributes(line: &Line<'_>, claim: &Candidate, at: usize) -> bool {
    if in_a_name(line, at) && at + 1 < claim.core(line) {
        return true;
    }
    let said = claim.predicate.clone().unwrap_or(0..0);
    // "needs a claim filter": the object of what is needed.
    if line.is(said.start, Class::Need) && said.start < at {
        return true;
    }
    let attained = said.clone().any(|at| line.is(at, Class::Finished));
    let said = said.start;
    let between = |at: usize| line.tokens[at].is_punct(b'*') || line.is(at, Class::Copula);
    let subject =
        attained && line.is(at, Class::Goal) && line.is_plural(at) && at < said && (at + 1..said).all(between);
    let marked = matches!(claim.kind, Kind::Universal { .. })
        && line.marked()
        && claim.noun.as_ref().is_some_and(|noun| noun.contains(&at));
    // "All previously collected faults", but "it was claimed that".
    let attribute = at + 2 < said && line.is_participle(at + 1) && !line.is(at + 1, Class::History)
        || at + 1 < said && line.get(at + 1).is_some_and(Token::is_state_word);
    // "Coverage claims are verified": they are the subject.
    let counted =
        matches!(claim.kind, Kind::Universal { .. }) && claim.noun.as_ref().is_some_and(|noun| noun.end == at + 1);
    let noun = (counted || line.is(at + 1, Class::Copula)) && line.tokens[at].is_word() && at < said;
    subject || marked && line.is(at, Class::Goal) || line.is(at, Class::History) && (attribute || noun)
}

/// The year or date in a label that dates what stands behind it. In parentheses it says only since when.
pub(super) fn dated_label(line: &Line<'_>) -> Option<usize> {
    line.label.clone()?.find(|&at| line.depth(at) == 0 && is_year(line, at))
}

/// The sign of a limit that a share in parentheses only says in another way.
fn limit_before(line: &Line<'_>, claim: &Candidate) -> Option<usize> {
    let open = claim.first.checked_sub(1).filter(|&open| line.tokens[open].is_punct(b'('))?;
    let share = matches!(claim.kind, Kind::Percent { .. }) && claim.polarity == Polarity::None;
    // "below the target (90%)".
    if let Some(goal) = open.checked_sub(1).filter(|&at| share && line.is(at, Class::Goal)) {
        return Some(goal);
    }
    let sign = |token: &Token| matches!(token.kind, TokenKind::Punct(b'<' | b'>' | b'L' | b'G'));
    (open.saturating_sub(3)..open).rev().filter(|_| share).find(|&at| sign(&line.tokens[at]))
}

/// Whether a token is a year, or a date.
fn is_year(line: &Line<'_>, at: usize) -> bool {
    match line.tokens[at].kind {
        TokenKind::Number => {
            let number = numeral::number(&line.source[line.tokens[at].span().range()]);
            (1990.0..2100.0).contains(&number.value) && number.decimals == 0
        }
        TokenKind::Opaque => line.source[line.tokens[at].span().range()].starts_with("20"),
        _ => false,
    }
}
