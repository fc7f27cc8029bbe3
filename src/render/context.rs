//! What one template is given: the groups, metrics and texts that it shows, and what it is asked with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::claim::Claim;
use super::history::Moment;
use super::model::{Group, Metric, Run, SCHEMA_VERSION, Text};
use super::needs::Needs;
use super::timeline::Event;
use crate::config::policy::Policy;
use crate::document::section::Section;
use crate::measure::measurement::{
    GroupMeasurement, MetricOutcome, Snapshot, TextOutcome, Unmeasured, UnmeasuredCause,
};
use crate::measure::standing::Stand;
use crate::rung::Rung;

/// Makes contexts from one set of measurements.
pub struct Gatherer<'a> {
    policy: &'a Policy,
    snapshot: &'a Snapshot,
    /// Groups by key and asked rung: many sections show the same one.
    groups: RefCell<HashMap<(String, Option<Rung>), Shown>>,
}

/// A group, and the same as a value for templates.
type Shown = Rc<(Group, Value)>;

/// What a template shows.
pub struct Gathered {
    groups: Vec<Shown>,
    /// Its metrics.
    pub metrics: Vec<Metric>,
    /// Its texts.
    pub texts: Vec<Text>,
}

/// What reports are given besides.
#[derive(Clone, Debug, Default)]
pub struct Besides {
    /// The claims of all documents.
    pub claims: Vec<Claim>,
    /// Earlier runs, the first first.
    pub history: Vec<Moment>,
    /// What happened when.
    pub timeline: Vec<Event>,
}

/// What a template sees.
#[derive(Serialize)]
struct Context<'a> {
    schema_version: u32,
    measured_at: String,
    run: Value,
    section: About<'a>,
    attributes: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Value>,
    groups: Value,
    metrics: Value,
    texts: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Value>,
}

/// The section itself.
#[derive(Serialize)]
struct About<'a> {
    template: &'a str,
    id: Option<&'a str>,
}

impl<'a> Gatherer<'a> {
    /// A gatherer over one set of measurements.
    pub fn new(policy: &'a Policy, snapshot: &'a Snapshot) -> Gatherer<'a> {
        Gatherer { policy, snapshot, groups: RefCell::default() }
    }

    /// What `needs` asks for, as far as the measurements have it.
    pub fn gather(&self, needs: &Needs) -> Gathered {
        let metrics = needs.metrics.iter().filter_map(|key| self.snapshot.metric(key));
        Gathered {
            groups: needs.groups.iter().filter_map(|key| self.group(key, needs.rung)).collect(),
            metrics: metrics.map(|metric| Metric::new(self.policy, metric)).collect(),
            texts: needs.texts.iter().filter_map(|key| self.snapshot.text(key)).map(Text::new).collect(),
        }
    }

    fn group(&self, key: &str, rung: Option<Rung>) -> Option<Shown> {
        let measured = self.snapshot.group(key)?;
        let mut groups = self.groups.borrow_mut();
        let known = groups.entry((key.to_owned(), rung)).or_insert_with(|| {
            let group = Group::new(self.policy, measured, rung);
            let value = Value::from(Serde(&group));
            Rc::new((group, value))
        });
        Some(Rc::clone(known))
    }

    /// What the template of `section` sees: of a report also what stands `besides`.
    pub fn context(&self, section: &Section, needs: &Needs, shown: &Gathered, besides: Option<Besides>) -> Value {
        let attributes = section.attributes.iter();
        let named = |key: &Option<String>| key.clone();
        let (group, metric, text) = (named(&needs.group), named(&needs.metric), named(&needs.text));
        let groups = shown.groups.iter();
        let (claims, history, timeline) = match besides {
            Some(Besides { claims, history, timeline }) => {
                let value = |list: Vec<Value>| Some(Value::from(list));
                (
                    value(claims.iter().map(|claim| Value::from(Serde(claim))).collect()),
                    value(history.iter().map(|moment| Value::from(Serde(moment))).collect()),
                    value(timeline.iter().map(|event| Value::from(Serde(event))).collect()),
                )
            }
            None => (None, None, None),
        };
        Value::from(Serde(Context {
            schema_version: SCHEMA_VERSION,
            measured_at: self.snapshot.taken_at.to_string(),
            run: Value::from(Serde(Run::of(self.snapshot))),
            section: About { template: &section.template, id: section.id() },
            attributes: Value::from_pairs(attributes.map(|own| (own.key.as_str(), own.value.as_str()))),
            group: groups.clone().find(|shown| Some(&shown.0.name) == group.as_ref()).map(|shown| shown.1.clone()),
            metric: shown
                .metrics
                .iter()
                .find(|shown| Some(&shown.name) == metric.as_ref())
                .map(|metric| Value::from(Serde(metric))),
            text: shown
                .texts
                .iter()
                .find(|shown| Some(&shown.name) == text.as_ref())
                .map(|text| Value::from(Serde(text))),
            groups: Value::from_pairs(groups.map(|shown| (shown.0.name.clone(), shown.1.clone()))),
            metrics: Value::from_pairs(shown.metrics.iter().map(|own| (own.name.clone(), Value::from(Serde(own))))),
            texts: Value::from_pairs(shown.texts.iter().map(|text| (text.name.clone(), Value::from(Serde(text))))),
            claims,
            history,
            timeline,
        }))
    }

    /// Why something that a template shows is unknown, each reason once.
    pub fn unmeasured(&self, needs: &Needs) -> Vec<Unmeasured> {
        let absent = |what: &str, key: &str| Unmeasured {
            cause: UnmeasuredCause::SourceAway,
            detail: format!("the measurements at hand have no {what} `{key}`"),
            source: "the snapshot".to_owned(),
        };
        let mut reasons = Vec::new();
        for key in &needs.groups {
            match self.snapshot.group(key) {
                None => reasons.push(absent("group", key)),
                Some(group) => reasons.extend(unknowns(group, needs.rung)),
            }
        }
        for key in &needs.metrics {
            match self.snapshot.metric(key).map(|metric| &metric.outcome) {
                None => reasons.push(absent("metric", key)),
                Some(MetricOutcome::Unmeasured(unmeasured)) => reasons.push(unmeasured.clone()),
                Some(MetricOutcome::Measured(_)) => {}
            }
        }
        for key in &needs.texts {
            match self.snapshot.text(key).map(|text| &text.outcome) {
                None => reasons.push(absent("text", key)),
                Some(TextOutcome::Unmeasured(unmeasured)) => reasons.push(unmeasured.clone()),
                Some(TextOutcome::Measured { .. }) => {}
            }
        }
        let mut once: Vec<Unmeasured> = Vec::new();
        for reason in reasons {
            if !once.contains(&reason) {
                once.push(reason);
            }
        }
        once
    }
}

impl Gathered {
    /// Its groups, as they are shown.
    pub fn groups(&self) -> Vec<&Group> {
        self.groups.iter().map(|shown| &shown.0).collect()
    }
}

fn unknowns(group: &GroupMeasurement, rung: Option<Rung>) -> Vec<Unmeasured> {
    let rung = rung.or(group.reach).unwrap_or(Rung::Functional);
    let stands = group.targets.iter().map(|target| target.stand(rung));
    let unknown = stands.filter_map(|stand| match stand {
        Stand::Unknown(unmeasured) => Some(unmeasured),
        Stand::Up { .. } | Stand::Down(_) => None,
    });
    group.discovery.iter().cloned().chain(unknown).collect()
}
