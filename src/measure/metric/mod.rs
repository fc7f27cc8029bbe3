//! Measuring a number: one file per source of numbers.
//!
//! A metric is a number or [`Unmeasured`]; it is never "down". A program that fails, a pattern that matches nothing and a
//! pointer to nothing are no numbers, and least of all 0.
//!
//! | seen | cause |
//! |---|---|
//! | no such file, folder or program; the endpoint is down; no engine | source away |
//! | no such container, or one that does not run | nothing found |
//! | a file or folder that may not be read; 401 and 403 | permission denied |
//! | the time is over | timed out |
//! | a report is older than may count, or than what it is about | too old |
//! | `--no-exec`; an environment variable for a header is not set | not allowed |
//! | an empty vector of Prometheus | nothing found |
//! | anything else than the number asked for | unreadable |
//!
//! What several metrics ask in the same way (one program with several patterns, one load with several figures) is asked
//! once in a run.

use tokio::time::Instant;

use super::evidence::Evidence;
use super::measurement::{MetricOutcome, Unmeasured, UnmeasuredCause};
use super::probe::http_source;
use super::request::MetricSource;
use super::source::Sources;
use crate::quantity::Quantity;

mod command;
mod container;
mod files;
mod git;
mod http;
mod load;
mod number;
mod pointed;
mod prometheus;
mod read;
mod report;
mod value;

pub use number::parse;
pub use read::read;

/// A number or why there is none, and what was seen on the way to either.
type Seen = (Result<Quantity, Unmeasured>, Evidence);

/// Measures `source` once, and returns by `deadline`.
pub async fn measure(source: &MetricSource, sources: &Sources, deadline: Instant) -> (MetricOutcome, Evidence) {
    if source.executes() && !sources.may_execute() {
        let program = match source {
            MetricSource::Git { .. } | MetricSource::Report(_) => "git",
            MetricSource::Command { .. }
            | MetricSource::FileCount { .. }
            | MetricSource::MatchCount { .. }
            | MetricSource::FileValue { .. }
            | MetricSource::HttpValue { .. }
            | MetricSource::HttpLoad { .. }
            | MetricSource::Container { .. }
            | MetricSource::Prometheus { .. } => "a program",
        };
        let detail = format!("a metric of a `{}` starts {program}, and `--no-exec` refuses that", source.name());
        let refused = Unmeasured { cause: UnmeasuredCause::NotAllowed, detail, source: "--no-exec".to_owned() };
        return (MetricOutcome::Unmeasured(refused), Evidence::new());
    }
    if Instant::now() >= deadline {
        let late = timed_out("deadline", "no time was left for the metric".to_owned());
        return (MetricOutcome::Unmeasured(late), Evidence::new());
    }
    let (seen, evidence) = match source {
        MetricSource::Command { argv, cwd, exit_codes, read } => {
            command::measure(argv, cwd, exit_codes, read, sources, deadline).await
        }
        MetricSource::FileCount { root, globs } => files::count(root, globs, deadline).await,
        MetricSource::MatchCount { root, globs, pattern } => files::count_matches(root, globs, pattern, deadline).await,
        MetricSource::FileValue { path, value, total } => value::measure(path, value, total.as_deref(), deadline).await,
        MetricSource::Container { engine, container, resource } => {
            container::measure(engine, container, *resource, sources, deadline).await
        }
        MetricSource::Report(request) => report::measure(request, deadline).await,
        MetricSource::Git { folder, count } => git::measure(folder, count, deadline).await,
        MetricSource::HttpValue { request, value, total } => {
            http::measure(request, value, total.as_deref(), sources, deadline).await
        }
        MetricSource::HttpLoad { request, figure } => load::measure(request, *figure, sources, deadline).await,
        MetricSource::Prometheus { query, total } => {
            prometheus::measure(query, total.as_deref(), sources, deadline).await
        }
    };
    match seen {
        Ok(quantity) => (MetricOutcome::Measured(quantity), evidence),
        Err(unmeasured) => (MetricOutcome::Unmeasured(unmeasured), evidence),
    }
}

/// The source that `source` asks, where several metrics and checks may ask the same.
pub fn source_of(source: &MetricSource) -> Option<String> {
    match source {
        MetricSource::HttpValue { request, .. } | MetricSource::HttpLoad { request, .. } => http_source(request),
        MetricSource::Prometheus { query, .. } => http_source(&query.server.request("")),
        MetricSource::Container { .. } => Some("engine".to_owned()),
        MetricSource::Command { .. }
        | MetricSource::FileCount { .. }
        | MetricSource::MatchCount { .. }
        | MetricSource::FileValue { .. }
        | MetricSource::Report(_)
        | MetricSource::Git { .. } => None,
    }
}

fn unreadable(source: &str, detail: String) -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: source.to_owned() }
}

fn timed_out(source: &str, detail: String) -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::TimedOut, detail, source: source.to_owned() }
}
