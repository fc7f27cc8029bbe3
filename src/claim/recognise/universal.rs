//! "All endpoints working", "all 5 databases operational", "no failing tests", "everything is up".

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::predicate;
use crate::claim::recognise::{amount, mark};
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};
use crate::rung::Rung;

/// How far from the quantifier its state can stand, in tokens.
const REACH: usize = 14;

/// Finds what a line says of all or none.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in 0..line.tokens.len() {
        let token = &line.tokens[at];
        if !token.is_word() || found.has(at) {
            continue;
        }
        if token.is(Class::Quantifier) {
            all(line, at, found);
        } else if token.is(Class::Nothing) {
            none(line, at, found);
        }
    }
}

fn all(line: &Line<'_>, at: usize, found: &mut Found) {
    // "a set of servers that all fail" tells which are meant.
    if at > 0 && line.is(at - 1, Class::Continued) {
        return;
    }
    let mut noun_start = at + 1;
    while line.is(noun_start, Class::Determiner) || line.is(noun_start, Class::OutOf) {
        noun_start += 1;
    }
    let number = amount::at(line, noun_start).filter(|number| !number.percent && line.same_clause(at, noun_start));
    let value = number.map(|number| number.value);
    let noun = subject::noun_after(line, number.map_or(noun_start, |number| number.end));
    let mut candidate = Candidate::new(Kind::Universal { value }, at, at);
    candidate.value_span = number.map(|number| number.span);
    candidate.noun = noun.clone();
    if let Some(cue) = not_all(line, at) {
        found.refuse(line, "universal", at..line.sentence_end(at), &rule::NOT_ALL, cue);
        return;
    }
    let marked = at > 0 && line.tokens[at - 1].is_state_symbol();
    let told = line.states(at) || line.tokens[at].strong || marked;
    // "All workers down.": right behind its noun, and all that the sentence says, no other sense is left to a weak word.
    let curt = |state: &predicate::Predicate| {
        let noun = noun.as_ref().is_some_and(|noun| {
            let next = noun.end + usize::from(line.is(noun.end, Class::Now));
            state.first <= next && line.is_plural(noun.end - 1)
        });
        noun && line.sentence_start(at) == at && !names_on(line, state.last + 1)
    };
    let fits = |state: &predicate::Predicate| {
        let said = told && !predicate::is_object(line, state);
        !line.is(state.state, Class::Weak) || said || curt(state) || state.is_bare(line)
    };
    let after_label = line.label.as_ref().is_some_and(|label| label.contains(&at) && line.body < line.tokens.len());
    if let Some(state) = state_after(line, at).filter(fits) {
        // "An inventory of all services running in the rack" names them.
        if !state.copula && line.is_gerund(state.state) && predicate::behind_a_preposition(line, at) {
            return;
        }
        candidate.predicate(&state);
    } else if let Some(state) = state_before(line, at) {
        candidate.predicate(&state);
        candidate.last = noun.as_ref().map_or(at, |noun| noun.end - 1).max(at);
        if candidate.noun.is_none() {
            return;
        }
        let serves = Classes::of(&[Class::Copula, Class::With]);
        let said_at = (line.clause_start(at)..state.first).rfind(|&at| !line.tokens[at].entry.classes.any(serves));
        candidate.noun = subject::noun_before(line, said_at.map_or(state.first, |noun| noun + 1));
    } else if let Some(state) = after_dash(line, at, noun.as_ref().map_or(at + 1, |noun| noun.end)) {
        candidate.predicate(&state);
    } else if let Some(noun) =
        noun.as_ref().filter(|_| line.place.form == Form::Cell && at == line.body && value.is_some() && !line.marked())
    {
        // A cell that says "All 3 targets" says that none is left out.
        candidate.polarity = Polarity::Up;
        candidate.last = noun.end - 1;
    } else if let Some(verb) =
        noun.as_ref().and_then(|noun| now_does(line, at, noun).or_else(|| counted_do(line, at, noun, value.is_some())))
    {
        candidate.polarity = Polarity::Up;
        candidate.last = verb;
    } else if let Some(done) = noun.as_ref().and_then(|noun| all_done(line, at, noun)) {
        candidate.polarity = Polarity::Up;
        candidate.last = done;
        candidate.noun = noun.map(|noun| noun.start..done);
    } else if let Some(plural) = noun.clone().and_then(|mut noun| noun.rfind(|&at| line.is_plural(at))).filter(|_| {
        // "✅ All 18 components": the mark is the state.
        let begins =
            line.is(at, Class::Whole) && at == line.body || line.label.as_ref().is_some_and(|label| label.start == at);
        let marked = after_label || line.body > 0 && line.lead_symbol == Some(line.body - 1);
        // "All lamps should work ✓".
        let wanted =
            line.find(at..line.sentence_end(at), Classes::of(&[Class::Rule, Class::Modal, Class::Plan])).is_some();
        begins && !wanted && (value.is_some() || line.label.is_none() || marked) && found.candidates.is_empty()
    }) {
        let ticked = line.task().filter(|_| line.is_ticked());
        let Some(symbol) = line.lead_symbol.or(line.tail_symbol).or(ticked) else { return };
        candidate.polarity = if Some(symbol) == ticked { Polarity::Up } else { line.tokens[symbol].entry.polarity };
        candidate.last = plural;
        let beside = symbol + 1 == candidate.first;
        if beside {
            candidate.first = symbol;
        }
    } else if let Some((symbol, done)) = marked_done(line, at) {
        candidate.polarity = line.tokens[symbol].entry.polarity;
        candidate.last = done;
        candidate.noun = noun.map(|noun| noun.start..noun.end.min(done));
    } else {
        return;
    }
    if candidate.noun.is_none() {
        candidate.noun = subject::noun_before(line, at);
    }
    if candidate.noun.is_none() && candidate.predicate.is_none() {
        return;
    }
    // "All tests, all green" in the middle of a sentence that instructs is left to the vetoes.
    found.add(line, candidate);
}

/// The word that takes some out of all: "not all", "almost all", "all but one", "everything except the roof".
fn not_all(line: &Line<'_>, at: usize) -> Option<usize> {
    const FEWER: Classes = Classes::of(&[Class::Negator, Class::Approx, Class::PartialAdverb]);
    if line.is(at, Class::Negator) {
        return Some(at.saturating_sub(1));
    }
    let before = at.checked_sub(1).filter(|&at| line.tokens[at].entry.classes.any(FEWER));
    let but = Some(at + 1).filter(|&at| line.says(at, "but"));
    let except = || (at + 1..line.sentence_end(at)).find(|&at| line.says(at, "except") || line.says(at, "excluding"));
    before.or(but).or_else(except)
}

/// The state later in the sentence, over what stands in parentheses: "All ports (80, 443) open and reachable".
fn state_after(line: &Line<'_>, at: usize) -> Option<predicate::Predicate> {
    let depth = line.depth(at);
    let end = line.sentence_end(at);
    let mut outside = 0;
    for state in at + 1..end {
        let token = &line.tokens[state];
        if line.depth(state) != depth || token.is_punct(b')') {
            continue;
        }
        outside += 1;
        // "It has passed all checks and is ready": that is said of what stands before.
        let other = token.is(Class::Conjunction) && line.is(state + 1, Class::Copula);
        if other
            && at > line.clause_start(at)
            && line.tokens[line.clause_start(at)..at].iter().any(Token::is_state_word)
        {
            return None;
        }
        if token.is_punct(b',') && goes_on(line, state) {
            outside = 0;
            continue;
        }
        let ends = matches!(token.kind, TokenKind::Punct(b',' | b';' | b':')) || token.is_punct(b'-') && token.spaced;
        if ends || outside > REACH {
            return None;
        }
        let adverb = token.is(Class::Adverb) && line.get(state + 1).is_some_and(Token::is_state_word);
        if token.is_state_word() && !adverb {
            let found = predicate::around(line, state);
            let verb = !token.is(Class::BaseVerb) || line.is_plural(state - 1) || state == at + 1;
            // "All settings live in one file" tells where they are.
            let dwells = token.is(Class::Dwells) && line.is(found.last + 1, Class::Link);
            if line.closes(found.last + 1) && verb && !dwells {
                return Some(found);
            }
        }
    }
    None
}

/// "All bells, doors, and lamps are in place": whether a comma parts the names of which the last stands behind an "and".
fn goes_on(line: &Line<'_>, comma: usize) -> bool {
    let name = |token: &Token| token.is_word() && !token.entry.classes.any(Classes::of(&[Class::State, Class::Copula]));
    let rest = &line.tokens[comma + 1..line.sentence_end(comma)];
    let length = rest.iter().take(REACH).take_while(|token| name(token) || token.is_punct(b',')).count();
    (comma + 1..comma + 1 + length).any(|at| line.says(at, "and"))
}

/// "✅ Cleanup: all build files ignored": the mark before the line, and the participle that it approves.
fn marked_done(line: &Line<'_>, at: usize) -> Option<(usize, usize)> {
    let symbol = line.lead_symbol.filter(|_| at == line.body)?;
    mark::done(line, at + 2).map(|done| (symbol, done))
}

/// Whether a word or number stands in the sentence from `at` on.
fn names_on(line: &Line<'_>, at: usize) -> bool {
    let said = |token: &Token| !matches!(token.kind, TokenKind::Punct(_) | TokenKind::Symbol);
    (at..line.sentence_end(at - 1)).any(|at| said(&line.tokens[at]) && line.depth(at) == 0)
}

/// "passes all tests", "works on all dimensions": a state word earlier in the clause.
fn state_before(line: &Line<'_>, at: usize) -> Option<predicate::Predicate> {
    let start = line.clause_start(at);
    let before = (start..at).rev().take(2).find(|&before| {
        let functional = line.tokens[before].entry.rung == Some(Rung::Functional);
        let answers = before == line.body && line.label.is_some() && !line.is(before, Class::Weak);
        line.tokens[before].is_state_word()
            && (functional || answers || before + 1 == at && line.is(before, Class::Suffix))
    })?;
    // "Tested all 4 gateways" tells what was done.
    let opens = line.label.as_ref().map_or(line.body, |label| label.start) == before;
    let done = opens && line.tokens[before].capital && line.is_participle(before);
    if !line.is(at, Class::Whole) || done {
        return None;
    }
    // "parts that work on all devices", "it is to work for all of them": what they are, or have to be.
    if before > start && (line.is(before - 1, Class::Continued) || line.says(before - 1, "to")) {
        return None;
    }
    let only_links = (before + 1..at).all(|between| line.is(between, Class::Link));
    only_links.then(|| predicate::around(line, before))
}

/// "All 15 components - READY", "All phases (1-3): complete".
fn after_dash(line: &Line<'_>, at: usize, end: usize) -> Option<predicate::Predicate> {
    let label = line.label.as_ref()?;
    if !(label.contains(&at) && label.end >= end && line.body < line.tokens.len()) || line.body > end + 6 {
        return None;
    }
    predicate::here(line, line.body)
}

/// The last token of "No error recovery" among the limitations, and of "No benchmarks yet" wherever it stands.
fn lacks(line: &Line<'_>, at: usize, noun: &Range<usize>) -> Option<usize> {
    // "No changes needed" misses nothing.
    if line.find(noun.clone(), Classes::of(&[Class::Need])).is_some() {
        return None;
    }
    // "❌ No archive" is the mark's to tell.
    if line.led_by(Polarity::Down) && at == line.body {
        return None;
    }
    // "No archive - all is kept in memory", but "✅ No archive - added" is no fault any more.
    let mended = line.led_by(Polarity::Up);
    let opens = at == line.body || !line.colon && line.label.as_ref().is_some_and(|label| label.start == at);
    let told = opens || line.clause_start(at) == at || line.tokens[at - 1].is_punct(b'(');
    let listed = line.place.faults && line.place.form == Form::Item && told;
    // "There is no archive".
    let exists = at > 1 && line.is(at - 1, Class::Copula) && line.says(at - 2, "there");
    if exists && !line.is(noun.start, Class::Need) && !line.is_plural(noun.end - 1) {
        return Some(noun.end - 1);
    }
    if listed && !mended && line.says(at, "no") {
        return Some(noun.end - 1);
    }
    (line.is(noun.end, Class::Adverb) && line.says(noun.end, "yet")).then_some(noun.end)
}

/// The mark that approves of there being none: "✅ No loose doors", "[x] No loose doors", "### No loose doors ✅".
fn approved(line: &Line<'_>, at: usize, noun: &Range<usize>) -> Option<usize> {
    let up = |symbol: &usize| line.tokens[*symbol].entry.polarity == Polarity::Up;
    if line.is_ticked() && at == 1 {
        return line.task();
    }
    let before = line.lead_symbol.filter(|&symbol| symbol + 1 == at);
    before.or(line.tail_symbol.filter(|&symbol| symbol == noun.end && at == line.body)).filter(up)
}

/// "All tables now carry a key": the verb that opens what is so of all at this moment, whichever it is.
fn now_does(line: &Line<'_>, at: usize, noun: &Range<usize>) -> Option<usize> {
    let opens = at == line.body || at == line.sentence_start(at);
    let verb = noun.end + 1;
    let now = opens && line.is(noun.end, Class::Now) && line.is_plural(noun.end - 1);
    const NO_VERB: Classes =
        Classes::of(&[Class::Modal, Class::Rule, Class::Plan, Class::Conjunction, Class::Adverb, Class::Condition]);
    let plain = line.get(verb).is_some_and(|token| token.is_word() && !token.entry.classes.any(NO_VERB));
    (now && plain && !line.is_manner(verb) && line.same_clause(noun.end, verb)).then_some(verb)
}

/// "All 9 doors carry a number": the word that goes on behind things that are counted, at the beginning of a sentence.
fn counted_do(line: &Line<'_>, at: usize, noun: &Range<usize>, counted: bool) -> Option<usize> {
    const NO_VERB: Classes = Classes::of(&[
        Class::Link,
        Class::Modal,
        Class::Rule,
        Class::Plan,
        Class::Conjunction,
        Class::Condition,
        Class::Pronoun,
    ]);
    let begins = counted && line.is(at, Class::Whole) && (at == line.body || at == line.sentence_start(at));
    // The noun phrase may have taken in an unknown verb.
    let within = noun.start..line.clause_end(at).min(noun.end + 1);
    let last = within.filter(|_| begins).rfind(|&at| line.is_plural(at))?;
    // "All 9 doors are oak", "have locks".
    let tells = line.is(last + 1, Class::Copula) || line.says(last + 1, "have");
    let told = if tells { last + 2 } else { last + 1 };
    let word = line.get(told).filter(|word| word.is_word() && (tells || !word.entry.classes.any(NO_VERB)));
    word.filter(|_| line.same_clause(at, told)).map(|_| told)
}

/// "All ropes braided": the participle, whichever it is, that ends what a sentence says of all of them.
fn all_done(line: &Line<'_>, at: usize, noun: &Range<usize>) -> Option<usize> {
    let opens = at == line.body || at == line.sentence_start(at) || line.tokens[at - 1].is_punct(b'(');
    // The noun phrase has taken it in.
    let done = noun.end - 1;
    let ends = subject::ends_phrase(line, noun.end) || line.says(noun.end, "with");
    let participle = done > noun.start && line.is_participle(done) && line.is_plural(done - 1);
    (opens && ends && participle && line.is(at, Class::Whole)).then_some(done)
}

fn none(line: &Line<'_>, at: usize, found: &mut Found) {
    let clause_end = line.clause_end(at);
    // "This is neither pass nor fail" says of one thing what it is not.
    if line.says(at, "neither") && at != line.body && at != line.sentence_start(at) {
        return;
    }
    // "None" as the whole answer to a label or heading that names faults.
    // "None serious for now" among the issues says the same.
    let ends = |at: usize| subject::ends_phrase(line, at) || line.is(at, Class::Link);
    let kind = (at + 1..line.tokens.len()).find(|&kind| !line.is(kind, Class::Adverb));
    let few = kind
        .filter(|&kind| line.says(at, "none") && line.place.faults && line.tokens[kind].is_word() && ends(kind + 1));
    if subject::is_alone(line, at) || few.is_some() {
        // "Offline: none (0/3)" counts what is there, "No" in a column answers the question of the column, and "❌ Drift: none"
        // regrets it.
        let counted = line.next_number(at..line.sentence_end(at)).is_some();
        let answers =
            line.place.form == Form::Cell && line.is(at, Class::Negator) && !line.place.row.has(Class::Defect);
        let wanting = line.led_by(Polarity::Down);
        if counted || answers || wanting {
            return;
        }
        let faults = |at: usize| line.is(at, Class::Defect);
        let labelled = line.label.clone().is_some_and(|mut label| label.any(faults) && at == line.body);
        // "Impact: none" speaks of the impact, wherever it stands.
        let listed = line.place.faults && at == line.body && !line.colon;
        if labelled || listed {
            let mut candidate = Candidate::new(Kind::Universal { value: None }, at, few.unwrap_or(at));
            candidate.polarity = Polarity::Up;
            found.add(line, candidate);
        }
        return;
    }
    // "None of the 12 bells rings".
    const OF: Classes = Classes::of(&[Class::Link, Class::Determiner, Class::OutOf]);
    let of = (at + 1..clause_end).find(|&of| !line.tokens[of].entry.classes.any(OF)).unwrap_or(clause_end);
    let of = if line.says(at, "none") { of } else { at + 1 };
    let number = amount::at(line, of).filter(|number| of > at + 1 && !number.percent);
    let value = number.map(|number| number.value);
    let value_span = number.map(|number| number.span);
    let noun = subject::noun_after(line, number.map_or(of, |number| number.end));
    let Some(noun) = noun.filter(|noun| noun.end <= clause_end) else {
        nothing(line, at, found);
        return;
    };
    let noun = with_alternative(line, noun);
    // "No more copies": there were some, and the sentence promises.
    if line.is(noun.start, Class::Comparative) {
        return;
    }
    // "No faults reported yet": the participle is said of them.
    let last = noun.end - 1;
    let told =
        noun.len() > 1 && line.is_participle(last) && line.is(last - 1, Class::Defect) && line.is_plural(last - 1);
    let noun = noun.start..noun.end - usize::from(told);
    let head = noun.end - 1;
    let faulty = noun.clone().any(|word| is_fault(line, word));
    let state = predicate::here(line, noun.end);
    if faulty && line.is_plural(head) {
        // "No leaks detected".
        let last =
            state.filter(|state| !state.copula && state.polarity == Polarity::Up).map_or(head, |state| state.last);
        let mut candidate = Candidate::new(Kind::Universal { value: None }, at, last);
        candidate.polarity = Polarity::Up;
        candidate.noun = Some(noun);
        found.add(line, candidate);
    } else if let Some(state) = state {
        let kind = if line.is_plural(head) { Kind::Universal { value } } else { Kind::State };
        let mut candidate = Candidate::new(kind, at, head);
        candidate.value_span = value_span.filter(|_| line.is_plural(head));
        candidate.predicate(&state);
        candidate.polarity = if state.polarity == Polarity::Up { Polarity::Down } else { Polarity::Up };
        candidate.noun = Some(noun);
        found.add(line, candidate);
    } else if let Some(last) = lacks(line, at, &noun) {
        let mut candidate = Candidate::new(Kind::State, at, last);
        candidate.polarity = Polarity::Down;
        candidate.predicate = Some(at..at + 1);
        candidate.noun = Some(noun);
        found.add(line, candidate);
    } else if let Some(symbol) = approved(line, at, &noun).filter(|_| line.is_plural(head)) {
        let mut candidate = Candidate::new(Kind::Universal { value: None }, at.min(symbol), head.max(symbol));
        candidate.polarity = Polarity::Up;
        candidate.noun = Some(noun);
        found.add(line, candidate);
    } else if let Some(symbol) =
        line.lead_symbol.filter(|&symbol| line.tokens[symbol].entry.polarity != Polarity::Up && at == line.body)
    {
        let kind = if line.is_plural(head) && line.find(noun.clone(), Classes::of(&[Class::State])).is_some() {
            Kind::Universal { value: None }
        } else {
            Kind::State
        };
        let mut candidate = Candidate::new(kind, symbol, head);
        candidate.polarity = Polarity::Down;
        candidate.noun = Some(noun);
        found.add(line, candidate);
    } else if line.place.form == Form::Cell && at == line.body && line.is_plural(head) {
        found.refuse(line, "universal", at..at + 1, &rule::NO_STATE, at);
    }
}

/// "Nothing works", "none are broken": the state that nothing at all is in.
fn nothing(line: &Line<'_>, at: usize, found: &mut Found) {
    let opens = at == line.body || at == line.sentence_start(at);
    let told = line.says(at, "nothing") || line.says(at, "none") && opens;
    let Some(state) = predicate::here(line, at + 1).filter(|_| told) else { return };
    let mut candidate = Candidate::new(Kind::Universal { value: None }, at, at);
    candidate.predicate(&state);
    candidate.polarity = if state.polarity == Polarity::Up { Polarity::Down } else { Polarity::Up };
    found.add(line, candidate);
}

/// Whether a word names what is wrong, or says that something is.
fn is_fault(line: &Line<'_>, at: usize) -> bool {
    let token = &line.tokens[at];
    token.is(Class::Defect) || token.is_state_word() && token.entry.polarity == Polarity::Down
}

/// "No torn or missing pages": a noun phrase and the one behind "or", where that one names the faults.
fn with_alternative(line: &Line<'_>, noun: Range<usize>) -> Range<usize> {
    let joined = line.says(noun.end, "or") && line.same_clause(noun.start, noun.end);
    let other = subject::noun_after(line, noun.end + 1).filter(|_| joined);
    let faults = |other: &Range<usize>| line.is_plural(other.end - 1) && other.clone().any(|at| is_fault(line, at));
    other.filter(faults).map_or(noun.clone(), |other| noun.start..other.end)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn of_all_and_of_none() {
        assert_claims(&[
            ("- All shelves now carry a number", &["All shelves now carry | universal | eq | up | shelves"]),
            ("It tells all shelves now in the room apart.", &[]),
            (
                "- All 9 doors carry a plate\n- All 9 doors have locks\n- All 9 doors are oak\n- All 9 doors are:",
                &[
                    "All 9 doors carry | universal 9 | eq | up | doors carry",
                    "All 9 doors have locks | universal 9 | eq | up | doors",
                    "All 9 doors are oak | universal 9 | eq | up | doors",
                ],
            ),
            ("Paint all 9 doors green.", &[]),
            ("# Status\n\n- [x] No loose doors", &["[x] No loose doors | universal | eq | up | loose doors"]),
            ("## Known faults\n\n- None currently identified", &["None currently identified | universal | eq | up | "]),
            ("# Status\n\n- [x] All knobs turn a lamp", &["[x] All knobs | universal | eq | up | knobs turn"]),
            (
                "## Known gaps\n\n- [ ] No night mode (made for the day)\n- [ ] Paint the door",
                &["No night mode | state | eq | down | night mode"],
            ),
            (
                "## Known gaps\n\n- Single room only (no second door)\n- Hall: all lamps in a row, no dimmer",
                &["no second door | state | eq | down | second door", "no dimmer | state | eq | down | dimmer"],
            ),
            (
                "## Known gaps\n\n### Missing features\n\n- No night mode",
                &["Missing features | state | eq | down | features", "No night mode | state | eq | down | night mode"],
            ),
            (
                "## Where it does not work\n\n- No mail gateway\n- ❌ No web client",
                &[
                    "No mail gateway | state | eq | down | mail gateway",
                    "❌ No web client | state | eq | down | web client",
                ],
            ),
            ("## What the tool is not\n\n- ❌ No toy", &["❌ No toy | state | eq | down | toy"]),
            ("- No hardcoded keys", &["No hardcoded keys | universal | eq | up | hardcoded keys"]),
            (
                "- ✅ No torn or missing pages",
                &["No torn or missing pages | universal | eq | up | torn or missing pages"],
            ),
            (
                "- No squeaks or broken hinges",
                &["No squeaks or broken hinges | universal | eq | up | squeaks or broken hinges"],
            ),
            ("- No bread or wine", &[]),
            (
                "All bells, ropes, and wheels are in place.",
                &["All bells, ropes, and wheels are in place | universal | eq | up | bells"],
            ),
            ("All bells ring, and the door is shut.", &[]),
            ("- No leaks reported yet", &["No leaks | universal | eq | up | leaks"]),
            (
                "The importer has passed all checks and is **ready** for testers.",
                &["passed all checks | universal | eq | up | importer", "and is **ready | state | eq | up | importer"],
            ),
            (
                "## 3. Store — 14 tables (all TLS-enabled)",
                &["14 tables | count 14 | eq | none | Store", "all TLS-enabled | universal | eq | up | Store"],
            ),
            ("### No loose wires ✅", &["No loose wires ✅ | universal | eq | up | loose wires"]),
            ("- ✅ No loose wires", &["✅ No loose wires | universal | eq | up | loose wires"]),
            ("**All faults mended:** YES", &["All faults mended:** YES | universal | eq | up | faults mended"]),
            ("## Known issues\n\n- **None serious** for now.", &["None serious | universal | eq | up | "]),
            ("- All keys now set (as listed)", &["All keys now set | universal | eq | up | keys"]),
            ("## Critical issues\n\n3. ✅ **No archive** - a folder was added", &[]),
            ("- Retry paths (✅ All cases covered)", &["All cases covered | universal | eq | up | Retry paths"]),
            (
                "## Constraints\n\n1. **Known gaps**\n   - No search by colour",
                &["No search | state | eq | down | search"],
            ),
            (
                "The adapters are **stub code**:\n\n- No sign-in logic (tokens are not checked)",
                &[
                    "No sign-in logic | state | eq | down | sign-in logic",
                    "tokens are not checked | state | eq | down | tokens",
                ],
            ),
            ("Each target requires a file:\n\n- No standard library", &[]),
            (
                "## Known limitations\n\n- No archive - all is kept in memory",
                &["No archive | state | eq | down | archive"],
            ),
            (
                "All previously collected faults have been fixed:",
                &[
                    "All previously collected faults have been fixed | universal | eq | up | previously collected faults",
                ],
            ),
            ("- **Security tests**: ✅ No leaks detected", &["No leaks detected | universal | eq | up | leaks"]),
            (
                "## Speed ✅ all targets met\n\n- Import: 27/27 tests",
                &["all targets met | universal | eq | up | Speed", "27/27 tests | ratio 27/27 | eq | up | tests"],
            ),
            ("All original targets met.", &["All original targets met | universal | eq | up | original targets"]),
            (
                "1. **Tested all 4 gateways** - All responding correctly",
                &[
                    "4 gateways | count 4 | eq | none | gateways",
                    "All responding correctly | universal | eq | up | responding",
                ],
            ),
            ("All endpoints working", &["All endpoints working | universal | eq | up | endpoints"]),
            ("✅ All 5 databases operational", &["All 5 databases operational | universal 5 | eq | up | databases"]),
            ("There are no failing tests.", &["no failing tests | universal | eq | up | failing tests"]),
            ("Everything is operational.", &["Everything is operational | universal | eq | up | "]),
            ("- ✅ All 18 widgets", &["✅ All 18 widgets | universal 18 | eq | up | widgets"]),
            ("The lexer passes all tests.", &["passes all tests | universal | eq | up | lexer"]),
            ("All workers down.", &["All workers down | universal | eq | down | workers"]),
            (
                "Unit and end-to-end suites both pass.",
                &["both pass | universal | eq | up | Unit and end-to-end suites"],
            ),
            ("All services are now integrated:", &["All services are now integrated | universal | eq | up | services"]),
            ("- **Speed**: No benchmarks yet", &["No benchmarks yet | state | eq | down | benchmarks"]),
            ("## Known Issues\n\nNone.", &["None | universal | eq | up | "]),
            ("There is no archive of old runs.", &["no archive | state | eq | down | archive"]),
            (
                "All previously missing checks are in place.",
                &["All previously missing checks are in place | universal | eq | up | previously missing checks"],
            ),
            (
                "- ✅ **Cleanup**: All build files ignored",
                &["All build files ignored | universal | eq | up | build files"],
            ),
            // What nothing does, and what none does.
            ("Nothing works.", &["Nothing works | universal | eq | down | "]),
            ("Nothing is broken.", &["Nothing is broken | universal | eq | up | "]),
            ("None of the 12 bells work.", &["None of the 12 bells work | universal 12 | eq | down | bells"]),
            ("None operational.", &["None operational | universal | eq | down | "]),
            ("Not a single lamp is working.", &["Not a single lamp is working | state | eq | down | lamp"]),
            ("Neither lamp is working.", &["Neither lamp is working | state | eq | down | lamp"]),
            (
                "All 21 servers are in restart loops.",
                &["All 21 servers are in restart loops | universal 21 | eq | down | servers"],
            ),
            // A participle that the lexicon does not know.
            ("- All ropes braided", &["All ropes braided | universal | eq | up | ropes"]),
            ("- All brass bells tarred: big, small", &["All brass bells tarred | universal | eq | up | brass bells"]),
            ("- All knots oiled with care", &["All knots oiled | universal | eq | up | knots"]),
            ("- Rigging (all knots oiled)", &["all knots oiled | universal | eq | up | Rigging"]),
            ("All seals verified against the list.", &["All seals verified | universal | eq | up | seals"]),
        ]);
    }

    #[test]
    fn all_without_a_state() {
        assert_claims(&[
            ("- No more copies in the store", &[]),
            ("Replay a day of jobs that all fail.", &[]),
            ("- **Lamps**: Bulbs that work in all rooms", &[]),
            ("## Repairs\n\n- [ ] All knobs turn a lamp", &[]),
            ("Look at all files.", &[]),
            ("Not all services are running.", &[]),
            ("All files found there.", &[]),
            ("Almost all lamps are working.", &[]),
            ("All but one lamp is working.", &[]),
            ("All lamps except the big one are working.", &[]),
            ("All but 2 of the 21 lamps are working.", &[]),
            ("- All ropes braided by hand", &[]),
            ("- Every rope braided", &[]),
            ("- Show all ropes braided", &[]),
            ("There is no need to restart.", &[]),
            ("| Feature | In the manual |\n|---|---|\n| Search | No |", &[]),
            ("All checks promoted to production", &[]),
            ("This is an inventory of all services running in the rack.", &[]),
            ("All settings live in one file.", &[]),
        ]);
    }
}
