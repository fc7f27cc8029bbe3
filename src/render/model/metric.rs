//! Metrics and texts.

use serde::{Serialize, Serializer};

use super::target::Unknown;
use crate::config::policy::{Name, Policy};
use crate::measure::measurement::{MetricMeasurement, MetricOutcome, TextMeasurement, TextOutcome};
use crate::quantity::Quantity;
use crate::render::named::Named;

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
pub(in crate::render) fn number<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match *number {
        None => serializer.serialize_none(),
        Some(value) if value.fract() == 0.0 && value.abs() < EXACT => serializer.serialize_i64(value as i64),
        Some(value) => serializer.serialize_f64(value),
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

/// What documents call the thing `key`: the first of its names, else the key.
pub(super) fn label(key: &str, names: Option<&[Name]>) -> String {
    names.and_then(|names| names.first()).map_or_else(|| key.to_owned(), |name| name.text.clone())
}
