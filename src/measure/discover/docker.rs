//! Containers of an engine, by label, name, compose project or swarm service.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

use super::{Found, Handle};
use crate::globs::Globs;
use crate::measure::container_request::ContainerQuery;
use crate::measure::engine::Listed;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::source::Sources;
use crate::rung::Rung;

/// Longest wait for the list. An engine answers in milliseconds; one that is busy starting containers in seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// Label of the compose project that a container belongs to.
pub(super) const PROJECT: &str = "com.docker.compose.project";

/// Label of the swarm service that a container belongs to.
const SERVICE: &str = "com.docker.swarm.service.name";

/// Label of the task that a container is or was of: `web.1.x8h2…`, where the number is the slot.
const TASK: &str = "com.docker.swarm.task.name";

/// Containers that `query` means, stopped ones included, by name.
///
/// # Errors
/// `Unmeasured` where there is no engine or it gives no list. No container that fits is an empty list.
pub async fn discover(query: &ContainerQuery, sources: &Sources) -> Result<Vec<Found>, Unmeasured> {
    let engine = sources.engine_at(&query.engine)?;
    let mut labels = query.labels.clone();
    labels.extend(query.project.iter().map(|project| format!("{PROJECT}={project}")));
    labels.extend(query.service.iter().map(|service| format!("{SERVICE}={service}")));
    let list = engine.list(&labels, Instant::now() + PATIENCE).await;
    let mut listed = list.map_err(|trouble| trouble.into_unmeasured(engine.source()))?;
    if let Some(name) = &query.name {
        let glob = Globs::new(std::slice::from_ref(name)).map_err(|bad| Unmeasured {
            cause: UnmeasuredCause::Unreadable,
            detail: bad.to_string(),
            source: "trueup.toml".to_owned(),
        })?;
        listed.retain(|container| glob.matches(Path::new(&container.name)));
    }
    if query.service.is_some() {
        listed = last_of_each_slot(listed);
    }
    let found = |(id, name)| Found { name, origin: Rung::Exists, handle: Handle::Container { id } };
    Ok(listed.into_iter().map(|container| found((container.id, container.name))).collect())
}

/// Without the containers of tasks that were replaced: a swarm keeps some of them.
fn last_of_each_slot(listed: Vec<Listed>) -> Vec<Listed> {
    let mut slots: BTreeMap<String, Listed> = BTreeMap::new();
    for container in listed {
        let task = container.labels.get(TASK).unwrap_or(&container.name);
        let slot = task.rsplit_once('.').map_or(task.as_str(), |(slot, _)| slot).to_owned();
        match slots.get(&slot) {
            Some(other) if other.created >= container.created => {}
            Some(_) | None => {
                slots.insert(slot, container);
            }
        }
    }
    slots.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_task_that_was_started_again_the_last_container_counts() {
        let container = |name: &str, created| Listed {
            id: name.to_owned(),
            name: name.to_owned(),
            created,
            labels: [(TASK.to_owned(), name.to_owned())].into(),
        };
        let listed = vec![container("web.1.aaa", 3), container("web.1.bbb", 9), container("web.2.ccc", 4)];
        let names: Vec<_> = last_of_each_slot(listed).into_iter().map(|container| container.name).collect();
        assert_eq!(names, ["web.1.bbb", "web.2.ccc"]);
    }
}
