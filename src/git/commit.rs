//! Committing: the one thing that is written by way of git.

use std::path::Path;
use std::time::Duration;

use super::fault::GitError;
use super::objects::from_top;
use super::repository::Repository;
use super::run;

/// Time for a commit: hooks of the repository run in it, and they may test.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Files of git's folder that show that something is under way, and what.
const UNDER_WAY: [(&str, &str); 5] = [
    ("MERGE_HEAD", "a merge"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"),
    ("REVERT_HEAD", "a revert"),
    ("rebase-merge", "a rebase"),
    ("rebase-apply", "a rebase"),
];

impl Repository {
    /// The branch that a commit would go to; `None` where HEAD is detached.
    ///
    /// # Errors
    /// Where git fails.
    pub fn branch(&self) -> Result<Option<String>, GitError> {
        let args = ["symbolic-ref", "--quiet", "--short", "HEAD"];
        let answer = self.run(&args, None)?;
        match answer.code {
            Some(0) => Ok(Some(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned())),
            Some(1) => Ok(None),
            Some(_) | None => Err(GitError::Failed { command: run::shown(&args), message: answer.complaint() }),
        }
    }

    /// What somebody has begun and not ended, in words: "a rebase".
    pub fn under_way(&self) -> Option<&'static str> {
        UNDER_WAY.iter().find(|(file, _)| self.directory().join(file).exists()).map(|(_, what)| *what)
    }

    /// Commits these files (from the top of the work tree) as they stand in it, and nothing else: what is in the index
    /// besides stays there. Hooks run as for every commit. Nothing is pushed.
    ///
    /// # Errors
    /// Where git, or a hook, refuses.
    pub fn commit_only(&self, paths: &[&Path], message: &str) -> Result<(), GitError> {
        // Names by standard input: there may be more than a command line holds.
        let args = [
            "commit",
            "--only",
            "--quiet",
            "--cleanup=whitespace",
            "--pathspec-from-file=-",
            "--pathspec-file-nul",
            "-m",
        ];
        let mut names = Vec::new();
        for path in paths {
            names.extend(from_top(path).into_encoded_bytes());
            names.push(0);
        }
        let answer = self.run_as_usual(&[&args[..], &[message]].concat(), names, TIMEOUT)?;
        match answer.code {
            Some(0) => Ok(()),
            Some(_) | None => Err(GitError::Failed { command: "git commit".to_owned(), message: answer.complaint() }),
        }
    }
}
