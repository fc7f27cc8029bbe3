//! Whether an edit touches anything that can be judged.

use std::collections::BTreeMap;

use super::super::survey::Document;
use crate::document::source::Span;

/// Whether `after` claims, dates or shows something that `before` did not, in these words and this place of the text.
pub(super) fn says_more(before: Option<&Document>, after: &Document) -> bool {
    let mut known: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    for said in before.map(said).unwrap_or_default() {
        *known.entry(said).or_default() += 1;
    }
    said(after).into_iter().any(|said| match known.get_mut(&said) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        Some(_) | None => true,
    })
}

/// Everything in a document that can be true or false, with what decides what it is about.
fn said(document: &Document) -> Vec<Vec<&str>> {
    let text = |span: Span| document.source.slice(span);
    let claims = document.claims.iter().map(|claim| {
        let about = [text(claim.span), claim.subject.as_str(), claim.lead_in.as_deref().unwrap_or_default()];
        about.into_iter().chain(claim.headings.iter().map(String::as_str)).collect()
    });
    let stamps = document.stamps.iter().map(|stamp| vec![text(stamp.span)]);
    let sections = document.sections.sections.iter().map(|section| vec![text(section.begin.cover(section.end))]);
    let comments = document.directives.directives.iter().map(|directive| vec![text(directive.span)]);
    claims.chain(stamps).chain(sections).chain(comments).collect()
}
