//! A command inside a container that must end with an exit code, and may have to write something.
//!
//! | what was seen | what it is |
//! |---|---|
//! | the expected exit code and output | passed at functional |
//! | another exit code | failed at functional, by [`classify()`] |
//! | the exit code, another output | failed at functional, `wrong-answer` |
//! | no such program in the container; one that cannot be executed | failed at functional, `spawn-not-found`, `spawn-not-executable` |
//! | the engine cannot start it for another reason | failed at functional, `engine` |
//! | it did not end in time | failed at functional, `no-answer`; it is killed |
//! | the container does not run | failed at running, with the class of its state |
//! | the engine knows no such container | failed at exists, `missing` |
//! | more output than is read, and the expected is not in what was read | unmeasured, unreadable |
//! | no engine, no access, silence of the engine | unmeasured: we could not look |
//!
//! A pass proves nothing about stability: whether the container stays up is the business of the `docker` check.

use std::time::Duration;

use regex::bytes::Regex;

use super::container::{container_of, not_runnable, troubled};
use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::classify::{self, Diagnosis, classify};
use crate::measure::engine::Engine;
use crate::measure::engine::exec::{Ended, Exit, Output};
use crate::measure::engine::message;
use crate::measure::engine::trouble::Trouble;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::pattern::compile;
use crate::measure::request::ExecCheck;
use crate::rung::Rung;

/// Longest line of output in a reason, in Unicode scalar values.
const LINE_LIMIT: usize = 160;

/// Runs the command once.
pub async fn look(check: &ExecCheck, context: Context<'_>) -> Look {
    let began = tokio::time::Instant::now();
    let name = match container_of(check.container.as_deref(), context.handle) {
        Ok(name) => name,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    let expected = match check.stdout.as_deref().map(compile).transpose() {
        Ok(expected) => expected,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    let engine = match context.sources.engine_at(&check.engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    match engine.exec(name, &check.argv, context.deadline).await {
        Ok(Ended::Exit(exit)) => answered(check, expected.as_ref(), &exit, engine.source()),
        Ok(Ended::Late { output, killed }) => late(check, &output, killed, began.elapsed()),
        Err(Trouble::Refused(said)) => refused(check, name, &said, &engine, context).await,
        Err(trouble @ (Trouble::NoSuchContainer | Trouble::Unmeasured(_))) => {
            troubled(name, trouble, Rung::Functional, engine.source())
        }
    }
}

/// Holds how it ended against what was expected.
fn answered(check: &ExecCheck, expected: Option<&Regex>, exit: &Exit, source: &str) -> Look {
    let output = &exit.output;
    let mut evidence = evidence(check, output);
    evidence.fact("exit code", exit.code.to_string());
    let text = String::from_utf8_lossy(&output.stdout);
    // Some engines tell what they could not start as output of the command.
    if matches!(exit.code, 126 | 127) && text.trim_start().starts_with("OCI runtime exec failed") {
        return not_started(&text, evidence);
    }
    if exit.code != check.exit_code {
        let log = if output.stderr.trim_ascii().is_empty() { text } else { String::from_utf8_lossy(&output.stderr) };
        return other_exit(check, classify::Exit::Code(exit.code), &log, evidence);
    }
    let Some(expected) = expected else {
        return Look::passed(Rung::Functional, format!("exit {}", exit.code), evidence);
    };
    if expected.is_match(&output.stdout) {
        let summary = format!("exit {}; the output matches `{expected}`", exit.code);
        return Look::passed(Rung::Functional, summary, evidence);
    }
    if output.cut {
        let unmeasured = Unmeasured {
            cause: UnmeasuredCause::Unreadable,
            detail: format!(
                "`{}` wrote more than is read, and what was read does not match `{expected}`",
                shown(check)
            ),
            source: source.to_owned(),
        };
        return Look { evidence, ..Look::unmeasured(Rung::Functional, unmeasured) };
    }
    let seen = plain(&text, LINE_LIMIT);
    let seen = if seen.is_empty() { "there is none".to_owned() } else { format!("`{seen}`") };
    let reason = format!("the output does not match `{expected}`: {seen}");
    Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, evidence)
}

fn other_exit(check: &ExecCheck, exit: classify::Exit, log: &str, evidence: Evidence) -> Look {
    let Diagnosis { class, mut reason } = classify(exit, log);
    if check.exit_code != 0 {
        reason = format!("{reason} (expected exit {})", check.exit_code);
    }
    // "It ended before it did anything" is no failure of a command that was to end, but with another code.
    let class = if class == FailureClass::CleanExit { FailureClass::WrongAnswer } else { class };
    Look::failed(Rung::Functional, class, reason, evidence)
}

fn late(check: &ExecCheck, output: &Output, killed: bool, took: Duration) -> Look {
    let mut evidence = evidence(check, output);
    if !killed {
        evidence.fact("left running", "the command could not be killed: no shell in the image, or another machine");
    }
    let reason = format!("`{}` did not end within {}", shown(check), humantime::format_duration(rounded(took)));
    Look::failed(Rung::Functional, FailureClass::NoAnswer, reason, evidence).transient()
}

/// The engine would not run it: because of the command, or because of the container.
async fn refused(check: &ExecCheck, name: &str, said: &str, engine: &Engine, context: Context<'_>) -> Look {
    if said.contains("OCI runtime exec failed") {
        return not_started(said, evidence(check, &Output::default()));
    }
    not_runnable(name, said, Rung::Functional, engine, context).await
}

fn not_started(said: &str, evidence: Evidence) -> Look {
    let reason = format!("cannot start: {}", plain(message::brief(said), LINE_LIMIT));
    Look::failed(Rung::Functional, message::class_of(said), reason, evidence)
}

fn evidence(check: &ExecCheck, output: &Output) -> Evidence {
    let mut evidence = Evidence::new();
    evidence.fact("command", check.argv.join(" "));
    if output.cut {
        evidence.fact("output", "more than was read");
    }
    let log = [output.stdout.as_slice(), output.stderr.as_slice()].join(&b'\n');
    evidence.log_tail(&String::from_utf8_lossy(&log));
    evidence
}

/// The command as a reason names it.
fn shown(check: &ExecCheck) -> String {
    plain(&check.argv.join(" "), 60)
}

fn rounded(took: Duration) -> Duration {
    Duration::from_millis(u64::try_from(took.as_millis()).unwrap_or(u64::MAX) / 100 * 100)
}
