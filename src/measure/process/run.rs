//! Running a program to its end and keeping what it wrote.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::capture::{Capture, Drain};
use super::running::{Ended, Stdin, Surroundings, start_in};
use super::{Program, SpawnFault};
use crate::measure::classify::Exit;

/// Longest wait for the rest of standard output after the program's end.
const SETTLE: Duration = Duration::from_millis(100);

/// What came of a program.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How it ended; `None` where the time was up first and it was killed.
    pub exit: Option<Exit>,
    /// What it wrote to standard output.
    pub stdout: Capture,
    /// What it wrote to standard error.
    pub stderr: Capture,
    /// Processes that had left its group, and were found by their mark and killed.
    pub escaped: usize,
}

/// Runs `program` without input until it ends, but not beyond `until`, and keeps the first `stdout_limit` bytes that it
/// writes; the rest is read and counted. Whatever it started is gone when this returns, at most half a second later.
///
/// # Errors
/// [`SpawnFault`] where it could not be started.
pub async fn run(program: &Program<'_>, stdout_limit: usize, until: Instant) -> Result<Finished, SpawnFault> {
    run_in(program, Surroundings::Ours, stdout_limit, until).await
}

/// The same, in these surroundings.
///
/// # Errors
/// As [`run`].
pub async fn run_in(
    program: &Program<'_>,
    surroundings: Surroundings<'_>,
    stdout_limit: usize,
    until: Instant,
) -> Result<Finished, SpawnFault> {
    let mut running = start_in(program, surroundings, Stdin::Null)?;
    let mut stdout = running.stdout.take().map(|stream| Drain::spawn(stream, Capture::new(stdout_limit, 0)));
    let exit = timeout_at(until, running.exited()).await.ok().flatten();
    let Ended { escaped, stderr, .. } = running.end(Duration::ZERO).await;
    if let Some(stdout) = &mut stdout {
        stdout.settle(SETTLE).await;
    }
    let stdout = stdout.map(|stdout| stdout.so_far()).unwrap_or_default();
    Ok(Finished { exit, stdout, stderr, escaped })
}
