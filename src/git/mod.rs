//! The git program, asked in one place: what the index holds, what a revision held, what changed.
//!
//! But for [`Repository::commit_only`], nothing here writes or starts a program that the repository configures; nothing
//! fetches or asks for a password. Paths in answers are relative to the top of the work tree, with `/` between their parts;
//! contents are bytes.
//!
//! ```no_run
//! # use std::path::Path;
//! # use trueup::git::{Repository, GitError, Side};
//! # fn f() -> Result<(), GitError> {
//! let repository = Repository::find(Path::new("."))?;
//! let staged = repository.staged()?;                              // what a commit would change
//! let entries = repository.index(&[])?;                           // what the index holds
//! let text = repository.blob(&entries[0].id)?;                    // its bytes there
//! let base = repository.commit("origin/main")?;                   // a commit, or an error that says which is missing
//! let before = repository.show(&base, Path::new("CLAUDE.md"))?;   // `None` where it was not there
//! let changed = repository.since(&base, Side::WorkTree)?;         // renames followed
//! let status = repository.status(&[Path::new("CLAUDE.md")])?;     // what differs from the last commit
//! # Ok(()) }
//! ```
//!
//! Inside of a hook, git sets `GIT_DIR` and `GIT_INDEX_FILE`; both are respected for the repository that the hook runs
//! in, and cleared for any other, as a submodule.

mod changes;
mod commit;
mod fault;
mod index;
mod object_id;
mod objects;
mod repository;
mod revision;
mod run;
mod status;

pub use changes::{Change, ChangeKind, Side};
pub use fault::GitError;
pub use index::{Entry, EntryKind};
pub use object_id::ObjectId;
pub use repository::{Repository, hook_index};
pub use revision::Commit;
pub use run::LOCAL_VARIABLES;
pub use status::{State, StatusEntry};
