//! TAP 14, the Test Anything Protocol: a line for each finding, its evidence as YAML below it.
//!
//! The YAML has JSON strings for values, so nothing in it ends the block. Suppressed and unbound claims are skipped tests;
//! `severity` tells "fail" (it is false) from "error" (we could not look).

use std::io::{self, Write};

use super::cases::{self, Case, Ending};
use super::diagnostic::Diagnostic;
use super::{Report, json_text, summary, words};

/// Writes the report as a TAP 14 stream; the summary is its last line.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suites = cases::suites(report);
    writeln!(out, "TAP version 14")?;
    writeln!(out, "1..{}", suites.iter().map(|suite| suite.cases.len()).sum::<usize>())?;
    let cases = suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite.name.as_str(), case)));
    for (number, (suite, case)) in (1..).zip(cases) {
        test(number, suite, case, out)?;
    }
    writeln!(out, "# {}", summary::line(report, false))
}

fn test(number: usize, suite: &str, case: &Case<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (ok, severity, directive) = match case.ending {
        Ending::Passed => ("ok", "comment", String::new()),
        Ending::Told => ("ok", "warning", String::new()),
        Ending::Failed => ("not ok", "fail", String::new()),
        Ending::Errored => ("not ok", "error", String::new()),
        Ending::Skipped(reason) => ("ok", "comment", format!(" # SKIP {reason}")),
    };
    writeln!(out, "{ok} {number} - {}: {}{directive}", escaped(suite), escaped(&case.name))?;
    case.finding.map_or(Ok(()), |diagnostic| evidence(diagnostic, severity, out))
}

fn evidence(diagnostic: &Diagnostic, severity: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  ---\n  severity: {severity}\n  code: {}", diagnostic.code.name())?;
    writeln!(out, "  message: {}", json_text::string(&words::headline(diagnostic))?)?;
    if let Some(label) = &diagnostic.primary {
        let place = label.file.place(label.span.start);
        let file = json_text::string(label.file.name())?;
        writeln!(out, "  at:\n    file: {file}\n    line: {}\n    column: {}", place.line, place.column)?;
    }
    let details = words::details(diagnostic);
    if !details.is_empty() {
        writeln!(out, "  details:")?;
    }
    for line in details {
        writeln!(out, "    - {}", json_text::string(&line)?)?;
    }
    writeln!(out, "  ...")
}

/// A description cannot begin a directive.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}
