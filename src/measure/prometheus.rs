//! Instant queries over the HTTP API of Prometheus.
//!
//! | seen | outcome |
//! |---|---|
//! | a vector or a scalar, also one with warnings | series, and the warnings beside them |
//! | nobody answers, 5xx | unmeasured: source away, timed out |
//! | 401, 403 | unmeasured: permission denied |
//! | an error of the server: an expression that cannot be parsed, a query that takes too long | unmeasured: unreadable, timed out |
//! | a matrix or a string; what is not an answer of Prometheus; more than [`LIMIT`] bytes | unmeasured: unreadable |
//!
//! A vector without a series is an answer, and an empty one: [`nothing_found`] says so to whoever needs a series.

use serde::Deserialize;
use tokio::time::Instant;

use super::evidence::{Evidence, plain};
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::reach::Fault;
use super::request::{PrometheusQuery, PrometheusServer};
use super::source::Sources;
use super::web::{Answer, End, exchange_once, place_of};
use crate::failure::FailureClass;

/// Most bytes of an answer: some 50,000 series.
pub const LIMIT: usize = 16 << 20;

/// Longest text of a server that is shown, in Unicode scalar values.
const SHOWN: usize = 200;

/// One series and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its labels by name, in the order of the names; `__name__` is the name of the metric. A scalar has none.
    pub labels: Vec<(String, String)>,
    /// Its value, which may be infinite, or not a number.
    pub value: f64,
}

/// What a query gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// In the order of their labels.
    pub series: Vec<Series>,
    /// What the server warns of, and notes.
    pub warnings: Vec<String>,
}

impl Series {
    /// The value of a label.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }

    /// The series as Prometheus writes it: `up{instance="a:1", job="b"}`.
    pub fn notation(&self) -> String {
        let labels = self.labels.iter().filter(|(name, _)| name != "__name__");
        let labels: Vec<_> = labels.map(|(name, value)| format!("{name}={value:?}")).collect();
        let name = self.label("__name__").unwrap_or_default();
        if labels.is_empty() && !name.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(", ")) }
    }
}

impl Answered {
    /// Adds the query and what the server warns of to `evidence`.
    pub fn note(&self, query: &PrometheusQuery, evidence: &mut Evidence) {
        evidence.fact("server", place_of(&query.server.url)).fact("query", &query.query);
        for warning in &self.warnings {
            evidence.fact("warning", warning);
        }
    }
}

/// Asks `query` once in a run for all who ask the same, and returns by `deadline`.
///
/// # Errors
/// Where there is no answer, in the same words for all who ask one server that is away.
pub async fn ask(query: &PrometheusQuery, sources: &Sources, deadline: Instant) -> Result<Answered, Unmeasured> {
    let encoded: String = reqwest::Url::parse_with_params("http://q/", [("query", &query.query)])
        .map(|url| url.query().unwrap_or_default().to_owned())
        .unwrap_or_default();
    let request = query.server.request(&format!("/api/v1/query?{encoded}"));
    match exchange_once(&request, LIMIT, sources, deadline).await {
        Ok(answer) => read(query, &answer)
            .map_err(|unmeasured| Unmeasured { detail: answer.secrets.hide(&unmeasured.detail), ..unmeasured }),
        Err(Fault::Unknown(unmeasured)) => Err(unmeasured),
        Err(Fault::Down(down)) => {
            let cause = match down.class {
                FailureClass::NoAnswer => UnmeasuredCause::TimedOut,
                _ => UnmeasuredCause::SourceAway,
            };
            Err(Unmeasured { cause, detail: down.reason, source: source_of(&query.server) })
        }
    }
}

/// What is said of an empty vector.
pub fn nothing_found(query: &PrometheusQuery) -> Unmeasured {
    let server = place_of(&query.server.url);
    Unmeasured {
        cause: UnmeasuredCause::NothingFound,
        detail: format!(
            "`{}` is an empty vector at `{server}`: no series matches, which says neither that it is up nor that it is down",
            plain(&query.query, SHOWN)
        ),
        source: format!("`{}` at {}", plain(&query.query, SHOWN), source_of(&query.server)),
    }
}

fn source_of(server: &PrometheusServer) -> String {
    format!("prometheus {}", place_of(&server.url))
}

/// The form of an answer. What else stands in it does not matter.
#[derive(Deserialize)]
struct Reply {
    status: String,
    data: Option<Data>,
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    error: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
    #[serde(default)]
    infos: Vec<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: serde_json::Value,
}

#[derive(Deserialize)]
struct Sample {
    metric: std::collections::BTreeMap<String, String>,
    /// Time and value. A native histogram has none.
    value: Option<(f64, String)>,
}

fn read(query: &PrometheusQuery, answer: &Answer) -> Result<Answered, Unmeasured> {
    let source = source_of(&query.server);
    let place = &answer.place;
    let fault = |cause, detail| Unmeasured { cause, detail, source: source.clone() };
    let unreadable = |detail| fault(UnmeasuredCause::Unreadable, detail);
    match answer.status {
        401 | 403 | 407 => {
            let detail = format!("`{place}` answered {}; expected that the credentials suffice", answer.status);
            return Err(fault(UnmeasuredCause::PermissionDenied, detail));
        }
        _ => {}
    }
    match &answer.end {
        End::Whole => {}
        End::Broken(down) => return Err(fault(UnmeasuredCause::SourceAway, down.reason.clone())),
        End::Cut | End::Stream => {
            return Err(unreadable(format!("`{place}` answered with more than {} MiB", LIMIT >> 20)));
        }
    }
    let Ok(reply) = serde_json::from_slice::<Reply>(&answer.body) else {
        let cause = if answer.status >= 500 { UnmeasuredCause::SourceAway } else { UnmeasuredCause::Unreadable };
        let body = plain(&String::from_utf8_lossy(&answer.body[..answer.body.len().min(1024)]), 60);
        let detail = format!("`{place}` answered {} with what is not an answer of Prometheus: `{body}`", answer.status);
        return Err(fault(cause, detail));
    };
    let shown = |text: &str| plain(text, SHOWN);
    let Some(data) = reply.data.filter(|_| reply.status == "success") else {
        let kind = reply.error_type.as_deref().unwrap_or("error");
        let cause = match kind {
            "timeout" | "canceled" => UnmeasuredCause::TimedOut,
            "unavailable" => UnmeasuredCause::SourceAway,
            _ => UnmeasuredCause::Unreadable,
        };
        let error = reply.error.as_deref().unwrap_or("no error is named");
        return Err(fault(cause, format!("`{}`: {}: {}", shown(&query.query), shown(kind), shown(error))));
    };
    let warnings = reply.warnings.iter().chain(&reply.infos).map(|warning| shown(warning)).collect();
    let series = match data.result_type.as_str() {
        "vector" => vector(data.result),
        "scalar" => scalar(data.result),
        other => Err(format!("is a {}, expected an instant vector or a scalar", shown(other))),
    };
    let series = series.map_err(|why| unreadable(format!("`{}` {why}", shown(&query.query))))?;
    Ok(Answered { series, warnings })
}

fn vector(result: serde_json::Value) -> Result<Vec<Series>, String> {
    let samples: Vec<Sample> =
        serde_json::from_value(result).map_err(|error| format!("is a vector that cannot be read: {error}"))?;
    let mut series = Vec::with_capacity(samples.len());
    for sample in samples {
        let (_, value) = sample.value.ok_or("has histograms, expected numbers")?;
        series.push(Series { labels: sample.metric.into_iter().collect(), value: number(&value)? });
    }
    series.sort_by(|a, b| a.labels.cmp(&b.labels));
    Ok(series)
}

fn scalar(result: serde_json::Value) -> Result<Vec<Series>, String> {
    let (_, value): (f64, String) =
        serde_json::from_value(result).map_err(|error| format!("is a scalar that cannot be read: {error}"))?;
    Ok(vec![Series { labels: Vec::new(), value: number(&value)? }])
}

/// A value as Prometheus writes it: Go's notation, with `+Inf` and `NaN`.
fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("has the value `{}`, which is no number", plain(text, 40)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_written_as_prometheus_writes_them() {
        let labels = |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let series = |list: &[(&str, &str)]| Series { labels: labels(list), value: 1.0 };
        assert_eq!(
            series(&[("__name__", "up"), ("instance", "a:1"), ("job", "x\"y")]).notation(),
            "up{instance=\"a:1\", job=\"x\\\"y\"}"
        );
        assert_eq!(series(&[("__name__", "up")]).notation(), "up");
        assert_eq!(series(&[]).notation(), "{}");
    }

    #[test]
    fn values_as_prometheus_writes_them() {
        assert_eq!((number("1"), number("1.5e+06")), (Ok(1.0), Ok(1_500_000.0)));
        assert_eq!((number("+Inf"), number("-Inf")), (Ok(f64::INFINITY), Ok(f64::NEG_INFINITY)));
        assert!(number("NaN").unwrap().is_nan() && number("many").is_err());
    }
}
