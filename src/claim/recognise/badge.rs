//! Badges: images whose address says a label and a value.

use crate::claim::line::Line;
use crate::claim::model::{Comparator, Kind};
use crate::claim::recognise::{Candidate, Found};
use crate::claim::token::TokenKind;
use crate::document::source::Span;
use crate::quantity::Number;

/// Finds the badges of a line.
pub fn recognise(line: &Line<'_>, found: &mut Found) {
    for at in 0..line.tokens.len() {
        if line.tokens[at].kind == TokenKind::Image
            && let Some(candidate) = read(line, at)
        {
            found.add(line, candidate);
        }
    }
}

/// A static badge, `…/badge/LABEL-VALUE-COLOUR…`, with a number as value.
fn read(line: &Line<'_>, at: usize) -> Option<Candidate> {
    let image = line.tokens[at].span();
    let text = &line.source[image.range()];
    let path = text.find("/badge/")? + "/badge/".len();
    let rest = &text[path..];
    let rest = &rest[..rest.find(['?', ')', ' ', '"']).unwrap_or(rest.len())];
    let (label, rest) = rest.split_once('-')?;
    let value = &rest[..rest.rfind('-')?];
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let number = value[..digits].parse::<u32>().ok()?;
    let start = image.start + path + label.len() + 1;
    let tail = &value[digits..];
    let value_number = Number::whole(number.into());
    let (plus, tail) =
        tail.strip_prefix("%2B").or_else(|| tail.strip_prefix('+')).map_or((false, tail), |tail| (true, tail));
    let kind = if tail.starts_with("%25") {
        Kind::Percent { value: value_number }
    } else if tail.is_empty() || tail.starts_with("%20") || tail.starts_with('_') {
        Kind::Count { value: value_number }
    } else {
        return None;
    };
    // A version or a port counts nothing.
    let counts =
        ["test", "coverage", "tool", "server", "agent", "pass", "check", "endpoint", "service", "file", "package"];
    let lower = value.to_ascii_lowercase();
    let named = label.to_ascii_lowercase();
    if !counts.iter().any(|word| named.contains(word) || lower.contains(word)) {
        return None;
    }
    let mut candidate = Candidate::new(kind, at, at);
    candidate.comparator = if plus { Comparator::Ge } else { Comparator::Eq };
    candidate.value_span = Some(Span::new(start, start + digits));
    candidate.badge = Some(Span::new(image.start + path, image.start + path + label.len()));
    if lower.contains("pass") {
        candidate.polarity = crate::claim::model::Polarity::Up;
    }
    Some(candidate)
}

#[cfg(test)]
mod tests {
    use crate::claim::specimen::assert_claims;

    #[test]
    fn badges_with_a_value() {
        let tests = "![t](https://img.shields.io/badge/Tests-312%20passing-green.svg)";
        let coverage = "![c](https://img.shields.io/badge/Code%20coverage-91%25-green)";
        assert_claims(&[
            (tests, &[&format!("{tests} | count 312 | eq | up | Tests")]),
            (coverage, &[&format!("{coverage} | percent 91 | eq | none | Code coverage")]),
            ("![v](https://img.shields.io/badge/version-2-blue)", &[]),
        ]);
    }
}
