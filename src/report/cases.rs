//! A report as tests that pass, fail or are skipped: what JUnit and TAP have in common.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, Severity};
use super::{Report, terminal, words};
use crate::code::Concern;

/// Longest quotation in the name of a case, in Unicode scalar values.
const QUOTE_LIMIT: usize = 120;

/// What is told of one file, or of the run as a whole.
pub(super) struct Suite<'a> {
    /// The file, or `trueup` for the run.
    pub name: String,
    /// In the order of the report. A document without a finding has one that passes.
    pub cases: Vec<Case<'a>>,
}

/// One finding as a test.
pub(super) struct Case<'a> {
    /// Made of the code and the text that the finding points at, so that it stays the same when lines move.
    pub name: String,
    /// How the test ends.
    pub ending: Ending,
    /// The finding; `None` says that there is none.
    pub finding: Option<&'a Diagnostic>,
}

/// How a test ends. None of these fails where the exit code says that all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It passed.
    Passed,
    /// It passed, and there is something to tell.
    Told,
    /// It is false.
    Failed,
    /// We could not look.
    Errored,
    /// It has no weight, for this reason.
    Skipped(&'static str),
}

impl Ending {
    fn of(diagnostic: &Diagnostic) -> Ending {
        if let Some(why) = diagnostic.suppressed {
            return Ending::Skipped(why.reason());
        }
        let denied = diagnostic.severity == Severity::Error;
        match diagnostic.code.concern() {
            Concern::Unmeasured | Concern::Fault if denied => Ending::Errored,
            Concern::Drift | Concern::Unbound | Concern::Advice if denied => Ending::Failed,
            Concern::Unmeasured => Ending::Skipped("could not be measured"),
            Concern::Unbound => Ending::Skipped("nothing measures it"),
            Concern::Drift | Concern::Fault | Concern::Advice => Ending::Told,
        }
    }
}

/// The suites of a report: documents as given, then other files, then the run.
pub(super) fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut suites: Vec<Suite<'_>> = Vec::new();
    let mut at: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    let documents = report.documents().iter().map(|name| (Some(name.as_str()), None));
    let findings = report
        .diagnostics()
        .iter()
        .map(|diagnostic| (diagnostic.primary.as_ref().map(|label| label.file.name()), Some(diagnostic)));
    for (file, finding) in documents.chain(findings) {
        let index = *at.entry(file).or_insert_with(|| {
            let name = file.map_or_else(|| "trueup".to_owned(), terminal::line);
            suites.push(Suite { name, cases: Vec::new() });
            suites.len() - 1
        });
        suites[index].cases.extend(finding.map(|diagnostic| Case {
            name: format!("{}: {}", diagnostic.code.name(), words::quote(diagnostic, QUOTE_LIMIT)),
            ending: Ending::of(diagnostic),
            finding: Some(diagnostic),
        }));
    }
    for suite in suites.iter_mut().filter(|suite| suite.cases.is_empty()) {
        suite.cases.push(Case { name: "no finding".to_owned(), ending: Ending::Passed, finding: None });
    }
    suites
}
