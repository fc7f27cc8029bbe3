//! Where targets come from: an engine, a compose file, an `.mcp.json`, a Prometheus server.

use super::measurement::Unmeasured;
use super::prometheus::Series;
use super::request::{Discover, McpServer, McpWeb};
use super::source::Sources;
use crate::rung::Rung;

pub mod compose;
pub mod docker;
pub mod mcp_json;
pub mod prometheus;

/// A target that discovery found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name, as the source has it.
    pub name: String,
    /// What being found proves: [`Rung::Declared`] for an entry of a file, [`Rung::Exists`] for a container.
    pub origin: Rung,
    /// How probes reach it.
    pub handle: Handle,
}

/// What discovery knows of a target, so that its checks need not say it again.
#[derive(Clone, Debug, Default)]
pub enum Handle {
    /// Nothing: the target is written down in trueup.toml, and its checks say all.
    #[default]
    Named,
    /// A server of an `.mcp.json`, or of a file like it.
    McpServer(McpServer),
    /// A server of such a file that is reached over the network.
    McpRemote(McpWeb),
    /// A target that the source names and that nobody can look at from here, with the reason.
    OutOfReach(Unmeasured),
    /// A server that its file says to leave alone. It is no target, and is named in the report.
    Disabled,
    /// A container, by its id.
    Container {
        /// Full id.
        id: String,
    },
    /// None: it is declared, and there is no container of it.
    Absent {
        /// One line that says so.
        reason: String,
    },
    /// A series of a Prometheus server, with the value that it had when it was found.
    Series(Box<Series>),
}

/// Asks one source for its targets, in a stable order.
///
/// # Errors
/// `Unmeasured` where the source could not be asked. A source that answered and knows no target is an empty list.
pub async fn discover(from: &Discover, sources: &Sources) -> Result<Vec<Found>, Unmeasured> {
    match from {
        Discover::Docker(query) => docker::discover(query, sources).await,
        Discover::Compose(query) => compose::discover(query, sources).await,
        Discover::McpJson { path } => mcp_json::discover(path).await,
        Discover::Prometheus { query, name } => prometheus::discover(query, name, sources).await,
    }
}

/// What is said of a source that knows no target, where an empty list could be taken for an answer.
pub fn nothing_found(from: &Discover) -> Option<Unmeasured> {
    match from {
        Discover::Prometheus { query, .. } => Some(super::prometheus::nothing_found(query)),
        Discover::Docker(_) | Discover::Compose(_) | Discover::McpJson { .. } => None,
    }
}
