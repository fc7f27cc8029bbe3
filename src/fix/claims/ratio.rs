//! "21/21 operational" becomes "0/21 operational".

use super::grammar::{self, Number};
use super::ground::Ground;
use super::left::Left;
use super::numeral;
use super::symbol::Extent;
use crate::document::edit::Edit;
use crate::document::source::Span;
use crate::quantity;

/// Wordings for a ratio: its numbers where they stand, and the symbol beside it.
pub(super) fn wordings(
    ground: &Ground<'_>,
    value: quantity::Number,
    total: quantity::Number,
) -> Result<Vec<Vec<Edit>>, Left> {
    let claim = ground.claim;
    let (Some(part_span), Some(whole_span)) = (claim.value_span, claim.total_span) else {
        return Err(Left::NoWording);
    };
    let whole = ground.total.ok_or(Left::NoWording)?;
    let not_whole = || Left::NotShowable(format!("{} of {whole}", ground.part));
    let written = |form: fn(&str, f64) -> Option<String>| -> Option<Vec<Edit>> {
        Some(vec![
            Edit { span: part_span, text: form(ground.text(part_span), ground.part)? },
            Edit { span: whole_span, text: form(ground.text(whole_span), whole)? },
        ])
    };
    let mut rest = ground.symbol(Extent::of(value.value, total.value)).into_iter().collect::<Vec<_>>();
    let tail = Span::new(whole_span.end, claim.span.end.max(whole_span.end));
    let changed = |from, to| Some(Number::of(to)).filter(|to| *to != Number::of(from));
    let head = claim.subject.rsplit(' ').next().filter(|head| !head.is_empty());
    let (nouns, verbs) = (changed(total.value, whole), changed(value.value, ground.part));
    rest.extend(grammar::agree(ground.text(tail), tail.start, head, nouns, verbs));
    let (words, digits) = (written(numeral::whole), written(|_, value| numeral::digits(value)));
    let wordings: Vec<Vec<Edit>> =
        [words, digits].into_iter().flatten().map(|edits| [edits, rest.clone()].concat()).collect();
    if wordings.is_empty() { Err(not_whole()) } else { Ok(wordings) }
}
