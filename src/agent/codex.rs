//! Codex: the form of Claude Code's hooks, and one tool that writes files, `apply_patch`, whose patch is its `command`.

use serde_json::Value;

use super::answer::Answer;
use super::call::{Call, Moment};
use super::claude_code;
use super::edit::Change;
use super::input::{Fields, Misread};
use super::patch;
use super::protocol::{Places, Protocol};
use super::settings::{Shape, Slot};

/// Codex.
#[derive(Clone, Copy, Debug)]
pub struct Codex;

/// The tool that writes files.
const TOOL: &str = "apply_patch";

/// Where the hook is put. The time is for a machine that is busy: measuring has a deadline of its own.
const SLOTS: &[Slot] = &[
    Slot { event: "PreToolUse", matcher: Some(TOOL), timeout: 60 },
    Slot { event: "PostToolUse", matcher: Some(TOOL), timeout: 60 },
    Slot { event: "Stop", matcher: None, timeout: 60 },
];

impl Protocol for Codex {
    fn name(&self) -> &'static str {
        "codex"
    }

    fn mark(&self) -> &'static str {
        "hook codex"
    }

    fn title(&self) -> &'static str {
        "Codex"
    }

    fn read(&self, input: Fields<'_>) -> Result<Call, Misread> {
        claude_code::read(input, changes)
    }

    fn write(&self, _: &Call, moment: Moment, answer: &Answer) -> Option<Value> {
        claude_code::write(moment, answer)
    }

    fn places(&self) -> Places {
        Places { project: ".codex/hooks.json", local: None, user: ".codex/hooks.json" }
    }

    fn shape(&self) -> Shape {
        Shape::Groups
    }

    fn slots(&self) -> &'static [Slot] {
        SLOTS
    }

    fn advice(&self) -> Option<&'static str> {
        Some("Codex runs a new hook once you have reviewed and trusted it: open /hooks in Codex")
    }
}

fn changes(tool: &str, input: Fields<'_>) -> Result<Vec<Change>, Misread> {
    if tool != TOOL {
        return Ok(Vec::new());
    }
    patch::read(input.text_of(&["command", "patch", "input"])?).map_err(Misread)
}
