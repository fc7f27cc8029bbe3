//! What differs from the last commit.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::fault::GitError;
use super::objects::from_top;
use super::repository::{self, Repository};

/// One path that is not as it was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusEntry {
    /// Its name from the top of the work tree.
    pub path: PathBuf,
    /// How it differs.
    pub state: State,
}

/// How a path differs from the last commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// git does not track it.
    Untracked,
    /// All that changed is in the index.
    Staged,
    /// Something changed in the work tree and is not in the index.
    Unstaged,
}

impl Repository {
    /// What is not as it was committed at or below `paths` (from the top of the work tree), everywhere without one.
    /// Ignored files are left out.
    ///
    /// # Errors
    /// Where git fails.
    pub fn status(&self, paths: &[&Path]) -> Result<Vec<StatusEntry>, GitError> {
        // Our names say themselves where they begin, so they cannot be literal as a whole.
        let mut args: Vec<OsString> = vec!["--no-literal-pathspecs".into(), "status".into()];
        args.extend(
            ["--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=dirty", "--"].map(OsString::from),
        );
        args.extend(paths.iter().map(|path| from_top(path)));
        let answer = self.ask::<OsString>(&args)?;
        let mut fields = answer.split(|byte| *byte == 0);
        let mut entries = Vec::new();
        while let Some(line) = fields.next().filter(|line| !line.is_empty()) {
            let (Some([index, work_tree]), Some(name)) = (line.first_chunk::<2>(), line.get(3..)) else {
                let message =
                    format!("its answer cannot be read at `{}`", String::from_utf8_lossy(line).escape_debug());
                return Err(GitError::Failed { command: "git status --porcelain".to_owned(), message });
            };
            if matches!(index, b'R' | b'C') {
                // The name before.
                fields.next();
            }
            let state = match (index, work_tree) {
                (b'?', _) => State::Untracked,
                (_, b' ') => State::Staged,
                (_, _) => State::Unstaged,
            };
            entries.push(StatusEntry { path: repository::path(name), state });
        }
        Ok(entries)
    }
}
