//! A program on this machine that must end with an exit code.
//!
//! | seen | outcome |
//! |---|---|
//! | an exit code of success, and the output expected | passed, functional |
//! | another exit code, or a signal | failed, by [`classify`] |
//! | an exit code of success, and other output: no match, another value, too few or too many lines | failed, wrong-answer |
//! | output beyond the first MiB, where that could decide | unmeasured, unreadable |
//! | no such program, no such interpreter, not executable, no such folder | failed, by [`SpawnFault::class`] |
//! | it runs on when the check's own timeout is spent | failed, no-answer; another attempt may help |
//! | it runs on when the run's deadline is spent | unmeasured, timed-out |
//! | this machine has no process left to give | unmeasured, source-away |
//!
//! The program gets no input and no terminal; of our environment all, or `PATH` and what `env` lists. What it started is killed with it, also after a success.
//!
//! [`SpawnFault::class`]: crate::measure::process::SpawnFault::class

use std::collections::BTreeMap;

use regex::Regex;
use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::classify::{Exit, classify};
use crate::measure::content::{self, Mismatch};
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::process::{Finished, Program, SpawnFault, Surroundings, run_in, stop_waiting_at};
use crate::measure::request::CommandCheck;
use crate::rung::Rung;

/// Bytes of standard output in which a pattern is looked for.
const STDOUT_LIMIT: usize = 1 << 20;

/// Longest output quoted in a reason, in Unicode scalar values.
const QUOTE: usize = 120;

/// Runs the program and looks at how it ends.
pub async fn look(check: &CommandCheck, context: Context<'_>) -> Look {
    let began = Instant::now();
    let env = BTreeMap::new();
    let program = Program { argv: &check.argv, env: &env, cwd: &check.cwd };
    let surroundings = check.env.as_deref().map_or(Surroundings::Ours, Surroundings::Only);
    match run_in(&program, surroundings, STDOUT_LIMIT, stop_waiting_at(context.deadline)).await {
        Err(fault) => not_started(&fault),
        Ok(finished) => {
            let evidence = evidence(&finished);
            match finished.exit {
                Some(exit) => judge(check, exit, &finished, evidence),
                None if context.sources.cut_short(context.deadline) => {
                    let mut look = Look::unmeasured(Rung::Functional, out_of_time(&check.argv));
                    look.evidence = evidence;
                    look
                }
                None => {
                    let reason = format!("still running after {:.1} s, killed", began.elapsed().as_secs_f64());
                    Look::failed(Rung::Functional, FailureClass::NoAnswer, reason, evidence).transient()
                }
            }
        }
    }
}

fn not_started(fault: &SpawnFault) -> Look {
    match fault.class() {
        Some(class) => Look::failed(Rung::Functional, class, fault.to_string(), Evidence::new()),
        None => Look::unmeasured(
            Rung::Functional,
            Unmeasured {
                cause: UnmeasuredCause::SourceAway,
                detail: fault.to_string(),
                source: "processes of this machine".to_owned(),
            },
        ),
    }
}

fn out_of_time(argv: &[String]) -> Unmeasured {
    let name = argv.first().map_or("", String::as_str);
    Unmeasured {
        cause: UnmeasuredCause::TimedOut,
        detail: format!("the run's deadline passed while `{name}` was running"),
        source: "the run's deadline".to_owned(),
    }
}

fn evidence(finished: &Finished) -> Evidence {
    let mut evidence = Evidence::new();
    match finished.exit {
        Some(Exit::Code(code)) => evidence.fact("exit code", code.to_string()),
        Some(Exit::Signal(signal)) => evidence.fact("signal", signal.to_string()),
        None => &mut evidence,
    };
    if finished.stdout.left_out() > 0 {
        evidence.fact("output left out", format!("{} bytes", finished.stdout.left_out()));
    }
    if finished.escaped > 0 {
        evidence.fact("escaped processes killed", finished.escaped.to_string());
    }
    let stderr = finished.stderr.text();
    evidence.log_tail(if stderr.trim().is_empty() { finished.stdout.text() } else { stderr }.as_str());
    evidence
}

fn judge(check: &CommandCheck, exit: Exit, finished: &Finished, evidence: Evidence) -> Look {
    let stdout = finished.stdout.text();
    let succeeds = |exit| check.exit_codes.iter().any(|&code| exit == Exit::Code(i64::from(code)));
    if !succeeds(exit) {
        let stderr = finished.stderr.text();
        let diagnosis = classify(exit, if stderr.trim().is_empty() { &stdout } else { &stderr });
        let (class, mut reason) = (diagnosis.class, diagnosis.reason);
        if check.exit_codes != [0] {
            let expected: Vec<_> = check.exit_codes.iter().map(i32::to_string).collect();
            reason = format!("{reason} (expected exit {})", expected.join(" or "));
        }
        // "It ended before it did anything" is no failure of a program that was to end, but with another code.
        let class = if class == FailureClass::CleanExit { FailureClass::WrongAnswer } else { class };
        return Look::failed(Rung::Functional, class, reason, evidence);
    }
    match expected(check, &stdout, finished.stdout.left_out() == 0) {
        Ok(seen) => Look::passed(Rung::Functional, format!("{exit}{seen}"), evidence),
        Err(Mismatch::Wrong(reason)) => Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, evidence),
        Err(Mismatch::Unreadable(detail)) => {
            let source = check.argv.join(" ");
            let unmeasured = Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source };
            let mut look = Look::unmeasured(Rung::Functional, unmeasured);
            look.evidence = evidence;
            look
        }
    }
}

/// Compares what was written, of which `whole` says whether that is all. Says what was found, for the summary.
fn expected(check: &CommandCheck, stdout: &str, whole: bool) -> Result<String, Mismatch> {
    let too_long = || {
        Mismatch::Unreadable(format!("more than {} KiB of output, of which the rest was not read", STDOUT_LIMIT >> 10))
    };
    let mut seen = String::new();
    if let Some(pattern) = &check.stdout {
        let regex = Regex::new(pattern).map_err(|error| {
            Mismatch::Unreadable(format!("`{pattern}` is no regular expression: {}", plain(&error.to_string(), QUOTE)))
        })?;
        if !regex.is_match(stdout) {
            return Err(if whole {
                Mismatch::Wrong(format!("the output does not match `{pattern}`: {}", quoted(stdout)))
            } else {
                too_long()
            });
        }
        seen.push_str(&format!("; the output matches `{pattern}`"));
    }
    if !check.json.is_empty() {
        if !whole {
            return Err(too_long());
        }
        let document = serde_json::from_str(stdout.trim_start_matches('\u{feff}'))
            .map_err(|error| Mismatch::Wrong(format!("the output is no JSON ({error}): {}", quoted(stdout))))?;
        seen += &content::pointed(&document, &check.json, "output", |value| plain(&value.to_string(), QUOTE))?;
    }
    if check.min_lines.is_some() || check.max_lines.is_some() {
        let lines = stdout.lines().count();
        let (min, max) = (check.min_lines.unwrap_or(0), check.max_lines.unwrap_or(usize::MAX));
        if !whole && (lines <= min || max != usize::MAX) && lines <= max {
            return Err(too_long());
        }
        if lines < min {
            return Err(Mismatch::Wrong(format!("{lines} lines of output, expected at least {min}")));
        }
        if lines > max {
            return Err(Mismatch::Wrong(format!("{lines} lines of output, expected at most {max}")));
        }
        seen.push_str(&format!("; {lines} lines of output"));
    }
    Ok(seen)
}

fn quoted(stdout: &str) -> String {
    let seen = plain(stdout, QUOTE);
    if seen.is_empty() { "there is none".to_owned() } else { format!("`{seen}`") }
}
