//! lcov's tracefile (`lcov.info`).

use std::io::{BufRead, Read};

use super::Said;
use super::coverage::{Coverage, Part};

/// Longest line, in bytes.
const LINE: u64 = 1 << 20;

/// Lines between two looks whether to stop.
const BREATH: usize = 65_536;

/// One source file.
#[derive(Default)]
struct Record {
    name: String,
    begun: usize,
    counted: Part,
    lines: [Option<u64>; 2],
    branches: [Option<u64>; 2],
    functions: [Option<u64>; 2],
}

/// Sums the records. Lines are counted where a record does not say its totals; cases of the same file in several records
/// are counted in each, as lcov's own summary does.
pub(super) fn read(mut from: impl BufRead, stop: impl Fn() -> bool) -> Result<Said<Coverage>, String> {
    let mut whole = Coverage::default();
    let mut record: Option<Record> = None;
    let mut any = false;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if number % BREATH == 0 && stop() {
            return Err("there was no time to read it to its end".to_owned());
        }
        let length = (&mut from).take(LINE).read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if length == 0 {
            break;
        }
        if length as u64 == LINE {
            return Err(format!("line {number} is longer than any tool writes"));
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim_end();
        let (key, value) = text.split_once(':').unwrap_or((text, ""));
        let whole_number = || value.parse::<u64>().map_err(|_| format!("line {number}: `{text}`; expected a number"));
        match (key, &mut record) {
            ("SF", None) => {
                record = Some(Record { name: value.to_owned(), begun: number, ..Record::default() });
                any = true;
            }
            ("SF", Some(open)) => return Err(unended(open)),
            ("end_of_record", Some(ended)) => {
                whole.add(ended.finish());
                record = None;
            }
            ("DA", Some(open)) => {
                open.counted.found += 1;
                let hits = value.split(',').nth(1).unwrap_or_default();
                open.counted.hit += u64::from(!hits.trim_start_matches('0').is_empty() && !hits.starts_with('-'));
            }
            ("LH", Some(open)) => open.lines[0] = Some(whole_number()?),
            ("LF", Some(open)) => open.lines[1] = Some(whole_number()?),
            ("BRH", Some(open)) => open.branches[0] = Some(whole_number()?),
            ("BRF", Some(open)) => open.branches[1] = Some(whole_number()?),
            ("FNH", Some(open)) => open.functions[0] = Some(whole_number()?),
            ("FNF", Some(open)) => open.functions[1] = Some(whole_number()?),
            // Names of tests, functions, single branches, and what other versions write.
            (_, _) => {}
        }
    }
    match &record {
        Some(open) => Err(unended(open)),
        None if !any => Err("it has no record of a source file".to_owned()),
        None => Ok((whole, None)),
    }
}

fn unended(record: &Record) -> String {
    format!("it is cut short: the record of `{}` on line {} has no end", record.name, record.begun)
}

impl Record {
    fn finish(&self) -> Coverage {
        let part = |[hit, found]: [Option<u64>; 2]| Some(Part { hit: hit?, found: found? });
        Coverage {
            lines: part(self.lines).or(Some(self.counted)),
            branches: part(self.branches),
            functions: part(self.functions),
        }
    }
}
