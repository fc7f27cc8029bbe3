//! The numbers that a claim admits.

use crate::claim::model::{Claim, Comparator, Kind};
use crate::config::policy::Tolerance;
use crate::document::source::Span;
use crate::quantity::Number;

/// A closed range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

impl Extent {
    /// Every number.
    pub const ANY: Extent = Extent { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Whether no number lies in both.
    pub fn excludes(&self, other: &Extent) -> bool {
        self.high < other.low || other.high < self.low
    }
}

/// The numbers that `claim` admits as its value: "50+" everything from 50 on, "99.9%" what rounds to it, "1.2k" what a
/// writer would shorten to it.
pub fn of_value(claim: &Claim, source: &str) -> Option<Extent> {
    let number = claim.kind.value()?;
    let tolerance = Tolerance::default();
    let about = match claim.kind {
        Kind::Percent { .. } => tolerance.points,
        Kind::Ratio { .. } | Kind::Count { .. } | Kind::Universal { .. } | Kind::State => {
            number.value.abs() * tolerance.share
        }
    };
    // A percentage is what a share was rounded to; a count is not rounded, unless it is shortened.
    let exact = match claim.kind {
        Kind::Percent { .. } => 0.5 * 10f64.powi(-i32::from(number.decimals)),
        Kind::Ratio { .. } | Kind::Count { .. } | Kind::Universal { .. } | Kind::State => 0.0,
    };
    let shortened = claim.value_span.is_some_and(|span| is_shortened(source, span));
    Some(extent(number, claim.comparator, about, if shortened { about } else { exact }))
}

/// The numbers that a ratio admits as its total.
pub fn of_total(claim: &Claim) -> Option<Extent> {
    let total = claim.kind.total()?.value;
    Some(Extent { low: total, high: total })
}

fn extent(number: Number, comparator: Comparator, about: f64, exact: f64) -> Extent {
    let value = number.value;
    match comparator {
        Comparator::Eq => Extent { low: value - exact, high: value + exact },
        Comparator::Approx => Extent { low: value - about, high: value + about },
        Comparator::Ge => Extent { low: value - exact, high: f64::INFINITY },
        Comparator::Gt => Extent { low: value.next_up(), high: f64::INFINITY },
        Comparator::Le => Extent { low: f64::NEG_INFINITY, high: value + exact },
        Comparator::Lt => Extent { low: f64::NEG_INFINITY, high: value.next_down() },
    }
}

/// "1.2k" and "3M" are shortened.
fn is_shortened(source: &str, span: Span) -> bool {
    source.get(span.range()).is_some_and(|digits| digits.ends_with(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::model::Polarity;

    fn claim(source: &str, kind: Kind, comparator: Comparator) -> Claim {
        Claim {
            span: Span::new(0, source.len()),
            kind,
            comparator,
            polarity: Polarity::None,
            subject: String::new(),
            predicate: String::new(),
            rung: None,
            value_span: Some(Span::new(0, source.len())),
            total_span: None,
            lead_in: None,
            headings: std::sync::Arc::default(),
        }
    }

    fn count(source: &str, value: u64, comparator: Comparator) -> Extent {
        of_value(&claim(source, Kind::Count { value: Number::whole(value) }, comparator), source).unwrap()
    }

    #[test]
    fn comparators_widen_what_is_admitted() {
        let exact = count("54", 54, Comparator::Eq);
        assert!(!exact.excludes(&count("50", 50, Comparator::Ge)));
        assert!(exact.excludes(&count("55", 55, Comparator::Ge)));
        assert!(exact.excludes(&count("54", 54, Comparator::Gt)));
        assert!(!exact.excludes(&count("54", 54, Comparator::Le)));
        assert!(exact.excludes(&count("54", 54, Comparator::Lt)));
        assert!(!exact.excludes(&count("50", 50, Comparator::Approx)));
        assert!(exact.excludes(&count("40", 40, Comparator::Approx)));
        assert!(exact.excludes(&count("53", 53, Comparator::Eq)));
    }

    #[test]
    fn what_is_shortened_or_rounded_admits_what_it_was_made_of() {
        assert!(!count("1.2k", 1200, Comparator::Eq).excludes(&count("1234", 1234, Comparator::Eq)));
        assert!(count("1200", 1200, Comparator::Eq).excludes(&count("1234", 1234, Comparator::Eq)));
        let percent = |value, decimals| {
            let kind = Kind::Percent { value: Number { value, decimals } };
            of_value(&claim("x", kind, Comparator::Eq), "9").unwrap()
        };
        assert!(!percent(99.9, 1).excludes(&percent(100.0, 0)));
        assert!(percent(99.0, 0).excludes(&percent(100.0, 1)));
    }
}
