//! Where trueup.toml and what belongs to it are read from: the work tree, the index, or a commit.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::Global;
use crate::code::Code;
use crate::files::{self, Loaded, ReadError};
use crate::gate::baseline;
use crate::git::{Commit, EntryKind, GitError, ObjectId, Repository};
use crate::report::diagnostic::{Diagnostic, Severity};

/// Where trueup.toml and what belongs to it are read from.
#[derive(Debug)]
pub(super) enum Origin {
    /// The files as they are.
    WorkTree,
    /// The index where it holds the file, the work tree where git does not track it.
    Index(Index),
    /// A commit: a file that it does not hold is not there.
    Revision {
        /// Its repository.
        repository: Repository,
        /// The commit.
        commit: Commit,
        /// As the user named it.
        name: String,
    },
}

impl Origin {
    /// What the options ask for; `staged` is the repository whose index is judged.
    pub(super) fn of(global: &Global, staged: Option<&Repository>) -> Result<Origin, Box<Diagnostic>> {
        let Some(name) = &global.config_from else {
            return Ok(staged.map_or(Origin::WorkTree, |repository| Origin::Index(Index::of(repository))));
        };
        let repository = match staged {
            Some(repository) => Ok(repository.clone()),
            None => Repository::find(Path::new(".")),
        };
        let repository = repository.map_err(|error| refused(&error))?;
        let commit = repository.commit(name).map_err(|error| refused(&error))?;
        Ok(Origin::Revision { repository, commit, name: name.clone() })
    }

    /// Whether it is a commit, so that nothing of the work tree is to be believed.
    pub(super) fn is_revision(&self) -> bool {
        match self {
            Origin::WorkTree | Origin::Index(_) => false,
            Origin::Revision { .. } => true,
        }
    }

    /// Whether the file is there.
    pub(super) fn holds(&self, file: &Path) -> Result<bool, Box<Diagnostic>> {
        match self {
            Origin::WorkTree => Ok(file.is_file()),
            Origin::Index(index) => Ok(index.get(file)?.is_some() || file.is_file()),
            Origin::Revision { repository, commit, .. } => Ok(in_commit(repository, commit, file)?.is_some()),
        }
    }

    /// Reads the file.
    pub(super) fn read(&self, file: &Path) -> Result<Loaded, Box<Diagnostic>> {
        let stored = match self {
            Origin::WorkTree => None,
            Origin::Index(index) => index.get(file)?,
            Origin::Revision { repository, commit, name } => match in_commit(repository, commit, file)? {
                Some(bytes) => return files::of_bytes(&shown(name, file), bytes).map_err(|error| unreadable(&error)),
                None => return Err(Box::new(absent(name, file))),
            },
        };
        match stored {
            Some(bytes) => files::of_bytes(file, bytes),
            None => files::read(file),
        }
        .map_err(|error| unreadable(&error))
    }
}

/// What the index holds, asked once for each folder: a hook has no time to ask twice.
#[derive(Debug)]
pub(super) struct Index {
    repository: Repository,
    /// Contents by name from the top of the work tree; `None` where git does not track the file.
    known: RefCell<BTreeMap<PathBuf, Option<Vec<u8>>>>,
}

impl Index {
    fn of(repository: &Repository) -> Index {
        Index { repository: repository.clone(), known: RefCell::default() }
    }

    /// What the index holds of `file`.
    fn get(&self, file: &Path) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
        let Some(name) = self.repository.name_of(file) else { return Ok(None) };
        if let Some(known) = self.known.borrow().get(&name) {
            return Ok(known.clone());
        }
        // What may be asked for next comes along.
        let beside = name.with_file_name(baseline::NAME);
        let stored = self.stored(&[&name, &beside]).map_err(|error| refused(&error))?;
        let mut known = self.known.borrow_mut();
        known.extend([(name.clone(), None), (beside, None)]);
        known.extend(stored.into_iter().map(|(name, content)| (name, Some(content))));
        Ok(known.get(&name).cloned().flatten())
    }

    fn stored(&self, names: &[&Path]) -> Result<Vec<(PathBuf, Vec<u8>)>, GitError> {
        let mut entries = self.repository.index(names)?;
        entries.retain(|entry| entry.kind == EntryKind::File && entry.stage == 0);
        let ids: Vec<ObjectId> = entries.iter().map(|entry| entry.id.clone()).collect();
        let contents = self.repository.blobs(&ids)?;
        Ok(entries.into_iter().map(|entry| entry.path).zip(contents).collect())
    }
}

/// A file of a commit, as git and output name it.
fn shown(revision: &str, file: &Path) -> PathBuf {
    PathBuf::from(format!("{revision}:{}", file.display()))
}

fn in_commit(repository: &Repository, commit: &Commit, file: &Path) -> Result<Option<Vec<u8>>, Box<Diagnostic>> {
    let Some(name) = repository.name_of(file) else { return Ok(None) };
    repository.show(commit, &name).map_err(|error| refused(&error))
}

/// What git could not do for us.
pub(super) fn refused(error: &GitError) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::UnreadableRepository, Severity::Error, error.to_string()).help(error.hint()))
}

fn absent(revision: &str, file: &Path) -> Diagnostic {
    let headline = format!("`{}` is not in `{revision}`; expected a configuration", file.display());
    Diagnostic::new(Code::UnreadableFile, Severity::Error, headline)
        .help("name a commit that has it, or leave `--config-from` out where nothing has to be kept out")
}

/// Why the configuration could not be read, in words that do not take it for a document.
fn unreadable(error: &ReadError) -> Box<Diagnostic> {
    let path = error.path().display();
    let (headline, help) = match error {
        ReadError::Missing { .. } => (format!("`{path}` is not there; expected a trueup.toml"), "correct the path"),
        ReadError::Folder { .. } => (format!("`{path}` is a folder; expected a trueup.toml"), "name the file in it"),
        ReadError::NotUtf8 { .. } => (error.to_string(), "save it as UTF-8"),
        ReadError::PermissionDenied { .. } | ReadError::TooLarge { .. } | ReadError::Io { .. } => {
            (error.to_string(), "check what file it is, and that the user who runs trueup may read it")
        }
    };
    Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help))
}
