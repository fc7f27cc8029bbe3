//! What an engine says it is.

use std::time::Duration;

use bollard::models::SystemVersion;
use tokio::time::{Instant, timeout_at};

use super::Engine;
use super::trouble::{self, Trouble};
use crate::measure::evidence::plain;
use crate::measure::measurement::{EngineOutcome, EngineVersion};

/// Longest name and version, in Unicode scalar values.
const LIMIT: usize = 60;

/// Longest wait. It takes an engine some milliseconds, for it asks programs of its own.
const PATIENCE: Duration = Duration::from_secs(2);

impl Engine {
    /// What it is, as it said when it was first asked. Silence about this says nothing about its containers, and keeps
    /// nobody from asking for them.
    pub async fn version(&self, deadline: Instant) -> EngineOutcome {
        let ask = async {
            let mut gone = std::pin::pin!(self.gone.notified());
            gone.as_mut().enable();
            let away = || self.away.get().cloned().map(EngineOutcome::Unmeasured);
            if let Some(away) = away() {
                return away;
            }
            // Once a check has found that nobody is there, it is not waited for twice.
            let answer = tokio::select! {
                answer = timeout_at(deadline.min(Instant::now() + PATIENCE), self.docker.version()) => answer.ok(),
                () = gone => None,
            };
            let trouble = match answer {
                Some(Ok(said)) => match read(said) {
                    Some(version) => return EngineOutcome::Measured(version),
                    None => self.unreadable("no version of itself"),
                },
                Some(Err(error)) => Trouble::of(&error, &self.source),
                None => trouble::timed_out(&self.source),
            };
            away().unwrap_or_else(|| EngineOutcome::Unmeasured(trouble.into_unmeasured(&self.source)))
        };
        self.version.get_or_init(|| ask).await.clone()
    }
}

/// An engine that goes by the interface of docker names itself as a component; docker calls its own "Engine".
fn read(said: SystemVersion) -> Option<EngineVersion> {
    let components = said.components.unwrap_or_default();
    let named = components.iter().find(|component| component.name.ends_with("Engine"));
    let product = match named.map_or("Engine", |component| component.name.as_str()) {
        "Engine" => "docker".to_owned(),
        "Podman Engine" => "podman".to_owned(),
        other => plain(other, LIMIT),
    };
    let version = said.version.or_else(|| named.map(|component| component.version.clone()))?;
    let [version, api] = [version, said.api_version.unwrap_or_default()].map(|text| plain(&text, LIMIT));
    (!version.is_empty()).then_some(EngineVersion { product, version, api })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<EngineVersion> {
        read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn engines_are_told_apart_by_their_components() {
        let docker =
            of(r#"{"Platform": {"Name": "Docker Engine - Community"}, "Version": "27.3.1", "ApiVersion": "1.47",
            "Components": [{"Name": "Engine", "Version": "27.3.1"}, {"Name": "containerd", "Version": "1.7.22"}]}"#);
        let said = |product: &str, version: &str, api: &str| {
            Some(EngineVersion { product: product.to_owned(), version: version.to_owned(), api: api.to_owned() })
        };
        assert_eq!(docker, said("docker", "27.3.1", "1.47"));
        let podman = of(r#"{"Version": "4.3.1", "ApiVersion": "1.41",
            "Components": [{"Name": "Podman Engine", "Version": "4.3.1"}, {"Name": "Conmon", "Version": "2.1.6"}]}"#);
        assert_eq!(podman, said("podman", "4.3.1", "1.41"));
        let other = of(r#"{"Components": [{"Name": "Other\u001b[2J Engine", "Version": "1\n2"}]}"#);
        assert_eq!(other, said("Other Engine", "1 2", ""));
        assert_eq!(of("{}"), None);
    }
}
