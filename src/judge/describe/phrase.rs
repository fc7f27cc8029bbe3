//! What was claimed and what was measured, in the claim's own terms.

use crate::claim::model::{Claim, Comparator, Kind, Polarity};
use crate::document::source::SourceFile;
use crate::judge::verdict::{Measured, Tally};
use crate::measure::evidence::plain;
use crate::quantity::{Number, Quantity};
use crate::rung::Rung;

use super::is;

/// Longest part of a claim that a headline repeats, in Unicode scalar values.
const WORDS_LIMIT: usize = 60;

/// What was claimed: "21/21 operational", "at least 50 tools", "all endpoints working".
pub(super) fn claimed(claim: &Claim, file: &SourceFile) -> String {
    let sign = match claim.comparator {
        Comparator::Eq => "",
        Comparator::Ge => "at least ",
        Comparator::Gt => "more than ",
        Comparator::Le => "at most ",
        Comparator::Lt => "less than ",
        Comparator::Approx => "about ",
    };
    let subject = plain(&claim.subject, WORDS_LIMIT);
    let predicate = plain(&claim.predicate, WORDS_LIMIT);
    let words = match claim.kind {
        Kind::Ratio { value, total } => [format!("{sign}{value}/{total}"), either(predicate, subject)].to_vec(),
        Kind::Percent { value } => [format!("{sign}{value}%"), either(predicate, subject)].to_vec(),
        // "Engines (13 pumps)": what is counted stands beside the number.
        Kind::Count { .. } if predicate.is_empty() && names_its_own(claim, file) => [quote(claim, file)].to_vec(),
        Kind::Count { value } => [format!("{sign}{value}"), subject, predicate].to_vec(),
        Kind::Universal { .. } => [uncapitalised(&quote(claim, file))].to_vec(),
        // "No server is running": what denies it stands before its subject.
        Kind::State if denied_before(claim, file) => [uncapitalised(&quote(claim, file))].to_vec(),
        Kind::State => [subject, predicate].to_vec(),
    };
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether the quote of a count ends in a plural that is not its subject; "Agents (4 total)" does not.
fn names_its_own(claim: &Claim, file: &SourceFile) -> bool {
    let text = file.text().get(claim.span.range()).unwrap_or_default();
    let counts = text.starts_with(|c: char| c.is_ascii_digit()) && text.ends_with('s');
    counts && !text.contains(claim.subject.as_str())
}

/// Whether words of the claim itself stand before its subject: a symbol there is its predicate.
fn denied_before(claim: &Claim, file: &SourceFile) -> bool {
    let text = file.text().get(claim.span.range()).unwrap_or_default();
    let before = text.find(claim.subject.as_str()).and_then(|at| text.get(..at));
    claim.polarity == Polarity::Down && before.is_some_and(|words| words.starts_with(char::is_alphabetic))
}

/// What was measured: "measured 0/21", "measured 0% (0 of 21)", "3 of 3 are not", "measured 17 to 19 of 21".
pub(super) fn measured(claim: &Claim, measured: &Measured, file: &SourceFile) -> String {
    match (measured, claim.kind) {
        (Measured::Tally(tally), Kind::Ratio { .. }) => ratio(range(claim, tally), tally.total),
        (Measured::Tally(tally), Kind::Percent { value }) => percent(value, range(claim, tally), tally.total),
        (Measured::Tally(tally), Kind::Count { .. }) => count(range(claim, tally), tally.total),
        (Measured::Tally(tally), Kind::Universal { value }) => universal(claim, value, tally, &quote(claim, file)),
        (Measured::Tally(tally), Kind::State) => state(claim.polarity, tally),
        (Measured::Quantity(quantity), _) => self::quantity(claim, *quantity),
    }
}

/// The claim as it stands in the document, without emphasis marks, on one line.
pub(super) fn quote(claim: &Claim, file: &SourceFile) -> String {
    let text = file.text().get(claim.span.range()).unwrap_or_default();
    // Bounded before it is copied: the span of a claim on a huge line can be huge itself.
    let text: String = text.chars().take(8 * WORDS_LIMIT).filter(|c| !matches!(c, '*' | '`')).collect();
    plain(&text, WORDS_LIMIT)
}

fn either(first: String, second: String) -> String {
    if first.is_empty() { second } else { first }
}

/// "All endpoints" becomes "all endpoints"; "API" stays.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// How many targets are as the claim says, at least and at most. A claim about what is down counts those that are down.
fn range(claim: &Claim, tally: &Tally) -> (usize, usize) {
    match claim.polarity {
        Polarity::Down => (tally.down(), tally.down() + tally.unknown),
        Polarity::Up | Polarity::Partial | Polarity::None => (tally.up, tally.up + tally.unknown),
    }
}

fn ratio((low, high): (usize, usize), total: usize) -> String {
    if low == high { format!("measured {low}/{total}") } else { format!("measured {low} to {high} of {total}") }
}

fn count((low, high): (usize, usize), total: usize) -> String {
    match (low == high, low == total) {
        (true, true) => format!("measured {low}"),
        (true, false) => format!("measured {low} of {total}"),
        (false, _) => format!("measured {low} to {high} of {total}"),
    }
}

fn percent(claimed: Number, (low, high): (usize, usize), total: usize) -> String {
    if total == 0 {
        return "measured none (0 of 0)".to_owned();
    }
    let share = |part: usize| rounded(part as f64 / total as f64 * 100.0, claimed.decimals);
    if low == high {
        format!("measured {}% ({low} of {total})", share(low))
    } else {
        format!("measured {}% to {}% ({low} to {high} of {total})", share(low), share(high))
    }
}

fn universal(claim: &Claim, value: Option<Number>, tally: &Tally, quote: &str) -> String {
    let total = tally.total;
    if total == 0 {
        return "there are none".to_owned();
    }
    let mut parts = Vec::new();
    let exceptions = match claim.polarity {
        Polarity::Down => tally.up,
        Polarity::Up | Polarity::Partial | Polarity::None => tally.down(),
    };
    if exceptions > 0 {
        parts.push(format!("{exceptions} of {total} {} {}", is(exceptions), exception(claim.polarity, quote)));
    }
    if tally.unknown > 0 {
        let of = if parts.is_empty() { format!(" of {total}") } else { String::new() };
        parts.push(format!("{}{of} {} unknown", tally.unknown, is(tally.unknown)));
    }
    if value.is_some_and(|value| value.value != total as f64) {
        parts.push(format!("there {} {total}", is(total)));
    }
    if parts.is_empty() { format!("measured {}/{total}", tally.up) } else { parts.join(" and ") }
}

/// "3 of 3 are not" after "all endpoints working", "are down" after "no failing endpoints".
fn exception(polarity: Polarity, quote: &str) -> &'static str {
    let first = quote.split_whitespace().next().unwrap_or_default().to_lowercase();
    match (matches!(first.as_str(), "no" | "none" | "nothing" | "zero" | "0" | "without"), polarity) {
        (false, _) => "not",
        (true, Polarity::Down) => "up",
        (true, Polarity::Up | Polarity::Partial | Polarity::None) => "down",
    }
}

fn state(polarity: Polarity, tally: &Tally) -> String {
    let (up, total, rung) = (tally.up, tally.total, tally.rung);
    if total == 0 {
        return "there are none".to_owned();
    }
    if total == 1 {
        return if tally.unknown == 1 {
            format!("it is unknown whether it {}", stands(rung, 1, false))
        } else {
            format!("it {}", stands(rung, 1, up == 0))
        };
    }
    let mut text = match polarity {
        Polarity::Up | Polarity::None if tally.down() > 0 => {
            format!("{} of {total} {}", tally.down(), stands(rung, tally.down(), true))
        }
        Polarity::Partial if up == 0 => format!("none of {total} {}", stands(rung, 1, false)),
        Polarity::Partial if up == total => format!("all {total} {}", stands(rung, total, false)),
        Polarity::Up | Polarity::Down | Polarity::Partial | Polarity::None => {
            format!("{up} of {total} {}", stands(rung, up, false))
        }
    };
    if tally.unknown > 0 {
        text.push_str(&format!(" and {} {} unknown", tally.unknown, is(tally.unknown)));
    }
    text
}

/// "is running", "are not functional", "does not exist".
fn stands(rung: Rung, count: usize, negated: bool) -> String {
    match (rung, negated) {
        (Rung::Exists, false) => if count == 1 { "exists" } else { "exist" }.to_owned(),
        (Rung::Exists, true) => format!("{} not exist", if count == 1 { "does" } else { "do" }),
        (Rung::Declared | Rung::Running | Rung::Healthy | Rung::Functional, negated) => {
            format!("{} {}{}", is(count), if negated { "not " } else { "" }, rung.name())
        }
    }
}

fn quantity(claim: &Claim, Quantity { value, total }: Quantity) -> String {
    let Some(total) = total else {
        return match claim.kind {
            Kind::Percent { value: claimed } => format!("measured {}%", rounded(value, claimed.decimals)),
            Kind::Ratio { .. } | Kind::Count { .. } | Kind::Universal { .. } | Kind::State => {
                format!("measured {}", rounded(value, 2))
            }
        };
    };
    // As the judge compares: a claim about what is down counts what is missing from the whole, a bare count the whole.
    let part = if claim.polarity == Polarity::Down { total - value } else { value };
    match claim.kind {
        Kind::Percent { value: claimed } if total > 0.0 => {
            format!("measured {}% ({part} of {total})", rounded(part / total * 100.0, claimed.decimals))
        }
        Kind::Count { .. } if claim.polarity == Polarity::None => format!("measured {total}"),
        Kind::Count { .. } | Kind::Percent { .. } => format!("measured {part} of {total}"),
        Kind::Ratio { .. } | Kind::Universal { .. } | Kind::State => format!("measured {part}/{total}"),
    }
}

/// `value` with as many digits after the point as the claim shows, and one more where it would be hidden: a share of 99.97
/// is not shown as 100, nor one of 0.02 as 0.
fn rounded(value: f64, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    let text = format!("{value:.decimals$}");
    let shown: f64 = text.parse().unwrap_or(value);
    if shown == 0.0 || shown == 100.0 { format!("{value:.0$}", decimals + 2) } else { text }
}
