//! The model that templates see: what was measured, in the words of documents.
//!
//! `templates/MODEL.md` shows every field by an example; a test keeps the two the same. The model is versioned by
//! [`SCHEMA_VERSION`], which grows when a template written for the old form would misread the new one.

use serde::Serialize;

use super::claim::Claim;
use super::history::Moment;
use super::named::by_key;
use super::timeline::Event;
use crate::config::policy::Policy;
use crate::measure::measurement::Snapshot;

mod engine;
mod group;
mod metric;
mod target;

pub use engine::Engine;
pub use group::{Counts, FailureCount, Group};
pub(super) use metric::number;
pub use metric::{Metric, Text};
pub use target::{Check, Fact, Failure, Port, State, Target, Unknown};

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
    /// Container engines that were asked; none where nobody asked one.
    pub engines: Vec<Engine>,
}

impl Run {
    /// What is known of the run that took `snapshot`.
    pub fn of(snapshot: &Snapshot) -> Run {
        let about = &snapshot.about;
        Run {
            trueup: about.trueup.clone(),
            host: about.host.clone(),
            commit: about.commit.clone(),
            engines: about.engines.iter().map(Engine::new).collect(),
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::failure::FailureClass;
    use crate::measure::measurement::UnmeasuredCause;
    use crate::render::example;
    use crate::render::timeline::timeline;
    use crate::rung::Rung;

    /// One thing of each sort, so that every field has an example.
    fn model() -> Model {
        let mut snapshot = example::snapshot();
        let group = &mut snapshot.groups[0];
        group.targets[1].checks[0]
            .evidence
            .fact("exit code", "217")
            .fact("started at", "2025-08-17T09:59:49Z")
            .fact("restarts", "14")
            .fact("log limit", "none")
            .fact("published", "0.0.0.0:3000->3000/tcp")
            .fact("address", "127.0.0.1:8080")
            .log_tail("npm error code ENOTEMPTY");
        group.targets.remove(2);
        group.targets.push(example::target("github", vec![example::unmeasured("mcp", Rung::Functional)]));
        snapshot.groups.truncate(1);
        let mut before = snapshot.clone();
        before.taken_at = "2025-08-16T10:00:00Z".parse().unwrap();
        let mut model = Model::new(&example::policy(), &snapshot);
        model.run = Run {
            trueup: "0.1.0".to_owned(),
            host: Some("build-7".to_owned()),
            commit: Some("3f9c2d1".to_owned()),
            engines: Run::of(&snapshot).engines,
        };
        model.history = vec![Moment::new(&example::policy(), &before, None)];
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
        if std::env::var_os("TRUEUP_WRITE_DOCS").is_some() {
            let (before, _) = PAGE.split_once("```json\n").unwrap();
            let text = serde_json::to_string_pretty(&model()).unwrap();
            std::fs::write("templates/MODEL.md", format!("{before}```json\n{text}\n```\n")).unwrap();
            return;
        }
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
