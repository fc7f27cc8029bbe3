//! What a rewriting works from: the text, the claim, and what was measured in the claim's own terms.

use super::left::Left;
use super::symbol::{self, Extent};
use crate::claim::model::{Claim, Polarity};
use crate::document::edit::Edit;
use crate::document::source::Span;
use crate::judge::verdict::{Measured, Member, Tally};
use crate::quantity::Quantity;
use crate::rung::Rung;

/// How far around a claim the text is looked at, in bytes: no line makes that more than this.
const SIGHT: usize = 400;

/// A claim that drifted, and all that a wording needs to know.
pub(super) struct Ground<'a> {
    /// The whole document.
    pub source: &'a str,
    /// The claim.
    pub claim: &'a Claim,
    /// How many are as the claim says (those that are down, for a claim about what is down), or the number measured.
    pub part: f64,
    /// Of how many; `None` for a number that is part of no whole.
    pub total: Option<f64>,
    /// The targets that are not up, where targets were counted.
    pub members: &'a [Member],
    /// The rung that was asked, where targets were counted.
    pub rung: Option<Rung>,
}

impl<'a> Ground<'a> {
    /// # Errors
    /// Where what was measured does not decide what could be written.
    pub(super) fn new(
        source: &'a str,
        claim: &'a Claim,
        measured: &'a Measured,
        weak: Option<Rung>,
    ) -> Result<Ground<'a>, Left> {
        if let Some(rung) = weak {
            return Err(Left::Weak(rung));
        }
        let down = claim.polarity == Polarity::Down;
        let ground = match measured {
            Measured::Tally(Tally { unknown, total, .. }) if *unknown > 0 => {
                return Err(Left::Unknown { unknown: *unknown, total: *total });
            }
            Measured::Tally(Tally { total: 0, .. }) => return Err(Left::NothingThere),
            Measured::Tally(tally) => Ground {
                source,
                claim,
                part: if down { tally.down() } else { tally.up } as f64,
                total: Some(tally.total as f64),
                members: &tally.members,
                rung: Some(tally.rung),
            },
            Measured::Quantity(Quantity { value, total }) => Ground {
                source,
                claim,
                part: total.filter(|_| down).map_or(*value, |total| total - value),
                total: *total,
                members: &[],
                rung: None,
            },
        };
        if ground.dated() {
            return Err(Left::Dated);
        }
        Ok(ground)
    }

    /// The text of `span`.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    /// The claim as it stands.
    pub(super) fn quote(&self) -> &'a str {
        self.text(self.claim.span)
    }

    /// What stands before `at` on its line, or the end of that.
    pub(super) fn before(&self, at: usize) -> &'a str {
        let mut from = at.saturating_sub(SIGHT);
        while !self.source.is_char_boundary(from) {
            from += 1;
        }
        let text = &self.source[from..at];
        text.rfind('\n').map_or(text, |end| &text[end + 1..])
    }

    /// What stands from `at` on to the end of its line, or the beginning of that.
    pub(super) fn after(&self, at: usize) -> &'a str {
        let mut to = self.source.len().min(at + SIGHT);
        while !self.source.is_char_boundary(to) {
            to -= 1;
        }
        let text = &self.source[at..to];
        text.find('\n').map_or(text, |end| &text[..end])
    }

    /// How much of the whole is as the claim says; `None` for a number that is part of no whole.
    pub(super) fn extent(&self) -> Option<Extent> {
        Some(Extent::of(self.part, self.total?))
    }

    /// The change of the symbol of state that the claim has in it or beside it, where what it says is no longer so.
    /// `claimed` is what the claim says of the whole.
    pub(super) fn symbol(&self, claimed: Extent) -> Option<Edit> {
        let now = self.extent().filter(|now| *now != claimed)?;
        // A claim about what is down says of all that they are down with a sign for down.
        let now = if self.claim.polarity == Polarity::Down { now.turned() } else { now };
        let (span, text) = symbol::beside(self.source, self.claim.span)?;
        let text = symbol::saying(text, now)?;
        Some(Edit { span, text: text.to_owned() })
    }

    /// Whether the sentence binds the claim to a day or a period.
    fn dated(&self) -> bool {
        let rest = self.after(self.claim.span.end).to_lowercase();
        let sentence = &rest[..rest.find(['|', ';']).unwrap_or(rest.len())];
        let sentence = &sentence[..sentence.find(". ").unwrap_or(sentence.len())];
        let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.iter().any(|word| matches!(*word, "since" | "until" | "yesterday"))
            || words.windows(2).any(|two| matches!(two, ["as", "of"] | ["last", "week" | "month" | "year" | "night"]))
            || words.windows(2).any(|two| {
                // "(verified 2025-05-24)"
                matches!(two[0], "verified" | "tested" | "checked" | "measured" | "confirmed" | "on")
                    && two[1].len() == 4
                    && two[1].starts_with("20")
                    && two[1].bytes().all(|byte| byte.is_ascii_digit())
            })
    }
}
