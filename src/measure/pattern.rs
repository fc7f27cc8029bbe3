//! Regular expressions over what a probe read, which need not be UTF-8.

use regex::bytes::{Regex, RegexBuilder};

use super::measurement::{Unmeasured, UnmeasuredCause};

/// Compiles `pattern`; `^` and `$` match at the ends of the whole text.
///
/// # Errors
/// Where it is no regular expression, or one that takes too much room.
pub fn compile(pattern: &str) -> Result<Regex, Unmeasured> {
    built(pattern, false)
}

/// Compiles `pattern`; `^` and `$` match at the ends of each line (and `\r` belongs to the line ending).
///
/// # Errors
/// Where it is no regular expression, or one that takes too much room.
pub fn compile_for_lines(pattern: &str) -> Result<Regex, Unmeasured> {
    built(pattern, true)
}

fn built(pattern: &str, lines: bool) -> Result<Regex, Unmeasured> {
    RegexBuilder::new(pattern).multi_line(lines).crlf(lines).build().map_err(|error| {
        let error = error.to_string();
        let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
        Unmeasured {
            cause: UnmeasuredCause::Unreadable,
            detail: format!("`{pattern}` is no regular expression: {why}"),
            source: "trueup.toml".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_pattern_and_fits_on_a_line() {
        let error = compile("a(").unwrap_err();
        assert_eq!(error.detail, "`a(` is no regular expression: unclosed group");
    }

    #[test]
    fn lines_end_before_a_carriage_return() {
        assert!(compile_for_lines("^b$").unwrap().is_match(b"a\r\nb\r\n"));
        assert!(!compile("^b$").unwrap().is_match(b"a\nb\n"));
    }
}
