//! What is the same of all agents, and the list of them.

use serde_json::Value;

use super::answer::Answer;
use super::call::{Call, Moment};
use super::claude_code::ClaudeCode;
use super::codex::Codex;
use super::cursor::Cursor;
use super::input::{Fields, Misread};
use super::settings::{Shape, Slot};

/// A coding agent that has hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agent {
    /// Claude Code.
    ClaudeCode,
    /// Codex.
    Codex,
    /// Cursor.
    Cursor,
}

impl Agent {
    /// All of them.
    pub const ALL: &'static [Agent] = &[Agent::ClaudeCode, Agent::Codex, Agent::Cursor];

    /// How one speaks with it.
    pub fn protocol(self) -> &'static dyn Protocol {
        match self {
            Agent::ClaudeCode => &ClaudeCode,
            Agent::Codex => &Codex,
            Agent::Cursor => &Cursor,
        }
    }
}

/// How one speaks with an agent, and where it keeps its hooks.
pub trait Protocol {
    /// The word on the command line: `trueup hook NAME`.
    fn name(&self) -> &'static str;

    /// By what part of a command the hook is known in settings.
    fn mark(&self) -> &'static str;

    /// Its own name.
    fn title(&self) -> &'static str;

    /// Understands what the agent wrote.
    ///
    /// # Errors
    /// What is missing or strange in it.
    fn read(&self, input: Fields<'_>) -> Result<Call, Misread>;

    /// The answer in the agent's form; `None` where nothing is written.
    fn write(&self, call: &Call, moment: Moment, answer: &Answer) -> Option<Value>;

    /// Where its settings are.
    fn places(&self) -> Places;

    /// The form of its settings.
    fn shape(&self) -> Shape;

    /// The events that the hook is put to.
    fn slots(&self) -> &'static [Slot];

    /// What the user has to do besides, after an installation.
    fn advice(&self) -> Option<&'static str>;
}

/// Where an agent keeps settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// In the project, for all who work on it.
    pub project: &'static str,
    /// In the project, for one person.
    pub local: Option<&'static str>,
    /// In the user's home folder, for all projects.
    pub user: &'static str,
}
