//! A repository with a work tree.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::fault::GitError;
use super::run::{self, Answer, Surroundings};

/// A repository with a work tree, as git finds it from a folder.
#[derive(Clone, Debug)]
pub struct Repository {
    folder: PathBuf,
    surroundings: Surroundings,
    top: PathBuf,
    directory: PathBuf,
    shallow: bool,
}

impl Repository {
    /// The repository that `folder` is in: the main one, a linked work tree, or a submodule.
    ///
    /// # Errors
    /// Where there is no git, no repository, no work tree, or one that git does not trust.
    pub fn find(folder: &Path) -> Result<Repository, GitError> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let in_hook = run::LOCAL_VARIABLES.iter().any(|name| std::env::var_os(name).is_some());
        if !in_hook {
            return Repository::open(folder, Surroundings::Respected);
        }
        // What git set for its hook speaks of the repository that we were started in.
        let here = Repository::open(Path::new("."), Surroundings::Respected);
        if is_same(folder, Path::new(".")) {
            return here;
        }
        let there = Repository::open(folder, Surroundings::Cleared);
        match (here, there) {
            (Ok(here), Ok(there)) if is_same(&here.top, &there.top) => Ok(here),
            (_, there) => there,
        }
    }

    fn open(folder: &Path, surroundings: Surroundings) -> Result<Repository, GitError> {
        let args =
            ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--absolute-git-dir", "--show-toplevel"];
        let answer = run::run(folder, surroundings, &args, None)?;
        let folder = folder.to_owned();
        if answer.code != Some(0) {
            return Err(refusal(folder, &args, &answer));
        }
        let failed =
            || GitError::Failed { command: run::shown(&args), message: "its answer has not four lines".to_owned() };
        // The last may hold a line break itself.
        let mut lines = answer.stdout.splitn(4, |byte| *byte == b'\n');
        let mut line = || lines.next().ok_or_else(failed);
        let (_inside, shallow, directory, top) = (line()?, line()?, line()?, line()?);
        let top = top.strip_suffix(b"\n").unwrap_or(top);
        let shallow = shallow == b"true";
        Ok(Repository { folder, surroundings, top: path(top), directory: path(directory), shallow })
    }

    /// The top of the work tree, absolute.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Where git keeps what belongs to this work tree, absolute: `.git`, or a folder below it for a linked work tree.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where the hooks are, absolute: what core.hooksPath says, or the usual place. It need not be there.
    ///
    /// # Errors
    /// Where git fails.
    pub fn hooks(&self) -> Result<PathBuf, GitError> {
        self.path_from_top("--git-path", &["hooks"])
    }

    /// The `.git` that all linked work trees share, absolute.
    ///
    /// # Errors
    /// Where git fails.
    pub fn common_directory(&self) -> Result<PathBuf, GitError> {
        self.path_from_top("--git-common-dir", &[])
    }

    /// A path that `git rev-parse` tells, asked from the top: it may be relative to that.
    fn path_from_top(&self, what: &str, more: &[&str]) -> Result<PathBuf, GitError> {
        let mut args: Vec<&OsStr> =
            vec![OsStr::new("-C"), self.top.as_os_str(), OsStr::new("rev-parse"), OsStr::new(what)];
        args.extend(more.iter().map(OsStr::new));
        let answer = self.ask(&args)?;
        Ok(self.top.join(path(answer.strip_suffix(b"\n").unwrap_or(&answer))))
    }

    /// Whether the clone lacks a part of the history.
    pub fn is_shallow(&self) -> bool {
        self.shallow
    }

    /// `path`, absolute or from the current folder, as git names it: from the top of the work tree. `None` where it is
    /// not below it, and for the top itself. Nothing need be there.
    pub fn name_of(&self, path: &Path) -> Option<PathBuf> {
        let absolute = std::path::absolute(path).ok()?;
        // The folder is resolved and the file is not: a symbolic link is an entry of its own to git.
        let (folder, file) = (absolute.parent()?, absolute.file_name()?);
        let folder = resolved(folder);
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        let inside = folder.strip_prefix(&top).ok()?;
        Some(inside.join(file)).filter(|name| !name.as_os_str().is_empty() && file != "..")
    }

    /// The answer to `git args`, where its exit code is 0. For questions that have no function of their own; they only
    /// read.
    ///
    /// # Errors
    /// Where git fails.
    pub fn ask<A: AsRef<OsStr>>(&self, args: &[A]) -> Result<Vec<u8>, GitError> {
        self.ask_with(args, None)
    }

    /// The same with something on standard input.
    pub(super) fn ask_with<A: AsRef<OsStr>>(&self, args: &[A], input: Option<Vec<u8>>) -> Result<Vec<u8>, GitError> {
        let answer = self.run(args, input)?;
        match answer.code {
            Some(0) => Ok(answer.stdout),
            Some(_) | None => Err(GitError::Failed { command: run::shown(args), message: answer.complaint() }),
        }
    }

    /// The answer whatever its exit code.
    pub(super) fn run<A: AsRef<OsStr>>(&self, args: &[A], input: Option<Vec<u8>>) -> Result<Answer, GitError> {
        run::run(&self.folder, self.surroundings, args, input)
    }

    /// What came of git run from the top of the work tree as a person would run it, hooks included.
    pub(super) fn run_as_usual<A: AsRef<OsStr>>(
        &self,
        args: &[A],
        input: Vec<u8>,
        timeout: Duration,
    ) -> Result<Answer, GitError> {
        run::run_as_usual(&self.top, self.surroundings, args, input, timeout)
    }
}

/// The index that a hook works on, absolute, where we run in a hook of the repository that `folder` is in: with
/// `git commit -a` it is another than that of the repository.
///
/// # Errors
/// Where there is no git, or one of the two is no repository with a work tree.
pub fn hook_index(folder: &Path) -> Result<Option<PathBuf>, GitError> {
    let Some(index) = std::env::var_os("GIT_INDEX_FILE") else { return Ok(None) };
    let here = Repository::open(Path::new("."), Surroundings::Respected)?;
    let there = Repository::open(folder, Surroundings::Cleared)?;
    Ok(is_same(&here.top, &there.top).then(|| here.top.join(index)))
}

/// Why git found no repository to work in.
fn refusal(folder: PathBuf, args: &[&str], answer: &Answer) -> GitError {
    let complaint = answer.complaint();
    if complaint.contains("dubious ownership") {
        GitError::Untrusted { folder }
    } else if complaint.contains("must be run in a work tree") {
        GitError::NoWorkTree { folder }
    } else if complaint.contains("not a git repository") {
        GitError::NotARepository { folder }
    } else {
        GitError::Failed { command: run::shown(args), message: complaint }
    }
}

/// `folder` with the part of it that is there resolved.
fn resolved(folder: &Path) -> PathBuf {
    for above in folder.ancestors() {
        if let (Ok(known), Ok(rest)) = (above.canonicalize(), folder.strip_prefix(above)) {
            return if rest.as_os_str().is_empty() { known } else { known.join(rest) };
        }
    }
    folder.to_owned()
}

fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// A path as git writes it.
#[cfg(unix)]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as git writes it: UTF-8 on every system.
#[cfg(not(unix))]
pub(super) fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
