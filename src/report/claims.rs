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
//! `quote` is what stands there. A timestamp has in `moment` its earliest and its latest reading. `binding` is null where nothing answers the claim, or nobody asked.

use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::{json_text, terminal};
use crate::claim::model::{Claim, Comparator, Kind, Polarity};
use crate::claim::stamp::Stamp;
use crate::document::source::SourceFile;
use crate::judge::describe::age::spoken;
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
    /// When it says that somebody last looked, in order.
    pub stamps: &'a [Stamp],
    /// How old that may be: `None` where nobody asked, and within where trueup.toml does not say.
    pub limit: Option<Option<Duration>>,
}

/// Something that a document states, as it is listed.
enum Entry<'a> {
    /// The claim of this number.
    Claim(usize, &'a Claim),
    /// A timestamp.
    Stamp(&'a Stamp),
}

impl<'a> Listing<'a> {
    /// Claims and timestamps in the order of their places.
    fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let mut claims = self.claims.iter().enumerate().peekable();
        let mut stamps = self.stamps.iter().peekable();
        std::iter::from_fn(move || {
            let stamp = stamps.next_if(|stamp| claims.peek().is_none_or(|(_, claim)| stamp.span < claim.span));
            let claim = || claims.next().map(|(index, claim)| Entry::Claim(index, claim));
            stamp.map(Entry::Stamp).or_else(claim)
        })
    }
}

/// Writes one line per claim, `path:line:col: ratio 19/19 up — "quote" (subject)`, and a summary.
///
/// # Errors
/// Whatever `out` returns.
pub fn human(listings: &[Listing<'_>], out: &mut dyn Write) -> io::Result<()> {
    for listing in listings {
        let file = listing.file;
        let name = terminal::line(file.name());
        for entry in listing.entries() {
            let (span, head, subject) = match &entry {
                Entry::Claim(_, claim) => (claim.span, head(claim), claim.subject.as_str()),
                Entry::Stamp(stamp) => (stamp.span, format!("timestamp {}", stamp.moment.latest), ""),
            };
            let place = file.place(span.start);
            let quote = plain(file.slice(span), QUOTE_LIMIT);
            write!(out, "{name}:{}:{}: {head} — \"{quote}\"", place.line, place.column)?;
            if !subject.is_empty() {
                write!(out, " ({})", terminal::line(subject))?;
            }
            let answer = match entry {
                Entry::Claim(index, _) => listing.bindings.get(index).map(answer),
                Entry::Stamp(_) => listing.limit.map(limit),
            };
            if let Some(answer) = answer {
                write!(out, " -> {}", terminal::line(&answer))?;
            }
            writeln!(out)?;
        }
    }
    let found: usize = listings.iter().map(|listing| listing.claims.len() + listing.stamps.len()).sum();
    let claims = if found == 1 { "claim" } else { "claims" };
    let documents = if listings.len() == 1 { "document" } else { "documents" };
    writeln!(out, "{found} {claims} in {} {documents}", listings.len())
}

/// What a claim would be judged by: "mcp by subject", "nothing", "a tie of mcp and web".
pub fn answer(binding: &Binding) -> String {
    match binding {
        Binding::Bound { subjects, reason } => {
            let subjects: Vec<String> = subjects.iter().map(ToString::to_string).collect();
            format!("{} by {}", subjects.join(", "), reason.name())
        }
        Binding::Unbound { candidates } if candidates.is_empty() => "nothing".to_owned(),
        Binding::Unbound { candidates } => format!("a tie of {}", candidates.join(" and ")),
    }
}

/// What a timestamp would be judged by: "max_age of 7 days", "nothing".
pub fn limit(limit: Option<Duration>) -> String {
    limit.map_or_else(|| "nothing".to_owned(), |limit| format!("max_age of {}", spoken(limit)))
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
    let documents = listings.iter().map(|listing| Document { path: listing.file.name(), claims: Entries(listing) });
    json_text::write(&Root { schema_version: SCHEMA_VERSION, documents: documents.collect() }, out)
}

/// Written one by one: a page of numbers has millions.
struct Entries<'a>(&'a Listing<'a>);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.entries().map(|entry| match entry {
            Entry::Claim(index, claim) => found(self.0, index, claim),
            Entry::Stamp(stamp) => dated(self.0, stamp),
        }))
    }
}

fn dated<'a>(listing: &Listing<'a>, stamp: &'a Stamp) -> Found<'a> {
    let place = listing.file.place(stamp.span.start);
    Found {
        line: place.line,
        column: place.column,
        span: [stamp.span.start, stamp.span.end],
        quote: listing.file.slice(stamp.span),
        kind: "timestamp",
        value: None,
        total: None,
        comparator: Comparator::Eq.name(),
        polarity: Polarity::None.name(),
        subject: "",
        predicate: &stamp.look,
        headings: &stamp.headings,
        binding: None,
        moment: Some([stamp.moment.earliest, stamp.moment.latest]),
    }
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
        moment: None,
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
    claims: Entries<'a>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    moment: Option<[Timestamp; 2]>,
}

#[derive(Serialize)]
struct Bound {
    subjects: Vec<String>,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
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
            headings: [String::from("État")].into(),
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
        write(&[Listing { file: &file, claims, bindings, stamps: &[], limit: None }], &mut out).unwrap();
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
    fn timestamps_stand_among_the_claims() {
        let text = "Up. Last verified: 2025-08-18 05:25 UTC. 3 tools.\n";
        let file = SourceFile::new("a.md", text);
        let lexicon = crate::claim::lexicon::Lexicon::english();
        let read = crate::claim::read(text, &crate::document::markdown::prose(text), &lexicon);
        let limit = Some(Some(Duration::from_secs(7 * 86_400)));
        let listing = [Listing { file: &file, claims: &read.claims, bindings: &[], stamps: &read.stamps, limit }];
        let mut out = Vec::new();
        human(&listing, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        a.md:1:5: timestamp 2025-08-18T05:25:00Z — "Last verified: 2025-08-18 05:25 UTC" -> max_age of 7 days
        a.md:1:42: count 3 none — "3 tools" (tools)
        2 claims in 1 document
        "#);
        let mut out = Vec::new();
        json(&listing, &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let stamp = &value["documents"][0]["claims"][0];
        assert_eq!((&stamp["kind"], &stamp["predicate"]), (&"timestamp".into(), &"Last verified".into()));
        assert_eq!(stamp["moment"], serde_json::json!(["2025-08-18T05:25:00Z", "2025-08-18T05:25:00Z"]));
        assert_eq!(value["documents"][0]["claims"][1].get("moment"), None);
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
