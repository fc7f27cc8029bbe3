//! Which way a number points, where its own words do not say: "**Failed**: 3 tests", "9/9 (100%) ✅".

use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::recognise::{Candidate, Found};

/// Gives numbers that point nowhere the direction of what stands around them.
pub fn read(line: &Line<'_>, found: &mut Found) {
    found.candidates.sort_by_key(|candidate| candidate.first);
    for at in 0..found.candidates.len() {
        let candidate = &found.candidates[at];
        if candidate.polarity != Polarity::None || candidate.kind == Kind::State {
            continue;
        }
        let before = at.checked_sub(1).map(|before| &found.candidates[before]);
        let polarity = before
            .and_then(|before| of_the_same(line, before, candidate))
            .or_else(|| of_label(line, candidate))
            .or_else(|| of_mark_behind(line, candidate));
        if let Some(polarity) = polarity {
            found.candidates[at].polarity = polarity;
        }
    }
}

/// "166/266 passing (62%)": the share in parentheses is that of the number before them.
fn of_the_same(line: &Line<'_>, before: &Candidate, candidate: &Candidate) -> Option<Polarity> {
    let share = matches!(candidate.kind, Kind::Percent { .. }) && before.kind != Kind::State;
    let opened =
        line.get(before.last + 1).is_some_and(|token| token.is_punct(b'(')) && before.last + 2 == candidate.first;
    (share && opened && before.polarity != Polarity::None).then_some(before.polarity)
}

/// "**Failed**: 3 tests": the label is a state and nothing else.
fn of_label(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let label = line.label.clone().filter(|label| line.colon && !label.is_empty() && candidate.first == line.body)?;
    let states = label.clone().all(|at| line.tokens[at].is_state_word());
    states.then(|| line.tokens[label.end - 1].entry.polarity)
}

/// "9/9 (100%) ✅": the mark stands behind the parenthesis. Behind a count, as in "Search (3 tools) ✅", it is another claim.
fn of_mark_behind(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    if !matches!(candidate.kind, Kind::Ratio { .. } | Kind::Percent { .. }) {
        return None;
    }
    let mut at = candidate.last + 1;
    let closed = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b')'));
    if line.get(at).is_some_and(|token| token.is_punct(b'(')) {
        // What is in it is looked over: no more than a share.
        at = (at + 1..at + 4).find(|&at| closed(at))?;
    } else if !closed(at) {
        return None;
    }
    line.get(at + 1).filter(|token| token.is_state_symbol()).map(|token| token.entry.polarity)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn numbers_point_where_their_surroundings_do() {
        assert_claims(&[
            (
                "- Unit tests: 224/238 passing (94%)",
                &["224/238 passing | ratio 224/238 | eq | up | Unit tests", "94% | percent 94 | eq | up | Unit tests"],
            ),
            ("**Failed**: 3 tests", &["3 tests | count 3 | eq | down | Failed"]),
            (
                "- Drivers: 9/9 (100%) ✅",
                &["9/9 | ratio 9/9 | eq | up | Drivers", "100% | percent 100 | eq | up | Drivers"],
            ),
            ("- Tests: 12 (3%)", &["12 | count 12 | eq | none | Tests", "3% | percent 3 | eq | none | Tests"]),
        ]);
    }
}
