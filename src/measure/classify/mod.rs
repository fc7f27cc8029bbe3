//! What an exit code and the last lines of a log mean, together.
//!
//! Neither decides alone: 127 is also what a bad mount leaves behind, 126 is `docker exec`'s word for a missing command,
//! 217 is npm's way to say ENOTEMPTY, and 1 is everybody's. The order of the decision is the order of the rows; where a
//! text decides, the reason quotes the line that did.
//!
//! | class | exit | decided by |
//! |---|---|---|
//! | spawn-not-found | 127, or 126 and 127 of an engine | `not found` of a shell, `executable file not found` |
//! | spawn-not-executable | 126, or an engine's | `Permission denied`, `cannot execute`, `Exec format error`, `bad interpreter` |
//! | engine | not 0 | `Error response from daemon`, `OCI runtime`, `error mounting`, `input device is not a TTY`; 125 with any text |
//! | package-manager | not 0 | `npm error code E…` (`npm ERR! code`), pip's and uv's "no such version", `No such image` |
//! | broken-install | not 0 | the last line with a missing module or library |
//! | configuration | not 0 | a variable in capitals that is required, a usage line, a path that does not exist, a port taken, a host or key refused |
//! | clean-exit | 0 | |
//! | killed | signal, 129 to 159 | |
//! | exited | any other | the last line that is no stack frame |

use std::fmt;

use super::evidence::plain;
use crate::failure::FailureClass;

mod rules;

use rules::{HELP, ON_STDIO, RULES, telling_line};

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With an exit code.
    Code(i64),
    /// By a signal.
    Signal(i32),
}

impl Exit {
    /// The signal behind it: its own, or the one that a shell or engine tells as 128 + n.
    pub fn signal(self) -> Option<i64> {
        match self {
            Exit::Signal(signal) => Some(i64::from(signal)),
            Exit::Code(code @ 129..=159) => Some(code - 128),
            Exit::Code(_) => None,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::Code(code) => write!(f, "exit {code}"),
            Exit::Signal(signal) => match signal_name(i64::from(*signal)) {
                Some(name) => write!(f, "killed by signal {signal} ({name})"),
                None => write!(f, "killed by signal {signal}"),
            },
        }
    }
}

/// A class, and the one line that explains it to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// The class.
    pub class: FailureClass,
    /// "exit 217: npm error code ENOTEMPTY".
    pub reason: String,
}

/// Longest quoted line, in Unicode scalar values.
const QUOTE: usize = 200;

/// What `exit` means in the light of `log`: the last lines of standard error, or of a container's log. The start errors
/// of `docker exec` stand on standard output and belong into `log` too.
pub fn classify(exit: Exit, log: &str) -> Diagnosis {
    let (class, line) = decide(exit, log);
    let line = line.map(|line| plain(line, QUOTE)).filter(|line| !line.is_empty());
    let reason = match (line, remark(exit, class, log)) {
        (Some(line), Some(remark)) => format!("{exit} ({remark}): {line}"),
        (Some(line), None) => format!("{exit}: {line}"),
        (None, Some(remark)) => format!("{exit}, {remark}"),
        (None, None) => format!("{exit} without a message"),
    };
    Diagnosis { class, reason }
}

/// The line of `log` that most likely explains an end of which nobody knows the exit code any more.
pub fn explaining_line(log: &str) -> Option<&str> {
    decide(Exit::Code(1), log).1
}

/// The class, and the line that decided or, where none did, the one most likely to explain.
fn decide(exit: Exit, log: &str) -> (FailureClass, Option<&str>) {
    if exit != Exit::Code(0)
        && let Some((class, line)) = RULES.iter().find_map(|rule| Some((rule.class, rule.line(exit, log)?)))
    {
        return (class, Some(line));
    }
    let class = match (exit, exit.signal()) {
        (Exit::Code(0), _) => FailureClass::CleanExit,
        (Exit::Code(125), _) => FailureClass::Engine,
        (Exit::Code(_) | Exit::Signal(_), Some(_)) => FailureClass::Killed,
        (Exit::Code(_) | Exit::Signal(_), None) => FailureClass::Exited,
    };
    (class, telling_line(log))
}

/// What is worth a word beside the line.
fn remark(exit: Exit, class: FailureClass, log: &str) -> Option<String> {
    match (exit, class) {
        (Exit::Code(0), _) if ON_STDIO.is_match(log) => {
            Some("its standard input was closed: keep it open (docker run -i)".to_owned())
        }
        (Exit::Code(0), _) if HELP.is_match(log) => Some("it printed its help: wrong subcommand?".to_owned()),
        (Exit::Code(126), FailureClass::Exited) => Some("by convention: cannot be executed".to_owned()),
        (Exit::Code(127), FailureClass::Exited) => Some("by convention: command not found".to_owned()),
        (Exit::Code(_), FailureClass::Killed) => exit.signal().map(|signal| match signal_name(signal) {
            Some(name) => format!("128 + {signal}, {name}"),
            None => format!("128 + {signal}"),
        }),
        (Exit::Code(_) | Exit::Signal(_), _) => None,
    }
}

/// Names of the signals that processes die of; the numbers are the same wherever they differ in nothing else.
fn signal_name(signal: i64) -> Option<&'static str> {
    Some(match signal {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureClass::*;

    /// Exit, log, class, and what the reason must hold.
    const CASES: &[(Exit, &str, FailureClass, &str)] = &[
        (Exit::Code(127), "sh: 1: npx: not found\n", SpawnNotFound, "exit 127: sh: 1: npx: not found"),
        (Exit::Code(127), "bash: line 1: uvx: command not found", SpawnNotFound, "uvx: command not found"),
        (Exit::Code(127), "env: 'node': No such file or directory", SpawnNotFound, "'node'"),
        (
            Exit::Code(126),
            "OCI runtime exec failed: exec failed: unable to start container process: exec: \"srv\": executable file not found in $PATH: unknown",
            SpawnNotFound,
            "exit 126: OCI runtime exec failed",
        ),
        (
            Exit::Code(127),
            "docker: Error response from daemon: error mounting \"/host/x\" to rootfs: not a directory: unknown",
            Engine,
            "error mounting",
        ),
        (
            Exit::Code(126),
            "OCI runtime exec failed: chdir to cwd (\"/nowhere\") set in config.json failed: no such file or directory",
            Engine,
            "chdir to cwd",
        ),
        (Exit::Code(127), "", Exited, "exit 127, by convention: command not found"),
        (Exit::Code(126), "sh: 1: ./server: Permission denied", SpawnNotExecutable, "Permission denied"),
        (
            Exit::Code(126),
            "bash: ./run.sh: /usr/bin/nope: bad interpreter: No such file or directory",
            SpawnNotExecutable,
            "bad interpreter",
        ),
        (Exit::Code(1), "exec /server: exec format error", SpawnNotExecutable, "exec format error"),
        (Exit::Code(255), "exec /srv: exec format error\n", SpawnNotExecutable, "exit 255"),
        (Exit::Code(125), "docker: invalid reference format", Engine, "invalid reference"),
        (Exit::Code(1), "the input device is not a TTY", Engine, "not a TTY"),
        (Exit::Code(1), "Error response from daemon: container 4f2a is not running", Engine, "is not running"),
        (
            Exit::Code(217),
            "npm error code ENOTEMPTY\nnpm error syscall rename\nnpm error path /root/.npm/_npx/1/node_modules/x\nnpm error A complete log of this run can be found in: /root/.npm/_logs/1.log",
            PackageManager,
            "exit 217: npm error code ENOTEMPTY",
        ),
        (Exit::Code(1), "npm ERR! code E404\nnpm ERR! 404 Not Found", PackageManager, "code E404"),
        (
            Exit::Code(128),
            "npm error code 128\nnpm error An unknown git error occurred\nnpm error command git ls-remote",
            PackageManager,
            "exit 128: npm error code 128",
        ),
        (Exit::Code(217), "", Exited, "exit 217 without a message"),
        (
            Exit::Code(1),
            "Traceback (most recent call last):\n  File \"/a/server.py\", line 3, in <module>\n    import mcp.types\nModuleNotFoundError: No module named 'mcp'\n",
            BrokenInstall,
            "exit 1: ModuleNotFoundError: No module named 'mcp'",
        ),
        (
            Exit::Code(1),
            "Traceback (most recent call last):\n  File \"/a/s.py\", line 40, in main\n    @server.list_resources()\nAttributeError: 'Server' object has no attribute 'list_resources'",
            BrokenInstall,
            "AttributeError: 'Server'",
        ),
        (
            Exit::Code(1),
            "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module 'zod'\nRequire stack:\n- /app/index.js\n    at Function._load {\n  code: 'MODULE_NOT_FOUND',\n}\n\nNode.js v22.1.0",
            BrokenInstall,
            "Error: Cannot find module 'zod'",
        ),
        (
            Exit::Code(127),
            "/srv: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory",
            BrokenInstall,
            "libpq.so.5",
        ),
        (Exit::Code(1), "Error: SLACK_BOT_TOKEN environment variable is required", Configuration, "SLACK_BOT_TOKEN"),
        (
            Exit::Code(1),
            "Please set SLACK_BOT_TOKEN and SLACK_TEAM_ID environment variables",
            Configuration,
            "SLACK_TEAM_ID",
        ),
        (Exit::Code(1), "Please provide a database URL\nUsage: mcp-postgres <url>", Configuration, "Usage:"),
        (
            Exit::Code(1),
            "Error accessing directory /opt/app: Error: ENOENT: no such file or directory, stat '/opt/app'\n    at async main",
            Configuration,
            "/opt/app",
        ),
        (
            Exit::Code(1),
            "Error: listen EADDRINUSE: address already in use :::3000\n    at Server.listen",
            Configuration,
            "EADDRINUSE",
        ),
        (
            Exit::Code(1),
            "browserType.launch: Executable doesn't exist at /root/.cache/chrome",
            Configuration,
            "doesn't exist",
        ),
        (
            Exit::Code(1),
            "Error: Browser was not found at the configured executablePath (/usr/bin/chromium)",
            Configuration,
            "executablePath",
        ),
        (
            Exit::Code(1),
            "Warning: Cannot access directory /nowhere, skipping\nError: None of the specified directories are accessible",
            Configuration,
            "None of the specified directories",
        ),
        (Exit::Code(1), "Please provide a database URL as an argument", Configuration, "database URL"),
        (Exit::Code(1), "ERROR: /x is not a valid Git repository", Configuration, "/x"),
        (Exit::Code(1), "SSH configuration invalid", Configuration, "SSH"),
        (Exit::Code(1), "getaddrinfo EAI_AGAIN api.example.com", Configuration, "EAI_AGAIN"),
        (Exit::Code(0), "Memory server running on stdio\n", CleanExit, "exit 0 (its standard input was closed"),
        (Exit::Code(0), "Usage: srv [command]\n  start   starts it\n", CleanExit, "wrong subcommand?"),
        (Exit::Code(0), "", CleanExit, "exit 0 without a message"),
        (Exit::Code(0), "ModuleNotFoundError is only mentioned", CleanExit, "exit 0"),
        (Exit::Code(137), "", Killed, "exit 137, 128 + 9, SIGKILL"),
        (Exit::Signal(11), "", Killed, "killed by signal 11 (SIGSEGV)"),
        (Exit::Code(128), "", Exited, "exit 128 without a message"),
        (
            Exit::Code(1),
            "/app/index.js:3\n  throw new Error('boom')\n  ^\n\nError: boom\n    at Object.<anonymous> (/app/index.js:3:9)\n\nNode.js v22.1.0\n",
            Exited,
            "exit 1: Error: boom",
        ),
        (Exit::Code(1), "Error: unknown operation OP_CODE_7", Exited, "exit 1: Error: unknown"),
        (Exit::Code(3), "first\nlast words\n", Exited, "exit 3: last words"),
        (Exit::Code(3), "\u{1b}[31mred\u{1b}[0m\u{7}", Exited, "exit 3: red"),
    ];

    #[test]
    fn every_class_by_its_evidence() {
        for (exit, log, class, reason) in CASES {
            let diagnosis = classify(*exit, log);
            assert_eq!(diagnosis.class, *class, "{exit} {log:?}: {}", diagnosis.reason);
            assert!(diagnosis.reason.contains(reason), "{exit} {log:?}: {:?} lacks {reason:?}", diagnosis.reason);
        }
    }

    #[test]
    fn every_rule_decides_something() {
        for rule in RULES.iter() {
            let decides = |(exit, log, class, _): &&(Exit, &str, FailureClass, &str)| {
                *class == rule.class && rule.line(*exit, log).is_some()
            };
            assert!(CASES.iter().any(|case| decides(&case)), "no case for {rule:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_reason_is_one_bounded_line(code in -300i64..300, log in "(.|\n){0,500}") {
            let diagnosis = classify(Exit::Code(code), &log);
            assert!(diagnosis.reason.chars().count() < QUOTE + 100);
            assert!(!diagnosis.reason.contains(char::is_control));
        }
    }
}
