//! Claude Code: the JSON of its hooks.
//!
//! An answer is one JSON object on standard output with exit code 0. Exit code 2 would block whatever is asked, any other
//! is a fault of the hook that stops nothing; neither is an answer, so none of them is given on purpose.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::{Call, Event, Moment};
use super::edit::{Change, Edit, Replacement};
use super::input::{Fields, Misread};
use super::protocol::{Places, Protocol};
use super::settings::{Shape, Slot};

/// Claude Code.
#[derive(Clone, Copy, Debug)]
pub struct ClaudeCode;

/// The tools that write files.
const TOOLS: Option<&str> = Some("Write|Edit|MultiEdit");

/// Where the hook is put. The time is for a machine that is busy: measuring has a deadline of its own.
const SLOTS: &[Slot] = &[
    Slot { event: "PreToolUse", matcher: TOOLS, timeout: 60 },
    Slot { event: "PostToolUse", matcher: TOOLS, timeout: 60 },
    Slot { event: "Stop", matcher: None, timeout: 60 },
    Slot { event: "SubagentStop", matcher: None, timeout: 60 },
];

impl Protocol for ClaudeCode {
    fn name(&self) -> &'static str {
        "claude-code"
    }

    fn mark(&self) -> &'static str {
        "hook claude-code"
    }

    fn title(&self) -> &'static str {
        "Claude Code"
    }

    fn read(&self, input: Fields<'_>) -> Result<Call, Misread> {
        read(input, change)
    }

    fn write(&self, _: &Call, moment: Moment, answer: &Answer) -> Option<Value> {
        write(moment, answer)
    }

    fn places(&self) -> Places {
        Places {
            project: ".claude/settings.json",
            local: Some(".claude/settings.local.json"),
            user: ".claude/settings.json",
        }
    }

    fn shape(&self) -> Shape {
        Shape::Groups
    }

    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }

    fn advice(&self) -> Option<&'static str> {
        None
    }
}

/// The call in `input`; `changes` reads what a tool is about to do to files.
pub(super) fn read(
    input: Fields<'_>,
    changes: impl Fn(&str, Fields<'_>) -> Result<Vec<Change>, Misread>,
) -> Result<Call, Misread> {
    let event = match input.text("hook_event_name")? {
        "PreToolUse" => {
            let changes = changes(input.text("tool_name")?, input.object("tool_input")?)?;
            if changes.is_empty() { Event::Other } else { Event::Before(changes) }
        }
        "PostToolUse" => {
            let changes = changes(input.text("tool_name")?, input.object("tool_input")?)?;
            let paths: Vec<PathBuf> = changes.into_iter().map(|change| change.path).collect();
            if paths.is_empty() { Event::Other } else { Event::After { paths, heard: true } }
        }
        "Stop" => Event::Stop { again: input.flag("stop_hook_active")?, sub: false },
        "SubagentStop" => Event::Stop { again: input.flag("stop_hook_active")?, sub: true },
        other => {
            let known: Vec<&str> = SLOTS.iter().map(|slot| slot.event).collect();
            let other = other.escape_debug();
            return Err(Misread(format!("`hook_event_name` is `{other}`; expected one of {}", known.join(", "))));
        }
    };
    Ok(Call {
        session: input.maybe("session_id")?.map(str::to_owned),
        subagent: input.maybe("agent_id")?.map(str::to_owned),
        cwd: input.maybe("cwd")?.map(PathBuf::from),
        event,
    })
}

fn change(tool: &str, input: Fields<'_>) -> Result<Vec<Change>, Misread> {
    let edit = match tool {
        "Write" => Edit::Whole(input.text("content")?.to_owned()),
        "Edit" => Edit::Replace(vec![replacement(input)?]),
        "MultiEdit" => {
            let edits = input.list("edits")?.iter();
            let edits = edits.map(|edit| replacement(Fields::of("an entry of `edits`", edit)?));
            Edit::Replace(edits.collect::<Result<_, _>>()?)
        }
        // Somebody has put the hook to more tools than it is for.
        _ => return Ok(Vec::new()),
    };
    Ok(vec![Change { path: input.path_of(&["file_path"])?, from: None, edit }])
}

/// One replacement, as `Edit` and each entry of `MultiEdit` have it.
pub(super) fn replacement(input: Fields<'_>) -> Result<Replacement, Misread> {
    let (old, new) = (input.text("old_string")?.to_owned(), input.text("new_string")?.to_owned());
    Ok(Replacement { old, new, all: input.flag("replace_all")? })
}

/// The answer in this form, which other agents have taken over.
pub(super) fn write(moment: Moment, answer: &Answer) -> Option<Value> {
    match (answer, moment) {
        (Answer::Silent, _) => None,
        (Answer::Deny(reason), Moment::Before) => Some(json!({
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": reason,
            }
        })),
        (Answer::Continue(reason), Moment::Stop) => Some(json!({ "decision": "block", "reason": reason })),
        // To the user, and to the agent where it listens.
        (Answer::Tell(text), Moment::Before) => Some(json!({
            "systemMessage": text,
            "hookSpecificOutput": { "hookEventName": "PreToolUse", "additionalContext": text },
        })),
        (Answer::Tell(text) | Answer::Deny(text) | Answer::Continue(text), Moment::After) => {
            Some(json!({ "hookSpecificOutput": { "hookEventName": "PostToolUse", "additionalContext": text } }))
        }
        (Answer::Continue(text), Moment::Before) | (Answer::Tell(text) | Answer::Deny(text), Moment::Stop) => {
            Some(json!({ "systemMessage": text }))
        }
    }
}
