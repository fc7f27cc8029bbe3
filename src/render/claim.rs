//! Claims as templates see them, and what came of each.

use serde::Serialize;

use crate::claim::model::Claim as Found;
use crate::document::source::SourceFile;
use crate::judge::verdict::{Binding, Judgement, Verdict};
use crate::measure::evidence::plain;
use crate::rung::Rung;

/// Longest quote, in Unicode scalar values.
const QUOTE_LIMIT: usize = 120;

/// A claim and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// Path of its document.
    pub document: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in Unicode scalar values, from 1.
    pub column: usize,
    /// What stands there.
    pub quote: String,
    /// `ratio`, `percent`, `count`, `universal` or `state`.
    pub kind: &'static str,
    /// What it is about, in the document's words.
    pub subject: String,
    /// Keys of the groups and metrics that answer it, `mcp/github` for one target.
    pub about: Vec<String>,
    /// `holds`, `drifted`, `unmeasured` or `unbound`.
    pub verdict: &'static str,
    /// What was claimed, in few words: `21/21 operational`.
    pub claimed: String,
    /// What was measured, in the claim's terms: `0/21`; none where nothing is known.
    pub measured: Option<String>,
    /// Where the evidence stops, for one that holds on a weaker rung than it asks for.
    pub weak: Option<&'static str>,
    /// An ignore comment covers it.
    pub ignored: bool,
    /// Facts behind the verdict, one a line.
    pub evidence: Vec<String>,
}

impl Claim {
    /// The claim `found` in `file` and what came of it; what was claimed and measured in words, and what the verdict rests
    /// on, come from those who word verdicts.
    pub fn new(
        found: &Found,
        file: &SourceFile,
        judgement: &Judgement,
        claimed: String,
        measured: Option<String>,
        evidence: Vec<String>,
    ) -> Claim {
        let place = file.place(found.span.start);
        let about = match &judgement.binding {
            Binding::Bound { subjects, .. } => subjects.iter().map(ToString::to_string).collect(),
            Binding::Unbound { .. } => Vec::new(),
        };
        Claim {
            document: file.name().to_owned(),
            line: place.line,
            column: place.column,
            quote: plain(file.text().get(found.span.range()).unwrap_or_default(), QUOTE_LIMIT),
            kind: found.kind.name(),
            subject: plain(&found.subject, QUOTE_LIMIT),
            about,
            verdict: match judgement.verdict {
                Verdict::Holds(_) => "holds",
                Verdict::Drifted(_) => "drifted",
                Verdict::Unmeasured { .. } => "unmeasured",
                Verdict::Unbound => "unbound",
            },
            claimed,
            measured,
            weak: judgement.weak.map(Rung::name),
            ignored: judgement.ignored,
            evidence,
        }
    }
}
