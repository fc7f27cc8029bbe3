//! Measuring for a command: the runtime, the bounds of the run, and its interruption.

use std::num::NonZero;
use std::thread;

use super::progress;
use crate::config::policy::Limits;
use crate::measure::measurement::Snapshot;
use crate::measure::request::Plan;
use crate::measure::schedule::{self, Bounds, Processes, Progress};
use crate::measure::source::Sources;

/// Checks under way at once, where trueup.toml does not say.
const CONCURRENCY: usize = 64;

/// The run was interrupted (Ctrl-C, SIGTERM). What it had started is killed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interrupted;

/// Measures all of `plan`; an empty plan starts nothing. Somebody who waits at a terminal is shown how far it is.
/// `keeps_exhibits` is for whoever writes them down.
///
/// # Errors
/// [`Interrupted`], or an I/O error where the runtime cannot be set up.
pub(super) fn measure(
    plan: &Plan,
    limits: Limits,
    may_execute: bool,
    keeps_exhibits: bool,
) -> std::io::Result<Result<Snapshot, Interrupted>> {
    if plan.is_empty() {
        return Ok(Ok(nothing()));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let bounds = Bounds {
        deadline: limits.deadline,
        concurrency: limits.concurrency.unwrap_or(CONCURRENCY),
        processes: limits.processes.map_or(Processes::AtLeast(2 * processors), Processes::AtMost),
    };
    let measured = runtime.block_on(async {
        let interruption = interruption()?;
        let sources = Sources::new(may_execute)
            .keeping_exhibits(keeps_exhibits)
            .until(tokio::time::Instant::now() + limits.deadline);
        let sources = limits.per_source.into_iter().fold(sources, Sources::with_per_source);
        let progress = Progress::default();
        let snapshot = tokio::select! {
            snapshot = schedule::run_watched(plan, &sources, bounds, &progress) => Ok(snapshot),
            () = interruption => Err(Interrupted),
            never = progress::show(&progress) => match never {},
        };
        // Whatever came of it, what was started is ended and reaped before the process goes.
        sources.close().await;
        Ok(snapshot)
    });
    // A name server or a network file system that hangs keeps a thread; the run does not wait for it.
    runtime.shutdown_background();
    measured
}

/// A snapshot of nothing.
pub(super) fn nothing() -> Snapshot {
    Snapshot::empty(jiff::Timestamp::now())
}

/// Ends when the process is asked to end. The signals are caught from the call on, and not from the first poll: a check
/// that was started before that would outlive us, in a session of its own as it is.
#[cfg(unix)]
pub(super) fn interruption() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
pub(super) fn interruption() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        _ = tokio::signal::ctrl_c().await;
    })
}
