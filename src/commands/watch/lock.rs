//! One watch at a time in a project: a lock that the system takes away with the process that has it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use super::super::recorded;
use crate::measure::evidence::line;

/// Name of the file, in the folder for what is kept from run to run.
const NAME: &str = "watch.lock";

/// Longest description of a holder that is shown.
const SHOWN: usize = 200;

/// The lock; it is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock of the project at `root`, and says in it who has it.
///
/// # Errors
/// Where another watch has it, told by its process and start, and where the file cannot be written.
pub(super) fn take(root: &Path, now: jiff::Timestamp) -> io::Result<Lock> {
    let path = root.join(recorded::FOLDER).join(NAME);
    let failed = |error: io::Error| {
        let hint = "expected a folder that this user may write to";
        io::Error::new(error.kind(), format!("cannot lock `{}`: {error}; {hint}", path.display()))
    };
    recorded::folder(root).map_err(failed)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    // A link that a repository brings would have us write over what it leads to.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    let mut file = options.open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(&mut file, &path)),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let written = file.set_len(0).and_then(|()| writeln!(file, "process {} since {now:.0}", std::process::id()));
    written.map_err(failed)?;
    Ok(Lock { _file: file })
}

fn held(file: &mut File, path: &Path) -> io::Error {
    let mut said = String::new();
    // What cannot be read is not said.
    _ = file.rewind().and_then(|()| file.take(4096).read_to_string(&mut said));
    let who = match line(said.trim(), SHOWN) {
        said if said.is_empty() => "another process".to_owned(),
        said => said,
    };
    let path = path.display();
    let told =
        format!("another `trueup watch` is at work here: {who} holds `{path}`; expected one at a time: end it first");
    io::Error::new(io::ErrorKind::WouldBlock, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let now = jiff::Timestamp::UNIX_EPOCH;
        let first = take(folder.path(), now).unwrap();
        let why = take(folder.path(), now).unwrap_err().to_string();
        let who = format!("process {} since 1970-01-01T00:00:00Z holds", std::process::id());
        assert!(why.contains(&who), "{why}");
        drop(first);
        take(folder.path(), now).unwrap();
        #[cfg(unix)]
        {
            let (own, lock) = (folder.path().join("own"), folder.path().join(".trueup/watch.lock"));
            std::fs::write(&own, "own").unwrap();
            std::fs::remove_file(&lock).unwrap();
            std::os::unix::fs::symlink(&own, &lock).unwrap();
            let why = take(folder.path(), now).unwrap_err().to_string();
            assert!(why.starts_with("cannot lock `"), "{why}");
            assert_eq!(std::fs::read_to_string(&own).unwrap(), "own");
        }
        assert_eq!(std::fs::read_to_string(folder.path().join(".trueup/.gitignore")).unwrap(), "*\n");
    }
}
