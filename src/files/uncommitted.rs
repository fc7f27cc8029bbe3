//! Which documents git could not give back as they are.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
            let inside = real.strip_prefix(&repository).map(Path::to_owned).unwrap_or_default();
            by_repository.entry(repository).or_default().push((inside, path));
        }
    }
    let mut found = Vec::new();
    for (repository, documents) in by_repository {
        for some in documents.chunks(AT_ONCE) {
            let Some(changes) = status(&repository, some.iter().map(|(inside, _)| inside.as_os_str().to_owned()))?
            else {
                return Ok(Vec::new());
            };
            let changed = some.iter().filter_map(|(inside, path)| Some((*path, *changes.get(inside)?)));
            found.extend(changed.map(|(path, how)| Uncommitted { path: path.to_owned(), how }));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// How the documents of a repository stand, by their paths in it; `None` without git.
fn status(
    repository: &Path,
    documents: impl Iterator<Item = OsString>,
) -> Result<Option<BTreeMap<PathBuf, Change>>, GitFault> {
    let fault = |said: String| GitFault { repository: repository.to_owned(), said };
    let run = Command::new("git")
        .arg("-C")
        .arg(repository)
        // A repository's configuration can name a program to be asked for changes; none is started.
        .args(["-c", "core.fsmonitor=false", "status", "--porcelain=v1", "-z", "--untracked-files=all", "--"])
        .args(documents)
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::null())
        .output();
    let output = match run {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(error.to_string())),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(fault(said.lines().next().unwrap_or("it failed").trim().to_owned()));
    }
    Ok(Some(changes(&output.stdout)))
}

/// Reads `XY path`, each ended by a NUL; after a rename the old path follows.
fn changes(listed: &[u8]) -> BTreeMap<PathBuf, Change> {
    let mut changes = BTreeMap::new();
    let mut entries = listed.split(|byte| *byte == 0);
    while let Some(entry) = entries.next() {
        let Some((state, path)) = entry.split_at_checked(3) else { continue };
        if state.starts_with(b"R") || state.starts_with(b"C") {
            entries.next();
        }
        let how = if state.starts_with(b"??") { Change::Untracked } else { Change::Changed };
        changes.insert(path_of(path), how);
    }
    changes
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_lists() {
        let listed = b" M a.md\0?? b c.md\0R  new.md\0old.md\0A  d.md\0";
        let expected = [
            ("a.md", Change::Changed),
            ("b c.md", Change::Untracked),
            ("d.md", Change::Changed),
            ("new.md", Change::Changed),
        ];
        let expected = expected.into_iter().map(|(path, how)| (PathBuf::from(path), how)).collect();
        assert_eq!(changes(listed), expected);
        assert_eq!(changes(b""), BTreeMap::new());
    }

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
        // A repository that git cannot read is not taken for one without changes.
        fs::write(path(".git/HEAD"), "nonsense").unwrap();
        fs::remove_dir_all(path(".git/refs")).unwrap();
        let fault = uncommitted(&[path("clean.md")]).unwrap_err();
        assert!(fault.to_string().contains("does not say"), "{fault}");
    }
}
