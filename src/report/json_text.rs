//! JSON as text: whole numbers without a fraction, and no character that a terminal would act on.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::measure::evidence::{is_invisible, is_simple};

/// Largest whole number of which every smaller one has a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes `value` as indented JSON and a line break.
///
/// # Errors
/// Whatever `out` returns.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    // A serializer writes a few bytes at a time: each would be a call through the trait object.
    let mut out = BufWriter::new(out);
    let mut serializer = Serializer::with_formatter(&mut out, Plain(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    writeln!(out)?;
    out.flush()
}

/// One string as JSON, on one line.
///
/// # Errors
/// None that a string can cause.
pub(super) fn string(text: &str) -> io::Result<String> {
    let mut out = Vec::new();
    text.serialize(&mut Serializer::with_formatter(&mut out, Plain(PrettyFormatter::new())))?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// [`PrettyFormatter`] with the two changes that the module speaks of.
struct Plain(PrettyFormatter<'static>);

impl Formatter for Plain {
    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, value: f64) -> io::Result<()> {
        if value.fract() == 0.0 && value.abs() < EXACT { write!(out, "{value:.0}") } else { write!(out, "{value}") }
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if is_simple(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        let mut kept = 0;
        for (at, c) in fragment.char_indices() {
            if c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') {
                out.write_all(&fragment.as_bytes()[kept..at])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
                kept = at + c.len_utf8();
            }
        }
        out.write_all(&fragment.as_bytes()[kept..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &impl Serialize) -> String {
        let mut out = Vec::new();
        write(value, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(text(&21.0_f64), "21\n");
        assert_eq!(text(&99.9_f64), "99.9\n");
        assert_eq!(text(&-0.5_f64), "-0.5\n");
        assert_eq!(text(&f64::NAN), "null\n");
    }

    #[test]
    fn what_a_terminal_would_act_on_is_escaped_and_reads_back() {
        let hostile = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2028}\u{e0041}\"\\\n✅";
        let written = text(&hostile);
        assert!(written.trim_end().chars().all(|c| !c.is_control() && !is_invisible(c)), "{written:?}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn the_layout_is_that_of_serde_json() {
        let value = serde_json::json!({"a": [1, {"b": []}], "c": {}, "d": null});
        assert_eq!(text(&value).trim_end(), serde_json::to_string_pretty(&value).unwrap());
    }
}
