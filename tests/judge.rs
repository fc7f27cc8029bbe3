//! Claims held against measurements: the table of verdicts, the range of the unknown, and binding.

use std::path::PathBuf;
use std::time::Duration;

use trueup::claim::model::{Claim, Comparator, Kind, Polarity};
use trueup::config::policy::{BindRule, BindTarget, Group, Metric, Name, Policy, Tolerance};
use trueup::document::source::Span;
use trueup::failure::FailureClass;
use trueup::judge::bind::{Annotation, Binder};
use trueup::judge::compare::judge;
use trueup::judge::verdict::{BindReason, Binding, Measured, Subject, Verdict};
use trueup::measure::evidence::Evidence;
use trueup::measure::measurement::{
    CheckResult, Failure, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement,
    Unmeasured, UnmeasuredCause,
};
use trueup::measure::request::{GroupRequest, MetricRequest, MetricSource};
use trueup::quantity::{Number, Quantity};
use trueup::rung::Rung;

const AT: Span = Span { start: 10, end: 20 };

fn number(text: &str) -> Number {
    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    Number { value: text.parse().unwrap(), decimals: u8::try_from(decimals).unwrap() }
}

fn claim(kind: Kind, subject: &str) -> Claim {
    Claim {
        span: AT,
        kind,
        comparator: Comparator::Eq,
        polarity: Polarity::Up,
        subject: subject.to_owned(),
        predicate: "operational".to_owned(),
        rung: Some(Rung::Functional),
        value_span: None,
        total_span: None,
        lead_in: None,
        headings: std::sync::Arc::default(),
    }
}

fn ratio(value: &str, total: &str) -> Claim {
    claim(Kind::Ratio { value: number(value), total: number(total) }, "servers")
}

fn percent(value: &str) -> Claim {
    claim(Kind::Percent { value: number(value) }, "servers")
}

fn count(value: &str) -> Claim {
    claim(Kind::Count { value: number(value) }, "servers")
}

fn universal() -> Claim {
    claim(Kind::Universal { value: None }, "servers")
}

fn state(subject: &str) -> Claim {
    claim(Kind::State, subject)
}

fn bare(mut claim: Claim) -> Claim {
    (claim.polarity, claim.rung) = (Polarity::None, None);
    claim
}

fn with(mut claim: Claim, comparator: Comparator) -> Claim {
    claim.comparator = comparator;
    claim
}

fn pointing(mut claim: Claim, polarity: Polarity) -> Claim {
    claim.polarity = polarity;
    claim
}

fn asking(mut claim: Claim, rung: Rung) -> Claim {
    claim.rung = Some(rung);
    claim
}

fn check(rung: Rung, proved: Option<Rung>, outcome: Outcome) -> CheckResult {
    CheckResult { check: "t".to_owned(), rung, proved, outcome, evidence: Evidence::new(), took_ms: 1, attempts: 1 }
}

fn up(rung: Rung) -> CheckResult {
    check(rung, Some(rung), Outcome::Passed { summary: "fine".to_owned() })
}

fn down(rung: Rung) -> CheckResult {
    check(rung, None, Outcome::Failed(Failure { class: FailureClass::Exited, reason: "exit 1".to_owned() }))
}

fn away(rung: Rung) -> CheckResult {
    check(rung, None, Outcome::Unmeasured(unmeasured()))
}

fn unmeasured() -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::SourceAway, detail: "away".to_owned(), source: "docker".to_owned() }
}

/// A group `mcp` of targets t0, t1, … with so many up, down and unknown on the functional rung.
fn group(ups: usize, downs: usize, unknowns: usize) -> GroupMeasurement {
    let checks = std::iter::repeat_n(up(Rung::Functional), ups)
        .chain(std::iter::repeat_n(down(Rung::Functional), downs))
        .chain(std::iter::repeat_n(away(Rung::Functional), unknowns));
    let target = |(n, check)| TargetMeasurement { name: format!("t{n}"), origin: Rung::Exists, checks: vec![check] };
    let targets = checks.enumerate().map(target).collect();
    GroupMeasurement {
        name: "mcp".to_owned(),
        expect: None,
        targets,
        nameless_missing: 0,
        reach: None,
        skipped: Vec::new(),
        discovery: None,
    }
}

fn snapshot(groups: Vec<GroupMeasurement>, metrics: Vec<MetricMeasurement>) -> Snapshot {
    Snapshot { groups, metrics, ..Snapshot::empty(jiff::Timestamp::UNIX_EPOCH) }
}

fn metric(value: f64, total: Option<f64>) -> MetricMeasurement {
    let outcome = MetricOutcome::Measured(Quantity { value, total });
    MetricMeasurement { name: "tests".to_owned(), outcome, evidence: Evidence::new(), took_ms: 1 }
}

fn names(names: &[&str]) -> Vec<Name> {
    names.iter().map(|text| Name { text: (*text).to_owned(), span: Span::new(0, 0) }).collect()
}

fn group_rule(name: &str, called: &[&str]) -> Group {
    let request = GroupRequest {
        name: name.to_owned(),
        expect: None,
        discover: Vec::new(),
        checks: Vec::new(),
        targets: Vec::new(),
    };
    Group { name: name.to_owned(), span: AT, names: names(called), request, tolerance: Tolerance::default() }
}

fn metric_rule(name: &str, called: &[&str]) -> Metric {
    let source = MetricSource::FileCount { root: PathBuf::new(), globs: Vec::new() };
    let request = MetricRequest { name: name.to_owned(), source, timeout: Duration::from_secs(1) };
    Metric { name: name.to_owned(), span: AT, names: names(called), request, tolerance: Tolerance::default() }
}

fn policy() -> Policy {
    Policy {
        groups: vec![group_rule("mcp", &["MCP servers", "servers"]), group_rule("endpoints", &["API endpoints"])],
        metrics: vec![metric_rule("tests", &["unit tests"])],
        ..Policy::empty(PathBuf::new())
    }
}

fn verdict_on(claim: &Claim, snapshot: &Snapshot) -> (Verdict, Option<Rung>) {
    let policy = policy();
    let bound = Binder::new(&policy, snapshot).bind(claim, "", "README.md", &[]);
    assert!(matches!(bound.binding, Binding::Bound { .. }), "{claim:?} is not bound: {bound:?}");
    let judgement = judge(0, claim, bound, &policy, snapshot);
    (judgement.verdict, judgement.weak)
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds(_) => "holds",
        Verdict::Drifted(_) => "drifted",
        Verdict::Unmeasured { .. } => "unmeasured",
        Verdict::Unbound => "unbound",
    }
}

#[test]
fn a_group_answers_every_kind() {
    use Comparator::{Approx, Ge, Gt, Le, Lt};
    let cases = [
        // ratio: exactly n on the rung, and the group has m
        (ratio("21", "21"), (21, 0), "holds"),
        (ratio("21", "21"), (0, 21), "drifted"),
        (ratio("20", "21"), (21, 0), "drifted"),
        (ratio("21", "21"), (21, 1), "drifted"),
        (pointing(ratio("3", "21"), Polarity::Down), (18, 3), "holds"),
        (pointing(ratio("3", "21"), Polarity::Down), (21, 0), "drifted"),
        // percent: the share at the shown precision
        (percent("100"), (21, 0), "holds"),
        (percent("100"), (0, 21), "drifted"),
        (percent("67"), (2, 1), "holds"),
        (percent("66"), (2, 1), "drifted"),
        (percent("66.7"), (2, 1), "holds"),
        (percent("100"), (999, 1), "drifted"),
        (percent("0"), (1, 999), "drifted"),
        (with(percent("60"), Approx), (13, 7), "holds"),
        (with(percent("60"), Approx), (14, 6), "drifted"),
        // count
        (count("19"), (19, 2), "holds"),
        (count("19"), (20, 1), "drifted"),
        (with(count("15"), Ge), (15, 6), "holds"),
        (with(count("15"), Gt), (15, 6), "drifted"),
        (with(count("15"), Lt), (14, 7), "holds"),
        (with(count("15"), Le), (16, 5), "drifted"),
        (with(count("20"), Approx), (18, 0), "holds"),
        (with(count("20"), Approx), (17, 0), "drifted"),
        (bare(count("21")), (0, 21), "holds"),
        (bare(count("20")), (0, 21), "drifted"),
        // universal
        (universal(), (3, 0), "holds"),
        (universal(), (2, 1), "drifted"),
        (claim(Kind::Universal { value: Some(number("5")) }, "servers"), (5, 0), "holds"),
        (claim(Kind::Universal { value: Some(number("5")) }, "servers"), (4, 0), "drifted"),
        // state
        (state("servers"), (3, 0), "holds"),
        (state("servers"), (2, 1), "drifted"),
        (pointing(state("servers"), Polarity::Down), (0, 3), "holds"),
        (pointing(state("servers"), Polarity::Down), (3, 0), "drifted"),
        (pointing(state("servers"), Polarity::Partial), (2, 1), "holds"),
        (pointing(state("servers"), Polarity::Partial), (3, 0), "drifted"),
        (pointing(state("servers"), Polarity::Partial), (0, 3), "drifted"),
    ];
    for (claim, (ups, downs), expected) in cases {
        let (verdict, weak) = verdict_on(&claim, &snapshot(vec![group(ups, downs, 0)], vec![]));
        assert_eq!(word(&verdict), expected, "{claim:?} with {ups} up and {downs} down");
        assert_eq!(weak, None);
    }
}

#[test]
fn unknown_is_a_range_and_not_zero() {
    let cases = [
        (ratio("17", "21"), "unmeasured"),
        (ratio("19", "21"), "unmeasured"),
        (ratio("20", "21"), "drifted"),
        (ratio("16", "21"), "drifted"),
        (with(count("17"), Comparator::Ge), "holds"),
        (with(count("18"), Comparator::Ge), "unmeasured"),
        (with(count("20"), Comparator::Ge), "drifted"),
        (universal(), "drifted"),
        (percent("50"), "drifted"),
        (pointing(state("servers"), Polarity::Partial), "holds"),
        (pointing(ratio("4", "21"), Polarity::Down), "unmeasured"),
        (pointing(ratio("1", "21"), Polarity::Down), "drifted"),
    ];
    for (claim, expected) in cases {
        let (verdict, _) = verdict_on(&claim, &snapshot(vec![group(17, 2, 2)], vec![]));
        assert_eq!(word(&verdict), expected, "{claim:?} with 17 to 19 of 21");
    }
    let (verdict, _) = verdict_on(&universal(), &snapshot(vec![group(19, 0, 2)], vec![]));
    assert_eq!(word(&verdict), "unmeasured");
}

#[test]
fn an_empty_group_is_never_green() {
    for claim in [ratio("0", "0"), count("0"), universal(), state("servers"), with(count("5"), Comparator::Lt)] {
        let (verdict, _) = verdict_on(&claim, &snapshot(vec![group(0, 0, 0)], vec![]));
        assert_ne!(word(&verdict), "holds", "{claim:?}");
    }
    let (verdict, _) = verdict_on(&ratio("21", "21"), &snapshot(vec![group(0, 0, 0)], vec![]));
    assert_eq!(word(&verdict), "drifted");
}

#[test]
fn targets_that_were_expected_and_not_found_are_down() {
    let mut measured = group(19, 0, 0);
    (measured.expect, measured.nameless_missing) = (Some(21), 2);
    let (verdict, _) = verdict_on(&ratio("19", "21"), &snapshot(vec![measured.clone()], vec![]));
    assert_eq!(word(&verdict), "holds");
    let (verdict, _) = verdict_on(&bare(count("21")), &snapshot(vec![measured.clone()], vec![]));
    assert_eq!(word(&verdict), "drifted", "19 are there");
    let Verdict::Drifted(Measured::Tally(tally)) = verdict_on(&universal(), &snapshot(vec![measured], vec![])).0 else {
        panic!("two are missing")
    };
    assert_eq!((tally.up, tally.down(), tally.total), (19, 2, 21));
    assert_eq!(tally.members[0].name, "2 more");
}

#[test]
fn with_its_source_away_a_group_is_unknown_and_not_empty() {
    let mut measured = group(0, 0, 0);
    measured.discovery = Some(unmeasured());
    let away = snapshot(vec![measured.clone()], vec![]);
    for claim in [ratio("21", "21"), ratio("0", "0"), count("0"), universal(), bare(count("21")), state("servers")] {
        assert_eq!(word(&verdict_on(&claim, &away).0), "unmeasured", "{claim:?}");
    }
    measured.expect = Some(21);
    let expected = snapshot(vec![measured], vec![]);
    assert_eq!(word(&verdict_on(&ratio("21", "21"), &expected).0), "unmeasured");
    assert_eq!(word(&verdict_on(&ratio("22", "22"), &expected).0), "drifted", "there are to be 21, whatever they do");
}

#[test]
fn evidence_that_stops_at_running_answers_weakly() {
    let mut measured = group(2, 0, 0);
    measured.targets[1].checks = vec![up(Rung::Running)];
    let snapshot = snapshot(vec![measured], vec![]);
    let (verdict, weak) = verdict_on(&ratio("2", "2"), &snapshot);
    assert_eq!((word(&verdict), weak), ("holds", Some(Rung::Running)));
    let (verdict, weak) = verdict_on(&asking(ratio("2", "2"), Rung::Running), &snapshot);
    assert_eq!((word(&verdict), weak), ("holds", None));
}

#[test]
fn one_target_is_up_down_or_working_in_part() {
    let mut measured = group(1, 1, 1);
    measured.targets[1].origin = Rung::Declared;
    measured.targets.push(TargetMeasurement {
        name: "half".to_owned(),
        origin: Rung::Exists,
        checks: vec![up(Rung::Running), down(Rung::Functional)],
    });
    let snapshot = snapshot(vec![measured], vec![]);
    let cases = [
        (state("t0"), "holds"),
        (pointing(state("t0"), Polarity::Down), "drifted"),
        (state("t1"), "drifted"),
        (pointing(state("t1"), Polarity::Down), "holds"),
        (state("t2"), "unmeasured"),
        (pointing(state("half"), Polarity::Partial), "holds"),
        (pointing(state("t0"), Polarity::Partial), "drifted"),
        (pointing(state("t1"), Polarity::Partial), "drifted"),
        (pointing(state("t2"), Polarity::Partial), "unmeasured"),
        (asking(state("half"), Rung::Running), "holds"),
    ];
    for (claim, expected) in cases {
        assert_eq!(word(&verdict_on(&claim, &snapshot).0), expected, "{claim:?}");
    }
}

#[test]
fn a_metric_answers_numbers() {
    let tests = |claim: Claim| Claim { subject: "unit tests".to_owned(), ..claim };
    let cases = [
        (tests(ratio("310", "312")), 310.0, Some(312.0), "holds"),
        (tests(ratio("312", "312")), 310.0, Some(312.0), "drifted"),
        (tests(ratio("312", "312")), 312.0, None, "unmeasured"),
        (tests(count("310")), 310.0, Some(312.0), "holds"),
        (tests(bare(count("312"))), 310.0, Some(312.0), "holds"),
        (tests(pointing(count("2"), Polarity::Down)), 310.0, Some(312.0), "holds"),
        (tests(bare(count("54"))), 54.0, None, "holds"),
        (tests(bare(percent("85"))), 85.4, None, "holds"),
        (tests(bare(percent("85.4"))), 85.44, None, "holds"),
        (tests(bare(percent("86"))), 85.4, None, "drifted"),
        (tests(percent("99.4")), 310.0, Some(312.0), "holds"),
        (tests(percent("100")), 311.9, Some(312.0), "drifted"),
        (tests(universal()), 312.0, Some(312.0), "holds"),
        (tests(universal()), 310.0, Some(312.0), "drifted"),
        (tests(with(bare(count("50")), Comparator::Ge)), 54.0, None, "holds"),
    ];
    for (claim, value, total, expected) in cases {
        let (verdict, _) = verdict_on(&claim, &snapshot(vec![], vec![metric(value, total)]));
        assert_eq!(word(&verdict), expected, "{claim:?} with {value} of {total:?}");
    }
    let mut unknown = metric(0.0, None);
    unknown.outcome = MetricOutcome::Unmeasured(unmeasured());
    let (verdict, _) = verdict_on(&tests(count("0")), &snapshot(vec![], vec![unknown]));
    assert_eq!(word(&verdict), "unmeasured");
}

fn bind(claim: &Claim, policy: &Policy, annotations: &[Annotation]) -> (Binding, Option<Rung>) {
    let bound =
        Binder::new(policy, &snapshot(vec![group(2, 0, 0)], vec![])).bind(claim, "the line", "a/b.md", annotations);
    (bound.binding, bound.rung)
}

fn bound(subject: Subject, reason: BindReason) -> Binding {
    Binding::Bound { subjects: vec![subject], reason }
}

fn mcp() -> Subject {
    Subject::Group("mcp".to_owned())
}

#[test]
fn the_nearest_name_binds() {
    let policy = policy();
    let endpoints = || Subject::Group("endpoints".to_owned());
    let of = |claim: Claim| bind(&claim, &policy, &[]).0;
    let nothing = || claim(Kind::Ratio { value: number("1"), total: number("1") }, "");

    assert_eq!(of(ratio("1", "1")), bound(mcp(), BindReason::Subject));
    let led =
        Claim { lead_in: Some("The API endpoints:".into()), headings: ["Servers".to_owned()].into(), ..nothing() };
    assert_eq!(of(led), bound(endpoints(), BindReason::LeadIn));
    let headed = Claim { headings: ["API endpoints".to_owned(), "MCP servers".to_owned()].into(), ..nothing() };
    assert_eq!(of(headed), bound(mcp(), BindReason::Heading), "the innermost heading is nearest");
    let target = Subject::Target { group: "mcp".to_owned(), target: "t1".to_owned() };
    assert_eq!(of(state("t1 server")), bound(target, BindReason::TargetName));
    let other = Claim { headings: ["MCP servers".to_owned()].into(), ..state("PostgreSQL") };
    assert_eq!(
        of(other),
        Binding::Unbound { candidates: vec![] },
        "a heading does not lend its name to another subject"
    );
    assert_eq!(
        of(state("System status")),
        Binding::Bound { subjects: vec![mcp(), endpoints()], reason: BindReason::WholeDocument }
    );
    assert_eq!(of(bare(claim(Kind::Count { value: number("5") }, ""))), Binding::Unbound { candidates: vec![] });
    assert_eq!(of(state("unit tests")), Binding::Unbound { candidates: vec![] }, "a number has no state");
}

#[test]
fn a_tie_names_its_candidates() {
    let mut policy = policy();
    policy.groups.push(group_rule("more", &["servers"]));
    let (binding, _) = bind(&ratio("1", "1"), &policy, &[]);
    assert_eq!(binding, Binding::Unbound { candidates: vec!["mcp".to_owned(), "more".to_owned()] });
}

#[test]
fn annotations_beat_rules_and_rules_beat_words() {
    let mut policy = policy();
    let to = |name: &str, rung| BindTarget { name: name.to_owned(), target: None, rung };
    let rule = BindRule {
        pattern: regex::Regex::new("the line").unwrap(),
        docs: vec!["a/*.md".to_owned()],
        to: to("tests", None),
        span: Span::new(3, 4),
    };
    policy.binds.push(rule);
    let (binding, _) = bind(&ratio("1", "1"), &policy, &[]);
    assert_eq!(binding, bound(Subject::Metric("tests".to_owned()), BindReason::Rule { span: Span::new(3, 4) }));

    let annotation = Annotation { span: Span::new(0, 5), covers: Span::new(0, 30), to: to("mcp", Some(Rung::Healthy)) };
    let (binding, rung) = bind(&ratio("1", "1"), &policy, std::slice::from_ref(&annotation));
    assert_eq!(binding, bound(mcp(), BindReason::Annotation { span: Span::new(0, 5) }));
    assert_eq!(rung, Some(Rung::Healthy));

    let elsewhere = Annotation { covers: Span::new(25, 30), ..annotation };
    assert!(matches!(
        bind(&ratio("1", "1"), &policy, &[elsewhere]).0,
        Binding::Bound { reason: BindReason::Rule { .. }, .. }
    ));
    policy.binds[0].docs = vec!["other/*.md".to_owned()];
    assert_eq!(bind(&ratio("1", "1"), &policy, &[]).0, bound(mcp(), BindReason::Subject));
}
