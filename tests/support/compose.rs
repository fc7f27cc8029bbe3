//! Containers of a compose file, made one by one: no plugin is needed, and the file stays the single source.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

use serde::Deserialize;

use super::engine::{TestContainer, TestEngine};

/// Containers started at once.
const AT_ONCE: usize = 3;

/// The part of the compose format that the examples use. Anything else in a file is an error, so that a test cannot
/// leave out what the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ComposeFile {
    #[serde(rename = "name")]
    _name: String,
    services: BTreeMap<String, Service>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    image: String,
    container_name: String,
    labels: BTreeMap<String, String>,
    restart: String,
    command: Vec<String>,
    healthcheck: Option<HealthCheck>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HealthCheck {
    test: (String, String),
    interval: String,
    retries: u32,
}

/// Starts every service of the file with the test's own image, and gives them by service name.
pub fn up(engine: &TestEngine, file: &Path) -> BTreeMap<String, TestContainer> {
    let text = std::fs::read_to_string(file).unwrap();
    let compose: ComposeFile = yaml_serde::from_str(&text).unwrap();
    let start = |(name, service): (String, Service)| {
        assert_eq!(service.image, "busybox", "{name}: the test has one image");
        let mut options = vec!["--detach".to_owned(), format!("--restart={}", service.restart)];
        options.extend(service.labels.iter().map(|(key, value)| format!("--label={key}={value}")));
        if let Some(check) = service.healthcheck {
            assert_eq!(check.test.0, "CMD-SHELL", "{name}");
            options.push(format!("--health-cmd={}", unescaped(&check.test.1)));
            options.push(format!("--health-interval={}", check.interval));
            options.push(format!("--health-retries={}", check.retries));
        }
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let command: Vec<String> = service.command.iter().map(|word| unescaped(word)).collect();
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let container = engine.make_named("run", service.container_name, &options, "trueup-test/shell", &command);
        (name, container)
    };
    let services: Vec<(String, Service)> = compose.services.into_iter().collect();
    let queue = Mutex::new(services.into_iter());
    let started = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(next) = queue.lock().unwrap().next() else { return };
                    let (name, container) = start(next);
                    started.lock().unwrap().insert(name, container);
                }
            });
        }
    });
    started.into_inner().unwrap()
}

/// Compose writes a dollar as two, since one begins a variable of its own.
fn unescaped(text: &str) -> String {
    let single = text.replace("$$", "");
    assert!(!single.contains('$'), "a variable of compose: {text}");
    text.replace("$$", "$")
}
