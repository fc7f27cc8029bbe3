//! What claims are about, as far as that can be said without measuring.

use super::survey::Document;
use crate::claim::model::Claim;
use crate::config::policy::{BindTarget, Policy};
use crate::document::directive::{Directive, DirectiveKind, Directives};
use crate::document::source::SourceFile;
use crate::judge::bind::{Annotation, Binder};
use crate::judge::verdict::Binding;
use crate::measure::measurement::Snapshot;

/// What each claim of a document would be judged by. `snapshot` has the targets that discovery found, if anybody looked.
pub(super) fn bindings(document: &Document, policy: &Policy, snapshot: &Snapshot) -> Vec<Binding> {
    let annotations = annotations(&document.directives, policy);
    let binder = Binder::new(policy, snapshot);
    document.claims.iter().map(|claim| binding(claim, &document.source, &binder, &annotations)).collect()
}

/// What one claim would be judged by.
pub(super) fn binding(claim: &Claim, file: &SourceFile, binder: &Binder<'_>, annotations: &[Annotation]) -> Binding {
    let line = file.line_span(file.place(claim.span.start).line).map_or("", |line| file.slice(line));
    binder.bind(claim, line, file.name(), annotations).binding
}

/// The annotations of a document that name something.
pub(super) fn annotations(directives: &Directives, policy: &Policy) -> Vec<Annotation> {
    let annotation = |directive: &Directive| match &directive.kind {
        DirectiveKind::Annotate { target, .. } => {
            let to = target_of(target, policy)?;
            Some(Annotation { span: directive.span, covers: directive.covers, to })
        }
        DirectiveKind::Ignore { .. } => None,
    };
    directives.directives.iter().filter_map(annotation).collect()
}

/// What the words of an annotation name, if there is such a group or metric; a target is known when it is measured.
pub(super) fn target_of(words: &str, policy: &Policy) -> Option<BindTarget> {
    BindTarget::parse(words).ok().filter(|to| {
        let group = policy.groups.iter().any(|group| group.name == to.name);
        let metric = policy.metrics.iter().any(|metric| metric.name == to.name);
        group || (metric && to.target.is_none() && to.rung.is_none())
    })
}

/// What binding cannot know before discovery has looked; `None` where every target is written down.
pub(super) fn found_when_measuring(policy: &Policy) -> Option<String> {
    let discovering = policy.groups.iter().filter(|group| !group.request.discover.is_empty());
    let names: Vec<String> = discovering.map(|group| format!("`{}`", group.name)).collect();
    let names = names.join(", ");
    (!names.is_empty())
        .then(|| format!("targets of {names} are found when measuring, and a claim about one is bound then"))
}
