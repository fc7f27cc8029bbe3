//! Whether a state word is said of something, or only stands there: as part of a name, an attribute, a topic.

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::predicate::{self, Predicate};
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};
use crate::rung::Rung;

mod setting;
mod some;

use setting::Setting;

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
        alone: subject::ends_phrase(line, state.last + 1) || lasts(line, state),
    };
    // "Bells (big, small) ring": what stands before the aside is the subject.
    let aside = subject::before_aside(line, state.first);
    let goes_on = aside < state.first && setting.alone && names(line, aside - 1) && aside > line.body;
    let opens = state.first == line.body
        || joined(line, state)
        || state.first > 0 && is_ornament(line, state.first - 1)
        || symbol.is_some_and(|symbol| symbol < state.first)
        || !(clause..state.first).any(|at| names(line, at) && !line.is(at, Class::Contrast));
    let starts = opens && !goes_on;
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
    if line.closes(after_date(line, state))
        || answers_status(line, state)
        || succeeds(line, state)
        || halved(line, state).is_some()
        || is_attribute(line, state)
        || lasts(line, state)
    {
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
    // "| Status |" with "| Complete base layer |" below.
    let plain = |at: usize| line.tokens[at].is_word() && !line.is(at, Class::State);
    let finished = answers_column(line, state) && line.is(state.state, Class::Finished);
    if finished && (state.last + 1..line.clause_end(state.state)).all(plain) {
        return true;
    }
    // "The bell is missing its rope".
    let lacks = state.copula && line.says(state.last, "missing");
    lacks || aside && line.says(state.last, "pending") || answers && extent
}

/// "| Status |" with "| Up 3 days |" below: for how long it has been so. "Up 3 days (unhealthy)" says more behind it.
fn lasts(line: &Line<'_>, state: &Predicate) -> bool {
    let next = state.last + 1;
    let number = line.get(next).is_some_and(|token| token.kind == TokenKind::Number);
    let asked = line.place.column.has(Class::ColumnState) || line.asks_status();
    number && line.is(next + 1, Class::Unit) && line.tokens.len() == next + 2 && asked && state.first == line.body
}

/// "The mill is a fully tested building": what it is in full is said of it, whatever it is.
fn is_attribute(line: &Line<'_>, state: &Predicate) -> bool {
    state.copula
        && line.is(state.first, Class::Copula)
        && line.find(state.first..state.state, Classes::of(&[Class::Determiner])).is_some()
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
    // "alpha=64" is the name of a setting.
    if line.get(state.last + 1).is_some_and(|next| next.is_punct(b'=') && !next.spaced) {
        return true;
    }
    // "⚠️ Set the address first" is told to somebody.
    if token.is(Class::Imperative) && !state.copula && line.is(state.last + 1, Class::Determiner) {
        return true;
    }
    // "Login: none (in the cellar)" tells that there is none, and not that one is missing.
    let current =
        || line.label.clone().is_some_and(|label| line.find(label, Classes::of(&[Class::ColumnState])).is_some());
    let none = line.says(state.state, "none") && state.first == state.state;
    if none && !line.shouted(state.state) && !line.led_by(Polarity::Down) && !current() {
        return true;
    }
    // "Verbs: draft, done, pull, list" names them.
    if enumerated(line, state) {
        return true;
    }
    // "The trees achieved 75% of it": a verb of the past, and what was done.
    let object =
        line.get(state.last + 1).is_some_and(|next| next.kind == TokenKind::Number || next.is(Class::Determiner));
    if object && !state.copula && line.says(state.state, "achieved") {
        return true;
    }
    // "Achieved 100% coverage" states the number.
    let number = line.get(state.last + 1).is_some_and(|next| next.kind == TokenKind::Number);
    if state.first == line.body && number && !lasts(line, state) {
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
    // "Needed: yes" answers no question of a state, "Painted: yes" does.
    let asked = line.label.clone().filter(|_| line.colon && state.first == line.body && !line.marked());
    let of_state = |label| line.find(label, Classes::of(&[Class::State])).is_some();
    if line.says(state.state, "yes") && asked.is_some_and(|label| !of_state(label)) {
        return true;
    }
    // "Bells: Working with a rope", "## Running locally" are about doing it.
    let activity = line.is_gerund(state.state) && state.first == line.body && !line.marked();
    let manner = state.last > state.state && line.is_manner(state.last) && state.last + 1 == line.tokens.len();
    if activity && manner && line.place.form == Form::Heading {
        return true;
    }
    let suits = (token.is(Class::Verb) || activity) && (any || with);
    suits && token.entry.rung == Some(Rung::Functional) && !state.copula
}

/// Whether further names of one word follow behind commas, and none of them is a state.
fn enumerated(line: &Line<'_>, state: &Predicate) -> bool {
    let plain = |at: usize| line.get(at).is_some_and(|token| token.is_word() && !token.is(Class::State));
    let comma = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b','));
    let after = state.last + 1;
    line.label.is_some() && state.first == line.body && [0, 2].iter().all(|n| comma(after + n) && plain(after + n + 1))
}

/// "Status: yellow cluster": what stands right behind the label tells the status, a noun behind it or not.
fn answers_status(line: &Line<'_>, state: &Predicate) -> bool {
    // "Status: open/closed" lists the states that there are.
    let listed = line.get(state.last + 1).is_some_and(|next| next.is_punct(b'/') && !next.spaced);
    state.first == line.body && line.asks_status() && !listed
}

/// Whether a cell of a column that tells the state begins with it.
fn answers_column(line: &Line<'_>, state: &Predicate) -> bool {
    line.place.form == Form::Cell && line.place.column.has(Class::ColumnState) && state.first == line.body
}

/// "| Status |" with "| Merged/replaced |" below: the last word of two that share the cell.
fn halved(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    let other = state.last + 2;
    let fills = answers_column(line, state) && other + 1 == line.tokens.len();
    let joined = fills && line.tokens[other - 1].is_punct(b'/') && line.tokens[other].is_word();
    joined.then_some(other)
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
    let adverb = line.is(state.state, Class::Adverb) && state.first == line.body;
    // "Successfully reads all samples" speaks of the samples.
    let all = || line.find(verb..line.tokens.len(), Classes::of(&[Class::Quantifier])).is_some();
    let entry = line.label.is_some() || line.place.form == Form::Item && !all();
    adverb && entry && line.get(verb).is_some() && (line.is_plural(verb) || line.is_gerund(verb))
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

/// "How to complete it", "easy to play correctly", but "moved to deployed".
fn is_infinitive(line: &Line<'_>, state: &Predicate) -> bool {
    let manner = line.is(state.state, Class::Adverb) && state.first == state.state;
    // "Saved to Disk correctly" is no infinitive.
    let verb = |at: usize| line.source[line.tokens[at].span().range()].bytes().all(|byte| byte.is_ascii_lowercase());
    if manner && state.first > 1 && line.says(state.first - 2, "to") && verb(state.first - 1) {
        return true;
    }
    let text = |at: usize| line.source[line.tokens[at].span().range()].rsplit(' ').next().unwrap_or_default();
    let to = state.first.checked_sub(1).is_some_and(|before| text(before).eq_ignore_ascii_case("to"));
    let past = || text(state.state).to_ascii_lowercase().ends_with("ed");
    to && state.first == state.state && !state.copula && !past()
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
    candidate.last = candidate.last.max(halved(line, state).unwrap_or(0));
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
    let sentence = line.sentence_start(state.first);
    let said_at = subject::before_aside(line, said_at);
    candidate.noun = subject::noun_before(line, said_at).filter(|noun| noun.start >= sentence);
    if let Some(noun) = &mut candidate.noun
        && line.same_clause(noun.start, state.state)
    {
        candidate.first = candidate.first.min(noun.start);
        if let Some(share) = some::of(line, noun.clone()) {
            noun.start = share.noun;
            candidate.first = candidate.first.min(share.at);
            if candidate.polarity == Polarity::Up {
                candidate.polarity = Polarity::Partial;
            }
        }
    }
    candidate
}
