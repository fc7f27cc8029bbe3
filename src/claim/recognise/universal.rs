//! "All endpoints working", "all 5 databases operational", "everything is up".

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

/// Finds what a line says of all.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in 0..line.tokens.len() {
        let token = &line.tokens[at];
        if token.is_word() && token.is(Class::Quantifier) && !found.has(at) {
            all(line, at, found);
        }
    }
}

fn all(line: &Line<'_>, at: usize, found: &mut Found) {
    // "a set of servers that all fail" tells which are meant; "the review found that all servers fail" does not.
    let named = at + 1 + usize::from(line.get(at + 1).is_some_and(|next| next.kind == TokenKind::Number));
    let things = subject::noun_after(line, named).is_some_and(|noun| line.is_plural(noun.end - 1));
    if at > 0 && line.is(at - 1, Class::Continued) && !(things && line.says(at - 1, "that")) {
        return;
    }
    let mut noun_start = at + 1;
    while line.is(noun_start, Class::Determiner) || line.is(noun_start, Class::OutOf) {
        noun_start += 1;
    }
    // "Every one of the 21 lamps".
    if line.says(noun_start, "one") && line.is(noun_start + 1, Class::OutOf) {
        noun_start += 2;
    }
    let number = amount::at(line, noun_start).filter(|number| !number.percent && line.same_clause(at, noun_start));
    let value = number.map(|number| number.value);
    let noun = subject::noun_after(line, number.map_or(noun_start, |number| number.end));
    let mut candidate = Candidate::new(Kind::Universal { value }, at, at);
    candidate.value_span = number.map(|number| number.span);
    candidate.noun = noun.clone();
    // "All rights reserved" is a formula.
    if noun.as_ref().is_some_and(|noun| line.says(noun.start, "rights")) {
        return;
    }
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
    // "All tests passing: 13 of 13": the number says it.
    let number = || line.get(line.body).is_some_and(|next| next.kind == TokenKind::Number);
    let states = || line.find(at..line.body, Classes::of(&[Class::State])).is_some();
    if after_label && line.colon && candidate.value_span.is_none() && number() && states() {
        return;
    }
    if let Some(state) = state_after(line, at).filter(fits) {
        // "An inventory of all services running in the rack" names them, and so does "it watches all services running there".
        let object = || {
            const SAID: Classes =
                Classes::of(&[Class::With, Class::Conjunction, Class::Copula, Class::Adverb, Class::Contrast]);
            let before = at.checked_sub(1).map(|before| &line.tokens[before]);
            let verb = before.is_some_and(|before| before.is_word() && !before.entry.classes.any(SAID));
            verb && line.is(state.last + 1, Class::Link)
        };
        let names = !state.copula && line.is_gerund(state.state);
        if names && (predicate::behind_a_preposition(line, at) || object()) {
            return;
        }
        candidate.predicate(&state);
        floats(line, at, &mut candidate);
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
    } else if let Some(noun) = noun.as_ref().filter(|noun| {
        let things = value.is_some() && !line.is(noun.start, Class::Unit);
        line.place.form == Form::Cell && at == line.body && things && !line.marked()
    }) {
        // A cell that says "All 3 targets" says that none is left out; one that says "Every 5 minutes" tells how often.
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
    let sentence = line.sentence_start(at)..line.sentence_end(at);
    let except = || line.find(sentence.clone(), Classes::of(&[Class::Exception]));
    // "Everything is up but the cache."
    let but_one =
        || sentence.clone().rfind(|&but| line.is(but, Class::Contrast) && takes_out(line, but + 1..sentence.end));
    // "All lamps but two", "all 21 lamps minus one".
    let number =
        |at: usize| line.get(at).is_some_and(|token| token.kind == TokenKind::Number || token.is(Class::NumberWord));
    let named = (at + 1..line.clause_end(at).max(at + 1)).take_while(|&at| !line.tokens[at].is_state_word());
    let end = named.last().map_or(at + 1, |last| last + 1);
    let less = || (at + 1..=end).find(|&at| line.is(at, Class::Contrast) && number(at + 1));
    before.or(but).or_else(except).or_else(less).or_else(but_one)
}

/// Whether nothing is said of what these tokens name.
fn takes_out(line: &Line<'_>, mut named: std::ops::Range<usize>) -> bool {
    const SAYS: Classes = Classes::of(&[Class::State, Class::Copula, Class::With, Class::Modal]);
    line.is(named.start, Class::Determiner)
        && !named.any(|at| {
            line.tokens[at].entry.classes.any(SAYS) || !line.tokens[at].is_word() && !line.tokens[at].is_punct(b'.')
        })
}

/// "The 21 lamps are all lit": what all of is said stands before the verb.
fn floats(line: &Line<'_>, at: usize, candidate: &mut Candidate) {
    let verb = at.checked_sub(1).filter(|&verb| line.is(verb, Class::Copula) && candidate.noun.is_none());
    let Some(noun) = verb.and_then(|verb| subject::noun_before(line, verb)) else { return };
    let number = amount::at(line, noun.start).filter(|number| !number.percent && number.end < noun.end);
    candidate.first = number.map_or(noun.start, |number| number.first);
    candidate.value_span = number.map(|number| number.span);
    candidate.kind = Kind::Universal { value: number.map(|number| number.value) };
    candidate.noun = Some(number.map_or(noun.start, |number| number.end)..noun.end);
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
    // "parts that work on all devices", "it is to work for all of them", "not without passing all checks": what they are, or
    // have to be.
    let wanted = |word: &str| line.says(before - 1, word);
    if before > start && (line.is(before - 1, Class::Continued) || wanted("to") || wanted("without")) {
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

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn of_all() {
        assert_claims(&[
            ("- All shelves now carry a number", &["All shelves now carry | universal | eq | up | shelves"]),
            ("It tells all shelves now in the room apart.", &[]),
            ("The 21 bells are all running.", &["21 bells are all running | universal 21 | eq | up | bells"]),
            ("The bells are both running.", &["bells are both running | universal | eq | up | bells"]),
            (
                "The mice, the cats and the bells are all running.",
                &["cats and the bells are all running | universal | eq | up | cats and the bells"],
            ),
            ("Every one of the 12 bells works.", &["Every one of the 12 bells works | universal 12 | eq | up | bells"]),
            (
                "- All 9 doors carry a plate\n- All 9 doors have locks\n- All 9 doors are oak\n- All 9 doors are:",
                &[
                    "All 9 doors carry | universal 9 | eq | up | doors carry",
                    "All 9 doors have locks | universal 9 | eq | up | doors",
                    "All 9 doors are oak | universal 9 | eq | up | doors",
                ],
            ),
            ("Paint all 9 doors green.", &[]),
            ("# Status\n\n- [x] All knobs turn a lamp", &["[x] All knobs | universal | eq | up | knobs turn"]),
            (
                "All bells, ropes, and wheels are in place.",
                &["All bells, ropes, and wheels are in place | universal | eq | up | bells"],
            ),
            ("All bells ring, and the door is shut.", &[]),
            (
                "The importer has passed all checks and is **ready** for testers.",
                &["passed all checks | universal | eq | up | importer", "and is **ready | state | eq | up | importer"],
            ),
            (
                "## 3. Store — 14 tables (all TLS-enabled)",
                &["14 tables | count 14 | eq | none | Store", "all TLS-enabled | universal | eq | up | Store"],
            ),
            ("**All faults mended:** YES", &["All faults mended:** YES | universal | eq | up | faults mended"]),
            ("- All keys now set (as listed)", &["All keys now set | universal | eq | up | keys"]),
            ("- Retry paths (✅ All cases covered)", &["All cases covered | universal | eq | up | Retry paths"]),
            (
                "All previously collected faults have been fixed:",
                &[
                    "All previously collected faults have been fixed | universal | eq | up | previously collected faults",
                ],
            ),
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
            ("Everything is operational.", &["Everything is operational | universal | eq | up | "]),
            ("- ✅ All 18 widgets", &["✅ All 18 widgets | universal 18 | eq | up | widgets"]),
            ("The lexer passes all tests.", &["passes all tests | universal | eq | up | lexer"]),
            ("All workers down.", &["All workers down | universal | eq | down | workers"]),
            (
                "Unit and end-to-end suites both pass.",
                &["both pass | universal | eq | up | Unit and end-to-end suites"],
            ),
            ("All services are now integrated:", &["All services are now integrated | universal | eq | up | services"]),
            (
                "All previously missing checks are in place.",
                &["All previously missing checks are in place | universal | eq | up | previously missing checks"],
            ),
            (
                "- ✅ **Cleanup**: All build files ignored",
                &["All build files ignored | universal | eq | up | build files"],
            ),
            (
                "All 21 servers are in restart loops.",
                &["All 21 servers are in restart loops | universal 21 | eq | down | servers"],
            ),
            ("- All knots correct (oak, elm)", &["All knots correct | universal | eq | up | knots"]),
            // A participle that the lexicon does not know.
            ("- All ropes braided", &["All ropes braided | universal | eq | up | ropes"]),
            ("- All brass bells tarred: big, small", &["All brass bells tarred | universal | eq | up | brass bells"]),
            ("- All knots oiled with care", &["All knots oiled | universal | eq | up | knots"]),
            ("- Rigging (all knots oiled)", &["all knots oiled | universal | eq | up | Rigging"]),
            ("All seals verified against the list.", &["All seals verified | universal | eq | up | seals"]),
            (
                "The review found that all 12 lamps are broken.",
                &["all 12 lamps are broken | universal 12 | eq | down | lamps"],
            ),
            ("All required keys are ready.", &["All required keys are ready | universal | eq | up | keys"]),
            ("No required keys are missing.", &["No required keys are missing | universal | eq | up | keys"]),
            (
                "All lamps are working but the clock is broken.",
                &["All lamps are working | universal | eq | up | lamps", "clock is broken | state | eq | down | clock"],
            ),
        ]);
    }

    #[test]
    fn all_without_a_state() {
        assert_claims(&[
            ("| Part | Rung |\n|---|---|\n| Bell | Every 15 minutes |", &[]),
            ("All rights reserved.", &[]),
            ("**All bells working:** 13 of 13", &["13 of 13 | ratio 13/13 | eq | up | bells working"]),
            ("The shop watches all bells running through it.", &[]),
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
            ("All lamps but two are working.", &[]),
            ("All 21 lamps minus one are working.", &[]),
            ("All lamps are working, apart from the big one.", &[]),
            ("With the exception of the big one, all lamps are working.", &[]),
            ("Everything is working but the big lamp.", &[]),
            ("It is not true that all lamps are working.", &[]),
            ("It is false that all lamps are working.", &[]),
            ("It was claimed that all lamps are working.", &[]),
            ("- All ropes braided by hand", &[]),
            ("- Every rope braided", &[]),
            ("- Show all ropes braided", &[]),
            ("All checks promoted to production", &[]),
            ("This is an inventory of all services running in the rack.", &[]),
            ("All settings live in one file.", &[]),
        ]);
    }
}
