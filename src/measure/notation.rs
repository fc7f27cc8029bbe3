//! Values in a file, by what it is written in: JSON, TOML or YAML, which its name tells.

use std::path::Path;

use serde_json::{Map, Number, Value};

use super::evidence::plain;
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::request::Notation;
use super::text_file;

/// Longest message of a parser that is shown, in Unicode scalar values.
const SHOWN: usize = 160;

/// Why a file gave no values.
#[derive(Clone, Debug, PartialEq)]
pub enum NoValues {
    /// Nobody could read it, or tell what it is written in.
    Unread(Unmeasured),
    /// It was read, and it is not what its name says. Why, in words that follow the name of the file.
    Damaged(String),
}

/// What stands in the file at `path`, as JSON has it.
///
/// # Errors
/// Why there is nothing.
pub fn read(path: &Path) -> Result<Value, NoValues> {
    let place = path.display().to_string();
    let unread = |detail: String| {
        let detail = format!("`{place}`: {detail}");
        NoValues::Unread(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: place.clone() })
    };
    let notation = Notation::of(path).ok_or_else(|| {
        unread("its name does not say what it is; expected `.json`, `.toml`, `.yaml` or `.yml`".to_owned())
    })?;
    let text = text_file::read(path).map_err(NoValues::Unread)?;
    if !text.whole {
        return Err(unread(format!("it is too large; expected {} MiB at most", text_file::SIZE_LIMIT >> 20)));
    }
    let text = String::from_utf8(text.bytes)
        .map_err(|error| NoValues::Damaged(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to())))?;
    parse(notation, text.trim_start_matches('\u{feff}')).map_err(NoValues::Damaged)
}

fn parse(notation: Notation, text: &str) -> Result<Value, String> {
    match notation {
        Notation::Json => serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}")),
        Notation::Toml => {
            let table: toml::Table = toml::from_str(text).map_err(|error| {
                let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
                format!("it is no TOML: line {line}: {}", plain(error.message(), SHOWN))
            })?;
            Ok(from_toml(toml::Value::Table(table)))
        }
        Notation::Yaml => {
            let no_yaml = |error: yaml_serde::Error| format!("it is no YAML: {}", plain(&error.to_string(), SHOWN));
            let mut document: yaml_serde::Value = yaml_serde::from_str(text).map_err(no_yaml)?;
            document.apply_merge().map_err(no_yaml)?;
            Ok(from_yaml(document))
        }
    }
}

fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        // Not by serde, which would make an object of it, with a length.
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(from_toml).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, from_toml(value))).collect())
        }
    }
}

fn from_yaml(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Null => Value::Null,
        yaml_serde::Value::Bool(truth) => Value::Bool(truth),
        yaml_serde::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Value::from(number),
            (None, Some(number)) => Value::from(number),
            (None, None) => number.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        },
        yaml_serde::Value::String(text) => Value::String(text),
        yaml_serde::Value::Sequence(list) => Value::Array(list.into_iter().map(from_yaml).collect()),
        yaml_serde::Value::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                object.insert(key_of(key), from_yaml(value));
            }
            Value::Object(object)
        }
        yaml_serde::Value::Tagged(tagged) => from_yaml(tagged.value),
    }
}

/// Keys of YAML may be anything; a pointer names them as they are written.
fn key_of(key: yaml_serde::Value) -> String {
    match from_yaml(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(notation: Notation, text: &str) -> String {
        parse(notation, text).unwrap().to_string()
    }

    #[test]
    fn every_notation_becomes_the_same_document() {
        let whole = r#"{"a":{"b":[1,2.5,"x",true]}}"#;
        assert_eq!(json(Notation::Json, whole), whole);
        assert_eq!(json(Notation::Toml, "[a]\nb = [1, 2.5, 'x', true]"), whole);
        assert_eq!(json(Notation::Yaml, "a:\n  b: [1, 2.5, x, true]"), whole);
    }

    #[test]
    fn what_json_does_not_have_becomes_what_it_has() {
        assert_eq!(json(Notation::Toml, "d = 2026-01-02\nf = nan\n"), r#"{"d":"2026-01-02","f":null}"#);
        assert_eq!(
            json(Notation::Yaml, "1: a\ntrue: b\nt: !tag 3\nf: .inf\nx: &x {k: 1}\ny: {<<: *x}\n"),
            r#"{"1":"a","true":"b","t":3,"f":null,"x":{"k":1},"y":{"k":1}}"#
        );
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        assert_eq!(
            parse(Notation::Json, "{").unwrap_err(),
            "it is no JSON: EOF while parsing an object at line 1 column 1"
        );
        assert!(parse(Notation::Toml, "a = 1\nb =\n").unwrap_err().starts_with("it is no TOML: line 2: "));
        assert!(parse(Notation::Yaml, "a: [").unwrap_err().starts_with("it is no YAML: "));
    }
}
