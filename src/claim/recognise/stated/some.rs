//! States of some of a whole, without a number: "most of the 12 bells are working".

use std::ops::Range;

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::token::TokenKind;

/// Where some of a whole is spoken of.
pub struct Share {
    /// The word for how much of it.
    pub at: usize,
    /// Where the noun begins that it is of.
    pub noun: usize,
}

/// "Most of the 12 bells", "several bells", "a handful of bells": what it is of, where no more than some of it is meant.
pub fn of(line: &Line<'_>, noun: Range<usize>) -> Option<Share> {
    const BETWEEN: Classes = Classes::of(&[Class::Determiner, Class::OutOf, Class::NumberWord]);
    let between =
        |at: &usize| line.tokens[*at].entry.classes.any(BETWEEN) || line.tokens[*at].kind == TokenKind::Number;
    let of = |at: usize| line.is(at + 1, Class::OutOf);
    let some =
        |at: &usize| line.is(*at, Class::Share) && !line.says(*at, "rest") && (of(*at) || line.is_plural(noun.end - 1));
    let clause = line.clause_start(noun.start);
    let before = (clause..noun.start).rev().take_while(|at| between(at) || some(at)).find(some);
    let at = before.or_else(|| noun.clone().find(|at| !between(at)).filter(some))?;
    let noun = (at + 1..noun.end).find(|at| !between(at))?;
    Some(Share { at, noun })
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn some_of_a_whole_are_partly_so() {
        for some in [
            "Most bells",
            "Most of the bells",
            "Most of the 12 bells",
            "Some bells",
            "Some of the bells",
            "Several bells",
            "Half the bells",
            "Half of the bells",
            "Dozens of bells",
        ] {
            let claim = format!("{some} are working | state | eq | partial | bells");
            assert_claims(&[(&format!("{some} are working."), &[&claim])]);
        }
        assert_claims(&[
            ("A quarter of the bells are broken.", &["quarter of the bells are broken | state | eq | down | bells"]),
            (
                "Two thirds of the bells are ready.",
                &["Two thirds of the bells are ready | state | eq | partial | bells"],
            ),
        ]);
    }

    #[test]
    fn names_that_begin_like_a_share() {
        assert_claims(&[
            ("The REST API is working.", &["REST API is working | state | eq | up | REST API"]),
            ("Part 2 is complete.", &["Part 2 is complete | state | eq | up | Part 2"]),
            (
                "The rest of the bells are working.",
                &["rest of the bells are working | state | eq | up | rest of the bells"],
            ),
        ]);
    }
}
