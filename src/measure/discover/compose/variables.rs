//! Variables in the values of a compose file, by the rules of compose: `$NAME`, `${NAME}`, `${NAME:-default}`,
//! `${NAME-default}`, `${NAME:?message}`, `${NAME:+other}`, and `$$` for a dollar.

use std::collections::BTreeMap;

/// Longest nesting of defaults in defaults.
const DEEPEST: usize = 16;

/// `text` with its variables replaced. One that is not set is empty, as for compose.
///
/// # Errors
/// What compose would refuse as well: a variable that must be set and is not, a brace that is not closed.
pub(super) fn expand(text: &str, value_of: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    expand_at(text, value_of, 0)
}

fn expand_at(text: &str, value_of: &dyn Fn(&str) -> Option<String>, depth: usize) -> Result<String, String> {
    if depth > DEEPEST {
        return Err("variables are nested too deeply".to_owned());
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let end = closing(after).ok_or_else(|| format!("`${{{after}` is not closed"))?;
            out.push_str(&braced(&after[..end], value_of, depth)?);
            rest = &after[end + 1..];
        } else {
            let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
            if end == 0 {
                out.push('$');
            }
            out.push_str(&value_of(&rest[..end]).unwrap_or_default());
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn braced(inner: &str, value_of: &dyn Fn(&str) -> Option<String>, depth: usize) -> Result<String, String> {
    let end = inner.find(|c: char| !is_name(c)).unwrap_or(inner.len());
    let (name, operator) = inner.split_at(end);
    let value = value_of(name);
    let (value, operator) = match operator.strip_prefix(':') {
        Some(operator) => (value.filter(|value| !value.is_empty()), operator),
        None => (value, operator),
    };
    let mut letters = operator.chars();
    let sign = letters.next();
    let other = letters.as_str();
    match (sign, value) {
        (None, value) => Ok(value.unwrap_or_default()),
        (Some('-' | '?'), Some(value)) => Ok(value),
        (Some('-'), None) => expand_at(other, value_of, depth + 1),
        (Some('?'), None) => Err(format!("`{name}` must be set: {other}")),
        (Some('+'), Some(_)) => expand_at(other, value_of, depth + 1),
        (Some('+'), None) => Ok(String::new()),
        (Some(_), _) => Err(format!("`${{{inner}}}` is no variable that compose knows")),
    }
}

/// Where the brace ends that `text` stands in.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '{' if previous == '$' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
        previous = c;
    }
    None
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The variables of a `.env` file. Values may be quoted; what stands behind ` #` is a comment.
pub(super) fn dotenv(text: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (name, value) = line.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || name.starts_with('#') || !name.chars().all(is_name) {
            return None;
        }
        let quoted = |quote| value.strip_prefix(quote).and_then(|rest: &str| rest.split_once(quote));
        let value = match (quoted('"'), quoted('\'')) {
            (Some((inside, _)), _) | (None, Some((inside, _))) => inside,
            (None, None) if value.starts_with('#') => "",
            (None, None) => value.split(" #").next().unwrap_or_default().trim_end(),
        };
        Some((name.to_owned(), value.to_owned()))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_as_compose_reads_them() {
        let value_of = |name: &str| match name {
            "NAME" => Some("shop".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("plain", "plain"),
            ("$NAME-web", "shop-web"),
            ("${NAME}web", "shopweb"),
            ("${NONE:-x}", "x"),
            ("${EMPTY:-x}", "x"),
            ("${EMPTY-x}", ""),
            ("${NAME:+y}", "y"),
            ("${NONE+y}", ""),
            ("${NONE:-${NAME}-z}", "shop-z"),
            ("a$$b", "a$b"),
            ("5$", "5$"),
            ("${NONE}", ""),
        ] {
            assert_eq!(expand(text, &value_of).as_deref(), Ok(expected), "{text}");
        }
        for text in ["${NONE:?give it}", "${NAME", "${NAME!x}"] {
            assert!(expand(text, &value_of).is_err(), "{text}");
        }
        let deep = "${N:-".repeat(40) + &"}".repeat(40);
        assert!(expand(&deep, &value_of).is_err());
    }

    #[test]
    fn a_file_of_variables() {
        let found = dotenv("# comment\nA=1\nexport B = two # why\nC=\"a # b\"\nD='x'y\n\nno line\nE=#\n9=nine\n");
        let expected = [("A", "1"), ("B", "two"), ("C", "a # b"), ("D", "x"), ("E", ""), ("9", "nine")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }
}
