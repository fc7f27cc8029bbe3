//! Reports that test runners and coverage tools write: read as a stream, counted, and never believed further than they go.
//!
//! | seen | told as |
//! |---|---|
//! | no such file; no file of the pattern | source away |
//! | a file that may not be read | permission denied |
//! | cut short, another format, nested deeper or written longer than any runner does | unreadable |
//! | a report without a single test | nothing found |
//! | older than may count, or than what it is about | too old |
//!
//! Entities that a document declares are never expanded, and what a report refers to is never fetched.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use self::cases::{Cases, TestRun};
use self::coverage::Coverage;
use super::measurement::{Unmeasured, UnmeasuredCause};
use super::text_file;
use crate::globs::Globs;

pub mod cases;
mod cobertura;
pub mod coverage;
mod coverage_py;
pub mod fresh;
mod junit;
mod lcov;
mod xml;

/// Most files of one report.
const MOST_FILES: usize = 10_000;

/// A report that was read, and when it was written as far as that is known: by the file, or by what stands in it if that
/// is earlier (a report that was copied here has a young file).
#[derive(Clone, Debug, PartialEq)]
pub struct Read<T> {
    /// What it says.
    pub said: T,
    /// When it was written.
    pub written: jiff::Timestamp,
    /// Number of files.
    pub files: usize,
}

/// What the JUnit files at `paths` say, all together. `stop` is asked now and then.
///
/// # Errors
/// Why that is not known.
pub fn test_run(paths: &[PathBuf], stop: impl Fn() -> bool) -> Result<Read<TestRun>, Unmeasured> {
    read(paths, |file| junit::read(file, &stop), TestRun::add)
}

/// The number of test cases in the JUnit files at `paths`, all together. `stop` is asked now and then.
///
/// # Errors
/// Why it is not known.
pub fn cases(paths: &[PathBuf], stop: impl Fn() -> bool) -> Result<Read<Cases>, Unmeasured> {
    let Read { said, written, files } = test_run(paths, stop)?;
    Ok(Read { said: said.cases, written, files })
}

/// The coverage that the files at `paths` report, all together: lcov, Cobertura, or the JSON of coverage.py.
///
/// # Errors
/// Why it is not known.
pub fn coverage(paths: &[PathBuf], stop: impl Fn() -> bool) -> Result<Read<Coverage>, Unmeasured> {
    read(paths, |file| coverage::read(file, &stop), Coverage::add)
}

/// What a report says, and the time that stands in it.
type Said<T> = (T, Option<jiff::Timestamp>);

fn read<T: Default>(
    paths: &[PathBuf],
    one: impl Fn(File) -> Result<Said<T>, String>,
    add: impl Fn(&mut T, T),
) -> Result<Read<T>, Unmeasured> {
    let mut whole = T::default();
    let mut oldest: Option<jiff::Timestamp> = None;
    let files = expand(paths)?;
    for path in &files {
        let file = open(path)?;
        let data = file.metadata().map_err(|error| text_file::unmeasured(path, &error))?;
        let modified = data.modified().ok().and_then(|time| jiff::Timestamp::try_from(time).ok());
        let (said, inside) = one(file).map_err(|detail| unreadable(path, &detail))?;
        add(&mut whole, said);
        oldest = [oldest, modified, inside].into_iter().flatten().min();
    }
    Ok(Read { said: whole, written: oldest.unwrap_or_default(), files: files.len() })
}

/// The files that `paths` name: the last component of each may be a pattern.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Unmeasured> {
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.contains(['*', '?', '[', '{']) || path.exists() {
            files.push(path.clone());
            continue;
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            Some(_) | None => Path::new("."),
        };
        let globs = Globs::new(&[name.to_owned()]).map_err(|bad| unreadable(path, &bad.to_string()))?;
        let entries = fs::read_dir(folder).map_err(|error| text_file::unmeasured(folder, &error))?;
        let before = files.len();
        for entry in entries {
            let entry = entry.map_err(|error| text_file::unmeasured(folder, &error))?;
            if globs.matches(Path::new(&entry.file_name())) {
                files.push(entry.path());
            }
            if files.len() > MOST_FILES {
                return Err(unreadable(path, &format!("it names more than {MOST_FILES} files")));
            }
        }
        if files.len() == before {
            return Err(text_file::unmeasured(path, &io::Error::new(io::ErrorKind::NotFound, "no file matches it")));
        }
        files[before..].sort();
    }
    Ok(files)
}

fn open(path: &Path) -> Result<File, Unmeasured> {
    let data = fs::metadata(path).map_err(|error| text_file::unmeasured(path, &error))?;
    if !data.is_file() {
        return Err(unreadable(path, "it is no file"));
    }
    File::open(path).map_err(|error| text_file::unmeasured(path, &error))
}

fn unreadable(path: &Path, detail: &str) -> Unmeasured {
    let path = path.display().to_string();
    Unmeasured { cause: UnmeasuredCause::Unreadable, detail: format!("`{path}`: {detail}"), source: path }
}
