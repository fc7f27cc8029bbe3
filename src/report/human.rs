//! For people: a caret under the claim, one at the rule that judged it, the evidence, and a summary.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};
use anstream::adapter::strip_str;

use super::diagnostic::{Diagnostic, Label, Severity};
use super::{Report, Style, excerpt, summary, terminal};

/// Excerpts are laid out for at least so many columns.
const NARROWEST: usize = 40;

/// A list of so many lines below its first is written once and referred to afterwards.
const WORTH_A_REFERENCE: usize = 3;

/// Writes every finding that is not suppressed, a blank line after each, and the summary.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer =
        if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width.max(NARROWEST));
    let mut told = Told::default();
    for diagnostic in report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none()) {
        let notes = told.notes(diagnostic);
        write_without_empty_origins(&renderer.render(&[group(diagnostic, notes)]), out)?;
        writeln!(out)?;
    }
    let bold = if style.color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    writeln!(out, "{bold}{}{bold:#}", summary::line(report, style.timing))
}

fn group(diagnostic: &Diagnostic, notes: Option<String>) -> Group<'static> {
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
    group = group.elements(notes.map(|notes| Level::NOTE.message(notes)));
    group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(safe_lines(help))))
}

/// The origin is ours rather than the snippet's: the excerpt may be cut, and line and column are those of the file.
pub(super) fn show<'a>(group: Group<'a>, label: &Label, kind: AnnotationKind) -> Group<'a> {
    let found = excerpt::of(&label.file, label.span);
    let origin = Origin::path(terminal::line(label.file.name())).line(found.place.line).char_column(found.place.column);
    let message = (!label.message.is_empty()).then(|| Cow::from(terminal::line(&label.message)));
    let snippet = Snippet::source(found.text).line_start(found.place.line);
    group.element(origin).element(snippet.annotation(kind.span(found.span).label(message)))
}

/// A snippet below an origin of ours has none of its own, and the library says so with a line that reads `:::`. Above the
/// notes no other line can: text of documents stands right of a gutter there.
pub(super) fn write_without_empty_origins(rendered: &str, out: &mut dyn Write) -> io::Result<()> {
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

/// Lists that were written once, and where: five claims about one group do not list its members five times.
#[derive(Default)]
struct Told<'a>(BTreeMap<&'a [String], String>);

impl<'a> Told<'a> {
    /// The notes of a finding in one text, or the first of them and where the others stand.
    fn notes(&mut self, diagnostic: &'a Diagnostic) -> Option<String> {
        let (first, rest) = diagnostic.notes.split_first()?;
        if rest.len() >= WORTH_A_REFERENCE
            && let Some(primary) = &diagnostic.primary
        {
            if let Some(at) = self.0.get(diagnostic.notes.as_slice()) {
                return Some(format!("{}\nas listed at {at}", safe_lines(first)));
            }
            let place = primary.file.place(primary.span.start);
            let at = format!("{}:{}:{}", terminal::line(primary.file.name()), place.line, place.column);
            self.0.insert(&diagnostic.notes, at);
        }
        Some(diagnostic.notes.iter().map(|note| safe_lines(note)).collect::<Vec<_>>().join("\n"))
    }
}

fn safe_lines(text: &str) -> String {
    text.lines().map(terminal::line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::code::Code;
    use crate::document::source::{SourceFile, Span};
    use crate::exit::ExitCode;
    use crate::judge::verdict::Counts;

    proptest! {
        #[test]
        fn any_text_is_laid_out_and_no_control_character_gets_through(
            text in "(?s)(.|[\t\r\n✅あ\u{1b}\u{200d}]){0,80}",
            spans in proptest::collection::vec((0_usize..200, 0_usize..200), 1..4),
            message in "(?s).{0,20}",
            width in 0_usize..200,
        ) {
            let file = Arc::new(SourceFile::new(message.clone(), text));
            let mut spans = spans.into_iter().map(|(a, b)| Span::new(a.min(b), a.max(b)));
            let mut diagnostic = Diagnostic::new(Code::StateDrift, Severity::Error, message.clone())
                .note(message.clone())
                .help(message.clone());
            if let Some(span) = spans.next() {
                diagnostic = diagnostic.at(&file, span, message.clone());
            }
            for span in spans {
                diagnostic = diagnostic.also_at(&file, span, message.clone());
            }
            let report = Report::new(vec![], vec![diagnostic], Counts::default(), Duration::ZERO, ExitCode::Drift);
            let mut out = Vec::new();
            render(&report, &Style { width, ..Style::default() }, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            prop_assert!(out.chars().all(|c| c == '\n' || !c.is_control()), "{out:?}");
        }
    }
}
