//! Which engine is asked, in the order in which the docker client decides it.
//!
//! | what there is | which engine |
//! |---|---|
//! | `engine` in trueup.toml | that one |
//! | `DOCKER_HOST` | that one; TLS if `DOCKER_TLS_VERIFY` is set, with what is in `DOCKER_CERT_PATH` or the client's folder |
//! | `DOCKER_CONTEXT`, else `currentContext` in the client's `config.json` | that of the context, unless it is `default` |
//! | `/var/run/docker.sock` (the pipe on Windows) | that one |
//!
//! One step more than the docker client takes: where the default socket does not exist, the first of these that does is
//! asked, so that rootless engines and podman are found without a variable: `$XDG_RUNTIME_DIR/docker.sock`,
//! `~/.docker/run/docker.sock`, `$XDG_RUNTIME_DIR/podman/podman.sock`, `/run/podman/podman.sock`.
//!
//! The client's folder is `DOCKER_CONFIG`, else `~/.docker`. TLS without verification (`DOCKER_TLS` alone, or a context that
//! skips it) is refused: what anybody could have answered is no evidence.

use std::env;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::address::{Address, unusable};
use crate::measure::engine_choice::EngineChoice;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::platform::engine::DEFAULT_ENGINE;

/// What the environment says of engines. Empty variables count as not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `DOCKER_HOST`.
    pub host: Option<String>,
    /// `DOCKER_CONTEXT`.
    pub context: Option<String>,
    /// Whether `DOCKER_TLS_VERIFY` is set.
    pub tls_verify: bool,
    /// Whether `DOCKER_TLS` is set.
    pub tls: bool,
    /// `DOCKER_CERT_PATH`.
    pub cert_path: Option<PathBuf>,
    /// The docker client's folder: `DOCKER_CONFIG`, else `.docker` in the user's own.
    pub config: Option<PathBuf>,
    /// Sockets to look for where the default one does not exist.
    pub sockets: Vec<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Surroundings {
        let text = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let path = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = path(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let own = home.map(|home| home.join(".docker"));
        let runtime = path("XDG_RUNTIME_DIR");
        let sockets = [
            runtime.as_ref().map(|folder| folder.join("docker.sock")),
            own.as_ref().map(|folder| folder.join("run/docker.sock")),
            runtime.as_ref().map(|folder| folder.join("podman/podman.sock")),
            Some(PathBuf::from("/run/podman/podman.sock")),
        ];
        Surroundings {
            host: text("DOCKER_HOST"),
            context: text("DOCKER_CONTEXT"),
            tls_verify: text("DOCKER_TLS_VERIFY").is_some(),
            tls: text("DOCKER_TLS").is_some(),
            cert_path: path("DOCKER_CERT_PATH"),
            config: path("DOCKER_CONFIG").or(own),
            sockets: if cfg!(unix) { sockets.into_iter().flatten().collect() } else { Vec::new() },
        }
    }

    /// The address of the engine that the environment means.
    ///
    /// # Errors
    /// `Unmeasured` where it names one that trueup cannot connect to, or a context that is not there.
    pub fn address(&self) -> Result<Address, Unmeasured> {
        if let Some(host) = &self.host {
            let encrypted = host.starts_with("tcp://") || host.starts_with("https://");
            return match (encrypted, self.tls_verify, self.tls) {
                (true, true, _) => Address::read(host, self.cert_path.clone().or_else(|| self.config.clone())),
                (true, false, true) => {
                    Err(unusable(host, "TLS without verification is refused; set DOCKER_TLS_VERIFY=1"))
                }
                (true, false, false) | (false, ..) => Address::read(host, None),
            };
        }
        let context = match &self.context {
            Some(name) => Some(name.clone()),
            None => self.current_context()?,
        };
        match context {
            Some(name) if name != "default" => self.of_context(&name),
            Some(_) | None => self.default_address(),
        }
    }

    /// The engine of the docker context `name`.
    ///
    /// # Errors
    /// `Unmeasured` where there is no such context, or it names no engine that trueup can connect to.
    pub fn of_context(&self, name: &str) -> Result<Address, Unmeasured> {
        if name == "default" {
            return Surroundings { context: Some(name.to_owned()), ..self.clone() }.address();
        }
        let Some(config) = &self.config else {
            return Err(no_context(
                name,
                "there is no folder of the docker client: DOCKER_CONFIG and HOME are not set",
            ));
        };
        let id = hex(&Sha256::digest(name.as_bytes()));
        let path = config.join("contexts/meta").join(&id).join("meta.json");
        let text = std::fs::read(&path).map_err(|error| no_context(name, &format!("{}: {error}", path.display())))?;
        let meta: Meta = serde_json::from_slice(&text)
            .map_err(|error| no_context(name, &format!("{} cannot be read: {error}", path.display())))?;
        let Some(endpoint) = meta.endpoints.docker else {
            return Err(no_context(name, &format!("{} names no docker endpoint", path.display())));
        };
        let tls = config.join("contexts/tls").join(&id).join("docker");
        let tls = Some(tls).filter(|folder| folder.is_dir());
        if endpoint.skip_tls_verify && tls.is_some() {
            return Err(no_context(name, "it skips the verification of TLS, and that is refused"));
        }
        Address::read(&endpoint.host, tls)
    }

    fn current_context(&self) -> Result<Option<String>, Unmeasured> {
        let Some(path) = self.config.as_ref().map(|folder| folder.join("config.json")) else { return Ok(None) };
        let Ok(text) = std::fs::read(&path) else { return Ok(None) };
        // A file that cannot be read could name any engine: the wrong one must not be asked in its place.
        let config: ClientConfig = serde_json::from_slice(&text).map_err(|error| Unmeasured {
            cause: UnmeasuredCause::Unreadable,
            detail: format!("{} cannot be read, and may name a context: {error}", path.display()),
            source: "docker context".to_owned(),
        })?;
        Ok(config.current_context.filter(|name| !name.is_empty()))
    }

    fn default_address(&self) -> Result<Address, Unmeasured> {
        let default = Address::parse(DEFAULT_ENGINE)?;
        let exists = |path: &Path| !matches!(std::fs::metadata(path), Err(error) if error.kind() == std::io::ErrorKind::NotFound);
        match &default {
            Address::Unix(path) if !exists(Path::new(path)) => {
                let other = self.sockets.iter().find(|path| exists(path));
                Ok(other.map_or(default, |path| Address::Unix(path.to_string_lossy().into_owned())))
            }
            _ => Ok(default),
        }
    }
}

/// The address of the engine that is meant. `environment` says what [`EngineChoice::Environment`] is.
///
/// # Errors
/// `Unmeasured` where it cannot be told, or trueup cannot connect to it.
pub fn address_of(
    choice: &EngineChoice,
    environment: &dyn Fn() -> Result<Address, Unmeasured>,
) -> Result<Address, Unmeasured> {
    match choice {
        EngineChoice::Environment => environment(),
        EngineChoice::Host { host, tls } => Address::read(host, tls.clone()),
        EngineChoice::Context { name } => Surroundings::of_process().of_context(name),
        EngineChoice::Inside(inside) => Ok(Address::Inside {
            container: inside.container.clone(),
            host: inside.host.clone(),
            client: inside.client.clone(),
            outer: Box::new(address_of(&inside.outer, environment)?),
        }),
    }
}

fn no_context(name: &str, why: &str) -> Unmeasured {
    Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("no engine by the docker context `{name}`: {why}"),
        source: format!("docker context {name}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Deserialize)]
struct ClientConfig {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "Endpoints")]
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    docker: Option<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host", default)]
    host: String,
    #[serde(rename = "SkipTLSVerify", default)]
    skip_tls_verify: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_context(name: &str, meta: &str) -> (tempfile::TempDir, Surroundings) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("contexts/meta").join(hex(&Sha256::digest(name.as_bytes())));
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join("meta.json"), meta).unwrap();
        let surroundings = Surroundings { config: Some(folder.path().to_owned()), ..Surroundings::default() };
        (folder, surroundings)
    }

    fn shown(surroundings: &Surroundings) -> String {
        surroundings.address().map_or_else(|unmeasured| unmeasured.detail, |address| address.to_string())
    }

    #[test]
    fn the_order_of_the_docker_client() {
        let meta =
            r#"{"Name":"far","Metadata":{},"Endpoints":{"docker":{"Host":"ssh://me@far","SkipTLSVerify":false}}}"#;
        let (folder, mut surroundings) = with_context("far", meta);
        assert!(shown(&surroundings).starts_with(DEFAULT_ENGINE), "no context is current");
        std::fs::write(folder.path().join("config.json"), r#"{"auths":{},"currentContext":"far"}"#).unwrap();
        assert_eq!(shown(&surroundings), "ssh://me@far");
        surroundings.context = Some("default".to_owned());
        assert!(shown(&surroundings).starts_with(DEFAULT_ENGINE));
        surroundings.context = Some("near".to_owned());
        assert!(shown(&surroundings).starts_with("no engine by the docker context `near`"));
        surroundings.host = Some("unix:///run/x.sock".to_owned());
        assert_eq!(shown(&surroundings), "unix:///run/x.sock", "DOCKER_HOST comes before every context");
    }

    #[test]
    fn tls_is_verified_or_not_spoken() {
        let mut surroundings = Surroundings { host: Some("tcp://box".to_owned()), ..Surroundings::default() };
        assert_eq!(shown(&surroundings), "tcp://box:2375");
        surroundings.tls = true;
        assert!(shown(&surroundings).contains("TLS without verification is refused"));
        surroundings.tls_verify = true;
        surroundings.config = Some(PathBuf::from("/home/me/.docker"));
        let folder = |surroundings: &Surroundings| match surroundings.address().unwrap() {
            Address::Tls { folder, .. } => folder,
            other => panic!("{other:?}"),
        };
        assert_eq!(folder(&surroundings), Path::new("/home/me/.docker"));
        surroundings.cert_path = Some(PathBuf::from("/certs"));
        assert_eq!(folder(&surroundings), Path::new("/certs"));
    }

    #[test]
    fn the_certificates_of_a_context_make_it_tls() {
        let meta = r#"{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}"#;
        let (folder, surroundings) = with_context("far", meta);
        assert_eq!(surroundings.of_context("far").unwrap().to_string(), "tcp://far:2376");
        let tls = folder.path().join("contexts/tls").join(hex(&Sha256::digest(b"far"))).join("docker");
        std::fs::create_dir_all(&tls).unwrap();
        assert_eq!(surroundings.of_context("far").unwrap().to_string(), "tcp+tls://far:2376");
    }

    #[test]
    fn a_client_that_cannot_be_understood_is_not_passed_over() {
        let (folder, surroundings) = with_context("far", "{");
        std::fs::write(folder.path().join("config.json"), "{").unwrap();
        assert!(shown(&surroundings).contains("may name a context"));
        assert!(surroundings.of_context("far").unwrap_err().detail.contains("cannot be read"));
    }

    #[cfg(unix)]
    #[test]
    fn other_sockets_are_looked_for_where_the_default_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let (none, some) = (folder.path().join("none.sock"), folder.path().join("podman.sock"));
        std::fs::write(&some, "").unwrap();
        let surroundings = Surroundings { sockets: vec![none, some.clone()], ..Surroundings::default() };
        // A machine with an engine of its own has the default socket, and that comes first.
        let expected = if Path::new("/var/run/docker.sock").exists() {
            DEFAULT_ENGINE.to_owned()
        } else {
            format!("unix://{}", some.display())
        };
        assert_eq!(shown(&surroundings), expected);
    }
}
