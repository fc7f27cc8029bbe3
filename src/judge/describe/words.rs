//! A judgement in words, for those who lay it out themselves.

use super::{members, phrase, unseen};
use crate::claim::model::Claim;
use crate::document::source::SourceFile;
use crate::judge::verdict::{Judgement, Measured, Verdict};

/// What a judgement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What was claimed: "21/21 operational".
    pub claimed: String,
    /// What was measured, in the claim's terms: "0/21". `None` where nothing is known.
    pub measured: Option<String>,
    /// Facts behind it, one a line: the targets that are down, why nobody could look.
    pub evidence: Vec<String>,
}

/// What `judgement` says of `claim`, which stands in `file`.
pub fn words(judgement: &Judgement, claim: &Claim, file: &SourceFile) -> Words {
    let told = |measured: &Measured| {
        let text = phrase::measured(claim, measured, file);
        text.strip_prefix("measured ").map(str::to_owned).unwrap_or(text)
    };
    let members = |measured: &Measured| match measured {
        Measured::Tally(tally) => members::notes(tally),
        Measured::Quantity(_) => Vec::new(),
    };
    let (measured, evidence) = match &judgement.verdict {
        Verdict::Holds(measured) | Verdict::Drifted(measured) => (Some(told(measured)), members(measured)),
        Verdict::Unmeasured { reasons, known } => {
            let known = known.as_ref().filter(|known| !unseen(known, reasons));
            (known.map(told), members::reasons(reasons))
        }
        Verdict::Unbound => (None, Vec::new()),
    };
    Words { claimed: phrase::claimed(claim, file), measured, evidence }
}
