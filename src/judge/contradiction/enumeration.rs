//! "Agents (54 total)" over a list of 52: a number, and right below it what it counts.

use crate::claim::model::{Claim, Comparator, Kind};
use crate::document::prose::{Piece, Prose, Role};
use crate::document::source::Span;

/// A number over a list or table that enumerates another number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Miscount {
    /// The claim with the number, as an index into the claims of its document.
    pub claim: usize,
    /// How many there are.
    pub entries: usize,
    /// What enumerates them.
    pub form: Form,
    /// The first entry.
    pub at: Span,
}

/// What enumerates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A list, by its items.
    List,
    /// A table, by its body rows.
    Table,
}

/// A list or table, and its first piece.
struct Enumeration {
    form: Form,
    span: Span,
    entries: usize,
    /// Index of the first piece in it.
    first: usize,
}

/// Bytes of markup that may stand between the number's piece and the list.
const MOST_BETWEEN: usize = 80;

/// Finds them.
pub fn miscounts(source: &str, prose: &Prose, claims: &[Claim]) -> Vec<Miscount> {
    let mut found = Vec::new();
    let mut next = 0;
    for (index, piece) in prose.pieces.iter().enumerate() {
        while claims.get(next).is_some_and(|claim| claim.span.start < piece.span.start) {
            next += 1;
        }
        let from = next;
        while claims.get(next).is_some_and(|claim| piece.span.contains(claim.span)) {
            next += 1;
        }
        let numbers = || (from..next).filter(|&at| claims[at].kind.value().is_some());
        // Of several numbers, which is meant is anybody's guess.
        let (Some(at), 1) = (numbers().next(), numbers().count()) else { continue };
        let Some(count) = counted(&claims[at]) else { continue };
        if let Some(below) = below(source, prose, index)
            && announces(source, prose, index, &claims[at], &below)
            && below.entries != count
            && is_near(count, below.entries)
            && !is_of_a_sum(source, piece.span, &claims[at])
            && !may_hold_several(&claims[at], source, count, &below)
            && enumerates_singly(source, prose, &below)
        {
            let at_entry = prose.pieces[below.first].span;
            found.push(Miscount { claim: at, entries: below.entries, form: below.form, at: at_entry });
        }
    }
    found
}

/// The exact number of things that a claim counts.
fn counted(claim: &Claim) -> Option<usize> {
    let Kind::Count { value } = claim.kind else { return None };
    let exact = claim.comparator == Comparator::Eq && value.decimals == 0 && (2.0..10_000.0).contains(&value.value);
    exact.then_some(value.value as usize)
}

/// A list of a tenth of what was counted shows kinds, not things.
fn is_near(count: usize, entries: usize) -> bool {
    entries >= 2 && entries * 2 > count && count * 2 > entries
}

/// The list or table that begins right below piece `index`.
fn below(source: &str, prose: &Prose, index: usize) -> Option<Enumeration> {
    let end = prose.pieces[index].span.end;
    let first = index + 1;
    let next = prose.pieces.get(first)?;
    let list = prose.lists.get(prose.lists.partition_point(|list| list.span.start < end));
    let table = prose.tables.get(prose.tables.partition_point(|table| table.span.start < end));
    let found = match next.role {
        Role::Item { .. } => {
            let list = list.filter(|list| list.span.contains(next.span))?;
            Enumeration { form: Form::List, span: list.span, entries: list.items, first }
        }
        Role::HeaderCell { .. } => {
            let table = table.filter(|table| table.span.contains(next.span))?;
            Enumeration { form: Form::Table, span: table.span, entries: table.rows, first }
        }
        Role::Paragraph | Role::Heading(_) | Role::Cell { .. } => return None,
    };
    let between = source.get(end..found.span.start)?;
    let bare = between.len() <= MOST_BETWEEN && !between.contains(|c: char| c.is_alphanumeric() || c == '<');
    bare.then_some(found)
}

/// Most words between a number and the colon over a list of what it counts.
const MOST_WORDS: usize = 5;

/// Whether a text between the number and the list speaks of something else: "(3 kinds of wood) against other ropes:".
fn goes_on(tail: &str) -> bool {
    let other = tail.contains(". ") || tail.contains(", ") || tail.contains(|c: char| c.is_ascii_digit());
    let word = |word: &&str| word.contains(char::is_alphabetic);
    let behind = tail.split_once(')').is_some_and(|(_, behind)| word(&behind));
    other || behind || tail.split_whitespace().filter(word).count() > MOST_WORDS
}

/// "For each of the 6 bells:" is over what is done with one.
fn is_of_each(source: &str, span: Span, claim: &Claim) -> bool {
    let before = source.get(span.start..claim.span.start).unwrap_or_default();
    before.split_whitespace().any(|word| ["each", "every"].contains(&word.to_ascii_lowercase().as_str()))
}

/// "main.rs + 4 modules": the number counts a part of what the list has.
fn is_of_a_sum(source: &str, span: Span, claim: &Claim) -> bool {
    let inside = |text: &str| text.contains(" + ");
    let before = source.get(span.start..claim.span.start).unwrap_or_default();
    let behind = source.get(claim.span.end..span.end).unwrap_or_default();
    let opened = before.rsplit('(').next().unwrap_or_default();
    inside(opened) || inside(behind.split(')').next().unwrap_or_default())
}

/// "Rope tests (8 tests):" over five items: an item of a list may hold several.
fn may_hold_several(claim: &Claim, source: &str, count: usize, below: &Enumeration) -> bool {
    let quote = source[claim.span.range()].to_ascii_lowercase();
    below.form == Form::List && below.entries < count && quote.contains("test")
}

/// Whether the piece says that all it counts stands below: a heading over nothing else, or a lead-in with a colon.
fn announces(source: &str, prose: &Prose, index: usize, claim: &Claim, below: &Enumeration) -> bool {
    let piece = &prose.pieces[index];
    match piece.role {
        Role::Heading(heading) => {
            let after = prose.pieces[below.first..].iter().skip_while(|later| below.span.contains(later.span));
            // Another list, or a heading of its own, belongs to the number too.
            // A row behind an empty line is a row all the same.
            let text = |later: &&Piece| later.role == Role::Paragraph && !source[later.span.range()].starts_with('|');
            after.take_while(|later| later.heading == Some(heading)).all(|later| text(&later))
        }
        Role::Paragraph | Role::Item { .. } => {
            let text = source[piece.span.range()].trim_end_matches(['*', '_', ' ']);
            let tail = source.get(claim.span.end..piece.span.end).unwrap_or_default();
            let total = source[claim.span.range()].to_ascii_lowercase().contains("total");
            (text.ends_with(':') || total) && !goes_on(tail) && !is_of_each(source, piece.span, claim)
        }
        Role::Cell { .. } | Role::HeaderCell { .. } => false,
    }
}

/// Whether each entry stands for one thing: none counts or enumerates several itself.
fn enumerates_singly(source: &str, prose: &Prose, below: &Enumeration) -> bool {
    let pieces = prose.pieces[below.first..].iter().take_while(|piece| below.span.contains(piece.span));
    let names = pieces
        .filter(|piece| matches!(piece.role, Role::Item { .. }) || matches!(piece.role, Role::Cell { column: 0, .. }));
    names.map(|piece| entry_name(source, piece.span)).all(is_single)
}

/// The beginning of an entry, up to the dash or colon behind which it is described.
fn entry_name(source: &str, span: Span) -> &str {
    let text = &source[span.range()];
    let line = text.lines().next().unwrap_or_default();
    let end = [": ", ":**", " - ", " – ", " — "].iter().filter_map(|stop| line.find(stop)).min();
    &line[..end.unwrap_or(line.len())]
}

/// "Core (5)", "a, b and c" and "Total" are more than one thing, or none.
fn is_single(name: &str) -> bool {
    let counts = |(_, rest): (&str, &str)| rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let several = name.contains([',', '/', '&', '+']) || name.split_once('(').is_some_and(counts);
    let words = name.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let sum = SUMS.contains(&words.as_str());
    // "2 actors", "0": a number of things, or of failures.
    let number = words.starts_with(|c: char| c.is_ascii_digit()) && words.split(' ').next().is_some_and(is_number);
    let rest = ["plus ", "more "].iter().any(|start| words.starts_with(start));
    !several && !sum && !number && !rest && !name.starts_with('…') && !name.split_whitespace().any(is_range)
}

/// Whether a word names a first and a last one: "P00-P04".
fn is_range(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let Some((first, last)) = word.split_once(['-', '–']) else { return false };
    let prefix = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = |name: &str| prefix(name) < name.len() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    numbered(first) && numbered(last) && first[..prefix(first)] == last[..prefix(last)]
}

/// Entries that stand for the others together.
const SUMS: &[&str] = &["total", "subtotal", "sum", "all", "overall", "average", "mean", "improvement", "..."];

/// Whether a word is a number and no more: "2", "5x", but not "2e4b872".
fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.is_empty() || digits == "x"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::model::Polarity;
    use crate::document::markdown;
    use crate::quantity::Number;

    /// What is told of `source`, in which "54 total" and the like stand between braces of our own: `‹54›`.
    fn told(source: &str) -> Vec<(usize, Form, String)> {
        let mut claims = Vec::new();
        let bytes: Vec<(usize, usize)> = source.match_indices('‹').map(|(at, _)| (at, at + "‹".len())).collect();
        for (at, inner) in bytes {
            let end = inner + source[inner..].find('›').unwrap();
            let digits: String = source[inner..end].chars().take_while(char::is_ascii_digit).collect();
            claims.push(Claim {
                span: Span::new(at, end + "›".len()),
                kind: Kind::Count { value: Number::whole(digits.parse().unwrap()) },
                comparator: Comparator::Eq,
                polarity: Polarity::None,
                subject: "agents".to_owned(),
                predicate: String::new(),
                rung: None,
                value_span: None,
                total_span: None,
                lead_in: None,
                headings: std::sync::Arc::default(),
            });
        }
        let found = miscounts(source, &markdown::prose(source), &claims);
        found.iter().map(|found| (found.entries, found.form, source[found.at.range()].to_owned())).collect()
    }

    const TABLE: &str = "| Name | Port |\n|---|---|\n| a | 1 |\n| b | 2 |\n| c | 3 |\n";

    #[test]
    fn a_heading_or_lead_in_counts_what_stands_right_below() {
        let list = vec![(3, Form::List, "a".to_owned())];
        assert_eq!(told("## Agents (‹4 total›)\n\n- a\n- b: of two words, or three\n  - of b\n- c\n"), list);
        assert_eq!(told("The following ‹4 agents›:\n\n1. a\n2. b\n3. c\n"), list);
        assert_eq!(told("- **Agents** (‹4›):\n  - a\n  - b\n  - c\n"), list);
        assert_eq!(told(&format!("**‹4 total›**\n\n{TABLE}")), [(3, Form::Table, "Name".to_owned())]);
    }

    #[test]
    fn what_agrees_or_may_enumerate_something_else_is_left_alone() {
        for source in [
            "## Agents (‹3 total›)\n\n- a\n- b\n- c\n",
            "## Agents (‹4 total›)\n\nWords.\n\n- a\n- b\n- c\n",
            "## Agents (‹4 total›)\n\n- a\n- b\n- c\n\n- - -\n\n1. d\n",
            "## Agents (‹4 total›)\n\n- a\n- b\n- c\n\n### More\n\n- d\n",
            "## Agents (‹4 total›)\n\n- a, b\n- c\n- d\n",
            "## Agents (‹5 total›)\n\n- **A1-A3**: first\n- A4\n- A5\n",
            "## Agents (‹4 total›)\n\n- core (2)\n- a\n- b\n",
            "## Agents (‹40 total›)\n\n- a\n- b\n- c\n",
            "There are ‹4 agents›. Rules:\n\n- a\n- b\n- c\n",
            "There are ‹4 agents› and ‹5 tools›:\n\n- a\n- b\n- c\n",
            "There are ‹4 agents›\n\n- a\n- b\n- c\n",
            "For each of the ‹4 agents›:\n\n- a\n- b\n- c\n",
            "As there are ‹4 agents›, the rules are:\n\n- a\n- b\n- c\n",
            "Bell (‹4 kinds› of wood) against the other ropes and wheels of the tower:\n\n- a\n- b\n- c\n",
            "Oak (north, ‹4 agents›) vs elm:\n\n- a\n- b\n- c\n",
            "‹4 agents› and 1 tool:\n\n- a\n- b\n- c\n",
            "**Core** (main.rs + ‹4 agents›):\n\n- a\n- b\n- c\n- d\n- e\n",
            "**Rope tests** (‹8 tests›):\n\n- a\n- b\n- c\n- d\n- e\n",
            "**‹8 agents›:**\n\n- a\n- b\n- c\n- d\n- plus 4 more\n",
            "**Staff**: ‹4 total›\n\n- 1 owner\n- 2 actors\n- 1 singer\n",
            "## Agents (‹3 total›)\n\n| Failed |\n|---|\n| 0 |\n| 1 |\n| 2 |\n| 3 |\n",
            "## Agents (‹2 total›)\n\n| Name |\n|---|\n| a |\n| b |\n| **Total** |\n",
        ] {
            assert_eq!(told(source), [], "{source}");
        }
    }
}
