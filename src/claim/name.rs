//! What kind of name some words are: one that says something of its own, a number, a state.

use std::ops::Range;

use crate::claim::lexicon::{Class, Classes};
use crate::claim::line::Line;
use crate::claim::token::{Token, TokenKind};

/// Words that a subject does not begin or end with.
pub const EDGE: Classes = Classes::of(&[
    Class::Link,
    Class::Copula,
    Class::Determiner,
    Class::Adverb,
    Class::Conjunction,
    Class::Quantifier,
    Class::Pronoun,
    Class::Negator,
    Class::Condition,
]);

/// Whether a name says nothing of its own ("Status", "Overall").
pub fn is_generic(line: &Line<'_>, range: Range<usize>) -> bool {
    let numbered = is_one_of_several(line, range.start) && range.len() > 1;
    // "19 passed, 2 failed": a count is no name for another.
    let counted = line.tokens[range.start].kind == TokenKind::Number && is_state(line, range.clone());
    !numbered
        && range.into_iter().all(|at| {
            let token = &line.tokens[at];
            !token.is_word() && token.kind != TokenKind::Code
                || counted
                || token.is(Class::Generic)
                || token.is(Class::StatusHeading)
                || token.entry.classes.any(EDGE)
        })
}

/// Whether the name that begins at `at` has a number: "Phase 5".
pub fn is_one_of_several(line: &Line<'_>, at: usize) -> bool {
    let next = line.get(at + 1).filter(|next| next.kind == TokenKind::Number);
    // "June 2026".
    line.is(at, Class::Ordinal) && next.is_some_and(|next| next.span().len() < 4)
}

/// Whether a name is a number, or one like "M01", "#55", "WP-6-2", that says nothing of what it is.
pub fn is_number(name: &str) -> bool {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = name[letters..].trim_start_matches(['-', '#']);
    let joined = digits.len() < name.len() - letters;
    match letters {
        0 => digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
        // "ARM64" names something.
        1..=2 => is_digits(digits),
        3 => joined && is_digits(digits),
        _ => false,
    }
}

/// "3", "6-2".
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether these tokens say a state and name nothing ("Completed", "Not started").
pub fn is_state(line: &Line<'_>, mut range: Range<usize>) -> bool {
    const BESIDE: Classes = Classes::of(&[Class::Adverb, Class::Negator, Class::OutOf]);
    let stated = range.clone().any(|at| line.tokens[at].is_state_word());
    let names = |token: &Token| match token.kind {
        TokenKind::Word => !token.is_state_word() && !token.entry.classes.any(BESIDE),
        TokenKind::Code | TokenKind::Opaque => true,
        _ => false,
    };
    stated && !range.any(|at| names(&line.tokens[at]))
}

#[cfg(test)]
mod tests {
    use crate::claim::name::is_number;
    use crate::claim::specimen::assert_claims;

    #[test]
    fn numbers_of_entries() {
        for name in ["M1", "P0", "CS1", "AD-5", "WP-6-2", "DRI-31", "#55", "1.7", "12"] {
            assert!(is_number(name), "{name}");
        }
        for name in ["ARM64", "GLM-5.2", "Phase 5", "bell", "2026-01-08", "S3 store", "M"] {
            assert!(!is_number(name), "{name}");
        }
    }

    #[test]
    fn a_number_goes_with_the_name_behind_it() {
        assert_claims(&[
            ("- ✅ **WP-6-2**: Rope store (steel)", &["✅ | state | eq | up | WP-6-2: Rope store"]),
            (
                "| Milestone | Target | Status |\n|---|---|---|\n| M1: Bells and ropes | Month 3 | **Complete** |",
                &["Complete | state | eq | up | M1: Bells and ropes"],
            ),
            (
                "| Fault | Status |\n|---|---|\n| #55 - Bell cracks in frost | ✅ FIXED |",
                &["✅ FIXED | state | eq | up | #55 - Bell cracks in frost"],
            ),
            (
                "| Stage | Status |\n|---|---|\n| **1** Rope walk | **COMPLETE** |",
                &["COMPLETE | state | eq | up | 1 Rope walk"],
            ),
            // Alone in its cell, it leaves the naming to the next one.
            (
                "| ID | Part | Status |\n|---|---|---|\n| WP-6-2 | Rope store | ✅ Complete |",
                &["✅ Complete | state | eq | up | Rope store"],
            ),
        ]);
    }

    #[test]
    fn a_state_is_no_name() {
        assert_claims(&[
            ("## Status\n\n1. ✅ **COMPLETED**: Bell frame", &["✅ | state | eq | up | Bell frame"]),
            ("**Missing:** 4 ropes", &["4 ropes | count 4 | eq | down | ropes"]),
            ("## Status\n\n### Frame [DONE]", &["DONE | state | eq | up | Frame"]),
            ("- **Failed**: 2", &["2 | count 2 | eq | down | Failed"]),
        ]);
    }

    #[test]
    fn sections_name_where_they_are_several() {
        assert_claims(&[
            (
                "## ✅ Task 2: Bell frame\n\n**Status**: COMPLETE",
                &["✅ | state | eq | up | Task 2: Bell frame", "COMPLETE | state | eq | up | Task 2: Bell frame"],
            ),
            ("## Notes\n\n**Status**: COMPLETE", &["COMPLETE | state | eq | up | "]),
            ("## June 2026\n\n**Status**: COMPLETE", &["COMPLETE | state | eq | up | "]),
        ]);
    }
}
