//! What `trueup probe` prints: a table for people, or the snapshot itself, which another machine can judge from.

use std::io::{self, Write};

use super::{json_text, terminal};
use crate::measure::measurement::{
    GroupMeasurement, MetricMeasurement, MetricOutcome, Outcome, Snapshot, TargetMeasurement, TextMeasurement,
    TextOutcome, Unmeasured,
};

/// Longest name that the columns are widened for.
const NAME_WIDTH: usize = 40;

/// Writes the snapshot as JSON, as [`Snapshot`] reads it back.
///
/// # Errors
/// Whatever `out` returns.
pub fn json(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    json_text::write(snapshot, out)
}

/// Writes each group with its targets (state, rung proved, evidence), then the metrics, then how long each text is.
///
/// # Errors
/// Whatever `out` returns.
pub fn human(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    for group in &snapshot.groups {
        let rows: Vec<Row> = group.targets.iter().map(row).collect();
        writeln!(out, "{}", head(group, &rows))?;
        if let Some(unmeasured) = &group.discovery {
            writeln!(out, "  the list is not known: {}", reason(unmeasured))?;
        }
        let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(NAME_WIDTH);
        for row in rows {
            let line = format!("  {:width$}  {:7}  {:10}  {}", row.name, row.state.name(), row.rung, row.evidence);
            writeln!(out, "{}", line.trim_end())?;
        }
        if group.nameless_missing > 0 {
            writeln!(out, "  {} more expected and not found", group.nameless_missing)?;
        }
        if !group.skipped.is_empty() {
            let names: Vec<_> = group.skipped.iter().map(|name| terminal::line(name)).collect();
            writeln!(out, "  {} disabled and left out: {}", names.len(), names.join(", "))?;
        }
        writeln!(out)?;
    }
    for metric in &snapshot.metrics {
        writeln!(out, "{}", metric_line(metric))?;
    }
    for text in &snapshot.texts {
        writeln!(out, "{}", text_line(text))?;
    }
    if snapshot.groups.is_empty() && snapshot.metrics.is_empty() && snapshot.texts.is_empty() {
        writeln!(out, "nothing to measure: trueup.toml names no group, no metric and no text")?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Up,
    Down,
    Unknown,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Up => "up",
            State::Down => "down",
            State::Unknown => "unknown",
        }
    }
}

struct Row {
    name: String,
    state: State,
    rung: &'static str,
    evidence: String,
}

/// Down as soon as one check failed; unknown when none did and one could not be made, or none was.
fn row(target: &TargetMeasurement) -> Row {
    let (state, evidence) = match target.first_failure() {
        Some((check, failure)) => {
            let lies = if target.health_check_lies() { "the health check lies; " } else { "" };
            (State::Down, format!("{}: {lies}{} ({})", check.check, failure.reason, failure.class.name()))
        }
        None => unfailed(target),
    };
    Row {
        name: terminal::line(&target.name),
        state,
        rung: target.proved().map_or("-", |rung| rung.name()),
        evidence: terminal::line(&evidence),
    }
}

fn unfailed(target: &TargetMeasurement) -> (State, String) {
    let mut passes = Vec::new();
    for check in &target.checks {
        match &check.outcome {
            Outcome::Passed { summary } => {
                let again = if check.attempts > 1 { format!(" (attempt {})", check.attempts) } else { String::new() };
                passes.push(format!("{}: {summary}{again}", check.check));
            }
            Outcome::Failed(_) => {}
            Outcome::Unmeasured(unmeasured) => {
                return (State::Unknown, format!("{}: {}", check.check, reason(unmeasured)));
            }
        }
    }
    if passes.is_empty() { (State::Unknown, "no check".to_owned()) } else { (State::Up, passes.join("; ")) }
}

fn head(group: &GroupMeasurement, rows: &[Row]) -> String {
    let count = |state| rows.iter().filter(|row| row.state == state).count();
    let total = group.total();
    let noun = match (group.discovery.is_some(), total) {
        // Of what nobody could list, not even the number is told.
        (true, 0) => return format!("{}: unknown", terminal::line(&group.name)),
        (true, 1) => "known target",
        (true, _) => "known targets",
        (false, 1) => "target",
        (false, _) => "targets",
    };
    let down = count(State::Down) + group.nameless_missing;
    let mut text = format!("{}: {} of {total} {noun} up", terminal::line(&group.name), count(State::Up));
    for (number, what) in [(down, "down"), (count(State::Unknown), "unknown")] {
        if number > 0 {
            text.push_str(&format!(", {number} {what}"));
        }
    }
    if let Some(expect) = group.expect
        && expect != total
    {
        text.push_str(&format!("; {expect} expected"));
    }
    text
}

fn metric_line(metric: &MetricMeasurement) -> String {
    let name = terminal::line(&metric.name);
    match &metric.outcome {
        MetricOutcome::Measured(quantity) => match quantity.total {
            Some(total) => format!("{name}: {} of {total}", quantity.value),
            None => format!("{name}: {}", quantity.value),
        },
        MetricOutcome::Unmeasured(unmeasured) => format!("{name}: unknown: {}", reason(unmeasured)),
    }
}

fn text_line(text: &TextMeasurement) -> String {
    let name = terminal::line(&text.name);
    let told = match &text.outcome {
        TextOutcome::Measured { lines, truncated } => {
            let noun = if lines.len() == 1 { "line" } else { "lines" };
            format!("{} {noun}{}", lines.len(), if *truncated { ", and more that are left out" } else { "" })
        }
        TextOutcome::Unmeasured(unmeasured) => format!("unknown: {}", reason(unmeasured)),
    };
    format!("{name}: {told}")
}

fn reason(unmeasured: &Unmeasured) -> String {
    terminal::line(&format!("{} ({})", unmeasured.detail, unmeasured.cause.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureClass;
    use crate::measure::evidence::Evidence;
    use crate::measure::measurement::{About, CheckResult, Failure, UnmeasuredCause};
    use crate::quantity::Quantity;
    use crate::rung::Rung;

    fn check(rung: Rung, proved: Option<Rung>, outcome: Outcome) -> CheckResult {
        let check = "mcp".to_owned();
        CheckResult { check, rung, proved, outcome, evidence: Evidence::new(), took_ms: 12, attempts: 2 }
    }

    fn target(name: &str, checks: Vec<CheckResult>) -> TargetMeasurement {
        TargetMeasurement { name: name.to_owned(), origin: Rung::Declared, checks }
    }

    fn away() -> Unmeasured {
        let cause = UnmeasuredCause::SourceAway;
        Unmeasured { cause, detail: "no engine at \u{1b}[31munix".to_owned(), source: "docker".to_owned() }
    }

    fn snapshot() -> Snapshot {
        let failure = Failure { class: FailureClass::SpawnNotFound, reason: "exit 127: npx: not found".to_owned() };
        let passed = Outcome::Passed { summary: "12 tools; search answered".to_owned() };
        let healthy = check(Rung::Healthy, Some(Rung::Healthy), Outcome::Passed { summary: "healthy".to_owned() });
        let group = GroupMeasurement {
            name: "mcp".to_owned(),
            expect: Some(6),
            targets: vec![
                target("claude-flow", vec![check(Rung::Running, None, Outcome::Failed(failure.clone()))]),
                target("nx-mcp", vec![healthy, check(Rung::Functional, None, Outcome::Failed(failure))]),
                target("files\u{7}", vec![check(Rung::Functional, Some(Rung::Functional), passed)]),
                target("away", vec![check(Rung::Running, None, Outcome::Unmeasured(away()))]),
                target("unchecked", vec![]),
            ],
            nameless_missing: 1,
            reach: None,
            skipped: vec!["old".to_owned(), "older\u{7}".to_owned()],
            discovery: Some(away()),
        };
        let metric = |name: &str, outcome| MetricMeasurement {
            name: name.to_owned(),
            outcome,
            evidence: Evidence::new(),
            took_ms: 1,
        };
        let text = |name: &str, outcome| TextMeasurement {
            name: name.to_owned(),
            command: "trueup --help".to_owned(),
            outcome,
            evidence: Evidence::new(),
            took_ms: 1,
        };
        Snapshot {
            schema_version: Snapshot::SCHEMA_VERSION,
            taken_at: jiff::Timestamp::UNIX_EPOCH,
            about: About::default(),
            groups: vec![group],
            metrics: vec![
                metric("tests", MetricOutcome::Measured(Quantity { value: 310.0, total: Some(312.0) })),
                metric("coverage", MetricOutcome::Measured(Quantity { value: 85.25, total: None })),
                metric("tools", MetricOutcome::Unmeasured(away())),
            ],
            texts: vec![
                text("help", TextOutcome::Measured { lines: vec!["  usage".to_owned()], truncated: false }),
                text("log", TextOutcome::Measured { lines: vec![String::new(); 40], truncated: true }),
                text("gone", TextOutcome::Unmeasured(away())),
            ],
        }
    }

    #[test]
    fn the_table() {
        let mut out = Vec::new();
        human(&snapshot(), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        mcp: 1 of 6 known targets up, 3 down, 2 unknown
          the list is not known: no engine at ␛[31munix (source-away)
          claude-flow  down     declared    mcp: exit 127: npx: not found (spawn-not-found)
          nx-mcp       down     healthy     mcp: the health check lies; exit 127: npx: not found (spawn-not-found)
          files␇       up       functional  mcp: 12 tools; search answered (attempt 2)
          away         unknown  declared    mcp: no engine at ␛[31munix (source-away)
          unchecked    unknown  declared    no check
          1 more expected and not found
          2 disabled and left out: old, older␇

        tests: 310 of 312
        coverage: 85.25
        tools: unknown: no engine at ␛[31munix (source-away)
        help: 1 line
        log: 40 lines, and more that are left out
        gone: unknown: no engine at ␛[31munix (source-away)
        ");
    }

    #[test]
    fn the_json_reads_back_and_whole_numbers_are_whole() {
        let mut out = Vec::new();
        json(&snapshot(), &mut out).unwrap();
        assert_eq!(serde_json::from_slice::<Snapshot>(&out).unwrap(), snapshot());
        assert!(String::from_utf8(out).unwrap().contains("\"value\": 310,"));
    }
}
