//! A figure of many HTTP requests.

use std::time::Duration;

use tokio::time::Instant;

use super::{Seen, unreadable};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::Unmeasured;
use crate::measure::probe::http::load::{self, Loaded};
use crate::measure::request::{HttpCheck, Load, LoadFigure};
use crate::measure::source::Sources;
use crate::measure::web::place_of;
use crate::quantity::Quantity;

pub(super) async fn measure(request: &HttpCheck, figure: LoadFigure, sources: &Sources, deadline: Instant) -> Seen {
    let load = request.load.unwrap_or(Load { requests: 1, concurrency: 1 });
    let place = place_of(&request.url);
    let loaded = load::run_once(request, load, sources, deadline).await;
    let mut evidence = Evidence::new();
    loaded.note(&mut evidence);
    (quantity(&loaded, figure, &place), evidence)
}

fn quantity(loaded: &Loaded, figure: LoadFigure, place: &str) -> Result<Quantity, Unmeasured> {
    if let Some(unknown) = &loaded.unknown {
        return Err(unknown.clone());
    }
    let part = |count: usize| Ok(Quantity { value: count as f64, total: Some(loaded.requests as f64) });
    let latency = |hundredths| match loaded.percentile(hundredths) {
        Some(latency) => Ok(Quantity { value: milliseconds(latency), total: None }),
        None => Err(unreadable(place, format!("none of {} requests to `{place}` was answered", loaded.requests))),
    };
    match figure {
        LoadFigure::P50 => latency(50),
        LoadFigure::P95 => latency(95),
        LoadFigure::Errors => part(loaded.failed()),
        LoadFigure::Successes => part(loaded.requests - loaded.failed()),
    }
}

/// To a hundredth: what is below is noise.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}
