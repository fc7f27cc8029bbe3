//! What a client asks, and what it is answered.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Longest text of a document that is judged, in bytes.
pub const TEXT_LIMIT: usize = 1 << 20;

/// Longest other argument, in bytes.
const WORD_LIMIT: usize = 4096;

/// Most names in one list.
const NAMES_LIMIT: usize = 200;

/// A question, its arguments read and bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Judge what documents claim.
    Check(CheckAsk),
    /// Say what is so.
    Measure(MeasureAsk),
    /// Say why something is, or is not, a claim, or what a code means.
    Explain(ExplainAsk),
    /// Say what a section would show.
    Render(RenderAsk),
}

/// Arguments of `check_claims`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckAsk {
    /// A document or a folder; with `text`, the name under which that is judged. Without both, the whole project.
    pub path: Option<String>,
    /// Text to judge in place of what a file holds.
    pub text: Option<String>,
    /// Oldest measurement that counts.
    #[serde(default, with = "humantime_option")]
    pub max_age: Option<Duration>,
}

/// Arguments of `measure`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureAsk {
    /// Groups to measure; with none, and no metric, all that trueup.toml has.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Metrics to measure.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// Oldest measurement that counts.
    #[serde(default, with = "humantime_option")]
    pub max_age: Option<Duration>,
}

/// Arguments of `explain`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainAsk {
    /// `FILE:LINE`, `FILE:LINE:COLUMN`, a code, or `codes`.
    pub what: String,
}

/// Arguments of `render_section`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenderAsk {
    /// The document.
    pub document: String,
    /// The section's `id`, or its template; needed where the document has several.
    pub id: Option<String>,
    /// Oldest measurement that counts.
    #[serde(default, with = "humantime_option")]
    pub max_age: Option<Duration>,
}

/// What a tool says.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// For people, and for models that read prose.
    pub text: String,
    /// The same for programs: an object.
    pub data: Value,
}

/// Why there is no answer, in words for whoever asked: what was found, what was expected, a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// Who answers. Its calls block, and are made from threads that may.
pub trait Desk: Send + Sync + 'static {
    /// Answers a question.
    ///
    /// # Errors
    /// Where the question cannot be answered.
    fn answer(&self, ask: Ask) -> Result<Answer, Refusal>;

    /// The last snapshot, as JSON.
    ///
    /// # Errors
    /// Where there is none, or it cannot be read.
    fn snapshot(&self) -> Result<String, Refusal>;
}

impl Ask {
    /// Reads the arguments of the tool called `name`; `None` where there is no such tool.
    pub(super) fn read(name: &str, arguments: Option<Map<String, Value>>) -> Option<Result<Ask, Refusal>> {
        let arguments = Value::Object(arguments.unwrap_or_default());
        Some(match name {
            "check_claims" => of(arguments).map(Ask::Check),
            "measure" => of(arguments).map(Ask::Measure),
            "explain" => of(arguments).map(Ask::Explain),
            "render_section" => of(arguments).map(Ask::Render),
            _ => return None,
        })
    }
}

/// The arguments as their type, each of a bearable size.
fn of<T: DeserializeOwned>(arguments: Value) -> Result<T, Refusal> {
    bounded(&arguments)?;
    serde_json::from_value(arguments).map_err(|error| Refusal(format!("the arguments do not fit: {error}")))
}

fn bounded(arguments: &Value) -> Result<(), Refusal> {
    let Some(arguments) = arguments.as_object() else { return Ok(()) };
    for (name, value) in arguments {
        let limit = if name == "text" { TEXT_LIMIT } else { WORD_LIMIT };
        let words = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        if words.len() > NAMES_LIMIT {
            let count = words.len();
            return Err(Refusal(format!("`{name}` has {count} entries; expected {NAMES_LIMIT} at most")));
        }
        if let Some(long) = words.iter().filter_map(Value::as_str).map(str::len).find(|len| *len > limit) {
            return Err(Refusal(format!("`{name}` is {long} bytes long; expected {limit} at most")));
        }
    }
    Ok(())
}

/// Durations as people write them: `30s`, `5m`, `0s`.
mod humantime_option {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            let fault = |error| format!("`max_age` is `{}`: {error}; expected such as 30s", text.escape_debug());
            humantime::parse_duration(&text).map_err(fault)
        })
        .transpose()
        .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(name: &str, arguments: Value) -> Result<Ask, String> {
        let read = Ask::read(name, arguments.as_object().cloned()).expect("a tool");
        read.map_err(|Refusal(why)| why)
    }

    #[test]
    fn arguments_become_questions() {
        let check = CheckAsk { path: Some("a.md".into()), text: None, max_age: Some(Duration::from_secs(90)) };
        assert_eq!(read("check_claims", json!({"path": "a.md", "max_age": "1m 30s"})), Ok(Ask::Check(check)));
        assert_eq!(read("check_claims", json!({})), Ok(Ask::Check(CheckAsk::default())));
        assert_eq!(read("measure", json!({"max_age": null})), Ok(Ask::Measure(MeasureAsk::default())));
        assert_eq!(Ask::read("measure", None), Some(Ok(Ask::Measure(MeasureAsk::default()))));
        assert_eq!(Ask::read("run", None), None);
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_reason() {
        let long = "x".repeat(TEXT_LIMIT + 1);
        for (name, arguments, reason) in [
            ("check_claims", json!({"command": "rm"}), "unknown field `command`"),
            ("check_claims", json!({"path": 7}), "expected a string"),
            ("check_claims", json!({"text": long}), "`text` is 1048577 bytes long; expected 1048576 at most"),
            ("check_claims", json!({"path": "x".repeat(5000)}), "`path` is 5000 bytes long; expected 4096 at most"),
            ("check_claims", json!({"max_age": "soon"}), "`max_age` is `soon`"),
            ("measure", json!({"groups": vec!["a"; 201]}), "`groups` has 201 entries; expected 200 at most"),
            ("measure", json!({"groups": "mcp"}), "expected a sequence"),
            ("explain", json!({}), "missing field `what`"),
            ("render_section", json!({"id": "a"}), "missing field `document`"),
        ] {
            let why = read(name, arguments).unwrap_err();
            assert!(why.contains(reason), "{why:?} lacks {reason:?}");
        }
    }
}
