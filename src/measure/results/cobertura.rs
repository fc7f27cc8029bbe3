//! Cobertura XML, as many tools write it.

use std::io::Read;

use quick_xml::events::BytesStart;

use super::Said;
use super::coverage::{Coverage, Part};
use super::xml::{Step, attribute, walk};

/// From here on a time in seconds would be after the year 5000, so it is in milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// The totals that stand in the root; where they do not (old versions say rates alone), lines of classes are counted.
pub(super) fn read(from: impl Read, stop: impl Fn() -> bool) -> Result<Said<Coverage>, String> {
    let mut coverage = Coverage::default();
    let mut counted = Part::default();
    let mut time = None;
    let (mut depth, mut methods) = (0_usize, 0_usize);
    walk(from, stop, |step| {
        match step {
            Step::Open(name, start) => {
                depth += 1;
                if depth == 1 {
                    if name != b"coverage" {
                        let name = String::from_utf8_lossy(name);
                        return Err(format!("it is no Cobertura report: its root is `{name}`, expected `coverage`"));
                    }
                    coverage.lines = totals(start, "lines-covered", "lines-valid");
                    coverage.branches = totals(start, "branches-covered", "branches-valid");
                    time = attribute(start, "timestamp").and_then(|time| moment(&time));
                }
                methods += usize::from(name == b"methods");
                // Lines of methods stand among those of their class as well.
                if name == b"line" && methods == 0 {
                    counted.found += 1;
                    let hits = attribute(start, "hits").unwrap_or_default();
                    counted.hit += u64::from(hits.parse::<u64>().is_ok_and(|hits| hits > 0));
                }
            }
            Step::Close(name) => {
                depth -= 1;
                methods -= usize::from(name == b"methods");
            }
        }
        Ok(())
    })?;
    if coverage.lines.is_none() && counted.found == 0 {
        return Err("it says no totals, and there is no line in it to count".to_owned());
    }
    coverage.lines = coverage.lines.or(Some(counted));
    Ok((coverage, time))
}

fn totals(root: &BytesStart<'_>, hit: &str, found: &str) -> Option<Part> {
    let number = |name| attribute(root, name)?.parse().ok();
    Some(Part { hit: number(hit)?, found: number(found)? })
}

/// Seconds or milliseconds since 1970: tools do not agree.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    let number: i64 = text.parse().ok()?;
    if number >= MILLISECONDS {
        jiff::Timestamp::from_millisecond(number).ok()
    } else {
        jiff::Timestamp::from_second(number).ok()
    }
}
