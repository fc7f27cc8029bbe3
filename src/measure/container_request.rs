//! What is to be measured of containers, as plain data.

use std::path::PathBuf;

use serde::Serialize;

use super::engine_choice::EngineChoice;

/// Which containers of an engine are meant, stopped ones included. All that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ContainerQuery {
    /// The engine.
    pub engine: EngineChoice,
    /// `KEY` or `KEY=VALUE` labels.
    pub labels: Vec<String>,
    /// Glob pattern of the name.
    pub name: Option<String>,
    /// Compose project.
    pub project: Option<String>,
    /// Swarm service. Of the containers that a task had one after the other, the last one counts.
    pub service: Option<String>,
}

/// The services of a compose file. Each of them is a target; one without a container is down.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ComposeQuery {
    /// The engine.
    pub engine: EngineChoice,
    /// The file or files, later ones over earlier ones; or one folder, whose usual files are taken.
    pub files: Vec<PathBuf>,
    /// Project name, where neither the environment nor the file is to say it.
    pub project: Option<String>,
    /// Profiles that are active besides those in `COMPOSE_PROFILES`.
    pub profiles: Vec<String>,
}

/// What a container may use at most. What is not given is not looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ResourceLimits {
    /// Memory in bytes, without the page cache that the kernel can take back.
    pub memory: Option<u64>,
    /// Processor time, in percent of one processor.
    pub cpu: Option<u64>,
    /// Restarts by the engine per hour, on average since the container was made.
    pub restarts_per_hour: Option<u64>,
    /// Bytes written to the log per minute.
    pub log_bytes_per_minute: Option<u64>,
}

/// A resource that a container uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Memory in bytes, without the page cache that the kernel can take back.
    Memory,
    /// Processor time, in percent of one processor.
    Cpu,
    /// Restarts by the engine per hour, on average since the container was made.
    RestartsPerHour,
    /// Bytes written to the log per minute.
    LogBytesPerMinute,
}

impl Resource {
    /// The words of trueup.toml.
    pub const NAMES: &'static [&'static str] = &["memory", "cpu", "restarts-per-hour", "log-bytes-per-minute"];

    /// Every resource, in the order of [`Resource::NAMES`].
    pub const ALL: [Resource; 4] =
        [Resource::Memory, Resource::Cpu, Resource::RestartsPerHour, Resource::LogBytesPerMinute];

    /// The word of trueup.toml.
    pub fn name(self) -> &'static str {
        match self {
            Resource::Memory => "memory",
            Resource::Cpu => "cpu",
            Resource::RestartsPerHour => "restarts-per-hour",
            Resource::LogBytesPerMinute => "log-bytes-per-minute",
        }
    }
}

/// A path inside a container that must be there, be readable and hold something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MountCheck {
    /// The engine.
    pub engine: EngineChoice,
    /// The container, where the target was not discovered from an engine. Name or id.
    pub container: Option<String>,
    /// The path, as the container sees it.
    pub path: String,
    /// Whether an empty folder will do. Engines mount one where the source of a mount does not exist.
    pub may_be_empty: bool,
}

/// A place that must be reachable from inside a container's network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReachCheck {
    /// The engine.
    pub engine: EngineChoice,
    /// The container, where the target was not discovered from an engine. Name or id.
    pub container: Option<String>,
    /// What is to be reached.
    pub to: Reached,
}

/// What is to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// A port that accepts a connection.
    Tcp {
        /// Name or address.
        host: String,
        /// Its port.
        port: u16,
    },
    /// A URL that answers.
    Http {
        /// The URL.
        url: String,
        /// Status codes of success; anything below 500 where there are none.
        status: Vec<u16>,
    },
}
