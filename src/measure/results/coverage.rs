//! Coverage: how much of what there is was run.

use std::io::{BufRead, BufReader, Read};

use super::{Said, cobertura, coverage_py, lcov};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Those that were run.
    pub hit: u64,
    /// All that there are.
    pub found: u64,
}

impl Part {
    pub(super) fn add(&mut self, other: Part) {
        self.hit += other.hit;
        self.found += other.found;
    }
}

/// What a report says of lines, branches and functions. `None` is what it does not speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Lines, or statements where the tool counts those.
    pub lines: Option<Part>,
    /// Branches.
    pub branches: Option<Part>,
    /// Functions.
    pub functions: Option<Part>,
}

impl Coverage {
    pub(super) fn add(&mut self, other: Coverage) {
        let both = |one: &mut Option<Part>, other: Option<Part>| {
            if let Some(other) = other {
                one.get_or_insert_default().add(other);
            }
        };
        both(&mut self.lines, other.lines);
        both(&mut self.branches, other.branches);
        both(&mut self.functions, other.functions);
    }
}

/// Reads a report in whichever of the formats it begins like.
pub(super) fn read(from: impl Read, stop: impl Fn() -> bool) -> Result<Said<Coverage>, String> {
    let mut from = BufReader::new(from);
    let begin = from.fill_buf().map_err(|error| error.to_string())?;
    let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin).trim_ascii_start();
    match begin.first() {
        Some(b'<') => cobertura::read(from, stop),
        Some(b'{') => coverage_py::read(from),
        Some(_) if begin.starts_with(b"TN:") || begin.starts_with(b"SF:") => lcov::read(from, stop),
        Some(_) => Err("it is no coverage report; expected lcov, Cobertura XML, or the JSON of coverage.py".to_owned()),
        None => Err("it is empty; expected lcov, Cobertura XML, or the JSON of coverage.py".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Result<Coverage, String> {
        read(text.as_bytes(), || false).map(|(said, _)| said)
    }

    fn part(hit: u64, found: u64) -> Option<Part> {
        Some(Part { hit, found })
    }

    const LCOV: &str = "TN:\nSF:a.rs\nFN:1,f\nFNDA:2,f\nFNF:1\nFNH:1\nDA:1,2\nDA:2,0\nBRDA:1,0,0,1\nBRF:2\nBRH:1\nLF:2\nLH:1\n\
        end_of_record\nSF:b.rs\nDA:1,1\nDA:2,1\nDA:3,0\nend_of_record\n";

    #[test]
    fn lcov_is_summed_with_or_without_its_totals() {
        let expected = Coverage { lines: part(3, 5), branches: part(1, 2), functions: part(1, 1) };
        assert_eq!(said(LCOV), Ok(expected));
        assert_eq!(said(&LCOV.replace('\n', "\r\n")), Ok(expected));
        let cut = LCOV.len() - "end_of_record\n".len();
        assert_eq!(said(&LCOV[..cut]).unwrap_err(), "it is cut short: the record of `b.rs` on line 15 has no end");
        assert_eq!(said("SF:a\nLF:x\nend_of_record\n").unwrap_err(), "line 2: `LF:x`; expected a number");
        assert_eq!(said("TN:\n").unwrap_err(), "it has no record of a source file");
    }

    #[test]
    fn cobertura_says_totals_or_is_counted() {
        let totals = "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'http://cobertura.example/coverage-04.dtd'>\
            <coverage lines-covered='85' lines-valid='100' branches-covered='3' branches-valid='4' timestamp='1700000000000'>\
            <packages/></coverage>";
        let (said_totals, time) = read(totals.as_bytes(), || false).unwrap();
        assert_eq!(said_totals, Coverage { lines: part(85, 100), branches: part(3, 4), functions: None });
        assert_eq!(time, jiff::Timestamp::from_second(1_700_000_000).ok());
        let counted = "<coverage line-rate='0.5'><packages><package><classes><class><methods><method><lines>\
            <line number='1' hits='1'/></lines></method></methods><lines><line number='1' hits='1'/>\
            <line number='2' hits='0'/><line number='3' hits='7'/></lines></class></classes></package></packages></coverage>";
        assert_eq!(said(counted), Ok(Coverage { lines: part(2, 3), ..Coverage::default() }));
        assert!(said(&counted[..counted.len() / 2]).unwrap_err().contains("cut short"));
        assert!(said("<coverage/>").unwrap_err().contains("no line"));
        assert!(said("<report/>").unwrap_err().contains("its root is `report`, expected `coverage`"));
    }

    #[test]
    fn coverage_py_says_totals() {
        let json = r#"{"meta": {"format": 3}, "files": {"a.py": {"summary": {"covered_lines": 9}}},
            "totals": {"covered_lines": 40, "num_statements": 50, "covered_branches": 3, "num_branches": 4}}"#;
        assert_eq!(said(json), Ok(Coverage { lines: part(40, 50), branches: part(3, 4), functions: None }));
        assert!(said(&json[..90]).unwrap_err().contains("EOF while parsing"));
        assert!(said("{}").unwrap_err().contains("missing field `totals`"));
    }

    #[test]
    fn anything_else_is_none() {
        assert!(said("").unwrap_err().starts_with("it is empty"));
        assert!(said("hello").unwrap_err().starts_with("it is no coverage report"));
    }
}
