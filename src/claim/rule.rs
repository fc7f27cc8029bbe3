//! Why a number or a state word is no claim: every rule with its name, in one list.

use crate::document::source::Span;

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
}
