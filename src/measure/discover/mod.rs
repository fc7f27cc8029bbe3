//! Where targets come from: an engine, a compose file, an `.mcp.json`.

use super::measurement::Unmeasured;
use super::request::{Discover, McpServer};
use super::source::Sources;
use crate::rung::Rung;

pub mod compose;
pub mod docker;
pub mod mcp_json;

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
    /// A server of an `.mcp.json`.
    McpServer(McpServer),
    /// A server of an `.mcp.json` that is reached over the network.
    McpRemote {
        /// How it is spoken to: `http`, `sse`, `ws`, as written.
        transport: String,
        /// Where. It may hold a credential and is not to be shown.
        url: String,
    },
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
    }
}
