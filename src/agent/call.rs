//! What an agent tells a hook, in the words of no agent.

use std::path::PathBuf;

use super::edit::Change;

/// One call of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What the agent calls the session.
    pub session: Option<String>,
    /// The agent below the main one that speaks, where one does.
    pub subagent: Option<String>,
    /// The folder that paths are relative to.
    pub cwd: Option<PathBuf>,
    /// What happens.
    pub event: Event,
}

/// What happens when a hook is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Files are about to be changed.
    Before(Vec<Change>),
    /// Files were changed.
    After {
        /// Which.
        paths: Vec<PathBuf>,
        /// Whether the agent listens to an answer.
        heard: bool,
    },
    /// The work is about to end.
    Stop {
        /// A hook has kept it from ending already.
        again: bool,
        /// It is the work of an agent below the main one.
        sub: bool,
    },
    /// A tool that changes no file.
    Other,
}

/// A moment at which a hook answers: agents want answers in another form at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before a change.
    Before,
    /// After a change.
    After,
    /// At the end of the work.
    Stop,
}

impl Event {
    /// When the hook answers; `None` where there is nothing to say.
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Event::Before(_) => Some(Moment::Before),
            Event::After { .. } => Some(Moment::After),
            Event::Stop { .. } => Some(Moment::Stop),
            Event::Other => None,
        }
    }
}
