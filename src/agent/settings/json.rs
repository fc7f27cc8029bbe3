//! JSON with comments, changed by edits of its text: what is not ours keeps every byte.
//!
//! What [`append`] puts in, [`removal`] finds again from the text alone:
//!
//! - behind other members, what was inserted begins where the last comment, comma or member before it ends;
//! - in a container that was empty, the member stands right at the bracket, and in one that we made, white space stands
//!   between them. So an empty one of the user's stays, and one of ours goes.

use std::ops::Range;

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions};

/// Why a text cannot be changed, and where (a byte of it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte.
    pub at: usize,
    /// Lower case: what is found, what was expected.
    pub message: String,
}

impl Fault {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Fault {
        Fault { at, message: message.into() }
    }
}

/// JSON as agents read it: comments and trailing commas, and nothing else that JSON has not.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// The value of a text. A byte order mark is not part of `text`.
pub(super) fn parse(text: &str) -> Result<Value<'_>, Fault> {
    let parsed = jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| {
        let why = error.kind().to_string();
        let mut letters = why.chars();
        let lower = letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str());
        Fault::new(error.range().start.min(text.len()), lower.unwrap_or_default())
    })?;
    parsed.value.ok_or_else(|| Fault::new(0, "it is empty; expected a JSON object"))
}

/// The value that stands at `of` in `text`.
pub(super) fn value(text: &str, of: &Value<'_>) -> serde_json::Value {
    // It was read before: there is nothing in it that cannot be read.
    jsonc_parser::parse_to_serde_value(&text[range(of.range())], &OPTIONS).unwrap_or_default()
}

/// Something with members: an object or an array.
#[derive(Clone, Debug)]
pub(super) struct Container {
    /// From bracket to bracket.
    range: Range<usize>,
    /// Its properties or elements.
    members: Vec<Range<usize>>,
}

impl Container {
    pub(super) fn of_object(object: &Object<'_>) -> Container {
        let members = object.properties.iter().map(|property| range(property.range)).collect();
        Container { range: range(object.range), members }
    }

    pub(super) fn of_array(array: &Array<'_>) -> Container {
        Container { range: range(array.range), members: array.elements.iter().map(|one| range(one.range())).collect() }
    }
}

fn range(range: jsonc_parser::common::Range) -> Range<usize> {
    range.start..range.end
}

/// How a new member is laid out.
enum Layout<'a> {
    /// On lines of its own, indented so far.
    Lines { newline: &'a str, indent: String, unit: String },
    /// In the line.
    Inline,
}

/// `text` with a member more at the end of a container: `key` is its name, in an object.
pub(super) fn append(text: &str, to: &Container, key: Option<&str>, value: &serde_json::Value) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let unit = unit(text);
    let Some(last) = to.members.last() else {
        let indent = indent_of_line(text, to.range.start) + &unit;
        let member = written(key, value, &Layout::Lines { newline, indent, unit });
        return spliced(text, vec![(to.range.start + 1..to.range.start + 1, member)]);
    };
    let before = &text[end_before(text, last.start)..last.start];
    let comma = Some(after(text, last.end)).filter(|at| text[*at..].starts_with(','));
    let behind = comma.map_or(last.end, |at| at + 1);
    let (at, separator, layout) = match before.rfind('\n') {
        Some(line) => {
            let indent = before[line + 1..].to_owned();
            let separator = format!("{newline}{indent}");
            (end_of_comments(text, behind), separator, Layout::Lines { newline, indent, unit })
        }
        // A comment up to the end of the line would swallow it.
        None => (behind, before.to_owned(), Layout::Inline),
    };
    let member = written(key, value, &layout);
    spliced(
        text,
        match comma {
            Some(_) => vec![(at..at, format!("{separator}{member},"))],
            None => vec![(last.end..last.end, ",".to_owned()), (at..at, format!("{separator}{member}"))],
        },
    )
}

/// What removing the member at `index` takes out of `text`, and whether the container is empty then and was made by us.
pub(super) fn removal(text: &str, from: &Container, index: usize) -> (Vec<Range<usize>>, bool) {
    let member = &from.members[index];
    let start = end_before(text, member.start);
    let next = after(text, member.end);
    let comma = if text[next..].starts_with(',') {
        Some(next)
    } else {
        index.checked_sub(1).map(|index| after(text, from.members[index].end))
    };
    let taken: Vec<_> = std::iter::once(start..member.end).chain(comma.map(|comma| comma..comma + 1)).collect();
    let inside = spliced(text, taken.iter().map(|taken| (taken.clone(), String::new())).collect());
    let length = from.range.len() - (text.len() - inside.len());
    let inside = inside.get(from.range.start + 1..from.range.start + length - 1).unwrap_or_default();
    let ours = from.members.len() == 1 && start < member.start && start == from.range.start + 1;
    (taken, ours && inside.trim().is_empty())
}

/// `text` without what is taken out.
pub(super) fn without(text: &str, taken: Vec<Range<usize>>) -> String {
    spliced(text, taken.into_iter().map(|taken| (taken, String::new())).collect())
}

/// `text` with pieces replaced. They do not overlap; of two at one place the first comes first.
fn spliced(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + edits.iter().map(|(_, new)| new.len()).sum::<usize>());
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// White space of JSON.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The end of what stands before the white space before `at`.
fn end_before(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1)
}

/// Where the comment at `at` ends, if there is one. Blanks at the end of a line comment are not counted to it.
fn comment(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("//") {
        let line = rest.split('\n').next().unwrap_or(rest);
        return Some(at + line.trim_end_matches([' ', '\t', '\r']).len());
    }
    rest.starts_with("/*").then(|| rest[2..].find("*/").map_or(text.len(), |end| at + 2 + end + 2))
}

/// The next byte from `at` on that is neither white space nor comment.
fn after(text: &str, mut at: usize) -> usize {
    loop {
        at += text[at..].bytes().take_while(|byte| is_blank(*byte)).count();
        match comment(text, at) {
            Some(end) => at = end,
            None => return at,
        }
    }
}

/// The end of the comments behind `at` that begin on its line; `at` where there is none.
fn end_of_comments(text: &str, at: usize) -> usize {
    let mut end = at;
    loop {
        let next = end + text[end..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match comment(text, next) {
            Some(comment) => {
                end = comment;
                if text[next..end].contains('\n') || text[next..].starts_with("//") {
                    return end;
                }
            }
            None => return end,
        }
    }
}

/// One step of indentation: that of the first line that has some, else two blanks.
fn unit(text: &str) -> String {
    let indents = text.lines().map(|line| &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]);
    indents.into_iter().find(|indent| !indent.is_empty()).unwrap_or("  ").to_owned()
}

fn indent_of_line(text: &str, at: usize) -> String {
    let line = &text[text[..at].rfind('\n').map_or(0, |line| line + 1)..];
    line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_owned()
}

fn written(key: Option<&str>, value: &serde_json::Value, layout: &Layout<'_>) -> String {
    let mut out = String::new();
    if let Some(key) = key {
        out.push_str(&format!("{}: ", serde_json::Value::from(key)));
    }
    write(value, layout, 0, &mut out);
    out
}

/// Every container that is not empty has white space behind its bracket: it is known by that.
fn write(value: &serde_json::Value, layout: &Layout<'_>, depth: usize, out: &mut String) {
    let (open, close, members): (_, _, Vec<(Option<&String>, &serde_json::Value)>) = match value {
        serde_json::Value::Object(object) if !object.is_empty() => {
            ('{', '}', object.iter().map(|(key, value)| (Some(key), value)).collect())
        }
        serde_json::Value::Array(array) if !array.is_empty() => {
            ('[', ']', array.iter().map(|value| (None, value)).collect())
        }
        scalar => return out.push_str(&scalar.to_string()),
    };
    let break_line = |depth: usize, out: &mut String| match layout {
        Layout::Lines { newline, indent, unit } => {
            out.push_str(newline);
            out.push_str(indent);
            out.push_str(&unit.repeat(depth));
        }
        Layout::Inline => out.push(' '),
    };
    out.push(open);
    for (index, (key, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        break_line(depth + 1, out);
        if let Some(key) = key {
            out.push_str(&format!("{}: ", serde_json::Value::from(key.as_str())));
        }
        write(value, layout, depth + 1, out);
    }
    break_line(depth, out);
    out.push(close);
}
