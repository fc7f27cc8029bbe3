//! A state with what stands around it in its line, and what that makes of it.

use super::{after_date, answers_status, is_ornament, joined, succeeds};
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::Polarity;
use crate::claim::place::{Form, Section};
use crate::claim::predicate::{self, Predicate};
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};
use crate::rung::Rung;

/// Words that cannot be what a state right behind them is said of.
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

/// A headline says its state of few words.
const LONGEST_SUBJECT: usize = 6;

/// A state with what its line shows around it.
pub(super) struct Setting<'a> {
    pub line: &'a Line<'a>,
    pub state: &'a Predicate,
    /// The state word is too common in other senses, and not in capitals.
    pub weak: bool,
    /// It says that something is not so.
    pub negated: bool,
    /// A mark stands in its clause or its line.
    pub marked: bool,
    /// Nothing of its clause goes on behind it.
    pub alone: bool,
}

impl Setting<'_> {
    /// A state that opens its clause: an answer to a label, a cell, an entry, something in parentheses.
    pub fn opens(&self, clause: usize) -> bool {
        let &Setting { line, state, weak, marked, alone, .. } = self;
        let (form, token) = (line.place.form, &line.tokens[state.state]);
        // "Set up the database" is told to somebody, "Search: implemented a new index" of what was done.
        if line.is(state.last + 1, Class::Determiner) {
            return false;
        }
        if line.label.is_some() && (state.first == line.body || joined(line, state)) {
            let approved = line.led_by(state.polarity);
            return !weak
                || approved
                || answers_status(line, state)
                || succeeds(line, state)
                || alone && !describes(line, state.last + 1);
        }
        if let Some(stated) = self.in_parentheses() {
            return stated;
        }
        // "Ready for first use." as a sentence leaves its subject out.
        let functional = token.entry.rung == Some(Rung::Functional);
        let curt = token.capital && functional && !weak && line.is(state.last + 1, Class::Link);
        if curt
            && form == Form::Paragraph
            && state.first == line.sentence_start(state.first)
            && !line.is_gerund(state.last)
        {
            return true;
        }
        if state.first != line.body {
            // "## K3 — Bell tower — COMPLETE": all that stands behind the last dash.
            let last = alone && state.last + 1 == line.tokens.len() && line.label.is_some();
            let dashed = (line.colon || last) && line.tokens[clause].is_punct(b'-');
            // "Status: built, merged to the trunk".
            let listed = state.first == clause && clause > 0 && line.tokens[clause - 1].is_punct(b',');
            // "### Phase 4: Search ⚡ COMPLETED".
            let adorned = form == Form::Heading && state.first > 0 && alone && is_ornament(line, state.first - 1);
            // "| Status |" with "| Open — the ropes are wet |" below.
            let answers = form == Form::Cell && alone && line.place.column.has(Class::ColumnState);
            return (marked || form == Form::Cell || dashed || adorned) && !weak
                || listed && line.asks_status()
                || answers && state.first == line.opening();
        }
        match form {
            // "Yes" in a column "Production ready?" answers it.
            Form::Cell if line.place.column.has(Class::State) => !weak || alone,
            Form::Cell => !weak || alone && (line.place.column.has(Class::ColumnState) || line.place.columns < 3),
            // A word alone is the name of a section, and "Working with the parser" is a topic.
            Form::Heading => !weak && (marked || state.first < state.last || !alone && !line.is_gerund(state.last)),
            Form::Item => {
                (marked || token.strong) && !weak
                    || succeeds(line, state)
                    || self.not_yet() && alone
                    || line.place.section == Section::Status
                        && !weak
                        && (alone || functional && line.is(state.last + 1, Class::Link))
            }
            // "## Status" with "Not yet deployed." below.
            Form::Paragraph => {
                (marked || token.strong) && !weak || line.place.section == Section::Status && alone && !weak
            }
            Form::FirstCell | Form::HeaderCell => false,
        }
    }

    /// "Parser (complete)", "Export (TODO: not yet done)"; nothing where the state stands in no parentheses.
    fn in_parentheses(&self) -> Option<bool> {
        let &Setting { line, state, weak, negated, .. } = self;
        let inside = line.depth(state.first) > 0;
        let before = state.first.checked_sub(1).map(|before| &line.tokens[before]);
        let opened = before
            .is_some_and(|before| before.is_punct(b'(') || before.is_punct(b'[') || before.is_punct(b':') && inside)
            || before.is_some_and(|before| before.is_punct(b'-') && before.spaced && inside)
            // "(but not opened)".
            || state.first > 1
                && line.is(state.first - 1, Class::Contrast)
                && line.tokens[state.first - 2].is_punct(b'(');
        // "(configured, not opened yet)", but "(pending, approved)" lists the states that there are.
        let next = state.last + 2;
        let said_on = next < line.tokens.len() && line.clause_end(next) > next + 2;
        // "(COMPLETE, 2026-02-03)".
        let dated = line.get(next).is_some_and(|token| token.kind == TokenKind::Opaque);
        let goes_on = |after: &Token| {
            after.is_punct(b';') || after.is_punct(b'-') && after.spaced || after.is_punct(b',') && (said_on || dated)
        };
        // "(deployed on the rack)": where it is.
        let placed = matches!(line.tokens[state.state].entry.rung, Some(Rung::Exists | Rung::Running))
            && line.is(state.last + 1, Class::Link)
            && (state.last + 3..state.last + 6).any(|at| line.get(at).is_some_and(|token| token.is_punct(b')')));
        // "(DEFERRED to spring)".
        let shouted = line.shouted(state.state)
            && line.is(state.last + 1, Class::Link)
            && !line.is(state.state, Class::PlanHeading);
        if opened && (placed || shouted) && !weak && !line.is(state.last + 1, Class::With) {
            return Some(true);
        }
        // "(installed globally)".
        let manner = usize::from(line.get(state.last + 1).is_some_and(|_| line.is_manner(state.last + 1)));
        let closed = line
            .get(after_date(line, state) + manner)
            .is_some_and(|after| after.is_punct(b')') || after.is_punct(b']') || !weak && inside && goes_on(after));
        // "(seen in the notes, not implemented)".
        let added = before.is_some_and(|before| before.is_punct(b','));
        let denied = (negated || line.is_denial(state.state)) && added;
        // "**Stage 5** - ropes (hemp, complete)".
        let finished = added && line.label.is_some() && line.is(state.state, Class::Finished);
        if !(closed && (opened || denied || finished)) {
            return inside.then_some(false);
        }
        // "Version 2 (current)" tells which one is meant, "`roof.md` (UPDATED)" what was done to it.
        let changed = line.says(state.first, "updated") && state.first == state.last;
        if line.is(state.state, Class::Generic) || changed {
            return Some(false);
        }
        let down = line.tokens[state.state].entry.polarity == Polarity::Down;
        // "exists (not broken)" wards off another reading.
        let wards_off = negated && down;
        Some(!wards_off && (!weak || negated || line.place.form == Form::Heading || state.first < state.state))
    }

    /// "`make test` passes", "the recovery check passes", "packages build successfully": a verb with its subject before it.
    fn is_said_by_a_verb(&self) -> bool {
        let &Setting { line, state, .. } = self;
        let Some(before) = state.first.checked_sub(1) else { return false };
        let token = &line.tokens[state.state];
        // "The mill works", "the mill does not work", "the mill doesn't work".
        if token.is(Class::Verb) || token.is(Class::BaseVerb) && self.negated {
            return line.tokens[before].kind == TokenKind::Code || line.tokens[before].is_word();
        }
        // An adverb of success behind a verb in the present tense.
        let several = before.checked_sub(1).is_some_and(|at| line.is_plural(at));
        let verb =
            predicate::runs(line, before) || line.is_plural(before) || several || line.is(before, Class::Imperative);
        token.is(Class::Adverb) && verb && before > line.clause_start(state.first)
    }

    /// "not yet built": denied for now.
    fn not_yet(&self) -> bool {
        self.negated && (self.state.first..self.state.state).any(|at| self.line.says(at, "yet"))
    }

    /// "NOUN STATE" as headlines have it.
    pub fn headline(&self) -> bool {
        let &Setting { line, state, weak, marked, alone, .. } = self;
        let (form, token) = (line.place.form, &line.tokens[state.state]);
        let said_of = state.first.checked_sub(1).is_some_and(|at| {
            let before = &line.tokens[at];
            let ran = token.is(Class::Adverb) && predicate::runs(line, at);
            before.is_word() && (ran || !before.entry.classes.any(NO_SUBJECT))
                || matches!(before.kind, TokenKind::Code | TokenKind::Number | TokenKind::Opaque)
                || before.is_punct(b')')
        });
        // "It uses a context for agents working across sessions": the participle describes the word before it.
        let clause = line.clause_start(state.first);
        let describes = !marked
            && !alone
            && state.first - clause > LONGEST_SUBJECT
            && line.find(clause..state.first, Classes::of(&[Class::Link])).is_some();
        let Some(last) = subject::before_aside(line, state.first).checked_sub(1) else { return false };
        let several = || line.is_plural(last) || (clause..state.first).any(|at| line.is(at, Class::Conjunction));
        // "With retries enabled, …", "(with the cache disabled)": when something else is so.
        let opening = clause + usize::from(line.tokens[clause].is_punct(b'('));
        let circumstance = line.says(opening, "with") && !state.copula;
        // "Feature set" is a noun.
        let named = self.weak && token.is(Class::Imperative) && !self.negated;
        // "Night mode not yet built" says nothing else, wherever it stands.
        let phrase =
            || line.source[token.span().range()].get(..8).is_some_and(|start| start.eq_ignore_ascii_case("not yet "));
        if said_of && alone && (self.not_yet() || phrase()) {
            return true;
        }
        if describes || circumstance || named || !said_of || token.is(Class::BaseVerb) && !several() && !self.negated {
            return false;
        }
        // "Commands available" is the title of a list, and so is "Methods tested", unless it is shouted.
        let titles = || {
            let tells = self.negated || token.is(Class::Verb) || line.capitals(state.state);
            alone && !tells && token.entry.polarity == Polarity::Up && line.is_plural(last)
        };
        if form == Form::Heading && line.depth(state.first) == 0 && !marked && (token.is(Class::Room) || titles()) {
            return false;
        }
        // "Attic not built".
        if weak && alone && self.negated && form == Form::Item {
            return line.states(state.first) || token.entry.polarity == Polarity::Up;
        }
        let turned = line.is(state.last + 1, Class::Contrast)
            || line.depth(state.first) == 0 && line.get(state.last + 1).is_some_and(|next| next.is_punct(b'('));
        if weak && (alone || turned) && self.is_said_by_a_verb() {
            return true;
        }
        // "40 tests pass, gates clean, ropes dry".
        if weak && alone && line.depth(state.first) == 0 && is_in_a_row(line, state) {
            return true;
        }
        // "Status: core defined, services stabilized", "credentials still present".
        let of_now = alone && state.first < state.state && line.is(state.first, Class::Now);
        if weak && (line.asks_status() && line.depth(state.first) == 0 || of_now) {
            return true;
        }
        // "- Session state kept" below what a mark approves.
        let named = line.label.as_ref().is_some_and(|label| label.contains(&state.first));
        let kept = weak && alone && !named && token.entry.polarity == Polarity::Up;
        if kept && form == Form::Item && is_below_a_mark(line) {
            return true;
        }
        if weak || token.is(Class::Dwells) && !line.shouted(state.state) {
            let column = form == Form::Cell && line.place.column.has(Class::ColumnState);
            return (marked || column) && (alone || line.lead_symbol.is_some());
        }
        marked || of_now || line.states(state.first) || token.strong || token.is(Class::Verb)
    }
}

/// Whether the clause before or behind, parted by a comma, ends with a state that points the same way.
fn is_in_a_row(line: &Line<'_>, state: &Predicate) -> bool {
    const LONGEST: usize = 4;
    let comma = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b','));
    let alike = |token: &Token| token.is_state_word() && token.entry.polarity == state.polarity;
    let clause = line.clause_start(state.first);
    // "40 tests, 97% coverage, ropes dry": numbers are stated beside it.
    let number = || line.next_number(line.clause_start(clause - 2)..clause - 2).is_some();
    let counted = || state.polarity == Polarity::Up && number();
    let before = clause > 1 && comma(clause - 1) && (alike(&line.tokens[clause - 2]) || counted());
    let next = state.last + 2;
    let after = || {
        let goes_on = comma(state.last + 1) && next < line.tokens.len();
        let behind = if goes_on { &line.tokens[next..line.clause_end(next)] } else { &[] };
        behind.len() <= LONGEST + 1 && behind.iter().rfind(|token| token.is_word()).is_some_and(alike)
    };
    let named = line.tokens[state.first - 1].is_word() && state.first - clause < LONGEST;
    named && (before || after())
}

/// Whether a mark makes the section one of status: "### Sessions ✅".
fn is_below_a_mark(line: &Line<'_>) -> bool {
    let cue = line.place.section_cue.filter(|_| line.place.section == Section::Status);
    cue.is_some_and(|cue| !line.source.as_bytes()[cue.start].is_ascii())
}

/// Whether a comma leads on to more adjectives of a noun: "clean, readable output", but "stub, unpainted".
fn describes(line: &Line<'_>, at: usize) -> bool {
    let next = line.get(at + 1);
    line.get(at).is_some_and(|token| token.is_punct(b','))
        && next.is_some_and(|next| next.is_word() && next.entry.is_unknown())
        && line.get(at + 2).is_some_and(Token::is_word)
}
