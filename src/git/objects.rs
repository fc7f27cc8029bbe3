//! Contents: what the index or a commit holds under a name.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::fault::GitError;
use super::object_id::ObjectId;
use super::repository::Repository;
use super::revision::Commit;

impl Repository {
    /// The bytes of one object.
    ///
    /// # Errors
    /// Where git fails or has no such object.
    pub fn blob(&self, id: &ObjectId) -> Result<Vec<u8>, GitError> {
        let mut blobs = self.blobs(std::slice::from_ref(id))?;
        Ok(blobs.pop().unwrap_or_default())
    }

    /// The bytes of many objects, in order, with one run of git.
    ///
    /// # Errors
    /// Where git fails or lacks one of them (a partial clone does not fetch it now).
    pub fn blobs(&self, ids: &[ObjectId]) -> Result<Vec<Vec<u8>>, GitError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let input: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let answer = self.ask_with(&["cat-file", "--batch"], Some(input.into_bytes()))?;
        let failed = |message: String| GitError::Failed { command: "git cat-file --batch".to_owned(), message };
        let mut rest = answer.as_slice();
        let mut blobs = Vec::with_capacity(ids.len());
        for id in ids {
            let end =
                rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| failed(format!("no answer about {id}")))?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let size = match head.split(' ').collect::<Vec<_>>()[..] {
                [_, _, size] => size.parse::<usize>().ok(),
                _ => None,
            };
            // `<id> missing`, where the object is not there.
            let size = size.ok_or_else(|| failed(head))?;
            let content = rest.get(end + 1..end + 1 + size).ok_or_else(|| failed(format!("{id} is cut short")))?;
            blobs.push(content.to_vec());
            rest = rest.get(end + 2 + size..).unwrap_or_default();
        }
        Ok(blobs)
    }

    /// What `commit` held at `path` (from the top of the work tree); `None` where there was no file.
    ///
    /// # Errors
    /// Where git fails.
    pub fn show(&self, commit: &Commit, path: &Path) -> Result<Option<Vec<u8>>, GitError> {
        let files = self.tree(commit, &[path])?;
        files.into_iter().find(|(name, _)| name == path).map(|(_, id)| self.blob(&id)).transpose()
    }

    /// Files that `commit` held: those at or below `paths` (from the top of the work tree), all without one. Links and
    /// submodules are no files.
    ///
    /// # Errors
    /// Where git fails.
    pub fn tree(&self, commit: &Commit, paths: &[&Path]) -> Result<Vec<(std::path::PathBuf, ObjectId)>, GitError> {
        let mut args: Vec<OsString> =
            ["ls-tree", "-r", "-z", "--full-tree", commit.as_str(), "--"].map(OsString::from).to_vec();
        args.extend(paths.iter().map(|path| path.as_os_str().to_owned()));
        let answer = self.ask::<OsString>(&args)?;
        let files = answer.split(|byte| *byte == 0).filter(|line| !line.is_empty()).filter_map(|line| {
            let tab = line.iter().position(|byte| *byte == b'\t')?;
            let head: Vec<&[u8]> = line[..tab].split(|byte| *byte == b' ').collect();
            match head[..] {
                [mode, b"blob", id] if mode.starts_with(b"100") => {
                    Some((super::repository::path(&line[tab + 1..]), ObjectId::parse(id)?))
                }
                _ => None,
            }
        });
        Ok(files.collect())
    }
}

/// A path as an argument: the top of the work tree is `.`.
pub(super) fn from_top(path: &Path) -> OsString {
    let mut name = OsString::from(":(top,literal)");
    name.push(if path.as_os_str().is_empty() { OsStr::new(".") } else { path.as_os_str() });
    name
}
