//! What the recognisers find in a line, and which words each finding has taken.

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::line::Line;
use crate::claim::rule::Rule;
use crate::claim::stamp::Moment;
use crate::document::source::Span;

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
    pub(super) fn clear(&mut self, count: usize) {
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
        // What is said of it apart from its quote is no claim of its own.
        if let Some(said) = candidate.predicate.clone().filter(|said| said.start > candidate.last) {
            self.taken[said].fill(Taken::Claimed);
        }
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
