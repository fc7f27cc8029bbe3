//! Annotations of GitHub: workflow commands, one a line, that put a finding beside the line of the document.
//!
//! Everything from outside is escaped: no text of a document ends a command, sets a property or begins another command.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::diagnostic::{Diagnostic, Severity};
use super::{Report, summary, terminal, words};

/// Writes a command for every finding that is not suppressed, then the summary as a notice: it counts the suppressed ones.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
        writeln!(out, "{}", command(diagnostic))?;
    }
    writeln!(out, "::notice title=trueup::{}", data(&summary::line(report, false)))
}

fn command(diagnostic: &Diagnostic) -> String {
    let mut command = match diagnostic.severity {
        Severity::Error => "::error ",
        Severity::Warning => "::warning ",
        Severity::Note => "::notice ",
    }
    .to_owned();
    if let Some(label) = &diagnostic.primary {
        let (start, end) = (label.file.place(label.span.start), label.file.place(label.span.end));
        let file = property(&terminal::line(label.file.name()));
        _ = write!(command, "file={file},line={},endLine={},", start.line, end.line);
        // Columns are refused where the lines differ.
        if start.line == end.line {
            _ = write!(command, "col={},endColumn={},", start.column, end.column);
        }
    }
    let lines: Vec<String> = [words::headline(diagnostic)].into_iter().chain(words::details(diagnostic)).collect();
    _ = write!(command, "title={}::{}", property(diagnostic.code.name()), data(&lines.join("\n")));
    command
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_property_or_a_command() {
        assert_eq!(property("a%b:c,d\r\n::error::"), "a%25b%3Ac%2Cd%0D%0A%3A%3Aerror%3A%3A");
        assert_eq!(data("100%: a,b\r\n::error::"), "100%25: a,b%0D%0A::error::");
    }
}
