//! Measuring a number.

use tokio::time::Instant;

use super::evidence::Evidence;
use super::measurement::{MetricOutcome, Unmeasured, UnmeasuredCause};
use super::request::MetricSource;
use super::source::Sources;

/// Measures `source` once, and returns by `deadline`.
pub async fn measure(_source: &MetricSource, _sources: &Sources, _deadline: Instant) -> (MetricOutcome, Evidence) {
    let unmeasured =
        Unmeasured { cause: UnmeasuredCause::SourceAway, detail: "no source yet".to_owned(), source: String::new() };
    (MetricOutcome::Unmeasured(unmeasured), Evidence::new())
}
