//! A document from a file, with what a later write needs to know that nobody changed it meanwhile.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::find::STANDARD_INPUT;
use crate::document::source::SourceFile;

/// Largest document that is read, in bytes.
pub const SIZE_LIMIT: u64 = 256 << 20;

/// A document as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// Its text, byte for byte (a byte order mark is part of it), under the path as it was given.
    pub source: SourceFile,
    /// What it was.
    pub fingerprint: Fingerprint,
}

/// What a file held when it was read. Times are not part of it: a file that was rewritten with the same bytes is the
/// same, and one changed within the resolution of the clock is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Size in bytes.
    pub size: u64,
    hash: [u8; 32],
}

impl Fingerprint {
    /// The fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint { size: bytes.len() as u64, hash: Sha256::digest(bytes).into() }
    }
}

/// Why a document could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// It is not there.
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// It is a folder.
    Folder {
        /// The path.
        path: PathBuf,
    },
    /// We may not read it.
    PermissionDenied {
        /// The path.
        path: PathBuf,
    },
    /// It is larger than what is read of a document.
    TooLarge {
        /// The path.
        path: PathBuf,
    },
    /// It is not UTF-8.
    NotUtf8 {
        /// The path.
        path: PathBuf,
        /// The first byte that fits in no character, counted from 0.
        offset: usize,
        /// The line of that byte, from 1.
        line: usize,
        /// Whether it begins like a UTF-16 text.
        utf16: bool,
    },
    /// Anything else that the system said.
    Io {
        /// The path.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

impl ReadError {
    /// The path of the document.
    pub fn path(&self) -> &Path {
        match self {
            ReadError::Missing { path }
            | ReadError::Folder { path }
            | ReadError::PermissionDenied { path }
            | ReadError::TooLarge { path }
            | ReadError::NotUtf8 { path, .. }
            | ReadError::Io { path, .. } => path,
        }
    }

    /// What a person does about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::Missing { .. } => "correct the path",
            ReadError::Folder { .. } => "name a file in it, or pass the folder as a path to walk it",
            ReadError::PermissionDenied { .. } => "let the user who runs trueup read it",
            ReadError::TooLarge { .. } => "leave it out with `!` under `docs`, or split it",
            ReadError::NotUtf8 { utf16: true, .. } => "save it as UTF-8; it begins like UTF-16",
            ReadError::NotUtf8 { .. } => "save it as UTF-8, or leave it out with `!` under `docs`",
            ReadError::Io { .. } => "check the file and the disk or network that it is on",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            ReadError::Missing { .. } => write!(f, "`{path}` is not there; expected a Markdown file"),
            ReadError::Folder { .. } => write!(f, "`{path}` is a folder; expected a Markdown file"),
            ReadError::PermissionDenied { .. } => write!(f, "`{path}` may not be read: permission denied"),
            ReadError::TooLarge { .. } => {
                write!(f, "`{path}` is larger than {} MiB, the most that is read", SIZE_LIMIT >> 20)
            }
            ReadError::NotUtf8 { offset, line, .. } => {
                write!(f, "`{path}` is not UTF-8: byte {offset}, on line {line}, fits in no character")
            }
            ReadError::Io { error, .. } => write!(f, "cannot read `{path}`: {error}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads the document at `path`, or standard input where that is `-` (its name is then `<stdin>`).
///
/// # Errors
/// Where it cannot be read, or is no UTF-8 text of a bearable size.
pub fn read(path: &Path) -> Result<Loaded, ReadError> {
    if path == Path::new(STANDARD_INPUT) {
        let name = PathBuf::from("<stdin>");
        let bytes = bounded(io::stdin().lock(), 0).map_err(|error| fault(&name, error))?;
        return of_bytes(&name, bytes);
    }
    of_bytes(path, bytes(path)?)
}

/// The bytes of the file at `path`.
///
/// # Errors
/// Where it cannot be read, or is too large.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let data = fs::metadata(path).map_err(|error| fault(path, Some(error)))?;
    if data.is_dir() {
        return Err(ReadError::Folder { path: path.to_owned() });
    }
    if data.len() > SIZE_LIMIT {
        return Err(fault(path, None));
    }
    let file = File::open(path).map_err(|error| fault(path, Some(error)))?;
    bounded(file, data.len()).map_err(|error| fault(path, error))
}

/// Everything from `reader`, or `None` as the error where it is more than [`SIZE_LIMIT`].
fn bounded(reader: impl Read, size: u64) -> Result<Vec<u8>, Option<io::Error>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(SIZE_LIMIT)).unwrap_or(0));
    reader.take(SIZE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_LIMIT { Err(None) } else { Ok(bytes) }
}

/// What `bytes` are as a document that is told of as `path`: content that is not, or not now, in the file of that name.
///
/// # Errors
/// Where they are no UTF-8 text.
pub fn of_bytes(path: &Path, bytes: Vec<u8>) -> Result<Loaded, ReadError> {
    let fingerprint = Fingerprint::of(&bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Loaded { source: SourceFile::new(path.display().to_string(), text), fingerprint }),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let line = bytes[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1;
            let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
            Err(ReadError::NotUtf8 { path: path.to_owned(), offset, line, utf16 })
        }
    }
}

fn fault(path: &Path, error: Option<io::Error>) -> ReadError {
    let path = path.to_owned();
    let Some(error) = error else {
        return ReadError::TooLarge { path };
    };
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing { path },
        io::ErrorKind::PermissionDenied => ReadError::PermissionDenied { path },
        io::ErrorKind::IsADirectory => ReadError::Folder { path },
        _ => ReadError::Io { path, error },
    }
}
