//! Numbers of several words: "one hundred seventeen", "35 thousand", "2.5 million".

use std::ops::Range;

use crate::claim::lexicon::{Class, factor, is_tens, is_unit};
use crate::claim::line::Line;
use crate::claim::numeral;
use crate::claim::token::TokenKind;
use crate::quantity::Number;

/// The number that begins at `at`, and its tokens. Nothing stands within another: "hundred" in "two hundred", "one" in
/// "one hundred".
pub fn at(line: &Line<'_>, at: usize) -> Option<(Number, Range<usize>)> {
    if at > 0 && goes_on(line, at - 1, at) || at > 1 && joined_by_and(line, at - 1) {
        return None;
    }
    // "a hundred bells", but "several hundred bells" are no number.
    let alone = line.is(at, Class::Scale);
    let first = if alone { at.checked_sub(1).filter(|&at| line.says(at, "a"))? } else { at };
    let mut sum = if alone { scaled(line, at, Number::whole(1)) } else { digits_or_word(line, at)? };
    let mut end = at + 1;
    let mut thousands = 0.0;
    loop {
        let next = end + usize::from(joined_by_and(line, end));
        if !goes_on(line, end - 1, next) && next == end {
            break;
        }
        if line.is(next, Class::Scale) {
            sum = scaled(line, next, sum);
            if factor(line.tokens[next].entry.value) > HUNDRED {
                (thousands, sum.value) = (thousands + sum.value, 0.0);
            }
        } else {
            sum.value += f64::from(line.tokens[next].entry.value);
        }
        end = next + 1;
    }
    sum.value += thousands;
    Some((sum, first..end))
}

/// The largest scale that numbers below it are added to before the next one.
const HUNDRED: f64 = 100.0;

fn digits_or_word(line: &Line<'_>, at: usize) -> Option<Number> {
    let token = line.get(at)?;
    match token.kind {
        TokenKind::Number => Some(numeral::number(&line.source[token.span().range()])),
        TokenKind::Word if token.is(Class::NumberWord) => Some(Number::whole(token.entry.value.into())),
        _ => None,
    }
}

fn scaled(line: &Line<'_>, at: usize, number: Number) -> Number {
    Number { value: number.value.max(1.0) * factor(line.tokens[at].entry.value), decimals: 0 }
}

/// Whether the word at `next` belongs to the number that stands at `at`, right before it.
fn goes_on(line: &Line<'_>, at: usize, next: usize) -> bool {
    let (Some(before), Some(token)) = (line.get(at), line.get(next)) else { return false };
    if !token.is(Class::NumberWord) || !token.spaced {
        return false;
    }
    if token.is(Class::Scale) {
        return before.kind == TokenKind::Number || before.is(Class::NumberWord);
    }
    before.is(Class::Scale) || before.is(Class::NumberWord) && is_tens(before.entry.value) && is_unit(token.entry.value)
}

/// "one hundred and five": whether an "and" at `at` stands within a number.
fn joined_by_and(line: &Line<'_>, at: usize) -> bool {
    let scale = at.checked_sub(1).is_some_and(|at| line.is(at, Class::Scale));
    let small = line.get(at + 1).is_some_and(|next| next.is(Class::NumberWord) && !next.is(Class::Scale));
    scale && small && line.says(at, "and")
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::{assert_claims, claims};

    #[test]
    fn words_make_one_number() {
        assert_claims(&[
            ("117 bells are running.", &["117 bells are running | count 117 | eq | up | bells"]),
            (
                "One hundred seventeen bells are running.",
                &["One hundred seventeen bells are running | count 117 | eq | up | bells"],
            ),
            (
                "One hundred and five bells are running.",
                &["One hundred and five bells are running | count 105 | eq | up | bells"],
            ),
            ("Twenty-one bells are running.", &["Twenty-one bells are running | count 21 | eq | up | bells"]),
            ("Ninety nine bells are running.", &["Ninety nine bells are running | count 99 | eq | up | bells"]),
            ("A hundred bells are running.", &["A hundred bells are running | count 100 | eq | up | bells"]),
            (
                "About a thousand bells are running.",
                &["About a thousand bells are running | count 1000 | approx | up | bells"],
            ),
            (
                "Three thousand five hundred bells are running.",
                &["Three thousand five hundred bells are running | count 3500 | eq | up | bells"],
            ),
            ("35 thousand bells are running.", &["35 thousand bells are running | count 35000 | eq | up | bells"]),
            ("Two dozen bells are running.", &["Two dozen bells are running | count 24 | eq | up | bells"]),
            ("Half a dozen bells are running.", &["Half a dozen bells are running | count 6 | eq | up | bells"]),
            ("2.5 million bells are running.", &["2.5 million bells are running | count 2500000 | eq | up | bells"]),
            (
                "Twenty-one of thirty-five bells are running.",
                &["Twenty-one of thirty-five bells are running | ratio 21/35 | eq | up | bells"],
            ),
        ]);
    }

    #[test]
    fn several_hundred_is_no_number() {
        for text in [
            "Several hundred bells are running.",
            "A few thousand bells are running.",
            "Some hundred bells are running.",
        ] {
            assert!(claims(text).iter().all(|claim| !claim.contains("count")), "{text}: {:?}", claims(text));
        }
    }

    #[test]
    fn numbers_beside_each_other_stay_apart() {
        assert_claims(&[(
            "The tower has 4 bells, two lamps are running.",
            &["4 bells | count 4 | eq | none | bells", "two lamps are running | count 2 | eq | up | lamps"],
        )]);
    }
}
