//! How old a timestamp is, and whether that is too old. The clock is asked once for a run, and handed in.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::bind::applies_to;
use crate::claim::stamp::Stamp;
use crate::config::policy::AgeRule;

/// What came of a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Not older than the limit.
    Fresh,
    /// Older than the limit, however its words are read.
    Stale {
        /// How old it is, at least.
        age: Duration,
    },
    /// It lies in the future, however its words are read: nobody has looked then.
    Future {
        /// How far ahead it lies, at least.
        ahead: Duration,
    },
}

/// The rule for a document, if there is one: the first of which a glob matches its path, or that has no globs.
pub fn rule<'a>(rules: &'a [AgeRule], document: &str) -> Option<&'a AgeRule> {
    rules.iter().find(|rule| applies_to(&rule.docs, document))
}

/// Judges a timestamp by the clock: `now` is when the run looked.
pub fn judge(stamp: &Stamp, limit: Duration, now: Timestamp) -> Age {
    let positive = |duration: SignedDuration| Duration::try_from(duration).unwrap_or_default();
    let age = positive(now.duration_since(stamp.moment.latest));
    if stamp.moment.earliest > now {
        Age::Future { ahead: positive(stamp.moment.earliest.duration_since(now)) }
    } else if age > limit {
        Age::Stale { age }
    } else {
        Age::Fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim;
    use crate::claim::lexicon::Lexicon;
    use crate::document::markdown;

    const DAY: Duration = Duration::from_secs(86_400);

    fn judged(source: &str, limit: Duration, now: &str) -> Age {
        let stamps = claim::read(source, &markdown::prose(source), &Lexicon::english()).stamps;
        let [stamp] = stamps.as_slice() else { panic!("{source}: {stamps:?}") };
        judge(stamp, limit, now.parse().unwrap())
    }

    #[test]
    fn a_moment_is_as_old_as_the_clock_says() {
        let source = "Last verified: 2025-08-18 05:25 UTC";
        assert_eq!(judged(source, DAY, "2025-08-18T05:25:00Z"), Age::Fresh);
        assert_eq!(judged(source, DAY, "2025-08-19T05:25:00Z"), Age::Fresh);
        let age = DAY + Duration::from_secs(1);
        assert_eq!(judged(source, DAY, "2025-08-19T05:25:01Z"), Age::Stale { age });
        assert_eq!(judged(source, DAY, "2025-08-18T05:24:00Z"), Age::Future { ahead: Duration::from_secs(60) });
    }

    #[test]
    fn what_is_told_roughly_is_read_in_favour_of_the_document() {
        let day = "Last verified: 2025-08-18";
        assert_eq!(judged(day, DAY, "2025-08-19T23:59:59Z"), Age::Fresh, "from the end of the day");
        assert!(matches!(judged(day, DAY, "2025-08-20T00:00:01Z"), Age::Stale { .. }));
        assert_eq!(judged(day, DAY, "2025-08-17T11:00:00Z"), Age::Fresh, "somewhere it is the 18th");
        assert!(matches!(judged(day, DAY, "2025-08-17T09:00:00Z"), Age::Future { .. }));
        let month = "Last updated: August 2025";
        assert_eq!(judged(month, DAY, "2025-09-01T23:00:00Z"), Age::Fresh);
        assert_eq!(judged(month, DAY, "2025-08-02T00:00:00Z"), Age::Fresh);
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rule_for = |docs: &[&str], days: u64| AgeRule {
            max_age: DAY * u32::try_from(days).unwrap(),
            docs: docs.iter().map(|glob| (*glob).to_owned()).collect(),
            span: crate::document::source::Span::new(0, 0),
        };
        let rules = [rule_for(&["docs/**"], 30), rule_for(&[], 7)];
        let days = |document| rule(&rules, document).map(|rule| rule.max_age.as_secs() / 86_400);
        assert_eq!((days("docs/a.md"), days("README.md")), (Some(30), Some(7)));
        assert!(rule(&rules[..1], "README.md").is_none());
    }
}
