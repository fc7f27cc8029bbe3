//! A number in a JSON, TOML or YAML file.

use std::path::Path;

use serde_json::{Map, Number, Value};
use tokio::time::Instant;

use super::{Seen, pointed, timed_out, unreadable};
use crate::measure::blocking::done_by;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::Unmeasured;
use crate::measure::text_file;
use crate::measure::web::Secrets;
use crate::quantity::Quantity;

/// Longest message of a parser that is shown, in Unicode scalar values.
const SHOWN: usize = 160;

pub(super) async fn measure(path: &Path, value: &str, total: Option<&str>, deadline: Instant) -> Seen {
    let mut evidence = Evidence::new();
    evidence.fact("file", path.display().to_string()).fact("value", value);
    let (owned, at, of) = (path.to_owned(), value.to_owned(), total.map(str::to_owned));
    let seen = done_by(deadline, move |_| look(&owned, &at, of.as_deref())).await.unwrap_or_else(|| {
        let place = path.display().to_string();
        Err(timed_out(&place, format!("`{place}` did not answer in time")))
    });
    (seen, evidence)
}

fn look(path: &Path, value: &str, total: Option<&str>) -> Result<Quantity, Unmeasured> {
    let place = path.display().to_string();
    let wrong = |detail: String| unreadable(&place, format!("`{place}`: {detail}"));
    let format = Format::of(path).ok_or_else(|| {
        wrong("its name does not say what it is; expected `.json`, `.toml`, `.yaml` or `.yml`".to_owned())
    })?;
    let text = text_file::read(path)?;
    if !text.whole {
        return Err(wrong(format!("it is too large; expected {} MiB at most", text_file::SIZE_LIMIT >> 20)));
    }
    let text = String::from_utf8(text.bytes)
        .map_err(|error| wrong(format!("byte {} is not UTF-8", error.utf8_error().valid_up_to())))?;
    let document = format.parse(text.trim_start_matches('\u{feff}')).map_err(wrong)?;
    pointed::quantity(&document, value, total, &Secrets::default()).map_err(wrong)
}

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Toml,
    Yaml,
}

impl Format {
    fn of(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Format::Json),
            "toml" => Some(Format::Toml),
            "yaml" | "yml" => Some(Format::Yaml),
            _ => None,
        }
    }

    fn parse(self, text: &str) -> Result<Value, String> {
        match self {
            Format::Json => serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}")),
            Format::Toml => {
                let table: toml::Table = toml::from_str(text).map_err(|error| {
                    let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
                    format!("it is no TOML: line {line}: {}", plain(error.message(), SHOWN))
                })?;
                Ok(from_toml(toml::Value::Table(table)))
            }
            Format::Yaml => {
                let no_yaml = |error: yaml_serde::Error| format!("it is no YAML: {}", plain(&error.to_string(), SHOWN));
                let mut document: yaml_serde::Value = yaml_serde::from_str(text).map_err(no_yaml)?;
                document.apply_merge().map_err(no_yaml)?;
                Ok(from_yaml(document))
            }
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

    fn parse(format: Format, text: &str) -> String {
        format.parse(text).unwrap().to_string()
    }

    #[test]
    fn every_format_becomes_the_same_document() {
        let json = r#"{"a":{"b":[1,2.5,"x",true]}}"#;
        assert_eq!(parse(Format::Json, json), json);
        assert_eq!(parse(Format::Toml, "[a]\nb = [1, 2.5, 'x', true]"), json);
        assert_eq!(parse(Format::Yaml, "a:\n  b: [1, 2.5, x, true]"), json);
    }

    #[test]
    fn what_json_does_not_have_becomes_what_it_has() {
        assert_eq!(parse(Format::Toml, "d = 2026-01-02\nf = nan\n"), r#"{"d":"2026-01-02","f":null}"#);
        assert_eq!(
            parse(Format::Yaml, "1: a\ntrue: b\nt: !tag 3\nf: .inf\nx: &x {k: 1}\ny: {<<: *x}\n"),
            r#"{"1":"a","true":"b","t":3,"f":null,"x":{"k":1},"y":{"k":1}}"#
        );
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        assert_eq!(
            Format::Json.parse("{").unwrap_err(),
            "it is no JSON: EOF while parsing an object at line 1 column 1"
        );
        assert!(Format::Toml.parse("a = 1\nb =\n").unwrap_err().starts_with("it is no TOML: line 2: "));
        assert!(Format::Yaml.parse("a: [").unwrap_err().starts_with("it is no YAML: "));
        assert!(Format::of(Path::new("x.txt")).is_none() && Format::of(Path::new("json")).is_none());
        assert_eq!(Format::of(Path::new("x.YML")), Some(Format::Yaml));
    }
}
