//! The last line: every outcome counted, ignored ones included.

use std::time::Duration;

use super::Report;
use crate::judge::verdict::Counts;

/// The summary of a report in one line: "1 document: 3 claims drifted, 2 hold (1 weak), 1 ignored; 1 section stale (1.2 s)".
///
/// Outcomes that did not occur are left out, but for drift; so is the time, unless `timing` asks for it.
pub fn line(report: &Report, timing: bool) -> String {
    let counts = &report.counts;
    let mut parts = Vec::new();
    if counts.judged() > 0 {
        parts.push(judged(counts));
    } else if counts.documents > 0 || counts.faults == 0 {
        parts.push(format!("nothing was judged: {}", nothing(counts)));
    } else {
        // Documents may have been named; the faults kept them from being read.
        parts.push("nothing was judged".to_owned());
    }
    if counts.faults > 0 {
        parts.push(number(counts.faults, "fault", "faults"));
    }
    let mut text = parts.join("; ");
    if timing {
        text.push_str(&format!(" ({})", duration(report.took)));
    }
    text
}

/// Why nothing was judged.
pub fn nothing(counts: &Counts) -> String {
    let documents = number(counts.documents, "document", "documents");
    if counts.documents == 0 {
        return "no document".to_owned();
    }
    if counts.claims() == 0 {
        return format!("{documents} without a claim");
    }
    let mut parts = Vec::new();
    if counts.unbound > 0 {
        parts.push(format!("{} unbound", number(counts.unbound, "claim", "claims")));
    }
    if counts.ignored > 0 {
        parts.push(format!("{} ignored", number(counts.ignored, "claim", "claims")));
    }
    format!("{documents}, {}", parts.join(", "))
}

fn judged(counts: &Counts) -> String {
    let mut claims = vec![format!("{} drifted", number(counts.drifted, "claim", "claims"))];
    if counts.holds > 0 {
        let verb = if counts.holds == 1 { "holds" } else { "hold" };
        let weak = if counts.weak > 0 { format!(" ({} weak)", counts.weak) } else { String::new() };
        claims.push(format!("{} {verb}{weak}", counts.holds));
    }
    let others = [
        (counts.unmeasured, "unmeasured"),
        (counts.unbound, "unbound"),
        (counts.ignored, "ignored"),
        (counts.known, "known"),
        (counts.older, "not new"),
    ];
    claims.extend(others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    if counts.contradictions > 0 {
        claims.push(number(counts.contradictions, "contradiction", "contradictions"));
    }
    let mut text = format!("{}: {}", number(counts.documents, "document", "documents"), claims.join(", "));
    let sections = [
        (counts.stale_sections, "stale"),
        (counts.edited_sections, "edited"),
        (counts.unmeasured_sections, "unmeasured"),
        (counts.current_sections, "current"),
    ];
    let mut before = "; ";
    for (count, what) in sections.into_iter().filter(|(count, _)| *count > 0) {
        let noun = if before == ", " {
            String::new()
        } else if count == 1 {
            " section".to_owned()
        } else {
            " sections".to_owned()
        };
        text.push_str(&format!("{before}{count}{noun} {what}"));
        before = ", ";
    }
    text
}

/// "1 claim", "2 claims".
fn number(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A time as people say it: "340 ms", "1.2 s".
pub(super) fn duration(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::ExitCode;

    fn report(counts: Counts) -> Report {
        Report::new(Vec::new(), Vec::new(), counts, Duration::from_millis(1234), ExitCode::Clean)
    }

    fn summary(counts: Counts) -> String {
        line(&report(counts), false)
    }

    #[test]
    fn every_outcome_is_counted() {
        let counts = Counts {
            documents: 1,
            holds: 2,
            weak: 1,
            drifted: 3,
            unmeasured: 1,
            unbound: 4,
            ignored: 1,
            known: 5,
            older: 6,
            contradictions: 2,
            current_sections: 2,
            stale_sections: 1,
            edited_sections: 1,
            unmeasured_sections: 1,
            faults: 1,
        };
        assert_eq!(
            summary(counts),
            "1 document: 3 claims drifted, 2 hold (1 weak), 1 unmeasured, 4 unbound, 1 ignored, 5 known, 6 not new, 2 contradictions; \
             1 section stale, 1 edited, 1 unmeasured, 2 current; 1 fault"
        );
    }

    #[test]
    fn what_did_not_occur_is_left_out_but_for_drift() {
        let counts = Counts { documents: 2, holds: 1, ..Counts::default() };
        assert_eq!(summary(counts), "2 documents: 0 claims drifted, 1 holds");
        let counts = Counts { documents: 1, current_sections: 2, ..Counts::default() };
        assert_eq!(summary(counts), "1 document: 0 claims drifted; 2 sections current");
    }

    #[test]
    fn a_run_that_judged_nothing_says_why() {
        assert_eq!(summary(Counts::default()), "nothing was judged: no document");
        let documents = Counts { documents: 3, ..Counts::default() };
        assert_eq!(summary(documents), "nothing was judged: 3 documents without a claim");
        let unbound = Counts { unbound: 1, ignored: 2, ..documents };
        assert_eq!(summary(unbound), "nothing was judged: 3 documents, 1 claim unbound, 2 claims ignored");
    }

    #[test]
    fn the_time_is_told_to_whoever_watches() {
        let counts = Counts { documents: 2, holds: 1, ..Counts::default() };
        assert_eq!(line(&report(counts), true), "2 documents: 0 claims drifted, 1 holds (1.2 s)");
    }
}
