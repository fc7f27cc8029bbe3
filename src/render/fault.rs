//! What can be wrong between a section and its template.

use std::sync::Arc;

use crate::document::source::{SourceFile, Span};

/// A section that no template can fill, and why.
#[derive(Clone, Debug)]
pub struct TemplateFault {
    /// Where in the document: the marker, or the part of it that is wrong.
    pub span: Span,
    /// What is wrong.
    pub kind: TemplateFaultKind,
}

/// What is wrong.
#[derive(Clone, Debug)]
pub enum TemplateFaultKind {
    /// There is no such template.
    NoSuchTemplate {
        /// The name.
        name: String,
        /// The template that was probably meant.
        nearest: Option<String>,
    },
    /// The template cannot do without an attribute that the marker lacks.
    MissingAttribute {
        /// Its key.
        key: &'static str,
    },
    /// The template knows no such attribute.
    UnknownAttribute {
        /// The key.
        key: String,
        /// The key that was probably meant.
        nearest: Option<String>,
    },
    /// trueup.toml has no such group, metric or text, or there is no such rung.
    UnknownName {
        /// `group`, `metric`, `text` or `rung`.
        what: &'static str,
        /// The name.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// The template cannot be read, or fails.
    Fails(TemplateError),
    /// The template is for reports: it shows what writing a document changes.
    OnlyInReports {
        /// What it shows: `claims`, `history` or `timeline`.
        name: &'static str,
    },
    /// What the template wrote would end the section early, or swallow its end marker.
    BreaksOut,
}

/// Why a template fails, and where.
#[derive(Clone, Debug)]
pub struct TemplateError {
    /// The template that the error is in, which can be an included one. `None` where it is not known.
    pub template: Option<Arc<SourceFile>>,
    /// Where in it.
    pub span: Option<Span>,
    /// What went wrong, in lower case.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}
