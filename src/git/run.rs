//! One run of the git program: bounded in time and output, with nothing that it could ask or start.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::fault::GitError;

/// Time for a question.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Most bytes of an answer.
const OUTPUT_LIMIT: u64 = 1 << 30;
/// Most bytes of a complaint that are shown.
const COMPLAINT_LIMIT: usize = 400;

/// Variables that tie git to one repository, as `git rev-parse --local-env-vars` lists them.
pub const LOCAL_VARIABLES: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
];

/// What the surroundings say of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surroundings {
    /// Respected: we run in a hook of this repository, or in none.
    Respected,
    /// Cleared: they speak of another repository.
    Cleared,
}

/// What git answered.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Answer {
    /// What it said on standard error, as one short line.
    pub(super) fn complaint(&self) -> String {
        let said = String::from_utf8_lossy(&self.stderr);
        let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut line = lines.join("; ").replace(char::is_control, " ");
        if line.is_empty() {
            line = self.code.map_or_else(|| "a signal ended it".to_owned(), |code| format!("exit code {code}"));
        }
        if let Some((end, _)) = line.char_indices().nth(COMPLAINT_LIMIT) {
            line.truncate(end);
            line.push('…');
        }
        line
    }
}

/// Runs `git args` in `folder`, with `input` on its standard input.
///
/// # Errors
/// Where there is no git, it did not end in time, or its answer is larger than any that we ask for. An exit code other
/// than 0 is an answer.
pub(super) fn run<A: AsRef<OsStr>>(
    folder: &Path,
    surroundings: Surroundings,
    args: &[A],
    input: Option<Vec<u8>>,
) -> Result<Answer, GitError> {
    let mut command = Command::new("git");
    // No lock is taken, no program of the repository's configuration is started, patterns in names are no patterns.
    command.args(["--no-pager", "--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false"]);
    command.args(args).env("LC_ALL", "C").env("GIT_NO_LAZY_FETCH", "1");
    for name in ["GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EXTERNAL_DIFF"] {
        command.env_remove(name);
    }
    finish(command, folder, surroundings, shown(args), input, TIMEOUT)
}

/// Runs `git args` as a person would, so that hooks that it starts find what they always find; nobody is asked anything.
///
/// # Errors
/// As for [`run`].
pub(super) fn run_as_usual<A: AsRef<OsStr>>(
    folder: &Path,
    surroundings: Surroundings,
    args: &[A],
    input: Vec<u8>,
    timeout: Duration,
) -> Result<Answer, GitError> {
    let mut command = Command::new("git");
    command.args(args);
    finish(command, folder, surroundings, shown(args), Some(input), timeout)
}

fn finish(
    mut command: Command,
    folder: &Path,
    surroundings: Surroundings,
    shown: String,
    input: Option<Vec<u8>>,
    timeout: Duration,
) -> Result<Answer, GitError> {
    command.current_dir(folder).env("GIT_TERMINAL_PROMPT", "0");
    if surroundings == Surroundings::Cleared {
        LOCAL_VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
    }
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: io::Error| GitError::Failed { command: shown.clone(), message: error.to_string() };
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if folder.is_dir() => GitError::NoGit,
        _ => failed(error),
    })?;
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // A git that ends before it read all says why itself.
        thread::spawn(move || _ = pipe.write_all(&input));
    }
    let answer = collect(&mut child, &shown, timeout);
    if answer.is_err() {
        // What is still there has nothing to say any more.
        _ = child.kill();
    }
    let status = child.wait().map_err(failed)?;
    let (stdout, stderr) = answer?;
    Ok(Answer { code: status.code(), stdout, stderr })
}

/// Reads both streams to their end: git has ended then, or is about to.
fn collect(child: &mut Child, command: &str, timeout: Duration) -> Result<(Vec<u8>, Vec<u8>), GitError> {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (sender, receiver) = mpsc::channel();
    let errors = sender.clone();
    thread::spawn(move || _ = sender.send((true, stdout.map_or(Ok(Vec::new()), drain))));
    thread::spawn(move || _ = errors.send((false, stderr.map_or(Ok(Vec::new()), drain))));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let Ok((is_out, read)) = receiver.recv_timeout(timeout) else {
            return Err(GitError::TimedOut { command: command.to_owned() });
        };
        let read =
            read.map_err(|error| GitError::Failed { command: command.to_owned(), message: error.to_string() })?;
        if is_out {
            out = read;
        } else {
            err = read;
        }
    }
    Ok((out, err))
}

fn drain(pipe: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    pipe.take(OUTPUT_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > OUTPUT_LIMIT {
        return Err(io::Error::other(format!("its answer is larger than {} MiB", OUTPUT_LIMIT >> 20)));
    }
    Ok(bytes)
}

/// The command as messages name it: without our own options, and short.
pub(super) fn shown<A: AsRef<OsStr>>(args: &[A]) -> String {
    let few = args.iter().take(6).map(|arg| arg.as_ref().to_string_lossy().replace(char::is_control, " "));
    let mut text = ["git".to_owned()].into_iter().chain(few).collect::<Vec<_>>().join(" ");
    if args.len() > 6 {
        text.push_str(" …");
    }
    text
}
