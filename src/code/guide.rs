//! What there is to say of each code: for `trueup explain CODE`, the page docs/codes.md and the rules of SARIF.
//!
//! One text for each code, and the compiler asks for it.

mod advice;
mod contradiction;
mod drift;
mod fault;
mod unanswered;

use super::Code;

/// What there is to say of a code. All texts are Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Why this is told, and why it is told so.
    pub why: &'static str,
    /// What brings it about: a line of a document, a piece of trueup.toml, a command.
    pub example: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// How to do without it, where one may.
    pub ignore: &'static str,
}

impl Code {
    /// What there is to say of it.
    pub fn guide(self) -> Guide {
        match self {
            Code::RatioDrift => drift::RATIO,
            Code::PercentDrift => drift::PERCENT,
            Code::CountDrift => drift::COUNT,
            Code::UniversalDrift => drift::UNIVERSAL,
            Code::StateDrift => drift::STATE,
            Code::StaleTimestamp => drift::STALE_TIMESTAMP,
            Code::FutureTimestamp => drift::FUTURE_TIMESTAMP,
            Code::StaleSection => drift::STALE_SECTION,
            Code::EditedSection => drift::EDITED_SECTION,
            Code::ContradictoryClaims => contradiction::CLAIMS,
            Code::MiscountedList => contradiction::LIST,
            Code::InconsistentShare => contradiction::SHARE,
            Code::UnmeasuredClaim => unanswered::CLAIM,
            Code::UnmeasuredSource => unanswered::SOURCE,
            Code::UnmeasuredSection => unanswered::SECTION,
            Code::UnboundClaim => unanswered::UNBOUND,
            Code::WeakEvidence => advice::WEAK_EVIDENCE,
            Code::LyingHealthCheck => advice::LYING_HEALTH_CHECK,
            Code::UnusedIgnore => advice::UNUSED_IGNORE,
            Code::UnusedAnnotation => advice::UNUSED_ANNOTATION,
            Code::UnusedGroup => advice::UNUSED_GROUP,
            Code::UnusedBind => advice::UNUSED_BIND,
            Code::UnusedBaseline => advice::UNUSED_BASELINE,
            Code::ForeignSnapshot => advice::FOREIGN_SNAPSHOT,
            Code::MisplacedMarker => fault::MISPLACED_MARKER,
            Code::BrokenTemplate => fault::BROKEN_TEMPLATE,
            Code::MalformedComment => fault::MALFORMED_COMMENT,
            Code::InvalidConfiguration => fault::INVALID_CONFIGURATION,
            Code::ClashingSnapshots => fault::CLASHING_SNAPSHOTS,
            Code::UnreadableFile => fault::UNREADABLE_FILE,
            Code::UnreadableRepository => fault::UNREADABLE_REPOSITORY,
            Code::UncommittedDocument => fault::UNCOMMITTED_DOCUMENT,
            Code::NothingJudged => fault::NOTHING_JUDGED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_says_something_of_its_own() {
        let mut seen: Vec<Guide> = Vec::new();
        for code in Code::ALL {
            let guide = code.guide();
            for text in [guide.why, guide.fix, guide.ignore] {
                assert!(text.len() > 20 && text.ends_with('.'), "{}: {text}", code.name());
                assert!(!text.contains('\n'), "{}: a text is one paragraph: {text}", code.name());
            }
            assert!(!guide.example.trim().is_empty() && !guide.example.contains("~~~"), "{}", code.name());
            assert!(!seen.contains(&guide), "{} has the text of another", code.name());
            seen.push(guide);
        }
    }
}
