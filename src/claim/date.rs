//! Dates as people write them: "2025-08-18 05:25 UTC", "18 Aug 2025", "August 18th, 2025, 5:25 PM", "08/18/2025".
//!
//! A date without a zone is read as UTC. A date alone stands for its whole day and a month alone for the whole month,
//! and one whose day and month could be either ("12/11/2025") for both: whoever asks for the age of a document takes
//! the last instant, in its favour.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{Span, ToSpan};

use crate::claim::lexicon::{Class, Lexicon};
use crate::claim::stamp::Moment;

/// Clocks are at most so far ahead of UTC.
const FARTHEST: i8 = 14;

/// Longest name of a month that is looked up, in bytes.
const LONGEST_MONTH: usize = 16;

/// The date at the beginning of `text`, and the bytes that it takes.
pub fn read(text: &str, lexicon: &Lexicon) -> Option<(Moment, usize)> {
    let mut scan = Scan { text, at: 0 };
    let days = Days::read(&mut scan, lexicon)?;
    let time = days.exact().and_then(|day| Some((day, scan.optional(time)?)));
    let Some((day, time)) = time else {
        let first = DateTime::from_parts(days.first, Time::midnight());
        let last = DateTime::from_parts(days.last, Time::constant(23, 59, 59, 0));
        return Some((moment(first, last, scan.optional(zone))?, scan.at)).filter(|_| scan.ends());
    };
    let at = DateTime::from_parts(day, time);
    Some((moment(at, at, scan.optional(zone))?, scan.at)).filter(|_| scan.ends())
}

fn moment(first: DateTime, last: DateTime, zone: Option<Offset>) -> Option<Moment> {
    let ahead = Offset::constant(FARTHEST);
    Some(Moment {
        earliest: zone.unwrap_or(ahead).to_timestamp(first).ok()?,
        latest: zone.unwrap_or(Offset::UTC).to_timestamp(last).ok()?,
    })
}

/// The days that a date can mean.
struct Days {
    first: Date,
    last: Date,
}

impl Days {
    fn one(year: i16, month: i8, day: i8) -> Option<Days> {
        let day = Date::new(year, month, day).ok()?;
        Some(Days { first: day, last: day })
    }

    fn month(year: i16, month: i8) -> Option<Days> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Days { first, last: first.last_of_month() })
    }

    /// The day, where only one is meant.
    fn exact(&self) -> Option<Date> {
        (self.first == self.last).then_some(self.first)
    }

    fn read(scan: &mut Scan<'_>, lexicon: &Lexicon) -> Option<Days> {
        scan.optional(year_first)
            .or_else(|| scan.optional(day_first_in_digits))
            .or_else(|| scan.optional(|scan| day_first(scan, lexicon)))
            .or_else(|| scan.optional(|scan| month_first(scan, lexicon)))
    }
}

/// "2025-08-18", "2025/08/18", "2025.08.18", "2025-08".
fn year_first(scan: &mut Scan<'_>) -> Option<Days> {
    let year = scan.year()?;
    let mark = scan.one_of(b"-/.")?;
    let month = scan.number(2, 1)?;
    let day = scan.optional(|scan| {
        scan.byte(mark)?;
        scan.number(2, 1)
    });
    match day {
        Some(day) => Days::one(year, month, day),
        None if mark == b'-' && scan.rest().first() != Some(&b'-') => Days::month(year, month),
        None => None,
    }
}

/// "18.08.2025", and "08/18/2025" in either order.
fn day_first_in_digits(scan: &mut Scan<'_>) -> Option<Days> {
    let first = scan.number(2, 1)?;
    let mark = scan.one_of(b"./")?;
    let second = scan.number(2, 1)?;
    scan.byte(mark)?;
    let year = scan.year()?;
    let day_first = Days::one(year, second, first);
    let month_first = (mark == b'/').then(|| Days::one(year, first, second)).flatten();
    match (day_first, month_first) {
        (Some(one), Some(other)) => Some(Days { first: one.first.min(other.first), last: one.last.max(other.last) }),
        (one, other) => one.or(other),
    }
}

/// "18 Aug 2025", "18th of August 2025", "18. August 2025".
fn day_first(scan: &mut Scan<'_>, lexicon: &Lexicon) -> Option<Days> {
    let day = scan.day()?;
    scan.byte(b'.');
    scan.blank()?;
    scan.optional(|scan| {
        scan.word("of")?;
        scan.blank()
    });
    let month = scan.month(lexicon)?;
    scan.byte(b',');
    scan.blank()?;
    Days::one(scan.year()?, month, day)
}

/// "August 18th, 2025", "Aug 18 2025", "August 2025".
fn month_first(scan: &mut Scan<'_>, lexicon: &Lexicon) -> Option<Days> {
    let month = scan.month(lexicon)?;
    scan.byte(b',');
    scan.blank()?;
    let day = scan.optional(|scan| {
        let day = scan.day()?;
        scan.byte(b',');
        scan.blank()?;
        Some(day)
    });
    let year = scan.year()?;
    day.map_or_else(|| Days::month(year, month), |day| Days::one(year, month, day))
}

/// "T05:25:00", " 05:25", ", 5:25 PM", " at 17:25".
fn time(scan: &mut Scan<'_>) -> Option<Time> {
    if scan.byte(b'T').is_none() {
        scan.byte(b',');
        scan.blank()?;
        scan.optional(|scan| {
            scan.one_of(b"-@").or_else(|| scan.word("at").map(|()| b'@'))?;
            scan.blank()
        });
    }
    let hour = scan.number(2, 1)?;
    scan.byte(b':')?;
    let minute = scan.number(2, 2)?;
    let second = scan.optional(|scan| {
        scan.byte(b':')?;
        let second = scan.number(2, 2)?;
        scan.optional(|scan| {
            scan.one_of(b".,")?;
            scan.digits(9, 1).map(|_| ())
        });
        Some(second)
    });
    let half = scan.optional(|scan| {
        scan.blank();
        scan.word("am").map(|()| 0).or_else(|| scan.word("pm").map(|()| 12))
    });
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, second.unwrap_or(0), 0).ok()
}

/// "Z", " UTC", " (UTC)", "+02:00", " UTC+2", "-0800". Other names of zones mean different offsets in different places,
/// and are not read.
fn zone(scan: &mut Scan<'_>) -> Option<Offset> {
    scan.blank();
    let bracket = scan.byte(b'(').is_some();
    let named = ["utc", "gmt", "z"].into_iter().find_map(|name| scan.word(name));
    let offset = scan.optional(|scan| {
        let sign = if scan.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours: i64 = scan.hours(if named.is_some() { 1 } else { 2 })?.into();
        let minutes: i64 = match scan.byte(b':') {
            Some(_) => scan.number(2, 2)?.into(),
            None => scan.optional(|scan| scan.number(2, 2)).map_or(0, i64::from),
        };
        let span: Span = (sign * (hours * 60 + minutes)).minutes();
        Offset::UTC.checked_add(span).ok()
    });
    if bracket {
        scan.byte(b')')?;
    }
    offset.or(named.map(|()| Offset::UTC))
}

/// A place in a text.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    /// What `read` finds; where it finds nothing, nothing is taken.
    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.at;
        let found = read(self);
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn rest(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Whether no letter or digit goes on from here.
    fn ends(&self) -> bool {
        self.rest().first().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
    }

    fn byte(&mut self, byte: u8) -> Option<()> {
        (self.rest().first() == Some(&byte)).then(|| self.at += 1)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let byte = *self.rest().first().filter(|byte| bytes.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn blank(&mut self) -> Option<()> {
        let blanks = self.rest().iter().take_while(|byte| **byte == b' ').count();
        self.at += blanks;
        (blanks > 0).then_some(())
    }

    /// `word` in any case, with nothing of a word behind it but a sign or digits.
    fn word(&mut self, word: &str) -> Option<()> {
        let rest = self.rest();
        let found = rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()));
        let goes_on = rest.get(word.len()).is_some_and(u8::is_ascii_alphabetic);
        (found && !goes_on).then(|| self.at += word.len())
    }

    /// `fewest` to `most` digits with no digit behind them.
    fn digits(&mut self, most: usize, fewest: usize) -> Option<u32> {
        let count = self.rest().iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
        if count < fewest || count > most {
            return None;
        }
        let value = self.rest()[..count]
            .iter()
            .fold(0, |value: u32, byte| value.wrapping_mul(10).wrapping_add(u32::from(byte - b'0')));
        self.at += count;
        Some(value)
    }

    fn number(&mut self, most: usize, fewest: usize) -> Option<i8> {
        self.optional(|scan| i8::try_from(scan.digits(most, fewest)?).ok())
    }

    /// One or two digits, whatever follows: those of the minutes may.
    fn hours(&mut self, fewest: usize) -> Option<i8> {
        let count = self.rest().iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let hours = self.text[self.at..self.at + count].parse().ok().filter(|_| count >= fewest)?;
        self.at += count;
        Some(hours)
    }

    fn year(&mut self) -> Option<i16> {
        self.optional(|scan| i16::try_from(scan.digits(4, 4)?).ok())
    }

    /// "18", "18th".
    fn day(&mut self) -> Option<i8> {
        let day = self.number(2, 1)?;
        let _ = ["st", "nd", "rd", "th"].into_iter().find_map(|ending| self.word(ending));
        Some(day)
    }

    /// The name of a month, with the dot of an abbreviation.
    fn month(&mut self, lexicon: &Lexicon) -> Option<i8> {
        let letters = self.text[self.at..].chars().take_while(|letter| letter.is_alphabetic());
        let length: usize = letters.map(char::len_utf8).take(LONGEST_MONTH).sum();
        let name = self.text[self.at..self.at + length].to_lowercase();
        let entry = lexicon.word(&name).filter(|entry| entry.classes.has(Class::Month))?;
        self.at += length;
        self.byte(b'.');
        i8::try_from(entry.value).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a text: its first and last instant, and what is left.
    fn shown(text: &str) -> Option<String> {
        let (moment, length) = read(text, &Lexicon::english())?;
        Some(format!("{}..{} {:?}", moment.earliest, moment.latest, &text[length..]))
    }

    #[test]
    fn dates_as_people_write_them() {
        let day = "2025-08-17T10:00:00Z..2025-08-18T23:59:59Z";
        for text in [
            "2025-08-18",
            "2025/08/18",
            "2025.08.18",
            "18.08.2025",
            "18. August 2025",
            "18 Aug 2025",
            "18 aug. 2025",
            "18th August 2025",
            "18th of August, 2025",
            "August 18, 2025",
            "Aug 18 2025",
            "AUGUST 18TH, 2025",
            "8/18/2025",
            "18/8/2025",
        ] {
            assert_eq!(shown(text), Some(format!("{day} \"\"")), "{text}");
            assert_eq!(shown(&format!("{text}, by Ann")), Some(format!("{day} \", by Ann\"")), "{text}");
        }
        let month = "2025-07-31T10:00:00Z..2025-08-31T23:59:59Z \"\"";
        assert_eq!(shown("August 2025").as_deref(), Some(month));
        assert_eq!(shown("2025-08").as_deref(), Some(month));
        let either = "2025-11-11T10:00:00Z..2025-12-11T23:59:59Z \"\"";
        assert_eq!(shown("12/11/2025").as_deref(), Some(either), "nobody knows which is the month");
    }

    #[test]
    fn times_and_zones() {
        let at = "2025-08-18T05:25:00Z..2025-08-18T05:25:00Z";
        for text in [
            "2025-08-18 05:25 UTC",
            "2025-08-18T05:25Z",
            "2025-08-18T05:25:00.123Z",
            "2025-08-18T07:25:00+02:00",
            "2025-08-18, 5:25 AM (UTC)",
            "18 Aug 2025 at 05:25 GMT",
            "August 18, 2025 - 05:25:00 UTC",
            "2025-08-18 07:25 UTC+2",
            "2025-08-17T21:25:00-0800",
        ] {
            assert_eq!(shown(text), Some(format!("{at} \"\"")), "{text}");
        }
        let somewhere = "2025-08-17T15:25:00Z..2025-08-18T05:25:00Z";
        assert_eq!(shown("2025-08-18 05:25"), Some(format!("{somewhere} \"\"")), "without a zone it is UTC");
        assert_eq!(shown("2025-08-18 05:25 CEST"), Some(format!("{somewhere} \" CEST\"")), "whose CST?");
        assert_eq!(shown("2025-08-18 5:25 pm").as_deref(), Some("2025-08-18T03:25:00Z..2025-08-18T17:25:00Z \"\""));
        let day = "2025-08-17T10:00:00Z..2025-08-18T23:59:59Z";
        assert_eq!(shown("2025-08-18 (12 tests)"), Some(format!("{day} \" (12 tests)\"")));
        assert_eq!(shown("2025-08-18 UTC").as_deref(), Some("2025-08-18T00:00:00Z..2025-08-18T23:59:59Z \"\""));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "2025",
            "2025-13-01",
            "2025-02-30",
            "25-08-18",
            "2025.08",
            "1.2.3",
            "12/11",
            "31/31/2025",
            "2025-08-181",
            "18 tests 2025",
            "August",
            "March on 2025",
            "2025-08-18abc",
            "August 32, 2025",
            "2025-08-18_STATE",
            "é",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_fault(text in "[0-9]{0,5}[-/. ,:Ttaéhug18]{0,30}") {
            if let Some((moment, length)) = read(&text, &Lexicon::english()) {
                proptest::prop_assert!(text.is_char_boundary(length) && length > 0);
                proptest::prop_assert!(moment.earliest <= moment.latest);
            }
        }
    }
}
