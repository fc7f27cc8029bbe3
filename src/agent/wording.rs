//! What an agent is told, in words: bounded, for all of it is read by a model and paid for.

use std::time::Duration;

use crate::measure::evidence::plain;
use crate::report::diagnostic::Diagnostic;

/// Most findings told one by one.
const FEW: usize = 5;
/// Most members of a group told with one of them.
const WORST: usize = 3;
/// Longest piece of text that comes from outside, in Unicode scalar values.
const LIMIT: usize = 240;

/// Why a change is not to be made. `age` is that of the measurements.
pub fn deny(findings: &[&Diagnostic], age: Duration) -> String {
    let lines = listed(findings, |finding| match claim(finding) {
        Some((claimed, measured)) => {
            format!("you are about to write {claimed}; {measured}, {}{}", ago(age), worst(finding))
        }
        None => format!("your edit brings this: {}", plain(&finding.headline, LIMIT)),
    });
    format!(
        "{lines}\nWrite what was measured, or do not write a status. If things have changed since, `trueup check --max-age \
         1s` measures them again."
    )
}

/// What nobody could look at. `about` says whose claim it is: "you are about to write".
pub fn unknown(findings: &[&Diagnostic], about: &str) -> String {
    let lines = listed(findings, |finding| {
        let why = finding.notes.first().map(|note| format!(" ({})", plain(note, LIMIT))).unwrap_or_default();
        format!("{}{why}", plain(&finding.headline, LIMIT))
    });
    format!("{about} what trueup could not measure; nobody knows whether it is true:\n{lines}")
}

/// What is false in documents that were changed.
pub fn report(findings: &[&Diagnostic], age: Duration) -> String {
    let lines = told(findings, age);
    format!(
        "trueup: held against what was measured, this is not right, whoever wrote it:\n{lines}\n`trueup fix FILE` writes what was \
         measured."
    )
}

/// Why the work is not at its end.
pub fn keep_on(findings: &[&Diagnostic], age: Duration) -> String {
    let lines = told(findings, age);
    format!(
        "held against what was measured, documents that were changed in this session are not right:\n{lines}\nCorrect them, or run \
         `trueup fix FILE`; if the system is what should be otherwise, say so. You are told once."
    )
}

fn told(findings: &[&Diagnostic], age: Duration) -> String {
    listed(findings, |finding| match claim(finding) {
        Some((claimed, measured)) => format!("claimed {claimed}; {measured}, {}{}", ago(age), worst(finding)),
        None => plain(&finding.headline, LIMIT),
    })
}

/// One line for each of the first, with its place, and how many there are besides.
fn listed(findings: &[&Diagnostic], line: impl Fn(&Diagnostic) -> String) -> String {
    let place = |finding: &Diagnostic| {
        let label = finding.primary.as_ref()?;
        Some(format!("{}:{}: ", label.file.name(), label.file.place(label.span.start).line))
    };
    let shown = findings.iter().take(FEW);
    let mut lines: Vec<String> =
        shown.map(|finding| format!("{}{}", place(finding).unwrap_or_default(), line(finding))).collect();
    if findings.len() > FEW {
        lines.push(format!("… and {} more", findings.len() - FEW));
    }
    lines.join("\n")
}

/// What was claimed and what was measured, where a finding is about a claim: "claimed 21/21 operational, measured 0/21".
fn claim(finding: &Diagnostic) -> Option<(String, String)> {
    let measured = finding.primary.as_ref().map(|label| label.message.as_str()).filter(|found| !found.is_empty())?;
    let claimed = finding.headline.strip_prefix("claimed ")?.strip_suffix(measured)?.strip_suffix(", ")?;
    Some((plain(claimed, LIMIT), plain(measured, LIMIT)))
}

/// The first members that are down: notes in columns.
fn worst(finding: &Diagnostic) -> String {
    let columns = |note: &&String| note.contains("  ");
    let members: Vec<String> = finding
        .notes
        .iter()
        .filter(columns)
        .take(WORST)
        .map(|note| {
            let parts: Vec<&str> = note.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect();
            plain(&parts.join(": "), LIMIT)
        })
        .collect();
    if members.is_empty() { String::new() } else { format!("; worst: {}", members.join("; ")) }
}

/// "just now", "12 s ago", "4 min ago".
pub fn ago(age: Duration) -> String {
    match age.as_secs() {
        0 => "just now".to_owned(),
        seconds @ 1..=119 => format!("{seconds} s ago"),
        seconds @ 120..=7199 => format!("{} min ago", seconds / 60),
        seconds => format!("{} h ago", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::code::Code;
    use crate::document::source::{SourceFile, Span};
    use crate::report::diagnostic::Severity;

    fn drift() -> Diagnostic {
        let file = Arc::new(SourceFile::new("CLAUDE.md", "\n21/21 operational"));
        Diagnostic::new(Code::RatioDrift, Severity::Error, "claimed 21/21 operational, measured 0/21")
            .at(&file, Span::new(1, 18), "measured 0/21")
            .note("4 targets are down: 4 exited")
            .note("claude-flow      package-manager  exit 217: npm")
            .note("extended-memory  spawn-not-found  exit 127")
            .note("c                exited           exit 1")
            .note("d                exited           exit 1")
    }

    #[test]
    fn a_denial_has_the_claim_the_measurement_its_age_and_the_worst() {
        let told = deny(&[&drift()], Duration::from_secs(12));
        let first = "CLAUDE.md:2: you are about to write 21/21 operational; measured 0/21, 12 s ago; worst: claude-flow: \
                     package-manager: exit 217: npm; extended-memory: spawn-not-found: exit 127; c: exited: exit 1";
        assert_eq!(told.lines().next(), Some(first));
        let section = Diagnostic::new(Code::EditedSection, Severity::Error, "the section was edited by hand");
        assert!(
            deny(&[&section], Duration::ZERO).starts_with("your edit brings this: the section was edited by hand\n")
        );
    }

    #[test]
    fn it_is_bounded() {
        let long = Diagnostic { notes: vec![format!("a  {}", "x".repeat(10_000)); 50], ..drift() };
        let all = vec![&long; 1_000];
        for told in [
            deny(&all, Duration::ZERO),
            keep_on(&all, Duration::ZERO),
            report(&all, Duration::ZERO),
            unknown(&all, "x"),
        ] {
            assert!(told.len() < 8_000 && told.contains("… and 995 more"), "{told}");
        }
    }

    #[test]
    fn ages() {
        for (seconds, told) in
            [(0, "just now"), (1, "1 s ago"), (119, "119 s ago"), (120, "2 min ago"), (7_200, "2 h ago")]
        {
            assert_eq!(ago(Duration::from_secs(seconds)), told);
        }
    }
}
