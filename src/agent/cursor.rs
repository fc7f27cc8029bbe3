//! Cursor: the JSON of its hooks.
//!
//! It asks before a tool on versions that have `preToolUse`, and hears a denial there; what is told after an edit it hears
//! only on `postToolUse`, and at the end as a message that follows up. There is no word for "unknown" that would not permit.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::{Call, Event, Moment};
use super::claude_code;
use super::edit::{Change, Edit};
use super::input::{Fields, Misread};
use super::protocol::{Places, Protocol};
use super::settings::{Shape, Slot};

/// Cursor.
#[derive(Clone, Copy, Debug)]
pub struct Cursor;

/// The tools that write files.
const TOOLS: &[&str] = &["Write", "StrReplace", "Edit", "MultiEdit"];

/// Where the hook is put. The time is for a machine that is busy: measuring has a deadline of its own.
const SLOTS: &[Slot] = &[
    Slot { event: "preToolUse", matcher: Some("Write|StrReplace|Edit|MultiEdit"), timeout: 60 },
    Slot { event: "afterFileEdit", matcher: None, timeout: 60 },
    Slot { event: "stop", matcher: None, timeout: 60 },
];

/// What versions have called the path of a file.
const PATH: &[&str] = &["file_path", "path", "target_file"];
/// What versions have called the whole text of a file.
const CONTENT: &[&str] = &["content", "contents"];

impl Protocol for Cursor {
    fn name(&self) -> &'static str {
        "cursor"
    }

    fn mark(&self) -> &'static str {
        "hook cursor"
    }

    fn title(&self) -> &'static str {
        "Cursor"
    }

    fn read(&self, input: Fields<'_>) -> Result<Call, Misread> {
        let event = match input.text("hook_event_name")? {
            "preToolUse" => match change(input.text("tool_name")?, input)? {
                Some(change) => Event::Before(vec![change]),
                None => Event::Other,
            },
            "postToolUse" => match change(input.text("tool_name")?, input)? {
                Some(change) => Event::After { paths: vec![change.path], heard: true },
                None => Event::Other,
            },
            "afterFileEdit" => Event::After { paths: vec![input.path_of(PATH)?], heard: false },
            // A user who broke it off wants no more of it.
            "stop" if input.maybe("status")?.is_some_and(|status| status != "completed") => Event::Other,
            "stop" => Event::Stop { again: input.number("loop_count")? > 0, sub: false },
            other => {
                let other = other.escape_debug();
                let known = "preToolUse, postToolUse, afterFileEdit, stop";
                return Err(Misread(format!("`hook_event_name` is `{other}`; expected one of {known}")));
            }
        };
        let root = if input.has("workspace_roots") { input.list("workspace_roots")?.first() } else { None };
        let cwd = input.maybe("cwd")?.filter(|cwd| !cwd.is_empty()).or_else(|| root.and_then(Value::as_str));
        Ok(Call {
            session: input.maybe("conversation_id")?.or(input.maybe("session_id")?).map(str::to_owned),
            subagent: None,
            cwd: cwd.map(PathBuf::from),
            event,
        })
    }

    fn write(&self, _: &Call, moment: Moment, answer: &Answer) -> Option<Value> {
        match (answer, moment) {
            (Answer::Deny(reason), Moment::Before) => {
                Some(json!({ "permission": "deny", "user_message": reason, "agent_message": reason }))
            }
            (Answer::Tell(text), Moment::After) => Some(json!({ "additional_context": text })),
            (Answer::Continue(reason), Moment::Stop) => Some(json!({ "followup_message": reason })),
            (Answer::Silent, _)
            | (Answer::Tell(_) | Answer::Continue(_), Moment::Before)
            | (Answer::Deny(_) | Answer::Continue(_), Moment::After)
            | (Answer::Deny(_) | Answer::Tell(_), Moment::Stop) => None,
        }
    }

    fn places(&self) -> Places {
        Places { project: ".cursor/hooks.json", local: None, user: ".cursor/hooks.json" }
    }

    fn shape(&self) -> Shape {
        Shape::Flat { version: 1 }
    }

    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }

    fn advice(&self) -> Option<&'static str> {
        Some(
            "Cursor runs hooks of a project in trusted workspaces; restart it where it does not show them in its settings",
        )
    }
}

/// What a tool is about to do to a file; `None` for one that writes none. Versions differ in the names of the fields.
fn change(tool: &str, call: Fields<'_>) -> Result<Option<Change>, Misread> {
    if !TOOLS.contains(&tool) {
        return Ok(None);
    }
    let input = call.object("tool_input")?;
    let edit = if input.has("old_string") {
        Edit::Replace(vec![claude_code::replacement(input)?])
    } else if input.has("edits") {
        let edits = input.list("edits")?.iter();
        let edits = edits.map(|edit| claude_code::replacement(Fields::of("an entry of `edits`", edit)?));
        Edit::Replace(edits.collect::<Result<_, _>>()?)
    } else {
        Edit::Whole(input.text_of(CONTENT)?.to_owned())
    };
    Ok(Some(Change { path: input.path_of(PATH)?, from: None, edit }))
}
