//! Files that hold the number of a process.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::unknown;
use crate::measure::evidence::plain;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::text_file;

/// Seconds by which a process may seem younger than its file: both times are rounded.
const SLACK: u64 = 2;

/// Most bytes of the file that are read.
const LIMIT: u64 = 4096;

/// What such a file says.
#[derive(Clone, Copy, Debug)]
pub(super) struct PidFile {
    /// The number.
    pub number: u32,
    /// When it was written, in seconds since 1970.
    pub written: Option<u64>,
}

impl PidFile {
    /// By how many seconds a process that `started` then is younger than the file. `None` where it is not.
    pub fn started_after(self, started: u64) -> Option<u64> {
        let later = started.checked_sub(self.written?)?;
        (later > SLACK).then_some(later)
    }
}

/// Reads `path`. `None` where it is not there.
///
/// # Errors
/// Where it cannot be read, or has no number on its first line.
pub(super) fn read(path: &Path) -> Result<Option<PidFile>, Unmeasured> {
    let data = match std::fs::metadata(path) {
        Ok(data) => data,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(text_file::unmeasured(path, &error)),
    };
    let unreadable = |found: &str| {
        let detail = format!("`{}` says `{}`, expected the number of a process", path.display(), plain(found, 40));
        Unmeasured { source: path.display().to_string(), ..unknown(UnmeasuredCause::Unreadable, detail) }
    };
    // A pipe would wait for ever.
    if !data.is_file() {
        return Err(unreadable("what is not a file"));
    }
    let mut text = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| text_file::unmeasured(path, &error))?;
    file.take(LIMIT).read_to_end(&mut text).map_err(|error| text_file::unmeasured(path, &error))?;
    let text = String::from_utf8_lossy(&text);
    let first = text.lines().next().unwrap_or_default().trim();
    let number = first.parse().ok().filter(|&number: &u32| number > 0).ok_or_else(|| unreadable(first))?;
    let written = data.modified().ok().and_then(|time: SystemTime| time.duration_since(UNIX_EPOCH).ok());
    Ok(Some(PidFile { number, written: written.map(|time| time.as_secs()) }))
}
