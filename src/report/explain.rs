//! What `trueup explain` prints: of everything on a line that looks like a claim, what it is and why.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet};

use super::diagnostic::Label;
use super::{Style, claims, excerpt, human, terminal};
use crate::claim::model::Claim;
use crate::claim::stamp::Moment;
use crate::document::source::{SourceFile, Span};
use crate::judge::verdict::Binding;

/// Excerpts are laid out for at least so many columns.
const NARROWEST: usize = 40;

/// Something on the line, and what it was taken for.
#[derive(Clone, Debug)]
pub struct Remark {
    /// Its bytes.
    pub span: Span,
    /// What it is.
    pub what: What,
    /// More to know, one thing a line: the directive that covers it, what could not be said.
    pub notes: Vec<String>,
}

/// What something on a line was taken for.
#[derive(Clone, Debug)]
pub enum What {
    /// A claim.
    Claim {
        /// The claim.
        claim: Box<Claim>,
        /// What it would be judged by.
        binding: Binding,
    },
    /// A date that says when somebody last looked.
    Stamp {
        /// When that is.
        moment: Moment,
        /// How old it may be, where trueup.toml says so.
        limit: Option<Duration>,
    },
    /// It looks like one, and a rule says that it is none.
    Vetoed {
        /// The kind that it looked like.
        kind: &'static str,
        /// Name of the rule.
        rule: &'static str,
        /// The rule in one line.
        description: &'static str,
        /// Where the cue of the rule stands.
        cue: Option<Span>,
    },
    /// It was not read as one.
    Unread {
        /// Why: "inline code is no prose".
        why: String,
    },
}

/// Writes the remarks about one line of `file`, and how many there are of each sort.
///
/// # Errors
/// Whatever `out` returns.
pub fn human(
    file: &Arc<SourceFile>,
    line: usize,
    remarks: &[Remark],
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer =
        if style.color { Renderer::styled() } else { Renderer::plain() }.term_width(style.width.max(NARROWEST));
    for remark in remarks {
        human::write_without_empty_origins(&renderer.render(&[group(file, remark)]), out)?;
        writeln!(out)?;
    }
    let is = |of: fn(&What) -> bool| remarks.iter().filter(|remark| of(&remark.what)).count();
    let claims = is(|what| matches!(what, What::Claim { .. } | What::Stamp { .. }));
    let vetoed = is(|what| matches!(what, What::Vetoed { .. }));
    let unread = is(|what| matches!(what, What::Unread { .. }));
    let name = terminal::line(file.name());
    if remarks.is_empty() {
        return writeln!(out, "{name}:{line}: no number and no state word stands there");
    }
    let noun = if claims == 1 { "claim" } else { "claims" };
    writeln!(out, "{name}:{line}: {claims} {noun}, {vetoed} refused, {unread} not read")
}

fn group(file: &Arc<SourceFile>, remark: &Remark) -> Group<'static> {
    let (level, title) = match &remark.what {
        What::Claim { claim, .. } => (Level::INFO, format!("claim: {}", claims::head(claim))),
        What::Stamp { .. } => (Level::INFO, "claim: timestamp".to_owned()),
        What::Vetoed { kind, rule, description, .. } => {
            (Level::NOTE, format!("no claim, although it looks like a {kind}: rule `{rule}`: {description}"))
        }
        What::Unread { why } => (Level::NOTE, format!("not read: {why}")),
    };
    let mut group = Group::with_title(level.primary_title(terminal::line(&title)));
    let primary = label(file, remark.span, "");
    group = match &remark.what {
        What::Vetoed { cue: Some(cue), .. } if *cue != remark.span => both(group, &primary, *cue),
        What::Claim { .. } | What::Stamp { .. } | What::Vetoed { .. } | What::Unread { .. } => {
            human::show(group, &primary, AnnotationKind::Primary)
        }
    };
    let mut notes = Vec::new();
    if let What::Claim { claim, binding } = &remark.what {
        notes.push(about(claim));
        notes.push(format!("judged by: {}", claims::answer(binding)));
    }
    if let What::Stamp { moment, limit } = &remark.what {
        notes.push(format!("it is taken for {}", moment.latest));
        notes.push(format!("judged by: {}", claims::limit(*limit)));
    }
    notes.extend(remark.notes.iter().cloned());
    let notes: Vec<String> = notes.iter().map(|note| terminal::line(note)).collect();
    group.elements((!notes.is_empty()).then(|| Level::NOTE.message(notes.join("\n"))))
}

/// Points at what was refused and at what gave it away: in one excerpt where one shows both.
fn both(group: Group<'static>, primary: &Label, cue: Span) -> Group<'static> {
    let (found, other) = (excerpt::of(&primary.file, primary.span), excerpt::of(&primary.file, cue));
    if found.place.line == other.place.line && found.text == other.text {
        let origin = Origin::path(terminal::line(primary.file.name()));
        let origin = origin.line(found.place.line).char_column(found.place.column);
        let snippet = Snippet::source(found.text)
            .line_start(found.place.line)
            .annotation(AnnotationKind::Primary.span(found.span))
            .annotation(AnnotationKind::Context.span(other.span).label("the cue"));
        return group.element(origin).element(snippet);
    }
    let group = human::show(group, primary, AnnotationKind::Primary);
    human::show(group.element(Padding), &label(&primary.file, cue, "the cue"), AnnotationKind::Context)
}

fn label(file: &Arc<SourceFile>, span: Span, message: &str) -> Label {
    Label { file: Arc::clone(file), span, message: message.to_owned() }
}

/// Subject, predicate and rung in words.
fn about(claim: &Claim) -> String {
    let subject = match claim.subject.as_str() {
        "" => "no subject of its own".to_owned(),
        subject => format!("subject \"{subject}\""),
    };
    let predicate = match claim.predicate.as_str() {
        "" => "a bare quantity".to_owned(),
        predicate => format!("predicate \"{predicate}\""),
    };
    let rung = claim.rung.map_or("asks for no rung".to_owned(), |rung| format!("asks for rung {}", rung.name()));
    format!("{subject}, {predicate}, {rung}")
}
