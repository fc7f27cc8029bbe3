//! Rewritings of claims in prose, so that they say what was measured: "21/21 operational" becomes "0/21 operational".
//!
//! One file per kind of claim proposes wordings, best first. None of them is trusted: the caller reads the document again
//! with the wording in it, and takes the first that is read as a claim that holds while nothing around it reads
//! differently. A claim for which no wording is certain is left, with the reason.

mod count;
mod grammar;
mod ground;
mod left;
mod numeral;
mod percent;
mod ratio;
mod state;
mod symbol;
mod table;
mod universal;

pub use left::Left;
pub use table::padding;

use crate::claim::model::{Claim, Kind};
use crate::document::edit::Edit;
use crate::judge::verdict::{Judgement, Verdict};
use ground::Ground;

/// Wordings that would make one claim true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The claim, as an index into the claims of its document.
    pub claim: usize,
    /// Wordings, best first: each the edits that make it, in order and apart from each other. Never empty.
    pub wordings: Vec<Vec<Edit>>,
}

/// What could be written in place of a claim of `source` that drifted, or why nothing can. `None` for a claim that did not
/// drift, and for one under an ignore comment: those are not touched.
pub fn propose(source: &str, claim: &Claim, judgement: &Judgement) -> Option<Result<Proposal, Left>> {
    let Verdict::Drifted(measured) = &judgement.verdict else { return None };
    if judgement.ignored {
        return None;
    }
    let wordings = Ground::new(source, claim, measured, judgement.weak).and_then(|ground| wordings(&ground));
    Some(wordings.map(|wordings| Proposal { claim: judgement.claim, wordings }))
}

/// The wordings for a claim, by its kind. A new kind is a new file and a line here.
fn wordings(ground: &Ground<'_>) -> Result<Vec<Vec<Edit>>, Left> {
    let wordings = match ground.claim.kind {
        Kind::Ratio { value, total } => ratio::wordings(ground, value, total),
        Kind::Percent { value } => percent::wordings(ground, value),
        Kind::Count { value } => count::wordings(ground, value),
        Kind::Universal { value } => universal::wordings(ground, value),
        Kind::State => state::wordings(ground),
    }?;
    let mut found: Vec<Vec<Edit>> = Vec::new();
    for mut edits in wordings {
        edits.retain(|edit| ground.source.get(edit.span.range()) != Some(edit.text.as_str()));
        edits.sort_by_key(|edit| edit.span);
        if !edits.is_empty() && !found.contains(&edits) {
            found.push(edits);
        }
    }
    if found.is_empty() { Err(Left::NoWording) } else { Ok(found) }
}

#[cfg(test)]
mod tests;
