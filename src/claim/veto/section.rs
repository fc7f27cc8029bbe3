//! What headings and lead-ins make of what stands below them: plans, history, rules, praise, examples.

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::{Form, Section, announces};
use crate::claim::rule::{
    EXAMPLE_SECTION, FEATURE_SECTION, HISTORY_SECTION, LEGEND, PLAN_SECTION, RULE_SECTION, Verdict,
};

/// What the heading, or the lead-in, above the line makes of `claim`.
pub fn check(line: &Line<'_>, claim: &Candidate) -> Verdict {
    let symbol = claim.is_symbol(line);
    let titled = line.place.form == Form::Heading && claim.kind == Kind::State && !symbol;
    let from = line.sentence_start(claim.first);
    // "Stage 2: garden rules (in progress)" says how far the phase is.
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
        Section::Plan if symbol || line.lead_symbol.is_some() || line.is_ticked() || answers_status(line) => {
            return None;
        }
        Section::Plan if is_now(line, claim) || is_over(line) => return None,
        Section::Plan => &PLAN_SECTION,
        // "(100%)" behind a ratio says no more than the ratio does.
        Section::History if matches!(claim.kind, Kind::Percent { .. }) && line.depth(claim.first) > 0 => return None,
        // "Status: verified" below what was fixed says how it is now.
        Section::History if line.asks_status() => return None,
        // "### 4. Import ✅ COMPLETE" under what was improved says how far it is.
        Section::History if titled && ends_line(line, claim) => return None,
        Section::History if waits(line, claim) => return None,
        Section::History if claim.kind == Kind::State || claim.polarity == Polarity::None => &HISTORY_SECTION,
        // "### Round 3 ✅ 4/5 targets met" under "Success criteria".
        Section::Rule if line.place.form == Form::Heading && line.marked() && line.label.is_some() => return None,
        // Requirements whose boxes are all ticked are met.
        Section::Rule if line.place.ticked => return None,
        Section::Rule => &RULE_SECTION,
        // "Status: built" among them answers for the part that it stands with.
        Section::Feature if line.asks_status() => return None,
        // "### Stage 2 (complete)".
        Section::Feature if titled && ends_parentheses(line, claim) => return None,
        Section::Feature if matches!(claim.kind, Kind::State | Kind::Universal { .. }) && !predicated(line, claim) => {
            &FEATURE_SECTION
        }
        Section::Example if symbol => &EXAMPLE_SECTION,
        // "90% of orders" under "Success metrics" is to be, unless the line says that it is now.
        Section::Example if matches!(claim.kind, Kind::Percent { .. }) && !says_now(line) && !finished(line, claim) => {
            &EXAMPLE_SECTION
        }
        Section::Legend if claim.kind == Kind::State => &LEGEND,
        _ => return None,
    };
    Some((rule, line.place.section_cue))
}

/// "90% complete": whether the state is that of work, which nobody promises in part.
fn finished(line: &Line<'_>, claim: &Candidate) -> bool {
    claim.predicate.clone().is_some_and(|mut said| said.any(|at| line.is(at, Class::Finished)))
}

/// Whether anything in the line speaks of this moment.
fn says_now(line: &Line<'_>) -> bool {
    line.marked() || line.find(0..line.tokens.len(), Classes::of(&[Class::Now, Class::ColumnState])).is_some()
}

/// Whether an entry is marked as waiting, which nothing past does: "⏳ Paint the roof". A warning is of any time.
fn waits(line: &Line<'_>, claim: &Candidate) -> bool {
    let mark = line.lead_symbol.filter(|&mark| mark == claim.first && claim.polarity == Polarity::Partial);
    mark.is_some_and(|mark| !line.source[line.tokens[mark].span().range()].starts_with('⚠'))
}

/// Whether the heading of one thing ends with its state.
fn ends_line(line: &Line<'_>, claim: &Candidate) -> bool {
    claim.last + 1 == line.tokens.len()
        && claim.core(line) > line.opening()
        && line.lead_symbol.is_none_or(|mark| mark > line.opening())
        && claim.polarity == Polarity::Up
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
    claim.polarity == Polarity::Down && denied
        || copula && (now || predicated(line, claim) || opens_sentence(line, claim))
}

/// Whether nothing stands before the subject in its sentence that could wish for it or depend on it: "The bell is live",
/// but "Ensure the bell is live".
fn opens_sentence(line: &Line<'_>, claim: &Candidate) -> bool {
    let mut before = line.sentence_start(claim.first).max(line.body)..claim.first;
    before.all(|at| line.is(at, Class::Determiner) || !line.tokens[at].is_word())
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
