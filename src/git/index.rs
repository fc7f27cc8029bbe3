//! What the index holds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::fault::GitError;
use super::object_id::ObjectId;
use super::repository::{self, Repository};

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name from the top of the work tree.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
    /// Its content.
    pub id: ObjectId,
    /// 0, or 1 to 3 for the sides of a merge that is not resolved.
    pub stage: u8,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A symbolic link; its content is where it leads.
    Link,
    /// A commit of a submodule.
    Submodule,
}

impl EntryKind {
    /// Reads a mode in octal digits.
    pub(super) fn of_mode(mode: &[u8]) -> EntryKind {
        match mode {
            b"120000" => EntryKind::Link,
            b"160000" => EntryKind::Submodule,
            _ => EntryKind::File,
        }
    }
}

impl Repository {
    /// Entries at or below `paths` (from the top of the work tree), all without one; in the order of the index. Names are
    /// taken as they are: `*` matches nothing.
    ///
    /// # Errors
    /// Where git fails.
    pub fn index(&self, paths: &[&Path]) -> Result<Vec<Entry>, GitError> {
        // From the top, wherever we were started.
        let mut args: Vec<OsString> = vec!["-C".into(), self.top().into()];
        args.extend(["ls-files", "-s", "-z", "--"].map(OsString::from));
        args.extend(paths.iter().map(|path| path.as_os_str().to_owned()));
        let answer = self.ask::<OsString>(&args)?;
        Ok(answer.split(|byte| *byte == 0).filter_map(entry).collect())
    }
}

fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let head: Vec<&[u8]> = line[..tab].split(|byte| *byte == b' ').collect();
    let [mode, id, stage] = head[..] else { return None };
    let stage = stage.first()?.wrapping_sub(b'0');
    Some(Entry {
        path: repository::path(&line[tab + 1..]),
        kind: EntryKind::of_mode(mode),
        id: ObjectId::parse(id)?,
        stage,
    })
}
