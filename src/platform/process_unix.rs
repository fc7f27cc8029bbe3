//! Processes on Unix: a session of its own for a child, signals to the whole group, a search for those that escaped it.

use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgid, kill_process, kill_process_group, setsid, waitid};

/// Makes the program of `command` the leader of a new session, and so of a new process group without a terminal: what
/// it starts can be signalled as a whole, and nothing of it can ask our terminal for a password.
pub fn isolate(command: &mut Command) {
    // SAFETY: between fork and exec only async-signal-safe calls are allowed. `setsid` is one, it allocates nothing and
    // takes no lock. It fails only for a process that leads a group already, which a fresh fork does not.
    unsafe {
        command.pre_exec(|| setsid().map(drop).map_err(Into::into));
    }
}

/// Asks every process of the group that `leader` leads to end.
pub fn terminate_group(leader: u32) {
    signal_group(leader, Signal::TERM);
}

/// Ends every process of the group that `leader` leads. Right as long as the leader has not been reaped, since its
/// number cannot be given to anybody else until then.
pub fn kill_group(leader: u32) {
    signal_group(leader, Signal::KILL);
}

fn signal_group(leader: u32, signal: Signal) {
    if let Some(pid) = pid(leader) {
        // A group without a process left is what we want.
        let _ = kill_process_group(pid, signal);
    }
}

fn pid(number: u32) -> Option<Pid> {
    // 0 and 1 as a group would be ourselves and everybody.
    i32::try_from(number).ok().filter(|&number| number > 1).and_then(Pid::from_raw)
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With an exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

/// How the child `number` ended, without reaping it: its number, and with it the number of its group, stays taken.
/// `None` while it runs.
///
/// # Errors
/// The system's, where the child is not ours or was reaped already.
pub fn peek_exit(number: u32) -> std::io::Result<Option<Ending>> {
    let Some(pid) = pid(number) else {
        return Err(std::io::ErrorKind::InvalidInput.into());
    };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    let status = waitid(WaitId::Pid(pid), options)?;
    Ok(status.and_then(|status| match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Some(Ending::Code(code)),
        (None, Some(signal)) => Some(Ending::Signal(signal)),
        (None, None) => None,
    }))
}

/// How a reaped child ended.
pub fn ending(status: std::process::ExitStatus) -> Ending {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Code(code),
        (None, signal) => Ending::Signal(signal.unwrap_or(0)),
    }
}

/// Rounds of the hunt: a process may fork between being seen and being killed.
const ROUNDS: usize = 10;

/// Kills every process that left the group of `leader` and whose environment holds `mark` (`NAME=value`), and returns
/// how many there were.
///
/// Only processes that started after the leader can carry it, which keeps the search short. Processes that cleared
/// their environment are not found, nor is any on systems without /proc.
pub fn kill_marked(mark: &str, leader: u32) -> usize {
    let mut killed = std::collections::BTreeSet::new();
    let until = std::time::Instant::now() + LONGEST_EXEC;
    let mut rounds = 0;
    while rounds < ROUNDS {
        let Sighted { found, hidden } = marked(mark, leader);
        if found.is_empty() {
            if !hidden || std::time::Instant::now() > until {
                break;
            }
            std::thread::sleep(EXEC);
            continue;
        }
        rounds += 1;
        for number in found {
            if let Some(pid) = pid(number) {
                let _ = kill_process(pid, Signal::KILL);
                killed.insert(number);
            }
        }
    }
    killed.len()
}

/// A pause in which a process that is just becoming another program has mostly done so.
const EXEC: std::time::Duration = std::time::Duration::from_millis(1);

/// How long it is waited for one that has not: on a busy machine it may have to wait for a processor in the midst of it.
const LONGEST_EXEC: std::time::Duration = std::time::Duration::from_millis(100);

/// What one round of the hunt saw.
#[derive(Default)]
struct Sighted {
    /// Processes with the mark.
    found: Vec<u32>,
    /// There is one whose environment cannot be seen at this moment: it is becoming another program.
    hidden: bool,
}

/// The processes outside the group of `leader` whose environment holds `mark`.
fn marked(mark: &str, leader: u32) -> Sighted {
    let first = if wrapped(leader) { 0 } else { leader };
    let mut sighted = Sighted::default();
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return sighted;
    };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    for number in numbers.filter(|&number: &u32| number > first) {
        match carries(number, mark) {
            Some(true) if !in_group(number, leader) => sighted.found.push(number),
            Some(_) => {}
            None => sighted.hidden = true,
        }
    }
    sighted
}

/// A member of the group may still be dying of the signal that the group got.
fn in_group(number: u32, leader: u32) -> bool {
    pid(number).is_some_and(|number| getpgid(Some(number)).ok() == pid(leader))
}

/// Whether the environment of a process holds `mark`; `None` where it cannot be seen at this moment.
fn carries(number: u32, mark: &str) -> Option<bool> {
    let Ok(environment) = std::fs::read(format!("/proc/{number}/environ")) else {
        return Some(false);
    };
    // The kernel's own threads and the dead have no environment and no program; in the middle of an exec there is a
    // program whose environment is not there yet.
    if environment.is_empty() && std::fs::read_link(format!("/proc/{number}/exe")).is_ok() {
        return None;
    }
    Some(environment.split(|&byte| byte == 0).any(|variable| variable == mark.as_bytes()))
}

/// Whether process numbers have begun again from the bottom since `since` was given out.
fn wrapped(since: u32) -> bool {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let last = load.split_whitespace().next_back().and_then(|word| word.parse::<u32>().ok());
    last.is_none_or(|last| last < since)
}

/// Lets whoever may read `file` execute it as well.
///
/// # Errors
/// The system's.
pub fn make_executable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode();
    file.set_permissions(std::fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

/// Whether the file at `path` may be executed by somebody.
pub fn is_executable(path: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
