//! A number with what changes its reading: "~60", "50+", "over 95%", "at least two".

use crate::claim::lexicon::Class;
use crate::claim::line::Line;
use crate::claim::model::Comparator;
use crate::claim::rule::{self, Rule};
use crate::claim::spelled;
use crate::claim::token::TokenKind;
use crate::document::source::Span;
use crate::quantity::Number;

/// A number in a line.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// What it says.
    pub value: Number,
    /// How it is to be read.
    pub comparator: Comparator,
    /// First token, with the words that change the reading.
    pub first: usize,
    /// One past the last token, with `+` and `%`.
    pub end: usize,
    /// The numeral.
    pub span: Span,
    /// Whether a percent sign follows.
    pub percent: bool,
}

/// The number at `at`, if one begins there.
pub fn at(line: &Line<'_>, at: usize) -> Option<Amount> {
    let (value, numeral) = spelled::at(line, at)?;
    let at = numeral.start;
    let span = Span::new(line.tokens[at].span().start, line.tokens[numeral.end - 1].span().end);
    let mut amount = Amount { value, comparator: Comparator::Eq, first: at, end: numeral.end, span, percent: false };
    let glued = |at: usize, character: u8| line.get(at).is_some_and(|token| token.is_punct(character) && !token.spaced);
    for _ in 0..2 {
        if glued(amount.end, b'+') {
            amount.comparator = Comparator::Ge;
            amount.end += 1;
        }
        if glued(amount.end, b'%') && !amount.percent {
            amount.percent = true;
            amount.end += 1;
        }
    }
    // "90 %" as other languages space it, but "7 % 3" is a remainder.
    let sign = line.get(amount.end).is_some_and(|token| token.is_punct(b'%') && token.spaced);
    let divides =
        || line.get(amount.end + 1).is_some_and(|next| matches!(next.kind, TokenKind::Number | TokenKind::Code));
    if line.is(amount.end, Class::Percent) || !amount.percent && sign && !divides() {
        amount.percent = true;
        amount.end += 1;
    }
    if at > 0 && line.same_clause(at - 1, at) {
        let before = &line.tokens[at - 1];
        let comparator = match before.kind {
            TokenKind::Punct(b'~') => Some(Comparator::Approx),
            TokenKind::Punct(b'<') => Some(Comparator::Lt),
            TokenKind::Punct(b'>') => Some(Comparator::Gt),
            TokenKind::Punct(b'G') => Some(Comparator::Ge),
            TokenKind::Punct(b'L') => Some(Comparator::Le),
            TokenKind::Punct(b'=') if at > 1 && line.tokens[at - 2].is_punct(b'>') => Some(Comparator::Ge),
            TokenKind::Punct(b'=') if at > 1 && line.tokens[at - 2].is_punct(b'<') => Some(Comparator::Le),
            TokenKind::Word if before.is(Class::Approx) => Some(Comparator::Approx),
            TokenKind::Word if before.is(Class::MoreThan) => Some(Comparator::Gt),
            TokenKind::Word if before.is(Class::AtLeast) => Some(Comparator::Ge),
            TokenKind::Word if before.is(Class::AtMost) => Some(Comparator::Le),
            TokenKind::Word if before.is(Class::LessThan) => Some(Comparator::Lt),
            _ => None,
        };
        if let Some(comparator) = comparator {
            amount.comparator = comparator;
            amount.first = at - 1 - usize::from(before.is_punct(b'='));
        }
    }
    Some(amount)
}

/// One past the parentheses at `at` that say a number once more: "19 of 21 (90%) healthy", "67% (14/21) of them".
pub fn past_restated(line: &Line<'_>, at: usize) -> usize {
    const LONGEST: usize = 5;
    let opens = |at: usize| line.get(at).is_some_and(|token| token.is_punct(b'('));
    let number = |at: usize| line.get(at).is_some_and(|token| token.kind == TokenKind::Number);
    if !opens(at) || !number(at + 1) {
        return at;
    }
    let numeric = |at: &usize| match line.tokens[*at].kind {
        TokenKind::Number | TokenKind::Punct(b'/' | b'%') => true,
        _ => line.is(*at, Class::OutOf),
    };
    let close = (at + 1..line.tokens.len().min(at + 2 + LONGEST)).find(|at| !numeric(at));
    close.filter(|&close| line.tokens[close].is_punct(b')')).map_or(at, |close| close + 1)
}

/// "Three or four", "between 3 and 5": the word that makes a range of a number and the one beside it.
fn between(line: &Line<'_>, amount: &Amount) -> Option<usize> {
    let number = |at: usize| {
        line.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Number) || token.is(Class::NumberWord))
    };
    // "between 85% and 95%".
    let low = |at: usize| if line.tokens[at].is_punct(b'%') { at.checked_sub(1) } else { Some(at) };
    let (before, after) = (amount.first.checked_sub(2).and_then(low).filter(|&at| number(at)), amount.end);
    let either = |at: usize| line.says(at, "or");
    let both = |at: usize, low: usize| line.says(at, "and") && low > 0 && line.says(low - 1, "between");
    let joins = before.map(|low| (amount.first - 1, low)).filter(|&(at, low)| either(at) || both(at, low));
    let goes_on = number(after + 1) && (either(after) || both(after, amount.first));
    joins.map(|(at, _)| at).or(goes_on.then_some(after))
}

/// Why a number is a name, a price or a range rather than a quantity, and the token that tells.
pub fn refusal(line: &Line<'_>, amount: &Amount) -> Option<(&'static Rule, usize)> {
    let first = amount.first;
    // A pictograph takes the white space behind it: whether one is glued to the number its bytes tell ("±5", "€20").
    if let Some(before) = first.checked_sub(1).map(|before| &line.tokens[before])
        && before.kind == TokenKind::Symbol
        && !before.is_state_symbol()
        && before.span().end == line.tokens[first].span().start
    {
        return Some((&rule::MONEY, first - 1));
    }
    // "© 2025 the authors".
    if let Some(before) =
        first.checked_sub(1).filter(|&at| line.source[line.tokens[at].span().range()].starts_with('©'))
    {
        return Some((&rule::NAME, before));
    }
    if !line.tokens[first].spaced && first > 0 {
        let before = &line.tokens[first - 1];
        match before.kind {
            TokenKind::Punct(b'$') => return Some((&rule::MONEY, first - 1)),
            TokenKind::Symbol if !before.is_state_symbol() => return Some((&rule::MONEY, first - 1)),
            TokenKind::Punct(b'-') => {
                let range = first > 1 && matches!(line.tokens[first - 2].kind, TokenKind::Number);
                return Some((if range { &rule::RANGE } else { &rule::NAME }, first - 1));
            }
            TokenKind::Punct(b'(' | b'[' | b'"' | b'*' | b'~' | b'|') => {}
            TokenKind::Punct(_) | TokenKind::Word | TokenKind::Code | TokenKind::Opaque => {
                return Some((&rule::NAME, first - 1));
            }
            _ => {}
        }
    }
    // "100 = 1%" tells what a number means.
    let equals = first.checked_sub(2).filter(|&at| line.tokens[at].kind == TokenKind::Number && !line.content.slash);
    if let Some(at) = equals.filter(|&at| amount.percent && line.tokens[at + 1].is_punct(b'=')) {
        return Some((&rule::NAME, at + 1));
    }
    if let Some(from) = former(line, amount) {
        return Some((&rule::FORMER, from));
    }
    let number = |at: usize| line.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Number));
    // "10 to 500 users", "85% – 95%", but "60% → 95%".
    if let Some(from) = first.checked_sub(2) {
        let dash = line.tokens[first - 1].is_punct(b'-') && !line.is_arrow(first - 1);
        let shares = amount.percent && line.tokens[from].is_punct(b'%') && (dash || line.is(first - 1, Class::To));
        if shares || number(from) && line.is(first - 1, Class::To) {
            return Some((&rule::RANGE, first - 1));
        }
    }
    if let Some(cue) = between(line, amount) {
        return Some((&rule::RANGE, cue));
    }
    let after = line.get(amount.end)?;
    let next = line.get(amount.end + 1);
    if line.is(amount.end, Class::To) && number(amount.end + 1) {
        return Some((&rule::RANGE, amount.end));
    }
    // "96% → 0.3 points" turns a share into something else, and still states it; "95% – 2 pages missing" tells more.
    let turned = amount.percent
        && (line.is_arrow(amount.end) || after.spaced)
        && line.get(amount.end + 2).is_none_or(|token| !token.is_punct(b'%'));
    match after.kind {
        TokenKind::Punct(b'-') if turned => None,
        TokenKind::Punct(b'-') if !after.spaced || next.is_some_and(|next| matches!(next.kind, TokenKind::Number)) => {
            Some((&rule::RANGE, amount.end))
        }
        TokenKind::Punct(b'~' | b'\xb0' | b'^' | b'=' | b'_' | b'$' | b'\\') if !after.spaced => {
            Some((&rule::NAME, amount.end))
        }
        TokenKind::Symbol if !after.spaced && !after.is_state_symbol() => Some((&rule::NAME, amount.end)),
        TokenKind::Opaque | TokenKind::Word | TokenKind::Number if !after.spaced => Some((&rule::NAME, amount.end)),
        TokenKind::Word if after.is(Class::Unit) && !amount.percent => Some((&rule::UNIT, amount.end)),
        _ => None,
    }
}

/// "from 25 to 21": the word that makes a number a step of a change.
fn former(line: &Line<'_>, amount: &Amount) -> Option<usize> {
    let before = amount.first.checked_sub(1)?;
    if line.is(before, Class::From) {
        return Some(before);
    }
    let from = before.checked_sub(2)?;
    ((line.is_arrow(before) || line.is(before, Class::To)) && line.is(from, Class::From)).then_some(from)
}

/// "404 errors": whether a number before "error" is a status code of HTTP that servers answer faults with.
pub fn is_status_code(line: &Line<'_>, amount: &Amount) -> bool {
    const CODES: &[f64] = &[400.0, 401.0, 403.0, 404.0, 405.0, 409.0, 422.0, 429.0, 500.0, 502.0, 503.0, 504.0];
    let error = line.says(amount.end, "error") || line.says(amount.end, "errors");
    error && CODES.contains(&amount.value.value)
}

/// The word before a number that makes it the name of a thing ("phase 3"), if there is one.
pub fn named_by(line: &Line<'_>, amount: &Amount) -> Option<usize> {
    let before = first_of_several(line, amount.first).checked_sub(1)?;
    let token = &line.tokens[before];
    // "Phase 3", "Model 7": a word in capitals that the lexicon does not know, right before the number.
    let beside = before >= line.body || amount.first < line.body;
    let unknown = token.capital && token.entry.is_unknown() && beside && amount.comparator == Comparator::Eq;
    // "in 2024", but "in 145 handlers".
    let year = (1900.0..2100.0).contains(&amount.value.value);
    let ordinal = token.is(Class::Ordinal) && (year || !token.is(Class::Link));
    let several = before + 1 < amount.first;
    (token.is_word() && (ordinal || unknown) && (line.same_clause(before, amount.first) || several)).then_some(before)
}

/// The first of the numbers that a plural names together: "stories 3, 4 and 5", "parts 2-5 and 9". Else `at`.
fn first_of_several(line: &Line<'_>, at: usize) -> usize {
    const MOST: usize = 16;
    let number = |at: usize| line.tokens[at].kind == TokenKind::Number;
    let joins = |at: usize| {
        let token = &line.tokens[at];
        matches!(token.kind, TokenKind::Punct(b',' | b'&' | b'-')) || token.is(Class::Conjunction)
    };
    let mut first = at;
    while first > 2 && at - first < MOST && joins(first - 1) && number(first - 2) {
        first -= 2;
    }
    let before = &line.tokens[first.max(1) - 1];
    let unknown = before.capital && before.entry.is_unknown();
    let named = first < at && (before.is(Class::Ordinal) && before.is_word() || unknown && line.is_plural(first - 1));
    if named { first } else { at }
}
