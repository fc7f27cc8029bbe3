//! Words around a claim that say which part of its subject is meant: "Phase 2", "Unit:", "… in the parser".
//!
//! Statements are compared only where these are the same, so that parts are never taken for a whole.

use crate::claim::model::Claim;
use crate::document::prose::{Piece, Prose, Role};
use crate::judge::names::Phrase;

/// Words that narrow a statement down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Of the headings above.
    headings: Vec<String>,
    /// Of the label, the row and the items that it stands in.
    label: Vec<String>,
    /// Of what follows.
    rest: Vec<String>,
}

/// The row of a table that a walk stands in.
#[derive(Debug, Default)]
pub struct Row {
    /// The piece of its first cell.
    first: Option<usize>,
}

impl Row {
    /// Takes note of the next piece.
    pub fn enter(&mut self, at: usize, piece: &Piece) {
        match piece.role {
            Role::Cell { column: 0, .. } => self.first = Some(at),
            Role::Cell { .. } => {}
            Role::Paragraph | Role::Heading(_) | Role::Item { .. } | Role::HeaderCell { .. } => self.first = None,
        }
    }
}

/// Bytes before and behind a claim that are read.
const AROUND: usize = 160;

/// Items around an item that are read.
const MOST_PARENTS: usize = 4;

impl Scope {
    /// The scope of `claim`, which stands in `piece` and is about `subject`.
    pub fn of(source: &str, prose: &Prose, claim: &Claim, piece: &Piece, row: &Row, subject: &[String]) -> Scope {
        let narrow = |text: &str, words: &mut Vec<String>| {
            words.extend(Phrase::new(text).words().iter().filter(|word| narrows(word, subject)).cloned());
        };
        let mut headings = Vec::new();
        for text in &claim.headings[usize::from(is_titled(prose, piece))..] {
            if subject.len() == 1 || is_numbered(text) {
                narrow(text, &mut headings);
            }
        }
        let mut label = Vec::new();
        if let Some(first) = row.first {
            narrow(beginning(source, &prose.pieces[first]), &mut label);
        }
        if let Role::Cell { table, column, .. } = piece.role {
            narrow(prose.tables[table].header.get(column).map_or("", String::as_str), &mut label);
        }
        let mut next = parent(piece);
        for _ in 0..MOST_PARENTS {
            let Some(above) = next.map(|above| &prose.pieces[above]) else { break };
            narrow(beginning(source, above), &mut label);
            next = parent(above);
        }
        narrow(before(source, claim, piece), &mut label);
        let mut rest = Vec::new();
        narrow(behind(source, claim, piece), &mut rest);
        for words in [&mut headings, &mut label, &mut rest] {
            words.sort_unstable();
            words.dedup();
        }
        Scope { headings, label, rest }
    }
}

/// Whether the first heading above is the title of the document, which its other claims share.
fn is_titled(prose: &Prose, piece: &Piece) -> bool {
    let mut next = piece.heading;
    let mut level = None;
    while let Some(heading) = next {
        level = Some(prose.headings[heading].level);
        next = prose.headings[heading].parent;
    }
    level == Some(1)
}

fn parent(piece: &Piece) -> Option<usize> {
    match piece.role {
        Role::Item { parent, .. } => parent,
        Role::Paragraph | Role::Heading(_) | Role::Cell { .. } | Role::HeaderCell { .. } => None,
    }
}

fn beginning<'a>(source: &'a str, piece: &Piece) -> &'a str {
    let end = boundary(source, piece.span.end.min(piece.span.start + AROUND));
    &source[piece.span.start..end.max(piece.span.start)]
}

/// What stands before a claim in its clause.
fn before<'a>(source: &'a str, claim: &Claim, piece: &Piece) -> &'a str {
    let start = boundary(source, claim.span.start.saturating_sub(AROUND)).max(piece.span.start);
    let text = source.get(start..claim.span.start).unwrap_or_default();
    text.rsplit(['\n', '.', ';', '!', '?', ',', '|']).next().unwrap_or_default()
}

/// What stands behind a claim in its clause, where it says of which part the claim speaks: "in the parser".
fn behind<'a>(source: &'a str, claim: &Claim, piece: &Piece) -> &'a str {
    let end = boundary(source, piece.span.end.min(claim.span.end + AROUND));
    let text = source.get(claim.span.end..end).unwrap_or_default();
    let text = text.split(['\n', ';', '|', '.', ',']).next().unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    if PREPOSITIONS.contains(&first.as_str()) { text } else { "" }
}

/// Prepositions behind which stands the part that is meant.
const PREPOSITIONS: &[&str] =
    &["in", "for", "of", "across", "from", "on", "with", "per", "under", "at", "by", "to", "each", "within", "using"];

/// Whether a heading numbers a part: "Phase 2", "v1.2", "Week 3", "2025-08-17".
fn is_numbered(text: &str) -> bool {
    let words = Phrase::new(text);
    let digits = |word: &String| word.bytes().any(|byte| byte.is_ascii_digit());
    let ordinal = |word: &String| ORDINALS.contains(&word.as_str());
    words.words().iter().any(ordinal) || words.words().iter().any(|word| digits(word) && word.len() > 3)
}

const ORDINALS: &[&str] = &[
    "phase",
    "stage",
    "step",
    "week",
    "sprint",
    "day",
    "release",
    "version",
    "milestone",
    "part",
    "month",
    "quarter",
    "iteration",
    "round",
    "session",
    "v1",
    "v2",
    "v3",
];

/// Whether a word says which part of `subject` is meant.
fn narrows(word: &str, subject: &[String]) -> bool {
    let same = |of: &String| word.starts_with(of.as_str()) || of.starts_with(word);
    !IDLE.contains(&word) && !subject.iter().any(same)
}

/// Words, folded as in [`Phrase`], that say nothing about which part is meant.
const IDLE: &[&str] = &[
    "a",
    "achievement",
    "all",
    "an",
    "and",
    "are",
    "at",
    "architecture",
    "component",
    "count",
    "coverage",
    "current",
    "currently",
    "detail",
    "feature",
    "for",
    "full",
    "glance",
    "has",
    "have",
    "highlight",
    "implementation",
    "important",
    "in",
    "info",
    "information",
    "infrastructure",
    "is",
    "it",
    "key",
    "main",
    "metric",
    "my",
    "note",
    "now",
    "number",
    "of",
    "our",
    "overall",
    "overview",
    "progress",
    "project",
    "quality",
    "quick",
    "report",
    "result",
    "s",
    "state",
    "statistic",
    "stat",
    "statu",
    "status",
    "success",
    "summary",
    "system",
    "that",
    "the",
    "there",
    "these",
    "this",
    "total",
    "we",
    "what",
    "with",
    "you",
    "your",
];

fn boundary(source: &str, at: usize) -> usize {
    (0..=at.min(source.len())).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0)
}
