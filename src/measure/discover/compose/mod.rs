//! The services of a compose file, held against the containers that an engine has of them.
//!
//! Every service that the file declares is a target, as often as it is scaled; one without a container is down. Services
//! whose profile is not active are not declared. What belongs to the project is told by the labels that compose writes, and
//! for a service with a `container_name` by that name as well, so that a container made by hand counts.

use std::collections::BTreeMap;

use tokio::time::Instant;

use self::file::{Declared, Project};
use super::docker::{PATIENCE, PROJECT};
use super::{Found, Handle};
use crate::measure::container_request::ComposeQuery;
use crate::measure::engine::Listed;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::source::Sources;
use crate::rung::Rung;

mod file;
mod variables;

/// Label of the service that a container belongs to.
const SERVICE: &str = "com.docker.compose.service";

/// Label of a container's number among those of its service.
const NUMBER: &str = "com.docker.compose.container-number";

/// Label that says whether a container is one of `compose run`, which is not the service.
const ONE_OFF: &str = "com.docker.compose.oneoff";

/// Every file that says what `query` declares, those included that are not there.
pub fn files(query: &ComposeQuery) -> Vec<std::path::PathBuf> {
    file::candidates(query)
}

/// The services that the files of `query` declare, in the order of the files.
///
/// # Errors
/// `Unmeasured` where a file cannot be read or makes no sense, or the engine gives no list.
pub async fn discover(query: &ComposeQuery, sources: &Sources) -> Result<Vec<Found>, Unmeasured> {
    let project = file::read(query, &|name| std::env::var(name).ok()).map_err(|why| Unmeasured {
        cause: UnmeasuredCause::Unreadable,
        source: file::shown(query),
        detail: why,
    })?;
    let engine = sources.engine_at(&query.engine)?;
    let until = Instant::now() + PATIENCE;
    let label = format!("{PROJECT}={}", project.name);
    let of_project = engine.list(&[label], until).await;
    let of_project = of_project.map_err(|trouble| trouble.into_unmeasured(engine.source()))?;
    let mut by_service = by_service(of_project);
    let named = |service: &Declared| service.container_name.is_some() && !by_service.contains_key(&service.name);
    if project.services.iter().any(named) {
        let all = engine.list(&[], until).await.map_err(|trouble| trouble.into_unmeasured(engine.source()))?;
        for service in &project.services {
            let named = all.iter().find(|container| Some(&container.name) == service.container_name.as_ref());
            if let Some(container) = named {
                by_service.entry(service.name.clone()).or_insert_with(|| vec![container.clone()]);
            }
        }
    }
    let found = project
        .services
        .iter()
        .flat_map(|service| targets(service, by_service.remove(&service.name).unwrap_or_default(), &project));
    Ok(found.collect())
}

/// Containers by service, each by its number.
fn by_service(listed: Vec<Listed>) -> BTreeMap<String, Vec<Listed>> {
    let mut services: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
    for container in listed {
        let one_off = container.labels.get(ONE_OFF).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if let Some(service) = container.labels.get(SERVICE).filter(|_| !one_off) {
            services.entry(service.clone()).or_default().push(container);
        }
    }
    let number = |container: &Listed| container.labels.get(NUMBER).and_then(|text| text.parse::<u32>().ok());
    for containers in services.values_mut() {
        containers.sort_by_key(number);
    }
    services
}

/// The targets of one service: its containers, and those that it should have and has not.
fn targets(service: &Declared, containers: Vec<Listed>, project: &Project) -> Vec<Found> {
    let count = service.replicas.max(containers.len());
    let mut containers = containers.into_iter();
    let target = |at: usize| {
        let name = if count == 1 { service.name.clone() } else { format!("{}-{}", service.name, at + 1) };
        match containers.next() {
            Some(container) => Found { name, origin: Rung::Exists, handle: Handle::Container { id: container.id } },
            None => {
                let reason =
                    format!("declared in {}, and the project `{}` has no container of it", project.file, project.name);
                Found { name, origin: Rung::Declared, handle: Handle::Absent { reason } }
            }
        }
    };
    (0..count).map(target).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(name: &str, labels: &[(&str, &str)]) -> Listed {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Listed { id: name.to_owned(), name: name.to_owned(), created: 0, labels }
    }

    fn shown(found: &[Found]) -> Vec<String> {
        let one = |found: &Found| match &found.handle {
            Handle::Container { id } => format!("{}={id}", found.name),
            _ => format!("{} absent", found.name),
        };
        found.iter().map(one).collect()
    }

    #[test]
    fn what_is_declared_and_not_there_stays_a_target() {
        let service = |name: &str, replicas| Declared { name: name.to_owned(), replicas, container_name: None };
        let project = Project { name: "shop".to_owned(), file: "compose.yaml".to_owned(), services: Vec::new() };
        let of = |service, containers| shown(&targets(&service, containers, &project));
        assert_eq!(of(service("web", 1), vec![container("shop-web-1", &[])]), ["web=shop-web-1"]);
        assert_eq!(of(service("web", 1), vec![]), ["web absent"]);
        assert_eq!(of(service("web", 2), vec![container("a", &[])]), ["web-1=a", "web-2 absent"]);
        assert_eq!(of(service("web", 1), vec![container("a", &[]), container("b", &[])]), ["web-1=a", "web-2=b"]);
        assert_eq!(of(service("web", 0), vec![]), [""; 0]);
    }

    #[test]
    fn what_compose_ran_once_is_not_the_service() {
        let listed = vec![
            container("b", &[(SERVICE, "web"), (NUMBER, "10")]),
            container("a", &[(SERVICE, "web"), (NUMBER, "2")]),
            container("once", &[(SERVICE, "web"), (ONE_OFF, "True")]),
            container("stray", &[]),
        ];
        let services = by_service(listed);
        let names: Vec<_> = services["web"].iter().map(|container| container.name.as_str()).collect();
        assert_eq!((names, services.len()), (vec!["a", "b"], 1));
    }
}
