//! Questions to a git repository, as plain data.

use std::path::PathBuf;

use serde::Serialize;

/// A repository that must be in a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GitCheck {
    /// A folder of it.
    pub folder: PathBuf,
    /// Whether nothing may differ from the commit that is checked out, new files included.
    pub clean: bool,
    /// The commit that is checked out must have a tag whose name matches one of these glob patterns; empty asks for none.
    pub tag: Vec<String>,
}

/// What is counted of a git repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GitCount {
    /// Commits that lead to the one that is checked out.
    Commits {
        /// Only those after the latest tag whose name matches one of these glob patterns; empty takes all.
        since: Vec<String>,
    },
    /// Tags whose names match one of the patterns.
    Tags {
        /// Glob patterns.
        globs: Vec<String>,
    },
    /// Files that git tracks.
    Files {
        /// Glob patterns.
        globs: Vec<String>,
    },
    /// Files that differ from the commit that is checked out, new ones included: 0 where nothing is changed.
    Changes,
}
