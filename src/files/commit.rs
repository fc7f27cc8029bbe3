//! The commit that is checked out, read from git's files: no program is started for it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Most bytes that are read of a file of git's: `packed-refs` of a large repository.
const LIMIT: u64 = 16 << 20;

/// The commit that is checked out in `folder`, in full. `None` where there is no repository, no commit yet, or refs are kept
/// in a form that only git reads.
pub fn commit(folder: &Path) -> Option<String> {
    let folder = fs::canonicalize(folder).ok()?;
    let git = folder.ancestors().find_map(|folder| git_folder(&folder.join(".git")))?;
    let head = text(&git.join("HEAD"))?;
    let head = head.trim();
    let Some(name) = head.strip_prefix("ref:").map(str::trim) else { return hash(head) };
    // A worktree of its own shares the refs of the repository that it belongs to.
    let common = text(&git.join("commondir")).map_or_else(|| git.clone(), |common| git.join(common.trim()));
    let loose = [&git, &common].into_iter().find_map(|folder| hash(text(&folder.join(name))?.trim()));
    loose.or_else(|| packed(&text(&common.join("packed-refs"))?, name))
}

/// The folder with git's data: `.git` itself, or what the file of that name leads to.
fn git_folder(path: &Path) -> Option<PathBuf> {
    let data = fs::metadata(path).ok()?;
    if data.is_dir() {
        return Some(path.to_owned());
    }
    let text = text(path)?;
    Some(path.parent()?.join(text.trim().strip_prefix("gitdir:")?.trim()))
}

fn packed(refs: &str, name: &str) -> Option<String> {
    refs.lines().find_map(|line| line.split_once(' ').filter(|(_, of)| *of == name).and_then(|(id, _)| hash(id)))
}

/// `text` where it is a hash, SHA-1 or SHA-256.
fn hash(text: &str) -> Option<String> {
    let is_hash = [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_owned())
}

fn text(path: &Path) -> Option<String> {
    let mut text = String::new();
    File::open(path).ok()?.take(LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn loose_packed_detached_and_in_a_worktree() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at(".git/refs/heads")).unwrap();
        fs::create_dir_all(at("docs")).unwrap();
        fs::write(at(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        assert_eq!(commit(folder.path()), None, "no commit yet");
        fs::write(at(".git/packed-refs"), format!("# pack-refs\n{ID} refs/heads/main\n")).unwrap();
        assert_eq!(commit(&at("docs")).as_deref(), Some(ID));
        let other = ID.replace('0', "f");
        fs::write(at(".git/refs/heads/main"), format!("{other}\n")).unwrap();
        assert_eq!(commit(&at("docs")), Some(other.clone()));
        fs::create_dir_all(at(".git/worktrees/w")).unwrap();
        fs::create_dir_all(at("w")).unwrap();
        fs::write(at(".git/worktrees/w/HEAD"), "ref: refs/heads/main\n").unwrap();
        fs::write(at(".git/worktrees/w/commondir"), "../..\n").unwrap();
        fs::write(at("w/.git"), format!("gitdir: {}\n", at(".git/worktrees/w").display())).unwrap();
        assert_eq!(commit(&at("w")), Some(other));
        fs::write(at(".git/HEAD"), format!("{ID}\n")).unwrap();
        assert_eq!(commit(folder.path()).as_deref(), Some(ID));
    }
}
