//! The JSON Schema of a snapshot: for whoever writes or reads one without trueup.

use serde_json::{Value, json};

use crate::failure::FailureClass;
use crate::measure::measurement::{Snapshot, UnmeasuredCause};
use crate::rung::Rung;

/// The schema. Fields that it does not name may come to be: a reader passes over them. What a reader of this version would
/// misread gets another `schema_version`.
pub fn schema() -> Value {
    let rungs: Vec<&str> = Rung::ALL.iter().map(|rung| rung.name()).collect();
    let classes: Vec<&str> = FailureClass::ALL.iter().map(|class| class.name()).collect();
    let causes: Vec<&str> = UnmeasuredCause::ALL.iter().map(|cause| cause.name()).collect();
    let whole = |least: u32, doc: &str| json!({ "type": "integer", "minimum": least, "description": doc });
    let text = |doc: &str| json!({ "type": "string", "description": doc });
    let list = |of: &str, doc: &str| json!({ "type": "array", "items": { "$ref": format!("#/$defs/{of}") }, "description": doc });
    let or_null = |of: Value, doc: &str| json!({ "anyOf": [of, { "type": "null" }], "description": doc });
    let reference = |of: &str| json!({ "$ref": format!("#/$defs/{of}") });
    let described = |of: &str, doc: &str| json!({ "$ref": format!("#/$defs/{of}"), "description": doc });
    let took = whole(0, "How long it took, in milliseconds.");
    let unmeasured = json!({
        "type": "object",
        "description": "Nobody could look. This is not an answer about the thing.",
        "required": ["outcome", "cause", "detail", "source"],
        "properties": {
            "outcome": { "const": "unmeasured" },
            "cause": reference("cause"), "detail": text("Why, in one line."), "source": text("What was asked."),
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "trueup snapshot",
        "description": "All measurements of one run, to be judged from elsewhere or later.",
        "type": "object",
        "required": ["schema_version", "taken_at", "groups", "metrics"],
        "properties": {
            "schema_version": { "const": Snapshot::SCHEMA_VERSION },
            "taken_at": { "type": "string", "format": "date-time", "description": "When the run began, in UTC." },
            "about": reference("about"),
            "groups": list("group", "Groups, in the order of trueup.toml."),
            "metrics": list("metric", "Metrics, in the order of trueup.toml."),
            "texts": list("text", "Texts, in the order of trueup.toml."),
        },
        "$defs": {
            "rung": { "enum": rungs, "description": "How strong the evidence is, from the weakest on." },
            "class": { "enum": classes, "description": "Why something is down." },
            "cause": { "enum": causes, "description": "Why nobody could look." },
            "about": {
                "type": "object",
                "description": "Where, by what and of what it was taken.",
                "properties": {
                    "trueup": text("Version of the trueup that took it."),
                    "host": or_null(json!({ "type": "string" }), "Name of the machine."),
                    "commit": or_null(
                        json!({ "type": "string", "pattern": "^[0-9a-f]{40,64}$" }),
                        "Commit that was checked out where trueup.toml stands."
                    ),
                    "took_ms": took,
                    "definitions": {
                        "type": "object",
                        "propertyNames": { "pattern": "^(group|metric|text)\\." },
                        "additionalProperties": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
                        "description": "Fingerprints of what trueup.toml said of each thing that was measured.",
                    },
                    "engines": list("engine", "Container engines that were asked; nothing where nobody asked one."),
                },
            },
            "engine": {
                "type": "object",
                "required": ["source", "outcome"],
                "properties": {
                    "source": text("It, by its address."),
                    "outcome": { "oneOf": [
                        {
                            "type": "object",
                            "required": ["outcome", "product", "version", "api"],
                            "properties": {
                                "outcome": { "const": "measured" },
                                "product": text("`docker`, `podman`, or the name that it gives itself."),
                                "version": text("Its version, as it writes it."),
                                "api": text("The newest version of the interface that it speaks."),
                            },
                        },
                        reference("unmeasured"),
                    ] },
                },
            },
            "group": {
                "type": "object",
                "required": ["name", "targets", "nameless_missing"],
                "properties": {
                    "name": text("Its key in trueup.toml."),
                    "expect": or_null(json!({ "type": "integer", "minimum": 1 }), "Number of targets that there should be."),
                    "targets": list("target", "Those that were found, and those that were expected by name."),
                    "nameless_missing": whole(0, "Targets that were expected, not found, and have no name."),
                    "skipped": {
                        "type": "array",
                        "items": { "type": "string" },
                        "description": "Names that a source lists and says to leave alone; they are no targets.",
                    },
                    "reach": described("rung", "The rung up to which every target is looked at."),
                    "discovery": or_null(
                        reference("source"),
                        "Why the list of targets itself is unknown; `targets` is not the whole then."
                    ),
                },
            },
            "source": {
                "type": "object",
                "required": ["cause", "detail", "source"],
                "properties": {
                    "cause": reference("cause"), "detail": text("Why, in one line."), "source": text("What was asked."),
                },
            },
            "target": {
                "type": "object",
                "required": ["name", "origin", "checks"],
                "properties": {
                    "name": text("Its name."),
                    "origin": described("rung", "What being on the list proves."),
                    "checks": list("check", "What came of each check, in the order of trueup.toml."),
                },
            },
            "check": {
                "type": "object",
                "required": ["check", "rung", "proved", "outcome", "evidence", "took_ms", "attempts"],
                "properties": {
                    "check": text("Its kind, as trueup.toml writes it."),
                    "rung": described("rung", "The rung that it is about."),
                    "proved": or_null(reference("rung"), "The highest rung proved on the way."),
                    "outcome": { "oneOf": [
                        {
                            "type": "object",
                            "required": ["outcome", "summary"],
                            "properties": { "outcome": { "const": "passed" }, "summary": text("What proved it.") },
                        },
                        {
                            "type": "object",
                            "required": ["outcome", "class", "reason"],
                            "properties": {
                                "outcome": { "const": "failed" },
                                "class": reference("class"), "reason": text("What a person reads."),
                            },
                        },
                        reference("unmeasured"),
                    ] },
                    "evidence": reference("evidence"),
                    "took_ms": took,
                    "attempts": whole(0, "Attempts made."),
                },
            },
            "unmeasured": unmeasured,
            "evidence": {
                "type": "object",
                "description": "What was seen, bounded and without control characters.",
                "properties": {
                    "facts": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["name", "value"],
                            "properties": { "name": { "type": "string" }, "value": { "type": "string" } },
                        },
                    },
                    "log": { "type": "array", "items": { "type": "string" }, "description": "Last lines of a log." },
                },
            },
            "metric": {
                "type": "object",
                "required": ["name", "outcome", "evidence", "took_ms"],
                "properties": {
                    "name": text("Its key in trueup.toml."),
                    "outcome": { "oneOf": [
                        {
                            "type": "object",
                            "required": ["outcome", "value"],
                            "properties": {
                                "outcome": { "const": "measured" },
                                "value": { "type": "number" },
                                "total": or_null(json!({ "type": "number" }), "The whole that the number is a part of."),
                            },
                        },
                        reference("unmeasured"),
                    ] },
                    "evidence": reference("evidence"),
                    "took_ms": took,
                },
            },
            "text": {
                "type": "object",
                "required": ["name", "command", "outcome", "evidence", "took_ms"],
                "properties": {
                    "name": text("Its key in trueup.toml."),
                    "command": text("The program and its arguments."),
                    "outcome": { "oneOf": [
                        {
                            "type": "object",
                            "required": ["outcome", "lines", "truncated"],
                            "properties": {
                                "outcome": { "const": "measured" },
                                "lines": { "type": "array", "items": { "type": "string" } },
                                "truncated": { "type": "boolean", "description": "Whether there were more." },
                            },
                        },
                        reference("unmeasured"),
                    ] },
                    "evidence": reference("evidence"),
                    "took_ms": took,
                },
            },
        },
    })
}
