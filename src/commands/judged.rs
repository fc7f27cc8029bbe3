//! The judgements of one document: what its comments say of its claims, what the claims are about, and what came of them.

use super::bound;
use super::cover::{Cover, Near};
use super::survey::Document;
use crate::config::policy::Policy;
use crate::document::directive::DirectiveKind;
use crate::judge::bind::{Annotation, Binder};
use crate::judge::compare;
use crate::judge::verdict::Judgement;
use crate::measure::measurement::Snapshot;

/// One judgement per claim, in order. Annotations that name nothing bind nothing.
pub(super) fn judgements(
    document: &Document,
    binder: &Binder<'_>,
    policy: &Policy,
    snapshot: &Snapshot,
) -> Vec<Judgement> {
    let file = &document.source;
    let annotations = document.directives.directives.iter().filter_map(|directive| {
        let DirectiveKind::Annotate { target, .. } = &directive.kind else { return None };
        let to = bound::target_of(target, policy)?;
        Some(Annotation { span: directive.span, covers: directive.covers, to })
    });
    let annotations = Near::new(annotations.collect(), |annotation| annotation.covers);
    let ignored = ignored(document);
    let claims = document.claims.iter().enumerate();
    let judged = claims.map(|(index, claim)| {
        let line = file.line_span(file.place(claim.span.start).line).map_or("", |line| file.slice(line));
        let bound = binder.bind(claim, line, file.name(), annotations.around(claim.span));
        let mut judgement = compare::judge(index, claim, bound, policy, snapshot);
        judgement.ignored = ignored.overlaps(claim.span);
        judgement
    });
    judged.collect()
}

/// What the comments of a document tell to ignore.
pub(super) fn ignored(document: &Document) -> Cover {
    let ignores = document.directives.directives.iter().filter(|directive| match directive.kind {
        DirectiveKind::Ignore { .. } => true,
        DirectiveKind::Annotate { .. } => false,
    });
    Cover::new(ignores.map(|directive| directive.covers))
}
