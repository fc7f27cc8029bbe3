//! "No failing tests", "nothing works", "none of the 12 bells rings", "Known issues: none".

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::predicate;
use crate::claim::recognise::amount::{self, Amount};
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::Token;

/// Finds what a line says of none.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in 0..line.tokens.len() {
        let token = &line.tokens[at];
        if !token.is_word() || !token.is(Class::Nothing) || found.has(at) {
            continue;
        }
        // "This is neither pass nor fail" says of one thing what it is not.
        if line.says(at, "neither") && at != line.body && at != line.sentence_start(at) {
            continue;
        }
        // "None serious for now", "None currently" among the issues say the same as "none".
        let ends = |at: usize| subject::ends_phrase(line, at) || line.is(at, Class::Link);
        let among = line.says(at, "none") && line.place.faults;
        let kind = (at + 1..line.tokens.len()).find(|&kind| !line.is(kind, Class::Adverb));
        let kind = kind.unwrap_or(line.tokens.len());
        let few = match line.get(kind).is_some_and(Token::is_word) {
            // "None blocking the move".
            true => Some(kind).filter(|_| among && (ends(kind + 1) || line.is_gerund(kind))),
            false => Some(kind - 1).filter(|&last| among && last > at),
        };
        let candidate = if subject::is_alone(line, at) || few.is_some() {
            answer(line, at, few.unwrap_or(at))
        } else if let Some(them) = Them::read(line, at) {
            let said = them.said(line, at);
            if said.is_none() && them.plural && line.place.form == Form::Cell && at == line.body {
                found.refuse(line, "universal", at..at + 1, &rule::NO_STATE, at);
            }
            said
        } else {
            nothing(line, at)
        };
        if let Some(candidate) = candidate {
            found.add(line, candidate);
        }
    }
}

/// "None" as the whole answer to a label or heading that names faults.
fn answer(line: &Line<'_>, at: usize, last: usize) -> Option<Candidate> {
    // "Offline: none (0/3)" counts what is there, "No" in a column answers the question of the column, and "❌ Drift: none"
    // regrets it.
    let counted = line.next_number(at..line.sentence_end(at)).is_some();
    let answers = line.place.form == Form::Cell && line.is(at, Class::Negator) && !line.place.row.has(Class::Defect);
    let wanting = line.led_by(Polarity::Down);
    if counted || answers || wanting {
        return None;
    }
    let faults = |at: usize| line.is(at, Class::Defect);
    let labelled = line.label.clone().is_some_and(|mut label| label.any(faults) && at == line.body);
    // "Impact: none" speaks of the impact, wherever it stands.
    let listed = line.place.faults && at == line.body && !line.colon;
    let mut candidate = Candidate::new(Kind::Universal { value: None }, at, last);
    candidate.polarity = Polarity::Up;
    (labelled || listed).then_some(candidate)
}

/// What none of is, or does.
struct Them {
    /// The noun phrase.
    noun: Range<usize>,
    /// Whether it names several.
    plural: bool,
    /// "none of the 12".
    number: Option<Amount>,
}

impl Them {
    /// "None of the 12 bells", "no torn or missing pages".
    fn read(line: &Line<'_>, at: usize) -> Option<Them> {
        const OF: Classes = Classes::of(&[Class::Link, Class::Determiner, Class::OutOf]);
        let clause_end = line.clause_end(at);
        let of = (at + 1..clause_end).find(|&of| !line.tokens[of].entry.classes.any(OF)).unwrap_or(clause_end);
        let whole = ["none", "neither", "not one", "not a single"].iter().any(|word| line.says(at, word));
        let of = if whole { of } else { at + 1 };
        let number = amount::at(line, of).filter(|number| of > at + 1 && !number.percent);
        let noun = subject::noun_after(line, number.map_or(of, |number| number.end));
        let noun = with_alternative(line, noun.filter(|noun| noun.end <= clause_end)?);
        // "No more copies": there were some, and the sentence promises.
        if line.is(noun.start, Class::Comparative) {
            return None;
        }
        // "No faults reported yet": the participle is said of them.
        let last = noun.end - 1;
        let told =
            noun.len() > 1 && line.is_participle(last) && line.is(last - 1, Class::Defect) && line.is_plural(last - 1);
        let noun = noun.start..noun.end - usize::from(told);
        if let Some(noun) = nor(line, at, &noun) {
            return Some(Them { noun, plural: true, number: None });
        }
        Some(Them { plural: line.is_plural(noun.end - 1), noun, number })
    }

    /// What a line says none of them is or does.
    fn said(&self, line: &Line<'_>, at: usize) -> Option<Candidate> {
        let noun = &self.noun;
        let head = noun.end - 1;
        let state = predicate::here(line, noun.end);
        let mut candidate = if self.plural && noun.clone().any(|word| is_fault(line, word)) {
            // "No leaks detected".
            let found = state.filter(|state| !state.copula && state.polarity == Polarity::Up);
            let mut free = Candidate::new(Kind::Universal { value: None }, at, found.map_or(head, |state| state.last));
            free.polarity = Polarity::Up;
            free
        } else if let Some(state) = state {
            let number = self.number.filter(|_| self.plural);
            let value = number.map(|number| number.value);
            let kind = if self.plural { Kind::Universal { value } } else { Kind::State };
            let mut denied = Candidate::new(kind, at, head);
            denied.value_span = number.map(|number| number.span);
            denied.deny(&state);
            denied
        } else if let Some(last) = lacks(line, at, noun) {
            let mut lacking = Candidate::new(Kind::State, at, last);
            lacking.polarity = Polarity::Down;
            lacking.predicate = Some(at..at + 1);
            lacking
        } else if let Some(symbol) = approved(line, at, noun).filter(|_| self.plural) {
            let mut free = Candidate::new(Kind::Universal { value: None }, at.min(symbol), head.max(symbol));
            free.polarity = Polarity::Up;
            free
        } else {
            let regrets = |&symbol: &usize| line.tokens[symbol].entry.polarity != Polarity::Up && at == line.body;
            let symbol = line.lead_symbol.filter(regrets)?;
            let states = self.plural && line.find(noun.clone(), Classes::of(&[Class::State])).is_some();
            let kind = if states { Kind::Universal { value: None } } else { Kind::State };
            let mut missed = Candidate::new(kind, symbol, head);
            missed.polarity = Polarity::Down;
            missed
        };
        candidate.noun = Some(noun.clone());
        Some(candidate)
    }
}

/// "Nothing works", "none are broken": the state that nothing at all is in.
fn nothing(line: &Line<'_>, at: usize) -> Option<Candidate> {
    let opens = at == line.body || at == line.sentence_start(at);
    let told = line.says(at, "nothing") || line.says(at, "none") && opens;
    // "Nothing imported it" tells what was done to it.
    let done = |state: &predicate::Predicate| !state.copula && line.is(state.last + 1, Class::Pronoun);
    let state = predicate::here(line, at + 1).filter(|state| told && !done(state))?;
    let mut candidate = Candidate::new(Kind::Universal { value: None }, at, at);
    candidate.deny(&state);
    Some(candidate)
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

/// "Neither the bell nor the rope": both.
fn nor(line: &Line<'_>, at: usize, noun: &Range<usize>) -> Option<Range<usize>> {
    let nor = (noun.start + 1..noun.end + 1).find(|&nor| line.says(at, "neither") && line.says(nor, "nor"))?;
    subject::noun_after(line, nor + 1).map(|other| noun.start..other.end)
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
    fn of_none() {
        assert_claims(&[
            ("# Status\n\n- [x] No loose doors", &["[x] No loose doors | universal | eq | up | loose doors"]),
            ("## Known faults\n\n- None currently identified", &["None currently identified | universal | eq | up | "]),
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
            ("- No leaks reported yet", &["No leaks | universal | eq | up | leaks"]),
            ("### No loose wires ✅", &["No loose wires ✅ | universal | eq | up | loose wires"]),
            ("- ✅ No loose wires", &["✅ No loose wires | universal | eq | up | loose wires"]),
            ("## Known Issues\n\nNone.", &["None | universal | eq | up | "]),
            ("## Known Issues\n\nNone at this time.", &["None at this time | universal | eq | up | "]),
            ("## Known Issues\n\nNone blocking the move.", &["None blocking | universal | eq | up | "]),
            ("## Known issues\n\n- **None serious** for now.", &["None serious | universal | eq | up | "]),
            ("## Critical issues\n\n3. ✅ **No archive** - a folder was added", &[]),
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
            ("- **Security tests**: ✅ No leaks detected", &["No leaks detected | universal | eq | up | leaks"]),
            ("There are no failing tests.", &["no failing tests | universal | eq | up | failing tests"]),
            ("- **Speed**: No benchmarks yet", &["No benchmarks yet | state | eq | down | benchmarks"]),
            ("There is no archive of old runs.", &["no archive | state | eq | down | archive"]),
            // What nothing does, and what none does.
            ("Nothing works.", &["Nothing works | universal | eq | down | "]),
            ("Nothing is broken.", &["Nothing is broken | universal | eq | up | "]),
            ("None of the 12 bells work.", &["None of the 12 bells work | universal 12 | eq | down | bells"]),
            ("None operational.", &["None operational | universal | eq | down | "]),
            ("Not a single lamp is working.", &["Not a single lamp is working | state | eq | down | lamp"]),
            ("Neither lamp is working.", &["Neither lamp is working | state | eq | down | lamp"]),
            (
                "Neither the bell nor the lamp is working.",
                &["Neither the bell nor the lamp is working | universal | eq | down | bell nor the lamp"],
            ),
            ("Neither of them is working.", &["Neither of them is working | state | eq | down | them"]),
            (
                "Not one of the 12 bells is working.",
                &["Not one of the 12 bells is working | universal 12 | eq | down | bells"],
            ),
        ]);
    }

    #[test]
    fn no_without_a_state() {
        assert_claims(&[
            ("- No more copies in the store", &[]),
            ("There is no need to restart.", &[]),
            ("| Feature | In the manual |\n|---|---|\n| Search | No |", &[]),
            ("No bell is hung without passing all checks.", &[]),
            ("Nothing imported it, so it was taken away.", &[]),
        ]);
    }
}
