//! Symbols of state, in families that look alike: the one that says less comes from the same family.

use crate::document::source::Span;

/// How much of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Nothing of it.
    Nothing,
    /// Some of it.
    Some,
    /// All of it.
    All,
}

impl Extent {
    /// The extent of `part` in `total`.
    pub(super) fn of(part: f64, total: f64) -> Extent {
        if part >= total {
            Extent::All
        } else if part > 0.0 {
            Extent::Some
        } else {
            Extent::Nothing
        }
    }

    /// Of those that are down, where this is of those that are up.
    pub(super) fn turned(self) -> Extent {
        match self {
            Extent::Nothing => Extent::All,
            Extent::Some => Extent::Some,
            Extent::All => Extent::Nothing,
        }
    }
}

/// Families: all, some, nothing. A symbol that stands in several is read as of the first.
const FAMILIES: &[[&str; 3]] = &[
    ["✅", "⚠️", "❌"],
    ["🟢", "🟡", "🔴"],
    ["🟢", "🟠", "🔴"],
    ["✔", "⚠", "✘"],
    ["✔", "⚠", "✖"],
    ["✓", "⚠", "✗"],
    ["✅", "🚧", "⛔"],
    ["✅", "⏳", "🛑"],
    ["✅", "🔶", "🚫"],
];

/// Makes a symbol a picture in colour, or plain text; it belongs to the symbol before it.
const SELECTORS: [char; 2] = ['\u{fe0f}', '\u{fe0e}'];

/// The symbol of the family of `symbol` that says `extent`; `None` where no family has it.
pub(super) fn saying(symbol: &str, extent: Extent) -> Option<&'static str> {
    let bare = |text: &str| text.trim_end_matches(SELECTORS).to_owned();
    // "⚠️" goes with "✅" and "⚠" with "✓": as written first, then whichever has it.
    let family = FAMILIES
        .iter()
        .find(|family| family.contains(&symbol))
        .or_else(|| FAMILIES.iter().find(|family| family.iter().any(|one| bare(one) == bare(symbol))))?;
    Some(match extent {
        Extent::All => family[0],
        Extent::Some => family[1],
        Extent::Nothing => family[2],
    })
}

/// Whether a symbol says that all is well: in the column "Planned" it says something else, which no other symbol there mends.
pub(super) fn is_up(symbol: &str) -> bool {
    FAMILIES.iter().any(|family| family[0].trim_end_matches(SELECTORS) == symbol.trim_end_matches(SELECTORS))
}

/// The symbol at the beginning of `text`, with its selector.
pub(super) fn leading(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let known = FAMILIES.iter().flatten().any(|symbol| symbol.starts_with(first));
    let rest = text[first.len_utf8()..].trim_start_matches(SELECTORS);
    known.then(|| &text[..text.len() - rest.len()])
}

/// The symbol at the end of `text`, with its selector.
pub(super) fn trailing(text: &str) -> Option<&str> {
    let bare = text.trim_end_matches(SELECTORS);
    let last = bare.chars().next_back()?;
    let start = bare.len() - last.len_utf8();
    leading(&text[start..]).filter(|symbol| start + symbol.len() == text.len())
}

/// The symbol that begins or ends `span`, or else stands right before or after it, with nothing but blanks and emphasis
/// between.
pub(super) fn beside(source: &str, span: Span) -> Option<(Span, &str)> {
    let between = [' ', '\t', '*', '_'];
    let quote = source.get(span.range())?;
    if let Some(symbol) = leading(quote) {
        return Some((Span::new(span.start, span.start + symbol.len()), symbol));
    }
    if let Some(symbol) = trailing(quote) {
        return Some((Span::new(span.end - symbol.len(), span.end), symbol));
    }
    let before = source[..span.start].trim_end_matches(between);
    if let Some(symbol) = trailing(before) {
        return Some((Span::new(before.len() - symbol.len(), before.len()), symbol));
    }
    let after = source[span.end..].trim_start_matches(between);
    let at = source.len() - after.len();
    leading(after).map(|symbol| (Span::new(at, at + symbol.len()), symbol))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_gives_way_to_one_of_its_family() {
        for (symbol, all, some, nothing) in [
            ("✅", "✅", "⚠️", "❌"),
            ("❌", "✅", "⚠️", "❌"),
            ("⚠️", "✅", "⚠️", "❌"),
            ("🔴", "🟢", "🟡", "🔴"),
            ("✗", "✓", "⚠", "✗"),
        ] {
            assert_eq!(saying(symbol, Extent::All), Some(all));
            assert_eq!(saying(symbol, Extent::Some), Some(some));
            assert_eq!(saying(symbol, Extent::Nothing), Some(nothing));
        }
        assert_eq!(saying("🦀", Extent::All), None);
    }

    #[test]
    fn symbols_are_found_in_a_claim_and_beside_it() {
        let found = |text: &str, quote: &str| {
            let start = text.find(quote).unwrap();
            beside(text, Span::new(start, start + quote.len())).map(|(span, symbol)| {
                assert_eq!(&text[span.range()], symbol);
                symbol.to_owned()
            })
        };
        assert_eq!(found("- ⚠️ **3/5** up", "3/5** up"), Some("⚠️".to_owned()));
        assert_eq!(found("a 3/5 up ✅", "3/5 up"), Some("✅".to_owned()));
        assert_eq!(found("✅ x", "✅ x"), Some("✅".to_owned()));
        assert_eq!(found("x ⚠️", "x ⚠️"), Some("⚠️".to_owned()));
        assert_eq!(found("✅ and 3/5 up", "3/5 up"), None);
    }
}
