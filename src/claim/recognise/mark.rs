//! Marks and boxes: "- ✅ Login page", a ticked box before "export", a cell with a symbol alone.

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::rule;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

/// Finds the symbol, or else the box, that nothing else in its line takes up.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    let form = line.place.form;
    marked_names(line, found);
    if let Some(candidate) = under_a_state(line) {
        return found.add(line, candidate);
    }
    let lead = line.lead_symbol.filter(|&mark| {
        !matches!(form, Form::HeaderCell | Form::FirstCell)
            && (form != Form::Heading
                || line.place.nested && line.place.section == Section::Status
                || is_numbered(line)
                || line.asks_status() && mark + 1 == line.body)
    });
    // "[x] Search ✅": the box is the mark of the entry.
    if lead.is_none() && line.task().is_some() && line.place.section == Section::Status {
        return boxed(line, found);
    }
    let tail = || line.tail_symbol.filter(|_| form != Form::FirstCell && form != Form::HeaderCell);
    if let Some(at) = answering(line).filter(|&at| lead.is_none() && !found.has(at)) {
        let mut candidate = Candidate::new(Kind::State, at, at);
        candidate.polarity = line.tokens[at].entry.polarity;
        candidate.predicate = Some(at..at + 1);
        candidate.last = (at..line.clause_end(at)).rfind(|&at| line.tokens[at].is_word()).unwrap_or(at);
        return found.add(line, candidate);
    }
    let Some(at) = lead.or_else(tail) else { return boxed(line, found) };
    let named = at + 1 == line.body || at == line.body && line.label.is_some();
    let told = found.candidates.iter().any(|claim| {
        // "### ✅ Screens (40)" tells how many are there.
        let counted = form == Form::Heading && matches!(claim.kind, Kind::Count { .. }) && at < claim.first;
        let state = claim.polarity != Polarity::None || matches!(claim.kind, Kind::Percent { .. }) || counted;
        state && !(named && is_aside(line, claim) || is_part(line, claim) || has_own_mark(line, claim))
            || line.depth(claim.first) == 0 && (claim.first == line.body || claim.last + 1 == at)
            // "### Urgent (5/5) ✅".
            || matches!(claim.kind, Kind::Ratio { .. }) && claim.last + 2 == at && line.tokens[at - 1].is_punct(b')')
    });
    if told || found.has(at) {
        return;
    }
    if line.get(at + 1).is_some_and(|next| next.is_punct(b'=')) {
        found.refuse(line, "state", at..at + 1, &rule::LEGEND, at + 1);
        return;
    }
    let mut candidate = Candidate::new(Kind::State, at, at);
    candidate.polarity = line.tokens[at].entry.polarity;
    candidate.predicate = Some(at..at + 1);
    (candidate.first, candidate.last) = answer(line, at);
    reach(line, at, &mut candidate);
    found.add(line, candidate);
}

/// "## ✅ Task 3: Longer ropes": whether a heading names one piece of work by its number.
fn is_numbered(line: &Line<'_>) -> bool {
    let Some(first) = line.label.as_ref().map(|label| label.start) else { return false };
    let number = line.get(first + 1).is_some_and(|token| token.kind == TokenKind::Number);
    matches!(line.place.section, Section::Plain | Section::Status) && line.is(first, Class::Ordinal) && number
}

/// "R-6: 100% error texts - ⏳ Needs a table": the mark behind the dash that answers a requirement. What has a name
/// instead of a number is told by its value: "Coverage: 85% - ✅ Good".
pub fn answering(line: &Line<'_>) -> Option<usize> {
    let id = line.label.clone().filter(|label| line.colon && label.len() == 1)?;
    line.source[line.tokens[id.start].span().range()].ends_with(|last: char| last.is_ascii_digit()).then_some(())?;
    let dashed = |&at: &usize| line.tokens[at - 1].is_punct(b'-') && line.tokens[at - 1].spaced;
    let mut marks = (line.body.max(1)..line.tokens.len()).filter(|&at| line.tokens[at].is_state_symbol());
    let at = marks.next().filter(dashed).filter(|_| marks.next().is_none())?;
    line.get(at + 1).is_some_and(Token::is_word).then_some(at)
}

/// "Planner: ✅ local model (95% cached)": what a parenthesis says beside the name that a mark approves. A number there of the
/// same things, or of how far they are, belongs to the mark.
fn is_aside(line: &Line<'_>, claim: &Candidate) -> bool {
    let core = claim.core(line);
    let own = match claim.kind {
        Kind::State | Kind::Universal { .. } => true,
        Kind::Count { .. } => false,
        // "(95% cached)", "(40% line coverage)".
        Kind::Ratio { .. } | Kind::Percent { .. } => {
            claim.predicate.is_some() || claim.noun.as_ref().is_some_and(|noun| noun.start > core)
        }
    };
    // "Status: 🚧 TRIAL PERIOD - base is up".
    let apart = line.asks_status()
        && !line.same_clause(core, line.body)
        && line.get(line.body).is_some_and(|first| first.is_word());
    own && line.depth(core) > 0 || apart
}

/// "✅ **Pipeline**: reader, writer and index, 18 passing tests": what is counted among other things that the entry tells.
fn is_part(line: &Line<'_>, claim: &Candidate) -> bool {
    let told = line.label.is_some() && line.body + 1 < claim.first;
    told && matches!(claim.kind, Kind::Count { .. })
}

/// "Stage 6 (reader ✅, writer ✅)": what a name in parentheses has for itself.
fn has_own_mark(line: &Line<'_>, claim: &Candidate) -> bool {
    line.depth(claim.last) > 0
        && claim.first < claim.last
        && claim.predicate == Some(claim.last..claim.last + 1)
        && claim.is_symbol(line)
}

/// Tokens of an answer of unknown words, at most.
const LONGEST_ANSWER: usize = 6;

/// A mark with the one or two words that it stands by as an answer: "Speed: ✅ Fast", "Load: high ⚠️".
fn answer(line: &Line<'_>, at: usize) -> (usize, usize) {
    let answers = line.label.is_some() && line.colon || line.place.form == Form::Cell;
    let few = |from: usize, to: usize| to - from <= 2 && (from..to).all(|word| line.tokens[word].is_word());
    if answers && at >= line.body && few(line.body, at) {
        return (line.body.min(at), at);
    }
    let end = line.tokens.len();
    if answers && at + 1 == line.body && few(line.body, end) {
        return (at, end - 1);
    }
    // "Status: 🚧 TRIAL PERIOD - base is up": words that the lexicon does not know tell the status as well.
    if line.asks_status() && at + 1 == line.body {
        let clause = line.body..line.clause_end(line.body.min(end - 1));
        let last = clause.clone().rfind(|&at| line.tokens[at].is_word());
        let said = |at: usize| line.tokens[at].is_word() || line.tokens[at].is_punct(b'*');
        return (at, last.filter(|_| clause.clone().all(said) && clause.len() <= LONGEST_ANSWER).unwrap_or(at));
    }
    (at, at)
}

/// "✅ Build files: temporary folders ignored": the participle that ends what a mark stands before, whatever its verb.
pub(super) fn done(line: &Line<'_>, from: usize) -> Option<usize> {
    let from = line.body.max(from);
    let participle = |&word: &usize| {
        let before = &line.tokens[word - 1];
        let noun = before.is_word() && (!before.entry.classes.any(NO_NOUN) || before.is(Class::Adverb));
        noun && line.is_participle(word) && line.closes(word + 1)
    };
    (from..line.clause_end(from.min(line.tokens.len() - 1))).find(participle)
}

/// "Stage 6 (reader ✅, writer ✅)", "reader ✅ writer ✅ index ✅": each of the names with its own mark.
fn marked_names(line: &Line<'_>, found: &mut Found) {
    const FEWEST: usize = 3;
    if !line.content.symbol {
        return;
    }
    let all = line.tokens.iter().filter(|token| token.is_state_symbol()).count();
    if all < 2 {
        return;
    }
    let named = |at: usize| at > 0 && line.tokens[at].is_state_symbol() && line.tokens[at - 1].is_word();
    let ends = |at: usize| line.get(at).is_some_and(|next| matches!(next.kind, TokenKind::Punct(b',' | b')')));
    let aside = |&at: &usize| named(at) && line.depth(at) > 0 && ends(at + 1);
    let places = 0..line.tokens.len();
    let each = places.clone().filter(|&at| named(at)).count() == all;
    let in_a_row = each && (all >= FEWEST || is_pair(line));
    let marks = |at: &usize| if in_a_row { named(*at) } else { aside(at) };
    if places.clone().filter(marks).take(2).count() < 2 {
        return;
    }
    for at in places.filter(marks) {
        let mut candidate = Candidate::new(Kind::State, at, at);
        candidate.polarity = line.tokens[at].entry.polarity;
        candidate.predicate = Some(at..at + 1);
        candidate.noun = subject::noun_before(line, at);
        candidate.first = candidate.noun.as_ref().map_or(at, |noun| noun.start);
        found.add(line, candidate);
    }
}

/// "reader ✅, writer ❌": two names with a mark each, and nothing more.
fn is_pair(line: &Line<'_>) -> bool {
    const LONGEST_NAME: usize = 3;
    const SAID: Classes = Classes::of(&[Class::State, Class::Copula, Class::Negator, Class::Contrast]);
    let word = |token: &Token| token.is_word() && !token.entry.classes.any(SAID);
    let name = |tokens: &[Token]| (1..=LONGEST_NAME).contains(&tokens.len()) && tokens.iter().all(word);
    let mut names = line.tokens[line.opening()..].split(|token| token.is_state_symbol());
    let first = names.next().is_some_and(name);
    let apart = |token: &Token| {
        matches!(token.kind, TokenKind::Punct(b',' | b'/' | b'+' | b'&')) || token.is(Class::Conjunction)
    };
    let second = names.next().is_some_and(|next| name(&next[usize::from(next.first().is_some_and(apart))..]));
    first && second && names.next().is_some_and(<[Token]>::is_empty)
}

/// A dot in the column "Planned": what the header says is so of the row.
fn under_a_state(line: &Line<'_>) -> Option<Candidate> {
    let [mark] = line.tokens else { return None };
    let polarity = line.place.column_state;
    // "❌" in the column "Built" says the opposite, and is read as what it is.
    let denies = mark.is(Class::State) && mark.entry.polarity != Polarity::Up;
    if line.place.form != Form::Cell || mark.kind != TokenKind::Symbol || polarity == Polarity::None || denies {
        return None;
    }
    let mut candidate = Candidate::new(Kind::State, 0, 0);
    candidate.polarity = polarity;
    candidate.predicate = Some(0..1);
    Some(candidate)
}

/// Makes the quote of the mark at `at` reach over the sentence that it stands before, if there is one.
fn reach(line: &Line<'_>, at: usize, candidate: &mut Candidate) {
    if let Some(done) = done(line, at + 2) {
        candidate.last = candidate.last.max(done);
    } else if let Some(verb) = verb(line, at + 1) {
        let last = (verb..line.clause_end(verb)).rfind(|&word| line.tokens[word].is_word());
        candidate.last = candidate.last.max(last.unwrap_or(verb));
        if line.label.is_none() {
            candidate.noun = subject::noun_before(line, verb);
        }
    }
}

/// The verb of the sentence that a mark before `from` stands before, or of the one that answers its label: "✅ Window opens at
/// once", "❌ `/reload`: returns nothing".
fn verb(line: &Line<'_>, from: usize) -> Option<usize> {
    const ALWAYS: Classes = Classes::of(&[Class::Modal, Class::Copula]);
    let from = line.body.max(from);
    let end = line.clause_end(from.min(line.tokens.len() - 1));
    (from..end).filter(|&at| line.tokens[at].is_word()).find(|&at| {
        let token = &line.tokens[at];
        if at == from {
            return line.label.is_some() && token.is(Class::Acts);
        }
        let before = &line.tokens[at - 1];
        let behind = before.is_word() && !before.entry.classes.any(NO_NOUN);
        let several = line.is_plural(at - 1);
        // "The window opens", "redis opens", "the windows open"; "a window open day".
        let agrees = || several || line.source[token.span().range()].ends_with('s');
        // "Stores receiving orders", but "stores tracking".
        let going = || several && line.is_gerund(at) && line.get(at + 1).is_some_and(Token::is_word);
        behind && (token.entry.classes.any(ALWAYS) || token.is(Class::Acts) && agrees() || going())
    })
}

/// Words that nothing is said of by a participle behind them.
const NO_NOUN: Classes = Classes::of(&[Class::Link, Class::Determiner, Class::Copula, Class::Conjunction]);

/// The ticked box of a task item.
fn boxed(line: &Line<'_>, found: &mut Found) {
    let Some(at) = line.task() else { return };
    // A state further down in the item's text does not take up its box.
    let first_line = line.tokens.iter().position(|token| token.is_break()).unwrap_or(line.tokens.len());
    if found.candidates.iter().any(|claim| claim.polarity != Polarity::None && claim.core(line) < first_line) {
        return;
    }
    let mut candidate = Candidate::new(Kind::State, at, at);
    let ticked = line.is_ticked();
    candidate.polarity = if ticked { Polarity::Up } else { Polarity::Down };
    candidate.predicate = Some(at..at + 1);
    if ticked {
        reach(line, at, &mut candidate);
    }
    found.add(line, candidate);
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn a_mark_goes_with_what_it_approves() {
        assert_claims(&[
            (
                "## Requirements\n\n- [x] Mast raised\n- [x] Rope",
                &["[x] Mast raised | state | eq | up | Mast raised", "[x] | state | eq | up | Rope"],
            ),
            ("## Requirements\n\n- [x] Mast raised\n- [ ] Rope", &[]),
            ("The guide for crews.\n\n**Contents:**\n\n- ✅ Oars and sails", &[]),
            ("## Plan\n\n- [x] a\n- [ ] b", &[]),
            (
                "## Sailing\n\n- [x] Mast raised\n- [x] Rope",
                &["[x] Mast raised | state | eq | up | Mast raised", "[x] | state | eq | up | Rope"],
            ),
            ("## Sailing\n\n- [x] Mast raised\n- [ ] Rope", &[]),
            ("- ✅ Warm start (30% fewer reads)", &["✅ | state | eq | up | Warm start"]),
            ("- ✅ Log texts improved", &["✅ Log texts improved | state | eq | up | Log texts improved"]),
            ("- ✅ Faster warm start", &[]),
            ("- ⏳ \"Follow\" button", &["⏳ | state | eq | partial | Follow\" button"]),
            ("- ✅ Correct folder names", &["✅ | state | eq | up | Correct folder names"]),
            ("- **Chat**: ✅ Sign-in ready", &["✅ Sign-in ready | state | eq | up | Chat"]),
            ("- **Chat**: Sign-in ready", &["Sign-in ready | state | eq | up | Sign-in"]),
            ("## Faults fixed\n\n- **Status**: ✅ Tested and working", &["✅ Tested and working | state | eq | up | "]),
            (
                "- ✅ **Build files**: temporary folders ignored",
                &["✅ **Build files**: temporary folders ignored | state | eq | up | Build files"],
            ),
            (
                "- ✅ **Desktop**: Successfully builds and starts",
                &["✅ **Desktop**: Successfully | state | eq | up | Desktop"],
            ),
            ("- ✅ **Crate** - Published to the index", &["✅ **Crate** - Published | state | eq | up | Crate"]),
            ("- ✅ **Upload Ready**: Types for all parts", &["✅ **Upload Ready | state | eq | up | Upload"]),
            ("## Progress\n\n- ✅ **June 20, 2025** - Limits for every account", &[]),
            ("## Progress\n\n- **Export (since 2024)**: ✅", &["✅ | state | eq | up | Export"]),
            // What parentheses say beside the name that a mark approves is a claim of its own, unless it counts the same.
            (
                "## Status\n\n- **Planner**: ✅ local model (95% cached)",
                &["✅ | state | eq | up | Planner", "95% cached | percent 95 | eq | up | Planner"],
            ),
            (
                "- ✅ **Pipeline** - reader, writer and index, 18 passing tests",
                &["✅ | state | eq | up | Pipeline", "18 passing tests | count 18 | eq | up | passing tests"],
            ),
            (
                "## Status\n\n- ✅ **Debt reduction**: shared forms take the place of copies",
                &["✅ | state | eq | up | Debt reduction"],
            ),
            ("- **Scanner** - ⚠️ Base copy confirmed", &["⚠️ Base copy confirmed | state | eq | partial | Scanner"]),
            ("- ✅ Broad test suite (52 tests passing)", &["52 tests passing | count 52 | eq | up | Broad test suite"]),
            (
                "**Status**: ✅ **SPLENDID** (4/4 passing)",
                &["✅ **SPLENDID | state | eq | up | ", "4/4 passing | ratio 4/4 | eq | up | "],
            ),
            (
                "**Status**: 🚧 **TRIAL PERIOD** - Base services operational",
                &[
                    "🚧 **TRIAL PERIOD | state | eq | partial | ",
                    "Base services operational | state | eq | up | Base services",
                ],
            ),
            ("## Current status: ❌ Import settings problem", &["❌ Import settings problem | state | eq | down | "]),
            // A mark in the column of a state says that state.
            (
                "| Room | Painted and done | Broken |\n|---|---|---|\n| Hall | | ● |\n| Attic | | ✓ |\n| Cellar | | ❌ |",
                &["● | state | eq | down | Hall", "✓ | state | eq | down | Attic", "❌ | state | eq | down | Cellar"],
            ),
            ("| Room | Painted |\n|---|---|\n| Hall | ● |", &[]),
            // A sentence behind a mark is said with it, a name is not.
            (
                "## Status\n\n- ✅ The drawer opens without noise",
                &["✅ The drawer opens without noise | state | eq | up | drawer"],
            ),
            ("## Status\n\n- ✅ Drawers opening left", &["✅ Drawers opening left | state | eq | up | Drawers"]),
            (
                "## Status\n\n- ❌ Door bell: returns a croak",
                &["❌ Door bell: returns a croak | state | eq | down | Door bell"],
            ),
            (
                "## Status\n\n- [x] The lid closes when asked",
                &["[x] The lid closes when asked | state | eq | up | lid"],
            ),
            ("## Status\n\n- ✅ Roof updates", &["✅ | state | eq | up | Roof updates"]),
            // A part with the place where it is, by its name in bold.
            ("## Status\n\n- ✅ **Mill**: `attic/mill`", &["✅ | state | eq | up | Mill"]),
            ("## Status\n\n- ✅ Mill: `attic/mill`", &[]),
            ("## Rooms\n\n- ✅ **Mill**: `attic/mill`", &[]),
            // What waits is not past, whatever stands above; a warning may be.
            ("## Changelog\n\n- ⏳ Paint for the roof", &["⏳ | state | eq | partial | Paint for the roof"]),
            ("## Changelog\n\n- ⚠️ Loose tiles on the roof", &[]),
            ("## Changelog\n\n- ✅ Paint for the roof", &[]),
            ("- ⏳ Deploy to the attic", &[]),
            // A share that parentheses name takes up no mark.
            (
                "## Status\n\n- ✅ Bread baking club (60% oven coverage)",
                &[
                    "✅ | state | eq | up | Bread baking club",
                    "60% oven coverage | percent 60 | eq | up | Bread baking club",
                ],
            ),
            // What a further line says takes up no box.
            (
                "## Status\n\n- [x] **session store** — keeps turns\n      and replays them; verified live",
                &["[x] | state | eq | up | session store", "verified live | state | eq | up | session store"],
            ),
        ]);
    }
}
