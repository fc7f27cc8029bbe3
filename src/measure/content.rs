//! Holding what was read against what was expected to stand there.

use serde_json::Value;

use super::pointer;

/// Why content is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is something else. What was found, and what was expected, in one line.
    Wrong(String),
    /// Nobody can tell. Why, in one line.
    Unreadable(String),
}

/// Compares what JSON pointers lead to in `document`, which messages call `what`; `show` makes a value fit to be shown.
/// Says what was found, for a summary: "; `/status` is \"ok\"".
///
/// # Errors
/// The first pointer that leads to something else, or that is none.
pub fn pointed(
    document: &Value,
    expected: &[(String, Value)],
    what: &str,
    show: impl Fn(&Value) -> String,
) -> Result<String, Mismatch> {
    let mut seen = String::new();
    for (pointer, expected) in expected {
        if let Some(fault) = pointer::fault(pointer) {
            return Err(Mismatch::Unreadable(fault));
        }
        let found = document
            .pointer(pointer)
            .ok_or_else(|| Mismatch::Wrong(format!("the {what} has no `{pointer}`, expected {}", show(expected))))?;
        if !same(found, expected) {
            return Err(Mismatch::Wrong(format!("`{pointer}` is {}, expected {}", show(found), show(expected))));
        }
        seen.push_str(&format!("; `{pointer}` is {}", show(found)));
    }
    Ok(seen)
}

/// Whether two JSON values are the same; 1 and 1.0 are.
fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => found == expected || found.as_f64() == expected.as_f64(),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| same(found, expected))
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && expected.iter().all(|(key, expected)| found.get(key).is_some_and(|found| same(found, expected)))
        }
        (found, expected) => found == expected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_nothing_else_is() {
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        for (found, expected, is_same) in [
            ("1", "1.0", true),
            ("1", "\"1\"", false),
            ("[1, {\"a\": 2.0}]", "[1.0, {\"a\": 2}]", true),
            ("[1]", "[1, 2]", false),
            ("{\"a\": 1, \"b\": 2}", "{\"a\": 1}", false),
            ("null", "false", false),
            ("\"ok\"", "\"ok\"", true),
            ("9007199254740993", "9007199254740993", true),
        ] {
            assert_eq!(same(&json(found), &json(expected)), is_same, "{found} and {expected}");
        }
    }
}
