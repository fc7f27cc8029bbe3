//! Which documents git could not give back as they are.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::git::{GitError, Repository, State};

/// Documents asked about in one call: command lines are bounded.
const AT_ONCE: usize = 500;

/// A document that is not in git as it stands on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncommitted {
    /// Its path, as it was given.
    pub path: PathBuf,
    /// In which way.
    pub how: Change,
}

/// How a document differs from what is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Changed since the last commit, staged or not.
    Changed,
    /// Git does not know it.
    Untracked,
}

/// Git is there, the document is in a repository, and git does not say how it stands.
#[derive(Debug)]
pub struct GitFault {
    /// The repository.
    pub repository: PathBuf,
    /// What git said.
    pub said: String,
}

impl fmt::Display for GitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repository = self.repository.display();
        write!(f, "git does not say whether the documents in `{repository}` are committed: {}", self.said)
    }
}

impl std::error::Error for GitFault {}

/// Those of `paths` that have changes which are not committed, or that git does not track. What git ignores, what is in no
/// repository, and everything on a machine without git is not among them.
///
/// # Errors
/// Where git fails.
pub fn uncommitted(paths: &[PathBuf]) -> Result<Vec<Uncommitted>, GitFault> {
    let mut by_repository: BTreeMap<PathBuf, Vec<(PathBuf, &Path)>> = BTreeMap::new();
    for path in paths {
        let Ok(real) = fs::canonicalize(path) else { continue };
        let repository = real.ancestors().skip(1).find(|folder| folder.join(".git").exists()).map(Path::to_owned);
        if let Some(repository) = repository {
            by_repository.entry(repository).or_default().push((real, path));
        }
    }
    let mut found = Vec::new();
    for (folder, documents) in by_repository {
        let fault = |said: String| GitFault { repository: folder.clone(), said };
        let repository = match Repository::find(&folder) {
            Ok(repository) => repository,
            Err(GitError::NoGit) => return Ok(Vec::new()),
            Err(error) => return Err(fault(error.to_string())),
        };
        for some in documents.chunks(AT_ONCE) {
            let named: Vec<(PathBuf, &Path)> = some
                .iter()
                .map(|(real, path)| Some((repository.name_of(real)?, *path)))
                .collect::<Option<_>>()
                .ok_or_else(|| fault(format!("its work tree is at `{}`", repository.top().display())))?;
            let names: Vec<&Path> = named.iter().map(|(name, _)| name.as_path()).collect();
            let status = repository.status(&names).map_err(|error| fault(error.to_string()))?;
            let states: BTreeMap<&Path, State> =
                status.iter().map(|entry| (entry.path.as_path(), entry.state)).collect();
            let changed = named.iter().filter_map(|(name, path)| Some((*path, *states.get(name.as_path())?)));
            found.extend(changed.map(|(path, state)| Uncommitted { path: path.to_owned(), how: state.into() }));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

impl From<State> for Change {
    fn from(state: State) -> Change {
        match state {
            State::Untracked => Change::Untracked,
            State::Staged | State::Unstaged => Change::Changed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::process::Command;

    use super::*;

    #[test]
    fn git_is_asked_about_what_would_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
            let run = command.arg("-C").arg(folder.path()).args(identity).args(arguments).output().unwrap();
            assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        };
        git(&["init", "-q"]);
        for name in ["clean.md", "changed.md", "staged.md", "*.md"] {
            fs::write(path(name), "a").unwrap();
        }
        fs::write(path(".gitignore"), "ignored.md\n").unwrap();
        git(&["add", "."]);
        git(&["commit", "-qm", "a"]);
        fs::write(path("changed.md"), "b").unwrap();
        fs::write(path("staged.md"), "b").unwrap();
        git(&["add", "staged.md"]);
        fs::write(path("new.md"), "a").unwrap();
        fs::write(path("ignored.md"), "a").unwrap();
        let ask = |names: &[&str]| {
            let found = uncommitted(&names.iter().map(|name| path(name)).collect::<Vec<_>>()).unwrap();
            found.into_iter().map(|one| (one.path.file_name().unwrap().to_owned(), one.how)).collect::<Vec<_>>()
        };
        assert_eq!(ask(&["clean.md", "ignored.md", "*.md"]), []);
        let all = ask(&["clean.md", "changed.md", "staged.md", "new.md"]);
        let expected = [("changed.md", Change::Changed), ("new.md", Change::Untracked), ("staged.md", Change::Changed)];
        assert_eq!(all, expected.map(|(name, how)| (OsString::from(name), how)));
        // A folder that is called as git's and is none hides nothing of the repository around it.
        fs::create_dir_all(path("sub/.git")).unwrap();
        fs::write(path("sub/new.md"), "a").unwrap();
        assert_eq!(ask(&["sub/new.md"]), [(OsString::from("new.md"), Change::Untracked)]);
        // A repository that git cannot read is not taken for one without changes.
        fs::write(path(".git/HEAD"), "nonsense").unwrap();
        fs::remove_dir_all(path(".git/refs")).unwrap();
        let fault = uncommitted(&[path("clean.md")]).unwrap_err();
        assert!(fault.to_string().contains("does not say"), "{fault}");
    }
}
