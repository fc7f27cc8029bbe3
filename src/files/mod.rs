//! Documents in and out: finding, reading and writing them. The one door to the files that a person names.

mod append;
mod commit;
mod find;
mod folder;
mod output;
mod read;
mod templates;
mod uncommitted;
mod write;

pub use append::append;
pub use commit::commit;
pub use find::{FindError, STANDARD_INPUT, find, is_markdown};
pub use folder::Folder;
pub use output::put;
pub use read::{Fingerprint, Loaded, ReadError, SIZE_LIMIT, of_bytes, read};
pub use templates::{TEMPLATE_LIMIT, templates};
pub use uncommitted::{Change, GitFault, Uncommitted, uncommitted};
pub use write::{WriteError, Written, sweep, write};
