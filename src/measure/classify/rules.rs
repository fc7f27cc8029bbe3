//! The texts that decide a class, in the order of decision.

use std::sync::LazyLock;

use regex::Regex;

use super::Exit;
use crate::failure::FailureClass;

/// One row of the table.
struct Row {
    class: FailureClass,
    /// Exit codes that it needs; empty for any but 0.
    codes: &'static [i64],
    /// Regular expressions of which one must match a line.
    texts: &'static [&'static str],
    /// Regular expressions of lines that only look like it.
    except: &'static [&'static str],
}

const fn row(class: FailureClass, codes: &'static [i64], texts: &'static [&'static str]) -> Row {
    Row { class, codes, texts, except: &[] }
}

impl Row {
    const fn except(mut self, except: &'static [&'static str]) -> Row {
        self.except = except;
        self
    }
}

/// What an engine says of its own work, whatever else stands in the line.
const ENGINE: &[&str] = &["error mounting", "chdir to cwd", "Error response from daemon"];

/// The table. Its order is the order of decision: what could not start comes before what started and failed, and the
/// words that many programs use come last.
const TABLE: &[Row] = &[
    row(FailureClass::SpawnNotFound, &[], &["executable file not found in", "exec: .*: stat .*: no such file"]),
    row(FailureClass::SpawnNotFound, &[127], &[r":\s*(command )?not found\s*$", r": no such file or directory\s*$"])
        .except(&[
            "bad interpreter",
            "error while loading",
            "GLIBC",
            "error mounting",
            "chdir to cwd",
            "Error response from",
        ]),
    row(FailureClass::SpawnNotExecutable, &[126, 127], &["bad interpreter"]),
    row(
        FailureClass::SpawnNotExecutable,
        &[126],
        &["permission denied", "cannot execute", "exec format error", "is a directory"],
    )
    .except(ENGINE),
    row(
        FailureClass::SpawnNotExecutable,
        &[],
        &[
            r#"(exec: "|exec user process).*permission denied"#,
            r"exec format error\s*$",
            "exec user process.*format error",
        ],
    )
    .except(ENGINE),
    row(
        FailureClass::Engine,
        &[],
        &[
            "Error response from daemon",
            "OCI runtime",
            "error mounting",
            "failed to create (task|shim)",
            "input device is not a TTY",
            "No such container",
            "Cannot connect to the Docker daemon",
            r"container \S+ is (not running|paused|restarting)",
        ],
    ),
    row(
        FailureClass::PackageManager,
        &[],
        &[
            "npm (error|ERR!) code (E[A-Z0-9]|128$)",
            "No matching distribution found",
            "Could not find a version that satisfies",
            "No solution found when resolving",
            "No such image",
        ],
    )
    // A script of the package that failed, and has said why.
    .except(&["code ELIFECYCLE"]),
    row(
        FailureClass::BrokenInstall,
        &[],
        &[
            "ModuleNotFoundError",
            "ImportError",
            "AttributeError",
            "Cannot find (module|package)",
            "GLIBC",
            "error while loading shared libraries",
            "error loading shared library",
        ],
    ),
    row(FailureClass::BrokenInstall, &[], &["MODULE_NOT_FOUND", "ERR_MODULE", "ERR_REQUIRE_ESM"]),
    row(
        FailureClass::Configuration,
        &[],
        &[
            r"(?-i:\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b).*(required|must be set|please set|not set|missing|not (provided|defined))",
            r"\b(required|must (be )?set|please set|missing|not set|no)\b.*(?-i:\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b)",
        ],
    ),
    row(
        FailureClass::Configuration,
        &[],
        &[
            r"ENOENT\b",
            "ENOTDIR",
            "NoSuchPath",
            "no such file or directory",
            "not a directory",
            "(does not|doesn't) exist",
            "not a (valid )?(git )?repository",
            r"(path|directory|file|config\w*) not found|[Bb]rowser was not found",
            "(cannot|can't|could not) (access|open)",
            r"(director(y|ies)|paths?|folders?|files?) (is|are) (not )?accessible",
        ],
    ),
    row(
        FailureClass::Configuration,
        &[],
        &[
            "EADDRINUSE",
            "address already in use",
            "EACCES",
            "EPERM",
            "permission denied",
            "EROFS",
            "read-only file system",
        ],
    ),
    row(
        FailureClass::Configuration,
        &[],
        &[
            r"\b(invalid|missing|incomplete|bad|no)\b.*\b(config\w*|credentials?|api[ _-]?key|token|password|setting)",
            r"\b(config\w*|credentials?|api[ _-]?key|token|password)\b.*\b(invalid|missing|incomplete|required|not found|expired|rejected)",
            "authentication failed",
            "unauthorized",
        ],
    ),
    row(
        FailureClass::Configuration,
        &[],
        &[
            "ENOTFOUND",
            "EAI_AGAIN",
            "ECONNREFUSED",
            "ENETUNREACH",
            "EHOSTUNREACH",
            "connection refused",
            "name or service not known",
            "temporary failure in name resolution",
            "network is unreachable",
        ],
    ),
    row(FailureClass::Configuration, &[], &[r"^\s*usage: ", r"please (provide|specify|set|configure)\b"]),
];

/// A row, ready to be held against lines.
#[derive(Debug)]
pub(super) struct Rule {
    /// The class that it decides.
    pub(super) class: FailureClass,
    codes: &'static [i64],
    pattern: Regex,
    except: Option<Regex>,
}

impl Rule {
    /// The line of `log` that decides: the last one that matches, since a traceback ends with its cause.
    pub(super) fn line<'a>(&self, exit: Exit, log: &'a str) -> Option<&'a str> {
        let fits = self.codes.is_empty() || matches!(exit, Exit::Code(code) if self.codes.contains(&code));
        let decides =
            |line: &&str| self.pattern.is_match(line) && !self.except.as_ref().is_some_and(|not| not.is_match(line));
        fits.then(|| log.lines().rev().find(decides)).flatten()
    }
}

/// The rules in the order of decision.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |row: &Row| Rule {
        class: row.class,
        codes: row.codes,
        pattern: any_of(row.texts),
        except: (!row.except.is_empty()).then(|| any_of(row.except)),
    };
    TABLE.iter().map(rule).collect()
});

/// A server that says it reads its standard input.
pub(super) static ON_STDIO: LazyLock<Regex> =
    LazyLock::new(|| any_of(&["running on stdio", "listening on stdio", "stdio (server|transport)"]));

/// A help text.
pub(super) static HELP: LazyLock<Regex> = LazyLock::new(|| any_of(&[r"(?m)^\s*usage:? "]));

/// Lines that explain nothing: frames of a stack, and what installers write around an error.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    any_of(&[r#"^\s*(at |File "|\^|\||\}|\{|~|Node\.js v)"#, "^npm (notice|warn|error A complete log)", r"^\s*$"])
});

/// Lines that name an error.
static ERROR: LazyLock<Regex> = LazyLock::new(|| any_of(&[r"^\s*(\w+\.)*\w*(error|exception|fatal|panicked)\b.*:"]));

/// One expression that matches where any of `texts` does, whatever the case of the letters.
fn any_of(texts: &[&str]) -> Regex {
    Regex::new(&format!("(?i){}", texts.join("|"))).expect("every pattern of this file is compiled by the tests")
}

/// The line that most likely explains: the last error, else the last line that is no stack frame.
pub(super) fn telling_line(log: &str) -> Option<&str> {
    let lines = || log.lines().rev().filter(|line| !FRAME.is_match(line));
    lines().find(|line| ERROR.is_match(line)).or_else(|| lines().next())
}
