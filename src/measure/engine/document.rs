//! What an engine has on a container, whole: its own command, and the document for `probe --evidence`.

use bollard::query_parameters::InspectContainerOptions;
use serde_json::Value;
use tokio::time::Instant;

use super::trouble::Trouble;
use super::{Engine, can_be_name};
use crate::measure::redact::Redactor;

/// Keys of a document whose values can hold secrets that nobody could tell from other text.
const HIDDEN: &[&str] = &["Env", "Labels", "Annotations", "LogPath"];

/// The answer to an inspect.
#[derive(Clone, Debug)]
pub struct Document {
    /// The container's own program and arguments.
    pub command: Vec<String>,
    /// Its folder, where it has one.
    pub folder: Option<String>,
    /// Hides the values of its environment.
    pub redactor: Redactor,
    /// Its health checks: end, exit code and output, oldest first.
    pub health: Vec<(String, i64, String)>,
    json: Value,
}

impl Document {
    /// The whole answer as JSON, without environment and labels.
    pub fn text(&self) -> String {
        let mut json = self.json.clone();
        strip(&mut json);
        self.redactor.clean(&serde_json::to_string_pretty(&json).unwrap_or_default())
    }

    /// The health checks, a paragraph each.
    pub fn health_log(&self) -> String {
        let entry = |(end, code, output): &(String, i64, String)| format!("{end} exit {code}\n{}\n", output.trim_end());
        self.redactor.clean(&self.health.iter().map(entry).collect::<String>())
    }
}

impl Engine {
    /// All that the engine has on a container at this moment.
    ///
    /// # Errors
    /// As [`Engine::container`].
    pub async fn document(&self, name: &str, deadline: Instant) -> Result<Document, Trouble> {
        if !can_be_name(name) {
            return Err(Trouble::NoSuchContainer);
        }
        let inspect = self.docker.inspect_container(name, None::<InspectContainerOptions>);
        let inspect = self.ask(deadline, inspect).await?;
        let json = serde_json::to_value(&inspect).unwrap_or_default();
        let command = inspect.path.into_iter().chain(inspect.args.unwrap_or_default()).collect();
        let config = inspect.config.unwrap_or_default();
        let env = config.env.unwrap_or_default();
        let env = env.iter().filter_map(|pair| pair.split_once('='));
        // Those are in every container, and blotting them out would hide where things are.
        let env = env.filter(|(name, _)| !matches!(*name, "PATH" | "HOME" | "HOSTNAME" | "TERM" | "LANG"));
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let log = inspect.state.and_then(|state| state.health).and_then(|health| health.log).unwrap_or_default();
        let health = log.into_iter().map(|entry| {
            (entry.end.unwrap_or_default(), entry.exit_code.unwrap_or_default(), entry.output.unwrap_or_default())
        });
        Ok(Document {
            command,
            folder: config.working_dir.filter(|folder| !folder.is_empty()),
            redactor: Redactor::new().with_env(&env),
            health: health.collect(),
            json,
        })
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| !HIDDEN.contains(&name.as_str()) && !value.is_null());
            members.values_mut().for_each(strip);
        }
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_shows_no_environment() {
        let json = serde_json::json!({
            "Config": {"Env": ["TOKEN=hunter2"], "Cmd": ["srv", "--key", "hunter2"], "Labels": {"a": "b"}},
            "State": {"Status": "running", "Error": null},
        });
        let env = std::collections::BTreeMap::from([("TOKEN".to_owned(), "hunter2".to_owned())]);
        let redactor = Redactor::new().with_env(&env);
        let health = vec![("2026".to_owned(), 1, "no hunter2\n".to_owned())];
        let document = Document { command: Vec::new(), folder: None, redactor, health, json };
        let text = document.text();
        assert!(text.contains("\"Status\": \"running\"") && text.contains("${TOKEN}"), "{text}");
        assert!(!text.contains("hunter2") && !text.contains("Env") && !text.contains("Labels"), "{text}");
        assert_eq!(document.health_log(), "2026 exit 1\nno ${TOKEN}\n");
    }
}
