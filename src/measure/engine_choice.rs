//! Which container engine is meant, as plain data.

use std::path::PathBuf;

use serde::Serialize;

/// Which engine a group, a check or a metric asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineChoice {
    /// The one that the docker client would ask: `DOCKER_HOST`, else the current context, else the default socket.
    #[default]
    Environment,
    /// The one at an address.
    Host {
        /// As `DOCKER_HOST` has it: `unix:///path`, `tcp://host:port`, `ssh://user@host`.
        host: String,
        /// Folder with `ca.pem`, and `cert.pem` and `key.pem` where the engine asks for them. With it, tcp is TLS.
        tls: Option<PathBuf>,
    },
    /// The one of a docker context.
    Context {
        /// Its name.
        name: String,
    },
    /// One that runs inside a container of another engine, and is reached through that.
    Inside(Box<Inside>),
}

/// An engine inside a container.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Inside {
    /// The container, by name or id.
    pub container: String,
    /// Where the inner engine listens, as the container sees it; `None` for its default socket.
    pub host: Option<String>,
    /// The docker client in the container, and what stands before its own arguments.
    pub client: Vec<String>,
    /// The engine that the container is on.
    pub outer: EngineChoice,
}
