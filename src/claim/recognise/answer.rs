//! "Production ready: no", "Broken: yes": what a label or a column asks, and a word answers.

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::place::Form;
use crate::claim::predicate;
use crate::claim::subject;

/// Finds the answer that a line is.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    let at = line.body;
    let (yes, no) = (line.says(at, "yes"), line.says(at, "no"));
    if !(yes || no) || found.has(at) || line.marked() || !subject::ends_phrase(line, at + 1) {
        return;
    }
    let asked = if line.place.form == Form::Cell { line.place.column_state } else { asked(line) };
    let polarity = match (asked, yes) {
        (Polarity::None, _) | (Polarity::Partial, false) => return,
        (asked, true) => asked,
        (Polarity::Up, false) => Polarity::Down,
        (Polarity::Down, false) => Polarity::Up,
    };
    let mut candidate = Candidate::new(Kind::State, at, at);
    candidate.polarity = polarity;
    candidate.predicate = Some(at..at + 1);
    found.add(line, candidate);
}

/// The state that the label of a line asks for.
fn asked(line: &Line<'_>) -> Polarity {
    let label = line.label.clone().filter(|_| line.colon).unwrap_or(0..0);
    // "Exposed" is how a thing is made as well.
    let state = label.rev().find(|&at| line.tokens[at].is_state_word() && !line.is(at, Class::Weak));
    state.map_or(Polarity::None, |state| predicate::around(line, state).polarity)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn yes_and_no() {
        assert_claims(&[
            ("- Bells tuned and working: yes", &["yes | state | eq | up | Bells tuned and working"]),
            ("- Working: no", &["no | state | eq | down | "]),
            ("- Production ready: No (two faults)", &["No | state | eq | down | Production ready"]),
            ("- Broken: yes", &["yes | state | eq | down | Broken"]),
            ("- Broken: no", &["no | state | eq | up | Broken"]),
            ("- Not deployed: yes", &["yes | state | eq | down | "]),
            (
                "| Bell | Working? | Broken |\n|---|---|---|\n| north | no | no |\n| small | yes | yes |",
                &[
                    "no | state | eq | down | north",
                    "no | state | eq | up | north",
                    "yes | state | eq | up | small",
                    "yes | state | eq | down | small",
                ],
            ),
        ]);
    }

    #[test]
    fn answers_to_other_questions() {
        assert_claims(&[
            ("- Needs a ladder: no", &[]),
            ("- Default: yes", &[]),
            ("- Exposed: no", &[]),
            ("| Bell | Optional |\n|---|---|\n| great | no |", &[]),
            ("- Working: no ropes are there", &[]),
        ]);
    }
}
