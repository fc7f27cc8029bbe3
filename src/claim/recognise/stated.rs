//! Whether a state word is said of something, or only stands there: as part of a name, an attribute, a topic.

use crate::claim::lexicon::{Class, Classes, Entry};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::recognise::Candidate;
use crate::claim::recognise::predicate::{self, Predicate};
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
struct Setting<'a> {
    line: &'a Line<'a>,
    state: &'a Predicate,
    /// The state word is too common in other senses, and not in capitals.
    weak: bool,
    /// It says that something is not so.
    negated: bool,
    /// A mark stands in its clause or its line.
    marked: bool,
    /// Nothing of its clause goes on behind it.
    alone: bool,
}

/// A state word as a claim, if it is said of something and not part of its name.
pub fn read(line: &Line<'_>, state: &Predicate) -> Option<Candidate> {
    if !is_complete(line, state)
        || matches!(line.place.form, Form::FirstCell | Form::HeaderCell)
        || echoes(line, state)
        || asks(line, state)
    {
        return None;
    }
    if means_otherwise(line, state) {
        return None;
    }
    let clause = line.clause_start(state.state);
    let symbol = predicate::symbol_beside(line, state.first, state.last);
    // "Parser (✅ core complete)": a mark earlier in the clause.
    let legend = |at: usize| line.get(at + 1).is_some_and(|next| next.is_punct(b'='));
    let mark = (clause..state.first).find(|&at| line.tokens[at].is_state_symbol());
    if mark.is_some_and(legend) {
        return None;
    }
    // "Spec not yet created": nothing but a state is denied for now.
    let not_yet = (state.first.saturating_sub(1)..state.state).any(|at| line.is(at, Class::Negator))
        && (state.first..line.tokens.len().min(state.last + 2)).any(|at| line.says(at, "yet"));
    // "Loaded and connected": the stronger of two states speaks for both.
    let weak = (state.state..state.last + 1).all(|at| !line.tokens[at].is_state_word() || line.is(at, Class::Weak));
    // "empty placeholder": two words for the same leave no other sense.
    let twice = state.state < state.last
        && line.tokens[state.last].is_state_word()
        && line.tokens[state.last - 1].is_state_word();
    let weak = weak && !twice;
    let setting = Setting {
        line,
        state,
        weak: weak && !line.shouted(state.state) && !not_yet,
        negated: (state.first..state.state).any(|at| line.is(at, Class::Negator)),
        marked: line.marked() || mark.is_some(),
        alone: subject::ends_phrase(line, state.last + 1),
    };
    let starts = state.first == line.body
        || joined(line, state)
        || state.first > 0 && is_ornament(line, state.first - 1)
        || symbol.is_some_and(|symbol| symbol < state.first)
        || !(clause..state.first).any(|at| names(line, at));
    let stated = if state.copula {
        !setting.weak || line.states(state.first) || state.is_bare(line)
    } else if symbol.is_some() {
        true
    } else if starts {
        setting.opens(clause)
    } else {
        setting.headline()
    };
    stated.then(|| candidate(line, state, symbol, mark))
}

/// Whether the state is all that is said of its subject there, and no noun goes on behind it.
fn is_complete(line: &Line<'_>, state: &Predicate) -> bool {
    if line.closes(after_date(line, state)) || answers_status(line, state) || succeeds(line, state) {
        return true;
    }
    if !line.get(state.last + 1).is_some_and(Token::is_word) {
        return false;
    }
    // "Sign-in pending a certificate": what it waits for belongs to it.
    let aside = line.depth(state.first) > 0 || line.asks_status();
    // "Partial coverage" as an answer tells how far it goes.
    let answers = state.first == line.body && (line.label.is_some() || line.place.form == Form::Cell);
    let extent = line.tokens[state.state].entry.polarity == Polarity::Partial;
    aside && line.says(state.last, "pending") || answers && extent
}

/// Whether the word has another sense where it stands: a noun, an infinitive, a verb of something else.
fn means_otherwise(line: &Line<'_>, state: &Predicate) -> bool {
    let token = &line.tokens[state.state];
    // "all promoted to production", "how to complete it".
    if token.is(Class::Weak) && predicate::is_object(line, state) || is_infinitive(line, state) {
        return true;
    }
    // "neither pass nor fail": a verb in its plain form says no state after a form of "to be"; "two hours work": a noun.
    let span_of_time = state.first > 0 && line.is(state.first - 1, Class::Unit);
    if token.is(Class::BaseVerb) && (state.copula || span_of_time) {
        return true;
    }
    // "⚠️ Set the address first" is told to somebody.
    if token.is(Class::Imperative) && !state.copula && line.is(state.last + 1, Class::Determiner) {
        return true;
    }
    // "Achieved 100% coverage" states the number.
    if state.first == line.body && line.get(state.last + 1).is_some_and(|next| next.kind == TokenKind::Number) {
        return true;
    }
    // "Story 3: data passing and retries" names it.
    let named = line.place.form == Form::Heading && line.is(state.last + 1, Class::Conjunction);
    if named && line.is_gerund(state.state) && line.get(state.last + 2).is_some_and(|next| !next.is_state_word()) {
        return true;
    }
    // "Works with any runner" tells of what it suits.
    let any = line.is(state.last + 1, Class::Link) && line.is(state.last + 2, Class::Determiner);
    let with = line.is(state.last + 1, Class::With) && line.place.section != Section::Status;
    let suits = token.is(Class::Verb) && (any || with);
    suits && token.entry.rung == Some(Rung::Functional) && !state.copula
}

/// "Status: yellow cluster": what stands right behind the label tells the status, a noun behind it or not.
fn answers_status(line: &Line<'_>, state: &Predicate) -> bool {
    // "Status: open/closed" lists the states that there are.
    let listed = line.get(state.last + 1).is_some_and(|next| next.is_punct(b'/') && !next.spaced);
    state.first == line.body && line.asks_status() && !listed
}

/// The token after the state and the date that it is of: "(completed June 2025)".
fn after_date(line: &Line<'_>, state: &Predicate) -> usize {
    const LONGEST_DATE: usize = 4;
    let date = |token: &&Token| token.is(Class::Month) || matches!(token.kind, TokenKind::Number | TokenKind::Opaque);
    let after = &line.tokens[state.last + 1..];
    let count = after.iter().take(LONGEST_DATE).take_while(date).count();
    // "(verified June 2025)" says when somebody looked.
    let inside = after.get(count).is_some_and(|next| next.is_punct(b')')) && !line.is(state.last, Class::Look);
    // "### Gate 3 - removal ✅ DONE 2026-05-02".
    let ends = after.len() == count && line.place.form == Form::Heading;
    state.last + 1 + if inside || ends { count } else { 0 }
}

/// "x64: successfully builds all libraries": the verb behind the adverb of success tells what is so.
fn succeeds(line: &Line<'_>, state: &Predicate) -> bool {
    let verb = state.last + 1;
    let adverb = line.is(state.state, Class::Adverb) && state.first == line.body && line.label.is_some();
    adverb && line.get(verb).is_some() && (line.is_plural(verb) || line.is_gerund(verb))
}

/// "Error handling: thorough and tested": the answer to a label is joined to a word that the lexicon does not know.
fn joined(line: &Line<'_>, state: &Predicate) -> bool {
    let answer = line.body..state.first;
    let words =
        |at: usize| line.tokens[at].is_word() || line.tokens[at].is_punct(b'&') || line.tokens[at].is_punct(b'*');
    let conjunction = |at: usize| line.is(at, Class::Conjunction) || line.tokens[at].is_punct(b'&');
    line.label.is_some()
        && (2..4).contains(&answer.len())
        && answer.clone().all(words)
        && conjunction(state.first - 1)
        && subject::ends_phrase(line, state.last + 1)
}

/// "How to complete it", but "moved to deployed".
fn is_infinitive(line: &Line<'_>, state: &Predicate) -> bool {
    let text = |at: usize| line.source[line.tokens[at].span().range()].rsplit(' ').next().unwrap_or_default();
    let to = state.first.checked_sub(1).is_some_and(|before| text(before).eq_ignore_ascii_case("to"));
    let past = || text(state.state).to_ascii_lowercase().ends_with("ed");
    to && state.first == state.state && !state.copula && !past()
}

/// Whether the state is a phrase that begins with "not".
fn is_denial(line: &Line<'_>, state: &Predicate) -> bool {
    let phrase = &line.source[line.tokens[state.state].span().range()];
    phrase.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("not "))
}

/// Whether the token is a pictograph that says no state.
fn is_ornament(line: &Line<'_>, at: usize) -> bool {
    line.tokens[at].kind == TokenKind::Symbol && !line.tokens[at].is_state_symbol() && at > line.body
}

/// Whether the token could be part of a name.
fn names(line: &Line<'_>, at: usize) -> bool {
    matches!(line.tokens[at].kind, TokenKind::Word | TokenKind::Number | TokenKind::Code | TokenKind::Opaque)
}

/// "failing in production": the first of two states in a row is the one that is said.
fn echoes(line: &Line<'_>, state: &Predicate) -> bool {
    state.first.checked_sub(1).is_some_and(|before| {
        line.tokens[before].is_state_word() && !line.is(before, Class::Adverb) && line.same_clause(before, state.first)
    })
}

/// "what is running" asks, and says nothing of a subject.
fn asks(line: &Line<'_>, state: &Predicate) -> bool {
    let clause = line.clause_start(state.state);
    if line.is(clause, Class::Question) && clause < state.first {
        return true;
    }
    let asks = |at: usize| line.is(at, Class::Question) || line.is(at, Class::Pronoun) && line.label.is_none();
    // "which worker is running where" asks as well.
    if state.copula && (state.first.saturating_sub(4).max(clause)..state.first).any(|at| line.is(at, Class::Question)) {
        return true;
    }
    let subject_end = state.first.checked_sub(if line.is(state.first, Class::Copula) { 1 } else { 2 });
    state.copula && subject_end.is_some_and(|at| asks(at) && line.same_clause(at, state.first))
}

impl Setting<'_> {
    /// A state that opens its clause: an answer to a label, a cell, an entry, something in parentheses.
    fn opens(&self, clause: usize) -> bool {
        let &Setting { line, state, weak, marked, alone, .. } = self;
        let (form, token) = (line.place.form, &line.tokens[state.state]);
        if line.label.is_some() && (state.first == line.body || joined(line, state)) {
            let approved = line.led_by(state.polarity);
            return !weak
                || approved
                || answers_status(line, state)
                || succeeds(line, state)
                || alone && !describes(line, state.last + 1);
        }
        // "Set up the database" is told to somebody.
        if line.is(state.last + 1, Class::Determiner) {
            return false;
        }
        if let Some(stated) = self.in_parentheses() {
            return stated;
        }
        if state.first != line.body {
            let dashed = line.colon && line.tokens[clause].is_punct(b'-');
            // "Status: built, merged to the trunk".
            let listed = state.first == clause && clause > 0 && line.tokens[clause - 1].is_punct(b',');
            // "### Phase 2: Testing ⚡ COMPLETED".
            let adorned = form == Form::Heading && state.first > 0 && alone && is_ornament(line, state.first - 1);
            return (marked || form == Form::Cell || dashed || adorned) && !weak || listed && line.asks_status();
        }
        match form {
            // "Yes" in a column "Production ready?" answers it.
            Form::Cell if line.place.column.has(Class::State) => !weak || alone,
            Form::Cell => !weak || alone && (line.place.column.has(Class::ColumnState) || line.place.columns < 3),
            // A word alone is the name of a section, and "Working with the parser" is a topic.
            Form::Heading => !weak && (marked || state.first < state.last || !alone && !line.is_gerund(state.last)),
            Form::Item => {
                (marked || token.strong) && !weak
                    || line.place.section == Section::Status
                        && !weak
                        && (alone
                            || line.tokens[state.state].entry.rung == Some(Rung::Functional)
                                && line.is(state.last + 1, Class::Link))
            }
            Form::Paragraph => (marked || token.strong) && !weak,
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
            || before.is_some_and(|before| before.is_punct(b'-') && before.spaced && inside);
        // "(configured, not billed yet)", but "(pending, approved)" lists the states that there are.
        let next = state.last + 2;
        let said_on = next < line.tokens.len() && line.clause_end(next) > next + 2;
        let goes_on = |after: &Token| {
            after.is_punct(b';') || after.is_punct(b'-') && after.spaced || after.is_punct(b',') && said_on
        };
        // "(deployed on the rack)": where it is.
        let placed = matches!(line.tokens[state.state].entry.rung, Some(Rung::Exists | Rung::Running))
            && line.is(state.last + 1, Class::Link)
            && (state.last + 3..state.last + 6).any(|at| line.get(at).is_some_and(|token| token.is_punct(b')')));
        // "(DEFERRED to phase 7)".
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
        let denied = (negated || is_denial(line, state)) && before.is_some_and(|before| before.is_punct(b','));
        if !(closed && (opened || denied)) {
            return inside.then_some(false);
        }
        // "Version 2 (current)" tells which one is meant.
        if line.is(state.state, Class::Generic) {
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
        if token.is(Class::Verb) {
            return line.tokens[before].kind == TokenKind::Code || line.tokens[before].is_word();
        }
        // An adverb of success behind a verb in the present tense.
        let several = before.checked_sub(1).is_some_and(|at| line.is_plural(at));
        let verb = line.is_plural(before) || several || line.is(before, Class::Imperative);
        token.is(Class::Adverb) && verb && before > line.clause_start(state.first)
    }

    /// "NOUN STATE" as headlines have it.
    fn headline(&self) -> bool {
        let &Setting { line, state, weak, marked, alone, .. } = self;
        let (form, token) = (line.place.form, &line.tokens[state.state]);
        let said_of = state.first.checked_sub(1).is_some_and(|at| {
            let before = &line.tokens[at];
            before.is_word() && !before.entry.classes.any(NO_SUBJECT)
                || matches!(before.kind, TokenKind::Code | TokenKind::Number | TokenKind::Opaque)
                || before.is_punct(b')')
        });
        // "It uses a context for agents working across sessions": the participle describes the word before it.
        let clause = line.clause_start(state.first);
        let describes = !marked
            && !alone
            && state.first - clause > LONGEST_SUBJECT
            && line.find(clause..state.first, Classes::of(&[Class::Link])).is_some();
        let several =
            || line.is_plural(state.first - 1) || (clause..state.first).any(|at| line.is(at, Class::Conjunction));
        // "With retries enabled, …", "(with the cache disabled)": when something else is so.
        let opening = clause + usize::from(line.tokens[clause].is_punct(b'('));
        let circumstance = line.says(opening, "with") && !state.copula;
        // "Feature set" is a noun.
        let named = self.weak && token.is(Class::Imperative) && !self.negated;
        if describes || circumstance || named || !said_of || token.is(Class::BaseVerb) && !several() && !self.negated {
            return false;
        }
        // "Commands available" is the title of a list, and so is "Methods tested", unless it is shouted.
        let titles = || {
            let tells = self.negated || token.is(Class::Verb) || line.capitals(state.state);
            alone && !tells && token.entry.polarity == Polarity::Up && line.is_plural(state.first - 1)
        };
        if form == Form::Heading && line.depth(state.first) == 0 && !marked && (token.is(Class::Room) || titles()) {
            return false;
        }
        // "Security layer not built".
        if weak && alone && self.negated && form == Form::Item {
            return line.states(state.first) || token.entry.polarity == Polarity::Up;
        }
        let turned = line.is(state.last + 1, Class::Contrast)
            || line.depth(state.first) == 0 && line.get(state.last + 1).is_some_and(|next| next.is_punct(b'('));
        if weak && (alone || turned) && self.is_said_by_a_verb() {
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

/// Whether a mark makes the section one of status: "### Sessions ✅".
fn is_below_a_mark(line: &Line<'_>) -> bool {
    let cue = line.place.section_cue.filter(|_| line.place.section == Section::Status);
    cue.is_some_and(|cue| !line.source.as_bytes()[cue.start].is_ascii())
}

/// Whether a comma leads on to more adjectives of a noun: "clean, readable output".
fn describes(line: &Line<'_>, at: usize) -> bool {
    let next = line.get(at + 1);
    line.get(at).is_some_and(|token| token.is_punct(b','))
        && next.is_some_and(|next| next.is_word() && next.entry == Entry::default())
}

/// The claim, with the mark beside it and the noun that it is said of.
fn candidate(line: &Line<'_>, state: &Predicate, symbol: Option<usize>, mark: Option<usize>) -> Candidate {
    let mut candidate = Candidate::new(Kind::State, state.first, state.last);
    candidate.predicate(state);
    if let Some(mark) = mark.filter(|_| symbol.is_none()) {
        candidate.first = candidate.first.min(mark);
        // "⚠️ Base confirmed" is so in part; "Status: 🟡 base complete, rest pending" weighs what it goes on with.
        if candidate.polarity == Polarity::Up && !line.asks_status() {
            candidate.polarity = line.tokens[mark].entry.polarity;
        }
    }
    if let Some(symbol) = symbol {
        let points = line.tokens[symbol].entry.polarity;
        if candidate.polarity == Polarity::Up {
            candidate.polarity = points;
        }
        if symbol + 1 == state.first {
            candidate.first = symbol;
        } else if symbol == state.last + 1 {
            candidate.last = symbol;
        }
    }
    if joined(line, state) {
        candidate.first = line.body;
        return candidate;
    }
    // "Completed: the lexer" says it of what stands behind the label.
    if line.label.as_ref().is_some_and(|label| line.colon && *label == (state.first..state.last + 1)) {
        candidate.noun = subject::noun_after(line, line.body);
        return candidate;
    }
    let copula = usize::from(state.copula && !line.is(state.first, Class::Copula));
    let said_at = predicate::turned(line, state.first).unwrap_or(state.first - copula.min(state.first));
    candidate.noun = subject::noun_before(line, said_at);
    if let Some(noun) = &candidate.noun
        && line.same_clause(noun.start, state.state)
    {
        candidate.first = candidate.first.min(noun.start);
    }
    candidate
}
