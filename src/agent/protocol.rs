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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::call::Event;

    /// Whatever is said at whatever moment: nothing is permitted, and only a denial denies.
    #[test]
    fn no_answer_permits() {
        let call = Call { session: None, subagent: None, cwd: None, event: Event::Other };
        let text = || "because".to_owned();
        let answers = [Answer::Silent, Answer::Deny(text()), Answer::Tell(text()), Answer::Continue(text())];
        for agent in Agent::ALL {
            for moment in [Moment::Before, Moment::After, Moment::Stop] {
                for answer in &answers {
                    let written = agent.protocol().write(&call, moment, answer);
                    let json = written.as_ref().map(Value::to_string).unwrap_or_default();
                    let what = format!("{agent:?} {moment:?} {answer:?}: {json}");
                    for word in ["allow", "approve", "\"ask\"", "\"continue\""] {
                        assert!(!json.contains(word), "{what}");
                    }
                    let denies = matches!(answer, Answer::Deny(_)) && moment == Moment::Before;
                    assert_eq!(json.contains("\"deny\""), denies, "{what}");
                    let keeps = matches!(answer, Answer::Continue(_)) && moment == Moment::Stop;
                    assert_eq!(json.contains("\"block\"") || json.contains("followup_message"), keeps, "{what}");
                    assert!(json.is_empty() || json.contains("because"), "{what}");
                }
            }
        }
    }

    #[test]
    fn no_mark_is_in_another() {
        for one in Agent::ALL {
            let marks = Agent::ALL.iter().filter(|other| other.protocol().mark().contains(one.protocol().mark()));
            assert_eq!(marks.count(), 1, "{one:?}");
            assert!(one.protocol().mark().ends_with(one.protocol().name()));
        }
    }
}
