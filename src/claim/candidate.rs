//! A claim before the vetoes.

use std::ops::Range;

use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::predicate::Predicate;
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

    /// Whether a state is said by a symbol alone.
    pub fn is_symbol(&self, line: &Line<'_>) -> bool {
        let marks = |range: &Range<usize>| range.clone().all(|at| !line.tokens[at].is_word());
        self.kind == Kind::State && self.predicate.as_ref().is_some_and(marks)
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
    pub fn predicate(&mut self, predicate: &Predicate) {
        self.polarity = predicate.polarity;
        self.rung = predicate.rung;
        self.predicate = Some(predicate.first..predicate.last + 1);
        self.first = self.first.min(predicate.first);
        self.last = self.last.max(predicate.last);
    }

    /// Takes over what a predicate says, which the quote leaves out where it stands `apart`: "19 of 21 (90%) healthy".
    pub fn predicate_apart(&mut self, predicate: &Predicate, apart: bool) {
        let quote = (self.first, self.last);
        self.predicate(predicate);
        if apart {
            (self.first, self.last) = quote;
        }
    }

    /// Takes over the opposite of what a predicate says: "nothing works", "none are broken".
    pub fn deny(&mut self, predicate: &Predicate) {
        self.predicate(predicate);
        self.polarity = if self.polarity == Polarity::Up { Polarity::Down } else { Polarity::Up };
    }
}
