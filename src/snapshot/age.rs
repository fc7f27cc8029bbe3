//! How old a snapshot may be.

use std::time::Duration;

use super::{Recorded, blank};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};

/// How far the clock of the machine that took a snapshot may be ahead of ours.
const SKEW: Duration = Duration::from_secs(60);

/// Whether something of `then` is older than `max_age` at `now`; something from the future cannot be called young.
pub fn is_older(then: jiff::Timestamp, max_age: Duration, now: jiff::Timestamp) -> bool {
    match Duration::try_from(now.duration_since(then)) {
        Ok(age) => age > max_age,
        Err(_) => is_ahead(then, now),
    }
}

/// Whether `then` is so far ahead of `now` that a clock must have been set meanwhile.
pub fn is_ahead(then: jiff::Timestamp, now: jiff::Timestamp) -> bool {
    then > now && ahead(then, now) > SKEW
}

fn ahead(then: jiff::Timestamp, now: jiff::Timestamp) -> Duration {
    then.duration_since(now).unsigned_abs()
}

/// Takes the answers out of a snapshot that is older than `max_age` at `now`.
pub(super) fn expire(recorded: &mut Recorded, max_age: Duration, now: jiff::Timestamp) {
    let then = recorded.snapshot.taken_at;
    if !is_older(then, max_age, now) {
        return;
    }
    let bound = humantime::format_duration(max_age);
    let detail = match Duration::try_from(now.duration_since(then)) {
        Ok(age) => format!(
            "`{}` was taken {} ago ({}); {bound} may pass at most",
            recorded.file,
            humantime::format_duration(Duration::from_secs(age.as_secs())),
            recorded.origin()
        ),
        Err(_) => format!(
            "`{}` was taken {} ahead of this machine's clock ({}); its age cannot be told",
            recorded.file,
            humantime::format_duration(Duration::from_secs(ahead(then, now).as_secs())),
            recorded.origin()
        ),
    };
    let why = Unmeasured { cause: UnmeasuredCause::TooOld, detail, source: recorded.source() };
    let snapshot = &mut recorded.snapshot;
    snapshot.groups.iter_mut().for_each(|group| blank::group(group, &why));
    snapshot.metrics.iter_mut().for_each(|metric| blank::metric(metric, &why));
    snapshot.texts.iter_mut().for_each(|text| blank::text(text, &why));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_itself_is_young_and_the_future_is_not() {
        let at = |seconds: i64| jiff::Timestamp::from_second(1_000_000 + seconds).unwrap();
        let hour = Duration::from_secs(3600);
        for (then, old) in [(0, false), (-3600, false), (-3601, true), (59, false), (60, false), (61, true)] {
            assert_eq!(is_older(at(then), hour, at(0)), old, "{then}");
        }
    }
}
