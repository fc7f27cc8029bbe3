//! "21/21 operational", "26 of 28 MCP servers connected", "Tests: 312/312 passing".

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::predicate;
use crate::claim::recognise::amount;
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

/// Finds the ratios of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in line.numbers() {
        let Some(part) = amount::at(line, at).filter(|part| !part.percent && !found.has(at)) else { continue };
        let Some(whole) = whole_after(line, part.end).or_else(|| out_of(line, part.end)) else { continue };
        if line.get(whole.end).is_some_and(|next| next.is_punct(b'/') && !next.spaced) {
            found.refuse(line, "ratio", part.first..whole.end + 1, &rule::DATE, whole.end);
            continue;
        }
        if let Some((rule, cue)) = amount::refusal(line, &part) {
            found.refuse(line, "ratio", part.first..whole.end, rule, cue);
            continue;
        }
        // "All but 2 of the 21 lamps".
        let but = part
            .first
            .checked_sub(1)
            .filter(|&at| at > 0 && line.says(at, "but") && line.is(at - 1, Class::Quantifier));
        if let Some(but) = but {
            found.refuse(line, "ratio", part.first..whole.end, &rule::NOT_ALL, but);
            continue;
        }
        // "Every one of the 21 lamps" is all of them.
        if part.first > 0 && line.is(part.first - 1, Class::Quantifier) && line.says(part.first, "one") {
            continue;
        }
        let (value, total) = (part.value, whole.value);
        let mut candidate = Candidate::new(Kind::Ratio { value, total }, part.first, whole.end - 1);
        candidate.comparator = if part.comparator == Comparator::Eq { whole.comparator } else { part.comparator };
        (candidate.value_span, candidate.total_span) = (Some(part.span), Some(whole.span));
        let restated = amount::past_restated(line, whole.end);
        let of = usize::from(restated > whole.end && line.is(restated, Class::OutOf));
        let noun = subject::noun_after(line, restated + of);
        let after = noun.as_ref().map_or(restated, |noun| noun.end);
        let said_at = amount::past_restated(line, after);
        let apart = restated > whole.end || said_at > after;
        if let Some(state) = predicate::here(line, said_at).or_else(|| state_of(line, whole.end)) {
            candidate.predicate_apart(&state, apart);
        } else if let Some(symbol) = predicate::symbol_beside(line, candidate.first, candidate.last.max(after - 1)) {
            candidate.polarity = line.tokens[symbol].entry.polarity;
        }
        // "19 passing runs out of 21".
        let between = (part.end..whole.first).find(|&at| line.tokens[at].is_state_word());
        if let Some(state) = between.filter(|_| candidate.polarity == Polarity::None) {
            candidate.polarity = line.tokens[state].entry.polarity;
        }
        // "29/29 tests": a whole of things that is complete needs no word to say so; a bare "29/29" can be a score.
        if candidate.polarity == Polarity::None && value.value == total.value && noun.is_some() {
            candidate.polarity = Polarity::Up;
        }
        // "Online: queue, cache (2/4)", "### 🟢 Online workers (6/14)".
        if candidate.polarity == Polarity::None {
            candidate.polarity = headed(line, &candidate).unwrap_or(Polarity::None);
        }
        if let Some(noun) = noun.as_ref().filter(|_| restated == whole.end) {
            candidate.last = candidate.last.max(noun.end - 1);
        }
        candidate.noun = noun;
        if value.value > total.value || total.value == 0.0 {
            found.refuse(line, "ratio", candidate.first..whole.end, &rule::NO_SHARE, part.end);
            continue;
        }
        // "It takes one of two ways".
        let in_words = line.tokens[part.end - 1].is_word();
        if in_words && candidate.polarity == Polarity::None {
            found.refuse(line, "ratio", candidate.first..whole.end, &rule::IN_WORDS, candidate.first);
            continue;
        }
        let labelled = line.label.is_some() && line.body == candidate.first;
        let score = line.is(whole.end, Class::Rate) || line.is(whole.end, Class::Unit) && candidate.predicate.is_none();
        if score && !labelled {
            found.refuse(line, "ratio", candidate.first..whole.end, &rule::SCORE, whole.end);
            continue;
        }
        // Two bare numbers with nothing said of them are a date, a fraction or a page as well as a ratio.
        let said = candidate.predicate.is_some()
            || predicate::symbol_beside(line, candidate.first, candidate.last).is_some()
            || candidate.noun.as_ref().is_some_and(|noun| line.is_plural(noun.end - 1))
            || line.label.is_some() && line.body == candidate.first
            || line.place.column_span.is_some() && candidate.first == line.body
            || line.get(part.end).is_some_and(|next| next.is_word() && !next.is(Class::OutOf))
            || behind_its_share(line, &candidate)
            || candidate.first > 0 && line.tokens[candidate.first - 1].kind == TokenKind::Code
            // "13/14 = 93%".
            || line.get(whole.end).is_some_and(|next| next.is_punct(b'='))
            // "13 of 14 (93%)".
            || line.get(whole.end).is_some_and(|next| next.is_punct(b'('))
                && amount::at(line, whole.end + 1).is_some_and(|share| share.percent)
            || line.get(whole.end).is_some_and(Token::is_word) && beside_another(&candidate, found)
            // No date and no fraction has its whole for a part, though "step 2 of 2" is one of several.
            || value.value == total.value && line.get(part.end).is_some_and(|next| next.is_punct(b'/'))
            || among_others(line, &candidate)
            || behind_its_things(line, &candidate)
            || behind_its_name(line, &candidate)
            || behind_its_state(line, &candidate);
        if said {
            found.add(line, candidate);
        } else {
            found.refuse(line, "ratio", candidate.first..whole.end, &rule::FRACTION, part.end);
        }
    }
}

/// "19 MCP servers out of 21": the things stand between the part and its whole.
fn out_of(line: &Line<'_>, at: usize) -> Option<amount::Amount> {
    const MOST_WORDS: usize = 4;
    let nouns = (at..line.tokens.len()).take(MOST_WORDS).take_while(|&at| line.tokens[at].is_word());
    // A bare "of" joins two nouns.
    let link = nouns.filter(|&at| line.is(at, Class::OutOf)).find(|&at| !line.says(at, "of"))?;
    let phrase = &line.source[line.tokens[link].span().range()];
    let out = phrase.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("out"));
    amount::at(line, link + 1).filter(|whole| out && !whole.percent)
}

/// "All drivers (24/24)", "all tests pass (81/81)": the things or their state stand before the parenthesis, and nothing else in it.
fn behind_its_things(line: &Line<'_>, candidate: &Candidate) -> bool {
    before_parentheses(line, candidate).is_some_and(|at| line.is_plural(at) || line.tokens[at].is_state_word())
}

/// "Mail 11/12, Search 8/12": one of several names, each with its share.
fn among_others(line: &Line<'_>, candidate: &Candidate) -> bool {
    let comma = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b','));
    let number = |at: usize| line.get(at).is_some_and(|token| token.kind == TokenKind::Number);
    let slash = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b'/'));
    let Some(name) = candidate.first.checked_sub(1).filter(|&at| line.tokens[at].is_word()) else { return false };
    let after = candidate.last + 1;
    let next = comma(after) && line.get(after + 1).is_some_and(Token::is_word) && number(after + 2) && slash(after + 3);
    let before = name > 3 && comma(name - 1) && number(name - 2) && slash(name - 3);
    next || before
}

/// "2/7 compile, 0/7 run": a share of the same whole.
fn beside_another(candidate: &Candidate, found: &Found) -> bool {
    let ratio = |other: &&Candidate| matches!(other.kind, Kind::Ratio { .. });
    found.candidates.last().filter(ratio).is_some_and(|other| other.kind.total() == candidate.kind.total())
}

/// "- Sorter (9/9)" under a heading of status: a name and its share are all that the entry says.
fn behind_its_name(line: &Line<'_>, candidate: &Candidate) -> bool {
    let entry = line.place.form == Form::Item && line.place.section == Section::Status;
    let named = || before_parentheses(line, candidate).is_some_and(|at| line.tokens[at].is_word());
    entry && candidate.last + 2 == line.tokens.len() && named()
}

/// "Online: queue, cache (2/4)": the things in the state that the label names, and how many of all they are.
fn behind_its_state(line: &Line<'_>, candidate: &Candidate) -> bool {
    let states = |mut label: std::ops::Range<usize>| {
        line.colon && label.all(|at| line.tokens[at].is_state_word() || !line.tokens[at].is_word())
    };
    before_parentheses(line, candidate).is_some() && line.label.clone().is_some_and(states)
}

/// "83% (25/30)", "⭐⭐⭐ (3/5)": what the share before it is made of.
fn behind_its_share(line: &Line<'_>, candidate: &Candidate) -> bool {
    let share = |at: usize| line.tokens[at].is_punct(b'%') || line.tokens[at].kind == TokenKind::Symbol;
    before_parentheses(line, candidate).is_some_and(share)
}

/// The state that the label, or the heading before the parentheses, gives to what is counted.
fn headed(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let state = |at: usize| line.tokens[at].is_state_word() && !line.is(at, Class::Weak);
    let label = || line.label.clone().filter(|label| line.colon && label.end <= candidate.first);
    let head = || {
        let before = before_parentheses(line, candidate).filter(|_| line.place.form == Form::Heading)?;
        subject::noun_before(line, before + 1).map(|noun| noun.start)
    };
    let behind = || before_parentheses(line, candidate).filter(|&at| line.tokens[at].is_state_word());
    let said = label().and_then(|mut label| label.rfind(|&at| state(at))).or_else(|| head().filter(|&at| state(at)));
    said.map(|at| line.tokens[at].entry.polarity).or_else(|| Some(predicate::around(line, behind()?).polarity))
}

/// The token before the parentheses, where nothing else stands in them.
fn before_parentheses(line: &Line<'_>, candidate: &Candidate) -> Option<usize> {
    let closed = line.get(candidate.last + 1).is_some_and(|token| token.is_punct(b')'));
    candidate.first.checked_sub(2).filter(|at| closed && line.tokens[at + 1].is_punct(b'('))
}

/// The whole after a part: "/21", "of 28", "out of the 28", "of all 28".
fn whole_after(line: &Line<'_>, at: usize) -> Option<amount::Amount> {
    let token = line.get(at)?;
    let next = line.get(at + 1)?;
    let whole = match token.kind {
        TokenKind::Punct(b'/') => matches!(next.kind, TokenKind::Number).then_some(at + 1),
        TokenKind::Word if token.is(Class::OutOf) => {
            let known = next.entry.classes.any(Classes::of(&[Class::Determiner, Class::Quantifier]));
            Some(at + 1 + usize::from(known && next.is_word()))
        }
        _ => None,
    };
    amount::at(line, whole?).filter(|whole| !whole.percent)
}

/// A state later in the clause: "7/7 samples load successfully".
fn state_of(line: &Line<'_>, at: usize) -> Option<predicate::Predicate> {
    let last = line.get(at).map(|_| at)?;
    let state =
        predicate::next(line, at, line.clause_end(last).min(at + 8)).filter(|_| line.same_clause(at - 1, at))?;
    // "12/12 = 100% complete": the state is that of the share.
    line.next_number(at..state.first).is_none().then_some(state)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn ratios() {
        assert_claims(&[
            (
                "Runs stay near 4/4, mail 11/12, search 8/12.",
                &[
                    "4/4 | ratio 4/4 | eq | up | ",
                    "11/12 | ratio 11/12 | eq | none | ",
                    "8/12 | ratio 8/12 | eq | none | ",
                ],
            ),
            ("19 of our 21 bells work.", &["19 of our 21 bells work | ratio 19/21 | eq | up | bells"]),
            ("19 out of the 21 bells work.", &["19 out of the 21 bells work | ratio 19/21 | eq | up | bells"]),
            ("Two of all three bells work.", &["Two of all three bells work | ratio 2/3 | eq | up | bells"]),
            ("One of 21 bells is broken.", &["One of 21 bells is broken | ratio 1/21 | eq | down | bells"]),
            ("It takes one of two ways.", &[]),
            ("- Running bells: 19 of 21", &["19 of 21 | ratio 19/21 | eq | up | Running bells"]),
            ("Cut 1/2 of it, then 3/4 again.", &[]),
            (
                "19/21 bells (90%) are working.",
                &["19/21 bells | ratio 19/21 | eq | up | bells", "90% | percent 90 | eq | up | bells"],
            ),
            (
                "19 of 21 (90%) bells are working.",
                &["19 of 21 | ratio 19/21 | eq | up | bells", "90% | percent 90 | eq | up | bells"],
            ),
            (
                "19/21 (90%) of the bells are working.",
                &["19/21 | ratio 19/21 | eq | up | bells", "90% | percent 90 | eq | up | bells"],
            ),
            ("- Step two of 2\n- Step 3 of 3", &[]),
            (
                "- Sign-in (13/14 = 93%)",
                &["13/14 | ratio 13/14 | eq | none | Sign-in", "93% | percent 93 | eq | none | Sign-in"],
            ),
            (
                "**Status**: ⚠️ **REQUIRES A RACK** (0/5 passing)",
                &["⚠️ **REQUIRES A RACK | state | eq | partial | ", "0/5 passing | ratio 0/5 | eq | up | "],
            ),
            (
                "**Coverage (do not trust before a new run):**\n\n- Mail 41%, Search 52%",
                &["41% | percent 41 | eq | none | Mail", "52% | percent 52 | eq | none | Search"],
            ),
            (
                "**Total:** 2/7 compiled, 0/7 even parse",
                &["2/7 compiled | ratio 2/7 | eq | up | ", "0/7 even parse | ratio 0/7 | eq | none | even parse"],
            ),
            ("## Status\n\n- Sorter (9/9)", &["9/9 | ratio 9/9 | eq | up | Sorter"]),
            (
                "- **Scripted work:** 12/12 = 100% complete",
                &[
                    "12/12 | ratio 12/12 | eq | up | Scripted work",
                    "100% complete | percent 100 | eq | up | Scripted work",
                ],
            ),
            (
                "The mesh is live: 21/21 operational.",
                &["mesh is live | state | eq | up | mesh", "21/21 operational | ratio 21/21 | eq | up | mesh"],
            ),
            ("21/21 operational", &["21/21 operational | ratio 21/21 | eq | up | "]),
            ("We saw 19 passing runs out of 21.", &["19 passing runs out of 21 | ratio 19/21 | eq | up | "]),
            ("19 of 21 (90%).", &["19 of 21 | ratio 19/21 | eq | none | ", "90% | percent 90 | eq | none | "]),
            (
                "| Suite | Share |\n|---|---|\n| Unit | 83% (25/30) |",
                &["83% | percent 83 | eq | none | Unit", "25/30 | ratio 25/30 | eq | none | Unit"],
            ),
            (
                "We see 26 of 28 MCP servers connected.",
                &["26 of 28 MCP servers connected | ratio 26/28 | eq | up | MCP servers"],
            ),
            ("Tests: **312/312** passing", &["312/312** passing | ratio 312/312 | eq | up | Tests"]),
            ("- Modules: 9/10", &["9/10 | ratio 9/10 | eq | none | Modules"]),
            ("- Setup with 9/9 steps", &["9/9 steps | ratio 9/9 | eq | up | steps"]),
            ("21/21 workers operational.", &["21/21 workers operational | ratio 21/21 | eq | up | workers"]),
            (
                "2 pages. Tests: 40/42 passing.",
                &["2 pages | count 2 | eq | none | pages", "40/42 passing | ratio 40/42 | eq | up | Tests"],
            ),
            ("3/12 jobs fail", &["3/12 jobs fail | ratio 3/12 | eq | down | jobs"]),
        ]);
    }

    #[test]
    fn ratios_behind_what_they_share_out() {
        assert_claims(&[
            (
                "- **Online**: queue, cache (2/4)\n- **Offline**: None (0/4)",
                &["2/4 | ratio 2/4 | eq | up | Online", "0/4 | ratio 0/4 | eq | down | Offline"],
            ),
            ("**Readability:** ⭐⭐⭐ (3/5)", &["3/5 | ratio 3/5 | eq | none | Readability"]),
            (
                "- All tests pass (81/81)",
                &["All tests pass | universal | eq | up | tests", "81/81 | ratio 81/81 | eq | up | tests"],
            ),
            ("- The suite (`make check` 15/15)", &["15/15 | ratio 15/15 | eq | up | suite"]),
            ("**Progress:** 2/16 weeks", &["2/16 weeks | ratio 2/16 | eq | none | weeks"]),
            ("## 🟢 Online workers (6/14)", &["6/14 | ratio 6/14 | eq | up | Online workers"]),
        ]);
    }

    #[test]
    fn two_numbers_that_are_no_ratio() {
        assert_claims(&[
            ("- Sorter (7/9)", &[]),
            ("Open 24/7, see 12/12/2025 and page 3/10.", &[]),
            ("Add 1/2 cup.", &[]),
            ("It answers 30/20 requests.", &[]),
        ]);
    }
}
