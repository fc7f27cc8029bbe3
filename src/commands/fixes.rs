//! What `trueup fix` would change in all documents of a run: sections that are stale, claims that drifted.

use std::collections::BTreeMap;

use super::assess::Assessment;
use super::rewrite::{self, Anchors, Change, Judge, Rewriting};
use super::survey::{Document, Survey};
use crate::cli::FixOnly;
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::edit::{self, Edit};
use crate::document::source::Span;
use crate::fix::sections::section_edits;
use crate::judge::verdict::{Judgement, Verdict};
use crate::measure::measurement::Snapshot;
use crate::report::diagnostic::Diagnostic;

/// What is asked to be changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    /// Nothing but these.
    pub only: Option<FixOnly>,
    /// Sections that were edited by hand as well.
    pub force: bool,
}

/// The changes of one document.
#[derive(Debug, Default)]
pub(super) struct Fix {
    /// One edit per section.
    pub sections: Vec<Edit>,
    /// What becomes of its claims.
    pub claims: Rewriting,
}

impl Fix {
    /// All edits.
    pub(super) fn edits(&self, document: &Document) -> Vec<Edit> {
        [self.sections.clone(), self.claims.edits(document.source.text())].concat()
    }

    /// What was changed, in words: "2 sections and 1 claim".
    pub(super) fn counted(&self) -> String {
        let number = |count: usize, noun: &str| match count {
            0 => None,
            1 => Some(format!("1 {noun}")),
            _ => Some(format!("{count} {noun}s")),
        };
        let parts = [number(self.sections.len(), "section"), number(self.claims.changes.len(), "claim")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
    }

    /// The same with nothing but the changes that `yes` agrees to, asked in document order.
    pub(super) fn agreed(
        self,
        document: &Document,
        judgements: &[Judgement],
        judge: &Judge<'_>,
        mut yes: impl FnMut(&[Edit]) -> bool,
    ) -> Fix {
        let sections = self.sections.iter().map(|edit| (edit.span.start, None, std::slice::from_ref(edit)));
        let start = |change: &Change| change.edits.first().map_or(0, |edit| edit.span.start);
        let claims = self.claims.changes.iter().map(|change| (start(change), Some(change), change.edits.as_slice()));
        let mut asked: Vec<(usize, Option<&Change>, &[Edit])> = sections.chain(claims).collect();
        asked.sort_by_key(|(start, _, _)| *start);
        let (mut sections, mut changes) = (Vec::new(), Vec::new());
        for (_, change, edits) in asked {
            if yes(edits) {
                match change {
                    Some(change) => changes.push(change.clone()),
                    None => sections.extend_from_slice(edits),
                }
            }
        }
        // What does beside all others does not need to do without them.
        let claims = if changes.len() == self.claims.changes.len() {
            self.claims
        } else {
            rewrite::of_changes(document, judgements, &changes, judge)
        };
        Fix { sections, claims }
    }
}

/// The changes of every document, in order.
pub(super) fn fixes(
    survey: &Survey,
    assessment: &Assessment,
    wanted: Wanted,
    policy: &Policy,
    snapshot: &Snapshot,
) -> Vec<Fix> {
    let (sections, claims) = match wanted.only {
        None => (true, true),
        Some(FixOnly::Sections) => (true, false),
        Some(FixOnly::Claims) => (false, true),
    };
    let drifted = |judgement: &Judgement| !judgement.ignored && matches!(judgement.verdict, Verdict::Drifted(_));
    let any = assessment.documents.iter().flat_map(|document| &document.judgements).any(drifted);
    let judge = (claims && any).then(|| Judge::new(policy, snapshot));
    let anchors = Anchors::new(&survey.documents);
    let pairs = survey.documents.iter().zip(&assessment.documents);
    let fix = pairs.map(|(document, assessed)| Fix {
        sections: if sections {
            section_edits(&document.sections, &assessed.sections, wanted.force).edits
        } else {
            Vec::new()
        },
        claims: judge.as_ref().filter(|_| assessed.judgements.iter().any(drifted)).map_or_else(
            Rewriting::default,
            // In a document with a misplaced marker nothing is written: where its sections end is not certain.
            |judge| match document.sections.faults.is_empty() {
                true => rewrite::rewriting(document, &assessed.judgements, judge, &anchors),
                false => Rewriting::default(),
            },
        ),
    });
    fix.collect()
}

/// Tells in the findings about claims that drifted what would be written, or why nothing is.
pub(super) fn tell(survey: &Survey, fixes: &[Fix], diagnostics: &mut [Diagnostic]) {
    let mut told: BTreeMap<(&str, Span), Result<Edit, String>> = BTreeMap::new();
    for (document, fix) in survey.documents.iter().zip(fixes) {
        let span = |claim: usize| (document.source.name(), document.claims[claim].span);
        let changes = fix.claims.changes.iter();
        told.extend(changes.filter_map(|change| Some((span(change.claim), Ok(joined(document, &change.edits)?)))));
        told.extend(fix.claims.left.iter().map(|(claim, why)| (span(*claim), Err(why.to_string()))));
    }
    for diagnostic in diagnostics {
        let Some(label) = diagnostic.primary.as_ref().filter(|_| is_claim_drift(diagnostic.code)) else { continue };
        match told.get(&(label.file.name(), label.span)) {
            Some(Ok(edit)) => diagnostic.edit = Some(edit.clone()),
            Some(Err(why)) => diagnostic.help.push(format!("`trueup fix` leaves it: {why}")),
            None => {}
        }
    }
}

fn is_claim_drift(code: Code) -> bool {
    let drift = [Code::RatioDrift, Code::PercentDrift, Code::CountDrift, Code::UniversalDrift, Code::StateDrift];
    drift.contains(&code)
}

/// Several edits as one that covers them and what stands between.
fn joined(document: &Document, edits: &[Edit]) -> Option<Edit> {
    let span = edits.iter().map(|edit| edit.span).reduce(Span::cover)?;
    let moved = |edit: &Edit| Edit {
        span: Span::new(edit.span.start - span.start, edit.span.end - span.start),
        text: edit.text.clone(),
    };
    let moved: Vec<Edit> = edits.iter().map(moved).collect();
    edit::apply(document.source.slice(span), &moved).ok().map(|text| Edit { span, text })
}
