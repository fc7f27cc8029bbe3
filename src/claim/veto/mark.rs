//! Marks that approve, warn, group or tell of a change, instead of stating.

use std::ops::Range;

use super::opening::first_word;
use super::telling::constant;
use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::Polarity;
use crate::claim::place::{Form, Section};
use crate::claim::rule::{ADVICE, CATEGORY, CHANGE, COMPARISON, DATED, PLAN, QUESTION, RULE, Verdict};
use crate::claim::token::{Token, TokenKind};

/// The arrow between two measures of a change: "83 ms → 10 ms".
fn from_to(line: &Line<'_>, claim: &Candidate) -> Option<usize> {
    let measure = |at: usize| {
        let next = (at..line.tokens.len()).find(|&at| !line.tokens[at].is_punct(b'*'));
        next.is_some_and(|at| matches!(line.tokens[at].kind, TokenKind::Number | TokenKind::Opaque | TokenKind::Code))
    };
    let arrow = |at: &usize| line.is_arrow(*at);
    let end = line.sentence_end(claim.last);
    let end = (claim.last..end).find(|&at| line.tokens[at].is_break()).unwrap_or(end);
    let named = |at: usize| line.tokens[..at].iter().rfind(|token| !token.is_punct(b'*')).is_some_and(Token::is_word);
    let code = |at: usize| line.get(at + 1).is_some_and(|next| next.kind == TokenKind::Code);
    // "✅ Reader → `Row` writer" names a part.
    (claim.last + 1..end).filter(arrow).find(|&at| measure(at + 1) && !(named(at) && code(at)))
}

/// A heading that names a group of things by the state they share, or an urgency: "Known gaps ⚠️", "High priority 🔴".
fn category(line: &Line<'_>, claim: &Candidate) -> Option<usize> {
    const GROUPS: Classes =
        Classes::of(&[Class::Defect, Class::StatusHeading, Class::RuleHeading, Class::PlanHeading, Class::Generic]);
    if line.place.form == Form::Heading && claim.first < line.body && !line.asks_status() {
        // "✅ Complete build pipeline" is one thing, and done.
        let last = (line.body..line.tokens.len()).rfind(|&at| line.tokens[at].is_word());
        if line.is(line.body, Class::Finished) && last.is_some_and(|last| last > line.body && !line.is_plural(last)) {
            return None;
        }
        // "✅ Story 5: Error pages" is one piece of work, whatever its name.
        let named = line.colon && line.body < line.tokens.len() && claim.polarity == Polarity::Up;
        return line.find(claim.last + 1..line.tokens.len(), GROUPS).filter(|_| !named);
    }
    // "Severity: 🟡 Medium".
    let asked = line.label.as_ref().filter(|_| line.colon && claim.first + 1 == line.body).map(|label| label.end - 1);
    let degree = line.tokens[claim.last].is_word() && !line.is(claim.last, Class::State);
    if let Some(asked) = asked.filter(|&asked| degree && line.is(asked, Class::ColumnGoal)) {
        return Some(asked);
    }
    let last = claim.first.checked_sub(1).filter(|_| line.place.form == Form::Heading)?;
    let urgent = line.is(last, Class::ColumnGoal) && line.tokens[last].is_word();
    urgent.then_some(last)
}

/// "✅ Scripts: `scripts/`": the mark approves of a place, and says nothing of its state.
fn place_only(line: &Line<'_>, claim: &Candidate) -> Option<usize> {
    let led = line.colon && line.lead_symbol == Some(claim.first) && claim.polarity == Polarity::Up;
    let rest = line.body..line.tokens.len();
    let code = line.get(line.body).is_some_and(|first| first.kind == TokenKind::Code);
    let only = || rest.clone().filter(|&at| line.tokens[at].is_word()).count() < 2;
    // An address is where something answers, or does not.
    let address = || rest.clone().any(|at| line.source[line.tokens[at].span().range()].contains("://"));
    // "✅ **Binary**: `mill/bin`" under a status: the part is there.
    let named = || line.label.clone().is_some_and(|label| line.tokens[label].iter().all(|token| token.strong));
    // "✅ Key cut: `brass/key`" tells what was done, and where.
    let done = || {
        let label = line.label.clone();
        // "✅ Bell ringing at: `hall/bell`".
        let runs = |label: &Range<usize>| line.is(label.end - 1, Class::Link) && line.is(label.end - 2, Class::State);
        let made = |label: &Range<usize>| {
            line.is_participle(label.end - 1) || line.is(label.start, Class::Adverb) || runs(label)
        };
        label.is_some_and(|label| label.len() > 1 && made(&label))
    };
    let told = || line.place.section == Section::Status && (address() || named()) || done();
    (led && code && only() && !told()).then_some(rest.start)
}

/// The word that compares in what a mark approves. In parentheses it only adds something, and at the end it is what is said:
/// "✅ Warm start (30% faster)", "✅ Log texts improved".
fn compared(line: &Line<'_>, said: Range<usize>) -> Option<usize> {
    let cue = line.find(said.clone(), Classes::of(&[Class::Comparative])).filter(|&at| line.depth(at) == 0)?;
    let ends = line.is_participle(cue) && line.get(cue + 1).is_none_or(|next| !next.is_word());
    (!ends).then_some(cue)
}

/// Why a mark alone is no claim.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    if let Some((rule, at)) = constant(line) {
        return Some((rule, at.map(|at| line.tokens[at].span())));
    }
    if let Some(at) = super::clause::dated_label(line) {
        return Some((&DATED, Some(line.tokens[at].span())));
    }
    // "All lamps should work ✓".
    let wanted = line.find(line.sentence_start(claim.first)..claim.first, Classes::of(&[Class::Rule]));
    if let Some(at) = wanted.filter(|&at| line.tail_symbol == Some(claim.first) && line.depth(at) == 0) {
        return Some((&RULE, Some(line.tokens[at].span())));
    }
    let waits = |at: &usize| {
        line.tokens[*at].entry.classes.any(Classes::of(&[Class::PlanHeading, Class::Goal]))
            && line.tokens[*at].is_word()
    };
    if let Some(at) = (claim.first..claim.last + 1).find(waits) {
        return Some((&PLAN, Some(line.tokens[at].span())));
    }
    // "❌ Does the roof hold?".
    let end = line.sentence_end((claim.last + 1).min(line.tokens.len() - 1));
    if line.tokens[end - 1].is_punct(b'?') {
        return Some((&QUESTION, Some(line.tokens[end - 1].span())));
    }
    // "✅ Doors will open by themselves" promises.
    let sentence = claim.first + 1..line.sentence_end(claim.first);
    let led = line.lead_symbol == Some(claim.first);
    let promise = |&at: &usize| line.says(at, "will") && line.depth(at) == 0 && line.tokens[at - 1].is_word();
    if let Some(at) = line.find(sentence, Classes::of(&[Class::Plan])).filter(|_| led).filter(promise) {
        return Some((&PLAN, Some(line.tokens[at].span())));
    }
    if let Some(at) = category(line, claim) {
        return Some((&CATEGORY, Some(line.tokens[at].span())));
    }
    if let Some(at) = place_only(line, claim) {
        return Some((&ADVICE, Some(line.tokens[at].span())));
    }
    if let Some(arrow) = from_to(line, claim) {
        return Some((&CHANGE, Some(line.tokens[arrow].span())));
    }
    let next = first_word(line, claim.first + 1);
    let token = line.get(next)?;
    if token.is(Class::Past)
        && !(line.task().is_some() && line.place.section == Section::Status)
        && token.capital
        && line.label.as_ref().is_none_or(|label| label.start >= next)
        && next == claim.first + 1
    {
        return Some((&CHANGE, Some(token.span())));
    }
    // "✅ **Debt reduction**: three parts share their forms" under a status: the label names the work.
    let named = line.label.as_ref().filter(|_| line.place.section == Section::Status).map_or(next, |label| label.end);
    // "❌ Orders are not saved" denies, and compares nothing.
    let denied = claim.polarity == Polarity::Down
        && line.find(claim.first..claim.last + 1, Classes::of(&[Class::Negator])).is_some();
    if let Some(at) = compared(line, next.max(named)..line.sentence_end(next)).filter(|_| !denied) {
        return Some((&COMPARISON, Some(line.tokens[at].span())));
    }
    // Done things are listed by their verbs as well, under a heading of status.
    let told = claim.polarity != Polarity::Up || line.place.section != Section::Status;
    // "⚠️ Set `PORT` first", "⚠️ Complete the tests": a verb with its object.
    let verb = token.is(Class::Imperative)
        && (!token.is_state_word() || !line.closes(next + 1) || line.is(next + 1, Class::Determiner));
    let warned = told && verb && next == claim.first + 1;
    // "⏳ "Follow" button": a name.
    let quoted = line.tokens[next - 1].is_punct(b'"');
    let advice = !quoted
        && (token.is(Class::Advice) && (next == claim.first + 1 || line.task().is_none()) || warned)
        && (token.capital || token.is(Class::Rule));
    advice.then_some((&ADVICE, Some(token.span())))
}
