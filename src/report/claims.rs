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

/// Grows when a reader of the old form would misread the new one.
pub const SCHEMA_VERSION: u32 = 1;

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
            let quote = terminal::line(&file.slice(claim.span).split_whitespace().collect::<Vec<_>>().join(" "));
            write!(out, "{name}:{}:{}: {} — \"{quote}\"", place.line, place.column, head(claim))?;
            if !claim.subject.is_empty() {
                write!(out, " ({})", terminal::line(&claim.subject))?;
            }
            if let Some(Bound { subjects, reason }) = bindings.get(index).and_then(bound) {
                write!(out, " -> {} by {reason}", terminal::line(&subjects.join(", ")))?;
            }
            writeln!(out)?;
        }
    }
    let found: usize = listings.iter().map(|listing| listing.claims.len()).sum();
    let claims = if found == 1 { "claim" } else { "claims" };
    let documents = if listings.len() == 1 { "document" } else { "documents" };
    writeln!(out, "{found} {claims} in {} {documents}", listings.len())
}

/// Kind, numbers and polarity: "ratio 19/19 up", "count >= 50", "universal up".
fn head(claim: &Claim) -> String {
    let sign = match claim.comparator {
        Comparator::Eq => "",
        Comparator::Ge => ">= ",
        Comparator::Gt => "> ",
        Comparator::Le => "<= ",
        Comparator::Lt => "< ",
        Comparator::Approx => "~ ",
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
