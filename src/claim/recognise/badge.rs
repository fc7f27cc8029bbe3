//! Badges: images whose address says a label and a value.

use crate::claim::candidate::Candidate;
use crate::claim::found::Found;
use crate::claim::lexicon::{Class, Lexicon};
use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind, Polarity};
use crate::claim::numeral::{self, Numeral};
use crate::claim::token::TokenKind;
use crate::document::source::Span;
use crate::quantity::Number;

/// Finds the badges of a line.
pub fn recognise(line: &Line<'_>, lexicon: &Lexicon, found: &mut Found) {
    for at in 0..line.tokens.len() {
        if line.tokens[at].kind == TokenKind::Image
            && let Some(candidate) = read(line, at, lexicon)
        {
            found.add(line, candidate);
        }
    }
}

/// Words one of which says that the number of a badge counts something: a version or a port counts nothing.
const COUNTED: &[&str] =
    &["test", "coverage", "tool", "server", "agent", "pass", "check", "endpoint", "service", "file", "package"];

/// A static badge, `…/badge/LABEL-VALUE-COLOUR…`, with a number or a state as value.
fn read(line: &Line<'_>, at: usize, lexicon: &Lexicon) -> Option<Candidate> {
    let image = line.tokens[at].span();
    let text = &line.source[image.range()];
    let path = text.find("/badge/")? + "/badge/".len();
    let rest = &text[path..];
    // Parentheses that close what the address opened belong to it; the last closes the image.
    let rest = &rest[..rest.find(['?', ' ', '"', '\'']).unwrap_or(rest.len())];
    let rest = rest.strip_suffix(')').filter(|_| text.ends_with(rest)).unwrap_or(rest);
    let [label, value, _colour] = fields(rest)[..] else { return None };
    let (raw, shown) = (&rest[value.0..value.1], decoded(&rest[value.0..value.1]).to_lowercase());
    let start = image.start + path + value.0;
    let numeral = raw.starts_with(|first: char| first.is_ascii_digit()).then(|| numeral::read(raw.as_bytes(), 0));
    let digits = numeral.map_or(0, |numeral| numeral.end);
    let said = shown[digits.min(shown.len())..].split([' ', '/', '%', ',']).chain([shown.as_str()]);
    let state = said.filter_map(|word| lexicon.word(word)).find(|entry| entry.classes.has(Class::State));
    let (kind, total) = numeral.and_then(|numeral| number(raw, numeral)).unwrap_or((Kind::State, None));
    let named = decoded(&rest[label.0..label.1]).to_lowercase();
    match kind {
        // A word too common to be a claim is none here either, unless the label asks for a state.
        Kind::State => {
            state.filter(|state| !state.classes.has(Class::Weak) || named.contains("status"))?;
        }
        Kind::Count { .. } if !COUNTED.iter().any(|word| named.contains(word) || shown.contains(word)) => return None,
        Kind::Ratio { .. } | Kind::Percent { .. } | Kind::Count { .. } | Kind::Universal { .. } => {}
    }
    let mut candidate = Candidate::new(kind, at, at);
    candidate.polarity = state.map_or(Polarity::None, |state| state.polarity);
    candidate.rung = state.and_then(|state| state.rung);
    if kind != Kind::State {
        candidate.value_span = Some(Span::new(start, start + digits));
        let plus = raw[digits..].starts_with('+') || raw[digits..].starts_with("%2B");
        candidate.comparator = if plus { Comparator::Ge } else { Comparator::Eq };
    }
    candidate.total_span = total.map(|total| Span::new(start + total.0, start + total.1));
    candidate.badge = Some(Span::new(image.start + path + label.0, image.start + path + label.1));
    Some(candidate)
}

/// A range of bytes in the address of a badge.
type Field = (usize, usize);

/// The fields of a badge: a dash parts them, two are a dash.
fn fields(address: &str) -> Vec<Field> {
    let bytes = address.as_bytes();
    let (mut fields, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'-', Some(b'-')) => at += 1,
            (b'-', _) => {
                fields.push((start, at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    fields.push((start, bytes.len()));
    fields
}

/// What the number that a value begins with says, and for a ratio where its total stands.
fn number(raw: &str, numeral: Numeral) -> Option<(Kind, Option<Field>)> {
    let whole = |text: &str| text.parse::<u32>().ok().map(|number| Number::whole(number.into()));
    // Of two points, or of many digits, a version or an identifier is made.
    if numeral.identifies {
        return None;
    }
    let (value, digits) = (numeral.value, numeral.end);
    let tail = &raw[digits..];
    let slash = ["%2F", "%2f", "/"].into_iter().find(|slash| tail.starts_with(slash));
    if let Some(slash) = slash {
        let start = digits + slash.len();
        let end = start + raw[start..].bytes().take_while(u8::is_ascii_digit).count();
        let total = whole(&raw[start..end]).filter(|total| total.value >= value.value)?;
        return Some((Kind::Ratio { value, total }, Some((start, end))));
    }
    let rest = tail.strip_prefix("%2B").or_else(|| tail.strip_prefix('+')).unwrap_or(tail);
    if rest.starts_with("%25") {
        return Some((Kind::Percent { value }, None));
    }
    let ends = rest.is_empty() || rest.starts_with("%20") || rest.starts_with('_');
    ends.then_some((Kind::Count { value }, None))
}

/// A field as a reader sees it.
fn decoded(field: &str) -> String {
    let field = field.replace("--", "-").replace('_', " ");
    let mut shown = String::with_capacity(field.len());
    let mut rest = field.as_str();
    while let Some(at) = rest.find('%') {
        shown.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok());
        match code.filter(u8::is_ascii) {
            Some(code) => shown.push(char::from(code)),
            None => shown.push('%'),
        }
        rest = &rest[if code.is_some() { at + 3 } else { at + 1 }..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn badges_with_a_value() {
        let tests = "![t](https://img.shields.io/badge/Tests-312%20passing-green.svg)";
        let ready = "![s](https://img.shields.io/badge/status-production--ready-green)";
        let secrets = "![s](https://img.shields.io/badge/secrets-24%2F25%20configured-green)";
        let coverage = "![c](https://img.shields.io/badge/Code%20coverage-91%25-green)";
        let html = "<img alt='e' src='https://img.shields.io/badge/Endpoints-89-green'/>";
        let parts = "![e](https://img.shields.io/badge/E2E%20tests-79.5%25%20(121/152)-green)";
        assert_claims(&[
            (parts, &[&format!("{parts} | percent 79.5 | eq | none | E2E tests")]),
            (tests, &[&format!("{tests} | count 312 | eq | up | Tests")]),
            (coverage, &[&format!("{coverage} | percent 91 | eq | none | Code coverage")]),
            (html, &[&format!("{html} | count 89 | eq | none | Endpoints")]),
            ("<!-- <img src=\"https://img.shields.io/badge/Tests-89-green\"> -->", &[]),
            (ready, &[&format!("{ready} | state | eq | up | status")]),
            (secrets, &[&format!("{secrets} | ratio 24/25 | eq | up | secrets")]),
            ("![v](https://img.shields.io/badge/version-2-blue)", &[]),
            ("![l](https://img.shields.io/badge/license-MIT-green)", &[]),
            ("![m](https://img.shields.io/badge/Maintained-yes-green)", &[]),
        ]);
    }
}
