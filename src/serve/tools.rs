//! The tools as clients see them: names, what they do, and the shape of what goes in and comes out.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

/// Every tool.
pub(super) fn tools() -> Vec<Tool> {
    let age = json!({
        "type": "string",
        "description": "Oldest measurement that counts, such as 30s or 5m; 0s measures now. By default what the server was started with."
    });
    vec![
        tool(
            "check_claims",
            "Check status claims",
            "Finds status claims (\"21/21 operational\", \"all endpoints working\") in Markdown documents of this project, measures \
             the same things on the live system, and says of each claim whether it holds, drifted (is false), is unmeasured \
             (nobody could look), or is unbound (trueup.toml does not say what it is about). Ask before you write or repeat a \
             status. Give `path` for one document or folder, `text` for Markdown that is not in a file yet (with `path`, the \
             document it is meant for), or nothing for the whole project.",
            json!({
                "type": "object",
                "properties": {
                    "path": {"type": "string", "description": "A document or folder, from the root of the project"},
                    "text": {"type": "string", "description": "Markdown to judge in place of what a file holds"},
                    "max_age": age,
                },
                "additionalProperties": false
            }),
            json!({
                "type": "object",
                "properties": {
                    "exit_code": {"type": "integer", "description": "0 all holds, 1 drift, 2 a fault, 3 something unmeasured, 4 nothing to judge"},
                    "measured_at": {"type": "string"},
                    "documents": {"type": "array", "items": {"type": "string"}},
                    "summary": {"type": "object"},
                    "claims": {"type": "array", "items": {
                        "type": "object",
                        "properties": {
                            "document": {"type": "string"},
                            "line": {"type": "integer"},
                            "quote": {"type": "string"},
                            "verdict": {"enum": ["holds", "drifted", "unmeasured", "unbound"]},
                            "measured": {"type": ["string", "null"]},
                        },
                        "required": ["document", "line", "quote", "verdict", "measured"]
                    }},
                    "diagnostics": {"type": "array", "items": {"type": "object"}},
                    "left_out": {"type": "integer", "description": "Claims and findings that are left out to keep the answer short"},
                },
                "required": ["exit_code", "measured_at", "documents", "summary", "claims", "diagnostics", "left_out"]
            }),
        ),
        tool(
            "measure",
            "Measure",
            "Says what is so right now, whatever any document claims: of each group of trueup.toml how many of its targets are up, \
             down or unknown, and why; of each metric its number. Nothing that was not measured is told as up or as zero.",
            json!({
                "type": "object",
                "properties": {
                    "groups": {"type": "array", "items": {"type": "string"}, "description": "Groups of trueup.toml; without groups and metrics, all"},
                    "metrics": {"type": "array", "items": {"type": "string"}, "description": "Metrics of trueup.toml"},
                    "max_age": age,
                },
                "additionalProperties": false
            }),
            json!({
                "type": "object",
                "properties": {
                    "measured_at": {"type": "string"},
                    "complete": {"type": "boolean", "description": "Whether all of it could be measured"},
                    "groups": {"type": "array", "items": {"type": "object"}},
                    "metrics": {"type": "array", "items": {"type": "object"}},
                },
                "required": ["measured_at", "complete", "groups", "metrics"]
            }),
        ),
        tool(
            "explain",
            "Explain a line or a code",
            "Says why what stands on a line of a document is, or is not, a claim, and what would judge it (`what` is FILE:LINE or \
             FILE:LINE:COLUMN); or what a diagnostic code of trueup means and what to do about it (`what` is the code, or \
             `codes` for the list). Measures nothing.",
            json!({
                "type": "object",
                "properties": {"what": {"type": "string", "description": "FILE:LINE, FILE:LINE:COLUMN, a code such as ratio-drift, or codes"}},
                "required": ["what"],
                "additionalProperties": false
            }),
            json!({
                "type": "object",
                "properties": {"kind": {"enum": ["line", "code", "codes"]}},
                "required": ["kind"]
            }),
        ),
        tool(
            "render_section",
            "Render a section",
            "Says what a generated section of a document (between `<!-- trueup:begin … -->` and `<!-- trueup:end -->`) would show \
             now, and whether it shows that already. Writes nothing: `trueup fix` does.",
            json!({
                "type": "object",
                "properties": {
                    "document": {"type": "string", "description": "The document, from the root of the project"},
                    "id": {"type": "string", "description": "The section's id, or else its template; needed where the document has several"},
                    "max_age": age,
                },
                "required": ["document"],
                "additionalProperties": false
            }),
            json!({
                "type": "object",
                "properties": {
                    "document": {"type": "string"},
                    "line": {"type": "integer"},
                    "template": {"type": "string"},
                    "status": {"enum": ["current", "stale", "edited", "unmeasured", "broken"]},
                    "text": {"type": ["string", "null"], "description": "null where it cannot be rendered"},
                    "reasons": {"type": "array", "items": {"type": "string"}},
                    "measured_at": {"type": "string"},
                },
                "required": ["document", "line", "template", "status", "text", "reasons", "measured_at"]
            }),
        ),
    ]
}

fn tool(name: &'static str, title: &str, description: &'static str, input: Value, output: Value) -> Tool {
    // What is looked at is what trueup.toml names: containers, endpoints, programs. It changes with the world.
    let hints = ToolAnnotations::with_title(title).read_only(true).destructive(false).idempotent(true).open_world(true);
    let mut tool = Tool::new(name, description, object(input)).with_annotations(hints);
    tool.title = Some(title.to_owned());
    tool.output_schema = Some(object(output));
    tool
}

fn object(value: Value) -> Arc<JsonObject> {
    Arc::new(value.as_object().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::Ask;

    #[test]
    fn every_tool_is_answered_and_changes_nothing() {
        for tool in tools() {
            assert!(Ask::read(&tool.name, None).is_some(), "{}", tool.name);
            let hints = tool.annotations.as_ref().unwrap();
            assert_eq!((hints.read_only_hint, hints.destructive_hint), (Some(true), Some(false)), "{}", tool.name);
            let schema = Value::Object((*tool.input_schema).clone());
            assert_eq!((&schema["type"], &schema["additionalProperties"]), (&json!("object"), &json!(false)));
            assert!(tool.output_schema.is_some());
        }
        assert_eq!(tools().len(), 4);
    }
}
