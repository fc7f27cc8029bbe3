//! "26 of 28 (95%)": a ratio and a percentage side by side that do not agree.

use super::extent;
use crate::claim::model::{Claim, Kind, Polarity};
use crate::quantity::Number;

/// A ratio and a percentage of the same thing that do not agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mismatch {
    /// The ratio, as an index into the claims of its document.
    pub ratio: usize,
    /// The percentage, likewise.
    pub percent: usize,
    /// The share that the ratio makes, as shown with the decimals of the percentage.
    pub share: Number,
}

/// Bytes that may stand between the two.
const MOST_BETWEEN: usize = 8;

/// Finds them among neighbouring claims.
pub fn mismatches(source: &str, claims: &[Claim]) -> Vec<Mismatch> {
    let pair = |at: usize| {
        let (first, second) = (&claims[at], &claims[at + 1]);
        let (ratio, percent) = match (first.kind, second.kind) {
            (Kind::Ratio { .. }, Kind::Percent { .. }) => (at, at + 1),
            (Kind::Percent { .. }, Kind::Ratio { .. }) => (at + 1, at),
            _ => return None,
        };
        let beside = is_beside(source.get(first.span.end..second.span.start)?);
        let same = beside && !is_of_others(&claims[ratio], &claims[percent], source);
        (same && !agree(&claims[ratio], &claims[percent], source)).then(|| Mismatch {
            ratio,
            percent,
            share: shown(share(&claims[ratio]).unwrap_or_default(), &claims[percent]),
        })
    };
    (0..claims.len().saturating_sub(1)).filter_map(pair).collect()
}

/// Whether what stands between two claims only joins them: an opening bracket, a dash, an equals sign.
fn is_beside(between: &str) -> bool {
    between.len() <= MOST_BETWEEN
        && between.contains(['(', '[', '=', '-', '–', '—', '→', ':'])
        && !between.contains(|c: char| c.is_alphanumeric() || matches!(c, '\n' | '|' | ';'))
}

/// "Coverage: 82% (29/31 functions tested)": coverage is a share of lines, and the ratio counts things that it names.
fn is_of_others(ratio: &Claim, percent: &Claim, source: &str) -> bool {
    let named = source[ratio.span.range()].contains(char::is_alphabetic);
    named && percent.subject.to_ascii_lowercase().contains("coverage")
}

fn share(ratio: &Claim) -> Option<f64> {
    let (value, total) = (ratio.kind.value()?.value, ratio.kind.total()?.value);
    (total > 0.0).then(|| value / total * 100.0)
}

fn shown(share: f64, percent: &Claim) -> Number {
    Number { value: share, decimals: percent.kind.value().map_or(0, |number| number.decimals) }
}

/// Whether the percentage is the ratio's, rounded up or down at the precision shown; or the rest of it, where the ratio
/// says how many are down.
fn agree(ratio: &Claim, percent: &Claim, source: &str) -> bool {
    let (Some(share), Some(admits)) = (share(ratio), extent::of_value(percent, source)) else { return true };
    let opposite = matches!(
        (ratio.polarity, percent.polarity),
        (Polarity::Down, Polarity::Up | Polarity::None) | (Polarity::Up, Polarity::Down)
    );
    let unit = 10f64.powi(-i32::from(percent.kind.value().map_or(0, |number| number.decimals)));
    let fits = |share: f64| {
        let (down, up) = ((share / unit).floor() * unit, (share / unit).ceil() * unit);
        up >= admits.low && down <= admits.high
    };
    fits(share) || opposite && fits(100.0 - share)
}

#[cfg(test)]
mod tests {
    use crate::claim::claims;
    use crate::claim::lexicon::Lexicon;
    use crate::claim::model::{Claim, Comparator, Kind, Polarity};
    use crate::document::markdown;
    use crate::document::source::Span;
    use crate::quantity::Number;

    /// "…N of M…P%…" with `between` standing between the two; whether they are told not to agree, and of what share.
    fn share((value, total): (u64, u64), between: &str, percent: Number, comparator: Comparator) -> Option<String> {
        let source = format!("RATIO{between}PERCENT");
        let claim = |kind, start: usize, end: usize| Claim {
            span: Span::new(start, end),
            kind,
            comparator: Comparator::Eq,
            polarity: Polarity::None,
            subject: "tests".to_owned(),
            predicate: String::new(),
            rung: None,
            value_span: None,
            total_span: None,
            lead_in: None,
            headings: std::sync::Arc::default(),
        };
        let ratio = claim(Kind::Ratio { value: Number::whole(value), total: Number::whole(total) }, 0, 5);
        let mut share = claim(Kind::Percent { value: percent }, 5 + between.len(), source.len());
        share.comparator = comparator;
        let found = super::mismatches(&source, &[ratio, share]);
        found.first().map(|found| found.share.to_string())
    }

    #[test]
    fn a_percentage_is_its_ratio_rounded_up_or_down() {
        let eq = Comparator::Eq;
        let whole = |percent| share((26, 28), " (", Number::whole(percent), eq);
        assert_eq!((whole(92), whole(93)), (None, None));
        assert_eq!((whole(91), whole(95)), (Some("93".to_owned()), Some("93".to_owned())));
        let shown = |value, decimals| share((26, 28), " = ", Number { value, decimals }, eq);
        assert_eq!((shown(92.9, 1), shown(92.86, 2)), (None, None));
        assert_eq!(shown(93.0, 1).as_deref(), Some("92.9"));
        assert_eq!(share((19, 20), " — ", Number::whole(95), eq), None);
        assert_eq!(share((0, 0), " (", Number::whole(95), eq), None, "a share of nothing is no share");
    }

    #[test]
    fn coverage_is_no_share_of_what_a_ratio_names() {
        let told = |source: &str| {
            let claims = claims(source, &markdown::prose(source), &Lexicon::english());
            super::mismatches(source, &claims).len()
        };
        assert_eq!(told("**Coverage**: 82% (29/31 functions tested)"), 0);
        assert_eq!(told("**Coverage**: 82% (29/31)"), 1);
        assert_eq!(told("**Bells**: 82% (29/31 bells ring)"), 1);
    }

    #[test]
    fn comparators_and_distance_are_heeded() {
        assert_eq!(share((26, 28), " (", Number::whole(95), Comparator::Approx), None);
        assert_eq!(share((26, 28), " (", Number::whole(90), Comparator::Ge), None);
        assert!(share((26, 28), " (", Number::whole(95), Comparator::Ge).is_some());
        for between in [" and ", ". ", "\n", " | ", " (up from "] {
            assert_eq!(share((26, 28), between, Number::whole(10), Comparator::Eq), None, "{between:?}");
        }
    }
}
