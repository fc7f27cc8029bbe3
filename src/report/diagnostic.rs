//! One finding, as data. Renderers lay it out and add nothing.

use std::sync::Arc;

use crate::code::{Code, Concern};
use crate::document::edit::Edit;
use crate::document::source::{SourceFile, Span};

/// Something that a person should know.
///
/// Texts are lower case, without a full stop, with back-quotes round names: the value found, the value expected, then a
/// hint.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What it is about.
    pub code: Code,
    /// How serious it is.
    pub severity: Severity,
    /// One line that stands alone: "claimed 21/21 operational, measured 0/21".
    pub headline: String,
    /// The place it is about. `None` for a finding about the run as a whole.
    pub primary: Option<Label>,
    /// Places that explain it: the rule in trueup.toml, the other end of a contradiction.
    pub secondary: Vec<Label>,
    /// Facts behind it, one a line: the members that are down with the reason of each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Vec<String>,
    /// A change of the document named by `primary` that mends it.
    pub edit: Option<Edit>,
    /// Why it has no weight, where it has none: it is then shown where a format can, and counted.
    pub suppressed: Option<Suppression>,
    /// The headings above the claim, outermost first: with its text what it is known by when lines move.
    pub headings: Vec<String>,
}

/// A place with a few words on it.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text that the span points into.
    pub file: Arc<SourceFile>,
    /// The bytes.
    pub span: Span,
    /// A few words; empty to point only.
    pub message: String,
}

/// Why a finding has no weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suppression {
    /// An ignore comment covers it.
    Ignored,
    /// The baseline knows it.
    Known,
    /// What it is about stood there before: `--only-new` looks at what came later.
    Older,
}

impl Suppression {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Suppression::Ignored => "ignored",
            Suppression::Known => "known",
            Suppression::Older => "older",
        }
    }

    /// The reason, in words.
    pub fn reason(self) -> &'static str {
        match self {
            Suppression::Ignored => "ignored by a comment",
            Suppression::Known => "known: the baseline has it",
            Suppression::Older => "older than the base",
        }
    }
}

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be looked at.
    Warning,
    /// Makes the run fail.
    Error,
}

impl Severity {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Diagnostic {
    /// A finding with a headline and nothing else yet.
    pub fn new(code: Code, severity: Severity, headline: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity,
            headline: headline.into(),
            primary: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            edit: None,
            suppressed: None,
            headings: Vec::new(),
        }
    }

    /// Whether it ends the run with drift: something is false, or unbound where that is denied, and nothing takes the
    /// weight from it.
    pub fn is_drift(&self) -> bool {
        let concern = match self.code.concern() {
            Concern::Drift | Concern::Unbound => true,
            Concern::Unmeasured | Concern::Fault | Concern::Advice => false,
        };
        concern && self.severity == Severity::Error && self.suppressed.is_none()
    }

    /// Points at the place that the finding is about.
    #[must_use]
    pub fn at(mut self, file: &Arc<SourceFile>, span: Span, message: impl Into<String>) -> Diagnostic {
        self.primary = Some(Label { file: Arc::clone(file), span, message: message.into() });
        self
    }

    /// Points at a place that explains it.
    #[must_use]
    pub fn also_at(mut self, file: &Arc<SourceFile>, span: Span, message: impl Into<String>) -> Diagnostic {
        self.secondary.push(Label { file: Arc::clone(file), span, message: message.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }
}
