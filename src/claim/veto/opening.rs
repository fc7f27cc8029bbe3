//! How a sentence begins: behind its label, with a word of its own or with a name.

use crate::claim::candidate::Candidate;
use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::subject;
use crate::claim::token::{Token, TokenKind};

/// The first word or number at or behind `from`.
pub(super) fn first_word(line: &Line<'_>, from: usize) -> usize {
    // "12 Go files" begins with its number.
    let begins = |token: &Token| token.is_word() || token.kind == TokenKind::Number;
    (from..line.tokens.len().min(from + 12)).find(|&at| begins(&line.tokens[at])).unwrap_or(from)
}

/// The first word or number of the sentence that begins at `start`, behind the label that it may have.
pub(super) fn opening(line: &Line<'_>, start: usize) -> usize {
    // "Fixed 7 tests:" is a sentence that a list follows.
    let labelled = start < line.body && line.body < line.tokens.len();
    first_word(line, if labelled { line.body } else { start })
}

/// "Historical Data Import - done": whether the word of the past at `at` begins a name.
pub(super) fn in_a_name(line: &Line<'_>, at: usize) -> bool {
    let next = line.get(at + 1).is_some_and(|next| next.is_word() && next.capital);
    let past = line.is(at, Class::History) && !line.is(at, Class::Copula) && !line.is(at, Class::Adverb);
    past && next && line.tokens[at].capital && !line.capitals(at) && !line.is_manner(at)
}

/// "Bell room (never for hanging): DONE": whether `claim` is the whole answer to a label that names a piece of work, whose
/// words speak of the work and not of the answer.
pub(super) fn concluded(line: &Line<'_>, claim: &Candidate) -> bool {
    const SHORTEST: usize = 4;
    let work = line.label.as_ref().is_some_and(|label| line.colon && label.len() >= SHORTEST);
    let said = claim.predicate.as_ref().filter(|said| work && said.start == line.body);
    said.is_some_and(|said| line.is(said.end - 1, Class::Finished) && subject::ends_phrase(line, said.end))
}
