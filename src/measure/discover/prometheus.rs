//! Series of an instant query, each a target.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Found, Handle};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::prometheus::{Series, ask};
use crate::measure::request::PrometheusQuery;
use crate::measure::source::Sources;
use crate::measure::web::place_of;
use crate::rung::Rung;

/// Longest wait for the answer: Prometheus gives up on a query after two minutes, a dashboard much earlier.
const PATIENCE: Duration = Duration::from_secs(15);

/// The label that names a target, where trueup.toml does not say: the one that Prometheus gives to all that it scrapes.
const INSTANCE: &str = "instance";

/// The series of `query`, called by the values of the labels `name`, in the order of their labels.
///
/// # Errors
/// `Unmeasured` where the server gives no series to read, or two of them would have one name: one of them would be
/// forgotten. An empty vector is an empty list.
pub async fn discover(query: &PrometheusQuery, name: &[String], sources: &Sources) -> Result<Vec<Found>, Unmeasured> {
    let answered = ask(query, sources, Instant::now() + PATIENCE).await?;
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut found = Vec::with_capacity(answered.series.len());
    for series in answered.series {
        let called = name_of(&series, name);
        if let Some(other) = seen.insert(called.clone(), series.notation()) {
            let detail = format!(
                "`{}` and `{other}` are both called `{called}`; expected a name of each, by `name = [\"LABEL\", …]`",
                series.notation()
            );
            let source = format!("prometheus {}", place_of(&query.server.url));
            return Err(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source });
        }
        found.push(Found { name: called, origin: Rung::Exists, handle: Handle::Series(Box::new(series)) });
    }
    Ok(found)
}

fn name_of(series: &Series, labels: &[String]) -> String {
    if labels.is_empty() {
        return series.label(INSTANCE).map_or_else(|| series.notation(), str::to_owned);
    }
    let values: Vec<_> = labels.iter().filter_map(|label| series.label(label)).collect();
    if values.is_empty() { series.notation() } else { values.join(" ") }
}
