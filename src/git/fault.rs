//! Why git could not answer.

use std::fmt;
use std::path::PathBuf;

/// Why git could not answer. None of these says anything about a document: "we could not look".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitError {
    /// There is no git program.
    NoGit,
    /// The folder is in no repository.
    NotARepository {
        /// The folder.
        folder: PathBuf,
    },
    /// The repository has no work tree: it is bare, or the folder is inside of `.git`.
    NoWorkTree {
        /// The folder.
        folder: PathBuf,
    },
    /// The repository belongs to another user, and git refuses to read it.
    Untrusted {
        /// The folder.
        folder: PathBuf,
    },
    /// There is no such commit.
    NoCommit {
        /// What was asked for.
        revision: String,
        /// The clone does not hold the whole history, so it may be there elsewhere.
        shallow: bool,
    },
    /// git did not end within its time.
    TimedOut {
        /// What was asked: `git diff-index …`.
        command: String,
    },
    /// git failed, or its answer cannot be understood.
    Failed {
        /// What was asked: `git diff-index …`.
        command: String,
        /// What it said.
        message: String,
    },
}

impl GitError {
    /// What a person does about it.
    pub fn hint(&self) -> &'static str {
        match self {
            GitError::NoGit => "install git, or put it on the PATH",
            GitError::NotARepository { .. } => "run trueup inside of a git repository, or `git init` one",
            GitError::NoWorkTree { .. } => "run trueup in a work tree of the repository (`git worktree add`)",
            GitError::Untrusted { .. } => {
                "run trueup as the owner of the repository, or trust it: `git config --global --add safe.directory FOLDER`"
            }
            GitError::NoCommit { shallow: true, .. } => {
                "this clone is shallow: fetch the revision (`git fetch --depth=1 origin REVISION`), or all of the \
                 history (`fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` of GitLab)"
            }
            GitError::NoCommit { shallow: false, .. } => {
                "name a commit, a tag or a branch that this clone has; `git fetch` brings others"
            }
            GitError::TimedOut { .. } => "see whether another program holds the repository, and run trueup again",
            GitError::Failed { .. } => "run the command yourself to see more",
        }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitError::NoGit => f.write_str("there is no git program; expected `git` on the PATH"),
            GitError::NotARepository { folder } => {
                write!(f, "`{}` is in no git repository; expected one", folder.display())
            }
            GitError::NoWorkTree { folder } => {
                write!(
                    f,
                    "the git repository at `{}` has no work tree here; expected one that is not bare",
                    folder.display()
                )
            }
            GitError::Untrusted { folder } => {
                write!(f, "git does not trust the repository at `{}`: it belongs to another user", folder.display())
            }
            GitError::NoCommit { revision, .. } => {
                write!(f, "`{}` is no commit that this repository has", revision.escape_debug())
            }
            GitError::TimedOut { command } => write!(f, "`{command}` did not end within its time"),
            GitError::Failed { command, message } => write!(f, "`{command}` failed: {message}"),
        }
    }
}

impl std::error::Error for GitError {}
