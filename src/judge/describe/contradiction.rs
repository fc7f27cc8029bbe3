//! Contradictions in words: both places, and why they exclude each other.

use std::sync::Arc;

use super::phrase;
use crate::claim::model::Claim;
use crate::code::Code;
use crate::config::policy::Levels;
use crate::document::source::SourceFile;
use crate::judge::contradiction::enumeration::{Form, Miscount};
use crate::judge::contradiction::share::Mismatch;
use crate::report::diagnostic::Diagnostic;

/// A claim and the document that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// The claim.
    pub claim: &'a Claim,
    /// Its document.
    pub file: &'a Arc<SourceFile>,
}

impl Stated<'_> {
    fn words(&self) -> String {
        phrase::claimed(self.claim, self.file)
    }

    fn begin(&self, code: Code, levels: Levels, headline: String, label: String) -> Option<Diagnostic> {
        let severity = super::severity(levels.contradictions)?;
        let told = Diagnostic::new(code, severity, headline).at(self.file, self.claim.span, label);
        Some(Diagnostic { headings: self.claim.headings.to_vec(), ..told })
    }
}

/// Two claims of which one is false; `second` stands later. `None` where the policy allows it.
pub fn opposed(first: Stated<'_>, second: Stated<'_>, levels: Levels) -> Option<Diagnostic> {
    let headline = format!("claimed {} here and {} before: both cannot be true", second.words(), first.words());
    let told = second.begin(Code::ContradictoryClaims, levels, headline, "said so here".to_owned())?;
    let told = told.also_at(first.file, first.claim.span, "and otherwise here");
    Some(told.help("correct the one that is false; if they speak of different things, say so in their subjects"))
}

/// A number over a list or table that enumerates another. `None` where the policy allows it.
pub fn miscount(stated: Stated<'_>, miscount: &Miscount, levels: Levels) -> Option<Diagnostic> {
    let (form, noun) = match miscount.form {
        Form::List => ("list", "items"),
        Form::Table => ("table", "rows"),
    };
    let entries = miscount.entries;
    let headline = format!("claimed {}, the {form} below has {entries} {noun}", stated.words());
    let told = stated.begin(Code::MiscountedList, levels, headline, format!("{entries} {noun} follow"))?;
    let told = told.also_at(stated.file, miscount.at, format!("the first of {entries}"));
    Some(told.help(format!("correct the number, or complete the {form}")))
}

/// A ratio and a percentage beside it that do not agree. `None` where the policy allows it.
pub fn mismatch(ratio: Stated<'_>, percent: Stated<'_>, mismatch: &Mismatch, levels: Levels) -> Option<Diagnostic> {
    let value = ratio.claim.kind.value().zip(ratio.claim.kind.total());
    let ratio_words = value.map_or_else(|| ratio.words(), |(value, total)| format!("{value} of {total}"));
    let claimed = percent.claim.kind.value().map_or_else(|| percent.words(), |value| format!("{value}%"));
    let share = mismatch.share;
    let headline = format!("claimed {claimed}, and {ratio_words} is {share}%");
    let told = percent.begin(Code::InconsistentShare, levels, headline, String::new())?;
    let told = told.also_at(ratio.file, ratio.claim.span, format!("this makes {share}%"));
    Some(told.help("correct the one that is false"))
}
