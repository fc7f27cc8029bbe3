//! Marks and boxes: "- ✅ Login page", a ticked box before "export", a cell with a symbol alone.

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::recognise::{Candidate, Found};
use crate::claim::token::TokenKind;
use crate::claim::veto;

/// Finds the symbol, or else the box, that nothing else in its line takes up.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    let form = line.place.form;
    let lead = line.lead_symbol.filter(|_| {
        !matches!(form, Form::HeaderCell | Form::FirstCell)
            && (form != Form::Heading || line.place.nested && line.place.section == Section::Status)
    });
    // "[x] Search ✅": the box is the mark of the entry.
    if lead.is_none() && line.task().is_some() && line.place.section == Section::Status {
        return boxed(line, found);
    }
    let Some(at) = lead.or_else(|| line.tail_symbol.filter(|_| form != Form::FirstCell && form != Form::HeaderCell))
    else {
        return boxed(line, found);
    };
    let told = found.candidates.iter().any(|claim| {
        claim.polarity != Polarity::None
            || matches!(claim.kind, Kind::Percent { .. })
            || line.depth(claim.first) == 0 && (claim.first == line.body || claim.last + 1 == at)
    });
    if told || found.has(at) {
        return;
    }
    if line.get(at + 1).is_some_and(|next| next.is_punct(b'=')) {
        found.refuse(line, "state", at..at + 1, &veto::LEGEND, at + 1);
        return;
    }
    let mut candidate = Candidate::new(Kind::State, at, at);
    candidate.polarity = line.tokens[at].entry.polarity;
    candidate.predicate = Some(at..at + 1);
    (candidate.first, candidate.last) = answer(line, at);
    if let Some(done) = done(line, at + 2) {
        candidate.last = candidate.last.max(done);
    }
    found.add(line, candidate);
}

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
    (at, at)
}

/// "✅ Build files: temporary folders ignored": the participle that ends what a mark stands before, whatever its verb.
pub(super) fn done(line: &Line<'_>, from: usize) -> Option<usize> {
    let from = line.body.max(from);
    let participle = |&word: &usize| {
        let (token, before) = (&line.tokens[word], &line.tokens[word - 1]);
        let text = &line.source[token.span().range()];
        let noun = before.is_word() && (!before.entry.classes.any(NO_NOUN) || before.is(Class::Adverb));
        token.is_word() && text.len() > 4 && text.ends_with("ed") && noun && line.closes(word + 1)
    };
    (from..line.clause_end(from.min(line.tokens.len() - 1))).find(participle)
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
    let ticked = line.tokens[at].kind == TokenKind::Task(true);
    candidate.polarity = if ticked { Polarity::Up } else { Polarity::Down };
    candidate.predicate = Some(at..at + 1);
    found.add(line, candidate);
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn a_mark_goes_with_what_it_approves() {
        assert_claims(&[
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
            // What a further line says takes up no box.
            (
                "## Status\n\n- [x] **session store** — keeps turns\n      and replays them; verified live",
                &["[x] | state | eq | up | session store", "verified live | state | eq | up | session store"],
            ),
        ]);
    }
}
