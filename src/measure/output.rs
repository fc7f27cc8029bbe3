//! What a program writes, where it ends as it should: of a program that fails, nobody knows what its output is worth.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::time::Instant;

use super::classify::{Exit, classify};
use super::evidence::Evidence;
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::process::{Finished, Program, SpawnFault, run, stop_waiting_at};
use super::source::Sources;

/// What to start, and when its output counts.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Program and arguments. No shell stands between.
    pub argv: &'a [String],
    /// Environment on top of ours.
    pub env: &'a BTreeMap<String, String>,
    /// Folder to start it in.
    pub cwd: &'a Path,
    /// Exit codes with which the output counts.
    pub exit_codes: &'a [i32],
    /// Bytes of standard output that are kept.
    pub limit: usize,
}

/// Runs a program to its end, once in a run for all who want the same of it, and returns by `deadline`.
/// What did not end in time for one is started again for another.
pub async fn output_once(
    wanted: Wanted<'_>,
    sources: &Sources,
    deadline: Instant,
) -> (Result<Finished, Unmeasured>, Evidence) {
    let running = async {
        let seen = output(wanted, deadline).await;
        let late = matches!(&seen.0, Err(unmeasured) if unmeasured.cause == UnmeasuredCause::TimedOut);
        if late { Err(seen) } else { Ok(seen) }
    };
    let shared = sources.shared().outputs.ask(format!("{wanted:?}"), deadline, running).await;
    shared.unwrap_or_else(|| {
        let source = wanted.argv.join(" ");
        let detail = format!("`{source}` did not end in time");
        (Err(Unmeasured { cause: UnmeasuredCause::TimedOut, detail, source }), Evidence::new())
    })
}

/// Runs a program to its end, and returns by `deadline`. The evidence names the command and how it ended, and has the end
/// of what it wrote where its output does not count.
async fn output(wanted: Wanted<'_>, deadline: Instant) -> (Result<Finished, Unmeasured>, Evidence) {
    let source = wanted.argv.join(" ");
    let mut evidence = Evidence::new();
    evidence.fact("command", &source);
    let unmeasured = |cause, detail| Unmeasured { cause, detail, source: source.clone() };
    let program = Program { argv: wanted.argv, env: wanted.env, cwd: wanted.cwd };
    let finished = match run(&program, wanted.limit, stop_waiting_at(deadline)).await {
        Ok(finished) => finished,
        Err(fault) => return (Err(unmeasured(UnmeasuredCause::SourceAway, not_started(&source, &fault))), evidence),
    };
    let Some(exit) = finished.exit else {
        evidence.log_tail(&finished.stderr.text());
        let detail = format!("`{source}` did not end in time and was killed");
        return (Err(unmeasured(UnmeasuredCause::TimedOut, detail)), evidence);
    };
    evidence.fact("exit", exit.to_string());
    let counts = matches!(exit, Exit::Code(code) if wanted.exit_codes.iter().any(|&own| i64::from(own) == code));
    if counts {
        return (Ok(finished), evidence);
    }
    log(&mut evidence, &finished);
    let reason = classify(exit, &finished.stderr.text()).reason;
    let expected: Vec<_> = wanted.exit_codes.iter().map(i32::to_string).collect();
    let detail = format!("`{source}` failed with {reason}; expected exit {}", expected.join(" or "));
    (Err(unmeasured(UnmeasuredCause::Unreadable, detail)), evidence)
}

/// Sets the log to the end of what a program wrote to standard error, or to standard output where it wrote nothing there.
pub fn log(evidence: &mut Evidence, finished: &Finished) {
    let stderr = finished.stderr.text();
    if stderr.trim().is_empty() {
        evidence.log_tail(&finished.stdout.text());
    } else {
        evidence.log_tail(&stderr);
    }
}

fn not_started(source: &str, fault: &SpawnFault) -> String {
    format!("`{source}` could not be started: {fault}")
}
