//! "19 MCP servers running", "Agents (54 total)", "Migrations: 5", "0 TypeScript errors".

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::predicate;
use crate::claim::recognise::amount::{self, Amount};
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

mod part;

/// Finds the counts of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in line.numbers() {
        if found.has(at) {
            continue;
        }
        let Some(amount) = amount::at(line, at).filter(|amount| !amount.percent) else { continue };
        // "one" is a pronoun more often than a number.
        let in_digits = matches!(line.tokens[at].kind, TokenKind::Number);
        if !in_digits && amount.value.value == 1.0 {
            continue;
        }
        if let Some((rule, cue)) = amount::refusal(line, &amount) {
            found.refuse(line, "count", amount.first..amount.end, rule, cue);
            continue;
        }
        if amount.value.decimals > 0 {
            found.refuse(line, "count", amount.first..amount.end, &rule::NAME, amount.first);
            continue;
        }
        // "200 OK" is an answer.
        let answers =
            || ["OK", "Not Found", "Unauthorized", "Forbidden"].iter().any(|word| line.says(amount.end, word));
        // "`/health` (200)".
        let path = || {
            let code = amount.first.checked_sub(2).filter(|&at| line.tokens[at].kind == TokenKind::Code);
            code.is_some_and(|at| line.source[line.tokens[at].span().range()].contains('/'))
                && behind(line, &amount, b'(')
        };
        let answer = (100.0..600.0).contains(&amount.value.value) && (answers() || path());
        let answer = answer || amount::is_status_code(line, &amount);
        if let Some(cue) = amount::named_by(line, &amount).or(answer.then_some(amount.end)) {
            found.refuse(line, "count", amount.first..amount.end, &rule::NAME, cue);
            continue;
        }
        // "all 7 phases" in passing counts what another sentence states.
        let of_all = amount.first > line.body
            && (1..3).any(|back| {
                let before = amount.first.checked_sub(back);
                before.is_some_and(|at| line.is(at, Class::Quantifier) && line.same_clause(at, amount.first))
            });
        // "Most of the 21 lamps", "some of our 21 lamps".
        let of = (amount.first.saturating_sub(2)..amount.first).find(|&at| line.is(at, Class::OutOf));
        let share = of.and_then(|of| of.checked_sub(1));
        // "Every one of the 21 lamps" in passing.
        let each = share.filter(|&at| at > 0 && line.says(at, "one") && line.is(at - 1, Class::Quantifier));
        // "Saved: 1,300 files" tells of a change.
        let change = line.label.clone().filter(|label| line.colon && amount.first == line.body && label.len() == 1);
        if let Some(at) = change.map(|label| label.start).filter(|&at| line.is(at, Class::Comparative)) {
            found.refuse(line, "count", amount.first..amount.end, &rule::COMPARISON, at);
            continue;
        }
        // "| **1** Rope walk |": a number of its own, and the name behind it.
        let next = line.get(amount.end).filter(|next| !next.strong && next.capital);
        if next.is_some() && line.place.form == Form::FirstCell && amount.first == line.body && line.tokens[at].strong {
            found.refuse(line, "count", amount.first..amount.end, &rule::NAME, amount.first);
            continue;
        }
        // "these 3 steps" points at what stands below.
        let pointed =
            amount.first.checked_sub(1).filter(|&at| line.is(at, Class::Pronoun) && line.is(at, Class::Determiner));
        if let Some(at) = pointed.filter(|_| predicate::here(line, amount.end + 1).is_none()) {
            found.refuse(line, "count", amount.first..amount.end, &rule::NO_STATE, at);
            continue;
        }
        if of_all && line.place.form != Form::Heading || each.is_some() {
            found.refuse(line, "count", amount.first..amount.end, &rule::NO_STATE, amount.first - 1);
            continue;
        }
        let most = share.filter(|&at| line.is(at, Class::Share));
        match of_noun(line, &amount, found)
            .or_else(|| part::of_list(line, &amount))
            .or_else(|| of_label(line, &amount))
            .or_else(|| of_cell(line, &amount))
            .or_else(|| part::of_tally(line, &amount, found))
            .or_else(|| part::of_rest(line, &amount, found))
            .or_else(|| part::of_parts(line, &amount))
            .or_else(|| of_number(line, &amount))
            .or_else(|| of_now(line, &amount))
        {
            // "Most of the 21 lamps are lit": there are 21, and what is said is not said of them.
            Some(candidate) if most.is_some() && candidate.polarity != Polarity::None => {
                found.refuse(line, "count", amount.first..amount.end, &rule::NOT_ALL, most.unwrap_or(amount.first));
            }
            // "1,000 rows" are as many as somebody takes, "1,000 rows indexed" are there.
            Some(candidate)
                if candidate.predicate.is_none() && line.is(candidate.last, Class::Workload) && !line.marked() =>
            {
                found.refuse(line, "count", amount.first..amount.end, &rule::UNIT, candidate.last);
            }
            // "Zero server bills" praise; "zero warnings" counts what would be wrong.
            Some(candidate) if !in_digits && amount.value.value == 0.0 && !is_fault(line, &candidate) => {
                found.refuse(line, "count", amount.first..amount.end, &rule::IN_WORDS, amount.first);
            }
            // "Two ways" and "three reasons" are the speech of prose.
            Some(candidate)
                if !in_digits
                    && (1.0..4.0).contains(&amount.value.value)
                    && candidate.polarity == Polarity::None
                    && !counts(line, &amount, &candidate) =>
            {
                found.refuse(line, "count", amount.first..amount.end, &rule::IN_WORDS, amount.first);
            }
            Some(candidate) => found.add(line, candidate),
            None if in_digits => {
                found.refuse(line, "count", amount.first..amount.end, &rule::NOTHING_COUNTED, amount.first)
            }
            None => {}
        }
    }
}

/// Whether what is counted would be a fault, or something is said of it, or a label asks for it.
fn is_fault(line: &Line<'_>, candidate: &Candidate) -> bool {
    if line.colon && candidate.first == line.body {
        return true;
    }
    let noun = candidate.noun.clone().unwrap_or(0..0);
    candidate.polarity != Polarity::None || line.find(noun, Classes::of(&[Class::Defect, Class::State])).is_some()
}

fn candidate(amount: &Amount) -> Candidate {
    let mut candidate = Candidate::new(Kind::Count { value: amount.value }, amount.first, amount.end - 1);
    candidate.comparator = amount.comparator;
    candidate.value_span = Some(amount.span);
    candidate
}

/// Whether a punctuation character stands right before a number.
fn behind(line: &Line<'_>, amount: &Amount, mark: u8) -> bool {
    amount.first.checked_sub(1).is_some_and(|at| line.tokens[at].is_punct(mark))
}

/// Whether a small number in words really counts: "exactly two packages", "- Two modes".
fn counts(line: &Line<'_>, amount: &Amount, candidate: &Candidate) -> bool {
    let exact = amount.first.checked_sub(1).is_some_and(|at| line.says(at, "exactly"));
    let opens = amount.first == line.body && line.place.form == Form::Item;
    exact || opens || announced(line, amount, candidate)
}

/// "Three tables:" is all that the sentence says, and a list of them follows; "Two modes" is all of a heading.
fn announced(line: &Line<'_>, amount: &Amount, candidate: &Candidate) -> bool {
    if line.place.form == Form::Heading && amount.first == line.opening() {
        return line.get(candidate.last + 1).is_none_or(|next| !next.is_word());
    }
    let end = line.sentence_end(amount.first);
    let curt = line.tokens[end - 1].is_punct(b'.') && candidate.last + 2 == end;
    let one_clause = line.same_clause(amount.first, candidate.last.max(end - 2));
    let ends = line.tokens[end - 1].is_punct(b':') && one_clause || curt;
    ends && amount.first == line.sentence_start(amount.first) && line.place.form == Form::Paragraph
}

/// "132 tests passing": the noun stands after the number.
fn of_noun(line: &Line<'_>, amount: &Amount, found: &Found) -> Option<Candidate> {
    // "40 total tests".
    let total = line.is(amount.end, Class::TallyNoun) && line.get(amount.end + 1).is_some_and(Token::is_word);
    let noun = subject::noun_after(line, amount.end + usize::from(total))?;
    let plural = noun.clone().rev().find(|&at| line.is_plural(at));
    let opens = || amount.first == line.body || behind(line, amount, b'(') || behind(line, amount, b'+');
    // "12 kinds, 1 action, 1 service".
    // "Reader: active with 1 feed connected".
    let one = amount.value.value == 1.0
        && (opens() || part::is_listed(line, amount, found) || predicate::here(line, noun.end).is_some());
    let last = plural.or(one.then(|| noun.end - 1))?;
    let noun = noun.start..last + 1;
    let glued = |at: usize| line.get(at).is_some_and(|token| !token.spaced);
    // "50 votes/week" is a rate.
    let rate = line.get(noun.end).is_some_and(|token| token.is_punct(b'/'))
        && glued(noun.end)
        && glued(noun.end + 1)
        && line.get(noun.end + 1).is_some_and(|token| token.is_word() || matches!(token.kind, TokenKind::Number))
        && !line.is_plural(noun.end + 1);
    // "1 goes before 3": one of something is no plural.
    let odd = amount.value.value == 1.0 && plural.is_some() && amount.comparator == Comparator::Eq;
    // "32 character keys" are measured.
    let measured = noun.len() > 1 && line.is(noun.start, Class::Unit) && !line.is_plural(noun.start);
    if line.is(last, Class::Unit) || rate || odd || measured {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.last = last;
    read_state(line, &mut candidate, noun.end, &noun);
    // "**30+ APIs**: operational".
    let label = line.label.as_ref().filter(|label| line.colon && label.start == amount.first && label.end == noun.end);
    if let Some(state) = label.and_then(|_| predicate::here(line, line.body)).filter(|_| candidate.predicate.is_none())
    {
        candidate.predicate(&state);
    }
    // "320 lines of documentation" are about it.
    let made_of = subject::noun_after(line, noun.end + 1).filter(|_| line.says(noun.end, "of"));
    candidate.noun = Some(noun.start..made_of.map_or(noun.end, |whole| whole.end));
    Some(candidate)
}

/// "Migrations: 5", "Tools: 13 configured", "Import Filters (4)", "Agents (54 total)".
fn of_label(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    let in_parens = behind(line, amount, b'(');
    let total = line.is(amount.end, Class::Filler);
    let ends =
        |at: usize| line.get(at).is_none_or(|token| !token.is_word() && !matches!(token.kind, TokenKind::Number));
    if in_parens {
        let end = amount.end + usize::from(total);
        if !line.get(end).is_some_and(|token| token.is_punct(b')')) {
            return None;
        }
        let noun = subject::noun_before(line, amount.first - 1)?;
        // "Yes (8)".
        if line.tokens[noun.end - 1].is_state_word() {
            return None;
        }
        // "**Core** (12): …", "### Design (7)": the name of a part, and how much is in it.
        let part = line.place.form == Form::Heading || line.tokens[noun.start].strong && line.label.is_some();
        let year = (1990.0..2100.0).contains(&amount.value.value);
        let named = part && noun.start <= line.body && !year;
        if !(line.is_plural(noun.end - 1) || total || named || !year && enumerates(line, amount)) {
            return None;
        }
        let mut candidate = candidate(amount);
        if !total {
            candidate.first = noun.start;
        }
        candidate.last = end - 1;
        candidate.noun = Some(noun);
        return Some(candidate);
    }
    let label = line.label.clone().filter(|_| line.colon && amount.first == line.body)?;
    let counts =
        label.clone().any(|at| line.is_plural(at) || line.is(at, Class::Defect)) || label_says_total(line, &label);
    // "Failed: 0": the state is the label.
    let states = label.clone().all(|at| line.tokens[at].is_state_word() || !line.tokens[at].is_word());
    let counts = counts || states && ends(amount.end);
    let bounded = line.find(
        label.clone(),
        Classes::of(&[Class::Capacity, Class::Goal, Class::Unit, Class::Workload, Class::Resource]),
    );
    if !counts || bounded.is_some() {
        return None;
    }
    let mut candidate = candidate(amount);
    let state = predicate::here(line, amount.end);
    if state.is_none() && !ends(amount.end) && !total && !line.is(amount.end, Class::Link) {
        return None;
    }
    let nothing = amount.end..amount.end;
    read_state(line, &mut candidate, amount.end, &nothing);
    if candidate.polarity == Polarity::None
        && let Some(word) = label.clone().find(|&at| {
            let last = at + 1 == label.end && line.is(at, Class::Bare);
            line.tokens[at].is_state_word() && (last || !line.is(at, Class::Weak))
        })
    {
        candidate.polarity = line.tokens[word].entry.polarity;
    }
    Some(candidate)
}

/// "The number of lamps is 21", "the lamp count is now 21".
fn of_number(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    let adverb = |at: &usize| line.is(*at, Class::Adverb) && !line.is(*at, Class::Copula);
    let verb = (line.clause_start(amount.first)..amount.first).rev().find(|at| !adverb(at))?;
    let noun = subject::noun_before(line, Some(verb).filter(|&verb| line.is(verb, Class::Copula))?)?;
    let counts = noun.clone().any(|at| line.is(at, Class::TallyNoun) && !line.says(at, "value"));
    if !counts || !subject::ends_phrase(line, amount.end) || line.place.form == Form::Heading {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.first = noun.start;
    candidate.noun = Some(noun);
    Some(candidate)
}

/// "Bells (4), Doors (3), Lamps (2)": one of several names with their numbers, in a row.
fn enumerates(line: &Line<'_>, amount: &Amount) -> bool {
    const FEWEST: usize = 3;
    let number = |at: usize| line.get(at).is_some_and(|token| token.kind == TokenKind::Number);
    let punct = |at: usize, mark: u8| line.get(at).is_some_and(|token| token.is_punct(mark));
    // "(02)" is the number of a page.
    let padded = |at: usize| line.source[line.tokens[at].span().range()].starts_with('0');
    let entry = |at: usize| number(at) && !padded(at) && line.tokens[at - 1].is_punct(b'(') && punct(at + 1, b')');
    let goes_on = |at: usize| punct(at + 2, b',') || punct(at + 2, b'.') || line.get(at + 2).is_none();
    let sentence = line.sentence_start(amount.first).max(1)..line.sentence_end(amount.first);
    let several = || sentence.clone().filter(|&at| entry(at) && goes_on(at)).count() >= FEWEST;
    entry(amount.first) && goes_on(amount.first) && several()
}

/// "Open questions (currently only 1)": how many of the things before the parentheses there are now.
fn of_now(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    let first = (line.clause_start(amount.first) + 1).min(amount.first);
    let now = first..amount.first;
    let word = |at: usize| line.is(at, Class::Adverb) && line.tokens[at].is_word();
    let told = line.find(now.clone(), Classes::of(&[Class::Now])).is_some() && now.clone().all(word);
    let opened = first > 1 && line.tokens[first - 1].is_punct(b'(') && line.is_plural(first - 2);
    if !(told && opened) {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.first = first;
    candidate.noun = subject::noun_before(line, first - 1);
    Some(candidate)
}

fn label_says_total(line: &Line<'_>, label: &Range<usize>) -> bool {
    label.clone().any(|at| line.is(at, Class::TallyNoun))
}

/// A number alone in a cell whose column or row counts something.
fn of_cell(line: &Line<'_>, amount: &Amount) -> Option<Candidate> {
    // "12 ✅": the mark behind it says it of the number.
    let weighed = line.get(amount.end).filter(|next| next.is_state_symbol() && amount.end + 1 == line.tokens.len());
    let ends = weighed.is_some() || line.get(amount.end).is_none_or(|next| next.is_punct(b'('));
    let alone = amount.first == line.body && ends;
    // "| Faults | ✅ 0 |": what a mark weighs is counted.
    let mark = line.lead_symbol.filter(|&mark| mark + 1 == line.body && line.place.row.has(Class::Defect));
    let marked = mark.is_some();
    // "Passing", "Failed" over a column of numbers.
    let counted = line.place.column_counts
        || line.place.row.has(Class::TallyNoun)
        || line.place.column_state != Polarity::None
        || marked;
    let bounded = line.place.row.any(Classes::of(&[Class::Capacity, Class::Goal]));
    if line.place.form != Form::Cell || !alone || !counted || bounded {
        return None;
    }
    let mut candidate = candidate(amount);
    candidate.polarity = mark.map_or(line.place.column_state, |mark| line.tokens[mark].entry.polarity);
    candidate.first = mark.unwrap_or(candidate.first);
    if let Some(symbol) = weighed {
        (candidate.polarity, candidate.last) = (symbol.entry.polarity, amount.end);
    }
    Some(candidate)
}

/// Reads the state words after the counted noun, or the symbol beside the count.
fn read_state(line: &Line<'_>, candidate: &mut Candidate, after: usize, noun: &Range<usize>) {
    let defect = line.find(noun.clone(), Classes::of(&[Class::Defect])).is_some();
    // "25 operational services" work; what "8 registered prefixes" are is no news.
    let says =
        |at: &usize| line.tokens[*at].is_state_word() && !line.is(*at, Class::Defect) && !line.is(*at, Class::Weak);
    let inside = noun.clone().find(says);
    if let Some(state) = predicate::here(line, after) {
        candidate.predicate(&state);
    } else if let Some(state) = inside {
        let token = &line.tokens[state];
        (candidate.polarity, candidate.rung) = (token.entry.polarity, token.entry.rung);
        candidate.predicate = Some(state..state + 1);
    } else if let Some(symbol) = predicate::symbol_beside(line, candidate.first, candidate.last) {
        candidate.polarity = line.tokens[symbol].entry.polarity;
    } else if defect {
        let fails = candidate.kind.value().is_some_and(|number| number.value > 0.0)
            && line.find(noun.clone(), Classes::of(&[Class::Failure])).is_some();
        candidate.polarity = if fails { Polarity::Down } else { Polarity::None };
    }
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn a_sentence_is_no_name_of_what_it_counts_in_passing() {
        assert_claims(&[(
            "The report came late. The museum has counted again (12 bells, 1.5 kg), not early.",
            &["12 bells | count 12 | eq | none | bells"],
        )]);
    }

    #[test]
    fn counts() {
        assert_claims(&[
            ("The number of bells is now 21.", &["number of bells is now 21 | count 21 | eq | none | number of bells"]),
            ("The bell count is 21.", &["bell count is 21 | count 21 | eq | none | bell count"]),
            ("- Bells down: 2", &["2 | count 2 | eq | down | Bells down"]),
            ("No fewer than 3 bells are broken.", &["No fewer than 3 bells are broken | count 3 | ge | down | bells"]),
            (
                "- After the merge: 4 failures, 11 errors",
                &["4 failures | count 4 | eq | down | merge", "11 errors | count 11 | eq | none | errors"],
            ),
            (
                "The rooms hold: Bell (4), Organ (3), Harp (1).",
                &[
                    "Bell (4 | count 4 | eq | none | Bell",
                    "Organ (3 | count 3 | eq | none | Organ",
                    "Harp (1 | count 1 | eq | none | Harp",
                ],
            ),
            (
                "- Roof (28 tiles: 17 large + 11 small)",
                &[
                    "28 tiles | count 28 | eq | none | Roof",
                    "17 large | count 17 | eq | none | Roof",
                    "11 small | count 11 | eq | none | Roof",
                ],
            ),
            (
                "| What | State | Mark |\n|---|---|---|\n| Loose tile faults | ✅ 0 | good |",
                &["✅ 0 | count 0 | eq | up | Loose tile faults"],
            ),
            ("- 77 total doors", &["77 total doors | count 77 | eq | none | doors"]),
            ("**Reader**: ~32K LOC (in C)", &["~32K LOC | count 32000 | approx | none | Reader"]),
            ("The rooms: hall (01), attic (02), cellar (03).", &[]),
            ("The rooms hold a bell (4) and an organ (3).", &[]),
            ("- `list_pages` - 40 pages", &["40 pages | count 40 | eq | none | pages"]),
            ("- **7 passing** ✅", &["7 passing | count 7 | eq | up | "]),
            ("- **12 skipped** (slow tests)", &["12 skipped | count 12 | eq | none | "]),
            (
                "**Scale**: 12 Go files, 4 packages",
                &["12 Go files | count 12 | eq | none | Scale", "4 packages | count 4 | eq | none | packages"],
            ),
            ("- Open questions (currently only 1)", &["currently only 1 | count 1 | eq | none | Open questions"]),
            (
                "**Jobs:** 5 small jobs + 1 planner",
                &["5 small jobs | count 5 | eq | none | Jobs", "1 planner | count 1 | eq | none | planner"],
            ),
            ("- 16 jobs now active", &["16 jobs now active | count 16 | eq | up | jobs"]),
            ("- **30+ APIs**: operational", &["30+ APIs**: operational | count 30 | ge | up | APIs"]),
            (
                "| Suite | Tests | Passing |\n|---|---|---|\n| Import | 4 | 3 |",
                &["4 | count 4 | eq | none | Import", "3 | count 3 | eq | up | Import"],
            ),
            (
                "It has 40 tests, 35 passing, 5 skipped.",
                &[
                    "40 tests | count 40 | eq | none | tests",
                    "35 passing | count 35 | eq | up | tests",
                    "5 skipped | count 5 | eq | none | tests",
                ],
            ),
            (
                "- Reader: active with 1 feed connected",
                &["active | state | eq | up | Reader", "1 feed connected | count 1 | eq | up | feed"],
            ),
            ("- 320 lines of documentation", &["320 lines | count 320 | eq | none | lines of documentation"]),
            ("19 MCP servers running", &["19 MCP servers running | count 19 | eq | up | MCP servers"]),
            ("## Available Agents (54 total)", &["54 total | count 54 | eq | none | Available Agents"]),
            ("## Import Filters (6)", &["Import Filters (6 | count 6 | eq | none | Import Filters"]),
            ("0 type errors", &["0 type errors | count 0 | eq | none | type errors"]),
            (
                "It ships 6 small `kit` packages.",
                &["6 small `kit` packages | count 6 | eq | none | small kit packages"],
            ),
            ("It has 25 operational services.", &["25 operational services | count 25 | eq | up | services"]),
            ("It has 8 registered prefixes.", &["8 registered prefixes | count 8 | eq | none | registered prefixes"]),
            ("Migrations: 5", &["5 | count 5 | eq | none | Migrations"]),
            (
                "It has 50+ tools and seven log levels.",
                &["50+ tools | count 50 | ge | none | tools", "seven log levels | count 7 | eq | none | log levels"],
            ),
            ("- Failed/Blocked: 0", &["0 | count 0 | eq | down | Failed/Blocked"]),
            (
                "388 cases, 346 pass / 15 fail.",
                &[
                    "388 cases | count 388 | eq | none | cases",
                    "346 pass | count 346 | eq | up | cases",
                    "15 fail | count 15 | eq | down | cases",
                ],
            ),
            ("The crate has exactly two packages.", &["two packages | count 2 | eq | none | packages"]),
            ("- 12,345 rows indexed", &["12,345 rows indexed | count 12345 | eq | up | rows"]),
        ]);
    }

    #[test]
    fn parts_of_a_whole() {
        assert_claims(&[
            (
                "21 bells, 19 of which are running.",
                &["21 bells | count 21 | eq | none | bells", "19 of which are running | count 19 | eq | up | bells"],
            ),
            (
                "- 19 bells running and 2 down",
                &["19 bells running | count 19 | eq | up | bells", "2 down | count 2 | eq | down | bells"],
            ),
            ("12 up, 3 down.", &["12 up | count 12 | eq | up | ", "3 down | count 3 | eq | down | "]),
            (
                "- Cracks: 1 critical, 2 high",
                &["1 critical | count 1 | eq | none | Cracks", "2 high | count 2 | eq | none | Cracks"],
            ),
            ("12 up — 3 down", &["12 up | count 12 | eq | up | ", "3 down | count 3 | eq | down | "]),
            (
                "12 healthy; 3 unhealthy",
                &["12 healthy | count 12 | eq | up | ", "3 unhealthy | count 3 | eq | down | "],
            ),
            ("**12 passed**, 3 failed", &["12 passed | count 12 | eq | up | ", "3 failed | count 3 | eq | down | "]),
            (
                "12 of 15 healthy — 3 down.",
                &["12 of 15 healthy | ratio 12/15 | eq | up | ", "3 down | count 3 | eq | down | "],
            ),
            (
                "There are 15 lamps: 12 healthy and 3 down.",
                &[
                    "15 lamps | count 15 | eq | none | lamps",
                    "12 healthy | count 12 | eq | up | lamps",
                    "3 down | count 3 | eq | down | lamps",
                ],
            ),
            (
                "40 passing · 3 failing · 2 pending",
                &[
                    "40 passing | count 40 | eq | up | ",
                    "3 failing | count 3 | eq | down | ",
                    "2 pending | count 2 | eq | partial | ",
                ],
            ),
            (
                "✅ 40 passing / 3 failing",
                &["40 passing | count 40 | eq | up | ", "3 failing | count 3 | eq | down | "],
            ),
            ("## 2025 complete", &["complete | state | eq | up | "]),
            ("Doors open: `/hall` (200), `/attic` (200), `/roof` (200).", &[]),
            ("Ten bells may be few. It had 10 failures, and 10 failures may be few.", &[]),
            (
                "- 13 kinds of note, 1 action",
                &["13 kinds | count 13 | eq | none | kinds of note", "1 action | count 1 | eq | none | action"],
            ),
            ("- Checks: lint, types, links (3)", &["3 | count 3 | eq | none | Checks"]),
            ("- Checks: lint, types, layout (5)", &[]),
            (
                "A full suite (67 unit + 93 contract).",
                &["67 unit | count 67 | eq | none | full suite", "93 contract | count 93 | eq | none | full suite"],
            ),
            (
                "Seven stages (4 quick, 3 slow)",
                &[
                    "Seven stages | count 7 | eq | none | stages",
                    "4 quick | count 4 | eq | none | Seven stages",
                    "3 slow | count 3 | eq | none | Seven stages",
                ],
            ),
            (
                "| Crate | Tests |\n|---|---|\n| `core` | 20 (12 unit + 8 fixture) |",
                &[
                    "20 | count 20 | eq | none | core",
                    "12 unit | count 12 | eq | none | core",
                    "8 fixture | count 8 | eq | none | core",
                ],
            ),
            ("- **Store**: one node (port 6385 outside, 6379 inside)", &[]),
        ]);
    }

    #[test]
    fn a_table_counts_of_its_rows() {
        assert_claims(&[
            (
                "| Crate | State |\n|---|---|\n| `core` | zero warnings, 12 checks |",
                &["zero warnings | count 0 | eq | none | core", "12 checks | count 12 | eq | none | core"],
            ),
            (
                "| Metric | Goal | Now |\n|---|---|---|\n| Script count | 20 | 18 |",
                &["18 | count 18 | eq | none | Script count"],
            ),
            ("| Setting | Value |\n|---|---|\n| Max parallel | 7 |", &[]),
        ]);
    }

    #[test]
    fn numbers_in_words_where_they_are_all_that_is_said() {
        assert_claims(&[
            ("The store keeps its own file. Three tables:", &["Three tables | count 3 | eq | none | tables"]),
            ("Three backends. The first is the default.", &["Three backends | count 3 | eq | none | backends"]),
            ("Two copies kept in sync:", &["Two copies | count 2 | eq | none | copies"]),
            ("## Two engines — not the same", &["Two engines | count 2 | eq | none | engines"]),
            ("There are two ways to do it.", &[]),
            (
                "12 bells are up, 3 are down.",
                &["12 bells are up | count 12 | eq | up | bells", "3 are down | count 3 | eq | down | bells"],
            ),
            (
                "15 bells, 12 of them healthy.",
                &["15 bells | count 15 | eq | none | bells", "12 of them healthy | count 12 | eq | up | bells"],
            ),
            ("| Part | Bells |\n|---|---|\n| Tower | 12 ✅ |", &["12 ✅ | count 12 | eq | up | Tower"]),
            ("Exactly 19 bells are up.", &["19 bells are up | count 19 | eq | up | bells"]),
            ("- Spinners: 4 workers running", &["4 workers running | count 4 | eq | up | Spinners"]),
            ("- ✅ 13 vectors in the drawer", &["13 vectors | count 13 | eq | up | vectors"]),
            ("The client is used in 14 handlers.", &["14 handlers | count 14 | eq | none | handlers"]),
            ("The client came in 2019 servers were rare.", &[]),
            ("- **Quill 5 modules** - small and quick", &[]),
        ]);
    }

    #[test]
    fn numbers_that_count_nothing() {
        assert_claims(&[
            ("Most of the 12 bells are running.", &["Most of the 12 bells are running | state | eq | partial | bells"]),
            ("## Prohibited\n\n- 12 bells", &[]),
            ("- Fee: 1 USDC, 5 pts", &[]),
            ("The gateway answers with 404 errors.", &[]),
            ("They need three or four keys.", &[]),
            ("They have between 3 and 5 keys.", &[]),
            ("- A model of 19M parameters", &[]),
            ("- A key of 40 character blocks, 50 TOPS", &[]),
            ("- Moving one coin: ~80k gas", &[]),
            ("MIT © 2025 the authors of it all.", &[]),
            ("- **Saved: 1,300 files**", &[]),
            ("Go through these 3 chapters.", &[]),
            ("Phase 3 begins on port 8080 with version 2.", &[]),
            ("It takes 30 seconds and 512 MB.", &[]),
            ("It costs $20 and has 5-10 tools.", &[]),
            ("Supports up to 50 tools.", &[]),
            ("It went from 25 to 21 servers.", &[]),
            ("- Load: 50 votes/week, 3,000 rows/second", &[]),
            ("The plan covers 10 to 500 users.", &[]),
            ("- Links (14 pages evaluated)", &[]),
            ("| Step | Time |\n|---|---|\n| one | 2 sessions |", &[]),
            ("It grew by 57 lib.rs lines.", &["57 lib.rs lines | count 57 | eq | none | lib.rs lines"]),
            ("With 5 workers behind it:", &[]),
            ("- Import (1,000 rows) on 4 GPUs, a note of 75 words", &[]),
            ("- Tunes (120 BPM march / 70 BPM waltz)", &[]),
            ("Two thirds of it.", &[]),
            ("- **404 Not Found**: for what nobody keeps", &[]),
            ("- Small files (≤5 lines) are shown whole", &[]),
            ("- Executed the whole run (96 files)", &[]),
            ("Drift is proven, so 1 goes before 3.", &[]),
            ("| Situation | Answer |\n|---|---|\n| more than 300 lines | split it |", &[]),
        ]);
    }
}
