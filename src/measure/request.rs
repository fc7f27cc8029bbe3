//! What is to be measured, as plain data. Probes see these and nothing of documents or configuration text.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::container_request::{ComposeQuery, ContainerQuery, MountCheck, ReachCheck, Resource, ResourceLimits};
use super::engine_choice::EngineChoice;
use crate::rung::Rung;

/// Everything that one run measures.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Groups of targets, in the order of trueup.toml.
    pub groups: Vec<GroupRequest>,
    /// Named numbers, in the order of trueup.toml.
    pub metrics: Vec<MetricRequest>,
    /// What programs write, in the order of trueup.toml.
    pub texts: Vec<TextRequest>,
}

impl Plan {
    /// Whether there is nothing to measure.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.metrics.is_empty() && self.texts.is_empty()
    }
}

/// Measure a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupRequest {
    /// Name in trueup.toml.
    pub name: String,
    /// Number of targets there should be; those that discovery does not find are down.
    pub expect: Option<usize>,
    /// Where targets come from, besides those written down.
    pub discover: Vec<Discover>,
    /// Checks that every target must pass.
    pub checks: Vec<CheckRequest>,
    /// Targets written down, and checks that single targets have besides.
    pub targets: Vec<TargetRequest>,
}

/// A target written down in trueup.toml.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetRequest {
    /// Its name.
    pub name: String,
    /// Its own checks. One of a kind that the group has as well replaces the group's for this target.
    pub checks: Vec<CheckRequest>,
}

/// A source of targets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Discover {
    /// Containers of an engine.
    Docker(ContainerQuery),
    /// The services of a compose file.
    Compose(ComposeQuery),
    /// The servers of an `.mcp.json`.
    McpJson {
        /// The file.
        path: PathBuf,
    },
}

/// One check of one target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRequest {
    /// What is done.
    pub check: Check,
    /// The rung that a pass proves; `None` leaves it to the probe.
    pub rung: Option<Rung>,
    /// Time for one attempt.
    pub timeout: Duration,
    /// Attempts at most, at least 1. Only what can pass (refused, timeout, 5xx) is tried again.
    pub attempts: u32,
}

/// Ways to look at a target. One variant, one probe, one file under `measure/probe/`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Check {
    /// State of a container.
    Docker(DockerCheck),
    /// A command inside a container.
    Exec(ExecCheck),
    /// A path inside a container.
    Mount(MountCheck),
    /// A place that must be reachable from inside a container.
    Reach(ReachCheck),
    /// An MCP server.
    Mcp(McpCheck),
    /// An HTTP endpoint.
    Http(HttpCheck),
    /// A TCP port.
    Tcp(TcpCheck),
    /// A program on this machine.
    Command(CommandCheck),
    /// A file.
    File(FileCheck),
}

impl Check {
    /// Names of the kinds, as trueup.toml writes them.
    pub const NAMES: &'static [&'static str] =
        &["docker", "exec", "mount", "reach", "mcp", "http", "tcp", "command", "file"];

    /// The name as trueup.toml writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Check::Docker(_) => "docker",
            Check::Exec(_) => "exec",
            Check::Mount(_) => "mount",
            Check::Reach(_) => "reach",
            Check::Mcp(_) => "mcp",
            Check::Http(_) => "http",
            Check::Tcp(_) => "tcp",
            Check::Command(_) => "command",
            Check::File(_) => "file",
        }
    }

    /// Whether it starts a program, here or in a container (what `--no-exec` refuses).
    pub fn executes(&self) -> bool {
        match self {
            Check::Exec(_) | Check::Reach(_) | Check::Mcp(_) | Check::Command(_) => true,
            Check::Docker(_) | Check::Mount(_) | Check::Http(_) | Check::Tcp(_) | Check::File(_) => false,
        }
    }
}

/// State of a container: running, not restarting, not paused, healthy where it has a health check, and stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DockerCheck {
    /// The engine.
    pub engine: EngineChoice,
    /// The container, where the target was not discovered from an engine. Name or id.
    pub container: Option<String>,
    /// A container that restarted or started within this time is not up.
    pub stable_for: Duration,
    /// What it may use at most.
    pub limits: ResourceLimits,
}

/// A command inside a container that must end with an exit code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExecCheck {
    /// The engine.
    pub engine: EngineChoice,
    /// The container, where the target was not discovered from an engine. Name or id.
    pub container: Option<String>,
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Exit code of success.
    pub exit_code: i64,
    /// Regular expression that standard output must match.
    pub stdout: Option<String>,
}

/// An MCP server: handshake, tool list, and a call where one is configured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct McpCheck {
    /// The program to speak to over its standard input and output; `None` takes the one that discovery found.
    pub server: Option<McpServer>,
    /// Fewest tools that it must list.
    pub min_tools: usize,
    /// Tools that it must list.
    pub tools: Vec<String>,
    /// A call that must work. Without one the evidence ends at the handshake.
    pub call: Option<McpCall>,
}

/// How to start an MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct McpServer {
    /// Program and arguments.
    pub argv: Vec<String>,
    /// Environment on top of ours. Values never appear in output.
    pub env: BTreeMap<String, String>,
    /// Folder to start it in.
    pub cwd: PathBuf,
}

/// One `tools/call` and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct McpCall {
    /// Name of the tool.
    pub tool: String,
    /// Its arguments, a JSON object.
    pub arguments: serde_json::Value,
    /// Regular expression that the text of the answer must match. Without it the answer proves no more than the handshake.
    pub expect: Option<String>,
    /// Regular expression that the text must not match, besides the built-in ones for errors told as success.
    pub reject: Option<String>,
}

/// An HTTP request and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HttpCheck {
    /// Where.
    pub url: String,
    /// `GET` and so on.
    pub method: String,
    /// Headers by name.
    pub headers: Vec<(String, HeaderValue)>,
    /// Body to send.
    pub body: Option<String>,
    /// Status codes of success.
    pub status: Vec<u16>,
    /// JSON pointers into the body and the values that must stand there.
    pub json: Vec<(String, serde_json::Value)>,
    /// Regular expression that the body must match.
    pub matches: Option<String>,
}

/// The value of a header: written down, or named in the environment so that it is in no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderValue {
    /// As written.
    Text(String),
    /// The value of an environment variable, looked up when the request is made.
    Env(String),
}

/// A TCP port that must accept a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TcpCheck {
    /// `host:port`.
    pub address: String,
}

/// A program that must end with an exit code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandCheck {
    /// Program and arguments. No shell stands between.
    pub argv: Vec<String>,
    /// Folder to start it in.
    pub cwd: PathBuf,
    /// Exit code of success.
    pub exit_code: i32,
    /// Regular expression that standard output must match.
    pub stdout: Option<String>,
}

/// A file that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileCheck {
    /// The file or folder.
    pub path: PathBuf,
    /// Regular expression that its text must match. With it, a pass proves [`Rung::Functional`], else [`Rung::Exists`].
    pub matches: Option<String>,
}

/// Measure a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricRequest {
    /// Name in trueup.toml.
    pub name: String,
    /// Where the number comes from.
    pub source: MetricSource,
    /// Time for it.
    pub timeout: Duration,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum MetricSource {
    /// Standard output of a program.
    Command {
        /// Program and arguments. No shell stands between.
        argv: Vec<String>,
        /// Folder to start it in.
        cwd: PathBuf,
        /// Exit codes with which its output counts.
        exit_codes: Vec<i32>,
        /// How to find the number in the output.
        read: Reading,
    },
    /// Number of files that match a pattern and are not ignored by git. A later pattern that begins with `!` takes back
    /// what an earlier one named.
    FileCount {
        /// Folder to look in.
        root: PathBuf,
        /// Glob patterns, relative to `root`.
        globs: Vec<String>,
    },
    /// Number of matches of a regular expression in files.
    MatchCount {
        /// Folder to look in.
        root: PathBuf,
        /// Glob patterns, relative to `root`.
        globs: Vec<String>,
        /// Regular expression; `^` and `$` match at lines.
        pattern: String,
    },
    /// A value in a JSON, TOML or YAML file.
    FileValue {
        /// The file.
        path: PathBuf,
        /// JSON pointer to the number.
        value: String,
        /// JSON pointer to the whole it is a part of.
        total: Option<String>,
    },
    /// What a container uses.
    Container {
        /// The engine.
        engine: EngineChoice,
        /// The container, by name or id.
        container: String,
        /// Of what.
        resource: Resource,
    },
    /// A value in the JSON body of an HTTP answer.
    HttpValue {
        /// The request, its `status` included.
        request: HttpCheck,
        /// JSON pointer to the number.
        value: String,
        /// JSON pointer to the whole it is a part of.
        total: Option<String>,
    },
}

impl MetricSource {
    /// Names of the kinds, as trueup.toml writes them under `from`.
    pub const NAMES: &'static [&'static str] = &["command", "file", "http", "docker"];

    /// Whether it starts a program (what `--no-exec` refuses).
    pub fn executes(&self) -> bool {
        matches!(self, MetricSource::Command { .. })
    }
}

/// How to find a number in text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The whole text is the number.
    Whole,
    /// Group `value` (else the first group, else the whole) of the last match of a regular expression, and its group
    /// `total` where it has one. `^` and `$` match at lines.
    Regex(String),
    /// JSON pointers into the text read as JSON.
    Json {
        /// Pointer to the number, or to a list or object whose length is meant.
        value: String,
        /// Pointer to the whole.
        total: Option<String>,
    },
    /// Number of lines.
    Lines,
}

/// Take down what a program writes to standard output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TextRequest {
    /// Name in trueup.toml.
    pub name: String,
    /// Program and arguments. No shell stands between.
    pub argv: Vec<String>,
    /// Folder to start it in.
    pub cwd: PathBuf,
    /// Exit codes with which its output counts.
    pub exit_codes: Vec<i32>,
    /// Most lines that are kept, from the first on.
    pub max_lines: usize,
    /// Time for it.
    pub timeout: Duration,
}
