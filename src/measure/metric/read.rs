//! Finding the number in the output of a program.

use super::number;
use super::pointed;
use crate::measure::evidence::plain;
use crate::measure::pattern;
use crate::measure::request::Reading;
use crate::measure::web::Secrets;
use crate::quantity::Quantity;

/// Longest text shown, in Unicode scalar values.
const SHOWN: usize = 60;

/// Reads the quantity in `text`.
///
/// | reading | what counts |
/// |---|---|
/// | whole | the whole text, blanks around it aside |
/// | regex | the last match, because programs print their summary last; `^` and `$` match at lines |
/// | json | what the pointers lead to: a number, a text that is one, or the length of a list or object |
/// | lines | lines, blank ones too; the last needs no line ending |
///
/// # Errors
/// What was found, and what was expected, in one line.
pub fn read(text: &str, reading: &Reading) -> Result<Quantity, String> {
    match reading {
        Reading::Whole => {
            let value = number::parse(text)
                .ok_or_else(|| format!("the output is `{}`; expected a number and nothing else", plain(text, SHOWN)))?;
            Ok(Quantity { value, total: None })
        }
        Reading::Regex(pattern) => last_match(text, pattern),
        Reading::Json { value, total } => {
            let document = serde_json::from_str(text.trim_start_matches('\u{feff}'))
                .map_err(|error| format!("the output is no JSON ({error}): `{}`", plain(text, SHOWN)))?;
            pointed::quantity(&document, value, total.as_deref(), &Secrets::default())
        }
        Reading::Lines => Ok(Quantity { value: text.lines().count() as f64, total: None }),
    }
}

fn last_match(text: &str, pattern: &str) -> Result<Quantity, String> {
    let compiled = pattern::compile_for_lines(pattern).map_err(|unmeasured| unmeasured.detail)?;
    let found = compiled.captures_iter(text.as_bytes()).last().ok_or_else(|| {
        let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        format!("the output has no match of `{pattern}`; its last line is `{}`", plain(last, SHOWN))
    })?;
    let number = |group: regex::bytes::Match<'_>| {
        let text = String::from_utf8_lossy(group.as_bytes());
        number::parse(&text).ok_or_else(|| format!("`{pattern}` found `{}`; expected a number", plain(&text, SHOWN)))
    };
    let value = found.name("value").or_else(|| found.get(1)).or_else(|| found.get(0)).ok_or_else(|| {
        format!("group `value` of `{pattern}` took no part in the match; expected it to find a number")
    })?;
    Ok(Quantity { value: number(value)?, total: found.name("total").map(number).transpose()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(text: &str, pattern: &str) -> Result<Quantity, String> {
        read(text, &Reading::Regex(pattern.to_owned()))
    }

    fn number(value: f64) -> Result<Quantity, String> {
        Ok(Quantity { value, total: None })
    }

    #[test]
    fn the_whole_text_is_a_number() {
        assert_eq!(read("  1,234\n", &Reading::Whole), number(1234.0));
        let error = read("12 tests\n", &Reading::Whole).unwrap_err();
        assert_eq!(error, "the output is `12 tests`; expected a number and nothing else");
    }

    #[test]
    fn the_last_match_counts() {
        let output = "running 3 tests\n3 passed\n\nrunning 309 tests\r\n307 passed; 2 failed\r\n";
        assert_eq!(regex(output, r"(\d+) passed"), number(307.0));
        assert_eq!(regex(output, r"^\d+"), number(307.0));
        assert_eq!(regex("coverage: 85.5% of lines", r"([\d.]+%)"), number(85.5));
        let summary = "Tests: 310 passed, 312 total";
        assert_eq!(
            regex(summary, r"(?<value>\d+) passed, (?<total>\d+) total"),
            Ok(Quantity { value: 310.0, total: Some(312.0) })
        );
        assert_eq!(regex("a 1 b 2", r"a (\d) b (?<value>\d)"), number(2.0));
    }

    #[test]
    fn what_is_not_found_is_no_number() {
        let error = regex("all good\n\n", r"(\d+) passed").unwrap_err();
        assert_eq!(error, r"the output has no match of `(\d+) passed`; its last line is `all good`");
        let error = regex("many passed", r"(\w+) passed").unwrap_err();
        assert_eq!(error, r"`(\w+) passed` found `many`; expected a number");
        assert!(regex("", "(").unwrap_err().contains("is no regular expression"));
    }

    #[test]
    fn json_and_lines() {
        let json = Reading::Json { value: "/tools".to_owned(), total: Some("/all".to_owned()) };
        assert_eq!(read("\u{feff}{\"tools\":[1,2],\"all\":3}\n", &json), Ok(Quantity { value: 2.0, total: Some(3.0) }));
        assert!(read("warning\n{}", &json).unwrap_err().starts_with("the output is no JSON (expected value at line 1"));
        assert_eq!(read("", &Reading::Lines), number(0.0));
        assert_eq!(read("a\n\nb", &Reading::Lines), number(3.0));
    }
}
