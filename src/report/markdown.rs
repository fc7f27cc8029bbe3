//! Markdown for a comment on a pull request and for the summary of a CI job: the counts as a table, then the findings.
//!
//! Texts from outside stand in inline code and in code blocks alone: there they are no markup, no link and no mention.
//! The size is bounded below what GitHub takes as one comment (65,536 characters); what does not fit is counted.

use std::io::{self, Write};

use super::diagnostic::{Diagnostic, Severity};
use super::{Report, summary, words};
use crate::exit::ExitCode;
use crate::judge::verdict::Counts;
use crate::render::escape;

/// Most bytes of a comment, with room for the line that says how much was left out.
const SIZE_LIMIT: usize = 60_000;
/// Most lines of evidence below one finding.
const DETAIL_LIMIT: usize = 30;

/// Writes the summary, the counts and every finding that is not suppressed, as far as the size allows.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut text = format!("### trueup: {}\n\n{}", ending(report.exit), counts(&report.counts));
    let told: Vec<&Diagnostic> =
        report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()).collect();
    if !told.is_empty() {
        text.push('\n');
    }
    for (index, diagnostic) in told.iter().enumerate() {
        let finding = finding(diagnostic);
        if text.len() + finding.len() > SIZE_LIMIT {
            let left = told.len() - index;
            let noun = if left == 1 { "finding is" } else { "findings are" };
            text.push_str(&format!("\n{left} more {noun} left out: there is no more room here.\n"));
            break;
        }
        text.push_str(&finding);
    }
    text.push_str(&format!("\n{}\n", summary::line(report, false)));
    out.write_all(text.as_bytes())
}

fn ending(exit: ExitCode) -> &'static str {
    match exit {
        ExitCode::Clean => "no drift",
        ExitCode::Drift
        | ExitCode::Usage
        | ExitCode::Unmeasured
        | ExitCode::Nothing
        | ExitCode::Bug
        | ExitCode::Interrupted => exit.meaning(),
    }
}

fn counts(counts: &Counts) -> String {
    let holds =
        if counts.weak > 0 { format!("{} ({} weak)", counts.holds, counts.weak) } else { counts.holds.to_string() };
    let claims = (counts.drifted, holds, counts.unmeasured, counts.unbound, counts.ignored);
    let passed = [(counts.known, "known (baseline)"), (counts.older, "not new")];
    let mut table = "| | drifted | hold | unmeasured | unbound | ignored |\n|---|--:|--:|--:|--:|--:|\n".to_owned();
    table.push_str(&format!("| claims | {} | {} | {} | {} | {} |\n", claims.0, claims.1, claims.2, claims.3, claims.4));
    if counts.sections() > 0 {
        let drifted = counts.stale_sections + counts.edited_sections;
        let (current, unmeasured) = (counts.current_sections, counts.unmeasured_sections);
        table.push_str(&format!("| sections | {drifted} | {current} | {unmeasured} | | |\n"));
    }
    for (count, what) in passed.into_iter().filter(|(count, _)| *count > 0) {
        table.push_str(&format!("| {what} | {count} | | | | |\n"));
    }
    if counts.contradictions > 0 {
        table.push_str(&format!("| contradictions | {} | | | | |\n", counts.contradictions));
    }
    table
}

fn finding(diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "**error**",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = diagnostic.primary.as_ref().map(|label| format!(" {}", escape::code(&words::place(label))));
    let place = place.unwrap_or_default();
    let headline = escape::code(&words::headline(diagnostic));
    let mut text = format!("- {severity} {}{place}  \n  {headline}\n", diagnostic.code.name());
    let details = words::details(diagnostic);
    if !details.is_empty() {
        let kept: Vec<&str> = details.iter().take(DETAIL_LIMIT).map(String::as_str).collect();
        let left = details.len() - kept.len();
        let more = (left > 0).then(|| format!("… and {left} more lines"));
        let block = escape::fenced(kept.into_iter().chain(more.as_deref()), "text", DETAIL_LIMIT + 1);
        text.push_str("  <details><summary>evidence</summary>\n\n");
        text.extend(block.lines().flat_map(|line| ["  ", line, "\n"]));
        text.push_str("\n  </details>\n");
    }
    text
}
