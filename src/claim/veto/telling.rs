//! Sentences that tell how, when or why something is so, instead of that it is.

use std::ops::Range;

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::Kind;
use crate::claim::place::{Form, Section};
use crate::claim::rule::{CONSTANT, EXPLANATION, PERSON, PROCESS, PROVISO, Rule, SUBORDINATE, Verdict};
use crate::claim::token::{Token, TokenKind};

/// The first rule of this kind that says `claim` is none. Numbers are left to the other rules: they say what they say.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    match claim.kind {
        Kind::State | Kind::Universal { .. } => {}
        Kind::Ratio { .. } | Kind::Percent { .. } | Kind::Count { .. } => return None,
    }
    let said = claim.predicate.clone()?;
    if !said.clone().any(|at| line.tokens[at].is_word()) {
        return None;
    }
    explanation(line)
        .or_else(|| constant(line).filter(|_| !answers(line, &said)))
        .or_else(|| subordinate(line, claim, &said))
        .or_else(|| person(line, &said))
        .or_else(|| proviso(line, &said))
        .or_else(|| process(line, &said))
        .map(|(rule, at)| (rule, at.map(|at| line.tokens[at].span()).or(line.place.column_span)))
}

type Told = Option<(&'static Rule, Option<usize>)>;

/// "**Issue**: calls failing in production", and a column headed "why".
fn explanation(line: &Line<'_>) -> Told {
    const STATED: Classes = Classes::of(&[Class::ColumnState, Class::StatusHeading]);
    let column = line.place.column;
    if line.place.form == Form::Cell && column.has(Class::Explanation) && !column.any(STATED) {
        return Some((&EXPLANATION, None));
    }
    let sentence = line.colon && line.place.form != Form::Heading;
    let last = line.label.as_ref().filter(|_| sentence)?.end.checked_sub(1)?;
    // A label on a line of its own is a heading, and the text below it tells what is so.
    if line.tokens[last..line.body].iter().any(Token::is_break) {
        return None;
    }
    line.is(last, Class::Explanation).then_some((&EXPLANATION, Some(last)))
}

/// "`BEHIND`: an update is available": the label is a value that a program shows, and the text says what it stands for.
pub(super) fn constant(line: &Line<'_>) -> Told {
    let numbers = line.label.clone().filter(|label| {
        let number = |at: usize| matches!(line.tokens[at].kind, TokenKind::Number);
        line.colon && label.clone().any(number) && !label.clone().any(|at| line.tokens[at].is_word())
    });
    // "90-100: safe" tells what a number means.
    if let Some(label) = numbers {
        return Some((&CONSTANT, Some(label.start)));
    }
    // Marked under a heading of status, a variable is one of the things whose state is told.
    if line.place.section == Section::Status && (line.lead_symbol.is_some() || line.tail_symbol.is_some()) {
        return None;
    }
    let label = line.label.clone().filter(|label| label.len() == 1 && line.colon)?;
    let token = &line.tokens[label.start];
    let name = line.source[token.span().range()].trim_matches('`');
    let shouted = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    (token.kind == TokenKind::Code && shouted).then_some((&CONSTANT, Some(label.start)))
}

/// "`API_KEY`: configured": a state and nothing else is that of the constant.
fn answers(line: &Line<'_>, said: &Range<usize>) -> bool {
    said.start == line.body && line.get(said.end).is_none_or(|next| next.is_punct(b'('))
}

/// "after the bootstrap is complete", "how each server is started".
fn subordinate(line: &Line<'_>, claim: &Candidate, said: &Range<usize>) -> Told {
    let start = line.clause_start(said.start).min(claim.first);
    let opens = |at: &usize| line.is(*at, Class::Temporal) && !line.tokens[*at].is_state_word();
    (start..said.start).find(opens).map(|at| (&SUBORDINATE, Some(at)))
}

/// "You're ready", "as we've done".
fn person(line: &Line<'_>, said: &Range<usize>) -> Told {
    const BETWEEN: Classes = Classes::of(&[Class::Copula, Class::Adverb, Class::Negator]);
    let start = line.clause_start(said.start);
    let subject = (start..said.start)
        .rev()
        .find(|&at| line.is(at, Class::Person) || !line.tokens[at].entry.classes.any(BETWEEN))?;
    line.is(subject, Class::Person).then_some((&PERSON, Some(subject)))
}

/// "the build fails if a test does".
fn proviso(line: &Line<'_>, said: &Range<usize>) -> Told {
    let next = said.end;
    let same = line.get(next).is_some() && line.same_clause(next, said.end - 1);
    let verb = line.is(said.end - 1, Class::Verb) && line.is(next, Class::Condition);
    (same && (verb || line.is(next, Class::Proviso))).then_some((&PROVISO, Some(next)))
}

/// "**Entry**: ✅ Registered as `a`": the mark answers, and what follows says as what.
fn approved(line: &Line<'_>, said: &Range<usize>) -> bool {
    line.body == said.start && line.body > 0 && line.tokens[line.body - 1].is_state_symbol() && line.label.is_some()
}

/// "Requests are logged to a file", "protected by a proxy", "available as a package".
fn process(line: &Line<'_>, said: &Range<usize>) -> Told {
    let last = said.end - 1;
    // "loaded directly from the archive".
    let next = said.end + usize::from(line.get(said.end).is_some() && line.is_manner(said.end));
    if !line.get(next).is_some_and(|token| token.is_word() || token.kind == TokenKind::Code)
        || !line.same_clause(last, next)
    {
        return None;
    }
    // "now available as a package" speaks of this moment.
    let from = said.start.saturating_sub(1).max(line.clause_start(said.start));
    if (from..said.end).any(|at| line.is(at, Class::Now)) {
        return None;
    }
    // "Fully prepared for release" says how far it is.
    if said.clone().any(|at| line.is(at, Class::Fully)) {
        return None;
    }
    if line.is(next, Class::Role) && !approved(line, said) {
        return Some((&PROCESS, Some(next)));
    }
    let negated = said.clone().any(|at| line.is(at, Class::Negator));
    // A mark, or capitals, make a headline of it.
    if !line.is(last, Class::Process) || negated || line.marked() || line.capitals(last) || line.asks_status() {
        return None;
    }
    let copula = said.start.checked_sub(1).is_some_and(|at| line.is(at, Class::Copula));
    // "Has been configured for production": done, and so it is.
    let perfect = said.start > 0 && ["has been", "have been"].iter().any(|been| line.says(said.start - 1, been));
    let prose = copula && !perfect && line.place.form == Form::Paragraph && line.label.is_none();
    let leads = line.is(next, Class::Link) && !line.is(next, Class::Conjunction);
    let manner = line.is(next, Class::Manner) || prose && leads;
    manner.then_some((&PROCESS, Some(next)))
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn how_and_when_is_not_that() {
        assert_claims(&[
            ("The monitor is a part that:\n\n- ✅ **Finds** new entries", &[]),
            ("This will:\n\n1. ✅ Compile all parts", &[]),
            ("The script automatically:\n\n- ✅ Checks for open changes", &[]),
            ("With retries enabled, the client waits longer.", &[]),
            ("- `pull` assumes that the store is available", &[]),
            ("**Review completed**: May 2025", &[]),
            ("## Status\n\n### Story 3: data passing and retries", &[]),
            ("All lamps should work ✓", &[]),
            ("Two ways it runs, and the difference matters for all below:", &[]),
            ("The cache is loaded directly from the archive.", &[]),
            ("4. Get the importer working", &[]),
            ("Write it down for whatever store ends up live.", &[]),
            ("**Problem**: `parse` calls failing", &[]),
            ("Requests are logged to a file.", &[]),
            ("- **Admin**: Protected by a login", &[]),
            ("- **Input**: All fields validated via a schema", &[]),
            ("The binary is available as a container image.", &[]),
            ("Reports are written under the temporary folder.", &[]),
            ("| Folder | Contents |\n|---|---|\n| `srv` | how each server is started |", &[]),
            ("Come back when you have seen that the import works.", &[]),
            ("Tests fail if the schema changes.", &[]),
            ("The request is not finished until the answer is in.", &[]),
            ("The task says what is done, and anything not done.", &[]),
            ("**Issue:** the importer is broken.", &[]),
            ("| Symptom | Cause |\n|---|---|\n| no answer | the port is down |", &[]),
            ("- `STALE`: the index is outdated", &[]),
            ("- **90-100**: ✅ Safe", &[]),
            ("The cache is enabled when a key is set.", &[]),
            ("- Polling is enabled by default.", &[]),
            ("All mounts are validated against a list.", &[]),
            ("Walk each connected, enabled port.", &[]),
            ("### Active work", &[]),
            ("1. **Set up the database**", &[]),
            ("This is neither pass nor fail.", &[]),
        ]);
    }

    #[test]
    fn what_is_so_stays_a_claim() {
        assert_claims(&[
            ("All 12 tools tested with real data.", &["All 12 tools tested | universal 12 | eq | up | tools"]),
            ("- ✅ All events logged to the store", &["All events logged | universal | eq | up | events"]),
            (
                "## Status\n\nThe plugin is **fully prepared** for release.",
                &["plugin is **fully prepared | state | eq | up | plugin"],
            ),
            ("**Parser**: INTEGRATED into the build", &["INTEGRATED | state | eq | up | Parser"]),
            (
                "The importer is implemented and stable.",
                &["importer is implemented and stable | state | eq | up | importer"],
            ),
            ("The helpers are now available as a package.", &["helpers are now available | state | eq | up | helpers"]),
            ("### Search Problem: SOLVED", &["SOLVED | state | eq | up | Search Problem"]),
            ("The export is not yet tested by anybody.", &["export is not yet tested | state | eq | down | export"]),
        ]);
    }
}
