//! What `trueup claims` prints: every claim that was found, and what it was taken to be about.
//!
//! As JSON, versioned on its own:
//!
//! ```text
//! {"schema_version": 1, "documents": [{"path": "CLAUDE.md", "claims": [
//!   {"line": 39, "column": 29, "span": [1234, 1263], "quote": "19/19 MCP servers now deployed",
//!    "kind": "ratio", "value": 19, "total": 19, "comparator": "eq", "polarity": "up",
//!    "subject": "MCP servers", "predicate": "deployed", "headings": ["…"],
//!    "binding": {"subjects": ["mcp"], "reason": "subject"}}]}]}
//! ```
//!
//! Line and column count from 1, columns in Unicode scalar values; `span` counts bytes, its end is one past the last;
//! `quote` is what stands there. `binding` is null where nothing answers the claim, or nobody asked.

use std::io::{self, Write};

use serde::Serialize;

use super::{json_text, terminal};
use crate::claim::model::{Claim, Comparator, Kind};
use crate::document::source::SourceFile;
use crate::judge::verdict::Binding;
use crate::measure::evidence::plain;

/// Grows when a reader of the old form would misread the new one.
pub const SCHEMA_VERSION: u32 = 1;

/// Longest quote in the form for people, in Unicode scalar values.
const QUOTE_LIMIT: usize = 160;

/// The claims of one document.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// The document.
    pub file: &'a SourceFile,
    /// Its claims, in order.
    pub claims: &'a [Claim],
    /// What each claim was bound to, in the order of `claims`; empty where nobody asked.
    pub bindings: &'a [Binding],
}

/// Writes one line per claim, `path:line:col: ratio 19/19 up — "quote" (subject)`, and a summary.
///
/// # Errors
/// Whatever `out` returns.
pub fn human(listings: &[Listing<'_>], out: &mut dyn Write) -> io::Result<()> {
    for Listing { file, claims, bindings } in listings {
        let name = terminal::line(file.name());
        for (index, claim) in claims.iter().enumerate() {
            let place = file.place(claim.span.start);
            let quote = plain(file.slice(claim.span), QUOTE_LIMIT);
            write!(out, "{name}:{}:{}: {} — \"{quote}\"", place.line, place.column, head(claim))?;
            if !claim.subject.is_empty() {
                write!(out, " ({})", terminal::line(&claim.subject))?;
            }
            if let Some(binding) = bindings.get(index) {
                write!(out, " -> {}", terminal::line(&answer(binding)))?;
            }
            writeln!(out)?;
        }
    }
    let found: usize = listings.iter().map(|listing| listing.claims.len()).sum();
    let claims = if found == 1 { "claim" } else { "claims" };
    let documents = if listings.len() == 1 { "document" } else { "documents" };
    writeln!(out, "{found} {claims} in {} {documents}", listings.len())
}

/// What a claim would be judged by: "mcp by subject", "nothing", "a tie of mcp and web".
pub(super) fn answer(binding: &Binding) -> String {
    match binding {
        Binding::Bound { subjects, reason } => {
            let subjects: Vec<String> = subjects.iter().map(ToString::to_string).collect();
            format!("{} by {}", subjects.join(", "), reason.name())
        }
        Binding::Unbound { candidates } if candidates.is_empty() => "nothing".to_owned(),
        Binding::Unbound { candidates } => format!("a tie of {}", candidates.join(" and ")),
    }
}

/// Kind, numbers and polarity: "ratio 19/19 up", "count >=50", "universal up".
pub(super) fn head(claim: &Claim) -> String {
    let sign = match claim.comparator {
        Comparator::Eq => "",
        Comparator::Ge => ">=",
        Comparator::Gt => ">",
        Comparator::Le => "<=",
        Comparator::Lt => "<",
        Comparator::Approx => "~",
    };
    let number = match claim.kind {
        Kind::Ratio { value, total } => format!(" {sign}{value}/{total}"),
        Kind::Percent { value } => format!(" {sign}{value}%"),
        Kind::Count { value } | Kind::Universal { value: Some(value) } => format!(" {sign}{value}"),
        Kind::Universal { value: None } | Kind::State => String::new(),
    };
    format!("{}{number} {}", claim.kind.name(), claim.polarity.name())
}

/// Writes the listings as one JSON object.
///
/// # Errors
/// Whatever `out` returns.
pub fn json(listings: &[Listing<'_>], out: &mut dyn Write) -> io::Result<()> {
    let documents = listings.iter().map(|listing| Document {
        path: listing.file.name(),
        claims: listing.claims.iter().enumerate().map(|(index, claim)| found(listing, index, claim)).collect(),
    });
    json_text::write(&Root { schema_version: SCHEMA_VERSION, documents: documents.collect() }, out)
}

fn found<'a>(listing: &Listing<'a>, index: usize, claim: &'a Claim) -> Found<'a> {
    let place = listing.file.place(claim.span.start);
    Found {
        line: place.line,
        column: place.column,
        span: [claim.span.start, claim.span.end],
        quote: listing.file.slice(claim.span),
        kind: claim.kind.name(),
        value: claim.kind.value().map(|number| number.value),
        total: claim.kind.total().map(|number| number.value),
        comparator: claim.comparator.name(),
        polarity: claim.polarity.name(),
        subject: &claim.subject,
        predicate: &claim.predicate,
        headings: &claim.headings,
        binding: listing.bindings.get(index).and_then(bound),
    }
}

fn bound(binding: &Binding) -> Option<Bound> {
    match binding {
        Binding::Bound { subjects, reason } => {
            Some(Bound { subjects: subjects.iter().map(ToString::to_string).collect(), reason: reason.name() })
        }
        Binding::Unbound { .. } => None,
    }
}

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    documents: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    path: &'a str,
    claims: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    line: usize,
    column: usize,
    span: [usize; 2],
    quote: &'a str,
    kind: &'static str,
    value: Option<f64>,
    total: Option<f64>,
    comparator: &'static str,
    polarity: &'static str,
    subject: &'a str,
    predicate: &'a str,
    headings: &'a [String],
    binding: Option<Bound>,
}

#[derive(Serialize)]
struct Bound {
    subjects: Vec<String>,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::model::Polarity;
    use crate::document::source::Span;
    use crate::judge::verdict::{BindReason, Subject};
    use crate::quantity::Number;

    const TEXT: &str = "# État\n\nNow 19/19 MCP\nservers deployed, ~99.9% up \u{1b}[31m.\n";

    fn claim(quote: &str, kind: Kind, comparator: Comparator, subject: &str) -> Claim {
        let start = TEXT.find(quote).unwrap();
        Claim {
            span: Span::new(start, start + quote.len()),
            kind,
            comparator,
            polarity: Polarity::Up,
            subject: subject.to_owned(),
            predicate: "deployed".to_owned(),
            rung: None,
            value_span: None,
            total_span: None,
            lead_in: None,
            headings: vec!["État".to_owned()],
        }
    }

    fn claims() -> Vec<Claim> {
        let ratio = Kind::Ratio { value: Number::whole(19), total: Number::whole(19) };
        let percent = Kind::Percent { value: Number { value: 99.9, decimals: 1 } };
        vec![
            claim("19/19 MCP\nservers deployed", ratio, Comparator::Eq, "MCP servers"),
            claim("~99.9% up \u{1b}[31m", percent, Comparator::Approx, ""),
            claim("servers deployed", Kind::State, Comparator::Eq, "servers"),
        ]
    }

    fn bindings() -> Vec<Binding> {
        let target = Subject::Target { group: "mcp".to_owned(), target: "github".to_owned() };
        let bound = |subjects, reason| Binding::Bound { subjects, reason };
        vec![
            bound(vec![Subject::Group("mcp".to_owned())], BindReason::Subject),
            Binding::Unbound { candidates: vec!["mcp".to_owned()] },
            bound(vec![target], BindReason::TargetName),
        ]
    }

    fn written(
        write: fn(&[Listing<'_>], &mut dyn Write) -> io::Result<()>,
        claims: &[Claim],
        bindings: &[Binding],
    ) -> String {
        let file = SourceFile::new("CLAUDE.md", TEXT);
        let mut out = Vec::new();
        write(&[Listing { file: &file, claims, bindings }], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_line_for_each_claim() {
        insta::assert_snapshot!(written(human, &claims(), &bindings()), @r#"
        CLAUDE.md:3:5: ratio 19/19 up — "19/19 MCP servers deployed" (MCP servers) -> mcp by subject
        CLAUDE.md:4:19: percent ~99.9% up — "~99.9% up" -> a tie of mcp
        CLAUDE.md:4:1: state up — "servers deployed" (servers) -> mcp/github by target-name
        3 claims in 1 document
        "#);
        assert_eq!(written(human, &[], &[]), "0 claims in 1 document\n");
    }

    #[test]
    fn the_json_is_the_documented_one() {
        let text = written(json, &claims(), &bindings());
        assert!(text.contains("\"value\": 19,") && text.contains("\"value\": 99.9,"), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let found = &value["documents"][0]["claims"];
        assert_eq!(
            found[0],
            serde_json::json!({
                "line": 3, "column": 5, "span": [13, 39], "quote": "19/19 MCP\nservers deployed",
                "kind": "ratio", "value": 19, "total": 19, "comparator": "eq", "polarity": "up",
                "subject": "MCP servers", "predicate": "deployed", "headings": ["État"],
                "binding": {"subjects": ["mcp"], "reason": "subject"},
            })
        );
        assert_eq!(found[1]["binding"], serde_json::Value::Null);
        assert_eq!(found[2]["binding"]["subjects"][0], "mcp/github");
        assert_eq!(found[2]["value"], serde_json::Value::Null);
        for claim in found.as_array().unwrap() {
            let [start, end] = [0, 1].map(|at| usize::try_from(claim["span"][at].as_u64().unwrap()).unwrap());
            assert_eq!(TEXT[start..end], *claim["quote"].as_str().unwrap());
        }
    }
}
