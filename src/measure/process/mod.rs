//! Running a child well: apart from us, never on a terminal, its output bounded, and gone when we are done with it.
//!
//! | promise | how it is kept |
//! |---|---|
//! | it cannot ask our terminal | a session of its own (`setsid`), standard input a pipe or nothing |
//! | it never blocks on a full pipe | standard output and standard error are drained always, beyond what is kept too |
//! | it cannot eat our memory | head and tail of each stream are kept, the rest is counted |
//! | it ends | input closed, a short wait, SIGTERM to the group, a short wait, SIGKILL to the group |
//! | its children end too | the group is killed after a clean exit as well, before the leader is reaped and its number is free |
//! | so do those that left the group | they carry `TRUEUP_PROBE=<id>` in their environment; what carries our id is killed |
//! | a pipe that a stranger holds open keeps nobody waiting | after the leader's end a stream is read for a bounded time only |
//! | it does not start us without end | it learns from `TRUEUP_DEPTH` how deep it is; beyond a few of us nothing is started |
//! | a cancelled run leaves nothing | dropping [`Running`] kills the group, hunts for the mark and reaps |
//!
//! What cannot be caught: a process that left the session and cleared or overwrote its environment; on systems without
//! `/proc`, any process that left the session.
//!
//! A child that cannot be started is a [`SpawnFault`], which tells a missing program from a missing `#!` interpreter, a
//! file that may not be executed, a missing folder, and a machine that has no process left to give (the one that says
//! nothing about the program).

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tokio::time::Instant;

pub mod capture;
pub mod fault;
pub mod run;
pub mod running;

pub use capture::Capture;
pub use fault::SpawnFault;
pub use run::{Finished, run, run_in};
pub use running::{Ended, Running, Stdin, Surroundings, start, start_in};

/// Name of the environment variable that marks what we start.
pub const MARK: &str = "TRUEUP_PROBE";

/// Name of the environment variable that says how many of us started each other.
pub const DEPTH: &str = "TRUEUP_DEPTH";

/// Most of us inside each other that still start a program: one that runs itself would otherwise fill the machine.
pub const DEEPEST: u32 = 4;

/// Time between SIGTERM and SIGKILL.
pub const GRACE: Duration = Duration::from_millis(200);

/// What to start.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// Program and arguments. No shell stands between.
    pub argv: &'a [String],
    /// Environment on top of ours.
    pub env: &'a BTreeMap<String, String>,
    /// Folder to start it in.
    pub cwd: &'a Path,
}

/// When to stop waiting, so that what is started can be ended and told about before `deadline`.
pub fn stop_waiting_at(deadline: Instant) -> Instant {
    let left = deadline.saturating_duration_since(Instant::now());
    deadline - (left / 10).min(GRACE + Duration::from_millis(150))
}
