//! How a document is read, and what of that rewritings changed besides the claims that they are about.

use std::collections::{BTreeMap, BTreeSet};

use super::shift::Shift;
use crate::claim::model::Claim;
use crate::commands::survey::Document;
use crate::document::edit::Edit;
use crate::document::markdown;
use crate::document::prose::Prose;
use crate::document::source::Span;
use crate::fix::claims::Left;
use crate::judge::contradiction::statement;
use crate::judge::verdict::{Binding, Judgement, Verdict};

/// A document as it is read and judged.
pub(super) struct Reading<'a> {
    document: &'a Document,
    judgements: Vec<Judgement>,
    prose: Prose,
    /// Claims that the document contradicts, as what says so and whom.
    contradicted: Vec<[usize; 2]>,
}

impl<'a> Reading<'a> {
    /// Reads it.
    pub(super) fn new(document: &'a Document, judgements: Vec<Judgement>) -> Reading<'a> {
        let prose = markdown::prose(document.source.text());
        let within = &document.within;
        let opposed = statement::opposed([(document.source.name(), within.statements.as_slice())].into_iter());
        let contradicted = (within.miscounts.iter().map(|found| [found.claim; 2]))
            .chain(within.mismatches.iter().map(|found| [found.ratio, found.percent]))
            .chain(opposed.iter().map(|found| [found.first.claim, found.second.claim]))
            .collect();
        Reading { document, judgements, prose, contradicted }
    }

    fn claims(&self) -> impl Iterator<Item = (&Claim, &Judgement)> {
        self.document.claims.iter().zip(&self.judgements)
    }
}

/// One claim with other words.
pub(super) struct Tried<'a> {
    /// An index of the caller's.
    pub index: usize,
    /// The claim, as an index into the claims before.
    pub claim: usize,
    /// Its edits.
    pub edits: &'a [Edit],
    /// It did without those that are not settled: what goes wrong now is not its doing.
    pub settled: bool,
}

/// What `tried`, in order, did to the document besides making their claims true: for each that is to blame, why it will
/// not do.
pub(super) fn faults(
    before: &Reading<'_>,
    after: &Reading<'_>,
    tried: &[Tried<'_>],
    shift: &Shift,
) -> BTreeMap<usize, Left> {
    let regions: Vec<Span> = tried
        .iter()
        .map(|tried| {
            let span = before.document.claims[tried.claim].span;
            shift.span(tried.edits.iter().fold(span, |region, edit| region.cover(edit.span)))
        })
        .collect();
    let mut blamed = Blamed { tried, regions: &regions, faults: BTreeMap::new() };
    let kept = claims(before, after, shift, &mut blamed);
    structure(before, after, shift, &mut blamed);
    contradictions(before, after, &kept, &mut blamed);
    blamed.faults
}

/// Who is to blame for what.
struct Blamed<'a> {
    tried: &'a [Tried<'a>],
    /// Where each of them is now.
    regions: &'a [Span],
    faults: BTreeMap<usize, Left>,
}

impl Blamed<'_> {
    /// The one whose region holds `span`, or else the last before it, or else the first.
    fn near(&self, span: Span) -> usize {
        let next = self.regions.partition_point(|region| region.end <= span.start);
        match self.regions.get(next) {
            Some(region) if region.overlaps(span) => next,
            _ => next.saturating_sub(1),
        }
    }

    fn blame(&mut self, at: usize, why: Left) {
        let unsettled = |at: &usize| !self.tried[*at].settled;
        let after = (at..self.tried.len()).find(unsettled);
        let before = (0..at).rev().find(unsettled);
        // The nearer of the two; with none at all, even what was settled before gives way.
        let nearest = match (before, after) {
            (Some(before), Some(after)) => {
                if at - before < after - at {
                    before
                } else {
                    after
                }
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => at,
        };
        self.faults.entry(self.tried[nearest].index).or_insert(why);
    }

    fn blame_near(&mut self, span: Span, why: Left) {
        self.blame(self.near(span), why);
    }
}

/// Holds claims against each other. Returns for each claim of `after` the claim of `before` that it was.
fn claims(before: &Reading<'_>, after: &Reading<'_>, shift: &Shift, blamed: &mut Blamed<'_>) -> Vec<Option<usize>> {
    let mut kept = vec![None; after.judgements.len()];
    let mut found = vec![0_usize; blamed.tried.len()];
    let mut tried = 0;
    for (index, (claim, judgement)) in before.claims().enumerate() {
        if blamed.tried.get(tried).is_some_and(|own| own.claim == index) {
            tried += 1;
            continue;
        }
        let span = shift.span(claim.span);
        let at = after.document.claims.partition_point(|now| now.span.start < span.start);
        let same = after.document.claims.get(at).is_some_and(|now| {
            now.span == span && same_claim(claim, now) && same_judgement(judgement, &after.judgements[at])
        });
        if same {
            kept[at] = Some(index);
        } else {
            blamed.blame_near(span, Left::Misread);
        }
    }
    for (at, (claim, judgement)) in after.claims().enumerate() {
        if kept[at].is_some() {
            continue;
        }
        let near = blamed.near(claim.span);
        let old = blamed.tried[near].claim;
        let inside = blamed.regions[near].overlaps(claim.span);
        let holds = matches!(judgement.verdict, Verdict::Holds(_)) && judgement.weak.is_none();
        if inside && holds && same_subjects(&before.judgements[old].binding, &judgement.binding) {
            found[near] += 1;
            kept[at] = Some(old);
        } else {
            blamed.blame(near, Left::Misread);
        }
    }
    for (at, number) in found.into_iter().enumerate() {
        if number == 0 {
            blamed.blame(at, Left::Misread);
        }
    }
    kept
}

fn same_claim(a: &Claim, b: &Claim) -> bool {
    (a.kind, a.comparator, a.polarity, a.rung) == (b.kind, b.comparator, b.polarity, b.rung)
        && (&a.subject, &a.predicate) == (&b.subject, &b.predicate)
}

fn same_judgement(a: &Judgement, b: &Judgement) -> bool {
    let answer = |judgement: &Judgement| match judgement.verdict {
        Verdict::Holds(_) => 0,
        Verdict::Drifted(_) => 1,
        Verdict::Unmeasured { .. } => 2,
        Verdict::Unbound => 3,
    };
    answer(a) == answer(b) && a.ignored == b.ignored && a.weak == b.weak && same_subjects(&a.binding, &b.binding)
}

fn same_subjects(a: &Binding, b: &Binding) -> bool {
    match (a, b) {
        (Binding::Bound { subjects: a, .. }, Binding::Bound { subjects: b, .. }) => a == b,
        (Binding::Unbound { .. }, Binding::Unbound { .. }) => true,
        (Binding::Bound { .. }, Binding::Unbound { .. }) | (Binding::Unbound { .. }, Binding::Bound { .. }) => false,
    }
}

/// Blames whoever made Markdown of the text: every piece and every stretch of prose stands where it stood.
fn structure(before: &Reading<'_>, after: &Reading<'_>, shift: &Shift, blamed: &mut Blamed<'_>) {
    let (old, new) = (&before.prose, &after.prose);
    let moved = old.parts.iter().map(|part| (part.kind, shift.span(part.span)));
    let stands = new.parts.iter().map(|part| (part.kind, part.span));
    let differs = moved.clone().zip(stands).find(|(moved, stands)| moved != stands).map(|(moved, _)| moved.1);
    let extra = match old.parts.len().cmp(&new.parts.len()) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => new.parts.get(old.parts.len()).map(|part| part.span),
        std::cmp::Ordering::Greater => moved.clone().nth(new.parts.len()).map(|(_, span)| span),
    };
    let pieces = old.pieces.iter().zip(&new.pieces);
    let piece = pieces.into_iter().find(|(a, b)| a.role != b.role || a.quoted != b.quoted).map(|(_, piece)| piece.span);
    if let Some(span) = differs.or(extra).or(piece) {
        blamed.blame_near(span, Left::Misread);
    }
    let comments = |prose: &Prose| prose.comments.len();
    if old.pieces.len() != new.pieces.len() || comments(old) != comments(new) {
        blamed.blame(0, Left::Misread);
    }
}

/// Blames those that contradict what the document says, or lists beside them, and whoever made it contradict itself
/// elsewhere. To contradict a claim that is known to be false, or that nobody is to mind, is no fault.
fn contradictions(before: &Reading<'_>, after: &Reading<'_>, kept: &[Option<usize>], blamed: &mut Blamed<'_>) {
    let known: BTreeSet<[usize; 2]> = before.contradicted.iter().copied().collect();
    for pair in &after.contradicted {
        let false_anyway = pair.iter().any(|claim| {
            let judgement = &after.judgements[*claim];
            judgement.ignored || matches!(judgement.verdict, Verdict::Drifted(_))
        });
        if false_anyway {
            continue;
        }
        let was = pair.map(|claim| kept[claim]);
        let own = |claim: usize| blamed.tried.binary_search_by_key(&claim, |tried| tried.claim).ok();
        let tried: Vec<usize> = was.into_iter().flatten().filter_map(own).collect();
        let unsettled = tried.iter().find(|at| !blamed.tried[**at].settled);
        match unsettled.or(tried.first()) {
            Some(at) => blamed.blame(*at, Left::Contradicts),
            None if matches!(was, [Some(a), Some(b)] if known.contains(&[a, b])) => {}
            None => blamed.blame_near(after.document.claims[pair[0]].span, Left::Contradicts),
        }
    }
}
