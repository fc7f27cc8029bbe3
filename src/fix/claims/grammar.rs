//! Agreement with a number: "1 database is", "2 databases are".

use super::numeral::cased;
use crate::document::edit::Edit;
use crate::document::source::Span;

/// Verbs in the singular and the plural. What is not here does not change, or is not known.
const VERBS: &[(&str, &str)] = &[
    ("is", "are"),
    ("isn't", "aren't"),
    ("has", "have"),
    ("works", "work"),
    ("runs", "run"),
    ("passes", "pass"),
    ("fails", "fail"),
    ("responds", "respond"),
    ("answers", "answer"),
    ("operates", "operate"),
    ("functions", "function"),
    ("exists", "exist"),
    ("remains", "remain"),
    ("completes", "complete"),
];

/// Plurals that no rule makes.
const IRREGULAR: &[(&str, &str)] =
    &[("status", "statuses"), ("index", "indices"), ("series", "series"), ("bus", "buses"), ("cache", "caches")];

/// Whether things are said of one or of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// One.
    One,
    /// None or more than one.
    Many,
}

impl Number {
    /// The grammatical number of `count` things.
    pub(super) fn of(count: f64) -> Number {
        if count == 1.0 { Number::One } else { Number::Many }
    }
}

/// `noun` in `number`.
pub(super) fn noun(noun: &str, number: Number) -> String {
    let lower = noun.to_lowercase();
    let known = IRREGULAR.iter().find(|(one, many)| lower == *one || lower == *many);
    if let Some((one, many)) = known {
        return cased(noun, if number == Number::One { one } else { many });
    }
    match number {
        Number::One => singular(noun, &lower),
        Number::Many => plural(noun, &lower),
    }
}

fn singular(noun: &str, lower: &str) -> String {
    let hissing = ["sses", "xes", "ches", "shes", "zes"].iter().any(|end| lower.ends_with(end));
    if lower.len() > 4 && lower.ends_with("ies") {
        format!("{}{}", &noun[..noun.len() - 3], if noun.ends_with('S') { "Y" } else { "y" })
    } else if hissing {
        noun[..noun.len() - 2].to_owned()
    } else if lower.len() > 2 && lower.ends_with('s') && !lower.ends_with("ss") {
        noun[..noun.len() - 1].to_owned()
    } else {
        noun.to_owned()
    }
}

fn plural(noun: &str, lower: &str) -> String {
    // "APIs", and "SERVERS".
    let capitals = noun.len() > 4 && noun.chars().all(char::is_uppercase);
    let end = |end: &str| if capitals { end.to_uppercase() } else { end.to_owned() };
    let vowel = |c: char| "aeiou".contains(c);
    let after_consonant = lower.chars().rev().nth(1).is_some_and(|c| !vowel(c));
    if lower.ends_with('y') && after_consonant {
        format!("{}{}", &noun[..noun.len() - 1], end("ies"))
    } else if ["x", "ch", "sh", "z", "ss"].iter().any(|hissing| lower.ends_with(hissing)) {
        format!("{noun}{}", end("es"))
    } else if lower.ends_with('s') {
        noun.to_owned()
    } else {
        format!("{noun}{}", end("s"))
    }
}

/// The form of `verb` that goes with `number`; `None` where the verb is not known.
pub(super) fn verb(verb: &str, number: Number) -> Option<String> {
    let lower = verb.to_lowercase().replace('\u{2019}', "'");
    let (one, many) = VERBS.iter().find(|(one, many)| lower == *one || lower == *many)?;
    Some(cased(verb, if number == Number::One { one } else { many }))
}

/// The words of `text`, which stands at byte `at` of the source.
pub(super) fn words(text: &str, at: usize) -> Vec<(Span, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '\u{2019}' | '.' | '/');
    for (index, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (inside(c), start) {
            (true, None) => start = Some(index),
            (false, Some(from)) => {
                let word = text[from..index].trim_matches(|c: char| !c.is_alphanumeric());
                let from = from + text[from..index].find(word).unwrap_or(0);
                if !word.is_empty() {
                    words.push((Span::new(at + from, at + from + word.len()), word));
                }
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    words
}

/// Brings the noun whose last word is `head` into `nouns`, and the verb behind it into `verbs`, in `text` at byte `at`; what
/// has no number given stays. A noun or verb that is not found stays: whether the sentence is still read as the claim, the reader of the result says.
pub(super) fn agree(
    text: &str,
    at: usize,
    head: Option<&str>,
    nouns: Option<Number>,
    verbs: Option<Number>,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    let words = words(text, at);
    let found = head.and_then(|head| words.iter().position(|(_, word)| word.eq_ignore_ascii_case(head)));
    if let (Some(index), Some(number)) = (found, nouns) {
        let (span, word) = words[index];
        edits.push(Edit { span, text: noun(word, number) });
    }
    let from = found.map_or(0, |index| index + 1);
    // The verb stands right behind the noun, or an adverb away.
    let of_verb = words.iter().skip(from).take(if head.is_some() && found.is_none() { 0 } else { 2 });
    if let Some((span, text)) = of_verb.filter_map(|(span, word)| Some((*span, verb(word, verbs?)?))).next() {
        edits.push(Edit { span, text });
    }
    edits.retain(|edit| text.get(edit.span.start - at..edit.span.end - at) != Some(edit.text.as_str()));
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns() {
        for (one, many) in [
            ("database", "databases"),
            ("process", "processes"),
            ("registry", "registries"),
            ("key", "keys"),
            ("box", "boxes"),
            ("status", "statuses"),
            ("API", "APIs"),
            ("Server", "Servers"),
        ] {
            assert_eq!(noun(one, Number::Many), many);
            assert_eq!(noun(many, Number::One), one);
            assert_eq!(noun(one, Number::One), one);
        }
    }

    #[test]
    fn a_sentence_agrees() {
        let agreed = |text: &str, head, number| {
            crate::document::edit::apply(text, &agree(text, 0, Some(head), Some(number), Some(number))).unwrap()
        };
        assert_eq!(agreed("MCP servers are operational", "servers", Number::One), "MCP server is operational");
        assert_eq!(agreed("endpoint works", "endpoint", Number::Many), "endpoints work");
        assert_eq!(agreed("**databases** now are up", "databases", Number::One), "**database** now is up");
        assert_eq!(agreed("things in general", "servers", Number::One), "things in general");
    }
}
