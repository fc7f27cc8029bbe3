//! For people: a caret under the claim, one at the rule that judged it, the evidence, and a summary.

use std::borrow::Cow;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};
use anstream::adapter::strip_str;

use super::diagnostic::{Diagnostic, Label, Severity};
use super::{Report, Style, excerpt, summary, terminal};

/// Writes every finding that is not suppressed, a blank line after each, and the summary.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width);
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| !diagnostic.suppressed) {
        write_without_empty_origins(&renderer.render(&[group(diagnostic)]), out)?;
        writeln!(out)?;
    }
    let bold = if style.color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    writeln!(out, "{bold}{}{bold:#}", summary::line(report))
}

fn group(diagnostic: &Diagnostic) -> Group<'static> {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(terminal::line(&diagnostic.headline)).id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    if let Some(primary) = &diagnostic.primary {
        group = show(group, primary, AnnotationKind::Primary);
    }
    for label in &diagnostic.secondary {
        group = show(group.element(Padding), label, AnnotationKind::Context);
    }
    if !diagnostic.notes.is_empty() {
        group = group.element(Level::NOTE.message(lines(&diagnostic.notes)));
    }
    group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(safe_lines(help))))
}

/// The origin is ours rather than the snippet's: the excerpt may be cut, and line and column are those of the file.
fn show<'a>(group: Group<'a>, label: &Label, kind: AnnotationKind) -> Group<'a> {
    let found = excerpt::of(&label.file, label.span);
    let origin = Origin::path(terminal::line(label.file.name())).line(found.place.line).char_column(found.place.column);
    let message = (!label.message.is_empty()).then(|| Cow::from(terminal::line(&label.message)));
    let snippet = Snippet::source(found.text).line_start(found.place.line);
    group.element(origin).element(snippet.annotation(kind.span(found.span).label(message)))
}

/// A snippet below an origin of ours has none of its own, and the library says so with a line that reads `:::`. Above the
/// notes no other line can: text of documents stands right of a gutter there.
fn write_without_empty_origins(rendered: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut in_notes = false;
    for line in rendered.lines() {
        let bare = strip_str(line).to_string();
        in_notes |= bare.trim_start().starts_with("= ");
        if in_notes || bare.trim() != ":::" {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn lines(notes: &[String]) -> String {
    notes.iter().map(|note| safe_lines(note)).collect::<Vec<_>>().join("\n")
}

fn safe_lines(text: &str) -> String {
    text.lines().map(terminal::line).collect::<Vec<_>>().join("\n")
}
