//! For tests: documents in, claims in short out.

use crate::claim::lexicon::Lexicon;
use crate::claim::{Examined, examine};
use crate::document::markdown;

fn examined(source: &str) -> Examined {
    examine(source, &markdown::prose(source), &Lexicon::english())
}

/// Each claim of a document: quote | kind value/total | comparator | polarity | subject.
pub fn claims(source: &str) -> Vec<String> {
    let describe = |claim: &crate::claim::model::Claim| {
        let value = claim.kind.value().map_or(String::new(), |value| format!(" {value}"));
        let total = claim.kind.total().map_or(String::new(), |total| format!("/{total}"));
        let quote = &source[claim.span.range()];
        let (kind, comparator, polarity) = (claim.kind.name(), claim.comparator.name(), claim.polarity.name());
        format!("{quote} | {kind}{value}{total} | {comparator} | {polarity} | {}", claim.subject)
    };
    examined(source).claims.iter().map(describe).collect()
}

/// Each timestamp of a document: words of the look | date.
pub fn stamps(source: &str) -> Vec<String> {
    let describe = |stamp: &crate::claim::stamp::Stamp| format!("{} | {}", stamp.look, &source[stamp.date.range()]);
    examined(source).stamps.iter().map(describe).collect()
}

/// Each rejection of a document: quote | kind | rule | cue.
pub fn rejected(source: &str) -> Vec<String> {
    let describe = |rejected: &crate::claim::Rejected| {
        let cue = rejected.cue.map_or("", |cue| &source[cue.range()]);
        format!("{} | {} | {} | {cue}", &source[rejected.span.range()], rejected.kind, rejected.rule.name)
    };
    examined(source).rejected.iter().map(describe).collect()
}

/// Asserts the claims of several documents at once, and shows all that differ.
pub fn assert_claims(table: &[(&str, &[&str])]) {
    let wrong: Vec<_> = table
        .iter()
        .map(|(source, want)| (*source, claims(source), want))
        .filter(|(_, got, want)| got != *want)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
