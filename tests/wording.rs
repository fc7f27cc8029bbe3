//! The incident, judged, put into words and laid out: what a person reads who believed the document.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use trueup::claim::model::{Claim, Comparator, Kind, Polarity};
use trueup::config::policy::{Group, Levels, Policy, Tolerance};
use trueup::document::source::{SourceFile, Span};
use trueup::exit;
use trueup::failure::FailureClass::{
    self, CleanExit, Configuration, PackageManager, SpawnNotExecutable, SpawnNotFound, Unhealthy, Unreachable,
};
use trueup::judge::bind::Bound;
use trueup::judge::compare;
use trueup::judge::describe;
use trueup::judge::verdict::{BindReason, Binding, Counts, Judgement, Subject, Verdict};
use trueup::measure::evidence::Evidence;
use trueup::measure::measurement::{
    CheckResult, Failure, GroupMeasurement, Outcome, Snapshot, TargetMeasurement, Unmeasured, UnmeasuredCause,
};
use trueup::measure::request::GroupRequest;
use trueup::quantity::Number;
use trueup::report::{Format, Report, Style, render};
use trueup::rung::Rung;

const DOCUMENT: &str = "\
# Project

MCP servers: **21/21 operational**, 100% functional.

All endpoints working. The control service is operational.
";

const CONFIG: &str = "\
[group.mcp]
names = [\"MCP servers\"]
expect = 21

[group.endpoints]

[group.control]
";

const FOUND: [(&str, FailureClass, &str); 21] = [
    ("claude-flow", PackageManager, "exit 217: npm error code ENOTEMPTY"),
    ("compass", CleanExit, "exit 0 before it answered"),
    ("context7", CleanExit, "exit 0 before it answered"),
    ("ddg", Configuration, "exit 1: no API key"),
    ("extended-memory", SpawnNotFound, "exit 127: command not found"),
    ("files", Configuration, "exit 1: /opt/app: no such file or directory"),
    ("github", CleanExit, "exit 0 before it answered"),
    ("http", Configuration, "exit 1: address already in use"),
    ("http-fetch", Configuration, "exit 1: network unreachable"),
    ("knowledge-graph", SpawnNotFound, "exit 127: command not found"),
    ("language-server", SpawnNotExecutable, "exit 126: permission denied"),
    ("mcp-ssh", Configuration, "exit 1: invalid SSH configuration"),
    ("memory-bank", SpawnNotFound, "exit 127: command not found"),
    ("nx-mcp", Unhealthy, "tools/call: no workspace"),
    ("playwright", Configuration, "exit 1: browser not found"),
    ("postgres", SpawnNotFound, "exit 127: command not found"),
    ("puppeteer", Configuration, "exit 1: browser not found"),
    ("ruv-swarm", CleanExit, "exit 0 before it answered"),
    ("sequential-thinking", SpawnNotFound, "exit 128: no such program"),
    ("task-runner", Configuration, "exit 1: workspace not readable"),
    ("ultimatecoder", SpawnNotFound, "exit 127: command not found"),
];

fn at(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(start, start + part.len())
}

fn claim(quote: &str, kind: Kind, subject: &str, predicate: &str) -> Claim {
    Claim {
        span: at(DOCUMENT, quote),
        kind,
        comparator: Comparator::Eq,
        polarity: Polarity::Up,
        subject: subject.to_owned(),
        predicate: predicate.to_owned(),
        rung: Some(Rung::Functional),
        value_span: None,
        total_span: None,
        lead_in: None,
        headings: ["Project".to_owned()].into(),
    }
}

fn group_rule(name: &str) -> Group {
    let request = GroupRequest {
        name: name.to_owned(),
        expect: None,
        discover: Vec::new(),
        checks: Vec::new(),
        targets: Vec::new(),
    };
    let span = at(CONFIG, &format!("group.{name}"));
    Group { name: name.to_owned(), span, names: Vec::new(), request, tolerance: Tolerance::default() }
}

fn check(rung: Rung, proved: Option<Rung>, outcome: Outcome) -> CheckResult {
    CheckResult { check: "mcp".to_owned(), rung, proved, outcome, evidence: Evidence::new(), took_ms: 1, attempts: 1 }
}

fn passed(rung: Rung) -> CheckResult {
    check(rung, Some(rung), Outcome::Passed { summary: "fine".to_owned() })
}

fn target((name, class, reason): (&str, FailureClass, &str)) -> TargetMeasurement {
    let failed = check(Rung::Functional, None, Outcome::Failed(Failure { class, reason: reason.to_owned() }));
    let checks = if class == Unhealthy { vec![passed(Rung::Healthy), failed] } else { vec![failed] };
    TargetMeasurement { name: name.to_owned(), origin: Rung::Declared, checks }
}

fn group(name: &str, targets: Vec<TargetMeasurement>) -> GroupMeasurement {
    GroupMeasurement {
        name: name.to_owned(),
        expect: None,
        targets,
        nameless_missing: 0,
        reach: None,
        skipped: Vec::new(),
        discovery: None,
    }
}

fn judge(claims: &[(Claim, &str)], policy: &Policy, snapshot: &Snapshot) -> Vec<Judgement> {
    let bound = |name: &str| Bound {
        binding: Binding::Bound { subjects: vec![Subject::Group(name.to_owned())], reason: BindReason::Subject },
        rung: None,
    };
    let judge =
        |(index, (claim, name)): (usize, &(Claim, &str))| compare::judge(index, claim, bound(name), policy, snapshot);
    claims.iter().enumerate().map(judge).collect()
}

fn counts(judgements: &[Judgement]) -> Counts {
    let mut counts = Counts { documents: 1, ..Counts::default() };
    for judgement in judgements {
        match judgement.verdict {
            Verdict::Holds(_) => {
                counts.holds += 1;
                counts.weak += usize::from(judgement.weak.is_some());
            }
            Verdict::Drifted(_) => counts.drifted += 1,
            Verdict::Unmeasured { .. } => counts.unmeasured += 1,
            Verdict::Unbound => counts.unbound += 1,
        }
    }
    counts
}

fn told(snapshot: &Snapshot) -> String {
    let ratio = Kind::Ratio { value: Number::whole(21), total: Number::whole(21) };
    let claims = [
        (claim("21/21 operational", ratio, "MCP servers", "operational"), "mcp"),
        (claim("100% functional", Kind::Percent { value: Number::whole(100) }, "MCP servers", "functional"), "mcp"),
        (claim("All endpoints working", Kind::Universal { value: None }, "endpoints", "working"), "endpoints"),
        (claim("The control service is operational", Kind::State, "control service", "operational"), "control"),
    ];
    let document = Arc::new(SourceFile::new("CLAUDE.md", DOCUMENT));
    let config = Arc::new(SourceFile::new("trueup.toml", CONFIG));
    let mut policy = Policy::empty(PathBuf::from("."));
    policy.groups = ["mcp", "endpoints", "control"].map(group_rule).to_vec();
    let judgements = judge(&claims, &policy, snapshot);
    let mut diagnostics = describe::run::sources(snapshot, &judgements, policy.levels);
    for (judgement, (claim, _)) in judgements.iter().zip(&claims) {
        diagnostics.extend(describe::judgement(judgement, claim, &document, Some((&policy, &config))));
    }
    let counts = counts(&judgements);
    let exit = exit::of(&counts, Levels::default(), false);
    let report = Report::new(vec!["CLAUDE.md".to_owned()], diagnostics, counts, Duration::from_millis(1200), exit);
    let mut out = Vec::new();
    render(&report, Format::Human, &Style::default(), &mut out).unwrap();
    format!("{}exit {}\n", String::from_utf8(out).unwrap(), exit.code())
}

fn snapshot(groups: Vec<GroupMeasurement>) -> Snapshot {
    let taken_at = jiff::Timestamp::UNIX_EPOCH;
    Snapshot { groups, ..Snapshot::empty(taken_at) }
}

#[test]
fn the_incident() {
    let endpoints = ["backend", "frontend", "gateway"]
        .map(|name| target((name, Unreachable, "connection refused at 127.0.0.1:10200")))
        .to_vec();
    let control =
        TargetMeasurement { name: "control".to_owned(), origin: Rung::Exists, checks: vec![passed(Rung::Running)] };
    let mcp = FOUND.map(target).to_vec();
    insta::assert_snapshot!(told(&snapshot(vec![
        group("mcp", mcp),
        group("endpoints", endpoints),
        group("control", vec![control]),
    ])));
}

#[test]
fn nobody_could_look() {
    let away = || Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: "no engine at unix:///run/docker.sock: no such file".to_owned(),
        source: "docker unix:///run/docker.sock".to_owned(),
    };
    let unknown = |name: &str| TargetMeasurement {
        name: name.to_owned(),
        origin: Rung::Declared,
        checks: vec![check(Rung::Functional, None, Outcome::Unmeasured(away()))],
    };
    let mut mcp: Vec<TargetMeasurement> = FOUND.iter().take(19).map(|(name, ..)| unknown(name)).collect();
    mcp.extend(["ok-1", "ok-2"].map(|name| TargetMeasurement {
        name: name.to_owned(),
        origin: Rung::Declared,
        checks: vec![passed(Rung::Functional)],
    }));
    insta::assert_snapshot!(told(&snapshot(vec![
        group("mcp", mcp),
        group("endpoints", vec![unknown("backend")]),
        group("control", vec![unknown("control")]),
    ])));
}
