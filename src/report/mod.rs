//! What is told, and in which forms.
//!
//! One format is one file and one arm of [`render`]. Renderers lay out and escape; they decide nothing.

mod cases;
mod excerpt;
mod json_text;
mod terminal;
mod words;

pub mod claims;
pub mod codes;
pub mod concise;
pub mod diagnostic;
pub mod exhibits;
pub mod explain;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod identity;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod model;
pub mod sarif;
pub mod snapshot;
pub mod summary;
pub mod tap;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use crate::exit::ExitCode;
use crate::judge::verdict::Counts;
use diagnostic::{Diagnostic, Label};

/// All that a run has to tell: the one thing that renderers see.
#[derive(Clone, Debug)]
pub struct Report {
    documents: Vec<String>,
    diagnostics: Vec<Diagnostic>,
    /// What was counted.
    pub counts: Counts,
    /// How long the run took.
    pub took: Duration,
    /// How the run ends.
    pub exit: ExitCode,
}

impl Report {
    /// A report about `documents`, named in the order in which they were given.
    ///
    /// Diagnostics are put in order once, here: documents as given, then other files by name, then the run as a whole; in
    /// a file by place, then by code.
    pub fn new(
        documents: Vec<String>,
        mut diagnostics: Vec<Diagnostic>,
        counts: Counts,
        took: Duration,
        exit: ExitCode,
    ) -> Report {
        let mut order: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, name) in documents.iter().enumerate() {
            order.entry(name).or_insert(index);
        }
        let place = |at: &Label| order.get(at.file.name()).copied().unwrap_or(documents.len());
        diagnostics.sort_by_cached_key(|diagnostic| match &diagnostic.primary {
            Some(at) => (place(at), at.file.name().to_owned(), at.span.start, at.span.end, diagnostic.code),
            None => (usize::MAX, String::new(), 0, 0, diagnostic.code),
        });
        Report { documents, diagnostics, counts, took, exit }
    }

    /// Names of the documents, in the order in which they were given.
    pub fn documents(&self) -> &[String] {
        &self.documents
    }

    /// The findings, in order.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// Forms of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: carets and a summary.
    #[default]
    Human,
    /// For people in a hurry, editors and `grep`.
    Concise,
    /// For programs: versioned, see [`json`].
    Json,
    /// For code scanning.
    Sarif,
    /// For the test reports of CI.
    Junit,
    /// For annotations of GitHub.
    Github,
    /// For code quality reports of GitLab.
    Gitlab,
    /// For TAP harnesses.
    Tap,
    /// For a comment on a pull request.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Format] = &[
        Format::Human,
        Format::Concise,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Tap,
        Format::Markdown,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Tap => "tap",
            Format::Markdown => "markdown",
        }
    }

    /// What it is, for help and documentation.
    pub fn about(self) -> &'static str {
        match self {
            Format::Human => "For people: carets and a summary",
            Format::Concise => "One line each: path:line:column: code message",
            Format::Json => "For programs",
            Format::Sarif => "SARIF 2.1.0, for code scanning",
            Format::Junit => "JUnit XML, for test reports of CI",
            Format::Github => "Annotations of GitHub Actions",
            Format::Gitlab => "Code quality report of GitLab",
            Format::Tap => "TAP 14, the Test Anything Protocol",
            Format::Markdown => "For a comment on a pull request or a job summary",
        }
    }

    /// The format called `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.name() == name)
    }
}

/// How output for people looks. Programs get the same bytes whatever it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to write escape sequences for colour.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to say how long the run took. Only where somebody watches: elsewhere the same findings are the same bytes.
    pub timing: bool,
}

impl Default for Style {
    fn default() -> Style {
        Style { color: false, width: 120, timing: false }
    }
}

/// Writes `report` in `format`.
///
/// # Errors
/// Whatever `out` returns, untouched: a broken pipe is the caller's matter.
pub fn render(report: &Report, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::render(report, style, out),
        Format::Concise => concise::render(report, out),
        Format::Json => json::render(report, out),
        Format::Sarif => sarif::render(report, out),
        Format::Junit => junit::render(report, out),
        Format::Github => github::render(report, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Tap => tap::render(report, out),
        Format::Markdown => markdown::render(report, out),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::code::Code;
    use crate::document::source::{SourceFile, Span};
    use crate::report::diagnostic::Severity;

    #[test]
    fn findings_stand_in_the_order_of_the_documents_whatever_order_they_came_in() {
        let at = |name: &str, start: usize, code: Code| {
            let file = Arc::new(SourceFile::new(name, "0123456789"));
            Diagnostic::new(code, Severity::Error, "x").at(&file, Span::new(start, start + 1), "")
        };
        let ordered = [
            ("z.md", 3, Code::RatioDrift),
            ("z.md", 3, Code::WeakEvidence),
            ("z.md", 7, Code::CountDrift),
            ("a.md", 0, Code::StateDrift),
            ("a.toml", 5, Code::UnusedGroup),
            ("trueup.toml", 1, Code::UnusedBind),
        ];
        let documents = vec!["z.md".to_owned(), "a.md".to_owned(), "z.md".to_owned()];
        let whole = Diagnostic::new(Code::NothingJudged, Severity::Error, "x");
        let mut diagnostics = vec![whole];
        diagnostics.extend(ordered.iter().rev().map(|(name, start, code)| at(name, *start, *code)));
        let report = Report::new(documents, diagnostics, Counts::default(), Duration::ZERO, ExitCode::Drift);
        let codes: Vec<Code> = report.diagnostics().iter().map(|diagnostic| diagnostic.code).collect();
        let expected: Vec<Code> = ordered.iter().map(|(_, _, code)| *code).chain([Code::NothingJudged]).collect();
        assert_eq!(codes, expected);
    }
}
