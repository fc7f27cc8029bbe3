//! JUnit XML: a suite for each document, a case for each finding. Drift is a failure; what could not be measured, and what
//! kept documents from being judged, is an error; ignored and unbound claims are skipped.
//!
//! Times are left out: the same inputs give the same bytes.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::cases::{self, Case, Ending};
use super::diagnostic::Diagnostic;
use super::{Report, words};

/// Writes the report as one XML document.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut root = quick_junit::Report::new("trueup");
    for suite in cases::suites(report) {
        let mut tests = TestSuite::new(suite.name.as_str());
        tests.add_test_cases(suite.cases.iter().map(|case| test(case, &suite.name)));
        root.add_test_suite(tests);
    }
    let xml = root.to_string().map_err(io::Error::other)?;
    // The schema of Jenkins allows this on a suite alone; the first is the one of the root.
    let xml = xml.replacen(&format!(" skipped=\"{}\"", root.skipped), "", 1);
    // In one piece, so that what `out` says reaches the caller as it is.
    out.write_all(xml.as_bytes())
}

fn test(case: &Case<'_>, suite: &str) -> TestCase {
    let mut status = match case.ending {
        Ending::Passed | Ending::Told => TestCaseStatus::success(),
        Ending::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Ending::Errored => TestCaseStatus::non_success(NonSuccessKind::Error),
        Ending::Skipped(_) => TestCaseStatus::skipped(),
    };
    let mut output = None;
    if let Some(diagnostic) = case.finding {
        let headline = words::headline(diagnostic);
        match case.ending {
            Ending::Passed | Ending::Told => output = Some(body(diagnostic)),
            Ending::Skipped(reason) => {
                status.set_message(format!("{reason}: {headline}"));
            }
            Ending::Failed | Ending::Errored => {
                status.set_message(headline).set_type(diagnostic.code.name()).set_description(body(diagnostic));
            }
        }
    }
    let mut test = TestCase::new(case.name.as_str(), status);
    test.set_classname(suite);
    if let Some(output) = output {
        test.set_system_out(output);
    }
    test
}

/// All that a finding has to tell, its place first.
fn body(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.primary.as_ref().map(|label| format!("{}: ", words::place(label))).unwrap_or_default();
    let first = format!("{place}{}", words::headline(diagnostic));
    [first].into_iter().chain(words::details(diagnostic)).collect::<Vec<_>>().join("\n")
}
