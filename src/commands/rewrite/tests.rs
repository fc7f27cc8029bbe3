//! What claims become, held against a table; and that a second run has nothing to do, whatever the document.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::TestCaseError;

use super::{Anchors, Judge, Rewriting, read, rewriting};
use crate::commands::judged;
use crate::config;
use crate::config::policy::Policy;
use crate::document::edit;
use crate::document::source::SourceFile;
use crate::failure::FailureClass;
use crate::fix::claims::Left;
use crate::judge::verdict::Verdict;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{
    CheckResult, Failure, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement,
    Unmeasured, UnmeasuredCause,
};
use crate::quantity::Quantity;
use crate::rung::Rung;

/// What is measured: 13 of 21 MCP servers, of which some run and do not work; no worker of 4; all 3 databases; 4 of 9
/// endpoints; one gateway that is up; a queue of which nobody knows; and some numbers.
const CONFIG: &str = r#"
[group.mcp]
names = ["MCP servers", "mesh"]
discover = { mcp = "x.json" }
[group.workers]
names = ["workers"]
discover = { mcp = "x.json" }
[group.databases]
names = ["databases"]
discover = { mcp = "x.json" }
[group.endpoints]
names = ["endpoints"]
discover = { mcp = "x.json" }
[group.queues]
names = ["queues"]
discover = { mcp = "x.json" }
[group.stores]
names = ["stores"]
discover = { mcp = "x.json" }
[metric.tests]
names = ["tests"]
from.file = { count = "*" }
[metric.coverage]
names = ["coverage"]
from.file = { count = "*" }
[metric.tools]
names = ["tools"]
from.file = { count = "*" }
[metric.errors]
names = ["type errors", "errors"]
from.file = { count = "*" }
[metric.score]
names = ["rules"]
from.file = { count = "*" }
"#;

fn check(rung: Rung, outcome: Outcome) -> CheckResult {
    let proved = matches!(outcome, Outcome::Passed { .. }).then_some(rung);
    CheckResult { check: "x".to_owned(), rung, proved, outcome, evidence: Evidence::default(), took_ms: 1, attempts: 1 }
}

fn target(name: &str, checks: Vec<CheckResult>) -> TargetMeasurement {
    TargetMeasurement { name: name.to_owned(), origin: Rung::Exists, checks }
}

fn passes(rung: Rung) -> CheckResult {
    check(rung, Outcome::Passed { summary: "ok".to_owned() })
}

fn fails(rung: Rung, class: FailureClass, reason: &str) -> CheckResult {
    check(rung, Outcome::Failed(Failure { class, reason: reason.to_owned() }))
}

fn up(name: &str) -> TargetMeasurement {
    target(name, vec![passes(Rung::Running), passes(Rung::Functional)])
}

fn down(name: &str) -> TargetMeasurement {
    target(name, vec![fails(Rung::Running, FailureClass::SpawnNotFound, "exit 127: sh: x: not found")])
}

fn lame(name: &str) -> TargetMeasurement {
    let called = fails(Rung::Functional, FailureClass::CallFailed, "`tools/call` returned error -32603: 21/21 up");
    target(name, vec![passes(Rung::Running), called])
}

fn unknown(name: &str) -> TargetMeasurement {
    let unmeasured =
        Unmeasured { cause: UnmeasuredCause::SourceAway, detail: "no socket".to_owned(), source: "docker".to_owned() };
    target(name, vec![check(Rung::Running, Outcome::Unmeasured(unmeasured))])
}

fn group(name: &str, targets: Vec<TargetMeasurement>) -> GroupMeasurement {
    let reach = Some(Rung::Functional);
    GroupMeasurement {
        name: name.to_owned(),
        expect: None,
        targets,
        nameless_missing: 0,
        reach,
        discovery: None,
        skipped: Vec::new(),
    }
}

fn metric(name: &str, value: f64, total: Option<f64>) -> MetricMeasurement {
    let outcome = MetricOutcome::Measured(Quantity { value, total });
    MetricMeasurement { name: name.to_owned(), outcome, evidence: Evidence::default(), took_ms: 1 }
}

fn measured() -> (Policy, Snapshot) {
    let file = Arc::new(SourceFile::new("trueup.toml", CONFIG));
    let policy = config::parse(&file, Path::new("/project"))
        .map_err(|faults| faults.iter().map(|fault| fault.headline.clone()).collect::<Vec<_>>())
        .unwrap()
        .policy;
    let named = |prefix: &str, count: usize, make: fn(&str) -> TargetMeasurement| -> Vec<TargetMeasurement> {
        (0..count).map(|number| make(&format!("{prefix}{number}"))).collect()
    };
    let some = |prefix: &str, ups: usize, downs: usize| {
        [named(&format!("{prefix}u"), ups, up), named(&format!("{prefix}d"), downs, down)].concat()
    };
    let mut mcp = some("m", 11, 6);
    mcp.extend([lame("nx-mcp"), down("postgres"), up("github"), up("files")]);
    let mut queues = some("q", 2, 1);
    queues.push(unknown("orders"));
    let snapshot = Snapshot {
        schema_version: Snapshot::SCHEMA_VERSION,
        taken_at: jiff::Timestamp::UNIX_EPOCH,
        about: Default::default(),
        groups: vec![
            group("mcp", mcp),
            group("workers", some("w", 0, 4)),
            group("databases", some("b", 3, 0)),
            group("endpoints", some("e", 4, 5)),
            group("queues", queues),
            group("stores", some("c", 1, 4)),
        ],
        metrics: vec![
            metric("tests", 1310.0, Some(1312.0)),
            metric("coverage", 78.25, None),
            metric("tools", 45.0, None),
            metric("errors", 3.0, None),
            metric("score", 2.5, None),
        ],
        texts: Vec::new(),
    };
    (policy, snapshot)
}

struct Bench {
    policy: Policy,
    snapshot: Snapshot,
}

impl Bench {
    fn new() -> Bench {
        let (policy, snapshot) = measured();
        Bench { policy, snapshot }
    }

    /// The document after `fix`, and what came of its claims.
    fn fixed(&self, text: &str) -> (String, Rewriting) {
        let judge = Judge::new(&self.policy, &self.snapshot);
        let document = read(Path::new("a.md"), "a.md", text.to_owned(), &judge.lexicon);
        let judgements = judged::judgements(&document, &judge.binder, &self.policy, &self.snapshot);
        let documents = [document];
        let rewriting = rewriting(&documents[0], &judgements, &judge, &Anchors::new(&documents));
        (edit::apply(text, &rewriting.edits(text)).unwrap(), rewriting)
    }

    /// Claims of a document that drifted, without those under an ignore comment.
    fn drifted(&self, text: &str) -> usize {
        let judge = Judge::new(&self.policy, &self.snapshot);
        let document = read(Path::new("a.md"), "a.md", text.to_owned(), &judge.lexicon);
        let judgements = judged::judgements(&document, &judge.binder, &self.policy, &self.snapshot);
        judgements.iter().filter(|one| !one.ignored && matches!(one.verdict, Verdict::Drifted(_))).count()
    }
}

/// Asserts what documents become, and shows all that differ. What is left as it is stands there twice.
#[track_caller]
fn assert_fixed(table: &[(&str, &str)]) {
    let bench = Bench::new();
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, expected)| (text, bench.fixed(text), expected))
        .filter(|(_, (fixed, _), expected)| fixed != **expected)
        .map(|(text, (fixed, rewriting), expected)| (*text, fixed, *expected, rewriting.left))
        .collect();
    assert!(wrong.is_empty(), "document, result, expected: {wrong:#?}");
}

#[test]
fn ratios() {
    assert_fixed(&[
        ("MCP servers: 21/21 operational.", "MCP servers: 13/21 operational."),
        ("- 21 of 21 MCP servers operational", "- 13 of 21 MCP servers operational"),
        ("We see 26 / 28 MCP servers connected.", "We see 13 / 21 MCP servers connected."),
        ("MCP servers: **21**/21 operational", "MCP servers: **13**/21 operational"),
        ("MCP servers: **21/21** operational ✅", "MCP servers: **13/21** operational ⚠️"),
        ("- ✅ 4/4 workers operational", "- ❌ 0/4 workers operational"),
        ("- 🟢 4/4 workers operational", "- 🔴 0/4 workers operational"),
        ("Tests: 1,312/1,312 passing", "Tests: 1,310/1,312 passing"),
        ("[MCP servers: 21/21 operational](status.md)", "[MCP servers: 13/21 operational](status.md)"),
        ("2 of 3 databases are operational.", "3 of 3 databases are operational."),
        ("5 of 5 stores are operational.", "1 of 5 stores is operational."),
        ("~21/21 MCP servers operational", "~13/21 MCP servers operational"),
        ("8/21 MCP servers down, 13/21 operational", "8/21 MCP servers down, 13/21 operational"),
        ("0/21 MCP servers down", "8/21 MCP servers down"),
        ("1/1 workers operational", "0/4 workers operational"),
        ("The 1 of 1 worker is operational.", "The 0 of 4 workers are operational."),
    ]);
}

#[test]
fn shares() {
    assert_fixed(&[
        ("Workers: 100% functional", "Workers: 0% functional"),
        ("Coverage: 85%", "Coverage: 78%"),
        ("Coverage: 85.00%", "Coverage: 78.25%"),
        ("Coverage is over 95%.", "Coverage is over 78%."),
        ("Coverage: 90%+", "Coverage: 78%+"),
        ("Coverage: ~60%", "Coverage: ~78%"),
        ("Tests: 100% passing", "Tests: 99.8% passing"),
        ("- ✅ MCP servers: 100% operational", "- ✅ MCP servers: 62% operational"),
        ("MCP servers: ✅ 100% operational", "MCP servers: ⚠️ 62% operational"),
        ("Workers: ~60% operational", "Workers: 0% operational"),
    ]);
}

#[test]
fn counts() {
    assert_fixed(&[
        ("It has 149 tools.", "It has 45 tools."),
        ("It has 50+ tools.", "It has 45+ tools."),
        ("It has 40+ tools.", "It has 40+ tools."),
        ("It has more than 50 tools.", "It has 45 tools."),
        ("It has at least 50 tools.", "It has at least 45 tools."),
        ("0 type errors", "3 type errors"),
        ("19 MCP servers running", "14 MCP servers running"),
        ("Seven databases are running.", "Three databases are running."),
        ("Twenty-one databases are running.", "Three databases are running."),
        ("One hundred and five databases are running.", "Three databases are running."),
        ("It has a hundred tools.", "It has 45 tools."),
        ("It has 2 thousand tools.", "It has 45 tools."),
        ("- 5 stores running", "- 1 store running"),
        ("9,999 tests", "1,312 tests"),
        ("## Tools (54 total)", "## Tools (45 total)"),
        (
            "| what  | count |\n|-------|------:|\n| tools |   149 |\n",
            "| what  | count |\n|-------|------:|\n| tools |    45 |\n",
        ),
    ]);
}

#[test]
fn all_and_none() {
    assert_fixed(&[
        ("All 21 MCP servers operational", "13 of 21 MCP servers operational"),
        ("All endpoints working", "4 of 9 endpoints working"),
        ("All four workers are operational.", "Zero of four workers are operational."),
        ("All 5 databases operational", "All 3 databases operational"),
        ("✅ All 4 workers operational", "❌ 0 of 4 workers operational"),
        ("**All** endpoints are working.", "**4 of 9** endpoints are working."),
        ("All **9** endpoints are working.", "4 of **9** endpoints are working."),
        ("All of the endpoints are working.", "4 of 9 endpoints are working."),
        ("All the stores are working.", "1 of 5 stores is working."),
        ("Every endpoint works.", "4 of 9 endpoints work."),
        ("There are no failing tests.", "There are 2 tests failing."),
        ("All tests passing", "1310 of 1312 tests passing"),
        ("All workers are offline.", "All workers are offline."),
        ("All endpoints are offline.", "5 of 9 endpoints are offline."),
    ]);
}

#[test]
fn states() {
    assert_fixed(&[
        ("**postgres**: ✅ Operational", "**postgres**: ❌ down (exit 127)"),
        ("**postgres**: Operational", "**postgres**: Down (exit 127)"),
        ("**postgres**: OPERATIONAL", "**postgres**: DOWN (exit 127)"),
        ("**nx-mcp**: ✅ Operational", "**nx-mcp**: ❌ down (call-failed)"),
        ("**github**: ❌ Down", "**github**: ✅ operational"),
        ("The postgres server is operational.", "The postgres server is down (exit 127)."),
        ("- **postgres** - database ✅", "- **postgres** - database ❌"),
        ("**MCP servers**: ✅ Operational", "**MCP servers**: ⚠️ 13 of 21 operational"),
        ("**Workers**: ✅ FULLY OPERATIONAL", "**Workers**: ❌ 0 of 4 OPERATIONAL"),
        ("The MCP servers are operational.", "13 of 21 MCP servers are operational."),
        (
            "| server | state |\n|---|---|\n| postgres | ✅ Operational |\n| github | ✅ |\n| nx-mcp | ✅ |\n",
            "| server | state |\n|---|---|\n| postgres | ❌ down (exit 127) |\n| github | ✅ |\n| nx-mcp | ❌ |\n",
        ),
        ("**postgres**: ✅ Complete", "**postgres**: ❌ not complete (exit 127)"),
        // The mark before a sentence says whether it is so.
        ("- ✅ postgres answers at once", "- ❌ postgres answers at once"),
        ("- ✅ **postgres**: shows every row", "- ❌ **postgres**: shows every row"),
        ("- **postgres**: ✅ Fast", "- **postgres**: ✅ Fast"),
        // A mark in the column of a state: another one there would not say what is so.
        (
            "| server | working | broken |\n|---|---|---|\n| postgres | ● | |\n| github | | ✅ |\n",
            "| server | working | broken |\n|---|---|---|\n| postgres | ● | |\n| github | | ✅ |\n",
        ),
        ("**github**: ❌ not working", "**github**: ✅ working"),
        ("**github**: ❌ Broken - no route", "**github**: ❌ Broken - no route"),
        ("The github server needs adjustment.", "The github server needs adjustment."),
        ("### Postgres (working)", "### Postgres (down)"),
        ("**postgres**: ✅ Operational since May", "**postgres**: ✅ Operational since May"),
    ]);
}

#[test]
fn what_is_not_certain_is_left() {
    let bench = Bench::new();
    for (text, why) in [
        ("queues: 4/4 operational", Left::Unknown { unknown: 1, total: 4 }),
        ("5 rules", Left::NotShowable("2.5".to_owned())),
        ("21/21 MCP servers operational since Monday", Left::Dated),
        ("## Tools (54 total)\n\nSee [tools](#tools-54-total).\n", Left::LinkedHeading("tools-54-total".to_owned())),
        ("MCP servers: 21/21 operational (verified 2025-05-24)", Left::Dated),
        ("[All 21 MCP servers operational]\n\n[All 21 MCP servers operational]: a.md\n", Left::Misread),
    ] {
        let (fixed, rewriting) = bench.fixed(text);
        assert_eq!(fixed, text);
        assert_eq!(rewriting.left.into_values().collect::<Vec<_>>(), [why], "{text}");
    }
    // A list that would then be miscounted.
    let list = format!("## Tools (46 total)\n\n{}", "- one\n".repeat(46));
    let (fixed, rewriting) = bench.fixed(&list);
    assert_eq!((fixed.as_str(), rewriting.left.into_values().next()), (list.as_str(), Some(Left::Contradicts)));
}

#[test]
fn an_ignored_claim_is_not_touched() {
    let text = "21/21 MCP servers operational <!-- trueup: ignore: history -->\n\n100% of workers up\n";
    let (fixed, rewriting) = Bench::new().fixed(text);
    assert_eq!(fixed, text.replace("100%", "0%"));
    assert!(rewriting.left.is_empty());
}

#[test]
fn what_outside_programs_wrote_is_not_put_into_the_document() {
    let (fixed, _) = Bench::new().fixed("**nx-mcp**: ✅ Operational");
    assert!(!fixed.contains("32603") && !fixed.contains("21/21"), "{fixed}");
}

/// Sentences of all kinds, true and false, about what is measured and what is not.
fn sentence() -> impl Strategy<Value = String> {
    let number = select(&["0", "1", "3", "4", "13", "21", "45", "1,312", "three", "99.5"][..]);
    let thing = select(
        &["MCP servers", "workers", "databases", "endpoints", "queues", "stores", "tests", "tools", "errors", "geese"]
            [..],
    );
    let one = select(&["postgres", "github", "nx-mcp", "orders", "goose"][..]);
    let state = select(
        &[
            "operational",
            "working",
            "running",
            "down",
            "healthy",
            "passing",
            "failing",
            "fully operational",
            "up",
            "OK",
        ][..],
    );
    let mark = select(&["✅ ", "❌ ", "⚠️ ", "🟢 ", "", "", "**", "~", "- [x] "][..]);
    let end = select(
        &["\n\n", ".\n\n", " ✅\n\n", " (100%)\n\n", " since May\n\n", " <!-- trueup: ignore -->\n\n", ", "][..],
    );
    let form = 0_usize..16;
    (number.clone(), number, thing, one, state, mark, end, form).prop_map(
        |(n, m, thing, one, state, mark, end, form)| {
            let text = match form {
                0 => format!("{mark}{n}/{m} {thing} {state}"),
                1 => format!("{mark}{n} of {m} {thing} are {state}"),
                2 => format!("{thing}: {mark}{n}% {state}"),
                3 => format!("{mark}All {thing} are {state}"),
                4 => format!("{mark}all {n} {thing} {state}"),
                5 => format!("{n}+ {thing}"),
                6 => format!("It has {n} {thing} {state}"),
                7 => format!("**{one}**: {mark}{state}"),
                8 => format!("The {one} server is {state}"),
                9 => format!("There are no {state} {thing}"),
                10 => format!("Every {thing} is {state}"),
                11 => format!("## {thing} ({n} total)\n\n- a\n- b\n"),
                12 => format!("| what | state |\n|------|-------|\n| {one} | {mark}{state} |\n| {thing} | {n}/{m} |\n"),
                13 => format!("> - {mark}**{n}/{m}** {thing} {state}"),
                14 => format!("**Status**: {mark}{state}, {n}% of {thing} {state}"),
                _ => format!("The {thing} are {state} and everything is {state}"),
            };
            format!("{text}{end}")
        },
    )
}

fn fixing_holds(bench: &Bench, text: &str) -> Result<(), TestCaseError> {
    let (fixed, rewriting) = bench.fixed(text);
    prop_assert_eq!(bench.drifted(&fixed), rewriting.left.len(), "after: {}", fixed);
    let (again, second) = bench.fixed(&fixed);
    prop_assert_eq!(&again, &fixed, "twice is once");
    prop_assert!(second.changes.is_empty());
    prop_assert_eq!(second.left.len(), rewriting.left.len());
    if rewriting.changes.is_empty() {
        prop_assert_eq!(&fixed, text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, ..ProptestConfig::default() })]

    #[test]
    fn no_drift_is_left_but_what_is_told_and_twice_is_once(sentences in proptest::collection::vec(sentence(), 1..8)) {
        fixing_holds(&Bench::new(), &sentences.concat())?;
    }
}

/// Four times the document may take four times as long, not sixteen, whatever becomes of its claims.
#[test]
fn time_is_linear_in_the_length() {
    type Text = fn(usize) -> String;
    let texts: &[(&str, Text)] = &[
        ("items", |n| "- MCP servers: 21/21 operational\n".repeat(n)),
        ("sentences", |n| "All 4 workers are operational. ".repeat(n)),
        ("rows", |n| {
            format!(
                "| server   | state         |\n|----------|---------------|\n{}",
                "| postgres | ✅ Operational |\n".repeat(n)
            )
        }),
        ("left", |n| "- queues: 4/4 operational\n- 21/21 MCP servers operational since Monday\n".repeat(n)),
        ("misread", |n| "[All 21 MCP servers operational]\n\n".repeat(n) + "[All 21 MCP servers operational]: a.md\n"),
        ("marks", |n| "- **postgres** - x ✅\n- [x] github\n".repeat(n)),
        ("headings", |n| "## Tools (54 total)\n\n[a](#x)\n\n".repeat(n)),
        ("states", |n| "**postgres**: ✅ Operational since May, **github**: ❌ Down\n\n".repeat(n)),
        ("contradictions", |n| "- 21/21 MCP servers operational (100%)\n".repeat(n)),
    ];
    let bench = Bench::new();
    for (name, text) in texts {
        let time = |n: usize| {
            let text = text(n);
            let began = std::time::Instant::now();
            let (fixed, rewriting) = bench.fixed(&text);
            assert!(!rewriting.changes.is_empty() || fixed == text, "{name}");
            began.elapsed()
        };
        // A machine that is busy with something else makes single ratios lie; one good measurement is enough.
        let good = (0..5).any(|_| time(600) < time(150) * 10 + std::time::Duration::from_millis(100));
        assert!(good, "{name}: not linear");
    }
}
