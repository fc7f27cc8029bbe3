//! From faults of markers, directives and templates, and from sections that are not current, to diagnostics: all wording
//! of this room.

use std::sync::Arc;

use super::fault::{TemplateError, TemplateFault, TemplateFaultKind};
use super::status::{SectionStatus, Staleness};
use crate::code::Code;
use crate::document::directive::{DirectiveFault, DirectiveFaultKind};
use crate::document::section::{MarkerFault, MarkerFaultKind, Section};
use crate::document::source::{SourceFile, Span};
use crate::measure::evidence::plain;
use crate::measure::measurement::Unmeasured;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::rung::Rung;

/// What a section that is not current has to say; `None` for one that is.
pub fn section(file: &Arc<SourceFile>, section: &Section, status: &SectionStatus) -> Option<Diagnostic> {
    let name = match section.id() {
        Some(id) => format!("section `{}`", shown(id)),
        None => format!("section `{}`", shown(&section.template)),
    };
    match status {
        SectionStatus::Current => None,
        SectionStatus::Stale { why, edit } => {
            let (headline, message) = match why {
                Staleness::NeverWritten => (format!("{name} is empty"), "nothing stands in it"),
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

/// What keeps a template from being rendered, at the marker or command line `file` that asks for it.
pub fn template(file: &Arc<SourceFile>, fault: &TemplateFault) -> Diagnostic {
    let error = |headline: String| Diagnostic::new(Code::BrokenTemplate, Severity::Error, headline);
    match &fault.kind {
        TemplateFaultKind::NoSuchTemplate { name, nearest } => meant(
            error(format!("there is no template `{}`", shown(name))).at(file, fault.span, "not a template"),
            nearest.as_deref(),
        ),
        TemplateFaultKind::MissingAttribute { key } => error(format!("the section names no `{key}`"))
            .at(file, fault.span, format!("its template shows a {key}"))
            .help(format!("add `{key}=NAME`, with a name from trueup.toml")),
        TemplateFaultKind::UnknownAttribute { key, nearest } => meant(
            error(format!("the template knows no attribute `{}`", shown(key))).at(
                file,
                fault.span,
                "unknown attribute",
            ),
            nearest.as_deref(),
        ),
        TemplateFaultKind::UnknownName { what, name, nearest } => {
            let is_rung = *what == "rung";
            let place = if is_rung { "the ladder" } else { "trueup.toml" };
            let headline = format!("{place} has no {what} `{}`", shown(name));
            let diagnostic = error(headline).at(file, fault.span, format!("unknown {what}"));
            match nearest {
                None if is_rung => {
                    diagnostic.help(format!("a rung is one of {}", Rung::ALL.map(Rung::name).join(", ")))
                }
                _ => meant(diagnostic, nearest.as_deref()),
            }
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
        TemplateFaultKind::OnlyInReports { name } => {
            error(format!("a section cannot show `{name}`: writing it would change what it shows"))
                .at(file, fault.span, "this template is for reports")
                .help(format!("write a file of its own: `trueup render {} -o FILE`", file.slice(fault.span)))
        }
        TemplateFaultKind::BreaksOut => error("the template writes what would end its section".to_owned())
            .at(file, fault.span, "cannot be written")
            .help("it writes a marker of its own, or leaves a code block or a comment open"),
    }
}

/// A template that is wrong whatever it is given.
pub fn broken(failure: &TemplateError) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::BrokenTemplate,
        Severity::Error,
        format!("the template cannot be read: {}", failure.message),
    );
    if let Some((source, span)) = failure.template.as_ref().zip(failure.span) {
        diagnostic = diagnostic.at(source, span, "here");
    }
    match &failure.hint {
        Some(hint) => diagnostic.help(hint.as_str()),
        None => diagnostic,
    }
}

/// A report that shows what could not be measured, without a word on that; `line` is the command line that asks for it.
pub fn unrendered(line: &Arc<SourceFile>, span: Span, reasons: &[Unmeasured]) -> Diagnostic {
    let headline = "the template shows what could not be measured, and does not handle that";
    let diagnostic =
        Diagnostic::new(Code::UnmeasuredSource, Severity::Error, headline).at(line, span, "nothing is written");
    reasons
        .iter()
        .fold(diagnostic, |diagnostic, reason| diagnostic.note(format!("{}: {}", reason.source, reason.detail)))
        .help("a template that asks for `unknown`, `measured` or `unmeasured` can say what is not known")
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
        MarkerFaultKind::DuplicateId { id } => (format!("two sections are called `{}`", shown(id)), "second", "first"),
        MarkerFaultKind::NoTemplate => ("a section without the name of a template".to_owned(), "which template?", ""),
        MarkerFaultKind::Malformed { found } => {
            (format!("found `{}`, expected `key=value` or `key=\"value\"`", shown(found)), "not an attribute", "")
        }
        MarkerFaultKind::DuplicateAttribute { key } => (format!("`{}` is given twice", shown(key)), "second", "first"),
        MarkerFaultKind::UnknownAttribute { key, .. } => {
            (format!("an end marker holds `facts` and `text` alone, found `{}`", shown(key)), "unknown", "")
        }
        MarkerFaultKind::MalformedDigest { key, found } => {
            (format!("`{key}` is eight hexadecimal digits, found `{}`", shown(found)), "not a digest", "")
        }
        MarkerFaultKind::UnknownWord { word, .. } => {
            (format!("`trueup:{}` means nothing", shown(word)), "unknown word", "")
        }
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
            (format!("`{}` is no word that trueup knows, nor a name alone", shown(word)), "unknown")
        }
        DirectiveFaultKind::NotAReason { found } => {
            (format!("expected a reason after a colon, found `{}`", shown(found)), "not a reason")
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

/// Text of a document as headlines show it.
fn shown(text: &str) -> String {
    plain(text, 60)
}

fn meant(diagnostic: Diagnostic, nearest: Option<&str>) -> Diagnostic {
    match nearest {
        Some(nearest) => diagnostic.help(format!("did you mean `{nearest}`?")),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::policy::Policy;
    use crate::document::{directives, markdown, markers};
    use crate::measure::measurement::Snapshot;
    use crate::render::environment::Templates;
    use crate::render::example;
    use crate::render::section::Renderer;

    /// Everything that is said of a document, as one would read it aloud.
    fn said(source: &str, policy: &Policy, snapshot: &Snapshot) -> String {
        let file = Arc::new(SourceFile::new("x.md", source));
        let user = |text: &str| Arc::new(SourceFile::new("templates/x.md", text));
        let templates = Templates::new(BTreeMap::from([
            ("undefined.md".to_owned(), user("up: {{ group.upp }}\n")),
            ("open.md".to_owned(), user("```\nopen\n")),
        ]));
        let prose = markdown::prose(source);
        let found = markers::find(source, &prose.comments);
        let steering = directives::find(source, &prose);
        let renderer = Renderer::new(&templates, policy, snapshot);
        let sections = found.sections.iter();
        let sections = sections.filter_map(|own| section(&file, own, &renderer.status(source, own)));
        let markers = found.faults.iter().map(|fault| marker(&file, fault));
        let directives = steering.faults.iter().map(|fault| directive(&file, fault));
        let mut out = String::new();
        for diagnostic in sections.chain(markers).chain(directives) {
            let label = |label: &crate::report::diagnostic::Label| {
                let text = label.file.slice(label.span).lines().next().unwrap_or_default();
                format!("  {} `{text}`: {}\n", label.file.name(), label.message)
            };
            out += &format!("{}: {}\n", diagnostic.code.name(), diagnostic.headline);
            out += &diagnostic.primary.iter().chain(&diagnostic.secondary).map(label).collect::<String>();
            out += &diagnostic.notes.iter().map(|note| format!("  note: {note}\n")).collect::<String>();
            out += &diagnostic.help.iter().map(|help| format!("  help: {help}\n")).collect::<String>();
            assert_eq!(diagnostic.edit.is_some(), diagnostic.code == Code::StaleSection);
        }
        out
    }

    fn of_sections(markers: &[&str]) -> String {
        let sections = markers.iter().map(|marker| {
            let (marker, body) = marker.split_once('\n').unwrap_or((marker, ""));
            format!("<!-- trueup:begin {marker} -->\n{body}<!-- trueup:end -->\n\n")
        });
        said(&sections.collect::<String>(), &example::policy(), &example::snapshot())
    }

    #[test]
    fn sections_that_are_not_current() {
        insta::assert_snapshot!(of_sections(&[
            "status-table group=mcp",
            "status-table group=mcp id=mine\nby hand\n",
            "status-table group=away",
            "status-tabel group=mcp",
            "status-table",
            "status-table gruop=mcp",
            "status-table group=mpc",
            "status-table group=mcp rung=up",
            "undefined group=mcp",
            "open",
        ]), @r#"
        stale-section: section `status-table` is empty
          x.md `<!-- trueup:begin status-table group=mcp -->`: nothing stands in it
          help: run `trueup fix`
        edited-section: section `mine` was edited by hand
          x.md `<!-- trueup:begin status-table group=mcp id=mine -->`: it holds text that trueup did not write
          note: `trueup fix` keeps the text of an edited section
          help: move what is worth keeping out of the section, then run `trueup fix --force`
        unmeasured-section: section `status-table` shows what could not be measured
          x.md `<!-- trueup:begin status-table group=away -->`: left as it is
          note: docker: no engine at unix:///var/run/docker.sock
        broken-template: there is no template `status-tabel`
          x.md `status-tabel`: not a template
          help: did you mean `status-table`?
        broken-template: the section names no `group`
          x.md `<!-- trueup:begin status-table -->`: its template shows a group
          help: add `group=NAME`, with a name from trueup.toml
        broken-template: the template knows no attribute `gruop`
          x.md `gruop`: unknown attribute
          help: did you mean `group`?
        broken-template: trueup.toml has no group `mpc`
          x.md `mpc`: unknown group
          help: did you mean `mcp`?
        broken-template: the ladder has no rung `up`
          x.md `up`: unknown rung
          help: a rung is one of declared, exists, running, healthy, functional
        broken-template: the template fails: `group.upp` is undefined
          x.md `undefined`: cannot be rendered
          templates/x.md `group.upp`: here
          help: did you mean `up`? `trueup render --model` shows all that there is
        broken-template: the template writes what would end its section
          x.md `open`: cannot be written
          help: it writes a marker of its own, or leaves a code block or a comment open
        "#);
    }

    #[test]
    fn markers_that_do_not_fit() {
        let nothing = example::snapshot();
        let documents = [
            "<!-- trueup:end -->\n",
            "<!-- trueup:begin a -->\n<!-- trueup:begin b -->\n<!-- trueup:end -->\n",
            "<!-- trueup:end -->\n\n<!-- trueup:begin a -->\n",
            "<!-- trueup:begin a -->\n<!-- trueup:begin b -->\n<!-- trueup:end -->\n<!-- trueup:end -->\n",
            "x <!-- trueup:begin a -->\n\n<!-- trueup:end -->\n",
            "- <!-- trueup:begin a -->\n\n<!-- trueup:end -->\n",
            "<!-- trueup:begin a k b=1 b=2 -->\n<!-- trueup:end fact=1 text=12 -->\n",
            "<!-- trueup:begin k=1 -->\n<!-- trueup:end -->\n",
            "<!-- trueup:bgin a -->\n",
        ];
        let faults = documents.map(|source| said(source, &example::policy(), &nothing)).concat();
        insta::assert_snapshot!(faults.lines().filter(|line| !line.starts_with("broken-template")).collect::<Vec<_>>().join("\n"), @r#"
        misplaced-marker: an end marker without its begin marker
          x.md `<!-- trueup:end -->`: ends nothing
          help: delete it, or begin the section above it
          x.md `b`: not a template
        misplaced-marker: a begin marker without its end marker
          x.md `<!-- trueup:begin a -->`: never ends
          x.md `<!-- trueup:begin b -->`: the next section begins here
          help: end it with `<!-- trueup:end -->` on a line of its own
        misplaced-marker: an end marker before its begin marker
          x.md `<!-- trueup:end -->`: stands too early
          x.md `<!-- trueup:begin a -->`: this one stands too late
          help: swap the two
        misplaced-marker: a section inside a section
          x.md `<!-- trueup:begin b -->`: begins here
          x.md `<!-- trueup:begin a -->`: inside this one
          help: end the outer section before the inner one begins
        misplaced-marker: a marker must be alone on its line
          x.md `<!-- trueup:begin a -->`: other text is on the line
          help: put it on a line of its own
        misplaced-marker: the markers of a section stand in different lists or quotes
          x.md `<!-- trueup:end -->`: indented or quoted otherwise
          x.md `<!-- trueup:begin a -->`: than this one
          help: indent or quote both markers in the same way
        misplaced-marker: found `k`, expected `key=value` or `key="value"`
          x.md `k`: not an attribute
          help: quote a value that holds blanks
        misplaced-marker: `b` is given twice
          x.md `b`: second
          x.md `b`: first
          help: keep one of the two
        misplaced-marker: an end marker holds `facts` and `text` alone, found `fact`
          x.md `fact`: unknown
          help: did you mean `facts`?
        misplaced-marker: `text` is eight hexadecimal digits, found `12`
          x.md `12`: not a digest
          help: delete it; `trueup fix` writes it anew
        misplaced-marker: a section without the name of a template
          x.md `<!-- trueup:begin k=1 -->`: which template?
          help: write `trueup:begin TEMPLATE`, such as `status-table`
        malformed-comment: `trueup:bgin` means nothing
          x.md `bgin a`: unknown word
          help: did you mean `begin`?
        "#);
    }

    #[test]
    fn comments_that_nobody_can_follow() {
        let comments = ["ignroe this", "ignore this", "ignore-end", "ignore-start", "ignore-start", ""];
        let source = comments.map(|comment| format!("a <!-- trueup: {comment} -->\n\n")).concat();
        insta::assert_snapshot!(said(&source, &example::policy(), &example::snapshot()), @r#"
        malformed-comment: `ignroe` is no word that trueup knows, nor a name alone
          x.md `<!-- trueup: ignroe this -->`: unknown
          help: did you mean `ignore`?
        malformed-comment: expected a reason after a colon, found `this`
          x.md `this`: not a reason
          help: write `ignore: REASON`
        malformed-comment: `ignore-end` without its `ignore-start`
          x.md `<!-- trueup: ignore-end -->`: ends nothing
        malformed-comment: `ignore-start` without its `ignore-end`
          x.md `<!-- trueup: ignore-start -->`: never ends
          help: for the rest of the document, write `ignore-file`
        malformed-comment: `ignore-start` inside an `ignore-start`
          x.md `<!-- trueup: ignore-start -->`: already ignored
          x.md `<!-- trueup: ignore-start -->`: the first
        malformed-comment: `trueup:` and nothing after it
          x.md `<!-- trueup:  -->`: says nothing
        "#);
    }
}
