//! What a finding is known by from run to run: its code, the text of the claim and the headings above it, never its line.
//!
//! Baselines, SARIF and GitLab output name findings by it, so that a paragraph added above makes no finding a new one.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::diagnostic::Diagnostic;
use crate::code::Code;

/// Bytes of the hash that are kept.
const BYTES: usize = 16;

/// The identity of a finding. Two claims of the same words under the same headings share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(String);

impl Identity {
    /// The identity of `diagnostic`.
    ///
    /// Letter case and the amount of white space do not count; a number in the claim does: "20/21" is another claim than
    /// "21/21". What was measured does not count either. A finding about the run as a whole is known by its headline.
    pub fn of(diagnostic: &Diagnostic) -> Identity {
        Identity::of_parts(diagnostic.code, text(diagnostic), &diagnostic.headings)
    }

    /// The identity of a finding with this code, about this text under these headings.
    pub fn of_parts(code: Code, text: &str, headings: &[String]) -> Identity {
        let parts = [code.name(), text].into_iter().chain(headings.iter().map(String::as_str));
        Identity(digest(parts.map(folded)))
    }

    /// A fingerprint that differs between findings of the same identity: in another file, or the `nth` of its file.
    pub fn fingerprint(&self, file: &str, nth: usize) -> String {
        digest([self.0.clone(), file.to_owned(), nth.to_string()])
    }

    /// The identity as text: 32 lower-case hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text that a finding is known by: what it points at, or its headline where it points at nothing.
pub fn text(diagnostic: &Diagnostic) -> &str {
    match &diagnostic.primary {
        Some(label) => label.file.text().get(label.span.range()).unwrap_or_default(),
        None => &diagnostic.headline,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The parts with their lengths, hashed: no two lists of parts run together.
fn digest(parts: impl IntoIterator<Item = String>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::source::{SourceFile, Span};
    use crate::report::diagnostic::Severity;

    fn finding(text: &str, claim: &str, headings: &[&str]) -> Diagnostic {
        let file = Arc::new(SourceFile::new("CLAUDE.md", text));
        let start = text.find(claim).unwrap();
        let mut diagnostic = Diagnostic::new(Code::RatioDrift, Severity::Error, format!("about {}", text.len()));
        diagnostic = diagnostic.at(&file, Span::new(start, start + claim.len()), "measured 0/21");
        diagnostic.headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
        diagnostic
    }

    #[test]
    fn a_claim_that_moves_stays_the_same() {
        let claim = finding("21/21 operational", "21/21 operational", &["Status"]);
        let moved = finding("more\n\nand more: 21/21  Operational", "21/21  Operational", &["STATUS"]);
        assert_eq!(Identity::of(&claim), Identity::of(&moved));
        assert_eq!(Identity::of(&claim).as_str().len(), 2 * BYTES);
    }

    #[test]
    fn another_number_code_or_heading_is_another() {
        let claim = finding("21/21 operational", "21/21 operational", &["Status"]);
        let number = finding("20/21 operational", "20/21 operational", &["Status"]);
        let heading = finding("21/21 operational", "21/21 operational", &["Status", "Today"]);
        let code = Diagnostic { code: Code::WeakEvidence, ..claim.clone() };
        for other in [number, heading, code] {
            assert_ne!(Identity::of(&claim), Identity::of(&other));
        }
    }

    #[test]
    fn fingerprints_tell_equals_apart_and_are_the_same_in_every_version() {
        let identity = Identity::of(&finding("21/21 operational", "21/21 operational", &["Status"]));
        assert_ne!(identity.fingerprint("a.md", 0), identity.fingerprint("b.md", 0));
        assert_ne!(identity.fingerprint("a.md", 0), identity.fingerprint("a.md", 1));
        // Written into baselines: a change of it loses them.
        assert_eq!(identity.as_str(), "2212350a74659c0eb224273ea25990a7");
    }

    #[test]
    fn a_span_beside_the_text_is_no_panic() {
        let mut diagnostic = finding("é", "é", &[]);
        if let Some(label) = &mut diagnostic.primary {
            label.span = Span::new(1, 90);
        }
        assert_eq!(Identity::of(&diagnostic).as_str().len(), 2 * BYTES);
    }
}
