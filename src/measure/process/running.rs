//! A child from its start to its end.

use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, sleep, timeout};

use super::capture::{Capture, Drain};
use super::{DEEPEST, DEPTH, GRACE, MARK, Program, SpawnFault};
use crate::measure::classify::Exit;
use crate::platform::process as platform;

/// Bytes kept of the beginning and of the end of standard error, each.
const STDERR_KEPT: usize = 4096;

/// Longest wait for the rest of a stream after its writer is gone.
const SETTLE: Duration = Duration::from_millis(100);

/// How often to look for an exit where no signal tells of it.
const POLL: Duration = Duration::from_millis(20);

/// Longest wait for a killed child to be reaped.
const REAP: Duration = Duration::from_secs(1);

/// What a child reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stdin {
    /// Nothing: end of file at once.
    Null,
    /// What we write.
    Pipe,
}

/// How much of our environment a child gets, before what its program adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings<'a> {
    /// All of it.
    Ours,
    /// These variables and `PATH`.
    Only(&'a [String]),
}

/// A child that runs. Dropped, it is killed with all that it started.
#[derive(Debug)]
pub struct Running {
    child: Child,
    leader: u32,
    mark: String,
    stderr: Drain,
    /// Where to write, until taken.
    pub stdin: Option<ChildStdin>,
    /// Where to read, until taken. Whoever takes it has to go on reading.
    pub stdout: Option<ChildStdout>,
    gone: bool,
}

/// How a child ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit. `None` where it could not be learnt.
    pub exit: Option<Exit>,
    /// Whether it ended without a signal from us.
    pub by_itself: bool,
    /// Processes that had left its group and were found by their mark, and killed.
    pub escaped: usize,
    /// What it wrote to standard error.
    pub stderr: Capture,
}

/// Starts `program`.
///
/// # Errors
/// [`SpawnFault`], which tells apart why.
pub fn start(program: &Program<'_>, stdin: Stdin) -> Result<Running, SpawnFault> {
    start_in(program, Surroundings::Ours, stdin)
}

/// Starts `program` in these surroundings.
///
/// # Errors
/// As [`start`].
pub fn start_in(program: &Program<'_>, surroundings: Surroundings<'_>, stdin: Stdin) -> Result<Running, SpawnFault> {
    let Some((name, arguments)) = program.argv.split_first().filter(|(name, _)| !name.is_empty()) else {
        return Err(SpawnFault::Unnamed);
    };
    let depth = std::env::var(DEPTH).ok().and_then(|depth| depth.parse().ok()).unwrap_or(0_u32);
    if depth >= DEEPEST {
        return Err(SpawnFault::Nested { depth });
    }
    let id = unique();
    let mut command = Command::new(name);
    match surroundings {
        Surroundings::Ours => {}
        Surroundings::Only(names) => {
            command.env_clear();
            let names = names.iter().map(String::as_str).chain(["PATH"]);
            command.envs(names.filter_map(|name| Some((name, std::env::var_os(name)?))));
        }
    }
    command
        .args(arguments)
        .envs(program.env)
        .env(MARK, &id)
        .env(DEPTH, (depth + 1).to_string())
        .current_dir(program.cwd)
        .stdin(match stdin {
            Stdin::Null => Stdio::null(),
            Stdin::Pipe => Stdio::piped(),
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    platform::isolate(command.as_std_mut());
    let mut child = command.spawn().map_err(|error| SpawnFault::of(&error, program))?;
    let (Some(leader), Some(stderr)) = (child.id(), child.stderr.take()) else {
        return Err(SpawnFault::NoProcess { why: "the child came without a number or without pipes".to_owned() });
    };
    Ok(Running {
        leader,
        mark: format!("{MARK}={id}"),
        stderr: Drain::spawn(stderr, Capture::new(STDERR_KEPT, STDERR_KEPT)),
        stdin: child.stdin.take(),
        stdout: child.stdout.take(),
        child,
        gone: false,
    })
}

impl Running {
    /// A value that no other child of any run has: the one in its mark.
    pub fn id(&self) -> &str {
        self.mark.split_once('=').map_or(&self.mark, |(_, id)| id)
    }

    /// What it wrote to standard error until now.
    pub fn stderr_so_far(&self) -> Capture {
        self.stderr.so_far()
    }

    /// Waits for its exit, of which it is not reaped yet: its group can still be killed by its number. Children that it
    /// left behind live on until [`Running::end`].
    pub async fn exited(&mut self) -> Option<Exit> {
        let mut bell = Bell::new();
        loop {
            match platform::peek_exit(self.leader) {
                Ok(Some(ending)) => return Some(ending.into()),
                Ok(None) => bell.ring().await,
                Err(_) => return self.child.wait().await.ok().map(|status| platform::ending(status).into()),
            }
        }
    }

    /// Closes its standard input, gives it `patience` to end by itself, then ends it with all that it started, and
    /// reaps it. Returns after `patience`, the [`GRACE`] and the time that the system takes for it.
    pub async fn end(mut self, patience: Duration) -> Ended {
        self.stdin = None;
        let mut exit = timeout(patience, self.exited()).await.ok().flatten();
        let by_itself = exit.is_some();
        if !by_itself {
            platform::terminate_group(self.leader);
            exit = timeout(GRACE, self.exited()).await.ok().flatten();
        }
        platform::kill_group(self.leader);
        let _ = self.child.start_kill();
        if let Ok(Ok(status)) = timeout(REAP, self.child.wait()).await {
            exit = exit.or_else(|| Some(platform::ending(status).into()));
            self.gone = true;
        }
        let escaped = platform::kill_marked(&self.mark, self.leader);
        self.stderr.settle(SETTLE).await;
        Ended { exit, by_itself, escaped, stderr: self.stderr.so_far() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.gone {
            return;
        }
        platform::kill_group(self.leader);
        let _ = self.child.start_kill();
        platform::kill_marked(&self.mark, self.leader);
        // A killed process is gone within microseconds; the runtime that would reap it may be gone as well.
        let until = Instant::now() + POLL;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

impl From<platform::Ending> for Exit {
    fn from(ending: platform::Ending) -> Exit {
        match ending {
            platform::Ending::Code(code) => Exit::Code(i64::from(code)),
            platform::Ending::Signal(signal) => Exit::Signal(signal),
        }
    }
}

/// Rings when a child may have ended.
struct Bell {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Bell {
    fn new() -> Bell {
        Bell {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::child()).ok(),
        }
    }

    async fn ring(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        sleep(POLL).await;
    }
}

/// A value for the mark that no other child of any run has.
fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{:x}-{count:x}", std::process::id(), since.as_nanos())
}
