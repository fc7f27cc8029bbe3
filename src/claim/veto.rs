//! Candidates that are no claims: what their place, their sentence and their clause make of them, asked in one order.

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section};
use crate::claim::rule::{EXPLANATION, GOAL_COLUMN, LEGEND, MATRIX, TASK, Verdict};
use crate::claim::token::TokenKind;

mod clause;
mod mark;
mod opening;
mod section;
mod sentence;
mod telling;

/// The first rule that says `claim` is none.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    legend(line, claim)
        .or_else(|| section::check(line, claim))
        .or_else(|| column(line, claim))
        .or_else(|| task(line, claim))
        .or_else(|| if claim.is_symbol(line) { mark::check(line, claim) } else { words(line, claim) })
}

/// What is said in words is no claim for what stands around them.
fn words(line: &Line<'_>, claim: &Candidate) -> Verdict {
    sentence::check(line, claim).or_else(|| clause::check(line, claim)).or_else(|| telling::check(line, claim))
}

/// "Legend: ✅ done | ⏳ waiting" explains the symbols.
fn legend(line: &Line<'_>, claim: &Candidate) -> Verdict {
    line.place.legend.filter(|_| claim.kind == Kind::State).map(|word| (&LEGEND, Some(word)))
}

/// What the header of its column makes of a cell.
fn column(line: &Line<'_>, claim: &Candidate) -> Verdict {
    const STATED: Classes = Classes::of(&[Class::ColumnState, Class::State, Class::StatusHeading]);
    let matrix = claim.is_symbol(line) && line.place.form == Form::Cell && line.place.marks > 1;
    // "## Component status" compares nothing.
    let status = line.place.section == Section::Status && line.place.section_near;
    if matrix && !line.place.column.any(STATED) && !status {
        return Some((&MATRIX, line.place.column_span));
    }
    let situation = line.place.form == Form::FirstCell && line.place.column.has(Class::Explanation);
    if situation && !line.place.column.any(STATED) {
        return Some((&EXPLANATION, line.place.column_span));
    }
    let goal = line.place.column.has(Class::ColumnGoal) && !line.place.column.has(Class::ColumnState);
    (goal && line.place.form == Form::Cell).then_some((&GOAL_COLUMN, line.place.column_span))
}

/// A box that is open, or one of a list of things to do.
fn task(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let at = &line.tokens[line.task()?];
    // "[ ] Export (not yet added)" says so itself.
    let aside = line.depth(claim.core(line)) > 0;
    // "[ ] Export - not yet wired" as well.
    let told = line.label.is_some() && !line.colon && claim.first >= line.body;
    let not_yet = told && (claim.first..claim.last + 1).any(|at| line.says(at, "yet"));
    let wanting = claim.kind == Kind::State && claim.polarity != Polarity::Up;
    let open = at.kind == TokenKind::Task(false);
    // "[ ] No archive" in a list of what is missing.
    if open && wanting && line.place.faults && line.is(claim.first, Class::Nothing) {
        return None;
    }
    let open = open && !(wanting && (aside || not_yet));
    // A list of boxes tells what is to be done, unless all of them are ticked. A number in it is that of the task.
    let done = line.place.ticked && matches!(claim.kind, Kind::State | Kind::Universal { .. });
    let to_do = line.place.section != Section::Status && !done;
    (open || to_do).then_some((&TASK, Some(at.span())))
}

#[cfg(test)]
mod tests {
    use crate::claim::rule::*;

    /// For each rule a document that it vetoes, and where its cue stands.
    #[test]
    fn each_rule_vetoes_and_shows_its_cue() {
        let table: &[(&Rule, &str, &str)] = &[
            (&MONEY, "It costs $20.", "$"),
            (&RANGE, "It has 5-10 tools.", "-"),
            (&NAME, "See Phase 3 now.", "Phase"),
            (&UNIT, "It takes 30 seconds.", "seconds"),
            (&DATE, "Seen on 12/11/2025.", "/"),
            (&NO_SHARE, "It made 30/20 runs.", "/"),
            (&FRACTION, "Add 1/2 cup.", "/"),
            (&COMPARISON, "It is 40% faster.", "faster"),
            (&RESOURCE, "Memory use is 80%.", "Memory"),
            (&NOT_ALL, "Not all services are running.", "Not"),
            (&NOTHING_COUNTED, "It says 12 now.", "12"),
            (&IN_WORDS, "There are two ways.", "two"),
            (&NO_PREDICATE, "The working directory is here.", "directory"),
            (&LEGEND, "✅ = done", "="),
            (&LEGEND, "## Status legend\n\n- ✅ Working", "legend"),
            (&LEGEND, "**Legend:** 🟢 running | 🔴 down", "Legend"),
            (&PLAN_SECTION, "## Roadmap\n\n- See that the parser is working", "Roadmap"),
            (&HISTORY_SECTION, "## Changelog\n\n- Parser is working", "Changelog"),
            (&RULE_SECTION, "## Guidelines\n\n- 100% coverage", "Guidelines"),
            (&FEATURE_SECTION, "## Features\n\n- ✅ Fast search", "Features"),
            (&EXAMPLE_SECTION, "## Example\n\n- ✅ Fast search", "Example"),
            (&GOAL_COLUMN, "| a | Target | Now |\n|---|---|---|\n| x | 90% | 80% |", "Target"),
            (&MATRIX, "| a | Linux | Mac |\n|---|---|---|\n| x | ✅ | ❌ |", "Linux"),
            (&TASK, "- [ ] The parser is working", "[ ]"),
            (&QUESTION, "Are all services running?", "?"),
            (&QUOTATION, "He wrote \"all services are operational\" there.", "\""),
            (&ADVICE, "- ❌ Don't commit", "Don't"),
            (&RULE, "You must have 100% coverage.", "must"),
            (&GOAL, "Coverage target: 80%", "target"),
            (&PLAN, "It will have 50 tools.", "will"),
            (&CONDITION, "If 3/5 nodes are up, go on.", "If"),
            (&HISTORY, "There were 12 failing tests.", "were"),
            (&EXAMPLE, "Write e.g. 21/21 operational.", "e.g"),
            (&POSSIBILITY, "It can be 100% functional.", "can"),
            (&GOAL, "| Zone | Size |\n|---|---|\n| calm | <40k (20%) |", "<"),
            (&CAPACITY, "It has up to 50 tools.", "up to"),
            (&CAPACITY, "- **Gateway**: handles 300 sockets", "handles"),
            (&IN_WORDS, "- Zero server bills for all", "Zero"),
            (&INSTRUCTION, "- Check the 12 containers", "Check"),
            (&FORMER, "- Before: 3/5 nodes up", "Before"),
            (&DATED, "- **2024-05-01**: parser is complete", "2024-05-01"),
            (&FLOW, "- Order: pending → active → closed", "→"),
            (&CHANGE, "- Added 12 tests", "Added"),
            (&CHANGE, "- **Memory**: Fixed all known memory leaks.", "Fixed"),
            (&GOAL, "- Coverage: 80% (target)", "target"),
            (&CHANGE, "- Seeded 5 accounts", "Seeded"),
            (&CHANGE, "- Added 12 tests in these parts:", "Added"),
            (&RULE, "3. Coverage: 64% (above the 60% requirement)", "requirement"),
            (&RULE_SECTION, "### You may not (before spring):\n\n- ❌ Sell copies", "may"),
            (&RESOURCE, "- **Commission rate**: 10%", "Commission"),
            (&GOAL_COLUMN, "| Step | Expected result |\n|---|---|\n| start | queue is running |", "Expected result"),
            (&CHANGE, "- ✅ Ping: 83 ms → 10 ms", "→"),
            (&ADVICE, "- ⚠️ Set the address first", "Set"),
            (&PROCESS, "All requests are validated by a schema.", "by"),
            (&SUBORDINATE, "Come back after the import is complete.", "after"),
            (&PROVISO, "The tests fail if the names differ.", "if"),
            (&PERSON, "## Status\n\n- It shows anything not done", "anything"),
            (&EXPLANATION, "**Issue**: the parser is broken", "Issue"),
            (&CATEGORY, "### High priority 🔴", "priority"),
            (&CONSTANT, "- `BEHIND`: the copy is outdated", "`BEHIND`"),
            (&IN_LABEL, "**Last verified**: yesterday", ":"),
            (&RELATIVE, "Last checked: 3 days ago", "ago"),
            (&UNTIED, "We checked what came out on 2025-08-18.", ""),
        ];
        let mut wrong = Vec::new();
        for (rule, source, cue) in table {
            let want = format!(" | {} | {cue}", rule.name);
            let rejected = crate::claim::specimen::rejected(source);
            if !rejected.iter().any(|rejected| rejected.ends_with(&want)) {
                wrong.push((rule.name, source, rejected, crate::claim::specimen::claims(source)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
