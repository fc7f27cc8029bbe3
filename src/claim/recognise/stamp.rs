//! "Last verified: 2025-08-18 05:25 UTC", "operational (as of 18 Aug 2025)": a date tied to a look at the state of things.
//!
//! Not every date is one. A word for a look (`look` in the lexicon) stands right before it, or a noun for one with "last"
//! before that; in a table, in the header of its column or the first cell of its row.

use std::ops::Range;

use crate::claim::date;
use crate::claim::found::{Dated, Found, Refusal};
use crate::claim::lexicon::{Class, Classes, Lexicon};
use crate::claim::line::Line;
use crate::claim::place::{Form, Section};
use crate::claim::rule::{self, Rule};
use crate::claim::token::{Token, TokenKind};
use crate::document::source::Span;

/// Words for a look.
const LOOKS: Classes = Classes::of(&[Class::Look, Class::LookNoun]);

/// How far before its date the word for a look can stand, in tokens.
const REACH: usize = 8;

/// How far before a noun for a look "last" can stand, in tokens.
const LATEST: usize = 3;

/// Finds the dates of a line that are tied to a look.
pub fn recognise(line: &Line<'_>, lexicon: &Lexicon, found: &mut Found) {
    let column = line.place.column.any(LOOKS) || line.place.row.any(LOOKS);
    if !line.content.classes.any(LOOKS) && !column {
        return;
    }
    let mut at = 0;
    while at < line.tokens.len() {
        let Some((date, moment)) = date_at(line, at, lexicon) else {
            relative(line, at, found);
            at += 1;
            continue;
        };
        let next = at + line.tokens[at..].iter().take_while(|token| token.span().start < date.end).count();
        match look_before(line, at).or_else(|| look_around(line, at)) {
            Some(look) => match refusal(line, &look, at) {
                Some((rule, cue)) => found.refusals.push(Refusal { kind: "timestamp", span: date, rule, cue }),
                None => found.stamps.push(Dated { look, date, moment }),
            },
            None => found.refusals.push(Refusal { kind: "timestamp", span: date, rule: &rule::UNTIED, cue: None }),
        }
        at = next.max(at + 1);
    }
}

/// The date that begins with the token at `at`.
fn date_at(line: &Line<'_>, at: usize, lexicon: &Lexicon) -> Option<(Span, crate::claim::stamp::Moment)> {
    let token = &line.tokens[at];
    let digit = |token: &Token| line.source.as_bytes()[token.span().start].is_ascii_digit();
    let begins = match token.kind {
        TokenKind::Opaque => digit(token),
        TokenKind::Number => true,
        TokenKind::Word => token.is(Class::Month),
        _ => false,
    };
    // "1.2025-08-18", "v-2025-08-18": part of a name.
    let glued = |before: &Token| !token.spaced && !matches!(before.kind, TokenKind::Punct(b'(' | b'*' | b':' | b'['));
    if !begins || at.checked_sub(1).is_some_and(|before| glued(&line.tokens[before])) {
        return None;
    }
    let end = line.tokens[at..].iter().take_while(|token| !token.is_break()).last().map_or(0, |last| last.span().end);
    let (moment, length) = date::read(line.source.get(token.span().start..end)?, lexicon)?;
    Some((Span::new(token.span().start, token.span().start + length), moment))
}

/// The words that tie the date at `date` to a look, where they stand before it in its line.
fn look_before(line: &Line<'_>, date: usize) -> Option<Range<usize>> {
    for at in (date.saturating_sub(REACH)..date).rev() {
        let token = &line.tokens[at];
        let latest = (at.saturating_sub(LATEST)..at).rev().find(|&before| line.is(before, Class::Latest));
        if token.is(Class::Look) || token.is(Class::LookNoun) && latest.is_some() {
            return Some(latest.unwrap_or(at)..at + 1);
        }
        let between = match token.kind {
            TokenKind::Word => token.is(Class::LookLink) || by_somebody(line, at),
            TokenKind::Punct(b':' | b'-' | b'(' | b'*' | b',' | b'~') => true,
            _ => false,
        };
        if !between {
            return None;
        }
    }
    None
}

/// "verified by Ann Lee on …": a name in capitals after "by".
fn by_somebody(line: &Line<'_>, at: usize) -> bool {
    let by = (at.saturating_sub(LATEST)..at).rev().find(|&before| line.is(before, Class::By));
    line.tokens[at].capital && by.is_some_and(|by| (by + 1..at).all(|between| line.tokens[between].capital))
}

/// A cell under the header "Last verified", or beside it: the words for the look are those of the cell itself, none.
fn look_around(line: &Line<'_>, date: usize) -> Option<Range<usize>> {
    let said =
        |classes: Classes| classes.has(Class::Look) || classes.has(Class::LookNoun) && classes.has(Class::Latest);
    let cell = line.place.form == Form::Cell && date == line.body;
    (cell && (said(line.place.column) || said(line.place.row))).then_some(date..date)
}

/// Why a date tied to a look is no statement of when somebody last looked.
fn refusal(line: &Line<'_>, look: &Range<usize>, date: usize) -> Option<(&'static Rule, Option<Span>)> {
    let start = line.sentence_start(look.start.min(date));
    let latest = look.clone().any(|at| line.is(at, Class::Latest));
    match line.place.section {
        Section::Example => return Some((&rule::EXAMPLE_SECTION, line.place.section_cue)),
        Section::Legend => return Some((&rule::LEGEND, line.place.section_cue)),
        Section::Rule => return Some((&rule::RULE_SECTION, line.place.section_cue)),
        Section::History if !latest => return Some((&rule::HISTORY_SECTION, line.place.section_cue)),
        Section::Plain | Section::Status | Section::Feature | Section::Plan | Section::History => {}
    }
    if line.place.column.has(Class::ColumnGoal) && line.place.form == Form::Cell {
        return Some((&rule::GOAL_COLUMN, line.place.column_span));
    }
    let span = |at: usize| Some(line.tokens[at].span());
    if let Some(quote) = line.open_quotation(start, date) {
        return Some((&rule::QUOTATION, span(quote)));
    }
    for (class, rule) in [
        (Class::PlanHeading, &rule::PLAN),
        (Class::Plan, &rule::PLAN),
        (Class::Condition, &rule::CONDITION),
        (Class::Rule, &rule::RULE),
        (Class::Goal, &rule::GOAL),
        (Class::Example, &rule::EXAMPLE),
        (Class::Negator, &rule::NO_STATE),
    ] {
        if let Some(at) = line.find(start..look.start, Classes::of(&[class])) {
            return Some((rule, span(at)));
        }
    }
    // "It was updated on …" is an event; "it was last updated on …" still says how old it is.
    let past = line.find(start..look.start, Classes::of(&[Class::History]));
    past.filter(|_| !latest).map(|at| (&rule::HISTORY, span(at)))
}

/// "Last checked: 3 days ago" has no fixed point: nobody can tell when it was written.
fn relative(line: &Line<'_>, at: usize, found: &mut Found) {
    if line.is(at, Class::Relative) {
        let number = at.checked_sub(2).filter(|&number| matches!(line.tokens[number].kind, TokenKind::Number));
        let first = number.unwrap_or(at);
        if look_before(line, first).is_some() {
            let (span, cue) = (line.span(first, at), Some(line.tokens[at].span()));
            found.refusals.push(Refusal { kind: "timestamp", span, rule: &rule::RELATIVE, cue });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::{claims, rejected, stamps};

    #[test]
    fn dates_of_a_look() {
        for (source, want) in [
            ("**Last Verified**: 2025-08-18 05:25 UTC", "Last Verified | 2025-08-18 05:25 UTC"),
            ("*Last updated: April 19, 2026*", "Last updated | April 19, 2026"),
            ("Updated 18 Aug 2025.", "Updated | 18 Aug 2025"),
            ("All good as of 2025-08-18T05:25:00+02:00.", "as of | 2025-08-18T05:25:00+02:00"),
            ("**Status**: ✅ Operational (verified 2025-05-24)", "verified | 2025-05-24"),
            ("- **Latest Update**: June 2, 2025", "Latest Update | June 2, 2025"),
            ("Last full health check on Monday, 18 August 2025", "Last full health check | 18 August 2025"),
            ("Last tested by Ann Lee on 2025-08-18", "Last tested | 2025-08-18"),
            ("The page was last updated on 2025-08-18.", "last updated | 2025-08-18"),
            ("**Generated:** 2025-11-15 02:25 UTC (corrected later)", "Generated | 2025-11-15 02:25 UTC"),
            ("| a | Last verified |\n|---|---|\n| x | 2025-08-18 |", " | 2025-08-18"),
            ("| Key | Value |\n|---|---|\n| Last updated | 2025-08-18 |", " | 2025-08-18"),
        ] {
            assert_eq!(stamps(source), [want], "{source}");
        }
        assert_eq!(stamps("**Status**: Ready | **Last Updated**: June 2, 2025 | **Servers**: 21 up").len(), 1);
    }

    #[test]
    fn other_dates() {
        for source in [
            "Released 2025-08-18.",
            "Created: 2025-08-18",
            "**Date**: 2025-08-18",
            "## [1.2.0] - 2025-08-18",
            "Seen on 12/11/2025.",
            "Tested on Node 20, released in August 2025.",
            "Verified with 2025 tests.",
            "```\nLast verified: 2025-08-18\n```",
            "<!-- Last verified: 2025-08-18 -->",
            "Last verified: ~~2025-08-18~~",
        ] {
            assert_eq!(stamps(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn what_is_refused_and_why() {
        for (source, want) in [
            ("Write \"Verified: 2025-11-15\" below.", "2025-11-15 | timestamp | quotation | \""),
            ("It will be updated on 2026-01-01.", "2026-01-01 | timestamp | plan | will"),
            ("**Next review**: last checked 2026-01-01", "2026-01-01 | timestamp | plan | Next"),
            ("The server was updated on 2025-08-18.", "2025-08-18 | timestamp | history | was"),
            ("It runs without being checked on 2025-08-18.", "2025-08-18 | timestamp | no-state | without"),
            ("## Example\n\nLast verified: 2025-08-18", "2025-08-18 | timestamp | example-section | Example"),
            ("Last checked: 3 days ago", "3 days ago | timestamp | relative | ago"),
            ("**Last verified**: yesterday", "yesterday | timestamp | relative | yesterday"),
            ("We checked what came out on 2025-08-18.", "2025-08-18 | timestamp | untied | "),
        ] {
            let rejected = rejected(source);
            assert!(rejected.iter().any(|rejected| rejected == want), "{source}: {rejected:?}");
            assert_eq!(stamps(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_date_takes_nothing_from_other_claims() {
        let dated = claims("**Status**: ✅ FULLY OPERATIONAL (verified 2025-05-24)");
        assert_eq!(dated, ["✅ FULLY OPERATIONAL | state | eq | up | "]);
    }
}
