//! A number at a JSON pointer.

use serde_json::Value;

use super::number;
use crate::measure::evidence::plain;
use crate::measure::pointer;
use crate::measure::web::Secrets;
use crate::quantity::Quantity;

/// Longest value shown, in Unicode scalar values.
const SHOWN: usize = 60;

/// The quantity whose value stands at `value` in `document`, and its whole at `total`.
///
/// A number is itself, a text is read as a number, and a list or object means its length.
///
/// # Errors
/// What was found, without `secrets`, and what was expected.
pub fn quantity(document: &Value, value: &str, total: Option<&str>, secrets: &Secrets) -> Result<Quantity, String> {
    let total = total.map(|pointer| number_at(document, pointer, secrets)).transpose()?;
    Ok(Quantity { value: number_at(document, value, secrets)?, total })
}

fn number_at(document: &Value, pointer: &str, secrets: &Secrets) -> Result<f64, String> {
    if let Some(fault) = pointer::fault(pointer) {
        return Err(fault);
    }
    let found = document.pointer(pointer).ok_or_else(|| missing(document, pointer, secrets))?;
    let number = match found {
        Value::Number(number) => number.as_f64().filter(|number| number.is_finite()),
        Value::String(text) => number::parse(text),
        Value::Array(list) => Some(list.len() as f64),
        Value::Object(object) => Some(object.len() as f64),
        Value::Null | Value::Bool(_) => None,
    };
    number.ok_or_else(|| {
        let found = plain(&secrets.hide(&found.to_string()), SHOWN);
        format!("`{pointer}` is {found}; expected a number, or a list or object to count")
    })
}

/// Says where the way that `pointer` describes ends.
fn missing(document: &Value, pointer: &str, secrets: &Secrets) -> String {
    let show = |text: &str, limit| plain(&secrets.hide(text), limit);
    let mut known = "";
    for (at, _) in pointer.match_indices('/').skip(1) {
        if document.pointer(&pointer[..at]).is_none() {
            break;
        }
        known = &pointer[..at];
    }
    let there = match document.pointer(known) {
        Some(Value::Object(object)) => {
            let mut keys: Vec<_> = object.keys().take(8).map(|key| format!("`{}`", show(key, 30))).collect();
            if object.len() > keys.len() {
                keys.push("…".to_owned());
            }
            if keys.is_empty() { "an empty object".to_owned() } else { format!("an object with {}", keys.join(", ")) }
        }
        Some(Value::Array(list)) => format!("a list of {}", list.len()),
        Some(other) => show(&other.to_string(), SHOWN),
        None => "nothing".to_owned(),
    };
    let place = if known.is_empty() { "the document".to_owned() } else { format!("`{known}`") };
    format!("there is no `{pointer}`: {place} is {there}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_texts_and_lengths() {
        let document = json!({ "n": 3, "f": 85.5, "s": "1,234", "l": [1, 2], "o": { "a": 1 }, "a/b": 7 });
        let at = |pointer| quantity(&document, pointer, None, &Secrets::default()).unwrap().value;
        assert_eq!(
            [at("/n"), at("/f"), at("/s"), at("/l"), at("/o"), at("/l/1"), at("/a~1b")],
            [3.0, 85.5, 1234.0, 2.0, 1.0, 2.0, 7.0]
        );
        assert_eq!(at(""), 6.0);
        assert_eq!(
            quantity(&document, "/n", Some("/s"), &Secrets::default()),
            Ok(Quantity { value: 3.0, total: Some(1234.0) })
        );
    }

    #[test]
    fn what_is_no_number_says_what_it_is() {
        let document = json!({ "b": true, "null": null, "word": "many", "deep": { "er": [1] } });
        let at = |pointer| quantity(&document, pointer, None, &Secrets::default()).unwrap_err();
        assert_eq!(at("/b"), "`/b` is true; expected a number, or a list or object to count");
        assert_eq!(at("/word"), "`/word` is \"many\"; expected a number, or a list or object to count");
        assert_eq!(at("/gone"), "there is no `/gone`: the document is an object with `b`, `null`, `word`, `deep`");
        assert_eq!(at("/deep/er/9"), "there is no `/deep/er/9`: `/deep/er` is a list of 1");
        assert_eq!(at("/deep/x/y"), "there is no `/deep/x/y`: `/deep` is an object with `er`");
        assert_eq!(at("/b/x"), "there is no `/b/x`: `/b` is true");
        assert_eq!(at("deep.er"), "`deep.er` is no JSON pointer; expected `/deep/er`");
        assert!(quantity(&document, "/deep", Some("/null"), &Secrets::default()).is_err());
    }
}
