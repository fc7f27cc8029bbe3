//! Coding agents: what they tell a hook, what a hook tells them, and how it gets into their settings.
//!
//! All of it is pure: [`call`] is what every agent says in its own JSON, [`answer`] what comes back, [`edit`] an intended
//! edit and the text that comes of it, [`news`] what an edit adds to the false claims of a document, [`wording`] all words.
//! [`settings`] puts a hook into a settings file by edits of its text, and takes it out again to the byte. One file for each
//! agent; [`Agent::ALL`] lists them.

pub mod answer;
pub mod call;
pub mod chunk;
pub mod claude_code;
pub mod codex;
pub mod cursor;
pub mod edit;
pub mod guidance;
pub mod input;
pub mod news;
pub mod patch;
pub mod protocol;
pub mod settings;
pub mod wording;

pub use protocol::Agent;
