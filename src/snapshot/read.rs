//! From the text of a file to a snapshot.

use std::sync::Arc;

use serde::Deserialize;

use crate::code::Code;
use crate::document::source::{SourceFile, Span};
use crate::measure::measurement::Snapshot;
use crate::report::diagnostic::{Diagnostic, Severity};

/// What every version has.
#[derive(Deserialize)]
struct Head {
    schema_version: u64,
}

/// Reads a snapshot.
pub(super) fn read(file: &Arc<SourceFile>) -> Result<Snapshot, Box<Diagnostic>> {
    let text = file.text().trim_start_matches('\u{feff}');
    let ours = u64::from(Snapshot::SCHEMA_VERSION);
    match serde_json::from_str::<Head>(text) {
        Ok(head) if head.schema_version != ours => {
            let headline = format!(
                "`{}` is a snapshot of version {}; expected version {ours}, the one that this trueup writes",
                file.name(),
                head.schema_version
            );
            let help = "take it with the trueup that judges from it, or judge with the one that took it";
            Err(Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help)))
        }
        // What is wrong besides the version, the whole reader says better.
        Ok(_) | Err(_) => serde_json::from_str(text).map_err(|error| Box::new(damaged(file, &error))),
    }
}

fn damaged(file: &Arc<SourceFile>, error: &serde_json::Error) -> Diagnostic {
    let why = error.to_string();
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
    let headline = format!("`{}` is no snapshot: {why}", file.name());
    let help = if error.is_eof() {
        "it ends too early: copy it again, or take it again with `trueup probe -o`"
    } else {
        "take it with `trueup probe -o`; `trueup schema snapshot` describes it"
    };
    let diagnostic = Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help);
    match place(file, error) {
        Some(span) => diagnostic.at(file, span, why),
        None => diagnostic,
    }
}

/// The character at which the reader stopped; its columns count bytes, from 1.
fn place(file: &SourceFile, error: &serde_json::Error) -> Option<Span> {
    let line = file.line_span(error.line())?;
    let text = file.slice(line);
    let at = error.column().saturating_sub(1).min(text.len().saturating_sub(1));
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at))?;
    let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    Some(Span::new(line.start + at, line.start + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (String, Option<String>) {
        let file = Arc::new(SourceFile::new("s.json", text));
        let fault = read(&file).unwrap_err();
        let place = fault.primary.map(|label| {
            let place = label.file.place(label.span.start);
            format!("{}:{}", place.line, place.column)
        });
        (fault.headline, place)
    }

    #[test]
    fn what_is_no_snapshot_is_pointed_at() {
        let whole = serde_json::to_string_pretty(&Snapshot::empty(jiff::Timestamp::UNIX_EPOCH)).unwrap();
        read(&Arc::new(SourceFile::new("s.json", format!("\u{feff}{whole}")))).unwrap();
        let cut = whole.len() / 2;
        let (headline, place) = fault(&whole[..cut]);
        assert!(headline.starts_with("`s.json` is no snapshot: EOF while parsing"), "{headline}");
        assert!(place.is_some());
        assert_eq!(fault("").0, "`s.json` is no snapshot: EOF while parsing a value");
        assert_eq!(
            fault("{\n  \"schema_version\": 1,\n  \"taken_at\": ü\n}"),
            ("`s.json` is no snapshot: expected value".to_owned(), Some("3:15".to_owned()))
        );
        assert!(fault("[]").0.starts_with("`s.json` is no snapshot: invalid length 0"), "{:?}", fault("[]"));
        assert_eq!(
            fault("{\"schema_version\": 9, \"anything\": []}").0,
            "`s.json` is a snapshot of version 9; expected version 1, the one that this trueup writes"
        );
    }
}
