//! Which way a number points, where its own words do not say: "**Failed**: 3 tests", "9/9 (100%) ✅".

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::subject;

/// Gives numbers that point nowhere the direction of what stands around them.
pub fn read(line: &Line<'_>, found: &mut Found) {
    found.candidates.sort_by_key(|candidate| candidate.first);
    for at in 0..found.candidates.len() {
        let candidate = &found.candidates[at];
        let next = found.candidates.get(at + 1);
        if candidate.kind == Kind::State && is_taken_back(line, candidate, next) {
            found.candidates[at].polarity = Polarity::Partial;
        }
        let candidate = &found.candidates[at];
        if candidate.polarity != Polarity::None || candidate.kind == Kind::State {
            continue;
        }
        let before = at.checked_sub(1).map(|before| &found.candidates[before]);
        let polarity = before
            .and_then(|before| of_the_same(line, before, candidate))
            .or_else(|| of_label(line, candidate))
            .or_else(|| of_mark_behind(line, candidate))
            .or_else(|| of_state_behind(line, candidate, found.candidates.get(at + 1)?))
            .or_else(|| of_mark_before(line, candidate))
            .or_else(|| of_all(line, candidate))
            .or_else(|| of_table(line, candidate));
        if let Some(polarity) = polarity {
            found.candidates[at].polarity = polarity;
        }
    }
}

/// "Ready but not wired": what is said behind the state takes it back in part, and is no claim of its own.
fn is_taken_back(line: &Line<'_>, state: &Candidate, next: Option<&Candidate>) -> bool {
    let alone = || next.is_none_or(|next| next.first >= line.sentence_end(state.last));
    let turn = state.last + 1;
    let denies = |at: usize| {
        let phrase =
            line.get(at).is_some_and(|token| token.is_state_word() && line.source[token.span().range()].contains(' '));
        let ready = line.get(at + 1).is_some_and(|token| token.is_state_word() && token.entry.polarity == Polarity::Up);
        phrase && line.tokens[at].entry.polarity == Polarity::Down || line.is(at, Class::Negator) && ready
    };
    state.polarity == Polarity::Up
        && line.get(turn).is_some_and(|token| {
            token.is(Class::Contrast) && (line.is(turn + 1, Class::Negator) || denies(turn + 1))
                || (token.is_punct(b',') || token.is_punct(b'(')) && denies(turn + 1)
        })
        && alone()
}

/// "✅ Foundation (100%)": the share in parentheses is that of the thing which the mark approves; "✅ **Index**: 40 pages"
/// tells nothing else of it.
fn of_mark_before(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let tells = match candidate.kind {
        Kind::Count { value } => value.value > 0.0,
        Kind::Percent { .. } => true,
        Kind::Ratio { .. } | Kind::Universal { .. } | Kind::State => false,
    };
    let label = line.label.as_ref().filter(|_| tells && candidate.first == line.body);
    if let (Some(mark), Some(label)) = (line.lead_symbol, label) {
        return (mark < label.start).then(|| line.tokens[mark].entry.polarity);
    }
    let share = match candidate.kind {
        Kind::Percent { .. } | Kind::Ratio { .. } => true,
        // "### ✅ Screens (40)".
        Kind::Count { .. } => line.place.form == Form::Heading,
        Kind::Universal { .. } | Kind::State => false,
    };
    let [before, after] = [candidate.first.checked_sub(1)?, candidate.last + 1].map(|at| line.get(at));
    let alone = before.is_some_and(|token| token.is_punct(b'(')) && after.is_some_and(|token| token.is_punct(b')'));
    // "⚠️ **Open**: Mail (0%), Search (20%)": each has its own.
    let listed = || subject::name_in_list(line, candidate.first).is_some();
    let mark = line.lead_symbol.filter(|_| share && alone && line.depth(candidate.first) == 1 && !listed())?;
    Some(line.tokens[mark].entry.polarity)
}

/// "Loader 9/9": all of them, of which nothing else is said. In a table the other cells say what the numbers mean.
fn of_all(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let Kind::Ratio { value, total } = candidate.kind else { return None };
    (value.value == total.value && line.place.form != Form::Cell).then_some(Polarity::Up)
}

/// "18/20" in the column "Passing", "19" in the row "✅ Working" of a table that counts.
fn of_table(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let counts = line.place.columns == 2 || line.place.column.has(Class::TallyNoun);
    let said = match candidate.kind {
        Kind::Ratio { .. } => line.place.column_state,
        Kind::Count { .. } if counts => line.place.row_state,
        _ => Polarity::None,
    };
    let alone = line.place.form == Form::Cell && candidate.first == line.body;
    (alone && said != Polarity::None).then_some(said)
}

/// "166/266 passing (62%)", "complete (85%)": the share in parentheses is that of what stands before them.
fn of_the_same(line: &Line<'_>, before: &Candidate, candidate: &Candidate) -> Option<Polarity> {
    let share = match candidate.kind {
        Kind::Percent { .. } => before.kind != Kind::State || candidate.noun.is_none(),
        Kind::Ratio { .. } => matches!(before.kind, Kind::Percent { .. }),
        Kind::Count { .. } | Kind::Universal { .. } | Kind::State => false,
    };
    let opened =
        line.get(before.last + 1).is_some_and(|token| token.is_punct(b'(')) && before.last + 2 == candidate.first;
    (share && opened && before.polarity != Polarity::None).then_some(before.polarity)
}

/// "Store: 100% (ready)": the parenthesis says how the share is meant.
fn of_state_behind(line: &Line<'_>, candidate: &Candidate, next: &Candidate) -> Option<Polarity> {
    let plain = next.noun.is_none() && next.polarity == Polarity::Up;
    let said = next.kind == Kind::State && plain && next.first == candidate.last + 2;
    let alone = said && line.tokens[next.first - 1].is_punct(b'(');
    let closed = line.get(next.last + 1).is_some_and(|token| token.is_punct(b')'));
    (alone && closed && matches!(candidate.kind, Kind::Percent { .. })).then_some(next.polarity)
}

/// "**Failed**: 3 tests", "Workers running: 3": the label is a state, or the things and their state.
fn of_label(line: &Line<'_>, candidate: &Candidate) -> Option<Polarity> {
    let label = line.label.clone().filter(|label| line.colon && !label.is_empty() && candidate.first == line.body)?;
    let entry = |at: usize| line.tokens[at].entry;
    if label.clone().all(|at| line.tokens[at].is_state_word()) {
        return Some(entry(label.end - 1).polarity);
    }
    let mut states = label.clone().filter(|&at| line.tokens[at].is_state_word());
    let state =
        states.next().filter(|_| states.next().is_none() && label.clone().all(|at| line.tokens[at].is_word()))?;
    // "Files created: 5" counts what was done, and "Live guards: 3" names a kind of thing.
    let past = line.is(state, Class::Past);
    let behind = state + 1 == label.end && entry(state).rung.is_some() && !past;
    // "Open bugs: 3" are there, as "3 open bugs" are.
    let before = state == label.start && entry(state).polarity == Polarity::Down && !line.says(state, "open");
    (behind || before).then(|| entry(state).polarity)
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
            ("**Base loader (9/9)**", &["9/9 | ratio 9/9 | eq | up | Base loader"]),
            ("| Part | Steps |\n|---|---|\n| loader | 9/9 |", &["9/9 | ratio 9/9 | eq | none | loader"]),
            ("## Status\n\n### ✅ Screens (40+ screens)", &["40+ screens | count 40 | ge | up | Screens"]),
            (
                "## Success criteria\n\n### Round 3 ✅ 4/5 targets met",
                &["4/5 targets met | ratio 4/5 | eq | up | targets"],
            ),
            (
                "- Unit tests: 224/238 passing (94%)",
                &["224/238 passing | ratio 224/238 | eq | up | Unit tests", "94% | percent 94 | eq | up | Unit tests"],
            ),
            (
                "| Category | Runs | Passing |\n|---|---|---|\n| Unit | 20 | 18/20 |",
                &["20 | count 20 | eq | none | Unit", "18/20 | ratio 18/20 | eq | up | Unit"],
            ),
            (
                "| Outcome | Count |\n|---|---|\n| ✅ Passed | 19 |\n| ❌ Failed | 2 |",
                &["19 | count 19 | eq | up | Passed", "2 | count 2 | eq | down | Failed"],
            ),
            ("**Open bugs**: 3", &["3 | count 3 | eq | none | Open bugs"]),
            ("**Failed**: 3 tests", &["3 tests | count 3 | eq | down | tests"]),
            (
                "- ⚠️ **Open parts**: Mail (0%), Search (20%)",
                &["0% | percent 0 | eq | none | Mail", "20% | percent 20 | eq | none | Search"],
            ),
            ("**Store**: 100% (ready)", &["100% | percent 100 | eq | up | Store", "ready | state | eq | up | Store"]),
            ("- ✅ **Index**: 40 pages", &["40 pages | count 40 | eq | up | Index"]),
            ("- ✅ **Lint**: 0 warnings", &["0 warnings | count 0 | eq | none | Lint"]),
            (
                "- Drivers: 9/9 (100%) ✅",
                &["9/9 | ratio 9/9 | eq | up | Drivers", "100% | percent 100 | eq | up | Drivers"],
            ),
            ("- Tests: 12 (3%)", &["12 | count 12 | eq | none | Tests", "3% | percent 3 | eq | none | Tests"]),
            ("- **Gateways available**: 7 gateways", &["7 gateways | count 7 | eq | up | Gateways available"]),
            ("- **Failed imports**: 0", &["0 | count 0 | eq | down | Failed imports"]),
            ("- **Live guards**: 3 guards", &["3 guards | count 3 | eq | none | Live guards"]),
            ("- ✅ **Phase 1**: Foundation (100%)", &["100% | percent 100 | eq | up | Phase 1: Foundation"]),
            (
                "- **Phase 6**: 50% complete (2/4 items)",
                &["50% complete | percent 50 | eq | up | Phase 6", "2/4 items | ratio 2/4 | eq | up | Phase 6"],
            ),
            ("- **Status**: Complete (85%)", &["Complete | state | eq | up | ", "85% | percent 85 | eq | up | "]),
        ]);
    }

    #[test]
    fn what_is_taken_back_behind_a_state_leaves_it_in_part() {
        assert_claims(&[
            ("- `bell.js` - Ready but not wired", &["Ready | state | eq | partial | bell.js"]),
            ("The shop is operational, not a mock.", &["shop is operational | state | eq | up | shop"]),
            (
                "The gateway is deployed but not healthy.",
                &["gateway is deployed | state | eq | up | gateway", "not healthy | state | eq | down | gateway"],
            ),
        ]);
    }
}
