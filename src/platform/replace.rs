//! Replacing a file in one step.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// What the name of a file that is not yet in its place begins with. Only a crash leaves one.
pub const STAGED_PREFIX: &str = ".trueup-";

/// What such a name ends in.
pub const STAGED_SUFFIX: &str = ".tmp";

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
    let mut file = Builder::new().prefix(STAGED_PREFIX).suffix(STAGED_SUFFIX).tempfile_in(folder_of(target))?;
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
    let mut builder = Builder::new();
    builder.prefix(STAGED_PREFIX).suffix(STAGED_SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder_of(target))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Staged { file, target: target.to_owned() })
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
