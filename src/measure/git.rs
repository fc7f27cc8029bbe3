//! What git says of a repository while measuring: the program, with fixed arguments, ended like any other that a check
//! starts when its time is over. (What a command asks of git before anything is measured, [`crate::git`] asks.)
//!
//! | seen | told as |
//! |---|---|
//! | no git; no repository; no commit yet; a shallow clone, where history is asked | source away |
//! | a repository of somebody else, which git refuses to look into | permission denied |
//! | anything else that git complains of | unreadable |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokio::time::Instant;

use super::blocking::done_by;
use super::classify::Exit;
use super::evidence::plain;
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::process::{Program, Surroundings, run_in, stop_waiting_at};
use crate::git as repository;

/// Most bytes of its output that are read.
const OUTPUT: usize = 64 << 20;

/// Longest message of git that is shown, in Unicode scalar values.
const SHOWN: usize = 200;

/// What git writes when it is run in `folder` with `arguments`, by `deadline`. It writes nothing itself, starts no program
/// that the repository configures, and asks nobody anything.
///
/// # Errors
/// Why there is no answer.
pub async fn git(folder: &Path, arguments: &[&str], deadline: Instant) -> Result<String, Unmeasured> {
    let source = format!("git in {}", folder.display());
    let unmeasured = |cause, detail: String| Unmeasured { cause, detail, source: source.clone() };
    let fixed = ["git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"];
    let argv: Vec<String> = fixed.iter().chain(arguments).map(|&word| word.to_owned()).collect();
    let env = [("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C")];
    let mut env: BTreeMap<String, String> =
        env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let shown = format!("git {}", arguments.join(" "));
    if let Some(index) = hook_index(folder, deadline).await? {
        env.insert("GIT_INDEX_FILE".to_owned(), index.display().to_string());
    }
    // What a hook is told of its repository is wrong for a folder below it, and for any other repository.
    let names: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| !repository::LOCAL_VARIABLES.contains(&name.as_str()))
        .collect();
    let program = Program { argv: &argv, env: &env, cwd: folder };
    let finished = run_in(&program, Surroundings::Only(&names), OUTPUT, stop_waiting_at(deadline)).await;
    let finished = finished
        .map_err(|fault| unmeasured(UnmeasuredCause::SourceAway, format!("`{shown}` could not be started: {fault}")))?;
    match finished.exit {
        None => Err(unmeasured(UnmeasuredCause::TimedOut, format!("`{shown}` did not end in time and was killed"))),
        Some(Exit::Code(0)) if finished.stdout.left_out() > 0 => {
            let detail = format!("`{shown}` wrote more than {} MiB", OUTPUT >> 20);
            Err(unmeasured(UnmeasuredCause::Unreadable, detail))
        }
        Some(Exit::Code(0)) => Ok(finished.stdout.text()),
        Some(_) => {
            let said = finished.stderr.text();
            let cause = cause(&said);
            Err(unmeasured(cause, format!("`{shown}` failed in `{}`: {}", folder.display(), plain(&said, SHOWN))))
        }
    }
}

/// The index that a hook works on, where we run in one of the repository of `folder`.
async fn hook_index(folder: &Path, deadline: Instant) -> Result<Option<PathBuf>, Unmeasured> {
    if std::env::var_os("GIT_INDEX_FILE").is_none() {
        return Ok(None);
    }
    let owned = folder.to_owned();
    // A repository that cannot be found is told by the question itself.
    let found = done_by(deadline, move |_| repository::hook_index(&owned).unwrap_or(None)).await;
    found.ok_or_else(|| Unmeasured {
        cause: UnmeasuredCause::TimedOut,
        detail: format!("git did not say in time whether `{}` is in the repository of the hook", folder.display()),
        source: format!("git in {}", folder.display()),
    })
}

fn cause(said: &str) -> UnmeasuredCause {
    let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
    if says(&["dubious ownership", "Permission denied"]) {
        UnmeasuredCause::PermissionDenied
    } else if says(&[
        "not a git repository",
        "does not have any commits yet",
        "unknown revision",
        "Needed a single revision",
    ]) {
        UnmeasuredCause::SourceAway
    } else {
        UnmeasuredCause::Unreadable
    }
}

/// When the commit that is checked out in `folder` was made.
///
/// # Errors
/// Why that is not known.
pub async fn head_time(folder: &Path, deadline: Instant) -> Result<jiff::Timestamp, Unmeasured> {
    let said = git(folder, &["log", "-1", "--format=%ct", "HEAD"], deadline).await?;
    let time = said.trim().parse().ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| Unmeasured {
        cause: UnmeasuredCause::Unreadable,
        detail: format!("git says `{}` for the time of HEAD; expected seconds", plain(&said, SHOWN)),
        source: format!("git in {}", folder.display()),
    })
}

/// Files of the repository of `folder` that differ from the commit that is checked out, new ones included and ignored ones
/// not, by their paths from its top.
///
/// # Errors
/// Why that is not known.
pub async fn changes(folder: &Path, deadline: Instant) -> Result<Vec<String>, Unmeasured> {
    let arguments = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"];
    let said = git(folder, &arguments, deadline).await?;
    Ok(said.split_terminator('\0').filter_map(|entry| Some(entry.get(3..)?.to_owned())).collect())
}

/// Nothing, where the clone in `folder` has all of the history.
///
/// # Errors
/// That it has not, or why that is not known.
pub async fn has_whole_history(folder: &Path, deadline: Instant) -> Result<(), Unmeasured> {
    let said = git(folder, &["rev-parse", "--is-shallow-repository"], deadline).await?;
    if said.trim() == "false" {
        return Ok(());
    }
    let detail = format!(
        "`{}` is a shallow clone, which has not all of the history; run `git fetch --unshallow`",
        folder.display()
    );
    Err(Unmeasured { cause: UnmeasuredCause::SourceAway, detail, source: format!("git in {}", folder.display()) })
}

/// Nothing, where the clone in `folder` was made with all tags that there were.
///
/// # Errors
/// That it was not, or why that is not known.
pub async fn has_all_tags(folder: &Path, deadline: Instant) -> Result<(), Unmeasured> {
    has_whole_history(folder, deadline).await?;
    let said = git(folder, &["config", "--list"], deadline).await?;
    if !said.lines().any(|line| line.starts_with("remote.") && line.ends_with(".tagopt=--no-tags")) {
        return Ok(());
    }
    let detail = format!("`{}` was cloned without tags; run `git fetch --tags`", folder.display());
    Err(Unmeasured { cause: UnmeasuredCause::SourceAway, detail, source: format!("git in {}", folder.display()) })
}

/// What git said cannot be read.
pub fn unreadable(folder: &Path, detail: String) -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: format!("git in {}", folder.display()) }
}
