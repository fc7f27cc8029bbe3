use super::*;
use crate::claim::model::{Comparator, Polarity};
use crate::failure::FailureClass;
use crate::judge::verdict::{Member, MemberState};
use crate::measure::measurement::{Failure, UnmeasuredCause};
use crate::quantity::{Number, Quantity};

const UNMEASURED: fn(&str, &str) -> Unmeasured = |source, detail| Unmeasured {
    cause: UnmeasuredCause::SourceAway,
    detail: detail.to_owned(),
    source: source.to_owned(),
};

fn claim(kind: Kind, polarity: Polarity, subject: &str, predicate: &str, quote: &str) -> (Claim, Arc<SourceFile>) {
    let file = Arc::new(SourceFile::new("CLAUDE.md", format!("- {quote}\n")));
    let claim = Claim {
        span: Span::new(2, 2 + quote.len()),
        kind,
        comparator: Comparator::Eq,
        polarity,
        subject: subject.to_owned(),
        predicate: predicate.to_owned(),
        rung: Some(Rung::Functional),
        value_span: None,
        total_span: None,
        lead_in: None,
        headings: std::sync::Arc::default(),
    };
    (claim, file)
}

fn number_of(value: f64, decimals: u8) -> Number {
    Number { value, decimals }
}

fn member(name: &str, class: FailureClass, reason: &str) -> Member {
    let state = MemberState::Down(Failure { class, reason: reason.to_owned() });
    Member { name: name.to_owned(), state, health_check_lies: false }
}

fn tally(up: usize, unknown: usize, total: usize) -> Tally {
    let mut members: Vec<Member> =
        (0..total - up - unknown).map(|n| member(&format!("t{n}"), FailureClass::Exited, "exit 1")).collect();
    members.extend((0..unknown).map(|n| Member {
        name: format!("u{n}"),
        state: MemberState::Unknown(UNMEASURED("docker unix:///var/run/docker.sock", "no such file")),
        health_check_lies: false,
    }));
    Tally { rung: Rung::Functional, up, unknown, total, members }
}

fn judged(verdict: Verdict) -> Judgement {
    let subjects = vec![Subject::Group("mcp".to_owned())];
    let binding = Binding::Bound { subjects, reason: BindReason::Subject };
    Judgement { claim: 0, binding, verdict, weak: None, ignored: false }
}

fn drift(claim: &(Claim, Arc<SourceFile>), measured: Measured) -> Diagnostic {
    let mut told = judgement(&judged(Verdict::Drifted(measured)), &claim.0, &claim.1, None);
    assert_eq!(told.len(), 1);
    told.remove(0)
}

#[test]
fn a_count_speaks_of_what_stands_beside_its_number() {
    let told = |subject, quote| {
        let claim = claim(Kind::Count { value: number_of(13.0, 0) }, Polarity::None, subject, "", quote);
        drift(&claim, Measured::Quantity(Quantity { value: 12.0, total: None })).headline
    };
    assert_eq!(told("Engines", "13 pumps"), "claimed 13 pumps, measured 12");
    assert_eq!(told("pumps", "13 new pumps"), "claimed 13 pumps, measured 12");
    assert_eq!(told("Pumps", "13"), "claimed 13 Pumps, measured 12");
    assert_eq!(told("Pumps", "13 total"), "claimed 13 Pumps, measured 12");
}

#[test]
fn headlines_speak_in_the_terms_of_the_claim() {
    use Polarity::{Down, None as Bare, Partial, Up};
    let n = |value| number_of(value, 0);
    let ratio = Kind::Ratio { value: n(21.0), total: n(21.0) };
    let all = Kind::Universal { value: None };
    let all_five = Kind::Universal { value: Some(n(5.0)) };
    let percent = |value, decimals| Kind::Percent { value: number_of(value, decimals) };
    let count = |value| Kind::Count { value: n(value) };
    let number = |value, total| Measured::Quantity(Quantity { value, total });
    let of = |up, unknown, total| Measured::Tally(tally(up, unknown, total));
    let cases = [
        (ratio, Up, "", "operational", of(0, 0, 21), "claimed 21/21 operational, measured 0/21"),
        (ratio, Up, "", "operational", of(17, 2, 21), "claimed 21/21 operational, measured 17 to 19 of 21"),
        (ratio, Up, "tests", "passing", number(310.0, Some(312.0)), "claimed 21/21 passing, measured 310/312"),
        (ratio, Up, "core features", "", of(9, 0, 10), "claimed 21/21 core features, measured 9/10"),
        (ratio, Down, "", "down", of(1, 0, 21), "claimed 21/21 down, measured 20/21"),
        (percent(100.0, 0), Up, "", "functional", of(0, 0, 21), "claimed 100% functional, measured 0% (0 of 21)"),
        (percent(100.0, 0), Up, "", "up", of(999, 0, 1000), "claimed 100% up, measured 99.90% (999 of 1000)"),
        (percent(100.0, 0), Up, "", "up", of(17, 2, 21), "claimed 100% up, measured 81% to 90% (17 to 19 of 21)"),
        (percent(99.9, 1), Up, "uptime", "", number(98.25, None), "claimed 99.9% uptime, measured 98.2%"),
        (
            percent(85.0, 0),
            Bare,
            "coverage",
            "",
            number(310.0, Some(400.0)),
            "claimed 85% coverage, measured 78% (310 of 400)",
        ),
        (count(19.0), Up, "MCP servers", "running", of(17, 0, 21), "claimed 19 MCP servers running, measured 17 of 21"),
        (count(54.0), Bare, "agents", "", of(50, 0, 50), "claimed 54 agents, measured 50"),
        (count(0.0), Bare, "TypeScript errors", "", number(3.0, None), "claimed 0 TypeScript errors, measured 3"),
        (count(312.0), Bare, "tests", "", number(310.0, Some(311.0)), "claimed 312 tests, measured 311"),
        (all, Up, "", "", of(0, 0, 3), "claimed all endpoints working, 3 of 3 are not"),
        (all, Up, "", "", of(2, 0, 3), "claimed all endpoints working, 1 of 3 is not"),
        (all, Up, "", "", of(1, 1, 3), "claimed all endpoints working, 1 of 3 is not and 1 is unknown"),
        (all, Up, "", "", of(0, 0, 0), "claimed all endpoints working, there are none"),
        (all, Up, "", "", number(310.0, Some(312.0)), "claimed all endpoints working, measured 310/312"),
        (all_five, Up, "", "", of(6, 0, 6), "claimed all endpoints working, there are 6"),
        (Kind::State, Up, "Backend API", "✅", of(0, 0, 1), "claimed Backend API ✅, it is not functional"),
        (Kind::State, Up, "", "OPERATIONAL", of(1, 0, 21), "claimed OPERATIONAL, 20 of 21 are not functional"),
        (Kind::State, Down, "Backend API", "down", of(1, 0, 1), "claimed Backend API down, it is functional"),
        (Kind::State, Down, "servers", "down", of(3, 0, 21), "claimed servers down, 3 of 21 are functional"),
        (Kind::State, Partial, "servers", "partial", of(0, 0, 21), "claimed servers partial, none of 21 is functional"),
        (Kind::State, Partial, "servers", "partial", of(21, 0, 21), "claimed servers partial, all 21 are functional"),
    ];
    for (kind, polarity, subject, predicate, measured, expected) in cases {
        let claim = claim(kind, polarity, subject, predicate, "**All** endpoints working");
        let diagnostic = drift(&claim, measured);
        assert_eq!(diagnostic.headline, expected);
        assert_eq!((diagnostic.code, diagnostic.severity), (drift_code(&claim.0.kind), Severity::Error));
    }
}

#[test]
fn a_claim_of_none_is_answered_by_those_that_are_down() {
    let claim = claim(Kind::Universal { value: None }, Polarity::Up, "endpoints", "failing", "No failing endpoints");
    let diagnostic = drift(&claim, Measured::Tally(tally(0, 0, 3)));
    assert_eq!(diagnostic.headline, "claimed no failing endpoints, 3 of 3 are down");
    // What denies it is no part of subject and predicate, and is not lost.
    let claim = self::claim(Kind::State, Polarity::Down, "server", "running", "No server is running");
    let diagnostic = drift(&claim, Measured::Tally(tally(1, 0, 3)));
    assert_eq!(diagnostic.headline, "claimed no server is running, 1 of 3 is functional");
}

#[test]
fn comparators_are_said() {
    let kind = Kind::Count { value: Number::whole(50) };
    let (mut claim, file) = claim(kind, Polarity::None, "tools", "", "50+ tools");
    for (comparator, expected) in [
        (Comparator::Ge, "at least 50 tools"),
        (Comparator::Gt, "more than 50 tools"),
        (Comparator::Le, "at most 50 tools"),
        (Comparator::Lt, "less than 50 tools"),
        (Comparator::Approx, "about 50 tools"),
    ] {
        claim.comparator = comparator;
        assert_eq!(phrase::claimed(&claim, &file), expected);
    }
}

fn operational() -> (Claim, Arc<SourceFile>) {
    let kind = Kind::Ratio { value: Number::whole(21), total: Number::whole(21) };
    claim(kind, Polarity::Up, "MCP servers", "operational", "21/21 operational")
}

#[test]
fn the_members_that_are_down_are_told_with_their_reasons() {
    let mut lying = member("nx-mcp", FailureClass::Unhealthy, "tools/call: no workspace");
    lying.health_check_lies = true;
    let members = vec![
        member("claude-flow", FailureClass::PackageManager, "exit 217: npm ENOTEMPTY"),
        member("postgres", FailureClass::SpawnNotFound, "exit 127: \u{1b}[31mmcp-postgres\u{1b}[0m: not found"),
        member("compass", FailureClass::SpawnNotFound, "exit 127"),
        lying,
        member("2 more", FailureClass::Missing, "expected 21 targets, found 19"),
        Member {
            name: "away".to_owned(),
            state: MemberState::Unknown(UNMEASURED("docker", "no such file")),
            health_check_lies: false,
        },
    ];
    let tally = Tally { rung: Rung::Functional, up: 14, unknown: 1, total: 21, members };
    let diagnostic = drift(&operational(), Measured::Tally(tally));
    insta::assert_snapshot!(diagnostic.notes.join("\n"), @r"
    6 targets are down: 2 spawn-not-found, 2 missing, 1 package-manager, 1 unhealthy
    claude-flow  package-manager  exit 217: npm ENOTEMPTY
    postgres     spawn-not-found  exit 127: mcp-postgres: not found
    compass      spawn-not-found  exit 127
    nx-mcp       unhealthy        tools/call: no workspace
    2 more       missing          expected 21 targets, found 19
    1 target could not be measured
    source-away: docker: no such file
    the health check lies: `nx-mcp` reports healthy while its functional check fails
    ");
    assert!(diagnostic.help.is_empty(), "four classes are too many for hints: {:?}", diagnostic.help);
}

#[test]
fn one_target_is_down_and_its_hint_is_given() {
    let diagnostic = drift(&operational(), Measured::Tally(tally(20, 0, 21)));
    assert_eq!(diagnostic.notes, ["1 target is down: 1 exited", "t0  exited  exit 1"]);
    assert_eq!(diagnostic.help, ["exited: read the last lines of its log"]);
}

#[test]
fn a_long_list_ends_in_a_number() {
    let diagnostic = drift(&operational(), Measured::Tally(tally(0, 0, 500)));
    assert_eq!(diagnostic.notes.len(), 52);
    assert_eq!(diagnostic.notes.first().map(String::as_str), Some("500 targets are down: 500 exited"));
    assert_eq!(diagnostic.notes.last().map(String::as_str), Some("… and 450 more"));
}

#[test]
fn a_claim_that_holds_tells_only_of_weak_evidence_and_lies() {
    let (claim, file) = operational();
    let mut holds = judged(Verdict::Holds(Measured::Tally(tally(21, 0, 21))));
    assert!(judgement(&holds, &claim, &file, None).is_empty());
    holds.weak = Some(Rung::Running);
    let told = judgement(&holds, &claim, &file, None);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].code, told[0].severity), (Code::WeakEvidence, Severity::Warning));
    assert_eq!(told[0].headline, "claimed 21/21 operational, and the evidence stops at running");
    assert_eq!(told[0].help, ["the evidence stops at running; add a functional check to `[group.mcp]`"]);

    let mut partly = tally(20, 0, 21);
    partly.members[0].health_check_lies = true;
    let told = judgement(&judged(Verdict::Holds(Measured::Tally(partly))), &claim, &file, None);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].code, told[0].severity), (Code::LyingHealthCheck, Severity::Warning));
    assert_eq!(told[0].headline, "`t0` reports healthy while a functional check fails");
}

#[test]
fn unknown_is_told_neither_as_false_nor_as_fine() {
    let (claim, file) = operational();
    let reasons = vec![UNMEASURED("docker unix:///var/run/docker.sock", "no such file")];
    let known = Some(Measured::Tally(tally(17, 4, 21)));
    let told = judgement(&judged(Verdict::Unmeasured { reasons: reasons.clone(), known }), &claim, &file, None);
    assert_eq!(told[0].headline, "claimed 21/21 operational, measured 17 to 21 of 21, which decides neither way");
    assert_eq!(told[0].notes, ["source-away: docker unix:///var/run/docker.sock: no such file"]);
    assert_eq!((told[0].code, told[0].severity), (Code::UnmeasuredClaim, Severity::Error));
    // With nothing seen because nobody could ask, that there is nothing is not told.
    for known in [None, Some(Measured::Tally(tally(0, 0, 0)))] {
        let told = judgement(&judged(Verdict::Unmeasured { reasons: reasons.clone(), known }), &claim, &file, None);
        assert_eq!(told[0].headline, "claimed 21/21 operational, which could not be measured");
    }
}

#[test]
fn levels_decide_what_is_told() {
    let (claim, file) = operational();
    let mut policy = Policy::empty(std::path::PathBuf::from("/project"));
    let config = Arc::new(SourceFile::new("trueup.toml", ""));
    let reasons = vec![UNMEASURED("docker", "away")];
    let unmeasured = judged(Verdict::Unmeasured { reasons, known: None });
    let unbound = Judgement { binding: Binding::Unbound { candidates: vec![] }, ..judged(Verdict::Unbound) };
    for (level, expected) in
        [(Level::Allow, None), (Level::Warn, Some(Severity::Warning)), (Level::Deny, Some(Severity::Error))]
    {
        policy.levels = Levels { unbound: level, unmeasured: level, contradictions: level };
        for judged in [&unmeasured, &unbound] {
            let told = judgement(judged, &claim, &file, Some((&policy, &config)));
            assert_eq!(told.first().map(|told| told.severity), expected, "{level:?}");
        }
    }
}

#[test]
fn a_tie_names_the_candidates_and_an_ignored_claim_is_suppressed() {
    let (claim, file) = operational();
    let candidates = vec!["mcp".to_owned(), "endpoints".to_owned()];
    let mut tie = Judgement { binding: Binding::Unbound { candidates }, ..judged(Verdict::Unbound) };
    tie.ignored = true;
    let told = judgement(&tie, &claim, &file, None);
    assert_eq!(told[0].headline, "`mcp` and `endpoints` answer \"21/21 operational\" equally well");
    assert_eq!(told[0].suppressed, Some(Suppression::Ignored));
}

#[test]
fn the_rule_and_the_annotation_that_decided_are_pointed_at() {
    let (claim, file) = operational();
    let text = "[group.mcp]\n[metric.tests]\n[[bind]]\n";
    let config = Arc::new(SourceFile::new("trueup.toml", text));
    let at = |part: &str| {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    };
    let mut policy = Policy::empty(std::path::PathBuf::from("/project"));
    let (name, tolerance) = ("mcp".to_owned(), crate::config::policy::Tolerance::default());
    let request = crate::measure::request::GroupRequest {
        name: name.clone(),
        expect: None,
        discover: Vec::new(),
        checks: Vec::new(),
        targets: Vec::new(),
    };
    policy.groups.push(crate::config::policy::Group { name, span: at("mcp"), names: Vec::new(), request, tolerance });
    let target = Subject::Target { group: "mcp".to_owned(), target: "nx-\u{1b}[31mmcp".to_owned() };
    let group = Subject::Group("mcp".to_owned());
    let gone = Subject::Metric("gone".to_owned());
    let rule = BindReason::Rule { span: at("[[bind]]") };
    let annotation = BindReason::Annotation { span: Span::new(0, 1) };
    let by_group = ("mcp", "measured by this group");
    for (subjects, reason, expected) in [
        (vec![group.clone()], rule, vec![("[[bind]]", "bound by this rule"), by_group]),
        (vec![group.clone()], annotation, vec![("-", "bound by this annotation"), by_group]),
        (vec![target], BindReason::TargetName, vec![("mcp", "measured by target `nx-mcp` of this group")]),
        (vec![group.clone(), gone], BindReason::WholeDocument, vec![by_group]),
        (vec![group; 7], BindReason::WholeDocument, vec![by_group; 5]),
    ] {
        let many = subjects.len() > FEW;
        let mut judged = judged(Verdict::Drifted(Measured::Tally(tally(0, 0, 1))));
        judged.binding = Binding::Bound { subjects, reason };
        let told = judgement(&judged, &claim, &file, Some((&policy, &config)));
        let found: Vec<(&str, &str)> =
            told[0].secondary.iter().map(|label| (label.file.slice(label.span), label.message.as_str())).collect();
        assert_eq!(found, expected);
        assert_eq!(told[0].notes[0] == "measured by 7 groups and metrics in all", many);
    }
}
