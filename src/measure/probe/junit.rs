//! A test run that must have been a good one, by the report that its runner wrote: it proves [`Rung::Functional`].
//!
//! | seen | outcome |
//! |---|---|
//! | a report that counts, with a case that passed and none that failed | passed |
//! | a report that counts, with cases that failed or ended in an error | failed: tests failed |
//! | a report without a case, or of which every case was skipped | unmeasured: nothing found |
//! | a report that is older than `max_age`, or than what `newer_than` names | unmeasured: too old, whatever it says |
//! | no report, no repository where HEAD is asked for | unmeasured: source away |
//! | a report that may not be read | unmeasured: permission denied |
//! | a report that is cut short, or of another format | unmeasured: unreadable |
//! | the disk, or git, does not answer in time | unmeasured: timed out |
//!
//! Nothing is run: nothing here passes by waiting, and there is no second attempt.

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::blocking::done_by;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::JunitCheck;
use crate::measure::results::cases::{FailingCase, TestRun};
use crate::measure::results::{self, Read, fresh};
use crate::rung::Rung;

/// Longest name of a case in a reason, in Unicode scalar values.
const SHOWN: usize = 120;

/// Reads the report once.
pub async fn look(check: &JunitCheck, context: Context<'_>) -> Look {
    if Instant::now() >= context.deadline {
        return Look::unmeasured(Rung::Functional, super::no_time_left("junit"));
    }
    match read(check, context.deadline).await {
        Ok(read) => judge(check, &read),
        Err(unmeasured) => Look::unmeasured(Rung::Functional, unmeasured),
    }
}

async fn read(check: &JunitCheck, deadline: Instant) -> Result<Read<TestRun>, Unmeasured> {
    let younger = fresh::head(&check.report, deadline).await?;
    let owned = check.report.clone();
    let read = done_by(deadline, move |stop| {
        fresh::counting(&owned, younger, stop, |paths| results::test_run(paths, || stop.is_asked()))
    });
    read.await.unwrap_or_else(|| {
        let source = check.report.place();
        let detail = format!("`{source}` could not be read in time");
        Err(Unmeasured { cause: UnmeasuredCause::TimedOut, detail, source })
    })
}

fn judge(check: &JunitCheck, Read { said: run, written, files }: &Read<TestRun>) -> Look {
    let cases = run.cases;
    let mut evidence = Evidence::new();
    evidence.fact("report", check.report.place()).fact("written", format!("{written:.0}"));
    for (name, number) in [
        ("files", *files as u64),
        ("passed", cases.passed),
        ("failed", cases.failed),
        ("errors", cases.errors),
        ("skipped", cases.skipped),
    ] {
        evidence.fact(name, number.to_string());
    }
    if let Some(first) = run.failing.first() {
        let not_passed = cases.failed + cases.errors;
        evidence.log_tail(&run.failing.iter().map(line).collect::<Vec<_>>().join("\n"));
        let more = if not_passed > 1 { ", and others" } else { "" };
        let reason = format!("{not_passed} of {} tests failed: {}{more}", cases.run(), plain(&line(first), SHOWN));
        return Look::failed(Rung::Functional, FailureClass::TestsFailed, reason, evidence);
    }
    if cases.run() == 0 {
        let source = check.report.place();
        let detail = match cases.skipped {
            0 => format!("there is not one test case in `{source}`"),
            skipped => format!("of {skipped} test cases in `{source}` not one was run"),
        };
        let mut look =
            Look::unmeasured(Rung::Functional, Unmeasured { cause: UnmeasuredCause::NothingFound, detail, source });
        look.evidence = evidence;
        return look;
    }
    let skipped = if cases.skipped == 0 { String::new() } else { format!(", {} skipped", cases.skipped) };
    Look::passed(Rung::Functional, format!("{} tests passed{skipped}", cases.passed), evidence)
}

fn line(case: &FailingCase) -> String {
    let name = plain(&case.name, SHOWN);
    if case.message.is_empty() { name } else { format!("{name}: {}", plain(&case.message, SHOWN)) }
}
