//! Output that a person named a file for: a report, a snapshot.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::platform::replace;

/// Puts `bytes` into the file at `path`, in one step: a reader sees the old content or the new.
///
/// A file that is there keeps its mode, a symbolic link stays. What is no file (a pipe, a terminal) is written to.
///
/// # Errors
/// Where the folder is not there, the file is read-only, or the system refuses. The file is then as it was.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(before) if before.is_file() => {
            if before.permissions().readonly() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
            }
            let target = fs::canonicalize(path)?;
            replace::sweep(replace::folder_of(&target));
            replace::stage(&target, bytes, &before)?.commit()
        }
        Ok(_) => OpenOptions::new().write(true).open(path)?.write_all(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = replace::folder_of(path);
            if !folder.is_dir() {
                let missing = format!("there is no folder `{}`; make it first", folder.display());
                return Err(io::Error::new(io::ErrorKind::NotFound, missing));
            }
            replace::sweep(folder);
            replace::stage_new(path, bytes)?.commit()
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_and_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.sarif");
        put(&path, b"one").unwrap();
        put(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn no_folder_is_made_and_none_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let error = put(&folder.path().join("a/out.sarif"), b"x").unwrap_err();
        assert!(error.to_string().ends_with("a`; make it first"), "{error}");
        put(folder.path(), b"x").unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn modes_and_links_are_those_of_any_file() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (plain, path, link) = (folder.path().join("plain"), folder.path().join("out"), folder.path().join("link"));
        fs::write(&plain, b"").unwrap();
        put(&path, b"one").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain), "as the umask has it");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        put(&link, b"two").unwrap();
        assert_eq!(mode(&path) & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        put(Path::new("/dev/null"), b"x").unwrap();
    }
}
