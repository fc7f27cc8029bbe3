//! Recognisers: one file per kind of claim. Each reads one line; none knows Markdown.

pub mod amount;
pub mod badge;
pub mod count;
pub mod mark;
pub mod need;
pub mod percent;
pub mod predicate;
pub mod ratio;
pub mod stamp;
pub mod state;
pub mod stated;
pub mod tone;
pub mod universal;

use std::ops::Range;

use crate::claim::lexicon::{Class, Classes, Lexicon};
use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::stamp::Moment;
use crate::claim::veto::Rule;
use crate::document::source::Span;
use crate::rung::Rung;

/// A claim before the vetoes, in tokens of its line.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it asserts.
    pub kind: Kind,
    /// How its number is to be read.
    pub comparator: Comparator,
    /// Which way it points.
    pub polarity: Polarity,
    /// The rung that its state word asks for.
    pub rung: Option<Rung>,
    /// First token of the quote.
    pub first: usize,
    /// Last token of the quote.
    pub last: usize,
    /// The state words.
    pub predicate: Option<Range<usize>>,
    /// The noun phrase that it is about, where the line has one.
    pub noun: Option<Range<usize>>,
    /// The label of a badge.
    pub badge: Option<Span>,
    /// Where the value stands.
    pub value_span: Option<Span>,
    /// Where the total stands.
    pub total_span: Option<Span>,
}

impl Candidate {
    /// A claim without words of state.
    pub fn new(kind: Kind, first: usize, last: usize) -> Candidate {
        Candidate {
            kind,
            comparator: Comparator::Eq,
            polarity: Polarity::None,
            rung: None,
            first,
            last,
            predicate: None,
            noun: None,
            badge: None,
            value_span: None,
            total_span: None,
        }
    }

    /// The token that the claim turns on: its state, its number, or else its first.
    pub fn core(&self, line: &Line<'_>) -> usize {
        let value =
            self.value_span.and_then(|span| (self.first..=self.last).find(|&at| line.tokens[at].span() == span));
        self.predicate.as_ref().map(|range| range.start).into_iter().chain(value).min().unwrap_or(self.first)
    }

    /// Keeps the quote within the source line of its core.
    pub fn clip(&mut self, line: &Line<'_>) {
        let core = self.core(line);
        if let Some(at) = (self.first..core).rev().find(|&at| line.tokens[at].is_break()) {
            self.first = at + 1;
        }
        if let Some(at) = (core..=self.last).find(|&at| line.tokens[at].is_break()) {
            self.last = at.max(core + 1) - 1;
        }
    }

    /// Takes over what a predicate says.
    pub fn predicate(&mut self, predicate: &predicate::Predicate) {
        self.polarity = predicate.polarity;
        self.rung = predicate.rung;
        self.predicate = Some(predicate.first..predicate.last + 1);
        self.first = self.first.min(predicate.first);
        self.last = self.last.max(predicate.last);
    }
}

/// A number or state word that a recogniser itself sees to be no claim.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// Name of the kind that it looked like.
    pub kind: &'static str,
    /// Its bytes.
    pub span: Span,
    /// Why not.
    pub rule: &'static Rule,
    /// What gave it away.
    pub cue: Option<Span>,
}

/// A date that a line ties to a look at the state of things.
#[derive(Clone, Debug)]
pub struct Dated {
    /// The words of the look; empty at the date where they stand elsewhere in its table.
    pub look: Range<usize>,
    /// The bytes of the date.
    pub date: Span,
    /// When that is.
    pub moment: Moment,
}

/// What the recognisers found in one line.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order found.
    pub candidates: Vec<Candidate>,
    /// In the order found.
    pub stamps: Vec<Dated>,
    /// In the order found.
    pub refusals: Vec<Refusal>,
    /// For each token of the line, what has it already.
    taken: Vec<Taken>,
}

/// What a token is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Taken {
    Free,
    Refused,
    Claimed,
}

impl Found {
    /// Room for a line of `count` tokens.
    fn clear(&mut self, count: usize) {
        self.candidates.clear();
        self.stamps.clear();
        self.refusals.clear();
        self.taken.clear();
        self.taken.resize(count, Taken::Free);
    }

    /// Adds a claim, and takes its tokens; what others have already around its core is left to them.
    pub fn add(&mut self, line: &Line<'_>, mut candidate: Candidate) {
        let core = candidate.core(line);
        if self.has(core) {
            return;
        }
        let claimed = |&at: &usize| self.taken[at] == Taken::Claimed;
        candidate.first = (candidate.first..core).rev().find(claimed).map_or(candidate.first, |at| at + 1);
        candidate.last = (core..=candidate.last).find(claimed).map_or(candidate.last, |at| at - 1);
        self.taken[candidate.first..=candidate.last].fill(Taken::Claimed);
        self.candidates.push(candidate);
    }

    /// Notes what is no claim, and takes its tokens.
    pub fn refuse(
        &mut self,
        line: &Line<'_>,
        kind: &'static str,
        range: Range<usize>,
        rule: &'static Rule,
        cue: usize,
    ) {
        let span = line.span(range.start, range.end - 1);
        self.taken[range].iter_mut().for_each(|taken| *taken = Taken::max(*taken, Taken::Refused));
        self.refusals.push(Refusal { kind, span, rule, cue: line.get(cue).map(|token| token.span()) });
    }

    /// Whether the token is part of something found already.
    pub fn has(&self, at: usize) -> bool {
        self.taken.get(at).is_some_and(|&taken| taken != Taken::Free)
    }

    /// Whether every token of the range is part of a claim.
    pub fn has_all(&self, mut range: Range<usize>) -> bool {
        range.all(|at| self.taken.get(at) == Some(&Taken::Claimed))
    }

    /// Whether any token of the range is.
    pub fn has_any(&self, mut range: Range<usize>) -> bool {
        range.any(|at| self.has(at))
    }
}

/// Runs all recognisers over a line. The richest reading comes first and takes its words from the others.
pub fn line(line: &Line<'_>, lexicon: &Lexicon, found: &mut Found) {
    found.clear(line.tokens.len());
    let content = &line.content;
    if content.image {
        badge::recognise(line, lexicon, found);
    }
    if content.digits && (content.slash || content.classes.has(Class::OutOf)) {
        ratio::recognise(line, found);
    }
    if content.digits && (content.percent || content.classes.has(Class::Percent)) {
        percent::recognise(line, found);
    }
    if content.classes.any(Classes::of(&[Class::Quantifier, Class::Nothing])) {
        universal::recognise(line, found);
    }
    if content.number() {
        count::recognise(line, found);
    }
    if content.classes.has(Class::Need) {
        need::recognise(line, found);
    }
    if line.place.faults && content.classes.has(Class::State) {
        need::lacking(line, found);
    }
    if content.task || content.classes.has(Class::State) {
        state::recognise(line, found);
    }
    tone::read(line, found);
    if content.digits || content.dated || content.classes.has(Class::Relative) {
        stamp::recognise(line, lexicon, found);
    }
}
