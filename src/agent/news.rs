//! What an edit adds to the false claims of a document.

use std::collections::BTreeMap;

use crate::code::{Code, Concern};
use crate::report::diagnostic::Diagnostic;
use crate::report::identity;

/// Whether a finding says that a claim or section has no answer.
pub fn is_unknown(finding: &Diagnostic) -> bool {
    let concern = match finding.code.concern() {
        Concern::Unmeasured => finding.code != Code::UnmeasuredSource,
        Concern::Drift | Concern::Unbound | Concern::Fault | Concern::Advice => false,
    };
    concern && finding.suppressed.is_none()
}

/// Whether an edit that brings a finding is stopped. Contradictions are not: two edits may make one consistent text. Nor is
/// a section that shows other facts: `trueup fix` fills it.
fn is_stopped(finding: &Diagnostic) -> bool {
    finding.is_drift()
        && match finding.code {
            Code::RatioDrift
            | Code::PercentDrift
            | Code::CountDrift
            | Code::UniversalDrift
            | Code::StateDrift
            | Code::StaleTimestamp
            | Code::FutureTimestamp
            | Code::EditedSection => true,
            Code::ContradictoryClaims
            | Code::MiscountedList
            | Code::InconsistentShare
            | Code::UnmeasuredClaim
            | Code::UnmeasuredSource
            | Code::UnboundClaim
            | Code::WeakEvidence
            | Code::LyingHealthCheck
            | Code::StaleSection
            | Code::UnmeasuredSection
            | Code::MisplacedMarker
            | Code::BrokenTemplate
            | Code::MalformedComment
            | Code::UnusedIgnore
            | Code::UnusedAnnotation
            | Code::UnusedGroup
            | Code::UnusedBind
            | Code::InvalidConfiguration
            | Code::ClashingSnapshots
            | Code::ForeignSnapshot
            | Code::UnreadableFile
            | Code::UnreadableRepository
            | Code::UncommittedDocument
            | Code::UnusedBaseline
            | Code::NothingJudged => false,
        }
}

/// What an edit brings.
#[derive(Debug, Default)]
pub struct News<'a> {
    /// What is false, and reason to stop the edit.
    pub stopped: Vec<&'a Diagnostic>,
    /// What has no answer.
    pub unknown: Vec<&'a Diagnostic>,
}

/// What the findings `after` an edit say and those `before` did not. Words count, and no place: a false claim that moves is
/// no new one, a second copy of it is.
pub fn news<'a>(before: &[Diagnostic], after: &'a [Diagnostic]) -> News<'a> {
    News { stopped: more(before, after, is_stopped), unknown: more(before, after, is_unknown) }
}

fn more<'a>(before: &[Diagnostic], after: &'a [Diagnostic], counts: fn(&Diagnostic) -> bool) -> Vec<&'a Diagnostic> {
    let mut known: BTreeMap<(Code, String), usize> = BTreeMap::new();
    for finding in before.iter().filter(|finding| counts(finding)) {
        *known.entry(key(finding)).or_default() += 1;
    }
    let is_new = |finding: &&Diagnostic| match known.get_mut(&key(finding)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        Some(_) | None => true,
    };
    after.iter().filter(|finding| counts(finding)).filter(is_new).collect()
}

fn key(finding: &Diagnostic) -> (Code, String) {
    let words: Vec<&str> = identity::text(finding).split_whitespace().collect();
    (finding.code, words.join(" ").to_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::source::{SourceFile, Span};
    use crate::report::diagnostic::{Severity, Suppression};

    fn found(code: Code, text: &str) -> Diagnostic {
        let file = Arc::new(SourceFile::new("a.md", text));
        Diagnostic::new(code, Severity::Error, "x").at(&file, Span::new(0, text.len()), "")
    }

    #[test]
    fn words_count_and_places_do_not() {
        let before = [found(Code::RatioDrift, "21/21 up"), found(Code::UnmeasuredClaim, "5 tests")];
        let stopped = |after: &[Diagnostic]| news(&before, after).stopped.len();
        assert_eq!(stopped(&[found(Code::RatioDrift, "21/21  UP")]), 0);
        assert_eq!(stopped(&[found(Code::RatioDrift, "21/21 up"), found(Code::RatioDrift, "21/21 up")]), 1);
        assert_eq!(stopped(&[found(Code::RatioDrift, "20/21 up")]), 1);
        let after = [found(Code::UnmeasuredClaim, "5 tests"), found(Code::UnmeasuredClaim, "6 tests")];
        let news = news(&before, &after);
        assert_eq!((news.stopped.len(), news.unknown.len()), (0, 1));
        assert_eq!(identity::text(news.unknown[0]), "6 tests");
    }

    #[test]
    fn what_has_no_weight_and_what_a_second_edit_may_mend_stops_nothing() {
        for code in Code::ALL {
            let weightless = Diagnostic { suppressed: Some(Suppression::Known), ..found(*code, "x") };
            assert!(!is_stopped(&weightless) && !is_unknown(&weightless), "{}", code.name());
            let warned = Diagnostic { severity: Severity::Warning, ..found(*code, "x") };
            assert!(!is_stopped(&warned), "{}", code.name());
        }
        assert!(!is_stopped(&found(Code::InconsistentShare, "26 of 28 (95%)")));
        assert!(is_stopped(&found(Code::EditedSection, "x")));
    }
}
