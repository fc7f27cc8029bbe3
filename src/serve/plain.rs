//! What goes out holds no character that a terminal acts on, and none that hides text from a person and not from a model.

use serde_json::Value;

use crate::measure::evidence::is_invisible;

/// `text` with its lines and tabs, without what shows nothing, and with `U+FFFD` for what a terminal would act on.
pub(super) fn text(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => Some(c),
        c if is_invisible(c) => None,
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => Some('\u{fffd}'),
        c => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

/// The same for every string of `value`.
pub(super) fn value(value: Value) -> Value {
    match value {
        Value::String(string) => Value::String(text(&string)),
        Value::Array(items) => Value::Array(items.into_iter().map(self::value).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, field)| (text(&key), self::value(field))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_hides_or_commands_is_gone_and_the_rest_is_left() {
        let hostile = "a\u{1b}[31m\tb\r\n\u{202e}c\u{e0041}\u{200b}é\u{2028}✅";
        assert_eq!(text(hostile), "a\u{fffd}[31m\tb\u{fffd}\ncé\u{fffd}✅");
        let told = value(json!({"k\u{200b}": [hostile, 7, null, true], "n": {"x": "plain"}}));
        assert_eq!(told, json!({"k": ["a\u{fffd}[31m\tb\u{fffd}\ncé\u{fffd}✅", 7, null, true], "n": {"x": "plain"}}));
    }
}
