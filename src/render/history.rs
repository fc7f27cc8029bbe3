//! Earlier runs as templates see them: what each measured, in numbers.

use serde::Serialize;

use super::model::{Group, Metric};
use super::named::{Named, by_key};
use crate::config::policy::Policy;
use crate::measure::measurement::Snapshot;
use crate::rung::Rung;

/// What one earlier run measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// When it began (RFC 3339, UTC).
    pub measured_at: String,
    /// Its groups.
    #[serde(serialize_with = "by_key")]
    pub groups: Vec<Standing>,
    /// Its metrics.
    #[serde(serialize_with = "by_key")]
    pub metrics: Vec<Reading>,
    /// Targets that were down in it, as `GROUP/TARGET`.
    pub down: Vec<String>,
}

/// How a group stood.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// Key in trueup.toml.
    pub name: String,
    /// The rung that it was asked at.
    pub rung: &'static str,
    /// Number of targets.
    pub total: usize,
    /// Targets that stood on the rung.
    pub up: usize,
    /// Targets that did not.
    pub down: usize,
    /// Targets of which it was unknown.
    pub unknown: usize,
}

/// What a metric was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// Key in trueup.toml.
    pub name: String,
    /// The number; `None` where it could not be measured.
    #[serde(serialize_with = "super::model::number")]
    pub value: Option<f64>,
}

impl Named for Standing {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Named for Reading {
    fn key(&self) -> &str {
        &self.name
    }
}

impl Moment {
    /// What `snapshot` saw of the groups and metrics that trueup.toml still has; groups are asked at `rung`, as
    /// [`Group::new`] is.
    pub fn new(policy: &Policy, snapshot: &Snapshot, rung: Option<Rung>) -> Moment {
        let known = policy.groups.iter().filter_map(|group| snapshot.group(&group.name));
        let groups: Vec<Group> = known.map(|group| Group::new(policy, group, rung)).collect();
        let known = policy.metrics.iter().filter_map(|metric| snapshot.metric(&metric.name));
        let metrics = known.map(|metric| Metric::new(policy, metric));
        Moment {
            measured_at: snapshot.taken_at.to_string(),
            metrics: metrics.map(|metric| Reading { name: metric.name, value: metric.value }).collect(),
            down: groups
                .iter()
                .flat_map(|group| {
                    let down = group.targets.iter().filter(|target| target.is_down());
                    down.map(|target| format!("{}/{}", group.name, target.name))
                })
                .collect(),
            groups: groups
                .into_iter()
                .map(|group| Standing {
                    rung: group.rung,
                    total: group.total,
                    up: group.up,
                    down: group.down,
                    unknown: group.unknown,
                    name: group.name,
                })
                .collect(),
        }
    }
}
