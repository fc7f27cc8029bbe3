//! JUnit XML, as runners of every language write it.

use std::io::Read;

use quick_xml::events::BytesStart;

use super::Said;
use super::cases::{FailingCase, MOST_NAMED, TestRun};
use super::xml::{self, Step, attribute, walk};

/// A case that is being read.
struct UnderWay {
    /// How deep it stands.
    depth: usize,
    end: End,
    /// What the element says that made `end` what it is.
    message: String,
}

/// How a case that is being read ends, as far as it is known. Later ones win.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum End {
    Passed,
    Skipped,
    Failed,
    Error,
}

/// Counts the test cases, names the first that failed, and finds the latest time at which a suite was run.
///
/// What the suites say of their totals is not read: runners do not agree on what is in them. Suites may stand in suites.
/// Children of a case count where they stand directly in it: `failure`, `error`, `skipped`. A flaky case has neither, and
/// passed. Googletest says `status="notrun"` in place of a child.
pub(super) fn read(from: impl Read, stop: impl Fn() -> bool) -> Result<Said<TestRun>, String> {
    let mut run = TestRun::default();
    let mut latest: Option<jiff::Timestamp> = None;
    let mut depth = 0_usize;
    let mut under_way: Option<UnderWay> = None;
    // Its tag, of which more is read where it failed.
    let mut tag = Tag::default();
    walk(from, stop, |step| {
        match step {
            Step::Open(name, start) => {
                depth += 1;
                if depth == 1 && !matches!(name, b"testsuites" | b"testsuite") {
                    let name = String::from_utf8_lossy(name);
                    return Err(format!("it is no JUnit report: its root is `{name}`, expected `testsuites`"));
                }
                match &mut under_way {
                    None if name == b"testcase" => {
                        let not_run = attribute(start, "status").is_some_and(|status| status == "notrun");
                        let end = if not_run { End::Skipped } else { End::Passed };
                        under_way = Some(UnderWay { depth, end, message: String::new() });
                        tag.keep(start);
                    }
                    None if matches!(name, b"testsuites" | b"testsuite") => {
                        latest = latest.max(attribute(start, "timestamp").and_then(|time| time.parse().ok()));
                    }
                    Some(case) if depth == case.depth + 1 => {
                        let said = match name {
                            b"error" => End::Error,
                            b"failure" => End::Failed,
                            b"skipped" => End::Skipped,
                            _ => End::Passed,
                        };
                        if said > case.end {
                            case.end = said;
                            if matches!(said, End::Failed | End::Error) && run.failing.len() < MOST_NAMED {
                                case.message = xml::text(start, "message").unwrap_or_default();
                            }
                        }
                    }
                    None | Some(_) => {}
                }
            }
            Step::Close(_) => {
                if let Some(case) = under_way.take_if(|case| case.depth == depth) {
                    match case.end {
                        End::Passed => run.cases.passed += 1,
                        End::Skipped => run.cases.skipped += 1,
                        End::Failed => run.cases.failed += 1,
                        End::Error => run.cases.errors += 1,
                    }
                    if matches!(case.end, End::Failed | End::Error) && run.failing.len() < MOST_NAMED {
                        run.failing.push(FailingCase { name: tag.name(), message: case.message });
                    }
                }
                depth -= 1;
            }
        }
        Ok(())
    })?;
    Ok((run, latest))
}

/// The tag of a case, kept while the case is read: few of many fail.
#[derive(Default)]
struct Tag {
    text: Vec<u8>,
    name_length: usize,
}

impl Tag {
    fn keep(&mut self, start: &BytesStart<'_>) {
        self.text.clear();
        self.text.extend_from_slice(start);
        self.name_length = start.name().as_ref().len();
    }

    fn name(&self) -> String {
        let start = BytesStart::from_content(String::from_utf8_lossy(&self.text), self.name_length);
        let name = xml::text(&start, "name").unwrap_or_default();
        match xml::text(&start, "classname").filter(|class| !class.is_empty() && !name.starts_with(class)) {
            Some(class) => format!("{class}: {name}"),
            None => name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::results::cases::Cases;

    fn said(text: &str) -> Result<Said<TestRun>, String> {
        read(text.as_bytes(), || false)
    }

    #[test]
    fn cases_are_counted_by_their_end_in_nested_suites() {
        let (TestRun { cases, failing }, time) = said(
            r#"<?xml version="1.0"?><!DOCTYPE testsuites [<!ENTITY a "b">]>
            <testsuites timestamp="2026-01-05T10:00:00.000+01:00" tests="99"><testsuite timestamp="2026-01-05T09:30:00Z">
              <testcase name="a"/><testcase name="b"><system-out><![CDATA[<failure/>]]>&a;</system-out></testcase>
              <testsuite timestamp="2026-01-05T10:00:00"><properties><property name="x"/></properties>
                <testcase name="c" classname="m.c"><failure message="1 &lt; &b; 2"/><skipped/></testcase>
                <testcase classname="d" name="d &gt; e"><error/><failure message="x"/></testcase>
                <testcase name="e"><skipped/></testcase>
                <testcase name="f"><flakyFailure><failure/></flakyFailure></testcase>
                <testcase name="g" status="notrun"/>
                <testcase name="h"><failure/><rerunFailure/></testcase>
              </testsuite></testsuite></testsuites>"#,
        )
        .unwrap();
        assert_eq!(cases, Cases { passed: 3, failed: 2, errors: 1, skipped: 2 });
        assert_eq!((cases.run(), cases.all()), (6, 8));
        let failing: Vec<_> = failing.iter().map(|case| (case.name.as_str(), case.message.as_str())).collect();
        assert_eq!(failing, [("m.c: c", "1 &lt; &b; 2"), ("d > e", ""), ("h", "")]);
        assert_eq!(time, Some("2026-01-05T09:30:00Z".parse().unwrap()), "a time without a zone is none");
    }

    #[test]
    fn what_is_damaged_or_something_else_is_no_report() {
        let whole =
            "<testsuites><testsuite><testcase name='a'/><testcase name='b'></testcase></testsuite></testsuites>";
        said(whole).unwrap();
        for cut in 1..whole.len() {
            let error = said(&whole[..cut]).unwrap_err();
            assert!(error.contains("cut short at byte"), "{cut}: {error}");
        }
        assert_eq!(said("").unwrap_err(), "there is no XML element in it");
        assert_eq!(said("<html/>").unwrap_err(), "it is no JUnit report: its root is `html`, expected `testsuites`");
        assert!(said("<testsuites><a></b></testsuites>").unwrap_err().starts_with("byte "));
        let deep = format!("<testsuites>{}", "<testsuite>".repeat(300));
        assert_eq!(said(&deep).unwrap_err(), "its elements stand more than 256 deep in each other");
    }

    #[test]
    fn a_bomb_of_entities_stays_what_it_is() {
        let mut bomb = String::from("<!DOCTYPE testsuites [<!ENTITY a0 \"lol\">");
        for n in 1..40 {
            bomb.push_str(&format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)));
        }
        bomb.push_str("]><testsuites><testcase name=\"&a39;\">&a39;</testcase></testsuites>");
        assert_eq!(said(&bomb).unwrap().0.cases.passed, 1);
    }

    #[test]
    fn no_piece_fills_the_memory() {
        let head = "<testsuites><testcase><system-out>";
        let endless = head.as_bytes().chain(std::io::repeat(b'x'));
        let error = read(endless, || false).unwrap_err();
        assert!(error.contains("one piece of it is longer than 64 MiB"), "{error}");
    }
}
