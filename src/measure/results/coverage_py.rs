//! The JSON of coverage.py.

use std::io::Read;

use serde::Deserialize;

use super::Said;
use super::coverage::{Coverage, Part};

#[derive(Deserialize)]
struct Report {
    totals: Totals,
}

#[derive(Deserialize)]
struct Totals {
    covered_lines: u64,
    num_statements: u64,
    covered_branches: Option<u64>,
    num_branches: Option<u64>,
}

/// The totals. The time that it says has no zone, and so is none.
pub(super) fn read(from: impl Read) -> Result<Said<Coverage>, String> {
    let report: Report =
        serde_json::from_reader(from).map_err(|error| format!("it is no report of coverage.py: {error}"))?;
    let Totals { covered_lines, num_statements, covered_branches, num_branches } = report.totals;
    let branches = covered_branches.zip(num_branches).map(|(hit, found)| Part { hit, found });
    let lines = Some(Part { hit: covered_lines, found: num_statements });
    Ok((Coverage { lines, branches, functions: None }, None))
}
