//! TOML values as JSON: arguments of calls, and values that answers must have.

use serde_json::{Map, Number, Value as Json};
use toml::de::DeValue;

use super::fault::Fault;
use super::reader::Value;

/// `value` as JSON, keys in the order of the text. A date becomes a string; what JSON has no form for is a fault.
pub(super) fn value(value: &Value) -> Option<Json> {
    match value.raw() {
        DeValue::String(text) => Some(Json::String(text.to_string())),
        DeValue::Boolean(flag) => Some(Json::Bool(*flag)),
        DeValue::Datetime(date) => Some(Json::String(date.to_string())),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Json::from).or_else(|| no_form(value))
        }
        DeValue::Float(float) => {
            let number: Option<f64> = float.as_str().parse().ok();
            number.and_then(Number::from_f64).map(Json::Number).or_else(|| no_form(value))
        }
        DeValue::Array(_) => {
            let elements: Vec<_> = value.list("a value")?.iter().map(self::value).collect();
            elements.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
        }
        DeValue::Table(_) => {
            let entries = value.entries("a value")?;
            let entries: Vec<_> =
                entries.iter().map(|entry| Some((entry.name.to_owned(), self::value(entry)?))).collect();
            entries.into_iter().collect::<Option<Map<_, _>>>().map(Json::Object)
        }
    }
}

fn no_form(value: &Value) -> Option<Json> {
    let message = format!("`{}` is a number that JSON cannot hold, expected a finite number", value.place);
    value.fault(Fault::wrong(value.span, message, "not a number of JSON"));
    None
}
