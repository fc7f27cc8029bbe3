//! Numbers as programs and files write them.

/// Reads `text` as one number and nothing else: "1234", "1,234", "1_000", "-2.5", "85%".
///
/// A comma, an apostrophe or a narrow blank separates groups of three digits and nothing else, so that "1,5" is no number
/// rather than fifteen; `_` may stand between any two digits. A percent sign is dropped. Words like `inf` and `NaN` are no
/// numbers, and neither is what has no finite value.
pub fn parse(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix('%').map_or(text, str::trim_end);
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let whole_end = rest.find(['.', 'e', 'E']).unwrap_or(rest.len());
    let (whole, fraction) = rest.split_at(whole_end);
    let whole = ungroup(whole)?;
    // ".5" is a number, "e5" and "." are none.
    if whole.is_empty() && (!fraction.starts_with('.') || fraction.len() == 1) {
        return None;
    }
    let value: f64 = format!("{sign}{whole}{fraction}").parse().ok()?;
    value.is_finite().then_some(value)
}

/// The digits of a whole number without what separates their groups.
fn ungroup(whole: &str) -> Option<String> {
    if let Some(separator) = whole.chars().find(|&c| is_group_separator(c)) {
        let mut groups = whole.split(separator);
        let first = groups.next()?;
        let well_formed = (1..=3).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_digit())
            && groups.all(|group| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit()));
        return well_formed.then(|| whole.replace(separator, ""));
    }
    let well_formed = !whole.starts_with('_') && !whole.ends_with('_') && !whole.contains("__");
    let digits = whole.replace('_', "");
    (well_formed && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn is_group_separator(c: char) -> bool {
    matches!(c, ',' | '\'' | '’' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_assume, proptest};

    use super::*;

    #[test]
    fn numbers_as_people_and_programs_write_them() {
        for (text, value) in [
            ("0", 0.0),
            ("1234", 1234.0),
            (" 1,234\n", 1234.0),
            ("12,345,678.5", 12_345_678.5),
            ("1'234", 1234.0),
            ("1\u{202f}234", 1234.0),
            ("1_000", 1000.0),
            ("85%", 85.0),
            ("85.5 %", 85.5),
            ("+3", 3.0),
            ("-2.5", -2.5),
            ("−2", -2.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("007", 7.0),
        ] {
            assert_eq!(parse(text), Some(value), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "",
            " ",
            "%",
            "-",
            ".",
            "_",
            "1,5",
            "1,23",
            "12,34,567",
            ",123",
            "1,,234",
            "1,234_5",
            "_1",
            "1_",
            "1__0",
            "1.2.3",
            "1.234,5",
            "0x10",
            "inf",
            "-inf",
            "NaN",
            "infinity",
            "1e999",
            "1 234",
            "12 tests",
            "v1",
            "١",
            "e5",
            "1e",
            "--1",
            "+-1",
            "1,2345",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_number_reads_back(value in any::<f64>()) {
            prop_assume!(value.is_finite());
            prop_assert_eq!(parse(&format!("{value}")), Some(value));
            prop_assert_eq!(parse(&format!("{value:e}")), Some(value));
        }

        #[test]
        fn any_text_gives_a_finite_number_or_none(text in any::<String>()) {
            prop_assert!(parse(&text).is_none_or(f64::is_finite));
        }
    }
}
