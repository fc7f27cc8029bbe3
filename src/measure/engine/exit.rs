//! Why a process in a container ended, from its log, and why an engine could not start one, from its message.
//!
//! Never by the exit code alone: 127 is a missing command and a bad mount, 1 is everybody's, and npm's 217 is an errno.

use std::sync::LazyLock;

use regex::Regex;

use crate::failure::FailureClass;

/// What the log gives away: a class, a pattern for the line that shows it, and exit codes that must agree.
struct Sign {
    class: FailureClass,
    line: Regex,
    codes: Option<&'static [i64]>,
}

/// In order: the first sign of which a line is found decides.
static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
    use FailureClass::{BrokenInstall, Configuration, PackageManager, SpawnNotExecutable, SpawnNotFound};
    let sign = |class, codes, pattern| Sign { class, codes, line: Regex::new(pattern).expect("a valid pattern") };
    vec![
        sign(
            PackageManager,
            None,
            r"npm error code |npm ERR! |No matching distribution found|Could not find a version that",
        ),
        sign(SpawnNotFound, Some(&[127]), r"not found$|No such file or directory$|executable file not found"),
        sign(SpawnNotExecutable, Some(&[126]), r"(?i)permission denied|exec format error|cannot execute"),
        sign(
            BrokenInstall,
            None,
            r"ModuleNotFoundError|ImportError|AttributeError|Cannot find module|MODULE_NOT_FOUND|ERR_MODULE|GLIBC|error while loading shared libraries",
        ),
        sign(
            Configuration,
            None,
            r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b.*(required|must be set|not set|missing)|[Pp]lease set [A-Z]|(?i)(api key|credential|token).*(required|missing|not set)",
        ),
        sign(
            Configuration,
            None,
            r"(?i)no such file or directory|ENOENT|does not exist|(path|directory|file|executable) .*(not found|doesn't exist)|invalid (ssh )?config|EADDRINUSE|address already in use|usage:",
        ),
    ]
});

/// Why a process ended with `code`, as far as the last lines it wrote tell, and the line that tells it.
pub fn class_of_exit(code: i64, log: &str) -> (FailureClass, Option<&str>) {
    let lines: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for sign in SIGNS.iter().filter(|sign| sign.codes.is_none_or(|codes| codes.contains(&code))) {
        if let Some(line) = lines.iter().rev().find(|line| sign.line.is_match(line)) {
            return (sign.class, Some(line));
        }
    }
    let class = match code {
        0 => FailureClass::CleanExit,
        // What engines and shells make of a death by signal: 128 and the number of the signal.
        129..=159 => FailureClass::Killed,
        _ => FailureClass::Exited,
    };
    (class, lines.last().copied())
}

/// Why an engine could not start a process, from its message.
pub fn class_of_engine_error(message: &str) -> FailureClass {
    let Some((before, program)) = message.split_once("exec: \"") else { return FailureClass::Engine };
    if before.contains("mounting") {
        return FailureClass::Engine;
    }
    if program.contains("executable file not found") || program.contains("no such file or directory") {
        FailureClass::SpawnNotFound
    } else if program.contains("permission denied") || program.contains("exec format error") {
        FailureClass::SpawnNotExecutable
    } else {
        FailureClass::Engine
    }
}

/// The part of an engine's message that says what is wrong, without the names of the layers that passed it on.
pub fn brief_engine_error(message: &str) -> &str {
    const LAYERS: [&str; 9] = [
        "Error response from daemon: ",
        "failed to create task for container: ",
        "failed to create shim task: ",
        "failed to create shim: ",
        "OCI runtime create failed: ",
        "OCI runtime exec failed: ",
        "runc create failed: ",
        "exec failed: ",
        "unable to start container process: ",
    ];
    let mut rest = message.trim();
    while let Some(inner) = LAYERS.iter().find_map(|layer| rest.strip_prefix(layer)) {
        rest = inner;
    }
    rest.strip_suffix(": unknown").unwrap_or(rest).trim_end_matches(": unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_decides_and_the_code_alone_never() {
        use FailureClass::*;
        let cases = [
            (217, "npm error code ENOTEMPTY\nnpm error syscall rename\n", PackageManager, "npm error code ENOTEMPTY"),
            (127, "sh: npx: not found\n", SpawnNotFound, "sh: npx: not found"),
            (127, "bash: line 1: npx: command not found\n", SpawnNotFound, "bash: line 1: npx: command not found"),
            (127, "giving up\n", Exited, "giving up"),
            (126, "sh: ./server: Permission denied\n", SpawnNotExecutable, "sh: ./server: Permission denied"),
            (1, "open: Permission denied\n", Exited, "open: Permission denied"),
            (
                1,
                "Traceback\nModuleNotFoundError: No module named 'mcp'\n",
                BrokenInstall,
                "ModuleNotFoundError: No module named 'mcp'",
            ),
            (1, "GITHUB_TOKEN must be set\n", Configuration, "GITHUB_TOKEN must be set"),
            (
                1,
                "Error: ENOENT: no such file or directory, stat '/opt/app'\n",
                Configuration,
                "Error: ENOENT: no such file or directory, stat '/opt/app'",
            ),
            (1, "fetch failed\n", Exited, "fetch failed"),
            (137, "working\n", Killed, "working"),
        ];
        for (code, log, class, line) in cases {
            assert_eq!(class_of_exit(code, log), (class, Some(line)), "{log}");
        }
        assert_eq!(class_of_exit(0, ""), (CleanExit, None));
    }

    #[test]
    fn engines_say_what_they_could_not_start() {
        use FailureClass::{Engine, SpawnNotExecutable, SpawnNotFound};
        let prefix = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ";
        let cases = [
            (r#"exec: "nope": executable file not found in $PATH"#, SpawnNotFound),
            (r#"exec: "/x": stat /x: no such file or directory"#, SpawnNotFound),
            (r#"exec: "/etc/passwd": permission denied"#, SpawnNotExecutable),
            (r#"error mounting "/a" to rootfs at "/b": not a directory"#, Engine),
        ];
        for (message, class) in cases {
            let whole = format!("{prefix}{message}: unknown");
            assert_eq!(class_of_engine_error(&whole), class, "{message}");
            assert_eq!(brief_engine_error(&whole), message);
        }
    }
}
