//! "Letters are not yet franked", "Letters not franked" among the faults: what has not been done, whatever it is.

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::{Kind, Polarity};
use crate::claim::subject;
use crate::claim::token::Token;

/// Finds the participles of a line that are denied.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in 0..line.tokens.len() {
        if line.is(at, Class::Denied)
            && !found.has(at)
            && let Some(candidate) = read(line, at)
        {
            found.add(line, candidate);
        }
    }
}

fn read(line: &Line<'_>, at: usize) -> Option<Candidate> {
    let clause = line.clause_start(at);
    let not = (clause..at).rfind(|&before| line.is(before, Class::Negator))?;
    let last = if line.says(at + 1, "yet") { at + 1 } else { at };
    let yet = last > at || (not..at).any(|between| line.says(between, "yet"));
    let listed = line.place.faults;
    // "Status: not prioritised".
    let answers = line.asks_status() && not == line.body;
    if !(yet || listed || answers) {
        return None;
    }
    let verb = not.checked_sub(1).filter(|&verb| verb >= clause && line.is(verb, Class::Copula)).unwrap_or(not);
    let subject = subject::noun_before(line, verb).filter(|noun| line.same_clause(noun.start, at));
    // What stands alone begins its clause.
    if subject.is_none() && line.tokens[clause..not].iter().any(Token::is_word) {
        return None;
    }
    let mut candidate = Candidate::new(Kind::State, subject.as_ref().map_or(verb, |noun| noun.start), last);
    candidate.polarity = Polarity::Down;
    candidate.predicate = Some(verb..last + 1);
    candidate.noun = subject;
    Some(candidate)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn what_has_not_been_done_is_not_so() {
        assert_claims(&[
            ("Letters are not yet franked.", &["Letters are not yet franked | state | eq | down | Letters"]),
            ("- **Letters:** stamps (bought, not franked yet)", &["not franked yet | state | eq | down | Letters"]),
            (
                "## Known gaps\n\n- Letters not franked on Sundays",
                &["Letters not franked | state | eq | down | Letters"],
            ),
            ("**Status**: Not franked", &["Not franked | state | eq | down | "]),
            // Elsewhere it tells how something is made, or asks for nothing.
            ("Letters are not franked here.", &[]),
            (
                "## Known gaps\n\n- No franked letters in the drawer",
                &["No franked letters | state | eq | down | franked letters"],
            ),
            ("## Known gaps\n\n- Stamps that do not exceed a penny", &[]),
        ]);
    }
}
