//! The JSON Schema of trueup.toml, made of the list of keys: for editors that complete and check while somebody types.
//!
//! What a key takes stands there in words, as messages say it; `of_words` is what a schema makes of those words. A schema
//! says less than the reader: that a name is unique, or that a pattern compiles, it cannot say.

use serde_json::{Map, Value, json};

use super::keys::{self, Form, Key, Shape};
use crate::measure::request::LoadFigure;

/// What a table must have besides keys of the right kind, by the name of its shape.
const RULES: &[(&Shape, Rule)] = &[
    (&keys::METRIC, Rule::Required(&["from"])),
    (&keys::MEASURED_TEXT, Rule::Required(&["command"])),
    (&keys::BIND, Rule::Required(&["pattern", "to"])),
    (&keys::DISCOVER, Rule::Some),
    (&keys::DISCOVER_DOCKER, Rule::Some),
    (&keys::FROM_DOCKER, Rule::Required(&["container", "value"])),
    (&keys::MCP_CALL, Rule::Required(&["tool"])),
    (&keys::FROM, Rule::One),
    (&keys::FROM_COMMAND, Rule::Required(&["command"])),
    (&keys::FROM_FILE, Rule::Either(&["count"], &["path", "value"])),
    (&keys::FROM_HTTP, Rule::Required(&["url", "value"])),
    (&keys::FROM_JUNIT, Rule::Required(&["path"])),
    (&keys::FROM_COVERAGE, Rule::Required(&["path"])),
    (&keys::FROM_GIT, Rule::Required(&["count"])),
    (&keys::HEADER_ENV, Rule::Required(&["env"])),
    (&keys::DISCOVER_PROMETHEUS, Rule::Required(&["url", "query"])),
    (&keys::FROM_PROMETHEUS, Rule::Required(&["url", "query"])),
    (&keys::SECRET, Rule::One),
    (&keys::BASIC_AUTH, Rule::Required(&["user", "password"])),
    (&keys::LOAD, Rule::Required(&["requests"])),
];

/// What a table must have.
#[derive(Clone, Copy)]
enum Rule {
    /// All of these keys.
    Required(&'static [&'static str]),
    /// All of the first, or all of the second, and not of both.
    Either(&'static [&'static str], &'static [&'static str]),
    /// At least one key.
    Some,
    /// One key, and no second.
    One,
}

/// The schema of trueup.toml.
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let root = table(&keys::ROOT, &mut definitions);
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "trueup.toml",
        "description": "What trueup measures, and what claims in documents are about.",
    });
    if let (Value::Object(schema), Value::Object(root)) = (&mut schema, root) {
        schema.extend(root);
        schema.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// The schema of a table in full.
fn table(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> =
        shape.keys.iter().map(|key| (key.name.to_owned(), property(key, definitions))).collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    for (_, rule) in RULES.iter().filter(|(of, _)| of.name == shape.name) {
        match rule {
            Rule::Required(names) => table["required"] = json!(names),
            Rule::Either(one, other) => table["oneOf"] = json!([{ "required": one }, { "required": other }]),
            Rule::Some => table["minProperties"] = json!(1),
            Rule::One => {
                table["minProperties"] = json!(1);
                table["maxProperties"] = json!(1);
            }
        }
    }
    table
}

/// A reference to the schema of a table, which is added to `definitions`.
fn reference(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    let name = slug(shape.name);
    if !definitions.contains_key(&name) {
        // Reserves the place, so that the order is that of first use.
        definitions.insert(name.clone(), Value::Null);
        let table = table(shape, definitions);
        definitions.insert(name.clone(), table);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// `[group.NAME]` as `group.NAME`.
fn slug(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '[' | ']' | '\'')).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn property(key: &'static Key, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = match key.form {
        Form::Value if key.name == "headers" => {
            let value = reference(&keys::HEADER_ENV, definitions);
            json!({ "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, value] } })
        }
        Form::Value => of_words(key.expects).unwrap_or_else(|| json!({})),
        // What can be said in one word as well: an engine by its address, a compose file by its path.
        Form::Table(shape) if key.expects.ends_with(", or a table") => {
            let table = reference(shape, definitions);
            let string = json!({ "type": "string" });
            let short = if key.expects.contains("a list") { one_or_list(&string) } else { string };
            json!({ "anyOf": [short, table] })
        }
        Form::Table(shape) => reference(shape, definitions),
        Form::Tables(shape) => one_or_list(&reference(shape, definitions)),
        Form::Named(shape) => {
            let value = reference(shape, definitions);
            json!({ "type": "object", "additionalProperties": value })
        }
    };
    schema["description"] = json!(key.doc);
    schema
}

fn one_or_list(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

/// What the words of [`Key::expects`] mean to a schema; `None` for words that nobody gave a meaning yet.
fn of_words(words: &str) -> Option<Value> {
    let string = || json!({ "type": "string" });
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| words.starts_with(beginning));
    if let Some(one) = words.strip_suffix(", or a list of them").or_else(|| words.strip_suffix(" or a list of them")) {
        return Some(one_or_list(&of_words(one)?));
    }
    if let Some((one, _)) = words.split_once(", or a list of them;") {
        return Some(one_or_list(&of_words(one)?));
    }
    if let Some(range) = words.strip_prefix("a whole number from ") {
        let (least, most) = range.split_once(" to ")?;
        let (least, most): (i64, i64) = (least.parse().ok()?, most.parse().ok()?);
        return Some(json!({ "type": "integer", "minimum": least, "maximum": most }));
    }
    if let Some(range) = words.strip_prefix("a number from ") {
        let (least, most) = range.split_once(" to ")?;
        let (least, most): (f64, f64) = (least.parse().ok()?, most.parse().ok()?);
        return Some(json!({ "type": "number", "minimum": least, "maximum": most }));
    }
    Some(match words {
        "true or false" => json!({ "type": "boolean" }),
        "the name of a rung" => json!({ "enum": keys::RUNGS }),
        "an exit code" => json!({ "type": "integer" }),
        "a status code" => json!({ "type": "integer", "minimum": 100, "maximum": 599 }),
        "a table" => json!({ "type": "object" }),
        "a table of strings" => json!({ "type": "object", "additionalProperties": string() }),
        "a table of lists of words" => json!({ "type": "object", "additionalProperties": one_or_list(&string()) }),
        "a table of whole numbers from 0 to 65535" => {
            json!({ "type": "object", "additionalProperties": of_words("a whole number from 0 to 65535")? })
        }
        "a list of a program and its arguments" => json!({ "type": "array", "items": string(), "minItems": 1 }),
        "\"HEAD\" or a glob pattern" => string(),
        "a compose file or its folder, or a list of files" => one_or_list(&string()),
        _ if begins(&["a list of ", "a label or a list"]) => one_or_list(&string()),
        _ if begins(&["a JSON pointer"]) && words.contains("with `load`") => string(),
        _ if begins(&["a JSON pointer"]) => json!({ "type": "string", "pattern": "^(/|$)" }),
        _ if begins(&["a figure such as"]) => {
            json!({ "type": "string", "pattern": format!("^(/|$|({})$)", LoadFigure::NAMES.join("|")) })
        }
        _ if begins(&["a condition"]) => json!({ "type": "string", "pattern": "^ *(==|!=|>=|<=|>|<)" }),
        _ if begins(&["a PromQL expression", "a name such as", "a unit such as"]) => string(),
        _ if begins(&["a URL that begins with http"]) => json!({ "type": "string", "pattern": "^https?://" }),
        _ if begins(&["an HTTP method"]) => json!({ "enum": keys::METHODS }),
        _ if begins(&["a duration"]) => json!({ "type": "string", "pattern": "[a-zA-Zµ] *$|^ *0 *$" }),
        _ if begins(&["an address"]) && words.contains("://") => json!({ "type": "string", "pattern": "://" }),
        _ if begins(&["an address"]) => json!({ "type": "string", "pattern": ":[0-9]+$" }),
        _ if begins(&["a size"]) => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, string()] }),
        _ if begins(&["a string", "a path", "a regular expression", "a glob pattern", "the name "]) => string(),
        _ if begins(&["a group, target or metric", "a PromQL expression"]) => string(),
        // "a unit such as …", "a condition such as …": whatever it is, it is written as a string.
        _ if begins(&["a ", "an "]) && words.contains(" such as \"") => string(),
        _ if begins(&["\""]) => {
            let quoted: Vec<&str> = words.split('"').skip(1).step_by(2).collect();
            json!({ "enum": quoted })
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(shape: &'static Shape, visit: &mut impl FnMut(&'static Shape, &'static Key)) {
        for key in shape.keys {
            visit(shape, key);
            match key.form {
                Form::Value => {}
                Form::Table(shape) | Form::Tables(shape) | Form::Named(shape) => each(shape, visit),
            }
        }
    }

    #[test]
    fn every_value_has_a_meaning() {
        each(&keys::ROOT, &mut |shape, key| {
            if let Form::Value = key.form {
                let known = of_words(key.expects).is_some();
                assert!(
                    known,
                    "{}: give the words {:?} of `{}` a meaning in of_words",
                    shape.name, key.expects, key.name
                );
            }
        });
    }

    #[test]
    fn rules_speak_of_keys_that_there_are() {
        for (shape, rule) in RULES {
            let names: Vec<&str> = match rule {
                Rule::Required(names) => names.to_vec(),
                Rule::Either(one, other) => [*one, *other].concat(),
                Rule::Some | Rule::One => Vec::new(),
            };
            for name in names {
                assert!(shape.key(name).is_some(), "{} has no `{name}`", shape.name);
            }
        }
    }

    #[test]
    fn words_become_types() {
        assert_eq!(
            of_words("a whole number from 1 to 9"),
            Some(json!({ "type": "integer", "minimum": 1, "maximum": 9 }))
        );
        assert_eq!(of_words("\"a\", \"b\" or \"c\""), Some(json!({ "enum": ["a", "b", "c"] })));
        let codes = json!({ "type": "integer" });
        assert_eq!(of_words("an exit code or a list of them"), Some(one_or_list(&codes)));
        let head = json!({ "type": "string" });
        assert_eq!(of_words("\"HEAD\" or a glob pattern, or a list of them"), Some(one_or_list(&head)));
        assert_eq!(of_words("something nobody thought of"), None);
    }
}
