//! When a run is due. Plain arithmetic: the time is handed in.

use std::time::Duration;

use croner::Cron;
use croner::parser::{CronParser, Seconds};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Longest interval, so that adding to a time cannot leave the calendar.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// When runs are due.
#[derive(Clone, Debug)]
pub(super) enum Schedule {
    /// So often, on a grid that begins with the first run.
    Every(Duration),
    /// At the times of a cron expression, in UTC.
    Cron(Box<Cron>),
}

impl Schedule {
    /// So often.
    ///
    /// # Errors
    /// Where that is no time at all, or longer than a year.
    pub(super) fn every(interval: Duration) -> Result<Schedule, String> {
        if interval.is_zero() || interval > LONGEST {
            let found = humantime::format_duration(interval);
            return Err(format!(
                "`--every {found}` is no interval; expected more than 0 s and at most a year, such as 5m"
            ));
        }
        Ok(Schedule::Every(interval))
    }

    /// At the times of an expression of five fields, or of six with seconds, at some time after `now`.
    ///
    /// # Errors
    /// Where it is no expression, or no time fits.
    pub(super) fn cron(expression: &str, now: Timestamp) -> Result<Schedule, String> {
        let shown = expression.escape_debug();
        let expected = "expected five fields (minute, hour, day, month, weekday), such as `*/15 * * * *`, in UTC";
        let parser = CronParser::builder().seconds(Seconds::Optional).build();
        let cron = parser.parse(expression).map_err(|error| format!("`--cron {shown}`: {error}; {expected}"))?;
        let schedule = Schedule::Cron(Box::new(cron));
        match schedule.after(now, now) {
            Some(_) => Ok(schedule),
            None => Err(format!("`--cron {shown}` never comes; {expected}")),
        }
    }

    /// When the first run is due: at once, or when the expression says.
    pub(super) fn first(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Schedule::Every(_) => Some(now),
            Schedule::Cron(_) => self.after(now, now),
        }
    }

    /// When the next run is due after `moment`, where the last one was due at `last`. Runs that would have been due
    /// meanwhile are left out. `None` where none comes.
    pub(super) fn after(&self, last: Timestamp, moment: Timestamp) -> Option<Timestamp> {
        match self {
            Schedule::Every(interval) => {
                let gone = Duration::try_from(moment.duration_since(last)).unwrap_or_default();
                let whole = u32::try_from(gone.as_nanos() / interval.as_nanos()).unwrap_or(u32::MAX - 1);
                last.checked_add(interval.checked_mul(whole + 1)?).ok()
            }
            Schedule::Cron(cron) => {
                let moment = moment.to_zoned(TimeZone::UTC);
                cron.find_next_occurrence(&moment, false).ok().map(|next| next.timestamp())
            }
        }
    }
}

/// How much later than due a run begins: up to `most`, by `random` in 0..1.
pub(super) fn jitter(most: Duration, random: f64) -> Duration {
    most.mul_f64(random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        format!("2026-01-05T{time}Z").parse().unwrap()
    }

    #[test]
    fn an_interval_keeps_to_its_grid() {
        let schedule = Schedule::every(Duration::from_secs(300)).unwrap();
        assert_eq!(schedule.first(at("10:00:00")), Some(at("10:00:00")));
        for (moment, next) in [
            ("10:00:00", "10:05:00"),
            ("10:00:07", "10:05:00"),
            ("10:04:59", "10:05:00"),
            ("10:05:00", "10:10:00"),
            // A run that took longer than the interval: those that it stood in the way of are left out.
            ("10:17:03", "10:20:00"),
            // The clock was set back.
            ("09:00:00", "10:05:00"),
        ] {
            assert_eq!(schedule.after(at("10:00:00"), at(moment)), Some(at(next)), "{moment}");
        }
        let quick = Schedule::every(Duration::from_millis(200)).unwrap();
        assert_eq!(quick.after(at("10:00:00"), at("10:00:01.05")), Some(at("10:00:01.2")));
        for wrong in [Duration::ZERO, Duration::MAX, LONGEST * 2] {
            assert!(Schedule::every(wrong).unwrap_err().contains("expected more than 0 s"));
        }
        // From long ago.
        let second = Schedule::every(Duration::from_nanos(1)).unwrap();
        assert!(second.after(Timestamp::UNIX_EPOCH, at("10:00:00")).is_some());
    }

    #[test]
    fn an_expression_names_its_times() {
        let now = at("10:07:30");
        for (expression, next) in [
            ("*/15 * * * *", at("10:15:00")),
            ("*/10 * * * * *", at("10:07:40")),
            ("0 3 * * *", "2026-01-06T03:00:00Z".parse().unwrap()),
            ("0 3 * * SUN", "2026-01-11T03:00:00Z".parse().unwrap()),
            ("@hourly", at("11:00:00")),
        ] {
            let schedule = Schedule::cron(expression, now).unwrap_or_else(|why| panic!("{expression}: {why}"));
            assert_eq!(schedule.first(now), Some(next), "{expression}");
            assert_eq!(schedule.after(at("00:00:00"), now), Some(next), "{expression}");
        }
        for wrong in ["", "often", "61 * * * *", "* * *", "1 2 3 4 5 6 7 8"] {
            let why = Schedule::cron(wrong, now).unwrap_err();
            assert!(why.starts_with(&format!("`--cron {wrong}`: ")) && why.contains("expected five fields"), "{why}");
        }
        let never = Schedule::cron("0 0 30 2 *", now).unwrap_err();
        assert!(never.contains("never comes"), "{never}");
    }

    #[test]
    fn jitter_is_bounded() {
        let most = Duration::from_secs(30);
        assert_eq!(jitter(most, 0.0), Duration::ZERO);
        assert_eq!(jitter(most, 0.5), Duration::from_secs(15));
        assert_eq!([jitter(most, 1.0), jitter(most, 7.0)], [most, most]);
        assert_eq!(jitter(Duration::ZERO, 0.9), Duration::ZERO);
    }
}
