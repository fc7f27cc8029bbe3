//! What is to be measured, as plain data. Probes see these and nothing of documents or configuration text.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::container_request::{ComposeQuery, ContainerQuery, MountCheck, ReachCheck, Resource, ResourceLimits};
use super::engine_choice::EngineChoice;
use crate::rung::Rung;

pub mod git;
pub mod local;
pub mod prometheus;
pub mod report;
pub mod web;

pub use git::{GitCheck, GitCount};
pub use local::{CommandCheck, DnsCheck, FileCheck, Notation, ProcessCheck, ProcessSought, TcpCheck, TcpPlace};
pub use prometheus::{Condition, PrometheusCheck, PrometheusQuery, PrometheusServer, Relation};
pub use report::{CaseState, CoverageOf, JunitCheck, ReportFiles, ReportRequest, ReportValue};
pub use web::{Credential, HeaderValue, HttpCheck, Load, LoadFigure, Secret, TlsDemand, Trust};

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
    /// The series of an instant query of a Prometheus server.
    Prometheus {
        /// The query.
        query: PrometheusQuery,
        /// Labels whose values, in this order, are the name of a target. Empty: `instance`, and where a series has none,
        /// the series as Prometheus writes it.
        name: Vec<String>,
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
    /// A TCP port or a unix socket.
    Tcp(TcpCheck),
    /// A name of the domain name system.
    Dns(DnsCheck),
    /// A query of a Prometheus server.
    Prometheus(PrometheusCheck),
    /// A process of this machine.
    Process(ProcessCheck),
    /// A program on this machine.
    Command(CommandCheck),
    /// A file.
    File(FileCheck),
    /// The report of a test runner.
    Junit(JunitCheck),
    /// A git repository.
    Git(GitCheck),
}

impl Check {
    /// Names of the kinds, as trueup.toml writes them.
    pub const NAMES: &'static [&'static str] = &[
        "docker",
        "exec",
        "mount",
        "reach",
        "mcp",
        "http",
        "tcp",
        "dns",
        "prometheus",
        "process",
        "command",
        "file",
        "junit",
        "git",
    ];

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
            Check::Dns(_) => "dns",
            Check::Prometheus(_) => "prometheus",
            Check::Process(_) => "process",
            Check::Command(_) => "command",
            Check::File(_) => "file",
            Check::Junit(_) => "junit",
            Check::Git(_) => "git",
        }
    }

    /// Whether it starts a program, here or in a container. What an mcp check does hangs on what discovery found, too.
    pub fn executes(&self) -> bool {
        match self {
            Check::Exec(_) | Check::Reach(_) | Check::Mcp(_) | Check::Command(_) | Check::Git(_) => true,
            Check::Process(check) => check.executes(),
            Check::Junit(check) => check.report.executes(),
            Check::Docker(_)
            | Check::Mount(_)
            | Check::Http(_)
            | Check::Tcp(_)
            | Check::Dns(_)
            | Check::Prometheus(_)
            | Check::File(_) => false,
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

/// An MCP server: handshake, tool list, and calls where some are configured.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct McpCheck {
    /// How to reach it; `None` takes the way that discovery found.
    pub server: Option<McpRoute>,
    /// Regular expression that the server's own name and version must match.
    pub identity: Option<String>,
    /// Fewest tools that it must list.
    pub min_tools: usize,
    /// Tools that it must list.
    pub tools: Vec<String>,
    /// Fewest resources that it must list; `None` does not ask.
    pub min_resources: Option<usize>,
    /// Fewest prompts that it must list; `None` does not ask.
    pub min_prompts: Option<usize>,
    /// Calls that must work, one after the other. Without one the evidence ends at the handshake.
    pub calls: Vec<McpCall>,
}

/// The way to an MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum McpRoute {
    /// A program of this machine, over its standard input and output.
    Stdio(McpServer),
    /// A program inside a container, over its standard input and output.
    Exec(McpExec),
    /// A server over HTTP.
    Web(McpWeb),
}

/// A program inside a container that is an MCP server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct McpExec {
    /// The engine.
    pub engine: EngineChoice,
    /// The container, where the target was not discovered from an engine. Name or id.
    pub container: Option<String>,
    /// Program and arguments; `None` takes the container's own command.
    pub argv: Option<Vec<String>>,
    /// Environment on top of the container's. Values never appear in output.
    pub env: BTreeMap<String, String>,
}

/// An MCP server over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct McpWeb {
    /// Where. It may hold a credential and is not to be shown as it is.
    pub url: String,
    /// How it is spoken to.
    pub transport: McpTransport,
    /// Headers by name.
    pub headers: Vec<(String, HeaderValue)>,
}

/// How an MCP server is spoken to over HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum McpTransport {
    /// Streamable HTTP; the older way where the server answers as servers of the older way do.
    #[default]
    Http,
    /// The older way alone: a stream of events that names the address to write to.
    Sse,
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
    /// A number in a report of a test runner or a coverage tool.
    Report(ReportRequest),
    /// A number of a git repository.
    Git {
        /// A folder of it. Patterns are relative to this.
        folder: PathBuf,
        /// What is counted.
        count: GitCount,
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
    /// A figure of many HTTP requests.
    HttpLoad {
        /// The request, with the load and all that an answer must satisfy.
        request: HttpCheck,
        /// Which figure.
        figure: LoadFigure,
    },
    /// The one number that an instant query of a Prometheus server gives.
    Prometheus {
        /// The query.
        query: PrometheusQuery,
        /// A query for the whole it is a part of.
        total: Option<String>,
    },
}

impl MetricSource {
    /// Names of the kinds, as trueup.toml writes them under `from`.
    pub const NAMES: &'static [&'static str] =
        &["command", "file", "http", "prometheus", "junit", "coverage", "git", "docker"];

    /// The name as trueup.toml writes it under `from`.
    pub fn name(&self) -> &'static str {
        match self {
            MetricSource::Command { .. } => "command",
            MetricSource::FileCount { .. } | MetricSource::MatchCount { .. } | MetricSource::FileValue { .. } => "file",
            MetricSource::HttpValue { .. } | MetricSource::HttpLoad { .. } => "http",
            MetricSource::Prometheus { .. } => "prometheus",
            MetricSource::Report(ReportRequest { value: ReportValue::Cases { .. }, .. }) => "junit",
            MetricSource::Report(ReportRequest { value: ReportValue::Coverage(_), .. }) => "coverage",
            MetricSource::Git { .. } => "git",
            MetricSource::Container { .. } => "docker",
        }
    }

    /// Whether it starts a program (what `--no-exec` refuses).
    pub fn executes(&self) -> bool {
        match self {
            MetricSource::Command { .. } | MetricSource::Git { .. } => true,
            MetricSource::Report(report) => report.files.executes(),
            MetricSource::FileCount { .. }
            | MetricSource::MatchCount { .. }
            | MetricSource::FileValue { .. }
            | MetricSource::HttpValue { .. }
            | MetricSource::HttpLoad { .. }
            | MetricSource::Container { .. }
            | MetricSource::Prometheus { .. } => false,
        }
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
