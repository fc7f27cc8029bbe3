//! What git says of a repository while measuring: the program, with fixed arguments, ended like any other that a check
//! starts when its time is over. (What a command asks of git before anything is measured, [`crate::git`] asks.)
//!
//! | seen | told as |
//! |---|---|
//! | no git; no repository; no commit yet; a shallow clone, where history is asked | source away |
//! | a repository of somebody else, which git refuses to look into | permission denied |
//! | anything else that git complains of | unreadable |

use std::collections::BTreeMap;
use std::path::Path;

use tokio::time::Instant;

use super::classify::Exit;
use super::evidence::plain;
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::process::{Program, run, stop_waiting_at};

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
    let env: BTreeMap<String, String> = env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let shown = format!("git {}", arguments.join(" "));
    let program = Program { argv: &argv, env: &env, cwd: folder };
    let finished = run(&program, OUTPUT, stop_waiting_at(deadline)).await;
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

fn cause(said: &str) -> UnmeasuredCause {
    let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
    if says(&["dubious ownership", "Permission denied"]) {
        UnmeasuredCause::PermissionDenied
    } else if says(&["not a git repository", "does not have any commits yet", "unknown revision"]) {
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
