//! Measurements that tests of this room share: one group of each sort.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::policy::{Group, Metric, Name, Policy, Text, Tolerance};
use crate::document::source::Span;
use crate::failure::FailureClass;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{
    About, CheckResult, EngineMeasurement, EngineOutcome, EngineVersion, Failure, GroupMeasurement, MetricMeasurement,
    MetricOutcome, Outcome, Snapshot, TargetMeasurement, TextMeasurement, TextOutcome, Unmeasured, UnmeasuredCause,
};
use crate::measure::request::{GroupRequest, MetricRequest, MetricSource, Reading, TextRequest};
use crate::quantity::Quantity;
use crate::rung::Rung;

/// A policy with the groups, metrics and texts of [`snapshot`].
pub fn policy() -> Policy {
    let group = |name: &str, names: &[&str]| Group {
        name: name.to_owned(),
        span: Span::new(0, 0),
        names: names.iter().map(|text| Name { text: (*text).to_owned(), span: Span::new(0, 0) }).collect(),
        request: GroupRequest {
            name: name.to_owned(),
            expect: None,
            discover: vec![],
            checks: vec![],
            targets: vec![],
        },
        tolerance: Tolerance::default(),
    };
    let source = MetricSource::Command { argv: vec![], cwd: PathBuf::new(), exit_codes: vec![0], read: Reading::Lines };
    let metric = |name: &str| Metric {
        name: name.to_owned(),
        span: Span::new(0, 0),
        names: vec![],
        request: MetricRequest { name: name.to_owned(), source: source.clone(), timeout: Duration::from_secs(1) },
        tolerance: Tolerance::default(),
    };
    let mut policy = Policy::empty(PathBuf::new());
    policy.groups = vec![group("mcp", &["MCP servers"]), group("away", &[]), group("empty", &[])];
    policy.metrics = vec![metric("tests"), metric("coverage")];
    let text = |name: &str| Text {
        name: name.to_owned(),
        span: Span::new(0, 0),
        request: TextRequest {
            name: name.to_owned(),
            argv: vec![],
            cwd: PathBuf::new(),
            exit_codes: vec![0],
            max_lines: 40,
            timeout: Duration::from_secs(1),
        },
    };
    policy.texts = vec![text("help"), text("away-text")];
    policy
}

/// A group `mcp` with targets that pass, fail and lie, a group `away` that nobody could ask, a group `empty`, a metric
/// `tests` that was measured and one `coverage` that was not, a text `help` and one `away-text` that nobody could take down.
pub fn snapshot() -> Snapshot {
    let targets = vec![
        target(
            "files",
            vec![
                passed("docker", Rung::Running, "up 3 d"),
                passed("mcp", Rung::Functional, "12 tools; search answered"),
            ],
        ),
        target(
            "claude-flow",
            vec![failed("docker", Rung::Running, FailureClass::PackageManager, "exit 217: npm ENOTEMPTY")],
        ),
        target(
            "nx-mcp",
            vec![
                passed("docker", Rung::Healthy, "healthy"),
                failed("mcp", Rung::Functional, FailureClass::NoAnswer, "no answer"),
            ],
        ),
    ];
    let help = ["Usage: shop <COMMAND>", "", "  list    Show what is there"].map(str::to_owned).to_vec();
    Snapshot {
        schema_version: Snapshot::SCHEMA_VERSION,
        taken_at: "2025-08-17T10:00:00Z".parse().expect("a constant time"),
        about: About { engines: vec![engine(), other_engine()], ..About::default() },
        groups: vec![
            group("mcp", Some(4), targets, 1),
            group("away", None, vec![target("x", vec![unmeasured("docker", Rung::Running)])], 0),
            group("empty", None, vec![], 0),
        ],
        metrics: vec![
            metric("tests", MetricOutcome::Measured(Quantity { value: 310.0, total: Some(312.0) })),
            metric("coverage", MetricOutcome::Unmeasured(away())),
        ],
        texts: vec![
            text("help", TextOutcome::Measured { lines: help, truncated: true }),
            text("away-text", TextOutcome::Unmeasured(away())),
        ],
    }
}

/// An engine that says what it is.
fn engine() -> EngineMeasurement {
    let version = EngineVersion { product: "docker".to_owned(), version: "27.3.1".to_owned(), api: "1.47".to_owned() };
    EngineMeasurement { source: "docker tcp://build-8:2376".to_owned(), outcome: EngineOutcome::Measured(version) }
}

/// One that does not.
fn other_engine() -> EngineMeasurement {
    let unmeasured = Unmeasured { source: "docker unix:///var/run/docker.sock".to_owned(), ..away() };
    EngineMeasurement { source: unmeasured.source.clone(), outcome: EngineOutcome::Unmeasured(unmeasured) }
}

/// A group as measured.
pub fn group(name: &str, expect: Option<usize>, targets: Vec<TargetMeasurement>, missing: usize) -> GroupMeasurement {
    GroupMeasurement {
        name: name.to_owned(),
        expect,
        targets,
        nameless_missing: missing,
        reach: None,
        skipped: Vec::new(),
        discovery: None,
    }
}

/// A target that was found.
pub fn target(name: &str, checks: Vec<CheckResult>) -> TargetMeasurement {
    TargetMeasurement { name: name.to_owned(), origin: Rung::Exists, checks }
}

/// A check that passed.
pub fn passed(check: &str, rung: Rung, summary: &str) -> CheckResult {
    result(check, rung, Some(rung), Outcome::Passed { summary: summary.to_owned() })
}

/// A check that failed.
pub fn failed(check: &str, rung: Rung, class: FailureClass, reason: &str) -> CheckResult {
    result(check, rung, None, Outcome::Failed(Failure { class, reason: reason.to_owned() }))
}

/// A check that could not be made.
pub fn unmeasured(check: &str, rung: Rung) -> CheckResult {
    result(check, rung, None, Outcome::Unmeasured(away()))
}

/// The reason of everything here that could not be measured.
pub fn away() -> Unmeasured {
    Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: "no engine at unix:///var/run/docker.sock".to_owned(),
        source: "docker".to_owned(),
    }
}

fn result(check: &str, rung: Rung, proved: Option<Rung>, outcome: Outcome) -> CheckResult {
    CheckResult { check: check.to_owned(), rung, proved, outcome, evidence: Evidence::new(), took_ms: 12, attempts: 1 }
}

fn metric(name: &str, outcome: MetricOutcome) -> MetricMeasurement {
    MetricMeasurement { name: name.to_owned(), outcome, evidence: Evidence::new(), took_ms: 5 }
}

fn text(name: &str, outcome: TextOutcome) -> TextMeasurement {
    let command = "target/debug/shop --help".to_owned();
    TextMeasurement { name: name.to_owned(), command, outcome, evidence: Evidence::new(), took_ms: 5 }
}
