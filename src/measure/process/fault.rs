//! Why a program could not be started.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Program;
use crate::failure::FailureClass;
use crate::platform::process::is_executable;

/// Why a program could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpawnFault {
    /// No program was named.
    Unnamed,
    /// There is no such file, or none on `PATH`.
    NotFound {
        /// As it was named.
        program: String,
        /// Whether it was looked for on `PATH`.
        searched: bool,
    },
    /// The file is there; what its first line or its header asks for is not.
    MissingInterpreter {
        /// The file.
        program: PathBuf,
        /// What its `#!` line names. `None` for a binary, whose loader is missing.
        interpreter: Option<String>,
    },
    /// The file is there and may not or cannot be executed.
    NotExecutable {
        /// As it was named.
        program: String,
        /// The system's words.
        why: String,
    },
    /// The folder to start it in is not there.
    MissingFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// We were started by ourselves, over and over. Says nothing about the program.
    Nested {
        /// How often.
        depth: u32,
    },
    /// The machine gave us no process: too many, no memory, no file descriptors. Says nothing about the program.
    NoProcess {
        /// The system's words.
        why: String,
    },
}

impl SpawnFault {
    /// The class, or `None` where the fault says nothing about the program.
    pub fn class(&self) -> Option<FailureClass> {
        match self {
            SpawnFault::Unnamed | SpawnFault::MissingFolder { .. } => Some(FailureClass::Configuration),
            SpawnFault::NotFound { .. } => Some(FailureClass::SpawnNotFound),
            SpawnFault::MissingInterpreter { .. } | SpawnFault::NotExecutable { .. } => {
                Some(FailureClass::SpawnNotExecutable)
            }
            SpawnFault::Nested { .. } | SpawnFault::NoProcess { .. } => None,
        }
    }

    /// Tells what the error of a start means, by looking at the file.
    pub(super) fn of(error: &io::Error, program: &Program<'_>) -> SpawnFault {
        let Some(name) = program.argv.first() else {
            return SpawnFault::Unnamed;
        };
        if !program.cwd.is_dir() {
            return SpawnFault::MissingFolder { folder: program.cwd.to_owned() };
        }
        match error.kind() {
            io::ErrorKind::NotFound => match locate(name, program) {
                Some(path) => SpawnFault::MissingInterpreter { interpreter: interpreter(&path), program: path },
                None => SpawnFault::NotFound { program: name.clone(), searched: !has_folder(name) },
            },
            io::ErrorKind::WouldBlock
            | io::ErrorKind::OutOfMemory
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::ResourceBusy => SpawnFault::NoProcess { why: error.to_string() },
            // Too many open files have no kind of their own.
            _ if matches!(error.raw_os_error(), Some(23 | 24)) => SpawnFault::NoProcess { why: error.to_string() },
            _ => SpawnFault::NotExecutable { program: name.clone(), why: error.to_string() },
        }
    }
}

impl fmt::Display for SpawnFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpawnFault::Unnamed => write!(f, "no program is named"),
            SpawnFault::NotFound { program, searched: true } => write!(f, "`{program}` is not on PATH"),
            SpawnFault::NotFound { program, searched: false } => write!(f, "`{program}` does not exist"),
            SpawnFault::MissingInterpreter { program, interpreter: Some(interpreter) } => {
                write!(f, "`{}` exists, but its #! interpreter `{interpreter}` does not", program.display())
            }
            SpawnFault::MissingInterpreter { program, interpreter: None } => {
                write!(f, "`{}` exists, but the loader that it needs does not", program.display())
            }
            SpawnFault::NotExecutable { program, why } => write!(f, "`{program}` cannot be executed: {why}"),
            SpawnFault::MissingFolder { folder } => {
                write!(f, "the folder `{}` to start it in does not exist", folder.display())
            }
            SpawnFault::Nested { depth } => {
                write!(
                    f,
                    "this trueup was started by {depth} others, each inside the other; trueup.toml seems to run trueup on itself"
                )
            }
            SpawnFault::NoProcess { why } => write!(f, "this machine could not start a process: {why}"),
        }
    }
}

fn has_folder(name: &str) -> bool {
    name.contains(std::path::is_separator)
}

/// The file that `name` means, if it exists.
fn locate(name: &str, program: &Program<'_>) -> Option<PathBuf> {
    if has_folder(name) {
        return Some(program.cwd.join(name)).filter(|path| path.exists());
    }
    let path = program.env.get("PATH").map(Into::into).or_else(|| std::env::var_os("PATH"))?;
    std::env::split_paths(&path).map(|folder| program.cwd.join(folder).join(name)).find(|path| is_executable(path))
}

/// What the `#!` line of a file names.
fn interpreter(path: &Path) -> Option<String> {
    let mut start = Vec::new();
    std::fs::File::open(path).ok()?.take(256).read_to_end(&mut start).ok()?;
    let line = String::from_utf8_lossy(start.strip_prefix(b"#!")?).lines().next()?.to_owned();
    line.split_whitespace().next().map(str::to_owned)
}
