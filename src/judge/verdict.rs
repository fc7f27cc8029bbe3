//! What came of holding a claim against the measurements.

use crate::code::Code;
use crate::document::source::Span;
use crate::measure::measurement::{Failure, Unmeasured};
use crate::quantity::Quantity;
use crate::rung::Rung;

/// The outcome for one claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The claim, as an index into the claims of its document.
    pub claim: usize,
    /// What the claim was taken to be about, and why.
    pub binding: Binding,
    /// What came of it.
    pub verdict: Verdict,
    /// The answer rests on a weaker rung than the claim asks for: the evidence stops here.
    pub weak: Option<Rung>,
    /// An ignore comment covers the claim. It is judged all the same, counted, and changes no exit code.
    pub ignored: bool,
}

/// What a claim was taken to be about.
#[derive(Clone, Debug, PartialEq)]
pub enum Binding {
    /// These groups, targets or metrics answer it.
    Bound {
        /// What answers. More than one only for a claim about the document as a whole.
        subjects: Vec<Subject>,
        /// Why these.
        reason: BindReason,
    },
    /// Nothing answers it, or more than one thing would and none is nearer.
    Unbound {
        /// Names of what would answer it equally well; empty where nothing would.
        candidates: Vec<String>,
    },
}

/// Something measured that can answer claims, by its key in trueup.toml.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A group.
    Group(String),
    /// One target of a group.
    Target {
        /// The group.
        group: String,
        /// The target.
        target: String,
    },
    /// A metric.
    Metric(String),
}

/// Why a claim was bound as it was, strongest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindReason {
    /// A comment in the document says so.
    Annotation {
        /// The comment, in the document.
        span: Span,
    },
    /// A `[[bind]]` rule says so.
    Rule {
        /// The rule, in trueup.toml.
        span: Span,
    },
    /// The subject is the name of a target.
    TargetName,
    /// A name of the group or metric stands in the subject.
    Subject,
    /// It stands in the lead-in.
    LeadIn,
    /// It stands in a heading.
    Heading,
    /// The claim is about the document as a whole.
    WholeDocument,
}

impl BindReason {
    /// The word used in output.
    pub fn name(&self) -> &'static str {
        match self {
            BindReason::Annotation { .. } => "annotation",
            BindReason::Rule { .. } => "rule",
            BindReason::TargetName => "target-name",
            BindReason::Subject => "subject",
            BindReason::LeadIn => "lead-in",
            BindReason::Heading => "heading",
            BindReason::WholeDocument => "whole-document",
        }
    }
}

/// What came of a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is true.
    Holds(Measured),
    /// It is not.
    Drifted(Measured),
    /// We could not look, and what we know decides neither way.
    Unmeasured {
        /// Why, one entry per source or target.
        reasons: Vec<Unmeasured>,
        /// What is known all the same.
        known: Option<Measured>,
    },
    /// Nobody measures it.
    Unbound,
}

/// What was measured, in the terms of the claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// So many of so many targets stand on the asked rung.
    Tally(Tally),
    /// A number.
    Quantity(Quantity),
}

/// How many targets stand on a rung.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The rung that was asked.
    pub rung: Rung,
    /// Targets that stand on it.
    pub up: usize,
    /// Targets of which it is unknown.
    pub unknown: usize,
    /// All targets.
    pub total: usize,
    /// Those that do not stand on it, and those of which it is unknown.
    pub members: Vec<Member>,
}

/// A target that is not up.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it is.
    pub state: MemberState,
    /// Its health check says healthy while a functional check fails.
    pub health_check_lies: bool,
}

/// Why a target does not count as up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberState {
    /// It is down.
    Down(Failure),
    /// We could not look.
    Unknown(Unmeasured),
}

/// Number of claims and sections by outcome: what the summary shows and what the exit code is made of.
///
/// Each is counted once: ignored ones under `ignored` alone, and so with `known` and `older`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents read.
    pub documents: usize,
    /// Claims that hold.
    pub holds: usize,
    /// Of those, claims that hold on weak evidence.
    pub weak: usize,
    /// Claims that drifted.
    pub drifted: usize,
    /// Claims that could not be measured.
    pub unmeasured: usize,
    /// Claims that nothing answers.
    pub unbound: usize,
    /// Claims under an ignore comment.
    pub ignored: usize,
    /// Findings that would end the run with drift, and that the baseline knows.
    pub known: usize,
    /// Claims, contradictions and sections that do not hold and are older than the base of `--only-new`.
    pub older: usize,
    /// Contradictions inside the documents, whatever came of the claims in them. They need no measurement.
    pub contradictions: usize,
    /// Sections whose text is what the measurements say.
    pub current_sections: usize,
    /// Sections that show older facts.
    pub stale_sections: usize,
    /// Sections whose text was changed by hand.
    pub edited_sections: usize,
    /// Sections that could not be rendered for want of a measurement.
    pub unmeasured_sections: usize,
    /// Faults that kept a part of the documents from being judged: an unreadable file, a misplaced marker, a broken
    /// template.
    pub faults: usize,
}

impl Counts {
    /// The number that a finding with this code is one of; `None` for those that are not counted by themselves.
    pub fn of_code(&mut self, code: Code) -> Option<&mut usize> {
        match code {
            Code::RatioDrift
            | Code::PercentDrift
            | Code::CountDrift
            | Code::UniversalDrift
            | Code::StateDrift
            | Code::StaleTimestamp
            | Code::FutureTimestamp => Some(&mut self.drifted),
            Code::ContradictoryClaims | Code::MiscountedList | Code::InconsistentShare => {
                Some(&mut self.contradictions)
            }
            Code::UnmeasuredClaim => Some(&mut self.unmeasured),
            Code::UnboundClaim => Some(&mut self.unbound),
            Code::StaleSection => Some(&mut self.stale_sections),
            Code::EditedSection => Some(&mut self.edited_sections),
            Code::UnmeasuredSection => Some(&mut self.unmeasured_sections),
            Code::UnmeasuredSource
            | Code::WeakEvidence
            | Code::LyingHealthCheck
            | Code::MisplacedMarker
            | Code::BrokenTemplate
            | Code::MalformedComment
            | Code::UnusedIgnore
            | Code::UnusedAnnotation
            | Code::UnusedGroup
            | Code::UnusedBind
            | Code::UnusedBaseline
            | Code::InvalidConfiguration
            | Code::ClashingSnapshots
            | Code::ForeignSnapshot
            | Code::UnreadableFile
            | Code::UnreadableRepository
            | Code::UncommittedDocument
            | Code::NothingJudged => None,
        }
    }

    /// Claims found, whatever came of them.
    pub fn claims(&self) -> usize {
        self.holds + self.drifted + self.unmeasured + self.unbound + self.ignored
    }

    /// Sections found, whatever came of them.
    pub fn sections(&self) -> usize {
        self.current_sections + self.stale_sections + self.edited_sections + self.unmeasured_sections
    }

    /// What trueup answered for: bound claims that are not ignored, claims refuted by others, all sections, and what is
    /// known or older.
    pub fn judged(&self) -> usize {
        self.holds + self.drifted + self.unmeasured + self.contradictions + self.known + self.older + self.sections()
    }
}

/// As annotations and rules name it: `mcp`, `mcp/github`, `tests`.
impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Group(name) | Subject::Metric(name) => f.write_str(name),
            Subject::Target { group, target } => write!(f, "{group}/{target}"),
        }
    }
}
