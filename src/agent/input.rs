//! The JSON that agents write to a hook: its fields, and what to say of one that is not there.

use std::fmt;
use std::path::PathBuf;

use serde_json::{Map, Value};

/// Why a hook cannot make anything of what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread(pub String);

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misread {}

/// A JSON object, with its name for messages.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    name: &'a str,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, which is called `name`.
    ///
    /// # Errors
    /// Where it is no object.
    pub fn of(name: &'a str, value: &'a Value) -> Result<Fields<'a>, Misread> {
        let map = value.as_object();
        let map = map.ok_or_else(|| Misread(format!("{name} is {}; expected a JSON object", sort(value))))?;
        Ok(Fields { name, map })
    }

    /// A text that may be missing or null.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn maybe(&self, key: &str) -> Result<Option<&'a str>, Misread> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.strange(key, other, "a string")),
        }
    }

    /// A text.
    ///
    /// # Errors
    /// Where it is missing, or something else.
    pub fn text(&self, key: &str) -> Result<&'a str, Misread> {
        self.maybe(key)?.ok_or_else(|| self.missing(&[key]))
    }

    /// The first of several texts that is there: agents have renamed it.
    ///
    /// # Errors
    /// Where all are missing, or it is something else.
    pub fn text_of(&self, keys: &[&str]) -> Result<&'a str, Misread> {
        for key in keys {
            if let Some(text) = self.maybe(key)? {
                return Ok(text);
            }
        }
        Err(self.missing(keys))
    }

    /// A path.
    ///
    /// # Errors
    /// Where it is missing, empty, or something else.
    pub fn path_of(&self, keys: &[&str]) -> Result<PathBuf, Misread> {
        let text = self.text_of(keys)?;
        match text {
            "" => Err(Misread(format!("`{}` of {} is empty; expected a path", keys[0], self.name))),
            text => Ok(PathBuf::from(text)),
        }
    }

    /// A truth value; false where it is missing.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn flag(&self, key: &str) -> Result<bool, Misread> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.strange(key, other, "true or false")),
        }
    }

    /// A whole number; 0 where it is missing.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn number(&self, key: &str) -> Result<u64, Misread> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(0),
            Some(value) => value.as_u64().ok_or_else(|| self.strange(key, value, "a whole number")),
        }
    }

    /// An object.
    ///
    /// # Errors
    /// Where it is missing, or something else.
    pub fn object(&self, key: &'a str) -> Result<Fields<'a>, Misread> {
        Fields::of(key, self.map.get(key).ok_or_else(|| self.missing(&[key]))?)
    }

    /// A list.
    ///
    /// # Errors
    /// Where it is missing, or something else.
    pub fn list(&self, key: &str) -> Result<&'a [Value], Misread> {
        match self.map.get(key).ok_or_else(|| self.missing(&[key]))? {
            Value::Array(list) => Ok(list),
            other => Err(self.strange(key, other, "a list")),
        }
    }

    /// Whether there is a field of this name.
    pub fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    fn missing(&self, keys: &[&str]) -> Misread {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        Misread(format!("{} lacks {}", self.name, keys.join(" or ")))
    }

    fn strange(&self, key: &str, found: &Value, expected: &str) -> Misread {
        Misread(format!("`{key}` of {} is {}; expected {expected}", self.name, sort(found)))
    }
}

fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The JSON of a whole input.
///
/// # Errors
/// Where it is none.
pub fn json(input: &str) -> Result<Value, Misread> {
    let input = input.trim_start_matches('\u{feff}');
    if input.trim().is_empty() {
        return Err(Misread(
            "standard input is empty; expected the JSON that the agent writes to its hooks".to_owned(),
        ));
    }
    serde_json::from_str(input).map_err(|error| Misread(format!("standard input is no JSON: {error}")))
}
