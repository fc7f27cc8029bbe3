//! The model that templates see: what was measured, in the words of documents.
//!
//! `templates/MODEL.md` shows every field by an example; a test keeps the two the same. The model is versioned by
//! [`SCHEMA_VERSION`], which grows when a template written for the old form would misread the new one.

use serde::{Serialize, Serializer};

use super::address::addresses;
use super::claim::Claim;
use super::history::Moment;
use super::named::{Named, by_key};
use super::timeline::Event;
use crate::config::policy::Policy;
use crate::failure::FailureClass;
use crate::measure::evidence;
use crate::measure::measurement::{
    CheckResult, GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement,
    TextMeasurement, TextOutcome, Unmeasured,
};
use crate::measure::standing::Stand;
use crate::quantity::Quantity;
use crate::rung::Rung;

/// The version of the form that templates see.
pub const SCHEMA_VERSION: u32 = 1;

/// All that a report can be given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// When the run began (RFC 3339, UTC). A time: no fact of a section.
    pub measured_at: String,
    /// By what, and of what. No fact of a section.
    pub run: Run,
    /// Groups, in the order of trueup.toml, each at its default rung.
    #[serde(serialize_with = "by_key")]
    pub groups: Vec<Group>,
    /// Metrics, in the order of trueup.toml.
    #[serde(serialize_with = "by_key")]
    pub metrics: Vec<Metric>,
    /// Texts, in the order of trueup.toml.
    #[serde(serialize_with = "by_key")]
    pub texts: Vec<Text>,
    /// Claims of all documents. Only reports have them.
    pub claims: Vec<Claim>,
    /// Earlier runs, the first first. Only reports have them.
    pub history: Vec<Moment>,
    /// What happened when. Only reports have it.
    pub timeline: Vec<Event>,
}

/// By what something was measured, and of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Version of the trueup that measured.
    pub trueup: String,
    /// Name of the machine, where it is known.
    pub host: Option<String>,
    /// Commit of the project, where it is in one.
    pub commit: Option<String>,
}

/// A group, asked at one rung.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Key in trueup.toml.
    pub name: String,
    /// What documents call it: the first of its names, else the key.
    pub label: String,
    /// Number of targets there should be, where trueup.toml says one.
    pub expect: Option<usize>,
    /// The rung that is asked.
    pub rung: &'static str,
    /// Number of targets, those that are missing included.
    pub total: usize,
    /// Targets that stand on the rung.
    pub up: usize,
    /// Targets that do not.
    pub down: usize,
    /// Targets of which it is unknown.
    pub unknown: usize,
    /// Of those that are up, the ones whose evidence stops below the rung.
    pub weak: usize,
    /// Targets that were expected and not found, and have no name; they are among `down`.
    pub missing: usize,
    /// Nothing about it is unknown.
    pub measured: bool,
    /// The same counts for every rung.
    pub at: Vec<Counts>,
    /// Its targets, by name.
    pub targets: Vec<Target>,
    /// Classes of the failures among its targets, the most frequent first.
    pub failures: Vec<FailureCount>,
    /// Why the list of targets itself is unknown.
    pub unmeasured: Option<Unknown>,
}

/// How a group stands at one rung.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counts {
    /// The rung.
    pub rung: &'static str,
    /// Targets that stand on it.
    pub up: usize,
    /// Targets that do not.
    pub down: usize,
    /// Targets of which it is unknown.
    pub unknown: usize,
}

/// A target of a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
    /// Its name, as written.
    pub name: String,
    /// `up`, `down` or `unknown`, at the rung of the group.
    pub state: State,
    /// The highest rung that was proved.
    pub proved: Option<&'static str>,
    /// Where the evidence stops, for a target that is up and of which nothing shows that it stands on the asked rung.
    pub weak: Option<&'static str>,
    /// One line that says what decided: the reason of the failure, what a check saw, why nobody could look.
    pub evidence: String,
    /// Why it is down.
    pub failure: Option<Failure>,
    /// Why it is unknown.
    pub unmeasured: Option<Unknown>,
    /// Its own health check says healthy while a functional check fails.
    pub health_check_lies: bool,
    /// Where it was looked at: addresses and URLs that checks went to, each once.
    pub addresses: Vec<String>,
    /// The container that it is, by name, where it is one.
    pub container: Option<String>,
    /// What it uses, and what that has done to it: restarts, kills for memory, memory, processor time, logs.
    pub resources: Vec<Fact>,
    /// Its checks, in the order of trueup.toml.
    pub checks: Vec<Check>,
}

/// Whether a target stands on the asked rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It does.
    Up,
    /// It does not.
    Down,
    /// We could not look.
    Unknown,
}

/// Why something is down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// Name of its class.
    pub class: &'static str,
    /// One sentence on the class.
    pub sentence: &'static str,
    /// What a person does about it.
    pub hint: &'static str,
    /// One line on this very failure.
    pub reason: String,
}

/// A class of failures and the targets that it befell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailureCount {
    /// Name of the class.
    pub class: &'static str,
    /// One sentence on it.
    pub sentence: &'static str,
    /// What a person does about it.
    pub hint: &'static str,
    /// Names of the targets.
    pub targets: Vec<String>,
}

/// Why nobody could look.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unknown {
    /// `source-away`, `timed-out` and so on.
    pub cause: &'static str,
    /// One line with the particulars.
    pub detail: String,
    /// The source that was asked.
    pub source: String,
}

/// A check and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Its name in trueup.toml.
    pub check: String,
    /// The rung that it is about.
    pub rung: &'static str,
    /// `passed`, `failed` or `unmeasured`.
    pub outcome: &'static str,
    /// One line on it.
    pub summary: String,
    /// Attempts made.
    pub attempts: u32,
    /// How long it took, in milliseconds. A time: no fact of a section.
    pub took_ms: u64,
    /// What was seen, in order.
    pub facts: Vec<Fact>,
    /// Last lines of a log, oldest first: text of somebody else.
    pub log: Vec<String>,
}

/// A named thing that was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// What it says something about.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// A metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// Key in trueup.toml.
    pub name: String,
    /// What documents call it: the first of its names, else the key.
    pub label: String,
    /// The number; `None` where it could not be measured.
    #[serde(serialize_with = "number")]
    pub value: Option<f64>,
    /// The whole that it is a part of.
    #[serde(serialize_with = "number")]
    pub total: Option<f64>,
    /// `value` of `total` in percent, not rounded.
    #[serde(serialize_with = "number")]
    pub percent: Option<f64>,
    /// There is a number.
    pub measured: bool,
    /// Why there is none.
    pub unmeasured: Option<Unknown>,
}

/// What a program writes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Text {
    /// Key in trueup.toml.
    pub name: String,
    /// The program and its arguments on one line.
    pub command: String,
    /// What it wrote, line by line: text of somebody else.
    pub lines: Vec<String>,
    /// There were more lines.
    pub truncated: bool,
    /// It was written.
    pub measured: bool,
    /// Why it was not.
    pub unmeasured: Option<Unknown>,
}

/// A whole number as one: 312, not 312.0.
pub(super) fn number<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match *number {
        None => serializer.serialize_none(),
        Some(value) if value.fract() == 0.0 && value.abs() < EXACT => serializer.serialize_i64(value as i64),
        Some(value) => serializer.serialize_f64(value),
    }
}

impl Named for Group {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Named for Metric {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Named for Text {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Run {
    /// What is known of the run that took `snapshot`.
    pub fn of(snapshot: &Snapshot) -> Run {
        let about = &snapshot.about;
        Run { trueup: about.trueup.clone(), host: about.host.clone(), commit: about.commit.clone() }
    }
}

impl Model {
    /// The model of a snapshot, without claims and history. `policy` knows what documents call things.
    pub fn new(policy: &Policy, snapshot: &Snapshot) -> Model {
        Model {
            claims: Vec::new(),
            history: Vec::new(),
            timeline: Vec::new(),
            run: Run::of(snapshot),
            schema_version: SCHEMA_VERSION,
            measured_at: snapshot.taken_at.to_string(),
            groups: snapshot.groups.iter().map(|group| Group::new(policy, group, None)).collect(),
            metrics: snapshot.metrics.iter().map(|metric| Metric::new(policy, metric)).collect(),
            texts: snapshot.texts.iter().map(Text::new).collect(),
        }
    }
}

impl Group {
    /// The group asked at `rung`, or where the section names none at the one up to which all of its targets are checked: to
    /// ask a group whose checks end at `running` for `functional` would put a word into the document that nothing was
    /// measured for.
    pub fn new(policy: &Policy, group: &GroupMeasurement, rung: Option<Rung>) -> Group {
        let names = policy.groups.iter().find(|known| known.name == group.name).map(|known| &known.names[..]);
        let rung = rung.or(group.reach).unwrap_or(Rung::Functional);
        let targets: Vec<Target> = group
            .targets
            .iter()
            .map(|target| Target::new(target, rung, addresses(policy, &group.name, target)))
            .collect();
        let count = |state: State| targets.iter().filter(|target| target.state == state).count();
        let (up, down, unknown) = (count(State::Up), count(State::Down), count(State::Unknown));
        Group {
            label: label(&group.name, names),
            name: group.name.clone(),
            expect: group.expect,
            rung: rung.name(),
            total: group.total(),
            up,
            down: down + group.nameless_missing,
            unknown,
            weak: targets.iter().filter(|target| target.weak.is_some()).count(),
            missing: group.nameless_missing,
            measured: unknown == 0 && group.discovery.is_none(),
            at: Rung::ALL.iter().map(|&rung| Counts::new(group, rung)).collect(),
            failures: failures(group, rung),
            targets,
            unmeasured: group.discovery.as_ref().map(Unknown::new),
        }
    }
}

impl Counts {
    fn new(group: &GroupMeasurement, rung: Rung) -> Counts {
        let mut counts = Counts { rung: rung.name(), up: 0, down: group.nameless_missing, unknown: 0 };
        for target in &group.targets {
            match target.stand(rung) {
                Stand::Up { .. } => counts.up += 1,
                Stand::Down(_) => counts.down += 1,
                Stand::Unknown(_) => counts.unknown += 1,
            }
        }
        counts
    }
}

impl Target {
    fn new(target: &TargetMeasurement, rung: Rung, addresses: Vec<String>) -> Target {
        let (state, weak, failure, unmeasured) = match target.stand(rung) {
            Stand::Up { weak } => (State::Up, weak, None, None),
            Stand::Down(failure) => (State::Down, None, Some(failure), None),
            Stand::Unknown(unmeasured) => (State::Unknown, None, None, Some(unmeasured)),
        };
        let evidence = match (&failure, &unmeasured) {
            (Some(failure), _) => failure.reason.clone(),
            (None, Some(unmeasured)) => unmeasured.detail.clone(),
            (None, None) => proof(target).to_owned(),
        };
        Target {
            name: target.name.clone(),
            state,
            proved: target.proved().map(Rung::name),
            weak: weak.map(Rung::name),
            evidence,
            failure: failure.map(|failure| Failure {
                class: failure.class.name(),
                sentence: failure.class.sentence(),
                hint: failure.class.hint(),
                reason: failure.reason,
            }),
            unmeasured: unmeasured.as_ref().map(Unknown::new),
            health_check_lies: target.health_check_lies(),
            addresses,
            container: container(target),
            resources: resources(target),
            checks: target.checks.iter().map(Check::new).collect(),
        }
    }
}

/// Facts about what something uses.
const RESOURCES: &[&str] = &[
    "restarts",
    "restarts per hour",
    "oom killed",
    "memory",
    "memory limit",
    "cpu",
    "log bytes",
    "log bytes per minute",
];

/// The facts of these names that checks saw, each once.
fn resources(target: &TargetMeasurement) -> Vec<Fact> {
    let facts = target.checks.iter().flat_map(|check| &check.evidence.facts);
    let mut found = Vec::new();
    for fact in facts.filter(|fact| RESOURCES.contains(&fact.name.as_str())).map(Fact::new) {
        if !found.contains(&fact) {
            found.push(fact);
        }
    }
    found
}

/// The container of a target: what a check says, else its own name where it was found as one and looked at as one.
fn container(target: &TargetMeasurement) -> Option<String> {
    let said = target.checks.iter().find_map(|check| check.evidence.get("container"));
    let looked = target.checks.iter().any(|check| ["docker", "exec"].contains(&check.check.as_str()));
    let found = (target.origin == Rung::Exists && looked).then_some(target.name.as_str());
    said.or(found).map(str::to_owned)
}

/// What the check on the highest rung saw, of those that passed.
fn proof(target: &TargetMeasurement) -> &str {
    let passed = target.checks.iter().filter_map(|check| match &check.outcome {
        Outcome::Passed { summary } => Some((check.proved, summary)),
        Outcome::Failed(_) | Outcome::Unmeasured(_) => None,
    });
    passed.max_by_key(|(proved, _)| *proved).map_or("", |(_, summary)| summary)
}

fn failures(group: &GroupMeasurement, rung: Rung) -> Vec<FailureCount> {
    let mut counts: Vec<FailureCount> = FailureClass::ALL
        .iter()
        .map(|class| FailureCount {
            class: class.name(),
            sentence: class.sentence(),
            hint: class.hint(),
            targets: group
                .targets
                .iter()
                .filter(|target| matches!(target.stand(rung), Stand::Down(failure) if failure.class == *class))
                .map(|target| target.name.clone())
                .collect(),
        })
        .filter(|count| !count.targets.is_empty())
        .collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.targets.len()));
    counts
}

impl Unknown {
    fn new(unmeasured: &Unmeasured) -> Unknown {
        Unknown { cause: unmeasured.cause.name(), detail: unmeasured.detail.clone(), source: unmeasured.source.clone() }
    }
}

impl Target {
    /// Whether it is known not to stand on the rung.
    pub fn is_down(&self) -> bool {
        self.state == State::Down
    }
}

impl Fact {
    fn new(fact: &evidence::Fact) -> Fact {
        Fact { name: fact.name.clone(), value: fact.value.clone() }
    }
}

impl Check {
    fn new(check: &CheckResult) -> Check {
        let (outcome, summary) = match &check.outcome {
            Outcome::Passed { summary } => ("passed", summary),
            Outcome::Failed(failure) => ("failed", &failure.reason),
            Outcome::Unmeasured(unmeasured) => ("unmeasured", &unmeasured.detail),
        };
        let facts = check.evidence.facts.iter();
        Check {
            check: check.check.clone(),
            rung: check.rung.name(),
            outcome,
            summary: summary.clone(),
            attempts: check.attempts,
            took_ms: check.took_ms,
            facts: facts.map(Fact::new).collect(),
            log: check.evidence.log.clone(),
        }
    }
}

impl Metric {
    /// The metric as measured.
    pub fn new(policy: &Policy, metric: &MetricMeasurement) -> Metric {
        let names = policy.metrics.iter().find(|known| known.name == metric.name).map(|known| &known.names[..]);
        let (quantity, unmeasured) = match &metric.outcome {
            MetricOutcome::Measured(quantity) => (Some(*quantity), None),
            MetricOutcome::Unmeasured(unmeasured) => (None, Some(Unknown::new(unmeasured))),
        };
        let percent =
            |quantity: Quantity| quantity.total.filter(|total| *total != 0.0).map(|t| quantity.value / t * 100.0);
        Metric {
            label: label(&metric.name, names),
            name: metric.name.clone(),
            value: quantity.map(|quantity| quantity.value),
            total: quantity.and_then(|quantity| quantity.total),
            percent: quantity.and_then(percent),
            measured: quantity.is_some(),
            unmeasured,
        }
    }
}

impl Text {
    /// What was taken down.
    pub fn new(text: &TextMeasurement) -> Text {
        let (lines, truncated, unmeasured) = match &text.outcome {
            TextOutcome::Measured { lines, truncated } => (lines.clone(), *truncated, None),
            TextOutcome::Unmeasured(unmeasured) => (Vec::new(), false, Some(Unknown::new(unmeasured))),
        };
        let (name, command) = (text.name.clone(), text.command.clone());
        Text { name, command, lines, truncated, measured: unmeasured.is_none(), unmeasured }
    }
}

fn label(key: &str, names: Option<&[crate::config::policy::Name]>) -> String {
    names.and_then(|names| names.first()).map_or_else(|| key.to_owned(), |name| name.text.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::measure::measurement::UnmeasuredCause;
    use crate::render::example;
    use crate::render::timeline::timeline;

    /// One thing of each sort, so that every field has an example.
    fn model() -> Model {
        let mut snapshot = example::snapshot();
        let group = &mut snapshot.groups[0];
        group.targets[1].checks[0]
            .evidence
            .fact("exit code", "217")
            .fact("started at", "2025-08-17T09:59:49Z")
            .fact("restarts", "14")
            .fact("address", "127.0.0.1:8080")
            .log_tail("npm error code ENOTEMPTY");
        group.targets.remove(2);
        group.targets.push(example::target("github", vec![example::unmeasured("mcp", Rung::Functional)]));
        snapshot.groups.truncate(1);
        let mut before = snapshot.clone();
        before.taken_at = "2025-08-16T10:00:00Z".parse().unwrap();
        let mut model = Model::new(&example::policy(), &snapshot);
        model.run =
            Run { trueup: "0.1.0".to_owned(), host: Some("build-7".to_owned()), commit: Some("3f9c2d1".to_owned()) };
        model.history = vec![Moment::new(&example::policy(), &before)];
        model.timeline = timeline(&model.groups.iter().collect::<Vec<_>>(), &model.history, snapshot.taken_at);
        model.claims = vec![Claim {
            document: "CLAUDE.md".to_owned(),
            line: 6,
            column: 14,
            quote: "4/4 operational".to_owned(),
            kind: "ratio",
            subject: "MCP servers".to_owned(),
            about: vec!["mcp".to_owned()],
            verdict: "drifted",
            claimed: "4/4 operational".to_owned(),
            measured: Some("1 to 2 of 4".to_owned()),
            weak: None,
            ignored: false,
            evidence: vec!["2 targets are down: 1 package-manager, 1 missing".to_owned()],
        }];
        model
    }

    const PAGE: &str = include_str!("../../templates/MODEL.md");

    #[test]
    fn the_documentation_has_the_whole_example() {
        let shown = PAGE.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
        assert_eq!(shown.trim_end(), serde_json::to_string_pretty(&model()).unwrap());
    }

    /// What the documentation has under the heading `name`: where in the example it stands, and field by field an example.
    fn documented(name: &str) -> (String, Vec<(String, String)>) {
        let part = PAGE.split(&format!("\n## {name}\n")).nth(1).unwrap_or_else(|| panic!("no heading {name}"));
        let part = part.split("\n## ").next().unwrap();
        let path = part.split('`').nth(1).unwrap().to_owned();
        (path, rows(part))
    }

    /// First and second cells of the first table of three columns.
    fn rows(part: &str) -> Vec<(String, String)> {
        let lines = part.lines().skip_while(|line| !line.starts_with("|---|---|---|")).skip(1);
        let lines = lines.take_while(|line| line.starts_with('|'));
        lines
            .map(|line| {
                let line = line.replace("\\|", "\u{1}");
                let mut cells = line.split('|').skip(1).map(|cell| cell.trim().replace('\u{1}', "|"));
                (cells.next().unwrap().trim_matches('`').to_owned(), cells.next().unwrap())
            })
            .collect()
    }

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn every_field_is_documented_with_an_example_and_none_that_is_not_there() {
        let model = serde_json::to_value(model()).unwrap();
        assert_eq!(rows(PAGE).into_iter().map(|(name, _)| name).collect::<BTreeSet<_>>(), keys(&model));
        let headings =
            PAGE.lines().filter_map(|line| line.strip_prefix("## ")).filter(|name| *name != "The whole example");
        let mut sorts = BTreeSet::new();
        let mut objects = Vec::new();
        for name in headings {
            let (path, fields) = documented(name);
            let value = model.pointer(&path).unwrap_or_else(|| panic!("{name}: nothing stands at {path}"));
            let names: BTreeSet<String> = fields.iter().map(|(field, _)| field.clone()).collect();
            assert_eq!(names, keys(value), "{name}");
            for (field, shown) in &fields {
                let own = &value[field];
                let is_simple =
                    !own.is_object() && !own.as_array().is_some_and(|items| items.iter().any(|item| !item.is_string()));
                if is_simple || own.as_object().is_some_and(serde_json::Map::is_empty) {
                    let spaced = serde_json::to_string(own).unwrap().replace("null", "none").replace("\",\"", "\", \"");
                    assert_eq!(shown, &format!("`{spaced}`"), "{name}.{field}");
                } else {
                    objects.push((format!("{name}.{field}"), own.clone()));
                }
            }
            sorts.insert(names);
        }
        // Whatever stands in a field has a heading of its own.
        for (place, value) in objects {
            let inside: Vec<&Value> = match &value {
                Value::Array(items) => items.iter().collect(),
                Value::Object(_) if sorts.contains(&keys(&value)) => vec![&value],
                Value::Object(by_key) => by_key.values().collect(),
                _ => panic!("{place}: {value}"),
            };
            for item in inside {
                assert!(sorts.contains(&keys(item)), "{place} holds what is not documented: {item}");
            }
        }
    }

    #[test]
    fn every_name_and_filter_is_documented() {
        use crate::render::{filters::FILTERS, needs::ROOTS};
        for name in ROOTS.iter().chain(FILTERS) {
            let row = |row: &str| PAGE.contains(&format!("\n| `{name}{row}"));
            assert!(row("`") || row("("), "`{name}` has no row");
        }
    }

    #[test]
    fn counts_add_up_at_every_rung() {
        let model = model();
        let group = &model.groups[0];
        assert_eq!((group.total, group.up, group.down, group.unknown), (4, 1, 2, 1));
        assert!(!group.measured);
        for counts in &group.at {
            assert_eq!(counts.up + counts.down + counts.unknown, group.total, "{}", counts.rung);
        }
        assert_eq!(group.failures[0].targets, ["claude-flow"]);
        assert_eq!(group.targets[2].unmeasured.as_ref().unwrap().cause, UnmeasuredCause::SourceAway.name());
    }

    #[test]
    fn a_group_is_asked_for_what_its_checks_reach() {
        use Rung::{Exists, Functional, Healthy};
        let failed = || example::failed("x", Exists, FailureClass::Missing, "not there");
        for (reach, asked, expected) in
            [(Some(Healthy), None, Healthy), (Some(Healthy), Some(Exists), Exists), (None, None, Functional)]
        {
            let mut group = example::group("g", None, vec![example::target("t", vec![failed()])], 0);
            group.reach = reach;
            let group = Group::new(&example::policy(), &group, asked);
            assert_eq!(group.rung, expected.name(), "whatever came of the checks");
        }
    }
}
