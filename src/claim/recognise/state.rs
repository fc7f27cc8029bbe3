//! "Backend: ✅ Operational", "the parser works", "- ✅ Login page", a cell of a status table.

use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::Polarity;
use crate::claim::recognise::predicate::{self, Predicate};
use crate::claim::recognise::{Found, mark, stated};
use crate::claim::token::TokenKind;
use crate::claim::veto;

/// Finds the states of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    words(line, found);
    mark::recognise(line, found);
}

fn words(line: &Line<'_>, found: &mut Found) {
    let before = found.candidates.len();
    let mut at = 0;
    while at < line.tokens.len() {
        let token = &line.tokens[at];
        if !token.is_state_word() || found.has(at) {
            at += 1;
            continue;
        }
        // "partially working": the adverb belongs to the state after it.
        if token.is(Class::Adverb)
            && line.get(at + 1).is_some_and(|next| next.is_state_word() && line.same_clause(at, at + 1))
        {
            at += 1;
            continue;
        }
        let state = predicate::around(line, at);
        if let Some(equals) = state.first.checked_sub(1).filter(|&before| line.tokens[before].is_punct(b'=')) {
            found.refuse(line, "state", at..at + 1, &veto::LEGEND, equals);
            at += 1;
            continue;
        }
        if found.has_any(state.first..state.last + 1) {
            at += 1;
            continue;
        }
        // A label names the topic; what it says is said behind its colon.
        let in_label =
            line.colon && line.depth(at) == 0 && line.label.as_ref().is_some_and(|label| label.contains(&at));
        if in_label {
            found.refuse(line, "state", at..at + 1, &veto::IN_LABEL, line.label.as_ref().map_or(at, |label| label.end));
            at += 1;
            continue;
        }
        if let Some(arrow) = beside_arrow(line, &state) {
            found.refuse(line, "state", at..at + 1, &veto::FLOW, arrow);
            at += 1;
            continue;
        }
        if let Some(size) = of_a_size(line, &state) {
            found.refuse(line, "state", at..at + 1, &veto::RESOURCE, size);
            at += 1;
            continue;
        }
        match stated::read(line, &state) {
            Some(mut candidate) => {
                // The mark before an entry and the first state in it are one claim.
                if let Some(symbol) = line.lead_symbol.or(line.task()).filter(|_| found.candidates.len() == before) {
                    let ticked =
                        line.tokens[symbol].kind == TokenKind::Task(true) && candidate.polarity == Polarity::Up;
                    let agree = ticked || line.tokens[symbol].entry.polarity == candidate.polarity;
                    if agree && symbol < candidate.first && !found.has_any(symbol..candidate.first) {
                        candidate.first = symbol;
                    }
                }
                at = candidate.last.max(at) + 1;
                found.add(line, candidate);
            }
            None => {
                found.refuse(line, "state", at..at + 1, &veto::NO_PREDICATE, state.last + 1);
                at += 1;
            }
        }
    }
}

/// An arrow right before or after a state: "draft → active → closed".
fn beside_arrow(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    let arrow = |at: usize| line.get(at).is_some_and(|token| line.source[token.span().range()].starts_with('→'));
    let before = state.first.checked_sub(1).filter(|&at| arrow(at));
    before.or(Some(state.last + 1).filter(|&at| arrow(at)))
}

/// A size right before the state: "31.8GB VRAM available" speaks of a resource.
fn of_a_size(line: &Line<'_>, state: &Predicate) -> Option<usize> {
    (line.clause_start(state.state)..state.first)
        .rev()
        .take(3)
        .find(|&at| {
            let token = &line.tokens[at];
            token.kind == TokenKind::Opaque && line.source.as_bytes()[token.span().start].is_ascii_digit()
        })
        .filter(|_| line.is(state.state, Class::Room))
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn labels_marks_and_sentences() {
        assert_claims(&[
            ("**Backend API**: ✅ Operational", &["✅ Operational | state | eq | up | Backend API"]),
            ("- **files** - file operations ✅", &["✅ | state | eq | up | files"]),
            ("PostgreSQL is running.", &["PostgreSQL is running | state | eq | up | PostgreSQL"]),
            ("**Status**: FULLY OPERATIONAL", &["FULLY OPERATIONAL | state | eq | up | "]),
            ("The parser is not yet implemented.", &["parser is not yet implemented | state | eq | down | parser"]),
            (
                "The importer is partially working.",
                &["importer is partially working | state | eq | partial | importer"],
            ),
            ("### Phase 2: Parser (COMPLETE)", &["COMPLETE | state | eq | up | Phase 2: Parser"]),
            ("### Export (TODO: not yet implemented)", &["not yet implemented | state | eq | down | Export"]),
            ("- TODO: Export not yet implemented", &["Export not yet implemented | state | eq | down | Export"]),
            ("## Current Status\n\n- ✅ Login page with avatars", &["✅ | state | eq | up | Login page"]),
        ]);
    }

    #[test]
    fn cells_of_a_status_table() {
        let table = "| Service | Status |\n|---|---|\n| Redis | ✅ Healthy |\n| Mail | ❌ Down |\n| Jobs | ⚠️ Slow |\n";
        assert_claims(&[(
            table,
            &[
                "✅ Healthy | state | eq | up | Redis",
                "❌ Down | state | eq | down | Mail",
                "⚠️ Slow | state | eq | partial | Jobs",
            ],
        )]);
    }

    #[test]
    fn state_words_that_only_describe() {
        assert_claims(&[
            ("The working directory holds active development.", &[]),
            ("## Running", &[]),
            ("Read how it works.", &[]),
            ("## Working with the parser", &[]),
            ("### Commands Available", &[]),
            ("## Acceptance Criteria (MVP complete)", &[]),
            ("The bridge is here (not broken).", &[]),
            ("- ✅ Scripts: `scripts/` folder", &[]),
            ("### High priority 🔴", &[]),
            ("The patterns live in one file.", &[]),
            ("The scripts live as siblings.", &[]),
        ]);
    }
}
