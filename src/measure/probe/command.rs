//! A program on this machine that must end with an exit code.
//!
//! | seen | outcome |
//! |---|---|
//! | the exit code of success, and output that matches | passed, functional |
//! | another exit code, or a signal | failed, by [`classify`] |
//! | the exit code of success, and output that does not match | failed, wrong-answer |
//! | no such program, no such interpreter, not executable, no such folder | failed, by [`SpawnFault::class`] |
//! | it runs on when the check's own timeout is spent | failed, no-answer; another attempt may help |
//! | it runs on when the run's deadline is spent | unmeasured, timed-out |
//! | this machine has no process left to give | unmeasured, source-away |
//!
//! The program gets no input and no terminal. What it started is killed with it, also after a success.
//!
//! [`SpawnFault::class`]: crate::measure::process::SpawnFault::class

use std::collections::BTreeMap;

use regex::Regex;
use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::classify::{Exit, classify};
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::process::{Finished, Program, SpawnFault, run, stop_waiting_at};
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
    match run(&program, STDOUT_LIMIT, stop_waiting_at(context.deadline)).await {
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
    if exit != Exit::Code(i64::from(check.exit_code)) {
        let stderr = finished.stderr.text();
        let diagnosis = classify(exit, if stderr.trim().is_empty() { &stdout } else { &stderr });
        let (class, mut reason) = (diagnosis.class, diagnosis.reason);
        if check.exit_code != 0 {
            reason = format!("{reason} (expected exit {})", check.exit_code);
        }
        // "It ended before it did anything" is no failure of a program that was to end, but with another code.
        let class = if class == FailureClass::CleanExit { FailureClass::WrongAnswer } else { class };
        return Look::failed(Rung::Functional, class, reason, evidence);
    }
    let Some(pattern) = &check.stdout else {
        return Look::passed(Rung::Functional, exit.to_string(), evidence);
    };
    match Regex::new(pattern) {
        Ok(regex) if regex.is_match(&stdout) => {
            Look::passed(Rung::Functional, format!("{exit}; the output matches `{pattern}`"), evidence)
        }
        Ok(_) => {
            let seen = plain(&stdout, QUOTE);
            let seen = if seen.is_empty() { "there is none".to_owned() } else { format!("`{seen}`") };
            let reason = format!("the output does not match `{pattern}`: {seen}");
            Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, evidence)
        }
        Err(error) => Look::unmeasured(
            Rung::Functional,
            Unmeasured {
                cause: UnmeasuredCause::Unreadable,
                detail: format!("`{pattern}` is no regular expression: {}", plain(&error.to_string(), QUOTE)),
                source: "trueup.toml".to_owned(),
            },
        ),
    }
}
