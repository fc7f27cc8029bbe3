//! Codes of diagnostics: stable names that output, configuration and documentation share.

mod guide;

pub use guide::Guide;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// What a diagnostic is about. The name reads well after "allow".
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)+ }
            }

            /// What it means, in one sentence.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The code called `name`, if there is one.
            pub fn from_name(name: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.name() == name)
            }
        }
    };
}

codes! {
    /// A ratio that is not what was measured.
    RatioDrift = "ratio-drift";
    /// A percentage that is not what was measured.
    PercentDrift = "percent-drift";
    /// A count that is not what was measured.
    CountDrift = "count-drift";
    /// An "all" or "none" with an exception.
    UniversalDrift = "universal-drift";
    /// A state that is another.
    StateDrift = "state-drift";
    /// Two claims of the same thing that cannot both be true.
    ContradictoryClaims = "contradictory-claims";
    /// A number over a list or table that enumerates another number.
    MiscountedList = "miscounted-list";
    /// A ratio and a percentage of the same thing that do not agree.
    InconsistentShare = "inconsistent-share";
    /// A timestamp that is older than trueup.toml allows.
    StaleTimestamp = "stale-timestamp";
    /// A timestamp that lies in the future.
    FutureTimestamp = "future-timestamp";
    /// A claim whose answer could not be measured.
    UnmeasuredClaim = "unmeasured-claim";
    /// A source that could not be asked, once for all that depend on it.
    UnmeasuredSource = "unmeasured-source";
    /// A claim that nothing in trueup.toml answers.
    UnboundClaim = "unbound-claim";
    /// A claim that holds as far as the evidence reaches, and the evidence stops below what it asserts.
    WeakEvidence = "weak-evidence";
    /// A health check that says healthy while the functional check fails.
    LyingHealthCheck = "lying-health-check";
    /// A section that shows older facts.
    StaleSection = "stale-section";
    /// A section whose text was changed by hand.
    EditedSection = "edited-section";
    /// A section that could not be rendered for want of a measurement.
    UnmeasuredSection = "unmeasured-section";
    /// A marker that does not fit: missing, nested, duplicate or reversed.
    MisplacedMarker = "misplaced-marker";
    /// A section whose template does not exist or fails.
    BrokenTemplate = "broken-template";
    /// A comment for trueup that it does not understand.
    MalformedComment = "malformed-comment";
    /// An ignore comment that covers no claim.
    UnusedIgnore = "unused-ignore";
    /// An annotation that applies to no claim.
    UnusedAnnotation = "unused-annotation";
    /// A group or metric that no claim and no section asks for, or a text that no section shows.
    UnusedGroup = "unused-group";
    /// A `[[bind]]` rule that no claim matches.
    UnusedBind = "unused-bind";
    /// A fault in trueup.toml, or in the baseline beside it.
    InvalidConfiguration = "invalid-configuration";
    /// Snapshots that contradict each other.
    ClashingSnapshots = "clashing-snapshots";
    /// A snapshot that was taken with another trueup.toml.
    ForeignSnapshot = "foreign-snapshot";
    /// A file that cannot be read or written.
    UnreadableFile = "unreadable-file";
    /// A git repository that could not be asked for what the run needs of it.
    UnreadableRepository = "unreadable-repository";
    /// A document that `trueup fix` does not write over, since git could not give it back.
    UncommittedDocument = "uncommitted-document";
    /// An entry of the baseline that no finding is known by any more.
    UnusedBaseline = "unused-baseline";
    /// A run that judged nothing.
    NothingJudged = "nothing-judged";
}

/// What sort of answer a code gives. "It is false", "we could not look" and "nobody asked" stay apart in every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Concern {
    /// A document says what is not so, or contradicts itself.
    Drift,
    /// We could not look.
    Unmeasured,
    /// Nobody measures it.
    Unbound,
    /// Something kept a part of the documents from being judged.
    Fault,
    /// Nothing is wrong yet; something could be better.
    Advice,
}

impl Code {
    /// What sort of answer it gives.
    pub fn concern(self) -> Concern {
        match self {
            Code::RatioDrift
            | Code::PercentDrift
            | Code::CountDrift
            | Code::UniversalDrift
            | Code::StateDrift
            | Code::ContradictoryClaims
            | Code::MiscountedList
            | Code::InconsistentShare
            | Code::StaleTimestamp
            | Code::FutureTimestamp
            | Code::StaleSection
            | Code::EditedSection => Concern::Drift,
            Code::UnmeasuredClaim | Code::UnmeasuredSource | Code::UnmeasuredSection => Concern::Unmeasured,
            Code::UnboundClaim => Concern::Unbound,
            Code::MisplacedMarker
            | Code::BrokenTemplate
            | Code::MalformedComment
            | Code::InvalidConfiguration
            | Code::ClashingSnapshots
            | Code::UnreadableFile
            | Code::UnreadableRepository
            | Code::UncommittedDocument
            | Code::NothingJudged => Concern::Fault,
            Code::WeakEvidence
            | Code::LyingHealthCheck
            | Code::UnusedIgnore
            | Code::UnusedAnnotation
            | Code::UnusedGroup
            | Code::UnusedBind
            | Code::UnusedBaseline
            | Code::ForeignSnapshot => Concern::Advice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn names_are_unique_and_lead_back() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
            assert!(code.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }

    #[test]
    fn descriptions_are_the_sentences_of_the_source() {
        assert_eq!(Code::RatioDrift.description(), "A ratio that is not what was measured.");
        for code in Code::ALL {
            let text = code.description();
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{}: {text}", code.name());
        }
    }
}
