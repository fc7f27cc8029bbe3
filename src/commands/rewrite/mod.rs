//! Rewriting the claims of a document that drifted: wordings are put in, and the document is read and judged again with
//! them. One that is not read as a claim that holds, or that changes how anything around it reads, is not taken.

mod anchors;
mod reading;
mod shift;

use std::collections::BTreeMap;
use std::path::Path;

use super::survey::{self, Document};
use crate::claim::lexicon::Lexicon;
use crate::config::policy::Policy;
use crate::document::edit::{self, Edit};
use crate::document::source::SourceFile;
use crate::files::Loaded;
use crate::fix::claims::{self, Left, Proposal};
use crate::judge::bind::Binder;
use crate::judge::verdict::Judgement;
use crate::measure::measurement::Snapshot;

pub(super) use anchors::Anchors;
use reading::{Reading, Tried};
use shift::Shift;

/// Rounds in which a wording that does not do gives way to the next.
const ROUNDS_OF_WORDINGS: usize = 6;

/// Rounds after which nothing more is tried in a document: those after the first let every claim go that is in the way.
const ROUNDS: usize = 12;

/// What documents are read and judged with.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    /// The words.
    pub lexicon: Lexicon,
    /// The names.
    pub binder: Binder<'a>,
    /// The rules.
    pub policy: &'a Policy,
    /// The measurements.
    pub snapshot: &'a Snapshot,
}

impl<'a> Judge<'a> {
    /// With what trueup.toml says and what was measured.
    pub(super) fn new(policy: &'a Policy, snapshot: &'a Snapshot) -> Judge<'a> {
        Judge { lexicon: survey::lexicon(policy), binder: Binder::new(policy, snapshot), policy, snapshot }
    }
}

/// One claim and what is written in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The claim, as an index into the claims of its document.
    pub claim: usize,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}

/// What becomes of the claims of one document that drifted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rewriting {
    /// Those that are rewritten, in order.
    pub changes: Vec<Change>,
    /// Those that are left, with the reason.
    pub left: BTreeMap<usize, Left>,
}

impl Rewriting {
    /// All edits of the document, those that keep its tables aligned among them.
    pub(super) fn edits(&self, source: &str) -> Vec<Edit> {
        with_padding(source, self.changes.iter().flat_map(|change| change.edits.clone()).collect())
    }
}

/// The rewritings of one document whose claims were judged so.
pub(super) fn rewriting(
    document: &Document,
    judgements: &[Judgement],
    judge: &Judge<'_>,
    anchors: &Anchors<'_>,
) -> Rewriting {
    let mut proposals = Vec::new();
    let mut left = BTreeMap::new();
    for (judgement, claim) in judgements.iter().zip(&document.claims) {
        match claims::propose(document.source.text(), claim, judgement) {
            None => {}
            Some(Ok(proposal)) => proposals.push(proposal),
            Some(Err(why)) => _ = left.insert(judgement.claim, why),
        }
    }
    if !proposals.is_empty() {
        let linked = anchors.linked_headings(document);
        proposals.retain(|proposal| match linked.around(document.claims[proposal.claim].span) {
            Some(anchor) => {
                left.insert(proposal.claim, Left::LinkedHeading(anchor.to_owned()));
                false
            }
            None => true,
        });
    }
    let mut settled = settle(document, judgements, &proposals, judge);
    settled.left.append(&mut left);
    settled
}

/// The same for the changes among them that somebody agreed to.
pub(super) fn of_changes(
    document: &Document,
    judgements: &[Judgement],
    changes: &[Change],
    judge: &Judge<'_>,
) -> Rewriting {
    let proposal = |change: &Change| Proposal { claim: change.claim, wordings: vec![change.edits.clone()] };
    settle(document, judgements, &changes.iter().map(proposal).collect::<Vec<_>>(), judge)
}

/// A proposal, and which of its wordings is being tried.
struct Trial<'a> {
    proposal: &'a Proposal,
    wording: usize,
    /// It did in a round in which everything did.
    settled: bool,
    /// Why it was left, once it is.
    left: Option<Left>,
}

impl Trial<'_> {
    fn edits(&self) -> &[Edit] {
        match self.left {
            Some(_) => &[],
            None => &self.proposal.wordings[self.wording],
        }
    }

    /// Goes on to the next wording, if there is one and time for it.
    fn fails(&mut self, why: Left, round: usize) {
        if round < ROUNDS_OF_WORDINGS && self.wording + 1 < self.proposal.wordings.len() && !self.settled {
            self.wording += 1;
        } else {
            self.left = Some(why);
        }
    }
}

/// Takes of each proposal the first wording that does; proposals are in the order of their claims.
///
/// What was left because of others that did not do either is tried again beside those that did, as long as that settles
/// more: a second run then has nothing to add.
fn settle(document: &Document, judgements: &[Judgement], proposals: &[Proposal], judge: &Judge<'_>) -> Rewriting {
    let trial = |proposal| Trial { proposal, wording: 0, settled: false, left: None };
    let mut trials: Vec<Trial<'_>> = proposals.iter().map(trial).collect();
    if !trials.is_empty() {
        let before = Reading::new(document, judgements.to_vec());
        loop {
            pass(document, &before, &mut trials, judge);
            let done = trials.iter().filter(|trial| trial.left.is_none());
            let more = done.clone().any(|trial| !trial.settled);
            if !more || done.count() == trials.len() {
                break;
            }
            for trial in &mut trials {
                match trial.left.take() {
                    None => trial.settled = true,
                    Some(_) => (trial.wording, trial.settled) = (0, false),
                }
            }
        }
    }
    let mut settled = Rewriting::default();
    for trial in trials {
        match trial.left {
            Some(why) => _ = settled.left.insert(trial.proposal.claim, why),
            None => {
                let edits = trial.edits().to_vec();
                settled.changes.push(Change { claim: trial.proposal.claim, edits });
            }
        }
    }
    settled
}

/// Tries wordings until all that are not left do together.
fn pass(document: &Document, before: &Reading<'_>, trials: &mut [Trial<'_>], judge: &Judge<'_>) {
    let source = document.source.text();
    for round in 0..ROUNDS {
        if trials.iter().all(|trial| trial.left.is_some() || trial.settled) {
            return;
        }
        // Ends: each time one wording is used up.
        while part(trials, round) {}
        let edits = with_padding(source, trials.iter().flat_map(|trial| trial.edits().to_vec()).collect());
        let Ok(text) = edit::apply(source, &edits) else { break };
        let changed = read(&document.path, document.source.name(), text, &judge.lexicon);
        let judged = super::judged::judgements(&changed, &judge.binder, judge.policy, judge.snapshot);
        let after = Reading::new(&changed, judged);
        let tried: Vec<Tried<'_>> = trials
            .iter()
            .enumerate()
            .filter(|(_, trial)| trial.left.is_none())
            .map(|(index, trial)| {
                let (claim, edits, settled) = (trial.proposal.claim, trial.edits(), trial.settled);
                Tried { index, claim, edits, settled }
            })
            .collect();
        let faults = reading::faults(before, &after, &tried, &Shift::new(&edits));
        if faults.is_empty() {
            return;
        }
        for (index, why) in faults {
            trials[index].fails(why, round);
        }
    }
    // Nothing came of it: what was settled before is what stays.
    for trial in trials.iter_mut().filter(|trial| trial.left.is_none() && !trial.settled) {
        trial.left = Some(Left::Misread);
    }
}

/// Where two changes want the same bytes, the second gives way, or the one that is not settled. Says whether one did.
fn part(trials: &mut [Trial<'_>], round: usize) -> bool {
    let mut last: Option<(usize, usize)> = None;
    let mut gave_way = false;
    for at in 0..trials.len() {
        let edits = trials[at].edits();
        let (Some(first), Some(end)) = (edits.first(), edits.last()) else { continue };
        let (start, end) = (first.span.start, end.span.end);
        if let Some((before, _)) = last.filter(|(_, reach)| start < *reach) {
            let gives_way = if trials[at].settled && !trials[before].settled { before } else { at };
            trials[gives_way].fails(Left::NoWording, round);
            gave_way = true;
            if gives_way == at {
                continue;
            }
        }
        last = Some((at, end));
    }
    gave_way
}

fn with_padding(source: &str, mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    let padding = claims::padding(source, &edits);
    edits.extend(padding);
    edits.sort_by_key(|edit| edit.span);
    edits
}

fn read(path: &Path, name: &str, text: String, lexicon: &Lexicon) -> Document {
    let fingerprint = crate::files::Fingerprint::of(text.as_bytes());
    survey::of_loaded(path, Loaded { source: SourceFile::new(name, text), fingerprint }, lexicon)
}

#[cfg(test)]
mod tests;
