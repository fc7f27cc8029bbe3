//! Waiting for the next run, and for signals.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep};

/// Why waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// The time has come.
    Due,
    /// trueup.toml is to be read again (SIGHUP).
    Reload,
    /// The process is to end (SIGTERM, SIGINT).
    Stop,
}

/// Longest sleep in one piece: a machine that slept itself, or whose clock was set, is noticed after it.
const PIECE: Duration = Duration::from_secs(30);

/// Shortest: a signal that came during a run is seen in it.
const MOMENT: Duration = Duration::from_millis(5);

/// Somebody who waits. Signals are caught from its making on, also while nobody waits.
#[derive(Debug)]
pub(super) struct Waiting {
    runtime: Runtime,
    signals: Signals,
}

impl Waiting {
    /// Begins to listen for signals.
    ///
    /// # Errors
    /// Where the runtime cannot be set up.
    pub(super) fn new() -> io::Result<Waiting> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            Signals::new()?
        };
        Ok(Waiting { runtime, signals })
    }

    /// Waits until `due` by the clock, however that is set meanwhile: never longer than it is away now.
    pub(super) fn until(&mut self, due: Timestamp) -> Woken {
        let away = Duration::try_from(due.duration_since(Timestamp::now())).unwrap_or_default();
        let signals = &mut self.signals;
        self.runtime.block_on(async {
            let end = Instant::now() + away;
            loop {
                let left = end.saturating_duration_since(Instant::now());
                tokio::select! {
                    biased;
                    woken = signals.next() => return woken,
                    () = sleep(left.clamp(MOMENT, PIECE)) => {}
                }
                if Timestamp::now() >= due || Instant::now() >= end {
                    return Woken::Due;
                }
            }
        })
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Woken {
        tokio::select! {
            biased;
            _ = self.interrupt.recv() => Woken::Stop,
            _ = self.terminate.recv() => Woken::Stop,
            _ = self.hangup.recv() => Woken::Reload,
        }
    }
}

#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Signals> {
        Ok(Signals)
    }

    async fn next(&mut self) -> Woken {
        _ = tokio::signal::ctrl_c().await;
        Woken::Stop
    }
}
