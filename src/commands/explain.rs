//! `trueup explain`: why what stands on a line is, or is not, a claim. Nothing is measured.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::{bound, look, outcome, project, survey, unread};
use crate::claim::model::{Claim, Kind};
use crate::claim::{Examined, examine};
use crate::cli::{ExplainArgs, Global, Topic};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::directive::{Directive, DirectiveKind, Directives};
use crate::document::source::{SourceFile, Span};
use crate::document::{directives, markdown, markers};
use crate::exit::ExitCode;
use crate::files;
use crate::judge::age;
use crate::judge::bind::Binder;
use crate::judge::verdict::{BindReason, Binding};
use crate::report::codes;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::report::explain::{self, Remark, What};
use crate::settings::Settings;

/// Most things on one line that are explained.
const MOST_REMARKS: usize = 200;

/// Runs the command.
///
/// # Errors
/// Where standard output cannot be written to.
pub fn run(args: &ExplainArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let (path, line, column) = match &args.what {
        Topic::Line { path, line, column } => (path, line, column),
        Topic::Code(code) => return show(&[*code], settings),
        Topic::Codes => return show(&[], settings),
    };
    let policy = match project::load(global, std::slice::from_ref(path), settings) {
        Ok(project) => project.policy,
        Err(faults) => return outcome::complain_of(&faults, settings).map(|()| ExitCode::Usage),
    };
    let (file, remarks) = match of_line(path, *line, *column, &policy) {
        Ok(explained) => explained,
        Err(fault) => return outcome::complain_of(&[*fault], settings).map(|()| ExitCode::Usage),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    explain::human(&file, *line, &remarks, &settings.style, &mut out)?;
    out.flush()?;
    Ok(ExitCode::Clean)
}

/// The document, and what there is to say of one line of it; of one column where that is given.
///
/// # Errors
/// Where the document cannot be read, or has no such line.
pub(super) fn of_line(
    path: &Path,
    line: usize,
    column: Option<usize>,
    policy: &Policy,
) -> Result<(Arc<SourceFile>, Vec<Remark>), Box<Diagnostic>> {
    let fault = |headline: String, hint: String| {
        Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(hint))
    };
    let file = files::read(path).map_err(|error| fault(error.to_string(), error.hint().to_owned()))?;
    let file = Arc::new(file.source);
    let Some(span) = file.line_span(line) else {
        let (name, count) = (file.name(), file.line_count());
        return Err(fault(format!("`{name}` has no line {line}"), format!("its last line is {count}")));
    };
    let mut remarks = remarks(&file, span, policy);
    if let Some(column) = column {
        let here: Vec<Remark> =
            remarks.iter().filter(|remark| covers(&file, remark.span, line, column)).cloned().collect();
        // Between two things, both are of interest.
        if !here.is_empty() {
            remarks = here;
        }
    }
    remarks.truncate(MOST_REMARKS);
    Ok((file, remarks))
}

/// Shows what there is to say of codes; without one, all of them in a line each.
fn show(codes: &[Code], settings: &Settings) -> io::Result<ExitCode> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let shown = match codes {
        [] => codes::list(&mut out),
        codes => codes.iter().try_for_each(|code| codes::one(*code, &settings.style, &mut out)),
    };
    outcome::unless_nobody_reads(shown.and_then(|()| out.flush()))?;
    Ok(ExitCode::Clean)
}

fn covers(file: &SourceFile, span: Span, line: usize, column: usize) -> bool {
    let (start, end) = (file.place(span.start), file.place(span.end));
    (start.line, start.column) <= (line, column) && (line, column) < (end.line, end.column)
}

/// Everything on the line that looks like a claim, in order of place.
fn remarks(file: &Arc<SourceFile>, line: Span, policy: &Policy) -> Vec<Remark> {
    let text = file.text();
    let lexicon = survey::lexicon(policy);
    let prose = markdown::prose(text);
    let sections = markers::find(text, &prose.comments);
    let directives = directives::find(text, &prose);
    let Examined { claims, stamps, rejected } = examine(text, &prose, &lexicon);
    let annotations = bound::annotations(&directives, policy);
    let binder = Binder::new(policy, &look::nothing());
    let mut remarks = Vec::new();
    for claim in claims.iter().filter(|claim| claim.span.overlaps(line)) {
        let section = sections.sections.iter().find(|section| section.body.overlaps(claim.span));
        remarks.push(match section {
            Some(section) => {
                let why = format!("section `{}` is judged by its facts, not by its words", section.template);
                Remark { span: claim.span, what: What::Unread { why }, notes: Vec::new() }
            }
            None => {
                let binding = bound::binding(claim, file, &binder, &annotations);
                let found = bound::found_when_measuring(policy);
                let mut notes: Vec<String> = found.filter(|_| may_name_a_target(claim, &binding)).into_iter().collect();
                notes.extend(directive_notes(file, &directives, claim.span));
                Remark { span: claim.span, what: What::Claim { claim: Box::new(claim.clone()), binding }, notes }
            }
        });
    }
    for stamp in stamps.iter().filter(|stamp| stamp.span.overlaps(line)) {
        let limit = age::rule(&policy.ages, file.name()).map(|rule| rule.max_age);
        let notes = directive_notes(file, &directives, stamp.span);
        remarks.push(Remark { span: stamp.span, what: What::Stamp { moment: stamp.moment, limit }, notes });
    }
    for rejected in rejected.iter().filter(|rejected| rejected.span.overlaps(line)) {
        let (rule, cue) = (rejected.rule, rejected.cue);
        let what = What::Vetoed { kind: rejected.kind, rule: rule.name, description: rule.description, cue };
        remarks.push(Remark { span: rejected.span, what, notes: Vec::new() });
    }
    let told: Vec<Span> = remarks.iter().map(|remark| remark.span).collect();
    for unread in unread::unread(text, line, &prose, &sections, &lexicon) {
        if !told.iter().any(|span| span.overlaps(unread.span)) {
            remarks.push(Remark { span: unread.span, what: What::Unread { why: unread.why }, notes: Vec::new() });
        }
    }
    remarks.sort_by_key(|remark| remark.span);
    remarks
}

/// Whether a name that only discovery knows could bind the claim more closely.
fn may_name_a_target(claim: &Claim, binding: &Binding) -> bool {
    let by_words = match binding {
        Binding::Bound { reason, .. } => match reason {
            BindReason::Annotation { .. } | BindReason::Rule { .. } | BindReason::TargetName => false,
            BindReason::Subject | BindReason::LeadIn | BindReason::Heading | BindReason::WholeDocument => true,
        },
        Binding::Unbound { .. } => true,
    };
    by_words && claim.kind == Kind::State && !claim.subject.is_empty()
}

/// The comments that speak of what stands at `span`.
fn directive_notes(file: &SourceFile, directives: &Directives, span: Span) -> Vec<String> {
    let covering = directives.directives.iter().filter(|directive| directive.covers.overlaps(span));
    let note = |directive: &Directive| {
        let line = file.place(directive.span.start).line;
        match &directive.kind {
            DirectiveKind::Ignore { reason: Some(reason) } => {
                format!("ignored by the comment on line {line}: {reason}")
            }
            DirectiveKind::Ignore { reason: None } => format!("ignored by the comment on line {line}"),
            DirectiveKind::Annotate { target, .. } => format!("annotated on line {line} as `{target}`"),
        }
    };
    covering.map(note).collect()
}
