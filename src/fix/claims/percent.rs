//! "100% functional" becomes "0% functional": at the precision that the claim shows.

use super::count::compared;
use super::ground::Ground;
use super::left::Left;
use super::numeral::{self, Round};
use super::symbol::Extent;
use crate::claim::model::Comparator;
use crate::document::edit::Edit;
use crate::quantity;

/// Wordings for a share: its number where it stands, and the symbol beside it.
pub(super) fn wordings(ground: &Ground<'_>, value: quantity::Number) -> Result<Vec<Vec<Edit>>, Left> {
    let span = ground.claim.value_span.ok_or(Left::NoWording)?;
    let measured = match ground.total {
        Some(0.0) => return Err(Left::NothingThere),
        Some(total) => 100.0 * ground.part / total,
        None => ground.part,
    };
    let round = match ground.claim.comparator {
        Comparator::Eq | Comparator::Approx => Round::Nearest,
        Comparator::Ge | Comparator::Gt => Round::Down,
        Comparator::Le | Comparator::Lt => Round::Up,
    };
    let shown = |round| numeral::percent(value, measured, round).ok_or(Left::NotShowable(measured.to_string()));
    let (text, exact) = (shown(round)?, shown(Round::Nearest)?);
    let symbol = ground.symbol(Extent::of(value.value, 100.0));
    let extreme = measured == 0.0 || measured == 100.0;
    let strictly = text.parse().is_ok_and(|shown: f64| shown < measured);
    let edits = compared(ground, span, [text, exact], extreme, strictly);
    Ok(edits
        .into_iter()
        .map(|mut edits| {
            edits.extend(symbol.clone());
            edits
        })
        .collect())
}
