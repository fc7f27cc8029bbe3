//! The services of a compose file, as far as their containers have names that can be known without compose.

use yaml_serde::{Mapping, Value};

use super::found::{Compose, Service};

/// Reads the text of the compose file at `path`, in a folder of that name. Also says what was passed over, with the reason.
///
/// # Errors
/// Why it is no compose file.
pub fn read(path: &str, folder: &str, text: &str) -> Result<(Compose, Vec<String>), String> {
    let mut file: Value = yaml_serde::from_str(text).map_err(|error| format!("`{path}` is no YAML: {error}"))?;
    file.apply_merge().map_err(|error| format!("`{path}` is no YAML: {error}"))?;
    let services = file.get("services").and_then(Value::as_mapping);
    let services = services.ok_or_else(|| format!("`{path}` has no services"))?;
    let project = file.get("name").and_then(Value::as_str).map_or_else(|| project_of(folder), str::to_owned);
    let mut found = Vec::new();
    let mut passed_over = Vec::new();
    for (name, service) in services {
        let (Some(name), Some(service)) = (name.as_str(), service.as_mapping()) else { continue };
        match container(&project, name, service) {
            Ok(container) => found.push(Service { name: name.to_owned(), container, labels: labels(service) }),
            Err(why) => passed_over.push(format!("service `{name}` of `{path}`: {why}")),
        }
    }
    Ok((Compose { path: path.to_owned(), services: found }, passed_over))
}

/// What compose makes of the name of a folder.
fn project_of(folder: &str) -> String {
    let lower = folder.to_lowercase();
    let kept: String = lower.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    kept.trim_start_matches(['-', '_']).to_owned()
}

fn container(project: &str, name: &str, service: &Mapping) -> Result<String, &'static str> {
    if service.get("profiles").is_some() {
        return Err("it has a profile, and need not run");
    }
    let replicas = service.get("deploy").and_then(|deploy| deploy.get("replicas")).or_else(|| service.get("scale"));
    if replicas.is_some_and(|replicas| replicas.as_u64() != Some(1)) {
        return Err("it has more than one container");
    }
    let own = service.get("container_name").and_then(Value::as_str).map(str::to_owned);
    let container = own.unwrap_or_else(|| format!("{project}-{name}-1"));
    if container.contains('$') { Err("the name of its container is in the environment") } else { Ok(container) }
}

/// Labels, written as a table or as a list.
fn labels(service: &Mapping) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let all: Vec<(String, String)> = match service.get("labels") {
        Some(Value::Mapping(table)) => {
            table.iter().filter_map(|(key, value)| Some((text(key)?, text(value)?))).collect()
        }
        Some(Value::Sequence(list)) => {
            let pairs = list.iter().filter_map(|pair| pair.as_str()?.split_once('='));
            pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
        }
        _ => Vec::new(),
    };
    all.into_iter().filter(|(key, value)| !key.starts_with("com.docker.") && !value.contains('$')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_called_as_compose_calls_them() {
        let text = "x-base: &base { labels: { role: web } }\nservices:\n  a: { <<: *base }\n  b: { container_name: bee, labels: ['role=db', 'x'] }\n  \
            c: { profiles: [dev] }\n  d: { deploy: { replicas: 3 } }\n  e: { container_name: '${E}' }\n";
        let (compose, passed_over) = read("compose.yaml", "My App!", text).unwrap();
        let service = |name: &str, container: &str, role: &str| Service {
            name: name.to_owned(),
            container: container.to_owned(),
            labels: vec![("role".to_owned(), role.to_owned())],
        };
        assert_eq!(compose.services, [service("a", "myapp-a-1", "web"), service("b", "bee", "db")]);
        assert_eq!(passed_over.len(), 3, "{passed_over:?}");
        let (named, _) = read("compose.yaml", "x", "name: shop\nservices: { a: {} }").unwrap();
        assert_eq!(named.services[0].container, "shop-a-1");
        assert!(read("compose.yaml", "x", "a: 1").unwrap_err().contains("no services"));
        assert!(read("compose.yaml", "x", "a: [").unwrap_err().contains("no YAML"));
    }
}
