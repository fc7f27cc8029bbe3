//! "19/19 deployed" here, "20 of 21" there: the same thing said with two numbers.

use std::collections::BTreeMap;

use super::extent::{self, Extent};
use super::place;
use super::scope::{self, Row, Scope};
use crate::claim::model::{Claim, Comparator, Kind, Polarity};
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
    /// Whether it says of all, without their number, what a ratio says of some.
    whole: bool,
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
    /// What stands below a heading, and has its subject from there.
    Section(Option<usize>),
}

impl Series {
    fn of(piece: &Piece) -> Option<Series> {
        match piece.role {
            Role::Cell { table, .. } | Role::HeaderCell { table, .. } => Some(Series::Table(table)),
            Role::Heading(_) => Some(Series::Headings(piece.heading)),
            Role::Item { list, .. } => Some(Series::List(list)),
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

/// What a claim states: "all 21 servers running" is 21 of 21, and 21.
fn statement(source: &str, prose: &Prose, (index, claim): (usize, &Claim), at: usize, row: &Row) -> Vec<Statement> {
    let piece = &prose.pieces[at];
    let said = extent::of_value(claim, source);
    let readings: &[(Family, Option<Extent>, Option<Extent>)] = match claim.kind {
        Kind::Ratio { .. } => &[(Family::Ratio, said, extent::of_total(claim))],
        Kind::Percent { .. } => &[(Family::Percent, said, None)],
        Kind::Count { .. } => &[(Family::Count, said, None)],
        Kind::Universal { .. } if is_of_all(claim) => &[(Family::Ratio, said, said), (Family::Count, said, None)],
        Kind::Universal { .. } | Kind::State => &[],
    };
    let heading = claim.headings.last().map(|heading| Phrase::new(heading));
    let mut subject = Phrase::new(&claim.subject);
    // "19/19 deployed" below "MCP servers".
    if subject.is_empty() && matches!(claim.kind, Kind::Ratio { .. }) && !matches!(piece.role, Role::Heading(_)) {
        subject = heading.clone().unwrap_or(subject);
    }
    let headed = heading.as_ref() == Some(&subject);
    let borrowed = headed && !Phrase::new(&source[claim.span.range()]).contains(&subject);
    let idle = borrowed && subject.words().iter().all(|word| scope::is_idle(word));
    if readings.is_empty() || subject.is_general() || idle || subject.len() > LONGEST_SUBJECT {
        return Vec::new();
    }
    let asks = match claim.rung {
        Some(rung) => Asks::Rung(rung),
        None => Asks::Words(Phrase::new(&claim.predicate).words().to_vec()),
    };
    let things = things(source, claim, &subject);
    let scope = Scope::of(source, prose, claim, piece, row, subject.words());
    let scope = if headed { scope.of_heading() } else { scope };
    // "Total: 25/25" below the sections that it adds up speaks of none of them.
    if scope.is_total_of_other_things(subject.words()) {
        return Vec::new();
    }
    let series = if borrowed { Some(Series::Section(piece.heading)) } else { Series::of(piece) };
    let words = subject.words();
    let statement = |&(family, value, total): &(Family, Option<Extent>, Option<Extent>)| {
        let whole = value.is_none();
        // How many all are is not said.
        let value = value.or(Some(Extent::ANY)).filter(|_| !whole || family == Family::Ratio)?;
        let (asks, things) = (asks.clone(), things.clone());
        let key = Key { subject: words.to_vec(), family, polarity: claim.polarity, asks, things };
        Some(Statement { claim: index, key, piece: at, series, scope: scope.clone(), value, total, whole })
    };
    readings.iter().filter_map(statement).collect()
}

/// Whether a universal says of all that they are in a state, in words: neither "no errors" nor "✅ all 5".
fn is_of_all(claim: &Claim) -> bool {
    claim.polarity == Polarity::Up
        && claim.comparator == Comparator::Eq
        && claim.predicate.contains(char::is_alphabetic)
}

/// The words of a count's quote that are neither its subject nor its predicate.
fn things(source: &str, claim: &Claim, subject: &Phrase) -> Vec<String> {
    let (Kind::Count { .. }, Some(value)) = (claim.kind, claim.value_span) else { return Vec::new() };
    // The address of a badge tells its colour.
    if source[claim.span.range()].contains("](") {
        return Vec::new();
    }
    let behind = source.get(value.end..claim.span.end).unwrap_or_default();
    let predicate = Phrase::new(&claim.predicate);
    let known = |word: &String| subject.words().contains(word) || predicate.words().contains(word);
    Phrase::new(behind).words().iter().filter(|word| !known(word) && !scope::is_idle(word)).cloned().collect()
}

impl Statement {
    /// Whether the numbers of the two cannot both be true of one thing.
    fn excludes(&self, other: &Statement) -> bool {
        if self.whole || other.whole {
            return self.is_of_some() || other.is_of_some();
        }
        let totals = match (&self.total, &other.total) {
            (Some(own), Some(others)) => own.excludes(others),
            _ => false,
        };
        totals || self.value.excludes(&other.value)
    }

    /// Whether the two stand in one row of entries, and so for different things; "1 of 2" and "2 of 2" in a list are of one.
    fn is_entry_beside(&self, other: &Statement) -> bool {
        let listed = matches!(self.series, Some(Series::List(_)));
        self.series == other.series && !(listed && self.total.is_some() && self.total == other.total)
    }

    /// Whether it says that not all are.
    fn is_of_some(&self) -> bool {
        self.total.is_some_and(|total| self.value.high < total.low)
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
                before.piece != statement.piece && (statement.series.is_none() || !before.is_entry_beside(statement))
            };
            let comparable = |(first, before): &&(At, &Statement)| {
                let within = || one_moment && apart(before);
                // "Frontend (2 files)": a part that another document may mean otherwise.
                let between = || statement.key.things.is_empty();
                before.scope.is_that_of(&statement.scope)
                    && if first.document == document { within() } else { between() }
            };
            let told = found.last().is_some_and(|(pair, ..): &(Opposed, usize, &Statement)| pair.second == at);
            let opposes = |(_, first): &&(At, &Statement)| !told && first.excludes(statement);
            if let Some((first, _)) = before.iter().find(comparable).filter(opposes) {
                found.push((Opposed { first: *first, second: at }, place, statement));
            }
            if before.len() < MOST_REMEMBERED {
                before.push((at, statement));
            }
        }
    }
    let listed = |document: usize, place: usize, statement: &Statement| {
        let known = known[&(place, &statement.key)].iter();
        let alike =
            known.filter(|(at, other)| at.document == document && other.scope.is_labelled_like(&statement.scope));
        let mut values: Vec<u64> = alike.map(|(_, other)| other.value.low.to_bits()).collect();
        values.sort_unstable();
        values.dedup();
        values.len() >= LIST
    };
    let pairs = found.into_iter().filter(|&(pair, place, second)| !listed(pair.second.document, place, second));
    pairs.map(|(pair, ..)| pair).collect()
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
            ("19 of 21 MCP servers deployed", "all MCP servers working"),
            ("19/19 MCP servers deployed", "all MCP servers deployed"),
            ("no MCP server errors", "3 MCP server errors"),
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
            ("19 MCP servers running.", "All 21 MCP servers are running."),
            ("19 of 21 MCP servers are running.", "All 21 MCP servers are running."),
            ("19 of 21 MCP servers are running.", "All MCP servers are running."),
            ("- ⚠️ 1 of 2 bells working", "- Bells: 2/2 working since Monday"),
            ("All 5 bells are working.", "4 of 5 bells are working."),
            ("![tests](https://img.shields.io/badge/tests-120%20passing-green)", "- 133 tests passing"),
            (
                "- Unit: 45 tests passing\n- Slow: 12 tests passing\n- End: 8 tests passing\n\n65 tests passing.",
                "## Summary\n\n66 tests passing.",
            ),
            ("**Tests:** 120 passing, 3 failing", "## Summary\n\n**Tests:** 118 passing, 3 failing"),
        ] {
            assert_eq!(pairs(&[&format!("# A\n\n{first}\n\n{second}\n")]).len(), 1, "{first} | {second}");
        }
    }

    #[test]
    fn a_ratio_below_a_heading_speaks_of_what_the_heading_names() {
        let here = "# A\n\n## MCP servers\n\n19/19 deployed.\n";
        let there = "# B\n\n## MCP servers\n\n20 of 21 deployed.\n";
        assert_eq!(pairs(&[here, there]), pair("19/19 deployed", "20 of 21 deployed"));
        let other = there.replace("MCP servers", "Databases");
        assert_eq!(pairs(&[here, &other]), []);
        let summary = |text: &str| text.replace("MCP servers", "Summary");
        assert_eq!(pairs(&[&summary(here), &summary(there)]), []);
        let parts = "## Tower\n\n### Bell tests\n\n12/12 passing.\n\n## Hall\n\n### Bell tests\n\n8/9 passing.\n";
        assert_eq!(pairs(&[parts]), []);
        assert_eq!(pairs(&["## Bells\n\n19/19 hung and working.\n\n20/21 tuned and working.\n"]), []);
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
