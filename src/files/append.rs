//! A file that grows by whole lines.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::platform::replace;

/// Adds `line`, which has no line break, to the file at `path`, on a line of its own; where there is no such file it is
/// made. Several at once each get a whole line; a blank one can come between. Returns the length of the file in bytes.
///
/// # Errors
/// Where the folder is not there, the file is read-only, or the system refuses. The file is then as it was.
pub fn append(path: &Path, line: &[u8]) -> io::Result<u64> {
    let folder = replace::folder_of(path);
    if !folder.is_dir() {
        let missing = format!("there is no folder `{}`; make it first", folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, missing));
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let length = file.seek(SeekFrom::End(0))?;
    let mut bytes = Vec::with_capacity(line.len() + 2);
    if length > 0 && last_byte(&mut file)? != b'\n' {
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(line);
    bytes.push(b'\n');
    // One write: what another process adds stands before or after it.
    let written = file.write(&bytes)?;
    if written < bytes.len() {
        // Half a line would keep all others from being read. What somebody else wrote behind it stays.
        if file.metadata()?.len() == length + written as u64 {
            file.set_len(length)?;
        }
        return Err(io::Error::new(io::ErrorKind::StorageFull, "there is no room for the whole line"));
    }
    file.sync_data()?;
    Ok(file.metadata()?.len())
}

fn last_byte(file: &mut std::fs::File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;

    #[test]
    fn lines_stand_one_under_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        append(&path, b"one").unwrap();
        fs::write(&path, "one\nby hand").unwrap();
        assert_eq!(append(&path, b"three").unwrap(), 18);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\nby hand\nthree\n");
        let error = append(&folder.path().join("a/lines"), b"x").unwrap_err();
        assert!(error.to_string().ends_with("a`; make it first"), "{error}");
    }

    #[test]
    fn several_at_once_each_get_a_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let line = |thread: u8| vec![b'a' + thread; 20_000];
        thread::scope(|scope| {
            for number in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..10 {
                        append(path, &line(number)).unwrap();
                    }
                });
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        let whole = |text: &str| text.len() == 20_000 && text.bytes().all(|byte| byte == text.as_bytes()[0]);
        assert_eq!(text.lines().filter(|line| whole(line)).count(), 80);
        assert!(text.lines().all(|line| line.is_empty() || whole(line)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_leaves_what_was_there() {
        append(Path::new("/dev/full"), b"x").unwrap_err();
    }
}
