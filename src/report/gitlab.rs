//! GitLab code quality: an array of issues, as its merge requests read it.
//!
//! The format has no place for what is ignored, so that is left out. GitLab refuses an issue without a path: a finding
//! about the run as a whole stands at the first line of trueup.toml. Fingerprints are made of the identity of a finding,
//! its file and how many of the same came before it there.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::diagnostic::{Diagnostic, Severity};
use super::identity::Identity;
use super::{Report, json_text, words};

/// Where findings about the run stand.
const RUN: &str = "trueup.toml";

/// Writes every finding that is not suppressed.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: BTreeMap<(Identity, String), usize> = BTreeMap::new();
    let told = report.diagnostics().iter().filter(|diagnostic| diagnostic.suppressed.is_none());
    let issues: Vec<Issue> = told.map(|diagnostic| issue(diagnostic, &mut seen)).collect();
    json_text::write(&issues, out)
}

fn issue(diagnostic: &Diagnostic, seen: &mut BTreeMap<(Identity, String), usize>) -> Issue {
    let (path, begin) = match &diagnostic.primary {
        Some(label) => (path(label.file.name()), label.file.place(label.span.start).line),
        None => (RUN.to_owned(), 1),
    };
    let identity = Identity::of(diagnostic);
    let count = seen.entry((identity.clone(), path.clone())).or_default();
    let fingerprint = identity.fingerprint(&path, *count);
    *count += 1;
    Issue {
        description: words::headline(diagnostic),
        check_name: diagnostic.code.name(),
        fingerprint,
        severity: match diagnostic.severity {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        location: Location { path, lines: Lines { begin } },
    }
}

/// Relative to the repository, without `./` before it: GitLab finds no file otherwise.
fn path(name: &str) -> String {
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    name.strip_prefix("./").unwrap_or(&name).to_owned()
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}
