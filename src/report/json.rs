//! For programs: JSON with structs of its own, so that a change inside trueup is not one of the output.
//!
//! ```text
//! {
//!   "schema_version": 1,
//!   "exit_code": 1,
//!   "documents": ["CLAUDE.md"],
//!   "summary": {"claims": {"drifted": 1, "holds": 0, "weak": 0, "unmeasured": 0, "unbound": 0, "ignored": 0, "known": 0, "older": 0, "contradictions": 0},
//!               "sections": {"current": 0, "stale": 0, "edited": 0, "unmeasured": 0}, "faults": 0},
//!   "diagnostics": [
//!     {"code": "ratio-drift", "severity": "error", "headline": "claimed 21/21 operational, measured 0/21",
//!      "primary": {"file": "CLAUDE.md", "start": {"line": 3, "column": 5}, "end": {"line": 3, "column": 22},
//!                  "span": [40, 57], "message": "measured 0/21"},
//!      "secondary": [], "notes": ["21 targets are down"], "help": [], "edit": null, "suppressed": false, "suppression": null}
//!   ]
//! }
//! ```
//!
//! Lines and columns count from 1, columns in Unicode scalar values; `span` counts bytes; every `end` is one past the last.
//! `weak` claims are among those that hold. A finding about the run as a whole has `"primary": null`. A suppressed one has
//! no weight; `suppression` says why: `ignored`, `known`, `older`, or null. `edit` is a change of the primary file: the bytes of `span` become `text`.
//! Times are left out: the same inputs give the same bytes.

use std::io::{self, Write};

use serde::Serialize;

use super::diagnostic::{Diagnostic, Label, Suppression};
use super::{Report, json_text};
use crate::document::edit::Edit;
use crate::document::source::Place;
use crate::judge::verdict::Counts;

/// Grows when a reader of the old form would misread the new one.
pub const SCHEMA_VERSION: u32 = 1;

/// Writes the report as one JSON object.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let root = Root {
        schema_version: SCHEMA_VERSION,
        exit_code: report.exit.code(),
        documents: report.documents(),
        summary: Summary::from(&report.counts),
        diagnostics: report.diagnostics().iter().map(Finding::from).collect(),
    };
    json_text::write(&root, out)
}

#[derive(Serialize)]
struct Root<'a> {
    schema_version: u32,
    exit_code: u8,
    documents: &'a [String],
    summary: Summary,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Summary {
    claims: Claims,
    sections: Sections,
    faults: usize,
}

#[derive(Serialize)]
struct Claims {
    drifted: usize,
    holds: usize,
    weak: usize,
    unmeasured: usize,
    unbound: usize,
    ignored: usize,
    known: usize,
    older: usize,
    contradictions: usize,
}

#[derive(Serialize)]
struct Sections {
    current: usize,
    stale: usize,
    edited: usize,
    unmeasured: usize,
}

impl From<&Counts> for Summary {
    fn from(counts: &Counts) -> Summary {
        Summary {
            claims: Claims {
                drifted: counts.drifted,
                holds: counts.holds,
                weak: counts.weak,
                unmeasured: counts.unmeasured,
                unbound: counts.unbound,
                ignored: counts.ignored,
                known: counts.known,
                older: counts.older,
                contradictions: counts.contradictions,
            },
            sections: Sections {
                current: counts.current_sections,
                stale: counts.stale_sections,
                edited: counts.edited_sections,
                unmeasured: counts.unmeasured_sections,
            },
            faults: counts.faults,
        }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    severity: &'static str,
    headline: &'a str,
    primary: Option<Location<'a>>,
    secondary: Vec<Location<'a>>,
    notes: &'a [String],
    help: &'a [String],
    edit: Option<Change<'a>>,
    suppressed: bool,
    suppression: Option<&'static str>,
}

impl<'a> From<&'a Diagnostic> for Finding<'a> {
    fn from(diagnostic: &'a Diagnostic) -> Finding<'a> {
        Finding {
            code: diagnostic.code.name(),
            severity: diagnostic.severity.name(),
            headline: &diagnostic.headline,
            primary: diagnostic.primary.as_ref().map(Location::from),
            secondary: diagnostic.secondary.iter().map(Location::from).collect(),
            notes: &diagnostic.notes,
            help: &diagnostic.help,
            edit: diagnostic.edit.as_ref().map(Change::from),
            suppressed: diagnostic.suppressed.is_some(),
            suppression: diagnostic.suppressed.map(Suppression::name),
        }
    }
}

#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    start: Place,
    end: Place,
    span: [usize; 2],
    message: &'a str,
}

impl<'a> From<&'a Label> for Location<'a> {
    fn from(label: &'a Label) -> Location<'a> {
        Location {
            file: label.file.name(),
            start: label.file.place(label.span.start),
            end: label.file.place(label.span.end),
            span: [label.span.start, label.span.end],
            message: &label.message,
        }
    }
}

#[derive(Serialize)]
struct Change<'a> {
    span: [usize; 2],
    text: &'a str,
}

impl<'a> From<&'a Edit> for Change<'a> {
    fn from(edit: &'a Edit) -> Change<'a> {
        Change { span: [edit.span.start, edit.span.end], text: &edit.text }
    }
}
