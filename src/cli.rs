//! Arguments, as plain data. Parsing them touches nothing else.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::agent::Agent;
use crate::code::Code;
use crate::config::policy::Level;
use crate::exit::ExitCode;
use crate::nearest::nearest;
pub use crate::report::Format as ReportFormat;

/// Holds status claims in Markdown against what is really there.
///
/// trueup finds claims such as "21/21 operational" in documents, measures the same things on the live system, fails where the
/// two differ, and regenerates status sections from what was measured.
#[derive(Debug, Parser)]
#[command(name = "trueup", version, propagate_version = true, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

impl Cli {
    /// Reads the arguments of the process.
    ///
    /// # Errors
    /// The exit code, where they are wrong or ask for help; what there is to say of them is said.
    pub fn of_process() -> Result<Cli, std::process::ExitCode> {
        Cli::try_parse().map_err(|error| {
            // Nobody is left to tell where that fails.
            _ = error.print();
            let answers = |argument: &String| Agent::ALL.iter().any(|agent| agent.protocol().name() == argument);
            let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
            let in_hook = asked.iter().any(|argument| argument == "hook")
                && asked.iter().any(answers)
                && !asked.iter().any(|argument| ["install", "uninstall", "show"].contains(&argument.as_str()));
            match (error.use_stderr(), in_hook) {
                (false, _) => std::process::ExitCode::SUCCESS,
                // To an agent, the usual code is a verdict on what it is about to do.
                (true, true) => ExitCode::Nothing.into(),
                (true, false) => ExitCode::Usage.into(),
            }
        })
    }
}

/// The table of exit codes at the end of `--help`.
const EXIT_CODES: &str = "\
Exit codes:
  0  every bound claim holds, every section is current
  1  drift
  2  wrong usage or configuration
  3  something could not be measured, and nothing drifted
  4  nothing was judged: no document, no claim, or none of the claims bound and no section";

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Configuration to use in place of the nearest trueup.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// When to write colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Refuse every check that starts a program
    #[arg(long, global = true)]
    pub no_exec: bool,
    /// Take trueup.toml, the files that it names servers by and the baseline from this commit, in place of the work tree: what a pull request brings is judged and not obeyed
    #[arg(long, global = true, value_name = "REV")]
    pub config_from: Option<String>,
}

/// When to write colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless the environment says otherwise (NO_COLOR, CLICOLOR_FORCE)
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Commands, one file each under `commands/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge claims and sections against measurements
    Check(CheckArgs),
    /// Write what was measured: bring status sections up to date, rewrite claims that drifted
    Fix(FixArgs),
    /// Show the claims that documents make
    Claims(ClaimsArgs),
    /// Say why what stands on a line is, or is not, a claim; or what a code means
    Explain(ExplainArgs),
    /// Measure only, and show or save what was seen
    Probe(ProbeArgs),
    /// Write a report from a template: a status table, a badge, an incident report
    Render(RenderArgs),
    /// Look around, and write a first trueup.toml; nothing is run
    Init(InitArgs),
    /// Print the JSON Schema of trueup.toml or of a snapshot
    Schema(SchemaArgs),
    /// Write the drift that there is now to a file: known, counted, and no failure any more
    Baseline(BaselineArgs),
    /// Put trueup into hooks, show what would be put there, take it out again
    Hook(HookArgs),
    /// Refresh documents, or judge them, again and again
    Watch(WatchArgs),
    /// Serve checks and measurements to coding agents, as tools of the Model Context Protocol
    Mcp(McpArgs),
}

/// What to judge from in place of the live system; the same for every command that judges.
#[derive(Clone, Debug, Default, Args)]
pub struct SnapshotArgs {
    /// Judge from this snapshot of `trueup probe -o` and look at nothing; more than once for several, one per host
    #[arg(long, value_name = "FILE")]
    pub snapshot: Vec<PathBuf>,
    /// Oldest measurement that counts, such as 1h. Without --snapshot: judge from .trueup/snapshot.json while it is not older,
    /// else measure and write it
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub max_age: Option<Duration>,
}

/// Arguments of `trueup check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Documents and folders; `-` is standard input. Without one, `docs` of trueup.toml, else all Markdown of the project that git does not ignore
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
    /// Write the report in this form to this file as well; more than once for several
    #[arg(long, value_name = "FORMAT=FILE")]
    pub output: Vec<ReportFile>,
    /// Show as a unified diff what `trueup fix` would write
    #[arg(long)]
    pub diff: bool,
    /// Succeed when nothing was judged
    #[arg(long)]
    pub allow_empty: bool,
    /// Fail only where a claim or section was added or changed since this commit (since where the branch left it); the others are counted
    #[arg(long, value_name = "BASE")]
    pub only_new: Option<String>,
    /// Judge as if there were no baseline (trueup-baseline.toml beside trueup.toml)
    #[arg(long)]
    pub no_baseline: bool,
    /// Judge what the git index holds, in place of the work tree: the documents that a commit would change, or those named
    #[arg(long)]
    pub staged: bool,
    /// What to judge from.
    #[command(flatten)]
    pub snapshots: SnapshotArgs,
    /// For hooks and CI.
    #[command(flatten)]
    pub gate: GateArgs,
}

/// What hooks and CI say besides.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Leave out named files that `docs` of trueup.toml does not name: for hooks that pass file names
    #[arg(long)]
    pub force_exclude: bool,
    /// What to make of claims whose answer could not be measured, in place of what trueup.toml says
    #[arg(long, value_name = "LEVEL")]
    pub unmeasured: Option<LevelName>,
}

/// Levels by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LevelName {
    /// Count them
    Allow,
    /// Show them
    Warn,
    /// Fail
    Deny,
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Level {
        match name {
            LevelName::Allow => Level::Allow,
            LevelName::Warn => Level::Warn,
            LevelName::Deny => Level::Deny,
        }
    }
}

/// Arguments of `trueup fix`.
#[derive(Debug, Args)]
pub struct FixArgs {
    /// Documents and folders. Without one, `docs` of trueup.toml, else all Markdown of the project that git does not ignore
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Show a unified diff instead of writing
    #[arg(long)]
    pub diff: bool,
    /// Change nothing but these
    #[arg(long, value_name = "WHAT")]
    pub only: Option<FixOnly>,
    /// Show each change and ask whether to write it; needs a terminal
    #[arg(short, long, conflicts_with = "diff")]
    pub interactive: bool,
    /// Overwrite sections that were edited by hand
    #[arg(long)]
    pub force: bool,
    /// Write documents that have changes which are not committed in git
    #[arg(long)]
    pub allow_dirty: bool,
    /// Succeed when there is nothing to judge
    #[arg(long)]
    pub allow_empty: bool,
    /// What to judge from.
    #[command(flatten)]
    pub snapshots: SnapshotArgs,
    /// For hooks and CI.
    #[command(flatten)]
    pub gate: GateArgs,
}

/// What `trueup fix` changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FixOnly {
    /// Generated sections
    Sections,
    /// Claims in prose
    Claims,
}

/// Arguments of `trueup claims`.
#[derive(Debug, Args)]
pub struct ClaimsArgs {
    /// Documents and folders; `-` is standard input. Without one, `docs` of trueup.toml, else all Markdown of the project that git does not ignore
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Form of the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ListFormat,
    /// Say of each claim what it would be judged by; targets that only discovery finds are not known without measuring
    #[arg(long)]
    pub bound: bool,
    /// Where the targets are listed that only discovery finds.
    #[command(flatten)]
    pub snapshots: SnapshotArgs,
}

/// Arguments of `trueup explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A line of a document, as reports name it: CLAUDE.md:12, or CLAUDE.md:12:5 for what stands at one column; or a code, as in ratio-drift; or `codes` for all of them
    #[arg(value_name = "FILE:LINE|CODE")]
    pub what: Topic,
}

/// What `trueup explain` is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A code.
    Code(Code),
    /// All codes.
    Codes,
    /// What stands on a line.
    Line {
        /// The document; `-` is standard input.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column in Unicode scalar values, from 1.
        column: Option<usize>,
    },
}

impl std::str::FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Topic, String> {
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
        let cut = |text: &str| text.rsplit_once(':').and_then(|(path, last)| Some((path.to_owned(), number(last)?)));
        if text == "codes" {
            return Ok(Topic::Codes);
        }
        if let Some(code) = Code::from_name(text) {
            return Ok(Topic::Code(code));
        }
        let Some((path, last)) = cut(text) else {
            let expected = "expected FILE:LINE, for example `CLAUDE.md:12` (lines count from 1), or a code";
            return Err(match nearest(text, Code::ALL.iter().map(|code| code.name())) {
                Some(near) => format!("{expected}; did you mean `{near}`?"),
                None => format!("{expected}; `trueup explain codes` lists them"),
            });
        };
        let (path, line, column) = match cut(&path) {
            Some((path, line)) => (path, line, Some(last)),
            None => (path, last, None),
        };
        if path.is_empty() {
            return Err("there is no file before the line, expected FILE:LINE".to_owned());
        }
        Ok(Topic::Line { path: PathBuf::from(path), line, column })
    }
}

/// Arguments of `trueup probe`.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    /// Folder whose trueup.toml says what to measure
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Form of what is shown
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ListFormat,
    /// Save the snapshot as JSON to this file as well
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Add what was seen, without logs and texts, to the history that `trend` and `incident` show:
    /// .trueup/history.jsonl beside trueup.toml, or FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub history: Option<Option<PathBuf>>,
    /// Write logs, documents and transcripts of every target, redacted, into this folder: a new or empty one, or one that
    /// trueup wrote before
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,
}

/// Arguments of `trueup render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Template, such as `summary`, `status-table` or `incident`
    #[arg(value_name = "TEMPLATE", required_unless_present_any = ["model", "list"])]
    pub template: Option<String>,
    /// What the template is asked with, such as group=mcp or rung=running
    #[arg(value_name = "KEY=VALUE")]
    pub attributes: Vec<RenderAttribute>,
    /// What to show: the live system, or what was recorded of it.
    #[command(flatten)]
    pub snapshots: SnapshotArgs,
    /// Write to this file; a file that says the same already is not touched
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["model", "list"])]
    pub output: Option<PathBuf>,
    /// Snapshots of earlier runs, for templates that show what changed; more than once for several files. Without one, .trueup/history.jsonl where that is
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// Show all that templates can use, as it is measured here
    #[arg(long, conflicts_with_all = ["template", "list"])]
    pub model: bool,
    /// List the templates
    #[arg(long, conflicts_with = "template")]
    pub list: bool,
    /// Form of what --model shows
    #[arg(long, value_name = "FORMAT", visible_alias = "output-format", default_value = "human")]
    pub format: ListFormat,
}

/// What a template is asked with, as a marker would say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderAttribute {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

impl FromStr for RenderAttribute {
    type Err = String;

    fn from_str(text: &str) -> Result<RenderAttribute, String> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                Ok(RenderAttribute { key: key.to_owned(), value: value.to_owned() })
            }
            _ => Err("expected KEY=VALUE, such as group=mcp".to_owned()),
        }
    }
}

/// Arguments of `trueup init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folder of the project; the current one where it is not given
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Where to write it, in place of trueup.toml in that folder; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    pub force: bool,
    /// Switch checks on that start programs: MCP servers, test runners
    #[arg(long)]
    pub allow_exec: bool,
}

/// Arguments of `trueup schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// What to describe
    #[arg(value_name = "WHAT", default_value = "config")]
    pub of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// trueup.toml
    Config,
    /// What `trueup probe -o` writes and `--snapshot` reads
    Snapshot,
}

/// Arguments of `trueup baseline`.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// Documents and folders. Without one, all of the project; entries of other documents stay as they are
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Take out what is fixed, and add nothing
    #[arg(long)]
    pub prune: bool,
    /// Last day on which what is added now is known, such as 2026-12-31 (UTC)
    #[arg(long, value_name = "DATE", conflicts_with = "prune")]
    pub until: Option<jiff::civil::Date>,
    /// Why, for what is added now
    #[arg(long, value_name = "TEXT", conflicts_with = "prune")]
    pub reason: Option<String>,
    /// What to judge from.
    #[command(flatten)]
    pub snapshots: SnapshotArgs,
}

/// Arguments of `trueup hook`.
#[derive(Debug, Args)]
pub struct HookArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: HookAction,
}

/// What `trueup hook` does.
#[derive(Debug, Subcommand)]
pub enum HookAction {
    /// Put trueup into a hook; what is there is kept
    Install(HookPlace),
    /// Take trueup out of a hook; what was there is put back
    Uninstall(HookPlace),
    /// Show what would be put there, or guidance for agents without hooks
    Show(HookShown),
    /// Answer Claude Code: reads the JSON of its hooks from standard input
    ClaudeCode,
    /// Answer Codex: reads the JSON of its hooks from standard input
    Codex,
    /// Answer Cursor: reads the JSON of its hooks from standard input
    Cursor,
}

impl HookAction {
    /// The agent that is answered, if one is.
    pub fn answered(&self) -> Option<Agent> {
        match self {
            HookAction::Install(_) | HookAction::Uninstall(_) | HookAction::Show(_) => None,
            HookAction::ClaudeCode => Some(Agent::ClaudeCode),
            HookAction::Codex => Some(Agent::Codex),
            HookAction::Cursor => Some(Agent::Cursor),
        }
    }
}

/// Whose hook it is, and where.
#[derive(Clone, Copy, Debug, Args)]
pub struct HookPlace {
    /// Whose hook
    #[arg(value_name = "WHOSE")]
    pub whose: Integration,
    /// In the settings of an agent that are for this project and not for others who work on it
    #[arg(long, conflicts_with = "user")]
    pub local: bool,
    /// In the settings of an agent that are for all projects of the user
    #[arg(long)]
    pub user: bool,
}

/// What is shown.
#[derive(Clone, Copy, Debug, Args)]
pub struct HookShown {
    /// Whose hook
    #[arg(value_name = "WHOSE")]
    pub whose: Integration,
}

/// Whose hook it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integration {
    /// The pre-commit hook of the git repository around.
    Git,
    /// The hooks of an agent.
    Agent(Agent),
    /// Guidance for AGENTS.md: nothing that could be installed.
    AgentsMd,
}

impl ValueEnum for Integration {
    fn value_variants<'a>() -> &'a [Integration] {
        &[
            Integration::Git,
            Integration::Agent(Agent::ClaudeCode),
            Integration::Agent(Agent::Codex),
            Integration::Agent(Agent::Cursor),
            Integration::AgentsMd,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Integration::Git => PossibleValue::new("git").help("The pre-commit hook of the git repository around"),
            Integration::Agent(agent) => {
                let protocol = agent.protocol();
                PossibleValue::new(protocol.name()).help(format!("The hooks of {}", protocol.title()))
            }
            Integration::AgentsMd => {
                PossibleValue::new("agents-md").help("Guidance for agents without hooks; only to be shown")
            }
        })
    }
}

/// Arguments of `trueup watch`.
#[derive(Clone, Debug, Args)]
#[command(group = clap::ArgGroup::new("when").args(["every", "cron", "once"]).required(true).multiple(true))]
pub struct WatchArgs {
    /// Documents and folders. Without one, `docs` of trueup.toml, else all Markdown of the project that git does not ignore
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Run so often, such as 5m; the first time at once
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub every: Option<Duration>,
    /// Run at the times of a cron expression: minute, hour, day, month, weekday, in UTC
    #[arg(long, value_name = "EXPRESSION", conflicts_with = "every")]
    pub cron: Option<String>,
    /// Run once, now, for a scheduler that is there already; the exit code is that of the run
    #[arg(long)]
    pub once: bool,
    /// Begin each scheduled run up to so much later, by chance, so that many machines do not all ask at once
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration, default_value = "0s")]
    pub jitter: Duration,
    /// Judge, and write nothing
    #[arg(long)]
    pub check: bool,
    /// Write what was measured, as `trueup fix` does: the default
    #[arg(long, conflicts_with = "check")]
    pub fix: bool,
    /// Commit the documents that were written, and nothing else; never push
    #[arg(long, conflicts_with_all = ["check", "allow_dirty"])]
    pub commit: bool,
    /// Write documents that have changes which are not committed in git; those of this watch itself it writes anyway
    #[arg(long, conflicts_with = "check")]
    pub allow_dirty: bool,
}

/// Arguments of `trueup mcp`.
#[derive(Clone, Debug, Args)]
pub struct McpArgs {
    /// Serve streamable HTTP at this address, such as 127.0.0.1:8765, in place of standard input and output
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,
    /// A name besides those of loopback by which clients reach the server; more than once for several
    #[arg(long, value_name = "HOST", requires = "http")]
    pub allow_host: Vec<String>,
    /// An origin whose pages in a browser may ask: scheme, host and port, as a browser sends it; none by default
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    pub allow_origin: Vec<String>,
    /// Judge from this snapshot of `trueup probe -o` and look at nothing; more than once for several, one per host
    #[arg(long, value_name = "FILE")]
    pub snapshot: Vec<PathBuf>,
    /// Oldest measurement that counts where a call does not say: 30s, or with --snapshot any
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub max_age: Option<Duration>,
}

/// The names of the formats are those of the reports: a new one needs no line here.
impl ValueEnum for ReportFormat {
    fn value_variants<'a>() -> &'a [ReportFormat] {
        ReportFormat::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// A report into a file, as `--output` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its form.
    pub format: ReportFormat,
    /// The file.
    pub path: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<ReportFile, String> {
        let Some((name, path)) = text.split_once('=') else {
            return Err("expected FORMAT=FILE, such as sarif=trueup.sarif".to_owned());
        };
        let Some(format) = ReportFormat::from_name(name) else {
            let known: Vec<&str> = ReportFormat::ALL.iter().map(|format| format.name()).collect();
            return Err(format!("there is no format `{name}`; expected one of {}", known.join(", ")));
        };
        match path {
            "" => Err(format!("expected a file after `{name}=`")),
            "-" => Err(format!("standard output is for --format; expected a file after `{name}=`")),
            path => Ok(ReportFile { format, path: PathBuf::from(path) }),
        }
    }
}

/// Forms of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn topics() {
        let line = |path: &str, line, column| Ok(Topic::Line { path: PathBuf::from(path), line, column });
        assert_eq!("CLAUDE.md:12".parse(), line("CLAUDE.md", 12, None));
        assert_eq!("a:b.md:12:5".parse(), line("a:b.md", 12, Some(5)));
        assert_eq!("-:1".parse(), line("-", 1, None));
        assert_eq!("ratio-drift".parse(), Ok(Topic::Code(Code::RatioDrift)));
        assert_eq!("codes".parse(), Ok(Topic::Codes));
        assert!("ratio-drfit".parse::<Topic>().unwrap_err().ends_with("; did you mean `ratio-drift`?"));
        for wrong in ["CLAUDE.md", "CLAUDE.md:0", "CLAUDE.md:x", ":3", "ratio_drift", ""] {
            assert!(wrong.parse::<Topic>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_attribute_is_a_key_and_a_value() {
        let attribute = |key: &str, value: &str| Ok(RenderAttribute { key: key.to_owned(), value: value.to_owned() });
        assert_eq!("group=mcp".parse(), attribute("group", "mcp"));
        assert_eq!("title=a = b".parse(), attribute("title", "a = b"));
        assert_eq!("title=".parse(), attribute("title", ""));
        for wrong in ["group", "=x", ""] {
            assert!(wrong.parse::<RenderAttribute>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_output_is_a_format_and_a_file() {
        let sarif = "sarif=a=b.sarif".parse();
        assert_eq!(sarif, Ok(ReportFile { format: ReportFormat::Sarif, path: "a=b.sarif".into() }));
        for (text, fault) in [
            ("sarif", "expected FORMAT=FILE, such as sarif=trueup.sarif"),
            ("sarif=", "expected a file after `sarif=`"),
            ("sarif=-", "standard output is for --format; expected a file after `sarif=`"),
        ] {
            assert_eq!(text.parse::<ReportFile>().unwrap_err(), fault);
        }
        let unknown = "SARIF=x".parse::<ReportFile>().unwrap_err();
        assert!(unknown.starts_with("there is no format `SARIF`; expected one of human, concise, "), "{unknown}");
    }
}
