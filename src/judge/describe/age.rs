//! Timestamps that are too old, or not yet: in words.

use std::sync::Arc;
use std::time::Duration;

use crate::claim::stamp::Stamp;
use crate::code::Code;
use crate::config::policy::AgeRule;
use crate::document::source::SourceFile;
use crate::judge::age::Age;
use crate::measure::evidence::plain;
use crate::report::diagnostic::{Diagnostic, Severity};

/// Longest words of a look shown, in Unicode scalar values.
const LOOK_LIMIT: usize = 60;

/// What there is to tell of a timestamp; nothing of one that is fresh.
pub fn stamp(
    stamp: &Stamp,
    age: Age,
    file: &Arc<SourceFile>,
    (rule, config): (&AgeRule, &Arc<SourceFile>),
) -> Option<Diagnostic> {
    let date = plain(file.slice(stamp.date), LOOK_LIMIT);
    let claimed = match plain(&stamp.look, LOOK_LIMIT) {
        look if look.is_empty() => date,
        look => format!("{} {date}", look.to_lowercase()),
    };
    let limit = spoken(rule.max_age);
    let (code, headline, label, help) = match age {
        Age::Fresh => return None,
        Age::Stale { age } => (
            Code::StaleTimestamp,
            format!("claimed {claimed}, which is {} ago, and at most {limit} is allowed", spoken(age)),
            format!("{} ago", spoken(age)),
            "look again, then write down when; no tool can do the looking by changing the date",
        ),
        Age::Future { ahead } => (
            Code::FutureTimestamp,
            format!("claimed {claimed}, which is {} ahead: nobody has looked then", spoken(ahead)),
            format!("{} ahead", spoken(ahead)),
            "write when somebody looked; if that is right, the clock of this machine is wrong",
        ),
    };
    let mut told = Diagnostic::new(code, Severity::Error, headline).at(file, stamp.span, label).help(help);
    told = told.also_at(config, rule.span, format!("at most {limit}"));
    told.headings = stamp.headings.to_vec();
    Some(told)
}

/// A time in its largest whole unit, rounded down: "97 days", "1 hour", "3 minutes".
pub(crate) fn spoken(time: Duration) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let seconds = time.as_secs();
    // Two of a unit say more than one of the next: 36 hours, not 1 day.
    let (count, unit) = UNITS
        .into_iter()
        .find(|(length, _)| seconds >= 2 * length || seconds == *length)
        .map_or((seconds, "second"), |(length, unit)| (seconds / length, unit));
    super::number(usize::try_from(count).unwrap_or(usize::MAX), unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim;
    use crate::claim::lexicon::Lexicon;
    use crate::document::markdown;
    use crate::document::source::Span;
    use crate::judge::age;

    #[test]
    fn times_are_spoken_in_units_that_people_use() {
        let spoken = |seconds| spoken(Duration::from_secs(seconds));
        assert_eq!(
            [0, 1, 59, 60, 90, 3_600, 7_300, 86_400, 90_000, 172_800, 8_640_000].map(spoken),
            [
                "0 seconds",
                "1 second",
                "59 seconds",
                "1 minute",
                "90 seconds",
                "1 hour",
                "2 hours",
                "1 day",
                "25 hours",
                "2 days",
                "100 days"
            ]
        );
    }

    #[test]
    fn the_finding_names_age_limit_and_rule() {
        let config = Arc::new(SourceFile::new("trueup.toml", "[timestamp]\nmax_age = \"7d\"\n"));
        let rule = AgeRule { max_age: Duration::from_secs(7 * 86_400), docs: Vec::new(), span: Span::new(12, 26) };
        let told = |text: &str, now: &str| {
            let stamps = claim::read(text, &markdown::prose(text), &Lexicon::english()).stamps;
            let age = age::judge(&stamps[0], rule.max_age, now.parse().unwrap());
            let file = Arc::new(SourceFile::new("a.md", text));
            stamp(&stamps[0], age, &file, (&rule, &config)).map(|told| (told.code, told.headline))
        };
        let text = "# A\n\n**Last Verified**: 2025-08-18 05:25 UTC\n";
        assert_eq!(told(text, "2025-08-20T05:25:00Z"), None);
        let stale = "claimed last verified 2025-08-18 05:25 UTC, which is 97 days ago, and at most 7 days is allowed";
        assert_eq!(told(text, "2025-11-23T06:00:00Z"), Some((Code::StaleTimestamp, stale.to_owned())));
        let future = "claimed last verified 2025-08-18 05:25 UTC, which is 2 hours ahead: nobody has looked then";
        assert_eq!(told(text, "2025-08-18T03:00:00Z"), Some((Code::FutureTimestamp, future.to_owned())));
    }
}
