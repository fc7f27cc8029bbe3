//! Words around a claim that say which part of its subject is meant: "Phase 2", "Unit:", "… in the parser".
//!
//! Statements are compared only where these are the same, so that parts are never taken for a whole.

use super::form::Form;
use crate::claim::model::Claim;
use crate::document::prose::{Piece, Prose, Role};
use crate::judge::names::Phrase;

/// Words that narrow a statement down.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// How the statement is made.
    form: Form,
    /// The words of the label that it answers.
    named: Vec<String>,
    /// Of the headings above that number a part, and of all of them where the subject is a single word.
    headings: Vec<String>,
    /// Of all headings above.
    section: Vec<String>,
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
    /// The piece that the walk has come to.
    last: usize,
}

impl Row {
    /// Takes note of the next piece.
    pub fn enter(&mut self, at: usize, piece: &Piece) {
        self.last = at;
        match piece.role {
            Role::Cell { column: 0, .. } => self.first = Some(at),
            Role::Cell { .. } => {}
            Role::Paragraph | Role::Heading(_) | Role::Item { .. } | Role::HeaderCell { .. } => self.first = None,
        }
    }
}

/// Most words of a paragraph that is the title of the list below it.
const LONGEST_TITLE: usize = 6;

/// Cells at the beginning of a row that are read.
const MOST_CELLS: usize = 6;

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
        let (mut headings, mut section) = (Vec::new(), Vec::new());
        for text in &claim.headings[usize::from(is_titled(prose, piece))..] {
            narrow(text, &mut section);
            if subject.len() == 1 || is_numbered(text) {
                narrow(text, &mut headings);
            }
        }
        let mut label = Vec::new();
        // "| Bells | in the tower | 4 |": the cells before it say which are counted, where they say anything.
        let cells = row.first.map_or(0..0, |first| first..row.last.clamp(first + 1, first + MOST_CELLS));
        for text in prose.pieces[cells].iter().map(|cell| beginning(source, cell)) {
            narrow(if text.contains(char::is_alphabetic) { text } else { "" }, &mut label);
        }
        // "**Tower**:" over a list. What introduces it in a sentence says no more than that it follows.
        let sentence = |text: &str| text.contains(". ") || text.ends_with('.') || text.contains("://");
        let titles = |text: &&str| !sentence(text) && text.split_whitespace().count() <= LONGEST_TITLE;
        narrow(claim.lead_in.as_deref().filter(titles).unwrap_or_default(), &mut label);
        if let Role::Cell { table, column, .. } = piece.role {
            narrow(prose.tables[table].header.get(column).map_or("", String::as_str), &mut label);
        }
        let mut next = parent(piece);
        for _ in 0..MOST_PARENTS {
            let Some(above) = next.map(|above| &prose.pieces[above]) else { break };
            narrow(beginning(source, above), &mut label);
            next = parent(above);
        }
        let before = before(source, claim, piece);
        let named = name(before).or_else(|| name(beginning(source, piece)).filter(|_| before.len() >= AROUND));
        let form = Form::of(named.unwrap_or_default(), piece);
        narrow(named.unwrap_or_default(), &mut label);
        // "Tests: 40 passing, 3 failing": the other numbers of a line differ where its claims do.
        let said = if named.is_some() { before } else { clause(before) };
        for word in said.split(' ').filter(|word| word.contains(char::is_alphabetic)) {
            narrow(word, &mut label);
        }
        let mut rest = Vec::new();
        narrow(behind(source, claim, piece), &mut rest);
        for words in [&mut headings, &mut section, &mut label, &mut rest] {
            words.sort_unstable();
            words.dedup();
        }
        let named = Phrase::new(named.unwrap_or_default()).words().to_vec();
        Scope { form, named, headings, section, label, rest }
    }

    /// It for a statement whose subject is its heading.
    pub fn of_heading(self) -> Scope {
        Scope { form: Form::Title, ..self }
    }

    /// Whether nothing says that the two statements speak of different parts.
    pub fn is_that_of(&self, other: &Scope) -> bool {
        let (own, others) = (self.headings_beside(other), other.headings_beside(self));
        own == others && self.label == other.label && self.rest == other.rest
    }

    /// Whether both stand behind the same label, row and items.
    pub fn is_labelled_like(&self, other: &Scope) -> bool {
        self.label == other.label
    }

    /// Whether it answers a label that speaks of the whole and names nothing, so that `subject` was taken from elsewhere.
    pub fn is_total_of_other_things(&self, subject: &[String]) -> bool {
        self.form == Form::Total && !subject.iter().any(|word| self.named.contains(word))
    }

    /// The words of the headings that count where it is held against `other`.
    fn headings_beside(&self, other: &Scope) -> &[String] {
        if self.form.is_of_its_section(other.form) { &self.section } else { &self.headings }
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

/// What stands before a claim in its line, as far as it is read.
fn before<'a>(source: &'a str, claim: &Claim, piece: &Piece) -> &'a str {
    let start = boundary(source, claim.span.start.saturating_sub(AROUND)).max(piece.span.start);
    let text = source.get(start..claim.span.start).unwrap_or_default();
    text.rsplit(['\n', '|']).next().unwrap_or_default()
}

/// The last clause of a text: a dot in "main.rs" ends none.
fn clause(text: &str) -> &str {
    let stops = ['.', ';', '!', '?', ',', '|'];
    let ends = |(at, c): &(usize, char)| stops.contains(c) && text[at + c.len_utf8()..].starts_with([' ', '*', '_']);
    text.char_indices().rfind(ends).map_or(text, |(at, _)| &text[at + 1..])
}

/// The name that a line begins with: up to its first dash, or with its first colon; or what stands before "(4 bells)".
fn name(text: &str) -> Option<&str> {
    let end = |stop: &&str| text.find(*stop).map(|at| at + usize::from(stop.starts_with(':')));
    let end = [": ", ":**", " - ", " – ", " — "].iter().filter_map(end).min();
    end.or_else(|| text.ends_with('(').then_some(text.len())).map(|end| &text[..end])
}

/// What stands behind a claim in its clause, where it says of which part the claim speaks: "in the parser".
fn behind<'a>(source: &'a str, claim: &Claim, piece: &Piece) -> &'a str {
    let end = boundary(source, piece.span.end.min(claim.span.end + AROUND));
    let text = source.get(claim.span.end..end).unwrap_or_default();
    let text = text.split(['\n', ';', '|', '.', ',']).next().unwrap_or_default();
    let text = text.trim_start_matches(['*', '_', '`']);
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
    !is_idle(word) && !subject.iter().any(same)
}

/// Whether a word, folded as in [`Phrase`], says nothing about which part is meant.
pub fn is_idle(word: &str) -> bool {
    IDLE.contains(&word)
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
    "complete",
    "completion",
    "component",
    "count",
    "coverage",
    "current",
    "currently",
    "detail",
    "done",
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
