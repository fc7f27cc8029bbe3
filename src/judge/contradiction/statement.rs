//! "19/19 deployed" here, "20 of 21" there: the same thing said with two numbers.

use std::collections::BTreeMap;

use super::extent::{self, Extent};
use super::place;
use super::scope::{self, Row, Scope};
use crate::claim::model::{Claim, Kind, Polarity};
use crate::document::prose::{Piece, Prose, Role};
use crate::judge::names::Phrase;
use crate::rung::Rung;

/// A claim with a number, folded for comparison.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The claim, as an index into the claims of its document.
    pub claim: usize,
    /// What it speaks of. Only statements with the same key are compared.
    pub key: Key,
    /// The piece of prose that it stands in: parts of a whole stand side by side.
    pub piece: usize,
    /// What it is an entry of, if of anything: entries stand for different things.
    series: Option<Series>,
    /// The words around it that say which part of that is meant.
    pub scope: Scope,
    /// The numbers that it admits.
    pub value: Extent,
    /// The totals that it admits, for ratios.
    pub total: Option<Extent>,
}

/// What a statement speaks of: subject, kind and predicate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    subject: Vec<String>,
    family: Family,
    polarity: Polarity,
    asks: Asks,
    /// For a count, what its quote counts besides: "AGENTS.md: 5 files" and "AGENTS.md: 3 links".
    things: Vec<String>,
}

/// What has entries, by its place in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Series {
    List(usize),
    Table(usize),
    /// The headings below one heading.
    Headings(Option<usize>),
}

impl Series {
    fn of(piece: &Piece) -> Option<Series> {
        match piece.role {
            Role::Item { list, .. } => Some(Series::List(list)),
            Role::Cell { table, .. } | Role::HeaderCell { table, .. } => Some(Series::Table(table)),
            Role::Heading(_) => Some(Series::Headings(piece.heading)),
            Role::Paragraph => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Ratio,
    Percent,
    Count,
}

/// A predicate: words that ask for the same rung say the same; others only if they are the same words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    Rung(Rung),
    Words(Vec<String>),
}

/// Where a statement stands among several documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Index of the document.
    pub document: usize,
    /// Index of the claim in it.
    pub claim: usize,
}

/// Two claims of which one is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opposed {
    /// The one that stands first.
    pub first: At,
    /// The one that says otherwise.
    pub second: At,
}

/// Statements of one key that are remembered.
const MOST_REMEMBERED: usize = 8;

/// So many different numbers for one thing in one document are no contradiction but a list, whose entries the words do not
/// tell apart.
const LIST: usize = 4;

/// A longer subject is half a sentence, and names nothing.
const LONGEST_SUBJECT: usize = 6;

/// The statements of a document.
pub fn statements(source: &str, prose: &Prose, claims: &[Claim]) -> Vec<Statement> {
    let mut row = Row::default();
    let mut pieces = prose.pieces.iter().enumerate().peekable();
    let mut found = Vec::new();
    for (index, claim) in claims.iter().enumerate() {
        while let Some((at, piece)) = pieces.peek() {
            row.enter(*at, piece);
            if piece.span.end > claim.span.start {
                break;
            }
            pieces.next();
        }
        let Some((at, _)) = pieces.peek() else { break };
        found.extend(statement(source, prose, (index, claim), *at, &row));
    }
    found
}

fn statement(source: &str, prose: &Prose, (index, claim): (usize, &Claim), at: usize, row: &Row) -> Option<Statement> {
    let piece = &prose.pieces[at];
    let family = match claim.kind {
        Kind::Ratio { .. } => Family::Ratio,
        Kind::Percent { .. } => Family::Percent,
        Kind::Count { .. } => Family::Count,
        Kind::Universal { .. } | Kind::State => return None,
    };
    let subject = Phrase::new(&claim.subject);
    if subject.is_general() || subject.len() > LONGEST_SUBJECT {
        return None;
    }
    let asks = match claim.rung {
        Some(rung) => Asks::Rung(rung),
        None => Asks::Words(Phrase::new(&claim.predicate).words().to_vec()),
    };
    let things = things(source, claim, &subject);
    let key = Key { subject: subject.words().to_vec(), family, polarity: claim.polarity, asks, things };
    let scope = Scope::of(source, prose, claim, piece, row, &key.subject);
    let value = extent::of_value(claim, source)?;
    // "Total: 25/25" below the sections that it adds up speaks of none of them.
    if scope.is_total_of_other_things(&key.subject) {
        return None;
    }
    let series = Series::of(piece);
    Some(Statement { claim: index, key, piece: at, series, scope, value, total: extent::of_total(claim) })
}

/// The words of a count's quote that are neither its subject nor its predicate.
fn things(source: &str, claim: &Claim, subject: &Phrase) -> Vec<String> {
    let (Kind::Count { .. }, Some(value)) = (claim.kind, claim.value_span) else { return Vec::new() };
    let behind = source.get(value.end..claim.span.end).unwrap_or_default();
    let predicate = Phrase::new(&claim.predicate);
    let known = |word: &String| subject.words().contains(word) || predicate.words().contains(word);
    Phrase::new(behind).words().iter().filter(|word| !known(word) && !scope::is_idle(word)).cloned().collect()
}

impl Statement {
    /// Whether the numbers of the two cannot both be true of one thing.
    fn excludes(&self, other: &Statement) -> bool {
        let totals = match (&self.total, &other.total) {
            (Some(own), Some(others)) => own.excludes(others),
            _ => false,
        };
        totals || self.value.excludes(&other.value)
    }
}

/// The statements of all documents, each with its path, that oppose one before them.
pub fn opposed<'a>(documents: impl Iterator<Item = (&'a str, &'a [Statement])>) -> Vec<Opposed> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeMap<(usize, &Key), Vec<(At, &Statement)>> = BTreeMap::new();
    let mut found = Vec::new();
    for (document, (path, statements)) in documents.enumerate() {
        let next = places.len();
        let place = *places.entry(place::of(path)).or_insert(next);
        let one_moment = place::is_of_one_moment(path);
        for statement in statements {
            let at = At { document, claim: statement.claim };
            let before = known.entry((place, &statement.key)).or_default();
            // Against the first that speaks of the same: what agrees with that is not told of for disagreeing with others.
            let apart = |before: &Statement| {
                before.piece != statement.piece && (before.series.is_none() || before.series != statement.series)
            };
            let comparable = |(first, before): &&(At, &Statement)| {
                let within = || one_moment && apart(before);
                // "Frontend (2 files)": a part that another document may mean otherwise.
                let between = || statement.key.things.is_empty();
                before.scope.is_that_of(&statement.scope)
                    && if first.document == document { within() } else { between() }
            };
            if let Some((first, _)) = before.iter().find(comparable).filter(|(_, first)| first.excludes(statement)) {
                found.push((Opposed { first: *first, second: at }, (place, &statement.key)));
            }
            if before.len() < MOST_REMEMBERED {
                before.push((at, statement));
            }
        }
    }
    let lists = |pair: &Opposed, key: &(usize, &Key)| {
        let own = known[key].iter().filter(|(at, _)| at.document == pair.second.document);
        let mut values: Vec<u64> = own.map(|(_, statement)| statement.value.low.to_bits()).collect();
        values.sort_unstable();
        values.dedup();
        values.len() >= LIST
    };
    found.into_iter().filter(|(pair, key)| !lists(pair, key)).map(|(pair, _)| pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim;
    use crate::claim::lexicon::Lexicon;
    use crate::document::markdown;

    /// The quotes of the pairs that oppose each other.
    fn pairs(documents: &[&str]) -> Vec<(String, String)> {
        let read: Vec<(Vec<Claim>, Vec<Statement>)> = documents
            .iter()
            .map(|source| {
                let prose = markdown::prose(source);
                let claims = claim::claims(source, &prose, &Lexicon::english());
                let statements = statements(source, &prose, &claims);
                (claims, statements)
            })
            .collect();
        let quote = |at: At| documents[at.document][read[at.document].0[at.claim].span.range()].to_owned();
        opposed(read.iter().map(|(_, statements)| ("README.md", statements.as_slice())))
            .into_iter()
            .map(|pair| (quote(pair.first), quote(pair.second)))
            .collect()
    }

    fn pair(first: &str, second: &str) -> Vec<(String, String)> {
        vec![(first.to_owned(), second.to_owned())]
    }

    #[test]
    fn two_numbers_for_one_thing_in_one_document_or_two() {
        let here = "# A\n\n## Status\n\n19/19 MCP servers deployed.\n";
        let there = "# B\n\n20 of 21 MCP servers are deployed.\n";
        let expected = pair("19/19 MCP servers deployed", "20 of 21 MCP servers are deployed");
        assert_eq!(pairs(&[here, there]), expected);
        assert_eq!(pairs(&[&format!("{here}\n## Overview\n\n{}", &there[5..])]), expected);
        assert_eq!(pairs(&[here, there, here]).len(), 1, "what agrees with the first is told once");
        assert_eq!(pairs(&["# A\n\n54 agents available.\n", "- 50 agents available\n"]).len(), 1);
    }

    #[test]
    fn comparators_predicates_and_subjects_keep_apart() {
        for (first, second) in [
            ("50+ agents available", "54 agents available"),
            ("about 50 agents available", "54 agents available"),
            ("19 MCP servers deployed", "17 MCP servers running"),
            ("19 MCP servers running", "2 MCP servers failing"),
            ("19 MCP servers running", "17 web servers running"),
            ("19/19 MCP servers deployed", "90% of MCP servers deployed"),
        ] {
            assert_eq!(pairs(&[&format!("# A\n\n{first}.\n\n{second}.\n")]), [], "{first} | {second}");
        }
    }

    #[test]
    fn what_different_entries_say_is_no_contradiction() {
        for source in [
            "- `bell.rs` - 150 lines\n- `rope.rs` - 181 lines\n",
            "## Bells\n\n- ✅ `bell.rs` - 150 lines\n\n## Ropes\n\n- ✅ `rope.rs` - 181 lines\n",
            "- **10 bells** for the tower\n- **2 bells** for the hall\n",
            "- Small: 25 bells, 125 ropes\n- Large: 100 bells, 500 ropes\n",
            "| Kind | Weight |\n|---|---|\n| Oak | 115,983 |\n| Oak | 963,436 |\n",
            "| Bell | 333 | | Rope | 82 |\n|---|---|---|---|---|\n| Bell | 221 | | Rope | 59 |\n",
            "### Answer (400)\n\nNo.\n\n### Answer (413)\n\nNo.\n",
            "## Tower\n\n**Lines of code:** 284\n\n## Hall\n\n**Lines of code:** 450\n",
            "## Tower\n\n**Lines of code:** 284\n\n**Total lines of code:** 8000\n",
            "## Tower\n\n**Bell tests** (9 tests):\n\n- a\n\n## Hall\n\n**Bell tests** (12 tests):\n\n- b\n",
            "### Low bells (6/6) ✅\n\n- a\n\n**Total: 25/25 (100%)**\n",
            "**Check:** 62 parity tests\n\n**Check:** 8 formulas\n",
            "**Tower:**\n\n- 4 bells\n\n**Hall:**\n\n- 2 bells\n",
            "| Wood | Place | Bells |\n|---|---|---|\n| Oak | hall | 14 |\n\n| Wood | Bells |\n|---|---|\n| Oak | 50 |\n",
            "169 rope tests.\n\n172 rope tests.\n\n173 rope tests.\n\n176 rope tests.\n",
        ] {
            assert_eq!(pairs(&[source]), [], "{source}");
        }
    }

    #[test]
    fn what_is_said_of_the_same_in_other_forms_is_compared() {
        for (first, second) in [
            ("**Status:** ✅ good | **37 tests passing**", "## Tests\n\n- **Total tests:** 43 passing (all)"),
            ("**MCP servers:** 21/21 running", "## Overview\n\n**MCP servers:** 19/21 running"),
            ("| Part | Bells | Status |\n|---|---|---|\n| Bell tower | 3 | ✅ 100% |", "#### Bell tower - 90% ✅"),
            ("**Tests:** 120 passing, 3 failing", "## Summary\n\n**Tests:** 118 passing, 3 failing"),
        ] {
            assert_eq!(pairs(&[&format!("# A\n\n{first}\n\n{second}\n")]).len(), 1, "{first} | {second}");
        }
    }

    #[test]
    fn parts_are_not_taken_for_the_whole() {
        for source in [
            "## Phase 1\n\n12 tests passing.\n\n## Phase 2\n\n24 tests passing.\n",
            "## Phase 1\n\n12 parser tests passing.\n\n## Phase 2\n\n24 parser tests passing.\n",
            "- Unit: 45 tests passing\n- Integration: 12 tests passing\n",
            "- Parser\n  - 45 tests passing\n- Printer\n  - 12 tests passing\n",
            "45 tests passing in the parser.\n\n12 tests passing in the printer.\n",
            "312 tests passing (300 unit tests passing, 12 tests passing).\n",
            "| Part | Tests |\n|---|---|\n| a | 45 tests passing |\n| b | 12 tests passing |\n",
            "| Part | Before | Status |\n|---|---|---|\n| CPU | 15% | 100% |\n",
            "## Parser\n\n31/31 tests passing.\n\n## Printer\n\n20/20 tests passing.\n",
        ] {
            assert_eq!(pairs(&[source]), [], "{source}");
        }
    }
}
