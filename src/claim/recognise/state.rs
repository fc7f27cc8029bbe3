//! "Backend: ✅ Operational", "the parser works", "- ✅ Login page", a cell of a status table.

use crate::claim::lexicon::{Class, Classes, Entry};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::recognise::predicate::{self, Predicate};
use crate::claim::recognise::{Candidate, Found};
use crate::claim::subject;
use crate::claim::token::TokenKind;
use crate::claim::veto;

/// Finds the states of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    words(line, found);
    symbol(line, found);
}

fn words(line: &Line<'_>, found: &mut Found) {
    let before = found.candidates.len();
    let mut at = 0;
    while at < line.tokens.len() {
        let token = &line.tokens[at];
        if !token.is_state_word() || found.has(at) {
            at += 1;
            continue;
        }
        // "partially working": the adverb belongs to the state after it.
        if token.is(Class::Adverb)
            && line.get(at + 1).is_some_and(|next| next.is_state_word() && line.same_clause(at, at + 1))
        {
            at += 1;
            continue;
        }
        let state = predicate::around(line, at);
        if let Some(equals) = state.first.checked_sub(1).filter(|&before| line.tokens[before].is_punct(b'=')) {
            found.refuse(line, "state", at..at + 1, &veto::LEGEND, equals);
            at += 1;
            continue;
        }
        if found.has_any(state.first..state.last + 1) {
            at += 1;
            continue;
        }
        // A label names the topic; what it says is said behind its colon.
        let in_label =
            line.colon && line.depth(at) == 0 && line.label.as_ref().is_some_and(|label| label.contains(&at));
        if in_label {
            found.refuse(line, "state", at..at + 1, &veto::IN_LABEL, line.label.as_ref().map_or(at, |label| label.end));
            at += 1;
            continue;
        }
        if let Some(arrow) = beside_arrow(line, &state) {
            found.refuse(line, "state", at..at + 1, &veto::FLOW, arrow);
            at += 1;
            continue;
        }
        if let Some(size) = of_a_size(line, &state) {
            found.refuse(line, "state", at..at + 1, &veto::RESOURCE, size);
            at += 1;
            continue;
        }
        match read(line, &state) {
            Some(mut candidate) => {
                // The mark before an entry and the first state in it are one claim.
                if let Some(symbol) = line.lead_symbol.or(line.task()).filter(|_| found.candidates.len() == before) {
                    let ticked =
                        line.tokens[symbol].kind == TokenKind::Task(true) && candidate.polarity == Polarity::Up;
                    let agree = ticked || line.tokens[symbol].entry.polarity == candidate.polarity;
                    if agree && symbol < candidate.first && !found.has_any(symbol..candidate.first) {
                        candidate.first = symbol;
                    }
                }
                at = candidate.last.max(at) + 1;
                found.add(line, candidate);
            }
            None => {
                found.refuse(line, "state", at..at + 1, &veto::NO_PREDICATE, state.last + 1);
                at += 1;
            }
        }
    }
}

/// Whether a comma leads on to more adjectives of a noun: "clean, readable output".
fn describes(line: &Line<'_>, at: usize) -> bool {
    let next = line.get(at + 1);
    line.get(at).is_some_and(|token| token.is_punct(b','))
        && next.is_some_and(|next| next.is_word() && next.entry == Entry::default())
}

/// An arrow right before or after a state: "draft → active → closed".
fn beside_arrow(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    let arrow = |at: usize| line.get(at).is_some_and(|token| line.source[token.span.range()].starts_with('→'));
    let before = state.first.checked_sub(1).filter(|&at| arrow(at));
    before.or(Some(state.last + 1).filter(|&at| arrow(at)))
}

/// A size right before the state: "31.8GB VRAM available" speaks of a resource.
fn of_a_size(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    (line.clause_start(state.state)..state.first)
        .rev()
        .take(3)
        .find(|&at| {
            let token = &line.tokens[at];
            token.kind == TokenKind::Opaque && line.source.as_bytes()[token.span.start].is_ascii_digit()
        })
        .filter(|_| line.is(state.state, Class::Room))
}

/// A state word as a claim, if it is said of something and not part of its name.
fn read(line: &Line<'_>, state: &Predicate) -> Option<Candidate> {
    if !line.closes(state.last + 1) {
        return None;
    }
    // "failing in production": the first of two states in a row is the one that is said.
    if state.first > 0
        && line.tokens[state.first - 1].is_state_word()
        && !line.is(state.first - 1, Class::Adverb)
        && line.same_clause(state.first - 1, state.first)
    {
        return None;
    }
    let token = &line.tokens[state.state];
    let weak = token.is(Class::Weak) && !line.shouted(state.state);
    // "neither pass nor fail": a verb in its plain form says no state after a form of "to be".
    if state.copula && token.is(Class::BaseVerb) {
        return None;
    }
    let symbol = predicate::symbol_beside(line, state.first, state.last);
    let clause = line.clause_start(state.state);
    let starts = (clause..state.first).all(|at| {
        !matches!(line.tokens[at].kind, TokenKind::Word | TokenKind::Number(_) | TokenKind::Code | TokenKind::Opaque)
    }) || state.first == line.body
        || symbol.is_some_and(|symbol| symbol < state.first);
    let before = state.first.checked_sub(1).map(|before| &line.tokens[before]);
    // "Parser (✅ core complete)": a mark earlier in the clause.
    let mark = (clause..state.first).find(|&at| line.tokens[at].is_state_symbol());
    let marked = line.marked() || mark.is_some();
    if line.is(clause, Class::Question) && clause < state.first {
        return None;
    }
    let after_label = line.label.is_some() && state.first == line.body;
    let form = line.place.form;
    // The first cell of a row names what the others speak of.
    if form == Form::FirstCell {
        return None;
    }
    // "what is running" asks, and says nothing of a subject.
    let asks = |at: usize| line.is(at, Class::Question) || line.is(at, Class::Pronoun) && line.label.is_none();
    let subject_end = state.first.checked_sub(if line.is(state.first, Class::Copula) { 1 } else { 2 });
    if state.copula && subject_end.is_some_and(|at| asks(at) && line.same_clause(at, state.first)) {
        return None;
    }
    let told = line.states(state.first);
    let negated = (state.first..state.state).any(|at| line.is(at, Class::Negator));
    let stated = if state.copula {
        !weak || told
    } else if symbol.is_some() {
        true
    } else if starts {
        let alone = subject::ends_phrase(line, state.last + 1);
        // "(TODO: not yet done)".
        let named = state.first > 0 && line.tokens[state.first - 1].is_punct(b':') && line.depth(state.first) > 0;
        let in_parens = before.is_some_and(|before| before.is_punct(b'(') || before.is_punct(b'[') || named)
            && line.get(state.last + 1).is_some_and(|after| after.is_punct(b')') || after.is_punct(b']'));
        if after_label {
            !weak || alone && !describes(line, state.last + 1)
        } else if line.depth(state.first) > 0 && !in_parens {
            false
        } else if in_parens && negated && token.entry.polarity == Polarity::Down {
            // "exists (not broken)" wards off another reading.
            false
        } else if in_parens {
            !weak || negated || form == Form::Heading || state.first < state.state
        } else if state.first == line.body {
            match form {
                Form::Cell => !weak || alone && (line.place.column.has(Class::ColumnState) || line.place.columns < 3),
                // A word alone is the name of a section.
                // "Working with the parser" is a topic.
                Form::Heading => !weak && (marked || state.first < state.last || !alone && !line.is_gerund(state.last)),
                Form::Item => {
                    (marked || token.strong) && !weak || line.place.section == Section::Status && !weak && alone
                }
                Form::Paragraph => (marked || token.strong) && !weak,
                Form::FirstCell | Form::HeaderCell => false,
            }
        } else {
            let dashed = line.colon && line.tokens[clause].is_punct(b'-');
            (marked || form == Form::Cell || dashed) && !weak
        }
    } else if before.is_some_and(|before| {
        before.is_word() && !before.entry.classes.any(NO_SUBJECT)
            || matches!(before.kind, TokenKind::Code | TokenKind::Number(_) | TokenKind::Opaque)
            || before.is_punct(b')')
    }) {
        // "NOUN STATE" as headlines have it.
        let headline = told || token.strong;
        let verb = token.is(Class::Verb);
        // "Commands available" is the title of a list.
        if form == Form::Heading && line.is(state.state, Class::Room) && line.depth(state.first) == 0 && !marked {
            return None;
        }
        let alone = subject::ends_phrase(line, state.last + 1);
        if token.is(Class::BaseVerb) && !line.is_plural(state.first - 1) {
            false
        } else if weak || token.is(Class::Dwells) && !line.shouted(state.state) {
            (marked || form == Form::Cell && line.place.column.has(Class::ColumnState))
                && (alone || line.lead_symbol.is_some())
        } else {
            headline || verb && !weak
        }
    } else {
        false
    };
    if !stated {
        return None;
    }
    let mut candidate = Candidate::new(Kind::State, state.first, state.last);
    candidate.predicate(state);
    if let Some(mark) = mark.filter(|_| symbol.is_none()) {
        candidate.first = candidate.first.min(mark);
    }
    if let Some(symbol) = symbol {
        let points = line.tokens[symbol].entry.polarity;
        if candidate.polarity == Polarity::Up || points == Polarity::Partial {
            candidate.polarity = points;
        }
        if symbol + 1 == state.first {
            candidate.first = symbol;
        } else if symbol == state.last + 1 {
            candidate.last = symbol;
        }
    }
    let copula = usize::from(state.copula && !line.is(state.first, Class::Copula));
    candidate.noun = subject::noun_before(line, state.first - copula.min(state.first));
    if let Some(noun) = &candidate.noun
        && line.same_clause(noun.start, state.state)
    {
        candidate.first = candidate.first.min(noun.start);
    }
    Some(candidate)
}

const NO_SUBJECT: Classes = Classes::of(&[
    Class::Link,
    Class::Copula,
    Class::Determiner,
    Class::Rule,
    Class::Modal,
    Class::Plan,
    Class::Goal,
    Class::Question,
    Class::Condition,
    Class::Pronoun,
]);

/// A symbol that nothing else in its line takes up.
fn symbol(line: &Line<'_>, found: &mut Found) {
    let form = line.place.form;
    let lead = line.lead_symbol.filter(|_| !matches!(form, Form::Heading | Form::HeaderCell | Form::FirstCell));
    let Some(at) = lead.or_else(|| line.tail_symbol.filter(|_| form != Form::FirstCell && form != Form::HeaderCell))
    else {
        return boxed(line, found);
    };
    let told = found.candidates.iter().any(|claim| {
        claim.polarity != Polarity::None
            || line.depth(claim.first) == 0 && (claim.first == line.body || claim.last + 1 == at)
    });
    if told || found.has(at) {
        return;
    }
    if line.get(at + 1).is_some_and(|next| next.is_punct(b'=')) {
        found.refuse(line, "state", at..at + 1, &veto::LEGEND, at + 1);
        return;
    }
    let mut candidate = Candidate::new(Kind::State, at, at);
    candidate.polarity = line.tokens[at].entry.polarity;
    candidate.predicate = Some(at..at + 1);
    (candidate.first, candidate.last) = answer(line, at);
    found.add(line, candidate);
}

/// A mark with the one or two words that it stands by as an answer: "Speed: ✅ Fast", "Load: high ⚠️".
fn answer(line: &Line<'_>, at: usize) -> (usize, usize) {
    let answers = line.label.is_some() && line.colon || line.place.form == Form::Cell;
    let few = |from: usize, to: usize| to - from <= 2 && (from..to).all(|word| line.tokens[word].is_word());
    if answers && at >= line.body && few(line.body, at) {
        return (line.body.min(at), at);
    }
    let end = line.tokens.len();
    if answers && at + 1 == line.body && few(line.body, end) {
        return (at, end - 1);
    }
    (at, at)
}

/// The ticked box of a task item.
fn boxed(line: &Line<'_>, found: &mut Found) {
    let Some(at) = line.task() else { return };
    // A state further down in the item's text does not take up its box.
    let first_line = line.tokens.iter().position(|token| token.is_break()).unwrap_or(line.tokens.len());
    if found.candidates.iter().any(|claim| claim.polarity != Polarity::None && claim.core(line) < first_line) {
        return;
    }
    let mut candidate = Candidate::new(Kind::State, at, at);
    let ticked = line.tokens[at].kind == TokenKind::Task(true);
    candidate.polarity = if ticked { Polarity::Up } else { Polarity::Down };
    candidate.predicate = Some(at..at + 1);
    found.add(line, candidate);
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn labels_marks_and_sentences() {
        assert_claims(&[
            ("**Backend API**: ✅ Operational", &["✅ Operational | state | eq | up | Backend API"]),
            ("- **files** - file operations ✅", &["✅ | state | eq | up | files"]),
            ("PostgreSQL is running.", &["PostgreSQL is running | state | eq | up | PostgreSQL"]),
            ("**Status**: FULLY OPERATIONAL", &["FULLY OPERATIONAL | state | eq | up | "]),
            ("The parser is not yet implemented.", &["parser is not yet implemented | state | eq | down | parser"]),
            (
                "The importer is partially working.",
                &["importer is partially working | state | eq | partial | importer"],
            ),
            ("### Phase 2: Parser (COMPLETE)", &["COMPLETE | state | eq | up | Phase 2: Parser"]),
            ("### Export (TODO: not yet implemented)", &["not yet implemented | state | eq | down | Export"]),
            ("- TODO: Export not yet implemented", &["Export not yet implemented | state | eq | down | Export"]),
            ("## Current Status\n\n- ✅ Login page with avatars", &["✅ | state | eq | up | Login page"]),
        ]);
    }

    #[test]
    fn cells_of_a_status_table() {
        let table = "| Service | Status |\n|---|---|\n| Redis | ✅ Healthy |\n| Mail | ❌ Down |\n| Jobs | ⚠️ Slow |\n";
        assert_claims(&[(
            table,
            &[
                "✅ Healthy | state | eq | up | Redis",
                "❌ Down | state | eq | down | Mail",
                "⚠️ Slow | state | eq | partial | Jobs",
            ],
        )]);
    }

    #[test]
    fn state_words_that_only_describe() {
        assert_claims(&[
            ("The working directory holds active development.", &[]),
            ("## Running", &[]),
            ("Read how it works.", &[]),
            ("## Working with the parser", &[]),
            ("### Commands Available", &[]),
            ("## Acceptance Criteria (MVP complete)", &[]),
            ("The bridge is here (not broken).", &[]),
            ("- ✅ Scripts: `scripts/` folder", &[]),
            ("### High priority 🔴", &[]),
            ("The patterns live in one file.", &[]),
            ("The scripts live as siblings.", &[]),
        ]);
    }
}
