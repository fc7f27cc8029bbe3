//! Looks at sockets, names, processes, programs and files, as plain data.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

/// A port or socket that must accept a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TcpCheck {
    /// Where it listens.
    pub place: TcpPlace,
    /// Regular expression that what it says first, unasked, must match.
    pub banner: Option<String>,
}

/// Where something listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TcpPlace {
    /// `host:port`.
    Port(String),
    /// A unix socket.
    Socket(PathBuf),
}

/// A name that must resolve, as programs on this machine resolve it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DnsCheck {
    /// The name.
    pub name: String,
    /// Addresses that must be among those that it has; empty takes any.
    pub addresses: Vec<IpAddr>,
}

/// A process of this machine that must run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProcessCheck {
    /// Which.
    pub sought: ProcessSought,
}

impl ProcessCheck {
    /// Whether the look starts a program: `systemctl`, for a unit.
    pub fn executes(&self) -> bool {
        match self.sought {
            ProcessSought::Unit(_) => true,
            ProcessSought::Name(_) | ProcessSought::PidFile { .. } => false,
        }
    }
}

/// How a process is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessSought {
    /// By its name: that of its program file, or the one that it gave itself.
    Name(String),
    /// By a file that holds its number.
    PidFile {
        /// The file.
        path: PathBuf,
        /// The name that it must have, where one is given.
        name: Option<String>,
    },
    /// The main process of a unit of systemd.
    Unit(String),
}

/// A program that must end with an exit code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandCheck {
    /// Program and arguments. No shell stands between.
    pub argv: Vec<String>,
    /// Folder to start it in.
    pub cwd: PathBuf,
    /// The only variables of our environment that it gets, besides `PATH`; `None` gives it all.
    pub env: Option<Vec<String>>,
    /// Exit codes of success.
    pub exit_codes: Vec<i32>,
    /// Regular expression that standard output must match.
    pub stdout: Option<String>,
    /// JSON pointers into standard output and the values that must stand there.
    pub json: Vec<(String, serde_json::Value)>,
    /// Fewest lines of standard output.
    pub min_lines: Option<usize>,
    /// Most lines of standard output.
    pub max_lines: Option<usize>,
}

impl CommandCheck {
    /// A program, started in `cwd`, that must end with 0.
    pub fn new(argv: Vec<String>, cwd: impl Into<PathBuf>) -> CommandCheck {
        CommandCheck {
            argv,
            cwd: cwd.into(),
            env: None,
            exit_codes: vec![0],
            stdout: None,
            json: Vec::new(),
            min_lines: None,
            max_lines: None,
        }
    }
}

/// A file that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileCheck {
    /// The file or folder.
    pub path: PathBuf,
    /// How long ago it may have been written at most.
    pub max_age: Option<Duration>,
    /// Regular expression that its text must match.
    pub matches: Option<String>,
    /// JSON pointers into it, a JSON, TOML or YAML file, and the values that must stand there.
    pub values: Vec<(String, serde_json::Value)>,
}

impl FileCheck {
    /// A file or folder of which nothing is asked but that it is there.
    pub fn new(path: impl Into<PathBuf>) -> FileCheck {
        FileCheck { path: path.into(), max_age: None, matches: None, values: Vec::new() }
    }
}

/// What a file of values is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

impl Notation {
    /// What the name of the file says, if it says it.
    pub fn of(path: &Path) -> Option<Notation> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Notation::Json),
            "toml" => Some(Notation::Toml),
            "yaml" | "yml" => Some(Notation::Yaml),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_a_file_is_written_in() {
        assert!(Notation::of(Path::new("x.txt")).is_none() && Notation::of(Path::new("json")).is_none());
        assert_eq!(Notation::of(Path::new("x.YML")), Some(Notation::Yaml));
    }
}
