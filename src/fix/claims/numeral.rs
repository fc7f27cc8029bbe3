//! Numbers in the form that the document has them in: "12,345", "three", "99.9".

use crate::quantity::Number;

/// Number words, by value up to twenty; the tens behind them.
const WORDS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Numbers beyond this are no longer told apart exactly.
const MOST: f64 = 9e15;

/// `value` as a whole number in the form of `model`; `None` where it is none.
pub(super) fn whole(model: &str, value: f64) -> Option<String> {
    if value.fract() != 0.0 || !(0.0..MOST).contains(&value) {
        return None;
    }
    let digits = format!("{value:.0}");
    let first = model.chars().next()?;
    if first.is_alphabetic() {
        let word = WORDS.iter().enumerate().find(|(number, _)| *number as f64 == value).map(|(_, word)| *word);
        return Some(word.map_or(digits, |word| cased(model, word)));
    }
    // "1.2k" and "35 thousand" are written out: rounded they would not be what was measured.
    let grouped = model.contains([',', ' ']) || model.ends_with(['k', 'K', 'M']);
    Some(if grouped { in_thousands(&digits) } else { digits })
}

/// `value` in digits whatever the form, where [`whole`] gives a word.
pub(super) fn digits(value: f64) -> Option<String> {
    whole("0", value)
}

/// A share of `measured` percent at the precision of `claimed`, or a finer one where that would show a share that is
/// neither nothing nor all as 0 or 100.
pub(super) fn percent(claimed: Number, measured: f64, round: Round) -> Option<String> {
    if !(0.0..MOST).contains(&measured) {
        return None;
    }
    (claimed.decimals..=9).find_map(|decimals| {
        let scale = 10_f64.powi(i32::from(decimals));
        let scaled = measured * scale;
        // A hair below a whole is the whole: what is left of it is the error of the division.
        let near = scaled.round();
        let whole = (scaled - near).abs() <= 1e-9 * scaled.abs().max(1.0);
        let rounded = match round {
            Round::Nearest => near,
            Round::Down => scaled.floor(),
            Round::Up => scaled.ceil(),
        };
        let value = if whole { near } else { rounded } / scale;
        let hidden = (value == 0.0 || value == 100.0) && (measured - value).abs() > 1e-9;
        (!hidden).then(|| format!("{value:.0$}", usize::from(decimals)))
    })
}

/// To which side a share is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Round {
    /// To the nearest, as the judge does.
    Nearest,
    /// To what it is at least.
    Down,
    /// To what it is at most.
    Up,
}

/// `word` in the case of `model`.
pub(super) fn cased(model: &str, word: &str) -> String {
    let letters = || model.chars().filter(|c| c.is_alphabetic());
    if letters().count() > 1 && letters().all(char::is_uppercase) {
        return word.to_uppercase();
    }
    match (letters().next().is_some_and(char::is_uppercase), word.chars().next()) {
        (true, Some(first)) => first.to_uppercase().chain(word.chars().skip(1)).collect(),
        (false, _) | (_, None) => word.to_owned(),
    }
}

fn in_thousands(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_form() {
        for (model, value, expected) in [
            ("21", 0.0, Some("0")),
            ("12,345", 1234567.0, Some("1,234,567")),
            ("12,345", 12.0, Some("12")),
            ("1.2k", 1340.0, Some("1,340")),
            ("Three", 5.0, Some("Five")),
            ("THREE", 5.0, Some("FIVE")),
            ("three", 21.0, Some("21")),
            ("35 thousand", 34912.0, Some("34,912")),
            ("3", 2.5, None),
            ("3", -1.0, None),
        ] {
            assert_eq!(whole(model, value).as_deref(), expected, "{model} {value}");
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        let claimed = |decimals| Number { value: 100.0, decimals };
        for (decimals, measured, round, expected) in [
            (0, 0.0, Round::Nearest, "0"),
            (0, 100.0, Round::Nearest, "100"),
            (0, 99.9, Round::Nearest, "99.9"),
            (0, 99.97, Round::Nearest, "99.97"),
            (0, 0.02, Round::Nearest, "0.02"),
            (0, 61.9, Round::Nearest, "62"),
            (1, 98.25, Round::Nearest, "98.3"),
            (1, 12.0, Round::Nearest, "12.0"),
            (0, 87.5, Round::Down, "87"),
            (0, 87.5, Round::Up, "88"),
            (0, 100.0 * 29.0 / 100.0, Round::Down, "29"),
            (0, 0.5, Round::Down, "0.5"),
        ] {
            assert_eq!(percent(claimed(decimals), measured, round).as_deref(), Some(expected), "{decimals} {measured}");
        }
    }
}
