//! A number in a report of a test runner or a coverage tool.

use tokio::time::Instant;

use super::{Seen, timed_out, unreadable};
use crate::measure::blocking::{Stop, done_by};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::{CaseState, CoverageOf, ReportRequest, ReportValue};
use crate::measure::results::cases::Cases;
use crate::measure::results::coverage::{Coverage, Part};
use crate::measure::results::fresh::{self, Younger};
use crate::measure::results::{self, Read};
use crate::quantity::Quantity;

pub(super) async fn measure(request: &ReportRequest, deadline: Instant) -> Seen {
    let mut evidence = Evidence::new();
    let source = request.files.place();
    evidence.fact("report", &source);
    let younger = match fresh::head(&request.files, deadline).await {
        Ok(younger) => younger,
        Err(unmeasured) => return (Err(unmeasured), evidence),
    };
    let owned = request.clone();
    let looked = done_by(deadline, move |stop| look(&owned, younger, stop)).await;
    let looked = looked.unwrap_or_else(|| Err(timed_out(&source, format!("`{source}` could not be read in time"))));
    let looked = looked.map(|(quantity, facts)| {
        facts.iter().for_each(|(name, value)| _ = evidence.fact(name, value));
        quantity
    });
    (looked, evidence)
}

/// A number, and the facts that go with it.
type Looked = (Quantity, Vec<(&'static str, String)>);

fn look(request: &ReportRequest, younger: Vec<Younger>, stop: &Stop) -> Result<Looked, Unmeasured> {
    let source = &request.files.place();
    match &request.value {
        ReportValue::Cases { state, of_all } => {
            let Read { said: cases, written, files } =
                fresh::counting(&request.files, younger, stop, |paths| results::cases(paths, || stop.is_asked()))?;
            if cases.all() == 0 {
                let detail = format!("there is not one test case in `{source}`");
                return Err(Unmeasured { cause: UnmeasuredCause::NothingFound, detail, source: source.clone() });
            }
            let facts = vec![
                ("written", format!("{written:.0}")),
                ("files", files.to_string()),
                ("passed", cases.passed.to_string()),
                ("failed", cases.failed.to_string()),
                ("errors", cases.errors.to_string()),
                ("skipped", cases.skipped.to_string()),
            ];
            Ok((count(cases, *state, *of_all), facts))
        }
        ReportValue::Coverage(of) => {
            let Read { said: coverage, written, files } =
                fresh::counting(&request.files, younger, stop, |paths| results::coverage(paths, || stop.is_asked()))?;
            let part = part(coverage, *of).ok_or_else(|| {
                let detail = format!("`{source}` says nothing of {}", of.name());
                unreadable(source, detail)
            })?;
            let facts = vec![("written", format!("{written:.0}")), ("files", files.to_string())];
            Ok((Quantity { value: part.hit as f64, total: Some(part.found as f64) }, facts))
        }
    }
}

/// "Passed" is of those that were run, or of all: whatever a document speaks of as a whole. Others are numbers by themselves.
fn count(cases: Cases, state: CaseState, of_all: bool) -> Quantity {
    let alone = |value: u64| Quantity { value: value as f64, total: None };
    match state {
        CaseState::Passed => {
            let total = if of_all { cases.all() } else { cases.run() };
            Quantity { value: cases.passed as f64, total: Some(total as f64) }
        }
        CaseState::Failed => alone(cases.failed),
        CaseState::Errors => alone(cases.errors),
        CaseState::Skipped => alone(cases.skipped),
        CaseState::Total => alone(cases.all()),
    }
}

fn part(coverage: Coverage, of: CoverageOf) -> Option<Part> {
    match of {
        CoverageOf::Lines => coverage.lines,
        CoverageOf::Branches => coverage.branches,
        CoverageOf::Functions => coverage.functions,
        CoverageOf::LinesAndBranches => {
            let (lines, branches) = (coverage.lines?, coverage.branches?);
            Some(Part { hit: lines.hit + branches.hit, found: lines.found + branches.found })
        }
    }
}
