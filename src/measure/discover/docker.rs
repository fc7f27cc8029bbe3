//! Containers of an engine.

use std::time::Duration;

use tokio::time::Instant;

use super::{Found, Handle};
use crate::measure::measurement::Unmeasured;
use crate::measure::source::Sources;
use crate::rung::Rung;

/// Longest wait for the list. An engine answers in milliseconds; one that is busy starting containers in seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// Containers that carry all of `labels`, stopped ones included, by name.
///
/// # Errors
/// `Unmeasured` where there is no engine or it gives no list. No container with the labels is an empty list.
pub async fn discover(labels: &[String], sources: &Sources) -> Result<Vec<Found>, Unmeasured> {
    let engine = sources.engine()?;
    let list = engine.list(labels, Instant::now() + PATIENCE).await;
    let listed = list.map_err(|trouble| trouble.into_unmeasured(engine.source()))?;
    let found = |(id, name)| Found { name, origin: Rung::Exists, handle: Handle::Container { id } };
    Ok(listed.into_iter().map(|container| found((container.id, container.name))).collect())
}
