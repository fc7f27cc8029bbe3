//! Replacing a file in one step.
//!
//! New content is staged in a file beside the target, which its owner keeps locked. The system drops the lock with the
//! owner, however that ends: a staged file without a lock is litter, and may be swept away.

#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::{Builder, NamedTempFile};

/// What the name of a file that is not yet in its place begins with. Only a crash leaves one.
const STAGED_PREFIX: &str = ".trueup-";

/// What such a name ends in.
const STAGED_SUFFIX: &str = ".tmp";

/// Letters and digits between the two.
const STAGED_LETTERS: usize = 12;

/// How often a staged file is made again that a sweep took between its making and its locking.
const STAGINGS: usize = 16;

/// How long somebody else may hold a file that is to be replaced.
const PATIENCE: Duration = Duration::from_secs(10);

/// New content on the disk, beside the file that it will replace. Dropped without [`commit`](Staged::commit), it is gone.
#[derive(Debug)]
pub struct Staged {
    file: NamedTempFile,
    target: PathBuf,
}

/// Writes `bytes` to a file beside `target`, with the mode and, where the system permits, the owner in `like`, and waits
/// until they are on the disk.
///
/// # Errors
/// What the system says: no room, no permission in the folder.
pub fn stage(target: &Path, bytes: &[u8], like: &Metadata) -> io::Result<Staged> {
    let mut file = locked(&Builder::new(), folder_of(target))?;
    file.write_all(bytes)?;
    keep_owner(file.as_file(), like)?;
    // After the owner: changing that clears bits of the mode.
    file.as_file().set_permissions(like.permissions())?;
    file.as_file().sync_all()?;
    Ok(Staged { file, target: target.to_owned() })
}

/// The same for a `target` that is not there: with the mode that any new file has.
///
/// # Errors
/// As for [`stage`].
pub fn stage_new(target: &Path, bytes: &[u8]) -> io::Result<Staged> {
    #[cfg(unix)]
    let builder = {
        let mut builder = Builder::new();
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder
    };
    #[cfg(not(unix))]
    let builder = Builder::new();
    let mut file = locked(&builder, folder_of(target))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Staged { file, target: target.to_owned() })
}

/// A new file under a name of ours in `folder`, locked.
fn locked(builder: &Builder<'_, '_>, folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = builder.clone();
    builder.prefix(STAGED_PREFIX).suffix(STAGED_SUFFIX).rand_bytes(STAGED_LETTERS);
    for _ in 0..STAGINGS {
        let file = builder.tempfile_in(folder)?;
        // Where there are no locks, there is no sweeping either.
        #[cfg(unix)]
        file.as_file().lock().ok();
        if file.path().exists() {
            return Ok(file);
        }
    }
    Err(io::Error::other("files beside it vanish as soon as they are made"))
}

/// Takes hold of the file at `target`, so that no other trueup replaces it, until the result is dropped. `None` where the
/// file system has no locks.
///
/// # Errors
/// Where it cannot be opened, or somebody holds it for longer than any write takes.
pub fn hold(target: &Path) -> io::Result<Option<File>> {
    let began = Instant::now();
    loop {
        let file = File::open(target)?;
        match try_lock(&file) {
            Ok(true) if is_at(&file, target) => return Ok(Some(file)),
            // It was replaced while we waited for it: hold what is there now.
            Ok(true) => continue,
            Ok(false) if began.elapsed() > PATIENCE => {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another program keeps it locked"));
            }
            Ok(false) => thread::sleep(Duration::from_millis(2)),
            Err(_) => return Ok(None),
        }
    }
}

/// Removes files under a name of ours from `folder` that nobody has locked. One that cannot be removed stays.
pub fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_str().is_some_and(is_staged_name);
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        if let Ok(file) = File::open(entry.path())
            && let Ok(true) = try_lock(&file)
        {
            _ = fs::remove_file(entry.path());
        }
    }
}

fn is_staged_name(name: &str) -> bool {
    let random = name.strip_prefix(STAGED_PREFIX).and_then(|rest| rest.strip_suffix(STAGED_SUFFIX));
    random.is_some_and(|random| random.len() == STAGED_LETTERS && random.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether the lock was free. On systems where a lock keeps the owner itself from the file, there is none.
#[cfg(unix)]
fn try_lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(not(unix))]
fn try_lock(_file: &File) -> io::Result<bool> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether `file` is what stands at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let same = |a: &Metadata, b: &Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(a), Ok(b)) if same(&a, &b))
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

impl Staged {
    /// The file, before it is in its place.
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// What the system says. The staged file is then removed and the target is as it was.
    pub fn commit(self) -> io::Result<()> {
        self.file.persist(&self.target).map_err(|failed| failed.error)?;
        sync_folder(folder_of(&self.target));
        Ok(())
    }
}

/// The folder that `target` is in.
pub fn folder_of(target: &Path) -> &Path {
    target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the new name last. A file system that cannot do this for folders is no reason to say that the write failed: the
/// file is in its place.
#[cfg(unix)]
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().ok();
    }
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) {}

/// Gives `file` the owner and the group in `like`, or the group alone where only root may give files away.
#[cfg(unix)]
fn keep_owner(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let ours = file.metadata()?;
    if (ours.uid(), ours.gid()) == (like.uid(), like.gid()) {
        return Ok(());
    }
    if fchown(file, Some(like.uid()), Some(like.gid())).is_err() {
        fchown(file, None, Some(like.gid())).ok();
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _like: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litter_is_swept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (litter, notes, short) = (".trueup-abcdef012345.tmp", ".trueup-my-notes-xy.tmp", ".trueup-abc.tmp");
        for name in [litter, notes, short, "CLAUDE.md"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let live = stage_new(&folder.path().join("CLAUDE.md"), b"new").unwrap();
        sweep(folder.path());
        let there = |name: &str| folder.path().join(name).exists();
        assert!(!there(litter) && there(notes) && there(short) && there("CLAUDE.md"));
        live.commit().unwrap();
        assert_eq!(fs::read(folder.path().join("CLAUDE.md")).unwrap(), b"new");
        sweep(folder.path());
        assert!(there("CLAUDE.md"));
    }

    #[test]
    fn a_file_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        fs::write(&path, "x").unwrap();
        let held = hold(&path).unwrap().unwrap();
        assert!(!try_lock(&File::open(&path).unwrap()).unwrap());
        drop(held);
        assert!(hold(&path).unwrap().is_some());
    }
}
