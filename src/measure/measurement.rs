//! What was seen: facts, or the reason why nobody could look.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evidence::Evidence;
use crate::failure::FailureClass;
use crate::quantity::Quantity;
use crate::rung::Rung;

/// All measurements of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version of this form; grows when a reader of the old form would misread the new one.
    pub schema_version: u32,
    /// When the run began (RFC 3339, UTC).
    pub taken_at: jiff::Timestamp,
    /// Where, by what and of what it was taken.
    #[serde(default)]
    pub about: About,
    /// Groups, in the order of trueup.toml.
    pub groups: Vec<GroupMeasurement>,
    /// Metrics, in the order of trueup.toml.
    pub metrics: Vec<MetricMeasurement>,
    /// Texts, in the order of trueup.toml.
    #[serde(default)]
    pub texts: Vec<TextMeasurement>,
}

impl Snapshot {
    /// The version written now.
    pub const SCHEMA_VERSION: u32 = 1;

    /// A snapshot of nothing, taken at `taken_at`.
    pub fn empty(taken_at: jiff::Timestamp) -> Snapshot {
        Snapshot {
            schema_version: Snapshot::SCHEMA_VERSION,
            taken_at,
            about: About::default(),
            groups: Vec::new(),
            metrics: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// Whether there was an answer to every question, be it a good one or not.
    pub fn is_complete(&self) -> bool {
        let groups = self.groups.iter().all(|group| {
            let mut checks = group.targets.iter().flat_map(|target| &target.checks);
            group.discovery.is_none() && checks.all(|check| !matches!(check.outcome, Outcome::Unmeasured(_)))
        });
        let metrics = self.metrics.iter().all(|metric| matches!(metric.outcome, MetricOutcome::Measured(_)));
        let texts = self.texts.iter().all(|text| matches!(text.outcome, TextOutcome::Measured { .. }));
        groups && metrics && texts
    }

    /// The group called `name`.
    pub fn group(&self, name: &str) -> Option<&GroupMeasurement> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The metric called `name`.
    pub fn metric(&self, name: &str) -> Option<&MetricMeasurement> {
        self.metrics.iter().find(|metric| metric.name == name)
    }

    /// The text called `name`.
    pub fn text(&self, name: &str) -> Option<&TextMeasurement> {
        self.texts.iter().find(|text| text.name == name)
    }
}

/// Where, by what and of what a snapshot was taken: what another machine has to know to judge from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Version of the trueup that took it.
    pub trueup: String,
    /// Name of the machine.
    pub host: Option<String>,
    /// Commit that was checked out where trueup.toml stands (as git writes it in full).
    pub commit: Option<String>,
    /// How long the whole run took, in milliseconds.
    pub took_ms: u64,
    /// Fingerprints of what trueup.toml said of each thing that was measured, by `group.NAME`, `metric.NAME`, `text.NAME`.
    pub definitions: BTreeMap<String, String>,
    /// Container engines that were asked for something, by source. Empty where nobody asked one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<EngineMeasurement>,
}

/// A container engine that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineMeasurement {
    /// It, as a source of answers: "docker unix:///var/run/docker.sock".
    pub source: String,
    /// What it is, or why nobody knows.
    pub outcome: EngineOutcome,
}

/// What an engine says of itself, or why it does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum EngineOutcome {
    /// It said.
    Measured(EngineVersion),
    /// We could not look.
    Unmeasured(Unmeasured),
}

/// What a container engine is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineVersion {
    /// `docker`, `podman`, or the name that it gives itself, bounded and made safe to show.
    pub product: String,
    /// Its version, as it writes it: `27.3.1`.
    pub version: String,
    /// The newest version of the interface that it speaks: `1.47`. Empty where it does not say.
    pub api: String,
}

/// What was seen of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupMeasurement {
    /// Name in trueup.toml.
    pub name: String,
    /// Number of targets that there should be, where trueup.toml says one.
    pub expect: Option<usize>,
    /// Its targets, by name. Those that were expected and not found are among them, as long as their names are known.
    pub targets: Vec<TargetMeasurement>,
    /// Targets that were expected and not found, and that have no name.
    pub nameless_missing: usize,
    /// The rung up to which every target is looked at, by the checks that it has, whatever came of them. `None` where no
    /// target has a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Rung>,
    /// Names that a source lists and says to leave alone (`disabled` in an `.mcp.json`). They are no targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<String>,
    /// Why the list of targets itself is unknown: a source of it could not be asked. Then `targets` is not the whole.
    pub discovery: Option<Unmeasured>,
}

impl GroupMeasurement {
    /// Number of targets that the group has: those seen, and those missing without a name.
    pub fn total(&self) -> usize {
        self.targets.len() + self.nameless_missing
    }
}

/// What was seen of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetMeasurement {
    /// Its name: of the container, of the server, as written.
    pub name: String,
    /// What being on the list proves: [`Rung::Declared`] for an entry of a file, [`Rung::Exists`] for a container.
    pub origin: Rung,
    /// One result per check, in the order of trueup.toml: the group's first.
    pub checks: Vec<CheckResult>,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// Name of the check as trueup.toml writes it, or `discovery` for a target that was not found.
    pub check: String,
    /// The rung that the check is about: what a pass proved, a failure disproved, or nobody could look at.
    pub rung: Rung,
    /// The highest rung proved on the way, also where the check failed in the end: an MCP server whose call fails has
    /// still shaken hands.
    pub proved: Option<Rung>,
    /// Passed, failed, or not measured.
    pub outcome: Outcome,
    /// What was seen.
    pub evidence: Evidence,
    /// How long it took, in milliseconds, every attempt included.
    pub took_ms: u64,
    /// Attempts made. A pass after a retry stays visible here.
    pub attempts: u32,
}

/// What came of a look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// The thing stands on the rung.
    Passed {
        /// One line that says what proved it: "12 tools; search answered".
        summary: String,
    },
    /// The thing does not.
    Failed(Failure),
    /// We could not look.
    Unmeasured(Unmeasured),
}

/// The thing is down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its class.
    pub class: FailureClass,
    /// One line that explains it, for a person: "exit 127: sh: npx: not found".
    pub reason: String,
}

/// We could not look. This is not an answer about the thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// Why.
    pub cause: UnmeasuredCause,
    /// One line with the particulars: "no engine at unix:///var/run/docker.sock: no such file".
    pub detail: String,
    /// The source that was asked ("docker unix:///var/run/docker.sock"), the same text for all that share one source, so
    /// that a missing source is one finding.
    pub source: String,
}

/// Why nobody could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnmeasuredCause {
    /// The source of the answer is not there: no engine socket, no file to read.
    SourceAway,
    /// It is there and we may not.
    PermissionDenied,
    /// Our own time ran out before there was an answer.
    TimedOut,
    /// It is too early to say: a health check that has not run yet, a container younger than its `stable_for`.
    TooEarly,
    /// The source answered what nobody can read.
    Unreadable,
    /// No check reaches that far up the ladder.
    NoCheck,
    /// The source answered, and there is nothing to look at.
    NothingFound,
    /// trueup was told not to do this (`--no-exec`), or an environment variable that it needs is not set.
    NotAllowed,
    /// It was measured longer ago than may count: a snapshot, a test report.
    TooOld,
    /// A snapshot is judged from, and it does not have this, or not as trueup.toml defines it now.
    NotRecorded,
}

impl UnmeasuredCause {
    /// Every cause.
    pub const ALL: &'static [UnmeasuredCause] = &[
        UnmeasuredCause::SourceAway,
        UnmeasuredCause::PermissionDenied,
        UnmeasuredCause::TimedOut,
        UnmeasuredCause::TooEarly,
        UnmeasuredCause::Unreadable,
        UnmeasuredCause::NoCheck,
        UnmeasuredCause::NothingFound,
        UnmeasuredCause::NotAllowed,
        UnmeasuredCause::TooOld,
        UnmeasuredCause::NotRecorded,
    ];

    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            UnmeasuredCause::SourceAway => "source-away",
            UnmeasuredCause::PermissionDenied => "permission-denied",
            UnmeasuredCause::TimedOut => "timed-out",
            UnmeasuredCause::TooEarly => "too-early",
            UnmeasuredCause::Unreadable => "unreadable",
            UnmeasuredCause::NoCheck => "no-check",
            UnmeasuredCause::NothingFound => "nothing-found",
            UnmeasuredCause::NotAllowed => "not-allowed",
            UnmeasuredCause::TooOld => "too-old",
            UnmeasuredCause::NotRecorded => "not-recorded",
        }
    }
}

/// What was seen of a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricMeasurement {
    /// Name in trueup.toml.
    pub name: String,
    /// The number, or why there is none. A program that fails or a file without the value is no number either.
    pub outcome: MetricOutcome,
    /// What was seen.
    pub evidence: Evidence,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// A number, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum MetricOutcome {
    /// The number.
    Measured(Quantity),
    /// We could not look, or there is no number where one should be.
    Unmeasured(Unmeasured),
}

/// What a program wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextMeasurement {
    /// Name in trueup.toml.
    pub name: String,
    /// The program and its arguments on one line, as somebody would type them.
    pub command: String,
    /// What it wrote, or why there is nothing to show. What a program writes that fails is not the text asked for.
    pub outcome: TextOutcome,
    /// What was seen.
    pub evidence: Evidence,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// The lines of a text, or why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum TextOutcome {
    /// It was written.
    Measured {
        /// Its lines, each bounded and made safe to show; blank lines at the end are gone.
        lines: Vec<String>,
        /// Whether there were more than are kept.
        truncated: bool,
    },
    /// We could not look, or the program failed.
    Unmeasured(Unmeasured),
}
