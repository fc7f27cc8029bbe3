//! From faults of markers, directives and templates, and from sections that are not current, to diagnostics: all wording
//! of this room.

use std::sync::Arc;

use super::fault::{TemplateFault, TemplateFaultKind};
use super::status::{SectionStatus, Staleness};
use crate::code::Code;
use crate::document::directive::{DirectiveFault, DirectiveFaultKind};
use crate::document::section::{MarkerFault, MarkerFaultKind, Section};
use crate::document::source::SourceFile;
use crate::report::diagnostic::{Diagnostic, Severity};

/// What a section that is not current has to say; `None` for one that is.
pub fn section(file: &Arc<SourceFile>, section: &Section, status: &SectionStatus) -> Option<Diagnostic> {
    let name = match section.id() {
        Some(id) => format!("section `{id}`"),
        None => format!("section `{}`", section.template),
    };
    match status {
        SectionStatus::Current => None,
        SectionStatus::Stale { why, edit } => {
            let (headline, message) = match why {
                Staleness::NeverWritten => (format!("{name} was never written"), "nothing stands in it"),
                Staleness::Facts => {
                    (format!("{name} shows older facts"), "what was measured, or the template, is another now")
                }
                Staleness::Record => (
                    format!("the end marker of {name} does not match its text"),
                    "the text itself is what would be written",
                ),
            };
            let mut diagnostic = Diagnostic::new(Code::StaleSection, Severity::Error, headline)
                .at(file, section.begin, message)
                .help("run `trueup fix`");
            diagnostic.edit = Some(edit.clone());
            Some(diagnostic)
        }
        SectionStatus::Edited { edit } => {
            let message = match section.text {
                Some(_) => "its text is not what trueup wrote",
                None => "it holds text that trueup did not write",
            };
            let diagnostic =
                Diagnostic::new(Code::EditedSection, Severity::Error, format!("{name} was edited by hand"))
                    .at(file, section.begin, message)
                    .note("`trueup fix` keeps the text of an edited section");
            Some(match edit {
                Some(_) => {
                    diagnostic.help("move what is worth keeping out of the section, then run `trueup fix --force`")
                }
                None => diagnostic.note("what it should show could not be rendered now"),
            })
        }
        SectionStatus::Unmeasured { reasons } => {
            let headline = format!("{name} shows what could not be measured");
            let diagnostic = Diagnostic::new(Code::UnmeasuredSection, Severity::Error, headline).at(
                file,
                section.begin,
                "left as it is",
            );
            Some(reasons.iter().fold(diagnostic, |diagnostic, reason| {
                diagnostic.note(format!("{}: {}", reason.source, reason.detail))
            }))
        }
        SectionStatus::Broken(fault) => Some(template(file, fault)),
    }
}

fn template(file: &Arc<SourceFile>, fault: &TemplateFault) -> Diagnostic {
    let error = |headline: String| Diagnostic::new(Code::BrokenTemplate, Severity::Error, headline);
    match &fault.kind {
        TemplateFaultKind::NoSuchTemplate { name, nearest } => meant(
            error(format!("there is no template `{name}`")).at(file, fault.span, "not a template"),
            nearest.as_deref(),
        ),
        TemplateFaultKind::MissingAttribute { key } => error(format!("the section names no `{key}`"))
            .at(file, fault.span, format!("its template shows a {key}"))
            .help(format!("add `{key}=NAME`, with a name from trueup.toml")),
        TemplateFaultKind::UnknownAttribute { key, nearest } => meant(
            error(format!("the template knows no attribute `{key}`")).at(file, fault.span, "unknown attribute"),
            nearest.as_deref(),
        ),
        TemplateFaultKind::UnknownName { what, name, nearest } => {
            let place = if *what == "rung" { "the ladder" } else { "trueup.toml" };
            meant(
                error(format!("{place} has no {what} `{name}`")).at(file, fault.span, format!("unknown {what}")),
                nearest.as_deref(),
            )
        }
        TemplateFaultKind::Fails(failure) => {
            let mut diagnostic =
                error(format!("the template fails: {}", failure.message)).at(file, fault.span, "cannot be rendered");
            if let Some((source, span)) = failure.template.as_ref().zip(failure.span) {
                diagnostic = diagnostic.also_at(source, span, "here");
            }
            match &failure.hint {
                Some(hint) => diagnostic.help(hint.as_str()),
                None => diagnostic,
            }
        }
        TemplateFaultKind::BreaksOut => error("the template writes what would end its section".to_owned())
            .at(file, fault.span, "cannot be written")
            .help("it writes a marker of its own, or leaves a code block or a comment open"),
    }
}

/// A marker that does not fit.
pub fn marker(file: &Arc<SourceFile>, fault: &MarkerFault) -> Diagnostic {
    let (headline, message, related) = match &fault.kind {
        MarkerFaultKind::NotAlone => ("a marker must be alone on its line".to_owned(), "other text is on the line", ""),
        MarkerFaultKind::EndWithoutBegin => ("an end marker without its begin marker".to_owned(), "ends nothing", ""),
        MarkerFaultKind::BeginWithoutEnd => {
            ("a begin marker without its end marker".to_owned(), "never ends", "the next section begins here")
        }
        MarkerFaultKind::Reversed => {
            ("an end marker before its begin marker".to_owned(), "stands too early", "this one stands too late")
        }
        MarkerFaultKind::Nested => ("a section inside a section".to_owned(), "begins here", "inside this one"),
        MarkerFaultKind::OtherContainer => (
            "the markers of a section stand in different lists or quotes".to_owned(),
            "indented or quoted otherwise",
            "than this one",
        ),
        MarkerFaultKind::DuplicateId { id } => (format!("two sections are called `{id}`"), "second", "first"),
        MarkerFaultKind::NoTemplate => ("a section without the name of a template".to_owned(), "which template?", ""),
        MarkerFaultKind::Malformed { found } => {
            (format!("found `{found}`, expected `key=value` or `key=\"value\"`"), "not an attribute", "")
        }
        MarkerFaultKind::DuplicateAttribute { key } => (format!("`{key}` is given twice"), "second", "first"),
        MarkerFaultKind::UnknownAttribute { key, .. } => {
            (format!("an end marker holds `facts` and `text` alone, found `{key}`"), "unknown", "")
        }
        MarkerFaultKind::MalformedDigest { key, found } => {
            (format!("`{key}` is eight hexadecimal digits, found `{found}`"), "not a digest", "")
        }
        MarkerFaultKind::UnknownWord { word, .. } => (format!("`trueup:{word}` means nothing"), "unknown word", ""),
    };
    let code = if matches!(fault.kind, MarkerFaultKind::UnknownWord { .. }) {
        Code::MalformedComment
    } else {
        Code::MisplacedMarker
    };
    let mut diagnostic = Diagnostic::new(code, Severity::Error, headline).at(file, fault.span, message);
    if let Some(span) = fault.related {
        diagnostic = diagnostic.also_at(file, span, related);
    }
    match &fault.kind {
        MarkerFaultKind::UnknownAttribute { nearest, .. } | MarkerFaultKind::UnknownWord { nearest, .. } => {
            meant(diagnostic, *nearest)
        }
        MarkerFaultKind::NotAlone => diagnostic.help("put it on a line of its own"),
        MarkerFaultKind::EndWithoutBegin => diagnostic.help("delete it, or begin the section above it"),
        MarkerFaultKind::BeginWithoutEnd => diagnostic.help("end it with `<!-- trueup:end -->` on a line of its own"),
        MarkerFaultKind::Reversed => diagnostic.help("swap the two"),
        MarkerFaultKind::Nested => diagnostic.help("end the outer section before the inner one begins"),
        MarkerFaultKind::OtherContainer => diagnostic.help("indent or quote both markers in the same way"),
        MarkerFaultKind::DuplicateId { .. } => diagnostic.help("give each section an id of its own, or none"),
        MarkerFaultKind::NoTemplate => diagnostic.help("write `trueup:begin TEMPLATE`, such as `status-table`"),
        MarkerFaultKind::Malformed { .. } => diagnostic.help("quote a value that holds blanks"),
        MarkerFaultKind::DuplicateAttribute { .. } => diagnostic.help("keep one of the two"),
        MarkerFaultKind::MalformedDigest { .. } => diagnostic.help("delete it; `trueup fix` writes it anew"),
    }
}

/// A comment for trueup that nobody can follow.
pub fn directive(file: &Arc<SourceFile>, fault: &DirectiveFault) -> Diagnostic {
    let (headline, message) = match &fault.kind {
        DirectiveFaultKind::Empty => ("`trueup:` and nothing after it".to_owned(), "says nothing"),
        DirectiveFaultKind::NoColon => ("`trueup` without its colon".to_owned(), "expected `trueup:`"),
        DirectiveFaultKind::Unknown { word, .. } => {
            (format!("`{word}` is no word that trueup knows, nor a name alone"), "unknown")
        }
        DirectiveFaultKind::NotAReason { found } => {
            (format!("expected a reason after a colon, found `{found}`"), "not a reason")
        }
        DirectiveFaultKind::StartWithoutEnd => ("`ignore-start` without its `ignore-end`".to_owned(), "never ends"),
        DirectiveFaultKind::EndWithoutStart => ("`ignore-end` without its `ignore-start`".to_owned(), "ends nothing"),
        DirectiveFaultKind::StartTwice => ("`ignore-start` inside an `ignore-start`".to_owned(), "already ignored"),
        DirectiveFaultKind::CoversNothing => {
            ("nothing follows that the comment could speak of".to_owned(), "covers nothing")
        }
    };
    let mut diagnostic =
        Diagnostic::new(Code::MalformedComment, Severity::Error, headline).at(file, fault.span, message);
    if let Some(span) = fault.related {
        diagnostic = diagnostic.also_at(file, span, "the first");
    }
    match &fault.kind {
        DirectiveFaultKind::Unknown { nearest, .. } => meant(diagnostic, *nearest),
        DirectiveFaultKind::NotAReason { .. } => diagnostic.help("write `ignore: REASON`"),
        DirectiveFaultKind::StartWithoutEnd => diagnostic.help("for the rest of the document, write `ignore-file`"),
        DirectiveFaultKind::Empty
        | DirectiveFaultKind::NoColon
        | DirectiveFaultKind::EndWithoutStart
        | DirectiveFaultKind::StartTwice
        | DirectiveFaultKind::CoversNothing => diagnostic,
    }
}

fn meant(diagnostic: Diagnostic, nearest: Option<&str>) -> Diagnostic {
    match nearest {
        Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")),
        None => diagnostic,
    }
}
