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
    // "It has not been run": had it been, it would still be so.
    let been = (not..at).any(|between| line.says(between, "been"));
    if !(yet || listed || answers || been) {
        return None;
    }
    let has = |verb: usize| been && (line.says(verb, "has") || line.says(verb, "have"));
    let helps = |verb: usize| line.is(verb, Class::Copula) || has(verb);
    let verb = not.checked_sub(1).filter(|&verb| verb >= clause && helps(verb)).unwrap_or(not);
    // "The load (20 bells) has not been run".
    let aside = subject::before_aside(line, verb);
    let subject = subject::noun_before(line, aside).filter(|noun| aside < verb || line.same_clause(noun.start, at));
    // What stands alone begins its clause.
    if subject.is_none() && line.tokens[clause..not].iter().any(Token::is_word) {
        return None;
    }
    let first = subject.as_ref().filter(|_| aside == verb).map_or(verb, |noun| noun.start);
    let mut candidate = Candidate::new(Kind::State, first, last);
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
            ("The letters have not been sung.", &["letters have not been sung | state | eq | down | letters"]),
            (
                "A row of letters (20 in all) has never been sung.",
                &["has never been sung | state | eq | down | row of letters"],
            ),
            ("The letters have not changed.", &[]),
            ("Letters that have not been sung.", &[]),
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
