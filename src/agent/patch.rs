//! The patches of `apply_patch`: files by name, and in them lines by what stands around them.
//!
//! ```text
//! *** Begin Patch
//! *** Update File: CLAUDE.md
//! *** Move to: AGENTS.md
//! @@ ## Status
//!  MCP servers:
//! -0/21 operational
//! +21/21 operational
//! *** End Patch
//! ```

use std::path::PathBuf;

use super::chunk::Chunk;
use super::edit::{Change, Edit};

const ADD: &str = "*** Add File: ";
const UPDATE: &str = "*** Update File: ";
const DELETE: &str = "*** Delete File: ";
const MOVE: &str = "*** Move to: ";

/// Reads a patch. A file that it deletes is no change of a text.
///
/// # Errors
/// What it lacks.
pub fn read(patch: &str) -> Result<Vec<Change>, String> {
    let mut lines = patch.trim().lines().map(|line| line.strip_suffix('\r').unwrap_or(line));
    if lines.next().map(str::trim) != Some("*** Begin Patch") {
        return Err("the patch does not begin with `*** Begin Patch`".to_owned());
    }
    let mut changes: Vec<Change> = Vec::new();
    let mut deleted = false;
    for line in lines {
        if line.trim() == "*** End Patch" {
            return Ok(changes);
        }
        let change = |path: &str, edit| Change { path: PathBuf::from(path.trim()), from: None, edit };
        if let Some(path) = line.strip_prefix(ADD) {
            changes.push(change(path, Edit::Whole(String::new())));
        } else if let Some(path) = line.strip_prefix(UPDATE) {
            changes.push(change(path, Edit::Patch(Vec::new())));
        } else if line.starts_with(DELETE) {
            deleted = true;
            continue;
        } else if !deleted {
            let Some(last) = changes.last_mut() else {
                return Err(format!("the patch names no file before `{}`", line.escape_debug()));
            };
            take(line, last)?;
        }
        deleted = false;
    }
    Err("the patch does not end with `*** End Patch`".to_owned())
}

/// A line of the part of one file.
fn take(line: &str, change: &mut Change) -> Result<(), String> {
    let strange = || Err(format!("the patch cannot be read at `{}`", line.escape_debug()));
    if let Some(to) = line.strip_prefix(MOVE) {
        let to = PathBuf::from(to.trim());
        change.from = Some(std::mem::replace(&mut change.path, to));
        return Ok(());
    }
    let chunks = match &mut change.edit {
        Edit::Whole(text) => {
            let Some(added) = line.strip_prefix('+') else { return strange() };
            text.push_str(added);
            text.push('\n');
            return Ok(());
        }
        Edit::Patch(chunks) => chunks,
        Edit::Replace(_) => return strange(),
    };
    if let Some(context) = line.strip_prefix("@@") {
        let context = context.trim();
        let context = context.strip_suffix("@@").unwrap_or(context).trim();
        // Several such lines lead the way to one chunk.
        if chunks.last().is_none_or(|chunk| !chunk.old.is_empty() || !chunk.new.is_empty()) {
            chunks.push(Chunk::default());
        }
        if let Some(chunk) = chunks.last_mut().filter(|_| !context.is_empty()) {
            chunk.behind.push(context.to_owned());
        }
        return Ok(());
    }
    if chunks.is_empty() {
        chunks.push(Chunk::default());
    }
    let Some(chunk) = chunks.last_mut() else { return strange() };
    if line == "*** End of File" {
        chunk.at_end = true;
    } else if let Some(old) = line.strip_prefix('-') {
        chunk.old.push(old.to_owned());
    } else if let Some(new) = line.strip_prefix('+') {
        chunk.new.push(new.to_owned());
    } else if line.is_empty() || line.starts_with(' ') {
        let both = line.strip_prefix(' ').unwrap_or(line);
        chunk.old.push(both.to_owned());
        chunk.new.push(both.to_owned());
    } else {
        return strange();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn patched(body: &str, old: &str) -> Option<String> {
        let changes = read(&format!("*** Begin Patch\n*** Update File: a.md\n{body}\n*** End Patch\n")).unwrap();
        let [change] = &changes[..] else { panic!("{changes:?}") };
        change.edit.apply(Some(old))
    }

    #[test]
    fn files_are_added_moved_and_deleted() {
        let patch = "*** Begin Patch\n*** Delete File: old.md\n*** Add File: new.md\n+a\n+\n+b\n*** Update File: x.md\n\
                     *** Move to: y.md\n@@\n-a\n+b\n*** Delete File: z.md\n*** End Patch";
        let changes = read(patch).unwrap();
        let [new, moved] = &changes[..] else { panic!("{changes:?}") };
        assert_eq!(new.edit.apply(None).as_deref(), Some("a\n\nb\n"));
        assert_eq!((moved.path.as_path(), moved.from.as_deref()), (Path::new("y.md"), Some(Path::new("x.md"))));
        assert_eq!(moved.edit.apply(Some("a\n")).as_deref(), Some("b\n"));
    }

    #[test]
    fn lines_are_found_by_what_is_around_them() {
        let old = "# A\nx\n# B\nx\ny\n";
        for (body, new) in [
            ("@@\n-x\n+z", Some("# A\nz\n# B\nx\ny\n")),
            ("@@ # B\n-x\n+z", Some("# A\nx\n# B\nz\ny\n")),
            ("@@ # A\n@@ # B\n x\n+z", Some("# A\nx\n# B\nx\nz\ny\n")),
            (" # B\n-x\n+z\n@@\n-y", Some("# A\nx\n# B\nz\n")),
            ("@@\n+z", Some("# A\nx\n# B\nx\ny\nz\n")),
            ("@@\n-x  \n+z\n*** End of File", Some("# A\nz\n# B\nx\ny\n")),
            ("@@\n-q\n+z", None),
            ("@@ # C\n+z", None),
        ] {
            assert_eq!(patched(body, old).as_deref(), new, "{body}");
        }
        assert_eq!(patched("@@\n-a\n+b", "a\r\nc\r\n").as_deref(), Some("b\r\nc\r\n"));
    }

    #[test]
    fn what_is_no_patch_is_told() {
        for (patch, told) in [
            ("", "does not begin"),
            ("*** Begin Patch\n", "does not end"),
            ("*** Begin Patch\n+a\n*** End Patch", "names no file before `+a`"),
            ("*** Begin Patch\n*** Add File: a\nb\n*** End Patch", "cannot be read at `b`"),
            ("*** Begin Patch\n*** Update File: a\nb\n*** End Patch", "cannot be read at `b`"),
        ] {
            assert!(read(patch).unwrap_err().contains(told), "{patch}: {:?}", read(patch));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_patch_is_read_and_applied_or_refused(lines in proptest::collection::vec("[-+ @*]{0,2}[ab]?", 0..12), old in "[ab\n\r]{0,12}") {
            let body = lines.join("\n");
            if let Ok(changes) = read(&format!("*** Begin Patch\n*** Update File: a.md\n{body}\n*** End Patch")) {
                for change in changes {
                    _ = change.edit.apply(Some(&old));
                }
            }
        }
    }
}
