//! What changed between two states.

use std::path::PathBuf;

use super::fault::GitError;
use super::index::EntryKind;
use super::object_id::ObjectId;
use super::repository::{self, Repository};
use super::revision::Commit;

/// One path that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name now, from the top of the work tree; its last one where it was deleted.
    pub path: PathBuf,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What it is now; what it was, where it was deleted.
    pub entry: EntryKind,
    /// Its content before; `None` where it was not there.
    pub before: Option<ObjectId>,
    /// Its content now; `None` where it is no longer there, or git has not stored it (a change of the work tree).
    pub after: Option<ObjectId>,
}

/// What happened to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content or its kind is another.
    Modified,
    /// It is gone.
    Deleted,
    /// It had another name, and perhaps another content.
    Renamed {
        /// The name before.
        from: PathBuf,
    },
    /// A merge that is not resolved.
    Unmerged,
}

/// What is compared with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The index.
    Index,
    /// Tracked files as they stand in the work tree.
    WorkTree,
}

impl Repository {
    /// What a commit would change: the index against the last commit, or against nothing where there is none yet.
    ///
    /// # Errors
    /// Where git fails.
    pub fn staged(&self) -> Result<Vec<Change>, GitError> {
        // `diff` and not `diff-index`: it knows what to compare with before the first commit.
        self.diff(&["--cached"])
    }

    /// What is not as it was in `base`, renames followed. Files that git does not track are not among them.
    ///
    /// # Errors
    /// Where git fails.
    pub fn since(&self, base: &Commit, side: Side) -> Result<Vec<Change>, GitError> {
        match side {
            Side::Index => self.diff(&["--cached", base.as_str()]),
            Side::WorkTree => self.diff(&[base.as_str()]),
        }
    }

    fn diff(&self, what: &[&str]) -> Result<Vec<Change>, GitError> {
        let fixed = ["diff", "--raw", "-z", "--no-abbrev", "-M", "--no-ext-diff", "--no-textconv", "--no-relative"];
        let args = [&fixed[..], &["--ignore-submodules=dirty"], what, &["--"]].concat();
        let answer = self.ask(&args)?;
        let mut fields = answer.split(|byte| *byte == 0);
        let mut changes = Vec::new();
        while let Some(head) = fields.next().filter(|head| !head.is_empty()) {
            let change = change(head, &mut fields).ok_or_else(|| GitError::Failed {
                command: "git diff --raw".to_owned(),
                message: format!("its answer cannot be read at `{}`", String::from_utf8_lossy(head).escape_debug()),
            })?;
            changes.push(change);
        }
        // A path in a merge is told once for each side.
        changes.dedup_by(|a, b| a.path == b.path && a.kind == ChangeKind::Unmerged && b.kind == ChangeKind::Unmerged);
        Ok(changes)
    }
}

/// Reads `:100644 100644 ID ID M`, and the one or two paths behind it.
fn change<'a>(head: &[u8], paths: &mut impl Iterator<Item = &'a [u8]>) -> Option<Change> {
    let parts: Vec<&[u8]> = head.strip_prefix(b":")?.split(|byte| *byte == b' ').collect();
    let [old_mode, new_mode, before, after, status] = parts[..] else { return None };
    let first = repository::path(paths.next()?);
    let (kind, path) = match status.first()? {
        b'A' => (ChangeKind::Added, first),
        b'M' | b'T' => (ChangeKind::Modified, first),
        b'D' => (ChangeKind::Deleted, first),
        b'R' => (ChangeKind::Renamed { from: first }, repository::path(paths.next()?)),
        b'C' => (ChangeKind::Added, repository::path(paths.next()?)),
        b'U' => (ChangeKind::Unmerged, first),
        _ => return None,
    };
    let mode = if kind == ChangeKind::Deleted { old_mode } else { new_mode };
    Some(Change {
        path,
        kind,
        entry: EntryKind::of_mode(mode),
        before: ObjectId::parse(before),
        after: ObjectId::parse(after),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_nonsense_is_not() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let zero = "0".repeat(40);
        let read =
            |head: String, paths: &[&str]| change(head.as_bytes(), &mut paths.iter().map(|path| path.as_bytes()));
        let renamed = read(format!(":100644 100644 {a} {b} R087"), &["old.md", "new.md"]).unwrap();
        assert_eq!(renamed.kind, ChangeKind::Renamed { from: "old.md".into() });
        assert_eq!((renamed.path, renamed.after.unwrap().as_str()), ("new.md".into(), b.as_str()));
        let deleted = read(format!(":120000 000000 {a} {zero} D"), &["l"]).unwrap();
        assert_eq!((deleted.entry, deleted.after), (EntryKind::Link, None));
        assert_eq!(read(format!(":100644 100644 {a} {b} R087"), &["old.md"]), None);
        assert_eq!(read(format!(":100644 100644 {a} {b} ?"), &["a.md"]), None);
        assert_eq!(read("fatal: no".to_owned(), &["a.md"]), None);
    }
}
