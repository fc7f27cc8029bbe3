//! The texts that decide a class, in the order of decision.

use std::sync::LazyLock;

use regex::Regex;

use super::Exit;
use crate::failure::FailureClass;

/// A text that decides a class.
#[derive(Debug)]
pub(super) struct Rule {
    /// The class.
    pub(super) class: FailureClass,
    /// Exit codes that it needs; empty for any but 0.
    codes: &'static [i64],
    pattern: Regex,
    /// Lines that only look like it.
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

/// Texts in the order of decision.
pub(super) static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |class, codes, pattern, except: &str| Rule {
        class,
        codes,
        pattern: compiled(pattern),
        except: (!except.is_empty()).then(|| compiled(except)),
    };
    let engine_start = r"error mounting|chdir to cwd";
    vec![
        rule(FailureClass::SpawnNotFound, &[], r"executable file not found in|exec: .*: stat .*: no such file", ""),
        rule(
            FailureClass::SpawnNotFound,
            &[127],
            r"(?i):\s*(command )?not found\s*$|: no such file or directory\s*$",
            r"(?i)bad interpreter|error mounting|chdir to cwd|error while loading|GLIBC",
        ),
        rule(FailureClass::SpawnNotExecutable, &[126, 127], r"bad interpreter", ""),
        rule(
            FailureClass::SpawnNotExecutable,
            &[126],
            r"(?i)permission denied|cannot execute|exec format error|is a directory",
            engine_start,
        ),
        rule(
            FailureClass::SpawnNotExecutable,
            &[],
            r#"(?i)(exec: "|exec user process).*(permission denied|exec format error)|exec format error\s*$"#,
            engine_start,
        ),
        rule(
            FailureClass::Engine,
            &[],
            r"Error response from daemon|OCI runtime|error mounting|failed to create (task|shim)|input device is not a TTY|No such container|Cannot connect to the Docker daemon|[Cc]ontainer \S+ is (not running|paused|restarting)",
            "",
        ),
        rule(
            FailureClass::PackageManager,
            &[],
            r"npm (error|ERR!) code E[A-Z0-9]|No matching distribution found|Could not find a version that satisfies|No solution found when resolving|No such image|Failed to resolve .*package",
            r"code ELIFECYCLE",
        ),
        rule(
            FailureClass::BrokenInstall,
            &[],
            r"ModuleNotFoundError|ImportError|AttributeError|Cannot find (module|package)|GLIBC|error while loading shared libraries|Error loading shared library",
            "",
        ),
        rule(FailureClass::BrokenInstall, &[], r"MODULE_NOT_FOUND|ERR_MODULE|ERR_REQUIRE_ESM", ""),
        rule(
            FailureClass::Configuration,
            &[],
            r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b.*(required|must be set|[Pp]lease set|not set|missing|not (provided|defined))|\b(required|must (be )?set|[Pp]lease set|[Mm]issing|[Nn]ot set|[Nn]o)\b.*\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b",
            "",
        ),
        rule(
            FailureClass::Configuration,
            &[],
            r"ENOENT\b|[Nn]o such file or directory|(does not|doesn't) exist|[Nn]ot a directory|ENOTDIR|[Nn]ot a (valid )?(git )?(repository|directory)|(path|directory|file|config\w*) not found",
            "",
        ),
        rule(
            FailureClass::Configuration,
            &[],
            r"EADDRINUSE|[Aa]ddress already in use|EACCES|EPERM|[Pp]ermission denied|EROFS|[Rr]ead-only file system",
            "",
        ),
        rule(
            FailureClass::Configuration,
            &[],
            r"(?i)\b(invalid|missing|incomplete|bad|no)\b.*\b(config\w*|credentials?|api[ _-]?key|token|password|setting)|\b(config\w*|credentials?|api[ _-]?key|token|password)\b.*\b(invalid|missing|incomplete|required|not found|expired|rejected)|authentication failed|unauthorized",
            "",
        ),
        rule(
            FailureClass::Configuration,
            &[],
            r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|[Cc]onnection refused|[Nn]ame or service not known|Temporary failure in name resolution|[Nn]etwork is unreachable",
            "",
        ),
        rule(FailureClass::Configuration, &[], r"(?i)^\s*usage: ", ""),
    ]
});

/// A server that says it reads its standard input.
pub(super) static ON_STDIO: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?i)running on stdio|listening on stdio|stdio (server|transport)"));
/// A help text.
pub(super) static HELP: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?im)^\s*usage:? "));
/// Lines that explain nothing.
static FRAME: LazyLock<Regex> =
    LazyLock::new(|| compiled(r#"^\s*(at |File "|\^|\||\}|\{|~|Node\.js v)|^npm (notice|error A complete log)|^\s*$"#));
/// Lines that name an error.
static ERROR: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"^\s*(\w+\.)*\w*(Error|Exception|error|fatal|panicked)\b.*:"));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("patterns of this file are tested")
}

/// The line that most likely explains: the last error, else the last line that is no stack frame.
pub(super) fn telling_line(log: &str) -> Option<&str> {
    let lines = || log.lines().rev().filter(|line| !FRAME.is_match(line));
    lines().find(|line| ERROR.is_match(line)).or_else(|| lines().next())
}
