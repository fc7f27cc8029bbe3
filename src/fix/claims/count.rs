//! "19 MCP servers running" becomes "17 MCP servers running"; "50+ tools" becomes "45+ tools".

use super::grammar::{self, Number};
use super::ground::Ground;
use super::left::Left;
use super::numeral;
use crate::claim::model::{Comparator, Polarity};
use crate::document::edit::Edit;
use crate::document::source::Span;
use crate::quantity;

/// Wordings for a count: its number where it stands, and what agrees with it.
pub(super) fn wordings(ground: &Ground<'_>, value: quantity::Number) -> Result<Vec<Vec<Edit>>, Left> {
    let claim = ground.claim;
    let span = claim.value_span.ok_or(Left::NoWording)?;
    // "312 tests" speaks of all of them, "310 tests passing" of those. Targets are counted as the claim asks.
    let measured = match (claim.polarity, ground.rung, ground.total) {
        (Polarity::None, None, Some(total)) => total,
        (Polarity::Up | Polarity::Down | Polarity::Partial | Polarity::None, _, _) => ground.part,
    };
    let not_whole = || Left::NotShowable(measured.to_string());
    let words = numeral::whole(ground.text(span), measured).ok_or_else(not_whole)?;
    let digits = numeral::digits(measured).ok_or_else(not_whole)?;
    let tail = Span::new(span.end, claim.span.end.max(span.end));
    let head = claim.subject.rsplit(' ').next().filter(|head| !head.is_empty());
    // "1+ tools" are several.
    let exact = claim.comparator == Comparator::Eq;
    let number = Some(Number::of(measured)).filter(|number| exact && *number != Number::of(value.value));
    let rest = grammar::agree(ground.text(tail), tail.start, head, number, number);
    let mut wordings = Vec::new();
    for text in [words, digits] {
        for edits in compared(ground, span, [text.clone(), text], measured == 0.0, false) {
            wordings.push([edits, rest.clone()].concat());
        }
    }
    Ok(wordings)
}

/// Words and signs of comparison that stand before a number. With the exact number behind them the first would say what
/// is not so, and they go; the others can stay.
const STRICT: &[&str] =
    &["more than", "fewer than", "less than", "upwards of", "above", "below", "under", "over", ">", "<"];
const LOOSE: &[&str] =
    &["approximately", "roughly", "around", "nearly", "almost", "approx", "about", "circa", "some", "~", "≈"];

/// The number at `span` with the comparison before it: kept where it is true of the first text, gone where it is not; then
/// the second, exact one stands there. `extreme` says that there is nothing, or nothing missing, which is not "about"
/// anything; `strictly` that the first text is less than what was measured, and not only at most that.
pub(super) fn compared(
    ground: &Ground<'_>,
    span: Span,
    [text, exact]: [String; 2],
    extreme: bool,
    strictly: bool,
) -> Vec<Vec<Edit>> {
    let before = ground.before(span.start);
    let bare = before.trim_end_matches([' ', '\t', '*', '_']);
    let lower = bare.to_lowercase();
    let word = |words: &[&str]| words.iter().find(|word| lower.ends_with(**word)).map(|word| word.len());
    let strict = word(STRICT);
    let kept = vec![Edit { span, text }];
    // Without the comparison, and without the blanks behind it.
    let dropped = |length: usize| {
        let start = span.start - before.len() + bare.len() - length;
        let blanks = ground.text(Span::new(start + length, span.start));
        let end = start + length + (blanks.len() - blanks.trim_start().len());
        vec![Edit { span: Span::new(start, end), text: String::new() }, Edit { span, text: exact.clone() }]
    };
    match (ground.claim.comparator, strict, word(LOOSE).filter(|_| extreme)) {
        (Comparator::Eq, _, _) => vec![kept],
        (Comparator::Ge, _, _) if strictly => vec![kept],
        (Comparator::Approx, _, Some(length)) | (Comparator::Ge | Comparator::Le, Some(length), _) => {
            vec![dropped(length), kept]
        }
        (Comparator::Approx | Comparator::Ge | Comparator::Le, _, _) => vec![kept],
        (Comparator::Gt | Comparator::Lt, Some(length), _) => vec![dropped(length)],
        (Comparator::Gt | Comparator::Lt, None, _) => Vec::new(),
    }
}
