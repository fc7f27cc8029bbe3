//! What the parts of trueup.toml are read with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::reader::Value;
use crate::measure::engine_choice::EngineChoice;

/// What checks and their neighbours are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    /// The text of trueup.toml.
    pub source: &'a str,
    /// The folder that paths are relative to.
    pub root: &'a Path,
    /// Time for one attempt, where a check names none.
    pub timeout: Duration,
    /// The container engine.
    pub engine: &'a EngineChoice,
}

impl Setting<'_> {
    /// A folder relative to trueup.toml; that of trueup.toml where none is given, `None` where it has a fault.
    pub fn folder(self, value: Option<Value>) -> Option<PathBuf> {
        match value {
            None => Some(self.root.to_owned()),
            Some(value) => value.text().map(|path| self.root.join(path)),
        }
    }
}
