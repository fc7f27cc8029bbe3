//! Numbers as people write them in digits: "12,345", "1.2k", "99.9".

use crate::quantity::Number;

/// More digits than this are an identifier, not a quantity.
const MOST_DIGITS: usize = 15;

/// The digits that a text begins with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numeral {
    /// What they say.
    pub value: Number,
    /// One past the last digit.
    pub digits_end: usize,
    /// One past the letter of its scale.
    pub end: usize,
    /// How many digits stand before the decimal point.
    pub digits: usize,
    /// It has too many digits or too many points for a quantity.
    pub identifies: bool,
}

/// The number that the token `text` says.
pub fn number(text: &str) -> Number {
    read(text.as_bytes(), 0).value
}

/// Reads the digits at `at` of `bytes`.
#[inline]
pub(super) fn read(bytes: &[u8], at: usize) -> Numeral {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let is = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let take = |byte: u8, value: &mut f64| *value = *value * 10.0 + f64::from(byte - b'0');
    let mut to = at;
    let mut value = 0.0;
    let mut digits = 0;
    let mut decimals: u8 = 0;
    let mut points = false;
    while digit(to) {
        take(bytes[to], &mut value);
        digits += 1;
        to += 1;
        // A group of thousands goes on with exactly three digits.
        let group = is(to, b',') && digit(to + 1) && digit(to + 2) && digit(to + 3) && !digit(to + 4);
        if group && digits <= MOST_DIGITS {
            to += 1;
        }
    }
    if is(to, b'.') && digit(to + 1) {
        to += 1;
        while digit(to) {
            if decimals < 9 {
                take(bytes[to], &mut value);
                decimals += 1;
            }
            to += 1;
        }
        value /= 10f64.powi(i32::from(decimals));
        points = is(to, b'.') && digit(to + 1);
    }
    let digits_end = to;
    let mut scale = 1.0;
    if let Some(letter @ (b'k' | b'K' | b'M')) = bytes.get(to)
        && !bytes.get(to + 1).is_some_and(|&next| next.is_ascii_alphanumeric() || next == b'/')
    {
        scale = if *letter == b'M' { 1e6 } else { 1e3 };
        to += 1;
    }
    let shown = if scale > 1.0 { 0 } else { decimals };
    let value = Number { value: value * scale, decimals: shown };
    Numeral { value, digits_end, end: to, digits, identifies: points || digits > MOST_DIGITS }
}
