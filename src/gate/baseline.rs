//! The baseline: drift that is known, in a file beside trueup.toml.
//!
//! ```toml
//! version = 1
//!
//! [[known]]
//! code = "ratio-drift"
//! file = "CLAUDE.md"
//! claim = "21/21 operational"
//! headings = ["Status"]
//! until = 2026-12-31          # the last day on which it is known, in UTC; optional
//! reason = "the move to the new hosts"
//! ```
//!
//! An entry knows one finding: by its code, the text of the claim and the headings above it, never by its line. `file` says
//! which of several equal ones is meant; when it was renamed, the entry knows the one in the new place.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Datetime;

use crate::code::Code;
use crate::document::source::{SourceFile, Span};
use crate::judge::verdict::Counts;
use crate::report::diagnostic::{Diagnostic, Severity, Suppression};
use crate::report::identity::{self, Identity};

/// Name of the file.
pub const NAME: &str = "trueup-baseline.toml";

/// Grows when a reader of the old form would misread the new one.
const VERSION: i64 = 1;

/// What stands at the top of the file.
const HEAD: &str = "\
# Drift that is known: counted in every summary, and no failure. `trueup baseline` writes this file, `trueup baseline
# --prune` takes out what is fixed. `until` (the last day, in UTC) and `reason` are yours to write.
";

/// One finding that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its code.
    pub code: Code,
    /// The document, from the folder of trueup.toml.
    pub file: String,
    /// What it is about.
    pub claim: String,
    /// The headings above, outermost first.
    pub headings: Vec<String>,
    /// The last day on which it is known, in UTC.
    pub until: Option<Date>,
    /// Why.
    pub reason: Option<String>,
    /// The entry in the file; empty for one that was not read from it.
    pub span: Span,
}

impl Known {
    /// What there is to know of a finding in `file`.
    pub fn of(finding: &Diagnostic, file: String) -> Known {
        let claim = identity::text(finding).split_whitespace().collect::<Vec<_>>().join(" ");
        let (code, headings, span) = (finding.code, finding.headings.clone(), Span::new(0, 0));
        Known { code, file, claim, headings, until: None, reason: None, span }
    }

    /// What it is known by.
    pub fn identity(&self) -> Identity {
        Identity::of_parts(self.code, &self.claim, &self.headings)
    }

    /// Whether its last day is over.
    fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }
}

/// Reads the file.
///
/// # Errors
/// Every fault of it, with its place.
pub fn parse(file: &Arc<SourceFile>) -> Result<Vec<Known>, Vec<Diagnostic>> {
    let fault = |span: Span, headline: String| {
        Diagnostic::new(Code::InvalidConfiguration, Severity::Error, headline).at(file, span, "")
    };
    let raw: Raw = toml::from_str(file.text()).map_err(|error| {
        let span = error.span().map_or(Span::new(0, 0), Span::from);
        let message = error.message().lines().collect::<Vec<_>>().join(" ");
        vec![
            fault(span, format!("the baseline cannot be read: {message}")).help("write it anew with `trueup baseline`"),
        ]
    })?;
    if *raw.version.get_ref() != VERSION {
        let headline = format!("the baseline has version {}; expected {VERSION}", raw.version.get_ref());
        return Err(vec![fault(raw.version.span().into(), headline).help("write it anew with `trueup baseline`")]);
    }
    let mut known = Vec::with_capacity(raw.known.len());
    let mut faults = Vec::new();
    for entry in raw.known {
        let span = Span::from(entry.span());
        let entry = entry.into_inner();
        let Some(code) = Code::from_name(entry.code.get_ref()) else {
            let headline = format!("there is no code `{}`", entry.code.get_ref().escape_debug());
            faults.push(fault(entry.code.span().into(), headline).help("`trueup explain CODE` knows them all"));
            continue;
        };
        let until = match entry.until.map(|until| (until.span(), until.get_ref().to_string().parse::<Date>())) {
            None => None,
            Some((_, Ok(until))) => Some(until),
            Some((at, Err(_))) => {
                let headline = "`until` is no date; expected one such as 2026-12-31".to_owned();
                faults.push(fault(at.into(), headline));
                continue;
            }
        };
        let Entry { file, claim, headings, reason, .. } = entry;
        known.push(Known { code, file, claim, headings, until, reason, span });
    }
    if faults.is_empty() { Ok(known) } else { Err(faults) }
}

/// The file that holds `known`, in a stable order.
pub fn written(known: &[Known]) -> String {
    let mut known: Vec<&Known> = known.iter().collect();
    known.sort_by(|a, b| (&a.file, a.code, &a.claim, &a.headings).cmp(&(&b.file, b.code, &b.claim, &b.headings)));
    let entries = known.into_iter().map(|known| Written {
        code: known.code.name(),
        file: &known.file,
        claim: &known.claim,
        headings: &known.headings,
        until: known.until.and_then(|until| until.to_string().parse().ok()),
        reason: known.reason.as_deref(),
    });
    let whole = Whole { version: VERSION, known: entries.collect() };
    // Numbers, texts and lists of texts: nothing that TOML cannot hold.
    format!("{HEAD}{}", toml::to_string(&whole).unwrap_or_default())
}

/// How findings are held against entries.
pub struct Rule<'a> {
    /// What a finding that is known counts as.
    pub why: Suppression,
    /// The present day.
    pub today: Date,
    /// Whether an entry that knows nothing in its own document knows an equal finding in another: it was renamed.
    pub elsewhere: bool,
    /// Which findings can be known.
    pub eligible: &'a dyn Fn(&Diagnostic) -> bool,
    /// The name of a document as entries have it.
    pub file: &'a dyn Fn(&str) -> String,
}

/// Takes the weight from the findings that `known` has an entry for, and counts them as what the rule says. Each entry
/// knows one finding.
///
/// Returns, for each entry, whether there is something that it knows.
pub fn apply(known: &[Known], findings: &mut [Diagnostic], counts: &mut Counts, rule: &Rule<'_>) -> Vec<bool> {
    let mut by_identity: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (index, known) in known.iter().enumerate() {
        by_identity.entry(known.identity()).or_default().push(index);
    }
    let mut used = vec![false; known.len()];
    let mut over = vec![false; findings.len()];
    // Those in their own document first: a copy in another is left.
    let passes: &[bool] = if rule.elsewhere { &[true, false] } else { &[true] };
    for own in passes {
        for (index, finding) in findings.iter_mut().enumerate() {
            if over[index] || finding.suppressed.is_some() || !(rule.eligible)(finding) {
                continue;
            }
            let Some(entries) = by_identity.get(&Identity::of(finding)) else { continue };
            let name = finding.primary.as_ref().map(|label| (rule.file)(label.file.name())).unwrap_or_default();
            let entry = entries.iter().find(|entry| !used[**entry] && (!own || known[**entry].file == name));
            let Some(entry) = entry.copied() else { continue };
            used[entry] = true;
            if let Some(until) = known[entry].until.filter(|_| known[entry].is_over(rule.today)) {
                over[index] = true;
                finding.notes.push(format!("the baseline knew it until {until}"));
                continue;
            }
            finding.suppressed = Some(rule.why);
            count(counts, finding.code, rule.why);
        }
    }
    used
}

fn count(counts: &mut Counts, code: Code, why: Suppression) {
    let Some(number) = counts.of_code(code) else { return };
    *number = number.saturating_sub(1);
    match why {
        Suppression::Known => counts.known += 1,
        Suppression::Older => counts.older += 1,
        Suppression::Ignored => counts.ignored += 1,
    }
}

/// An entry that no finding is known by any more.
pub fn unused(known: &Known, file: &Arc<SourceFile>) -> Diagnostic {
    let headline =
        format!("\"{}\" in {} is no longer false: its entry in the baseline is not needed", known.claim, known.file);
    Diagnostic::new(Code::UnusedBaseline, Severity::Warning, headline)
        .at(file, known.span, "")
        .help("`trueup baseline --prune` takes it out")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: Spanned<i64>,
    #[serde(default)]
    known: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    code: Spanned<String>,
    file: String,
    claim: String,
    #[serde(default)]
    headings: Vec<String>,
    until: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Whole<'a> {
    version: i64,
    known: Vec<Written<'a>>,
}

#[derive(Serialize)]
struct Written<'a> {
    code: &'static str,
    file: &'a str,
    claim: &'a str,
    headings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Datetime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(file: &str, claim: &str, heading: &str) -> Diagnostic {
        let file = Arc::new(SourceFile::new(file, claim));
        let found = Diagnostic::new(Code::RatioDrift, Severity::Error, "x").at(&file, Span::new(0, claim.len()), "");
        Diagnostic { headings: vec![heading.to_owned()], ..found }
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn applied(known: &[Known], findings: &mut [Diagnostic]) -> (Counts, Vec<bool>) {
        let mut counts = Counts { documents: 1, drifted: findings.len(), ..Counts::default() };
        let today = day("2026-06-01");
        let rule = Rule {
            why: Suppression::Known,
            today,
            elsewhere: true,
            eligible: &Diagnostic::is_drift,
            file: &|name| name.to_owned(),
        };
        let used = apply(known, findings, &mut counts, &rule);
        (counts, used)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut known = Known::of(&finding("a.md", "21/21\n operational \"now\"", "Status ✅"), "docs/a.md".to_owned());
        let plain = known.clone();
        known.until = Some(day("2026-12-31"));
        known.reason = Some("the move".to_owned());
        let text = written(&[known.clone(), plain.clone()]);
        assert!(text.contains("until = 2026-12-31\n"), "{text}");
        let read = parse(&Arc::new(SourceFile::new(NAME, text.clone()))).unwrap();
        let unplaced: Vec<Known> = read.iter().map(|read| Known { span: Span::new(0, 0), ..read.clone() }).collect();
        assert_eq!(unplaced, [known, plain]);
        assert!(text[read[0].span.range()].starts_with("[[known]]"), "{:?}", &text[read[0].span.range()]);
        assert_eq!(written(&unplaced), text);
        assert_eq!(parse(&Arc::new(SourceFile::new(NAME, written(&[])))).unwrap(), []);
    }

    #[test]
    fn every_fault_has_its_place() {
        let entry = "\n[[known]]\nfile = \"a.md\"\nclaim = \"x\"\n";
        for (text, told, place) in [
            ("".to_owned(), "missing field `version`", 1),
            ("version = 2\n".to_owned(), "has version 2; expected 1", 1),
            (format!("version = 1{entry}code = \"nope\"\n"), "there is no code `nope`", 5),
            (format!("version = 1{entry}code = \"ratio-drift\"\nuntil = \"soon\"\n"), "cannot be read", 6),
            (format!("version = 1{entry}code = \"ratio-drift\"\nuntil = 10:00:00\n"), "`until` is no date", 6),
            (format!("version = 1{entry}code = \"ratio-drift\"\ncolour = 3\n"), "unknown field `colour`", 6),
            ("version = 1\n[[known]\n".to_owned(), "cannot be read", 2),
        ] {
            let faults = parse(&Arc::new(SourceFile::new(NAME, text.as_str()))).unwrap_err();
            assert!(faults[0].headline.contains(told), "{text}: {}", faults[0].headline);
            let at = faults[0].primary.as_ref().unwrap();
            assert_eq!(at.file.place(at.span.start).line, place, "{text}: {}", faults[0].headline);
        }
    }

    #[test]
    fn an_entry_knows_one_finding_in_its_own_document_first() {
        let known = [Known::of(&finding("b.md", "21/21 up", "Status"), "b.md".to_owned())];
        let mut findings = [finding("a.md", "21/21 up", "Status"), finding("b.md", "21/21  UP", "status")];
        let (counts, used) = applied(&known, &mut findings);
        assert_eq!((findings[0].suppressed, findings[1].suppressed), (None, Some(Suppression::Known)));
        assert_eq!((counts.drifted, counts.known, used), (1, 1, vec![true]));
        // A renamed document.
        let mut findings = [finding("c.md", "21/21 up", "Status")];
        assert_eq!(applied(&known, &mut findings).0.known, 1);
        // Another number or heading is another claim.
        for other in [finding("b.md", "20/21 up", "Status"), finding("b.md", "21/21 up", "Today")] {
            let (counts, used) = applied(&known, &mut [other]);
            assert_eq!((counts.drifted, counts.known, used), (1, 0, vec![false]));
        }
    }

    #[test]
    fn the_last_day_is_the_last_day() {
        let mut known = [Known::of(&finding("a.md", "21/21 up", "Status"), "a.md".to_owned())];
        for (until, is_known) in [("2026-06-01", true), ("2026-05-31", false)] {
            known[0].until = Some(day(until));
            let mut findings = [finding("a.md", "21/21 up", "Status")];
            let (counts, used) = applied(&known, &mut findings);
            assert_eq!((counts.known == 1, findings[0].suppressed.is_some()), (is_known, is_known));
            assert_eq!(used, [true], "it is over, and not fixed");
            assert_eq!(findings[0].notes.iter().filter(|note| note.contains(until)).count(), usize::from(!is_known));
        }
    }

    #[test]
    fn what_could_not_be_measured_and_what_is_ignored_is_not_drift() {
        let claim = finding("a.md", "21/21 up", "Status");
        let unmeasured = Diagnostic { code: Code::UnmeasuredClaim, ..claim.clone() };
        let ignored = Diagnostic { suppressed: Some(Suppression::Ignored), ..claim.clone() };
        let warning = Diagnostic { severity: Severity::Warning, code: Code::UnboundClaim, ..claim.clone() };
        assert!(claim.is_drift());
        assert!(![unmeasured, ignored, warning].iter().any(Diagnostic::is_drift));
    }
}
