//! Whether a call worked. Real servers tell their errors in four ways, one of them as a success.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::messages::CallAnswer;
use crate::failure::FailureClass;
use crate::measure::evidence::plain;
use crate::measure::request::McpCall;

/// Errors that servers tell with `isError: false`. An error says so at once: only the beginning of a text is looked at,
/// or a search for "ECONNREFUSED" would fail by its own results.
static ERROR_TOLD_AS_SUCCESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*Error\b|fetch failed|ECONNREFUSED|EAI_AGAIN|ENOTFOUND").expect("a fixed pattern")
});

/// Length of that beginning, in Unicode scalar values.
const BEGINNING: usize = 400;

/// Longest text of an answer that is quoted.
const QUOTE: usize = 160;

/// What a call proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// It returned what it was expected to.
    AsExpected,
    /// It returned something, and nobody said what to expect.
    Answered,
    /// It failed.
    Failed {
        /// How.
        class: FailureClass,
        /// One line.
        reason: String,
    },
    /// A pattern of the check is no regular expression.
    Pattern {
        /// What is wrong with it.
        why: String,
    },
}

/// What `answer` is worth in the eyes of `call`.
pub fn weigh(call: &McpCall, answer: &CallAnswer) -> Worth {
    let text = answer.text();
    let quoted = |what: &str| format!("`{}` {what}: {}", call.tool, quote(&text));
    if answer.is_error {
        return Worth::Failed { class: FailureClass::CallFailed, reason: quoted("returned an error") };
    }
    if tells_an_error(&text) {
        return Worth::Failed { class: FailureClass::CallFailed, reason: quoted("returned an error as success") };
    }
    match call.reject.as_deref().map(Regex::new) {
        Some(Ok(reject)) if reject.is_match(&text) => {
            return Worth::Failed { class: FailureClass::CallFailed, reason: quoted("returned what `reject` refuses") };
        }
        Some(Err(error)) => return Worth::Pattern { why: plain(&error.to_string(), QUOTE) },
        Some(Ok(_)) | None => {}
    }
    match call.expect.as_deref().map(Regex::new) {
        Some(Ok(expect)) if expect.is_match(&text) => Worth::AsExpected,
        Some(Ok(expect)) => {
            let wants = answer.result_type.as_deref() == Some("input_required");
            let what = if wants { "wants input before it answers" } else { "did not return" };
            let reason = format!("`{}` {what} `{}`: {}", call.tool, expect.as_str(), quote(&text));
            Worth::Failed { class: FailureClass::WrongAnswer, reason }
        }
        Some(Err(error)) => Worth::Pattern { why: plain(&error.to_string(), QUOTE) },
        None => Worth::Answered,
    }
}

fn quote(text: &str) -> String {
    let text = plain(text, QUOTE);
    if text.is_empty() { "an empty text".to_owned() } else { text }
}

fn tells_an_error(text: &str) -> bool {
    let beginning = text.char_indices().nth(BEGINNING).map_or(text, |(at, _)| &text[..at]);
    ERROR_TOLD_AS_SUCCESS.is_match(beginning) || has_error_member(text)
}

/// Whether the text is a JSON object with an `error` that says something.
fn has_error_member(text: &str) -> bool {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return false;
    };
    members.get("error").is_some_and(|error| match error {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> CallAnswer {
        serde_json::from_value(serde_json::json!({ "content": [{ "type": "text", "text": text }] })).unwrap()
    }

    fn call(expect: Option<&str>, reject: Option<&str>) -> McpCall {
        McpCall {
            tool: "look".to_owned(),
            arguments: Value::Null,
            expect: expect.map(str::to_owned),
            reject: reject.map(str::to_owned),
        }
    }

    #[test]
    fn errors_told_as_success_are_errors() {
        let told = [
            "Error searching libraries: TypeError: fetch failed",
            r#"{"error":"fetch failed"}"#,
            r#"{"error":{"code":7}}"#,
            "connect ECONNREFUSED 127.0.0.1:5432",
            "getaddrinfo EAI_AGAIN api.example.com",
        ];
        for text in told {
            // An expectation that everything meets does not hide them.
            for expect in [None, Some(".")] {
                let worth = weigh(&call(expect, None), &answer(text));
                assert!(matches!(worth, Worth::Failed { class: FailureClass::CallFailed, .. }), "{text}: {worth:?}");
            }
        }
        let fine = [r#"{"error":null,"data":1}"#, r#"{"error":""}"#, "Errors: none", "no errors", ""];
        for text in fine {
            assert_eq!(weigh(&call(None, None), &answer(text)), Worth::Answered, "{text}");
        }
        let results = format!("{} ECONNREFUSED is an error code", "found: ".repeat(100));
        assert_eq!(weigh(&call(None, None), &answer(&results)), Worth::Answered);
    }

    #[test]
    fn expectations_decide() {
        let failed = |class, worth| matches!(worth, Worth::Failed { class: found, .. } if found == class);
        assert_eq!(weigh(&call(Some("total_count"), None), &answer("{\"total_count\":3}")), Worth::AsExpected);
        assert!(failed(FailureClass::WrongAnswer, weigh(&call(Some("total"), None), &answer("nothing"))));
        assert!(failed(
            FailureClass::CallFailed,
            weigh(&call(Some("a"), Some("No results")), &answer("No results at all"))
        ));
        assert!(matches!(weigh(&call(Some("("), None), &answer("x")), Worth::Pattern { .. }));
    }

    #[test]
    fn text_is_found_wherever_it_stands() {
        let structured: CallAnswer =
            serde_json::from_str(r#"{"content":[],"structuredContent":{"total":3},"isError":false}"#).unwrap();
        assert_eq!(structured.text(), r#"{"total":3}"#);
        let resource: CallAnswer = serde_json::from_str(
            r#"{"content":[{"type":"resource","resource":{"text":"a"}},{"type":"text","text":"b"}]}"#,
        )
        .unwrap();
        assert_eq!(resource.text(), "a\nb");
        let bare: CallAnswer = serde_json::from_str("{}").unwrap();
        assert_eq!(bare.text(), "");
    }
}
