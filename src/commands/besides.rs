//! What reports show besides the measurements of now: what the documents claim.

use super::assess::Assessment;
use super::survey::Survey;
use crate::judge::describe;
use crate::render::claim::Claim;

/// The claims of all documents, in order, and what came of each.
pub(super) fn claims(survey: &Survey, assessment: &Assessment) -> Vec<Claim> {
    let documents = survey.documents.iter().zip(&assessment.documents);
    let told = documents.flat_map(|(document, assessed)| {
        assessed.judgements.iter().map(|judgement| {
            let (claim, file) = (&document.claims[judgement.claim], &document.source);
            let words = describe::words(judgement, claim, file);
            Claim::new(claim, file, judgement, words.claimed, words.measured, words.evidence)
        })
    });
    told.collect()
}
