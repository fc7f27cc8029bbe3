//! Headings that links lead to: another wording would break the links.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::commands::survey::Document;
use crate::document::markdown;
use crate::document::source::Span;

/// The anchors that the links of all documents name, collected when they are first asked for.
#[derive(Debug)]
pub(in crate::commands) struct Anchors<'a> {
    documents: &'a [Document],
    named: OnceCell<BTreeSet<String>>,
}

/// Headings of one document that a link leads to, in order, with their anchors.
#[derive(Debug)]
pub(super) struct Linked(Vec<(Span, String)>);

impl<'a> Anchors<'a> {
    /// Those of `documents`.
    pub(in crate::commands) fn new(documents: &'a [Document]) -> Anchors<'a> {
        Anchors { documents, named: OnceCell::new() }
    }

    pub(super) fn linked_headings(&self, document: &Document) -> Linked {
        let named = self.named.get_or_init(|| {
            let sources = self.documents.iter().map(|document| document.source.text());
            sources.flat_map(anchors_of).collect()
        });
        if named.is_empty() {
            return Linked(Vec::new());
        }
        let headings = markdown::prose(document.source.text()).headings;
        let linked = headings.into_iter().map(|heading| (heading.span, anchor(&heading.text)));
        Linked(linked.filter(|(_, anchor)| named.contains(anchor)).collect())
    }
}

impl Linked {
    /// The anchor of the heading that `span` stands in.
    pub(super) fn around(&self, span: Span) -> Option<&str> {
        let next = self.0.partition_point(|(heading, _)| heading.end <= span.start);
        self.0.get(next).filter(|(heading, _)| heading.overlaps(span)).map(|(_, anchor)| anchor.as_str())
    }
}

/// What follows each `#` that a link can hold: after `(`, a quote, a path or a definition's blank.
fn anchors_of(text: &str) -> impl Iterator<Item = String> {
    text.match_indices('#').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_lowercase())
    })
}

/// The anchor that hosts of Markdown make of a heading's text.
fn anchor(text: &str) -> String {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_the_hosts() {
        assert_eq!(anchor("Available Agents (54 Total)"), "available-agents-54-total");
        assert_eq!(anchor("MCP: 21/21 up!"), "mcp-2121-up");
        let named: Vec<String> = anchors_of("# A\n[x](#a-b) [y](docs/c.md#D_e) <a href=\"#f\">").collect();
        assert_eq!(named, ["a-b", "d_e", "f"]);
    }
}
