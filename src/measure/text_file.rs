//! A file as probes and metrics read it: a regular file, up to a bound, as bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::measurement::{Unmeasured, UnmeasuredCause};

/// Most bytes that are read of a file.
pub const SIZE_LIMIT: u64 = 64 << 20;

/// What a file holds.
#[derive(Debug)]
pub struct FileText {
    /// Its bytes, up to [`SIZE_LIMIT`].
    pub bytes: Vec<u8>,
    /// Whether that is all of it.
    pub whole: bool,
}

/// Reads `path`.
///
/// # Errors
/// Where it cannot be read, or is no regular file: a pipe would wait for ever.
pub fn read(path: &Path) -> Result<FileText, Unmeasured> {
    let data = fs::metadata(path).map_err(|error| unmeasured(path, &error))?;
    if !data.is_file() {
        let kind = if data.is_dir() { "a folder" } else { "a device, pipe or socket" };
        let detail = format!("`{}` is {kind}; expected a file with text", path.display());
        return Err(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: path.display().to_string() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(data.len().min(SIZE_LIMIT)).unwrap_or(0));
    File::open(path)
        .and_then(|file| file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(|error| unmeasured(path, &error))?;
    let whole = bytes.len() as u64 <= SIZE_LIMIT;
    bytes.truncate(SIZE_LIMIT as usize);
    Ok(FileText { bytes, whole })
}

/// Why `path` could not be looked at.
pub fn unmeasured(path: &Path, error: &io::Error) -> Unmeasured {
    let cause = match error.kind() {
        io::ErrorKind::PermissionDenied => UnmeasuredCause::PermissionDenied,
        _ => UnmeasuredCause::SourceAway,
    };
    let path = path.display().to_string();
    Unmeasured { cause, detail: format!("`{path}` cannot be read: {error}"), source: path }
}
