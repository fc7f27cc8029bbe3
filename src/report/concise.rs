//! One line for each finding: `path:line:column: code message`, as editors and `grep` read it.

use std::io::{self, Write};

use super::{Report, summary, words};

/// Writes every finding that is not suppressed on a line of its own, then the summary. A finding about the run as a whole
/// has `trueup` in place of a path.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
        let place = diagnostic.primary.as_ref().map_or_else(|| "trueup".to_owned(), words::place);
        writeln!(out, "{place}: {} {}", diagnostic.code.name(), words::headline(diagnostic))?;
    }
    writeln!(out, "{}", summary::line(report, false))
}
