//! "All 5 databases operational" becomes "3 of 5 databases operational", "no failing tests" becomes "2 failing tests".

use super::grammar::{self, Number};
use super::ground::Ground;
use super::left::Left;
use super::numeral;
use super::symbol::Extent;
use crate::document::edit::Edit;
use crate::document::source::Span;
use crate::quantity;

/// What a quantifier says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    /// "All", "both": a noun in the plural follows.
    All,
    /// "Every", "each": a noun in the singular follows.
    Every,
    /// "Everything": its own noun.
    Everything,
    /// "No", "zero".
    No,
}

/// The quantifiers that a wording is known for.
const QUANTIFIERS: &[(&str, Quantifier)] = &[
    ("all", Quantifier::All),
    ("both", Quantifier::All),
    ("every", Quantifier::Every),
    ("each", Quantifier::Every),
    ("everything", Quantifier::Everything),
    ("no", Quantifier::No),
    ("zero", Quantifier::No),
];

/// What can stand between a quantifier and its noun, and goes with it.
const BETWEEN: &[&str] = &["of", "the", "our", "your", "its", "their", "these", "those", "my"];

/// Wordings for a statement about all or none.
pub(super) fn wordings(ground: &Ground<'_>, value: Option<quantity::Number>) -> Result<Vec<Vec<Edit>>, Left> {
    let total = ground.total.ok_or(Left::NoWording)?;
    let words = grammar::words(ground.quote(), ground.claim.span.start);
    let quantifier = words.iter().enumerate().find_map(|(index, (_, word))| {
        let known = QUANTIFIERS.iter().find(|(text, _)| word.eq_ignore_ascii_case(text));
        known.map(|(_, quantifier)| (index, *quantifier))
    });
    let (at, quantifier) = quantifier.ok_or(Left::NoWording)?;
    let said = Said { ground, words: &words, at, total };
    let mut wordings = match quantifier {
        // Only the number beside "all" is wrong.
        Quantifier::All | Quantifier::Every if ground.part == total => said.another_number()?,
        Quantifier::All => said.some_of(value, Number::Many)?,
        Quantifier::Every => said.some_of(value, Number::One)?,
        Quantifier::Everything => said.some_of_everything()?,
        Quantifier::No => said.exceptions()?,
    };
    if let Some(symbol) = ground.symbol(Extent::All) {
        wordings.iter_mut().for_each(|edits| edits.push(symbol.clone()));
    }
    Ok(wordings)
}

struct Said<'a> {
    ground: &'a Ground<'a>,
    /// The words of the claim.
    words: &'a [(Span, &'a str)],
    /// Which of them is the quantifier.
    at: usize,
    total: f64,
}

impl Said<'_> {
    fn shown(&self, value: f64) -> Result<String, Left> {
        let not_whole = || Left::NotShowable(format!("{} of {}", self.ground.part, self.total));
        numeral::whole("0", value).ok_or_else(not_whole)
    }

    fn quantifier(&self) -> Span {
        self.words[self.at].0
    }

    /// The claim behind byte `at`, and where that is.
    fn behind(&self, at: usize) -> (&str, usize) {
        (self.ground.text(Span::new(at, self.ground.claim.span.end.max(at))), at)
    }

    fn head(&self) -> Option<&str> {
        self.ground.claim.subject.rsplit(' ').next().filter(|head| !head.is_empty())
    }

    /// "All 5 databases" becomes "All 6 databases".
    fn another_number(&self) -> Result<Vec<Vec<Edit>>, Left> {
        let span = self.ground.claim.value_span.ok_or(Left::NoWording)?;
        let whole = |model: &str| numeral::whole(model, self.total).ok_or(Left::NoWording);
        let forms = [whole(self.ground.text(span))?, whole("0")?];
        Ok(forms.into_iter().map(|text| vec![Edit { span, text }]).collect())
    }

    /// "All 5 databases" becomes "3 of 5 databases"; `written_in` is the number that the noun stands in.
    fn some_of(&self, value: Option<quantity::Number>, written_in: Number) -> Result<Vec<Vec<Edit>>, Left> {
        let quantifier = self.quantifier();
        let mut end = quantifier.end;
        // "of the" goes as well, as far as nothing but blanks stands between.
        for (span, word) in &self.words[self.at + 1..] {
            let joined = self.ground.text(Span::new(end, span.start)).trim().is_empty();
            if !joined || !BETWEEN.iter().any(|between| word.eq_ignore_ascii_case(between)) {
                break;
            }
            end = span.end;
        }
        let (part, total) = (self.shown(self.ground.part)?, self.shown(self.total)?);
        let span = Span::new(quantifier.start, end);
        // "All four" becomes "Three of four", or else "3 of 4".
        let written = |form: &str| -> Option<Vec<Edit>> {
            let Some(number) = self.ground.claim.value_span.filter(|_| value.is_some()) else {
                return Some(vec![Edit { span, text: format!("{part} of {total}") }]);
            };
            let part = numeral::whole(form, self.ground.part)?.to_lowercase();
            let part = numeral::cased(self.ground.text(quantifier), &part);
            let total = numeral::whole(form, self.total)?;
            Some(vec![Edit { span, text: format!("{part} of") }, Edit { span: number, text: total }])
        };
        let number = self.ground.claim.value_span.map_or("0", |number| self.ground.text(number));
        let (nouns, verbs) = (Number::of(self.total), Number::of(self.ground.part));
        let mut agreed = Vec::new();
        if nouns != written_in || verbs != written_in {
            let (text, at) = self.behind(end);
            agreed = grammar::agree(text, at, self.head(), Some(nouns), Some(verbs));
        }
        let forms = [written(number), written("0")].into_iter().flatten();
        Ok(forms.map(|edits| [edits, agreed.clone()].concat()).collect())
    }

    /// "Everything is operational" becomes "4 of 9 are operational".
    fn some_of_everything(&self) -> Result<Vec<Vec<Edit>>, Left> {
        let (part, total) = (self.shown(self.ground.part)?, self.shown(self.total)?);
        let mut edits = vec![Edit { span: self.quantifier(), text: format!("{part} of {total}") }];
        let (text, at) = self.behind(self.quantifier().end);
        edits.extend(grammar::agree(text, at, None, None, Some(Number::of(self.ground.part))));
        Ok(vec![edits])
    }

    /// "No failing tests" becomes "2 failing tests", "no endpoints are up" becomes "4 endpoints are up".
    fn exceptions(&self) -> Result<Vec<Vec<Edit>>, Left> {
        let count = self.total - self.ground.part;
        let span = self.quantifier();
        let (text, total) = (self.shown(count)?, self.shown(self.total)?);
        let number = Number::of(count);
        let (behind, at) = self.behind(span.end);
        let mut edits = grammar::agree(behind, at, self.head(), Some(number), Some(number));
        // "There are no failing tests."
        let before = self.ground.before(span.start);
        let there = before.trim_end();
        if number == Number::One && there.to_lowercase().ends_with("there are") {
            let end = span.start - (before.len() - there.len());
            edits.push(Edit { span: Span::new(end - "are".len(), end), text: "is".to_owned() });
        }
        let counted = [vec![Edit { span, text: text.clone() }], edits].concat();
        let (nouns, verbs) = (Number::of(self.total), number);
        let of_all = [
            vec![Edit { span, text: format!("{text} of {total}") }],
            grammar::agree(behind, at, self.head(), Some(nouns), Some(verbs)),
        ];
        let mut wordings = vec![counted, of_all.concat()];
        // "No failing tests" becomes "2 tests failing".
        if let [(adjective, of), (noun, head)] = self.words[self.at + 1..]
            && noun.end == self.ground.claim.span.end
            && self.ground.text(Span::new(span.end, adjective.start)).trim().is_empty()
            && self.ground.text(Span::new(adjective.end, noun.start)).trim().is_empty()
        {
            let said = format!("{text} {} {of}", grammar::noun(head, number));
            wordings.push(vec![Edit { span: Span::new(span.start, noun.end), text: said }]);
        }
        Ok(wordings)
    }
}
