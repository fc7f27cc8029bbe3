//! A document back into its file: whole or not at all, and only over what was read.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::find::STANDARD_INPUT;
use super::read::{self, Fingerprint, ReadError};
use crate::platform::replace;

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The file held the text already; it was not touched.
    Unchanged,
    /// The file holds the new text.
    Replaced,
}

/// Why a document was not written. The file is then as it was.
#[derive(Debug)]
pub enum WriteError {
    /// It is not what was read: somebody else wrote it meanwhile.
    Changed {
        /// The path.
        path: PathBuf,
    },
    /// A symbolic link leads out of the project.
    LeavesProject {
        /// The path.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
        /// The folder of the project.
        root: PathBuf,
    },
    /// Its mode says that nobody writes it.
    ReadOnly {
        /// The path.
        path: PathBuf,
    },
    /// Standard input cannot be written back.
    StandardInput,
    /// It can no longer be read.
    Unreadable(ReadError),
    /// The system refused.
    Io {
        /// The path.
        path: PathBuf,
        /// What was being done: "create a file beside", "replace".
        action: &'static str,
        /// What it said.
        error: io::Error,
    },
}

impl WriteError {
    /// The path of the document.
    pub fn path(&self) -> &Path {
        match self {
            WriteError::Changed { path }
            | WriteError::LeavesProject { path, .. }
            | WriteError::ReadOnly { path }
            | WriteError::Io { path, .. } => path,
            WriteError::StandardInput => Path::new("<stdin>"),
            WriteError::Unreadable(error) => error.path(),
        }
    }

    /// What a person does about it.
    pub fn hint(&self) -> &'static str {
        match self {
            WriteError::Changed { .. } => "run trueup again; it will work from the new text",
            WriteError::LeavesProject { .. } => {
                "name the file by its own path, or run trueup in the project that it belongs to"
            }
            WriteError::ReadOnly { .. } => "make it writable (chmod u+w), or leave it out with `!` under `docs`",
            WriteError::StandardInput => "pass a file, or use `--diff` to see the change",
            WriteError::Unreadable(error) => error.hint(),
            WriteError::Io { .. } => "check that the folder is writable and the disk has room",
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            WriteError::Changed { .. } => {
                write!(
                    f,
                    "`{path}` changed since it was read; expected the text that was judged, so it was not written"
                )
            }
            WriteError::LeavesProject { target, root, .. } => {
                let (target, root) = (target.display(), root.display());
                write!(f, "`{path}` leads to `{target}`; expected a file inside of the project `{root}`")
            }
            WriteError::ReadOnly { .. } => write!(f, "`{path}` is read-only; expected a file that may be written"),
            WriteError::StandardInput => f.write_str("standard input cannot be written back; expected a file"),
            WriteError::Unreadable(error) => write!(f, "not written: {error}"),
            WriteError::Io { action, error, .. } => write!(f, "cannot {action} `{path}`: {error}"),
        }
    }
}

impl std::error::Error for WriteError {}

/// Puts `text` into the file at `path`, which held what `read` says when it was read; `root` is the folder of the
/// project.
///
/// The file is replaced in one step, so that a reader sees the old text or the new and a crash leaves one of them. Its
/// mode stays, and its owner where the system permits; a symbolic link stays, and what it points at is replaced. A hard
/// link is not kept: other names of the file keep the old text. Two trueups that write one document do it one after the
/// other; the second then finds it changed.
///
/// # Errors
/// Where it changed since it was read, a link leads out of `root`, or the system refuses. Nothing is left behind then.
pub fn write(path: &Path, text: &str, read: &Fingerprint, root: &Path) -> Result<Written, WriteError> {
    if path == Path::new(STANDARD_INPUT) {
        return Err(WriteError::StandardInput);
    }
    let target = target_inside(path, root)?;
    // Held until the end: another trueup waits here with its look at the document.
    let _held = replace::hold(&target).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WriteError::Unreadable(ReadError::Missing { path: path.to_owned() }),
        _ => io_fault(path, "take hold of", error),
    })?;
    let bytes = read::bytes(&target).map_err(WriteError::Unreadable)?;
    if bytes == text.as_bytes() {
        return Ok(Written::Unchanged);
    }
    if Fingerprint::of(&bytes) != *read {
        return Err(WriteError::Changed { path: path.to_owned() });
    }
    let before = fs::metadata(&target).map_err(|error| io_fault(path, "look at", error))?;
    if before.permissions().readonly() {
        return Err(WriteError::ReadOnly { path: path.to_owned() });
    }
    let staged = replace::stage(&target, text.as_bytes(), &before)
        .map_err(|error| io_fault(path, "write a file beside", error))?;
    // Writing to the disk took its time; a second look keeps the gap in which another's change is lost short.
    let unchanged = read::bytes(&target).is_ok_and(|now| now == bytes);
    if !unchanged {
        return Err(WriteError::Changed { path: path.to_owned() });
    }
    staged.commit().map_err(|error| io_fault(path, "replace", error))?;
    Ok(Written::Replaced)
}

/// Removes what runs that were killed left beside the documents at `paths`: files under a name of ours that no running
/// trueup holds.
pub fn sweep<'a>(paths: impl IntoIterator<Item = &'a Path>) {
    let targets = paths.into_iter().filter_map(|path| fs::canonicalize(path).ok());
    let folders: BTreeSet<PathBuf> = targets.map(|target| replace::folder_of(&target).to_owned()).collect();
    folders.iter().for_each(|folder| replace::sweep(folder));
}

/// The file that `path` leads to, through whatever links.
///
/// A path that leads out of the project is refused where a link does it. A file elsewhere that somebody named by its own
/// path is theirs to name.
fn target_inside(path: &Path, root: &Path) -> Result<PathBuf, WriteError> {
    // An empty path is the current folder to us and nothing to the system.
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let target = fs::canonicalize(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => WriteError::Unreadable(ReadError::Missing { path: path.to_owned() }),
        _ => io_fault(path, "look at", error),
    })?;
    let real_root = fs::canonicalize(root).map_err(|error| io_fault(root, "look at", error))?;
    if target.starts_with(&real_root) {
        return Ok(target);
    }
    let named = std::path::absolute(path).map_err(|error| io_fault(path, "look at", error))?;
    let named_root = std::path::absolute(root).map_err(|error| io_fault(root, "look at", error))?;
    let is_link = |path: &Path| fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
    let inside = |path: &Path| [&named_root, &real_root].iter().any(|root| path.starts_with(root) && path != **root);
    if is_link(path) || named.ancestors().any(|above| inside(above) && is_link(above)) {
        return Err(WriteError::LeavesProject { path: path.to_owned(), target, root: root.to_owned() });
    }
    Ok(target)
}

fn io_fault(path: &Path, action: &'static str, error: io::Error) -> WriteError {
    WriteError::Io { path: path.to_owned(), action, error }
}
