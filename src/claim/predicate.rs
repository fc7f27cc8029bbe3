//! Words of state with what belongs to them: "not yet", "fully … and tested", "… correctly".

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::Polarity;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};
use crate::rung::Rung;

/// A state, as a run of tokens.
#[derive(Clone, Copy, Debug)]
pub struct Predicate {
    /// First token, adverbs and negation included.
    pub first: usize,
    /// Last token.
    pub last: usize,
    /// The state word itself.
    pub state: usize,
    /// Which way it points.
    pub polarity: Polarity,
    /// What it asks for.
    pub rung: Option<Rung>,
    /// Whether a form of "to be" stands before it.
    pub copula: bool,
}

impl Predicate {
    /// "The gateway is down.", "the gateway is a stub.": the word is weak elsewhere, and has no other sense behind a copula at
    /// the end of its clause.
    pub fn is_bare(&self, line: &Line<'_>) -> bool {
        const BARE: Classes = Classes::of(&[Class::Bare, Class::Makeshift]);
        let next = self.last + 1;
        // "The gateway is up for 3 days."
        let number = line.get(next + 1).is_some_and(|token| token.kind == TokenKind::Number);
        let ends = subject::ends_phrase(line, next) || line.is(next, Class::Link) && number;
        self.copula && line.tokens[self.state].entry.classes.any(BARE) && ends
    }
}

/// Whether a link makes a noun of the state: "all promoted to production".
pub fn is_object(line: &Line<'_>, state: &Predicate) -> bool {
    !state.copula && behind_a_preposition(line, state.first)
}

/// Whether a preposition stands right before `at`: a link that neither joins clauses nor adds to a sentence.
pub fn behind_a_preposition(line: &Line<'_>, at: usize) -> bool {
    const OTHERS: Classes = Classes::of(&[Class::With, Class::Conjunction, Class::Copula]);
    let preposition = |at: usize| line.is(at, Class::Link) && !line.tokens[at].entry.classes.any(OTHERS);
    at.checked_sub(1).is_some_and(|at| preposition(at) && !runs(line, at))
}

/// "Deep simulation runs successfully": whether the link at `at` is a verb as well.
pub fn runs(line: &Line<'_>, at: usize) -> bool {
    line.says(at, "runs") || line.says(at, "run")
}

/// The most words that belong to a state on either side.
const LONGEST: usize = 6;

const BEFORE: Classes = Classes::of(&[Class::Adverb, Class::Negator, Class::PartialAdverb]);

/// The predicate around the state word at `state`.
pub fn around(line: &Line<'_>, state: usize) -> Predicate {
    let token = &line.tokens[state];
    let mut first = state;
    let (mut negated, mut partial, mut fully) = (false, false, false);
    while first > state.saturating_sub(LONGEST)
        && line.tokens[first - 1].is_word()
        && line.same_clause(first - 1, state)
    {
        let before = &line.tokens[first - 1];
        // "Has not yet been independently tested".
        let manner = || before.entry.is_unknown() && line.is_manner(first - 1);
        if !before.entry.classes.any(BEFORE) && !manner() {
            break;
        }
        negated |= before.is(Class::Negator);
        partial |= before.is(Class::PartialAdverb);
        fully |= before.is(Class::Fully);
        first -= 1;
        if before.is(Class::Copula) {
            break;
        }
    }
    // "The mill does not work".
    let helps = |at: usize| line.says(at, "does") || line.says(at, "do");
    if negated && line.is(state, Class::BaseVerb) && first.checked_sub(1).is_some_and(helps) {
        first -= 1;
    }
    let mut copula = line.tokens[first].is(Class::Copula) && first < state;
    if !copula && first > 0 && line.tokens[first - 1].is(Class::Copula) {
        copula = true;
        negated |= line.tokens[first - 1].is(Class::Negator);
        // "has not yet been opened": it is denied before the verb.
        if let Some(denial) = denial_before(line, first - 1) {
            (first, negated) = (denial, true);
        }
    }
    if let Some(verb) = Some(first)
        .filter(|_| !copula)
        .and_then(|first| attributive(line, first, fully || twofold(line, state) || token.is(Class::Makeshift)))
    {
        (first, copula) = (verb, true);
    }
    copula |= turned(line, first).is_some();
    let last = extend(line, state);
    // "works intermittently".
    partial |=
        (state + 1..last + 1).take_while(|&at| line.is(at, Class::Adverb)).any(|at| line.is(at, Class::PartialAdverb));
    let polarity = match (token.entry.polarity, negated) {
        (Polarity::Up, true) if fully => Polarity::Partial,
        (Polarity::Up, false) if partial => Polarity::Partial,
        (Polarity::Up | Polarity::Partial, true) => Polarity::Down,
        (Polarity::Down, true) => Polarity::Up,
        (polarity, _) => polarity,
    };
    Predicate { first, last, state, polarity, rung: token.entry.rung, copula }
}

/// The word that denies the verb at `verb`, with nothing but adverbs between them.
fn denial_before(line: &Line<'_>, verb: usize) -> Option<usize> {
    let from = line.clause_start(verb).max(verb.saturating_sub(LONGEST));
    let words = (from..verb).rev().take_while(|&at| line.tokens[at].entry.classes.any(BEFORE));
    words.filter(|&at| line.is(at, Class::Negator)).last()
}

/// "A complete, working mill": whether the adjective at `state` is joined to another one.
fn twofold(line: &Line<'_>, state: usize) -> bool {
    line.get(state + 1).is_some_and(|next| next.is_punct(b',')) && line.get(state + 2).is_some_and(Token::is_state_word)
}

/// "The mill is a fully tested building", "the mill is now a working museum": the form of "to be" before an attribute that
/// says it all, where `all` tells so, or what has become so.
fn attributive(line: &Line<'_>, first: usize, all: bool) -> Option<usize> {
    let indefinite = |&at: &usize| line.is(at, Class::Determiner) && (line.says(at, "a") || line.says(at, "an"));
    let article = first.checked_sub(1).filter(indefinite)?;
    let adverb = |&at: &usize| line.is(at, Class::Adverb) && !line.is(at, Class::Copula);
    let verb = (line.clause_start(first)..article).rev().find(|at| !adverb(at))?;
    let now = all || line.find(verb..article, Classes::of(&[Class::Now])).is_some();
    (now && line.is(verb, Class::Copula)).then_some(verb)
}

/// "The gateway is deployed but not yet connected to": the form of "to be" that serves the state before the turn and the
/// one that begins behind it at `first`.
pub fn turned(line: &Line<'_>, first: usize) -> Option<usize> {
    // "The importer has passed all checks and is ready" as well.
    let verb = first.checked_sub(1).filter(|&at| line.is(at, Class::Copula)).unwrap_or(first);
    let goes_on = |at: usize| line.is(verb, Class::Copula) && line.is(at, Class::Conjunction);
    let turn = verb.checked_sub(1).filter(|&at| line.is(at, Class::Contrast) || goes_on(at));
    let Some(turn) = turn else { return coordinated(line, first) };
    let from = turn.saturating_sub(2 * LONGEST).max(line.sentence_start(first));
    // "The reader exists but untested" as well, while "ready but not wired" takes back in part what it says.
    let denied = line.is(first, Class::Negator) || line.is_denial(first);
    let serves: &[Class] = match (goes_on(turn), denied) {
        (true, _) => &[Class::Copula, Class::With],
        (false, true) => &[Class::Copula],
        (false, false) => &[Class::Copula, Class::State],
    };
    let serves = Classes::of(serves);
    let verb = (from..turn).find(|&at| line.tokens[at].entry.classes.any(serves))?;
    // "It was begun but timed out" tells what was.
    let past = line.is(verb, Class::State) && line.find(from..turn, Classes::of(&[Class::History])).is_some();
    (!past).then_some(verb)
}

/// "The runner is quick and ready": the verb that serves an adjective which the lexicon does not know, and what is joined
/// to it.
fn coordinated(line: &Line<'_>, first: usize) -> Option<usize> {
    let conjunction = first.checked_sub(1).filter(|&at| line.is(at, Class::Conjunction))?;
    let adjective = conjunction.checked_sub(1).filter(|&at| line.tokens[at].is_word())?;
    let plain = !line.tokens[adjective].entry.classes.any(BEFORE) && !line.is(adjective, Class::State);
    let verb = adjective.checked_sub(1).filter(|&at| plain && line.is(at, Class::Copula))?;
    line.same_clause(verb, first).then_some(verb)
}

/// Whether two states in a row say the same: "empty placeholder" is not there, and no more.
fn alike(a: Polarity, b: Polarity) -> bool {
    a == b || a != Polarity::Up && b != Polarity::Up
}

/// The last token of the state that begins with the word at `state`: adverbs after it, and states joined to it.
fn extend(line: &Line<'_>, state: usize) -> usize {
    let end = line.sentence_end(state).min(state + 2 * LONGEST);
    let word = |at: usize, class: Class| at < end && line.tokens[at].is_word() && line.is(at, class);
    let mut last = state;
    loop {
        while word(last + 1, Class::Adverb) && !word(last + 1, Class::Negator) && line.closes(last + 2) {
            last += 1;
        }
        // "online in production".
        let row = last + 1 < end && line.tokens[last + 1].is_state_word() && !line.is(last + 1, Class::BaseVerb);
        if row
            && line.same_clause(last, last + 1)
            && alike(line.tokens[last + 1].entry.polarity, line.tokens[state].entry.polarity)
            && line.closes(last + 2)
        {
            last += 1;
            continue;
        }
        let joins = |at: &usize| {
            let token = &line.tokens[*at];
            token.is_punct(b',') || token.is_punct(b'&') || token.is_punct(b'+') || token.is(Class::Conjunction)
        };
        let joined = (last + 1..end).find(|at| !joins(at)).unwrap_or(end);
        let next = (joined..end).find(|&at| !word(at, Class::Adverb) || line.tokens[at].is_state_word()).unwrap_or(end);
        let more = joined > last + 1 && next < end && line.tokens[next].is_state_word() && line.closes(next + 1);
        if !more || line.tokens[next].entry.polarity != line.tokens[state].entry.polarity {
            return last;
        }
        last = next;
    }
}

/// The next predicate after `from` that is complete, before `to`.
pub fn next(line: &Line<'_>, from: usize, to: usize) -> Option<Predicate> {
    let states = (from..to).filter(|&at| line.tokens[at].is_state_word());
    states.map(|at| around(line, at)).find(|found| line.closes(found.last + 1))
}

/// The predicate that begins right at `at`, after a copula and adverbs.
pub fn here(line: &Line<'_>, at: usize) -> Option<Predicate> {
    let end = line.tokens.len().min(at + LONGEST);
    let mut state = at;
    while state < end
        && line.tokens[state].is_word()
        && !line.tokens[state].is_state_word()
        && (line.tokens[state].entry.classes.any(BEFORE) || line.is(state, Class::Copula))
    {
        state += 1;
    }
    if state >= end || !line.tokens[state].is_state_word() || !line.same_clause(at, state) {
        return None;
    }
    let found = around(line, state);
    // "Two repositories live as siblings": a verb of place.
    if line.is(state, Class::Dwells) && !found.copula && line.is(found.last + 1, Class::Link) {
        return None;
    }
    line.closes(found.last + 1).then_some(found)
}

/// A symbol of state right before `first` or right after `last`.
pub fn symbol_beside(line: &Line<'_>, first: usize, last: usize) -> Option<usize> {
    let skip = |token: &Token| matches!(token.kind, TokenKind::Punct(b'*'));
    let after = (last + 1..line.tokens.len())
        .find(|&at| !skip(&line.tokens[at]))
        .filter(|&at| line.tokens[at].is_state_symbol());
    let before = (0..first).rev().find(|&at| !skip(&line.tokens[at])).filter(|&at| line.tokens[at].is_state_symbol());
    before.or(after)
}
