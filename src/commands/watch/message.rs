//! What a commit says: what changed, in one line, and every change below it.

use crate::claim::model::Kind;
use crate::commands::assess::Assessment;
use crate::commands::fixes::Fix;
use crate::commands::survey::{Document, Survey};
use crate::document::section::Section;
use crate::judge::describe;
use crate::judge::verdict::{Binding, Judgement};
use crate::measure::evidence::plain;

/// Widest first line, in Unicode scalar values: as wide as git shows without cutting.
const WIDEST: usize = 72;

/// Widest other line.
const WIDEST_BELOW: usize = 160;

/// Most changes that are listed.
const MOST: usize = 100;

/// One change of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The document.
    pub document: String,
    /// Its line, from 1, before the change.
    pub line: usize,
    /// What changed: "mcp 21/21 -> 0/21", "status-table".
    pub what: String,
}

/// The changes of all documents, in order.
pub(super) fn changes(survey: &Survey, assessment: &Assessment, fixes: &[Fix]) -> Vec<Change> {
    let documents = survey.documents.iter().zip(&assessment.documents).zip(fixes);
    let mut changes = Vec::new();
    for ((document, assessed), fix) in documents {
        let file = &document.source;
        let change =
            |at: usize, what: String| Change { document: file.name().to_owned(), line: file.place(at).line, what };
        let start = changes.len();
        for one in &fix.claims.changes {
            if let Some(judgement) = assessed.judgements.iter().find(|judgement| judgement.claim == one.claim) {
                changes.push(change(document.claims[one.claim].span.start, of_claim(document, judgement)));
            }
        }
        for edit in &fix.sections {
            let section = document.sections.sections.iter().find(|section| section.body.start == edit.span.start);
            changes.extend(section.map(|section| change(section.begin.start, of_section(section))));
        }
        changes[start..].sort_by_key(|change| change.line);
    }
    changes
}

/// "mcp 21/21 -> 0/21".
fn of_claim(document: &Document, judgement: &Judgement) -> String {
    let claim = &document.claims[judgement.claim];
    let words = describe::words(judgement, claim, &document.source);
    let about = match &judgement.binding {
        Binding::Bound { subjects, .. } => subjects.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Binding::Unbound { .. } => claim.subject.clone(),
    };
    let claimed = match claim.kind {
        // The number stands for itself: "21/21", "~60%", "50+".
        Kind::Ratio { .. } | Kind::Percent { .. } | Kind::Count { .. } => {
            words.claimed.split(' ').next().unwrap_or_default()
        }
        // What it is about is told already.
        Kind::State if !claim.predicate.is_empty() => &claim.predicate,
        Kind::State | Kind::Universal { .. } => &words.claimed,
    };
    let measured = words.measured.as_deref().unwrap_or("as measured");
    let measured = measured.strip_prefix("it is ").unwrap_or(measured);
    format!("{about} {claimed} -> {}", measured.split(" (").next().unwrap_or(measured))
}

/// "status-table mcp", or its id.
fn of_section(section: &Section) -> String {
    match section.id() {
        Some(id) => id.to_owned(),
        None => {
            let of = ["group", "metric", "text"].iter().find_map(|key| section.attribute(key));
            of.map_or_else(|| section.template.clone(), |of| format!("{} {}", section.template, of.value))
        }
    }
}

/// The message of a commit with these changes.
pub(super) fn message(changes: &[Change]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for change in changes {
        let part = plain(&change.what, WIDEST);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let count = parts.len();
    let head = (1..=count).rev().map(|shown| {
        let more = match count - shown {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("status: {}{more}", parts[..shown].join(", "))
    });
    let fits = |line: &String| line.chars().count() <= WIDEST;
    let head = head.into_iter().find(fits).unwrap_or_else(|| match changes.len() {
        1 => "status: 1 change".to_owned(),
        many => format!("status: {many} changes"),
    });
    let mut text = format!("{head}\n\n");
    for change in changes.iter().take(MOST) {
        let line = format!("- {}:{}: {}", change.document, change.line, change.what);
        text.push_str(&plain(&line, WIDEST_BELOW));
        text.push('\n');
    }
    if changes.len() > MOST {
        text.push_str(&format!("- and {} more\n", changes.len() - MOST));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(line: usize, what: &str) -> Change {
        Change { document: "CLAUDE.md".to_owned(), line, what: what.to_owned() }
    }

    #[test]
    fn the_first_line_tells_what_changed() {
        let one = message(&[change(6, "mcp 21/21 -> 0/21")]);
        assert_eq!(one, "status: mcp 21/21 -> 0/21\n\n- CLAUDE.md:6: mcp 21/21 -> 0/21\n");
        // The same thing said twice in a document changed once.
        let twice = message(&[change(6, "mcp 21/21 -> 0/21"), change(9, "mcp 21/21 -> 0/21")]);
        assert!(twice.starts_with("status: mcp 21/21 -> 0/21\n\n- CLAUDE.md:6: "), "{twice}");
        assert_eq!(twice.lines().count(), 4);
    }

    #[test]
    fn many_changes_are_counted_and_nothing_breaks_the_form() {
        let many: Vec<Change> = (0..150).map(|n| change(n, &format!("group-{n} 10/10 -> 9/10"))).collect();
        let text = message(&many);
        let head = text.lines().next().unwrap();
        assert!(head.chars().count() <= WIDEST && head.ends_with(" and 148 more"), "{head}");
        assert!(text.ends_with("- and 50 more\n"), "{text}");
        let hostile = message(&[change(1, &format!("a\nSigned-off-by: x <x>\u{1b}[31m{}", "y".repeat(500)))]);
        assert!(hostile.lines().skip(2).all(|line| line.starts_with("- ")), "{hostile}");
        assert!(!hostile.contains('\u{1b}') && hostile.len() < 400, "{hostile}");
    }
}
