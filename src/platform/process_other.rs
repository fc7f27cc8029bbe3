//! Processes on systems without Unix process groups: a child is started and killed alone.

use std::process::Command;

/// Does nothing: there are no sessions here.
pub fn isolate(_command: &mut Command) {}

/// Does nothing: there is no way to ask.
pub fn terminate_group(_leader: u32) {}

/// Does nothing: the child itself is killed by its handle.
pub fn kill_group(_leader: u32) {}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

/// An exit cannot be seen here without reaping.
///
/// # Errors
/// Always.
pub fn peek_exit(_number: u32) -> std::io::Result<Option<Ending>> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// How a reaped child ended.
pub fn ending(status: std::process::ExitStatus) -> Ending {
    Ending::Code(status.code().unwrap_or(-1))
}

/// Finds nothing: environments of others cannot be read here.
pub fn kill_marked(_mark: &str, _since: u32) -> usize {
    0
}

/// Whether there is a file at `path`.
pub fn is_executable(path: &std::path::Path) -> bool {
    path.is_file()
}

/// Nothing: here no file is marked as one that may be executed.
///
/// # Errors
/// None.
pub fn make_executable(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
