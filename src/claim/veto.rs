//! What is no claim: every rule with its name, in one list.

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section, announces};
use crate::claim::recognise::Candidate;
use crate::claim::token::{Token, TokenKind};
use crate::document::source::Span;

mod clause;
mod mark;
mod telling;

/// Why a number or a state word is no claim.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// A stable name.
    pub name: &'static str,
    /// One line for people.
    pub description: &'static str,
}

macro_rules! rules {
    ($($ident:ident = $name:literal, $description:literal;)+) => {
        $(#[doc = $description] pub static $ident: Rule = Rule { name: $name, description: $description };)+

        /// Every rule, in the order in which they are asked.
        pub static RULES: &[&Rule] = &[$(&$ident,)+];
    };
}

rules! {
    MONEY = "money", "a price or an amount of money";
    RANGE = "range", "a range between two numbers states neither";
    NAME = "name", "the number is part of a name, a version or an address";
    UNIT = "unit", "a size, a duration or a speed, which is measured rather than counted";
    DATE = "date", "a date or a path of numbers";
    NO_SHARE = "no-share", "the part is larger than the whole";
    SCORE = "score", "a score rather than a share of things";
    FRACTION = "fraction", "two numbers and a slash, with nothing said of them";
    COMPARISON = "comparison", "a share that compares instead of stating";
    RESOURCE = "resource", "the use of a resource";
    NOT_ALL = "not-all", "\"not all\" says how many neither are nor are not";
    NOTHING_COUNTED = "nothing-counted", "no noun in the plural says what the number counts";
    IN_WORDS = "in-words", "two or three in letters, of things without a state";
    NO_PREDICATE = "no-predicate", "the state word is not said of anything: it is part of a name or of a description";
    NO_STATE = "no-state", "nothing is said about the state of the things";
    MATRIX = "matrix", "a mark in a table that compares";
    IN_LABEL = "in-label", "the state word belongs to a label";
    LEGEND = "legend", "a legend that explains a symbol";
    PLAN_SECTION = "plan-section", "the heading announces plans";
    HISTORY_SECTION = "history-section", "the heading announces what is past";
    RULE_SECTION = "rule-section", "the heading announces rules, requirements or instructions";
    FEATURE_SECTION = "feature-section", "a symbol under a heading that praises is a bullet";
    EXAMPLE_SECTION = "example-section", "the heading announces an example";
    GOAL_COLUMN = "goal-column", "the column holds goals, limits or former values";
    TASK = "task", "a box in a list of things to do";
    QUESTION = "question", "a question asserts nothing";
    QUOTATION = "quotation", "it stands between quotation marks";
    ADVICE = "advice", "a symbol before an instruction is advice";
    RULE = "rule", "the sentence states a rule";
    GOAL = "goal", "the sentence names a goal or a threshold";
    PLAN = "plan", "the sentence speaks of the future";
    CONDITION = "condition", "the sentence states a condition";
    HISTORY = "history", "the sentence speaks of the past, or of what others said";
    EXAMPLE = "example", "the sentence gives an example";
    POSSIBILITY = "possibility", "the sentence says what can be, not what is";
    CAPACITY = "capacity", "a limit or a setting";
    INSTRUCTION = "instruction", "the sentence tells somebody to do something";
    FORMER = "former", "the label speaks of a former or a wanted state";
    DATED = "dated", "the label is a date: it tells what happened then";
    FLOW = "flow", "a step in a chain of states";
    CHANGE = "change", "an entry of a change log";
    PROCESS = "process", "it tells how something is done, not that it is so";
    SUBORDINATE = "subordinate", "a clause of time or an indirect question asserts nothing";
    PROVISO = "proviso", "it is so only under a condition";
    PERSON = "person", "it speaks of the reader or the writer";
    EXPLANATION = "explanation", "the label or column explains a problem, a cause or a purpose";
    CATEGORY = "category", "the heading names a group or an urgency";
    UNTIED = "untied", "a date that no word ties to a look at the state of things";
    RELATIVE = "relative", "a time that is told from now, when nobody knows when it was written";
    CONSTANT = "constant", "the label is a constant, and the text tells what it means";
}

/// A rule, and where its cue stands.
pub type Verdict = Option<(&'static Rule, Option<Span>)>;

/// The first rule that says `claim` is none.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    legend(line, claim)
        .or_else(|| section(line, claim))
        .or_else(|| column(line, claim))
        .or_else(|| task(line, claim))
        .or_else(|| sentence(line, claim))
        .or_else(|| clause::check(line, claim))
        .or_else(|| telling::check(line, claim))
}

/// "Legend: ✅ done | ⏳ waiting" explains the symbols.
fn legend(line: &Line<'_>, claim: &Candidate) -> Verdict {
    line.place.legend.filter(|_| claim.kind == Kind::State).map(|word| (&LEGEND, Some(word)))
}

/// Whether a state is said by a symbol alone.
fn is_symbol(line: &Line<'_>, claim: &Candidate) -> bool {
    let marks = |range: &std::ops::Range<usize>| range.clone().all(|at| !line.tokens[at].is_word());
    claim.kind == Kind::State && claim.predicate.as_ref().is_some_and(marks)
}

fn section(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let symbol = is_symbol(line, claim);
    let titled = line.place.form == Form::Heading && claim.kind == Kind::State && !symbol;
    let from = line.sentence_start(claim.first);
    // "Phase 2: security rules (in progress)" says how far the phase is.
    let part = line.depth(claim.first) > 0 && line.label.is_some();
    // "## Gates - COMPLETED" says it of them.
    let answered = line.label.is_some() && line.body <= claim.first;
    let own = (titled && !part && !answered)
        .then(|| line.find(from..claim.first, Classes::of(&[Class::RuleHeading])))
        .flatten();
    let own = own.filter(|&at| announces(line.tokens, at));
    if let Some(at) = own {
        return Some((&RULE_SECTION, Some(line.tokens[at].span())));
    }
    // A column that tells the state does so wherever its table stands.
    if line.place.form == Form::Cell && line.place.column.has(Class::ColumnState) {
        return None;
    }
    let rule = match line.place.section {
        // What is marked as done, or as waiting, in a list of plans is so.
        Section::Plan if symbol || line.lead_symbol.is_some() || ticked(line) || answers_status(line) => return None,
        Section::Plan if is_now(line, claim) || is_over(line) => return None,
        Section::Plan => &PLAN_SECTION,
        // "(100%)" behind a ratio says no more than the ratio does.
        Section::History if matches!(claim.kind, Kind::Percent { .. }) && line.depth(claim.first) > 0 => return None,
        // "Status: verified" below what was fixed says how it is now.
        Section::History if line.asks_status() => return None,
        Section::History if claim.kind == Kind::State || claim.polarity == Polarity::None => &HISTORY_SECTION,
        // "### Round 3 ✅ 4/5 targets met" under "Success criteria".
        Section::Rule if line.place.form == Form::Heading && line.marked() && line.label.is_some() => return None,
        // Requirements whose boxes are all ticked are met.
        Section::Rule if line.place.ticked => return None,
        Section::Rule => &RULE_SECTION,
        // "### Stage 2 (complete)".
        Section::Feature if titled && ends_parentheses(line, claim) => return None,
        Section::Feature if matches!(claim.kind, Kind::State | Kind::Universal { .. }) && !predicated(line, claim) => {
            &FEATURE_SECTION
        }
        Section::Example if symbol => &EXAMPLE_SECTION,
        _ => return None,
    };
    Some((rule, line.place.section_cue))
}

/// Whether the label says that its part of the plan is over: "**Phase 3 complete:** 12 tools".
fn is_over(line: &Line<'_>) -> bool {
    let last = line.label.as_ref().filter(|_| line.colon).map(|label| label.end - 1);
    last.is_some_and(|last| line.is(last, Class::Finished) && line.tokens[last].strong)
}

/// Whether it is said of this moment, whatever is planned beside it.
fn is_now(line: &Line<'_>, claim: &Candidate) -> bool {
    // "No blockers remain".
    if matches!(claim.kind, Kind::Universal { value: None }) && line.is(claim.first, Class::Nothing) {
        return true;
    }
    let Some(said) = claim.predicate.clone() else { return false };
    // A share that is reached tells how far the plan has come, and so does the heading of a phase.
    let share = matches!(claim.kind, Kind::Percent { .. } | Kind::Ratio { .. });
    let phase = line.place.form == Form::Heading && claim.kind == Kind::State && said.start > line.body;
    // "**Stage C: COMPLETE, manual LIVE**" among the next steps.
    let shouted =
        claim.polarity == Polarity::Up && said.clone().any(|at| line.is(at, Class::State) && line.capitals(at));
    if share || shouted || phase && (claim.polarity != Polarity::Down || line.capitals(said.start)) {
        return true;
    }
    // "Report export (in progress)".
    if ends_parentheses(line, claim) && line.place.form != Form::Heading {
        return true;
    }
    // "Spec not yet written", "the system is up".
    let denied = line.find(said.clone(), Classes::of(&[Class::Negator, Class::Nothing])).is_some();
    let with_verb = said.start.saturating_sub(1)..said.end;
    let copula = behind_copula(line, said.start) || line.find(said.clone(), Classes::of(&[Class::Copula])).is_some();
    let now = line.find(with_verb, Classes::of(&[Class::Now])).is_some();
    claim.polarity == Polarity::Down && denied || copula && (now || predicated(line, claim))
}

/// Whether it is a state that parentheses end with.
fn ends_parentheses(line: &Line<'_>, claim: &Candidate) -> bool {
    let closed = |said: &std::ops::Range<usize>| line.get(said.end).is_some_and(|next| next.is_punct(b')'));
    claim.kind == Kind::State && claim.predicate.as_ref().is_some_and(|said| closed(said) && line.depth(said.start) > 0)
}

/// Whether a full sentence says the state, rather than a headline.
fn predicated(line: &Line<'_>, claim: &Candidate) -> bool {
    let Some(range) = &claim.predicate else { return false };
    behind_copula(line, range.start) && !line.is(range.end - 1, Class::Weak) && line.place.form == Form::Paragraph
}

/// Whether a form of "to be" stands before `at`, emphasis left out.
fn behind_copula(line: &Line<'_>, at: usize) -> bool {
    line.tokens[..at].iter().rfind(|token| !token.is_punct(b'*')).is_some_and(|token| token.is(Class::Copula))
}

/// Whether the line is an answer to "Status:".
fn answers_status(line: &Line<'_>) -> bool {
    line.colon && line.label.clone().is_some_and(|mut label| label.any(|at| line.is(at, Class::ColumnState)))
}

fn ticked(line: &Line<'_>) -> bool {
    line.task().is_some_and(|at| line.tokens[at].kind == TokenKind::Task(true))
}

fn column(line: &Line<'_>, claim: &Candidate) -> Verdict {
    const STATED: Classes = Classes::of(&[Class::ColumnState, Class::State, Class::StatusHeading]);
    let matrix = is_symbol(line, claim) && line.place.form == Form::Cell && line.place.marks > 1;
    if matrix && !line.place.column.any(STATED) {
        return Some((&MATRIX, line.place.column_span));
    }
    let situation = line.place.form == Form::FirstCell && line.place.column.has(Class::Explanation);
    if situation && !line.place.column.any(STATED) {
        return Some((&EXPLANATION, line.place.column_span));
    }
    let goal = line.place.column.has(Class::ColumnGoal) && !line.place.column.has(Class::ColumnState);
    (goal && line.place.form == Form::Cell).then_some((&GOAL_COLUMN, line.place.column_span))
}

fn task(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let at = &line.tokens[line.task()?];
    // "[ ] Export (not yet added)" says so itself.
    let aside = line.depth(claim.core(line)) > 0;
    // "[ ] Export - not yet wired" as well.
    let told = line.label.is_some() && !line.colon && claim.first >= line.body;
    let not_yet = told && (claim.first..claim.last + 1).any(|at| line.says(at, "yet"));
    let said = claim.kind == Kind::State && claim.polarity != Polarity::Up && (aside || not_yet);
    let open = at.kind == TokenKind::Task(false) && !said;
    // A list of boxes tells what is to be done, unless all of them are ticked. A number in it is that of the task.
    let done = line.place.ticked && matches!(claim.kind, Kind::State | Kind::Universal { .. });
    let to_do = line.place.section != Section::Status && !done;
    (open || to_do).then_some((&TASK, Some(at.span())))
}

fn sentence(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let start = line.sentence_start(claim.first);
    let end = line.sentence_end(claim.last);
    let span = |at: usize| Some(line.tokens[at].span());
    if line.tokens[end - 1].is_punct(b'?') && !is_symbol(line, claim) {
        return Some((&QUESTION, span(end - 1)));
    }
    let words = claim.first..claim.last + 1;
    let find = |class: Class| {
        line.find(start..claim.first, Classes::of(&[class]))
            .or_else(|| line.find(words.clone(), Classes::of(&[class])).filter(|&at| !line.tokens[at].is_state_word()))
    };
    if is_symbol(line, claim) {
        return mark::check(line, claim);
    }
    // "A: Yes, it does." answers a question.
    let answer = line.colon
        && line.label.as_ref().is_some_and(|label| label.len() == 1 && line.tokens[label.start].span().len() == 1);
    if answer && claim.core(line) == line.body {
        return Some((&QUESTION, span(line.body - 1)));
    }
    if let Some(quote) = quotation(line, start, claim) {
        return Some((&QUOTATION, span(quote)));
    }
    for (class, rule) in [(Class::Rule, &RULE), (Class::Condition, &CONDITION), (Class::Example, &EXAMPLE)] {
        // "⚠️ REQUIRES a rack (0/5 passing)": what is required is the state.
        let states = |at: usize| at == line.body && line.is(at, Class::Need) && line.label.is_some();
        if let Some(at) = find(class).filter(|&at| !states(at)) {
            return Some((rule, span(at)));
        }
    }
    // An instruction begins with its verb, and what is past with a word that says so.
    let opening = opening(line, start);
    let titled = line.place.form == Form::Heading;
    if !titled && opening < claim.first && line.is(opening, Class::History) && line.tokens[opening].capital {
        return Some((&HISTORY, span(opening)));
    }
    let verb = opening < claim.core(line) && line.is(opening, Class::Imperative) && line.tokens[opening].capital;
    // "See the inventory (20+ items)".
    let aside = matches!(claim.kind, Kind::Count { .. }) && line.depth(claim.first) > 0;
    // "Feature 2: Set defaults - COMPLETE".
    let dashed = line.place.form == Form::Heading && line.tokens[line.clause_start(claim.core(line))].is_punct(b'-');
    if verb
        && !aside
        && !dashed
        && line.get(opening + 1).is_some_and(|next| !next.is(Class::Copula) && !next.is_state_word())
    {
        return Some((&INSTRUCTION, span(opening)));
    }
    // "What we have (day 1 complete)": in parentheses nobody asks, though "(verified)" alone belongs to the question.
    let inside = || {
        let core = claim.core(line);
        line.depth(core) > line.depth(opening) && !line.tokens[core - 1].is_punct(b'(')
    };
    if line.is(opening, Class::Question) && line.tokens[opening].capital && opening < claim.core(line) && !inside() {
        return Some((&QUESTION, span(opening)));
    }
    None
}

fn after_marks(line: &Line<'_>, from: usize) -> usize {
    // "12 Go files" begins with its number.
    let begins = |token: &Token| token.is_word() || token.kind == TokenKind::Number;
    (from..line.tokens.len().min(from + 12)).find(|&at| begins(&line.tokens[at])).unwrap_or(from)
}

/// The first word or number of the sentence that begins at `start`, behind the label that it may have.
fn opening(line: &Line<'_>, start: usize) -> usize {
    // "Fixed 7 tests:" is a sentence that a list follows.
    let labelled = start < line.body && line.body < line.tokens.len();
    after_marks(line, if labelled { line.body } else { start })
}

fn quotation(line: &Line<'_>, start: usize, claim: &Candidate) -> Option<usize> {
    open_quotation(line, start, claim.core(line))
}

/// The quotation mark that opens before `core` and is closed behind it.
pub(super) fn open_quotation(line: &Line<'_>, start: usize, core: usize) -> Option<usize> {
    if !line.content.quoted {
        return None;
    }
    let quotes = (start..core).filter(|&at| line.tokens[at].is_punct(b'"'));
    let (count, last) = quotes.fold((0, None), |(count, _), at| (count + 1, Some(at)));
    let closed = (core..line.sentence_end(core)).any(|at| line.tokens[at].is_punct(b'"'));
    last.filter(|_| count % 2 == 1 && closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RULES.len());
    }

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
            (&LEGEND, "**Legend:** 🟢 running | 🔴 down", "Legend"),
            (&PLAN_SECTION, "## Roadmap\n\n- Parser is working", "Roadmap"),
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
