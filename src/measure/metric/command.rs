//! A number in the standard output of a program.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::time::Instant;

use super::{Seen, read, timed_out, unreadable};
use crate::measure::classify::{Exit, classify};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::process::{Finished, Program, SpawnFault, run, stop_waiting_at};
use crate::measure::request::Reading;
use crate::quantity::Quantity;

/// Most bytes of output that are read. Beyond, the summary at its end might be missed, so there is no number.
const OUTPUT_LIMIT: usize = 16 << 20;

pub(super) async fn measure(
    argv: &[String],
    cwd: &Path,
    exit_codes: &[i32],
    reading: &Reading,
    deadline: Instant,
) -> Seen {
    let source = argv.join(" ");
    let mut evidence = Evidence::new();
    evidence.fact("command", &source);
    let program = Program { argv, env: &BTreeMap::new(), cwd };
    let finished = match run(&program, OUTPUT_LIMIT, stop_waiting_at(deadline)).await {
        Ok(finished) => finished,
        Err(fault) => return (Err(not_started(&source, &fault)), evidence),
    };
    let Some(exit) = finished.exit else {
        evidence.log_tail(&finished.stderr.text());
        let detail = format!("`{source}` did not end in time and was killed");
        return (Err(timed_out(&source, detail)), evidence);
    };
    evidence.fact("exit", exit.to_string());
    let stdout = finished.stdout.text();
    let number = number(&source, exit, exit_codes, &finished, &stdout, reading);
    if number.is_err() {
        let stderr = finished.stderr.text();
        evidence.log_tail(if stderr.trim().is_empty() { &stdout } else { &stderr });
    }
    (number, evidence)
}

fn number(
    source: &str,
    exit: Exit,
    exit_codes: &[i32],
    finished: &Finished,
    stdout: &str,
    reading: &Reading,
) -> Result<Quantity, Unmeasured> {
    let counts = matches!(exit, Exit::Code(code) if exit_codes.iter().any(|&counting| i64::from(counting) == code));
    if !counts {
        let expected: Vec<_> = exit_codes.iter().map(i32::to_string).collect();
        let reason = classify(exit, &finished.stderr.text()).reason;
        let expected = expected.join(" or ");
        return Err(unreadable(source, format!("`{source}` failed with {reason}; expected exit {expected}")));
    }
    if finished.stdout.left_out() > 0 {
        let (total, limit) = (finished.stdout.total(), OUTPUT_LIMIT >> 20);
        let detail = format!("`{source}` wrote {total} bytes; expected {limit} MiB at most");
        return Err(unreadable(source, detail));
    }
    read(stdout, reading).map_err(|detail| unreadable(source, format!("`{source}`: {detail}")))
}

fn not_started(source: &str, fault: &SpawnFault) -> Unmeasured {
    let detail = format!("`{source}` could not be started: {fault}");
    Unmeasured { cause: UnmeasuredCause::SourceAway, detail, source: source.to_owned() }
}
