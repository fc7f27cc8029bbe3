//! Permits for what is under way: in all, at one source, and as programs.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::error::Elapsed;

use super::{Bounds, Clock, Processes};

/// How often to look whether more programs can be started.
const WIDEN: Duration = Duration::from_millis(10);

/// Permits for what is under way.
pub(super) struct Slots {
    all: Semaphore,
    processes: Semaphore,
    per_source: usize,
    sources: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// What is under way, until it is dropped.
pub(super) struct Slot<'a> {
    _process: Option<SemaphorePermit<'a>>,
    _source: Option<OwnedSemaphorePermit>,
    _any: Option<SemaphorePermit<'a>>,
}

impl Slots {
    /// As many as `bounds` allow, and `per_source` at each source.
    pub fn new(bounds: Bounds, per_source: usize) -> Slots {
        let (Processes::AtMost(processes) | Processes::AtLeast(processes)) = bounds.processes;
        Slots {
            all: Semaphore::new(bounds.concurrency.max(1)),
            processes: Semaphore::new(processes.max(1)),
            per_source: per_source.max(1),
            sources: Mutex::default(),
        }
    }

    /// Adds slots for programs while some wait for one and a processor `is_idle`.
    pub async fn widen(&self, processes: Processes, is_idle: impl Fn() -> bool) -> Infallible {
        let Processes::AtLeast(step) = processes else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(WIDEN).await;
            if self.processes.available_permits() == 0 && is_idle() {
                self.processes.add_permits(step.max(1));
            }
        }
    }

    /// Waits for a slot, until the run ends. `executes`: one for what starts a program. `source`: whom it asks.
    ///
    /// The slot among all comes last, so that what waits for a busy source keeps none from what could begin.
    pub async fn take(&self, executes: bool, source: Option<String>, clock: Clock) -> Result<Slot<'_>, Elapsed> {
        let slot = async {
            let process = if executes { self.processes.acquire().await.ok() } else { None };
            let source = match source {
                Some(source) => self.at(source).acquire_owned().await.ok(),
                None => None,
            };
            Slot { _process: process, _source: source, _any: self.all.acquire().await.ok() }
        };
        tokio::time::timeout_at(clock.end, slot).await
    }

    fn at(&self, source: String) -> Arc<Semaphore> {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sources.entry(source).or_insert_with(|| Arc::new(Semaphore::new(self.per_source))))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use tokio::time::Instant;

    use super::*;

    const BOUNDS: Bounds = Bounds { deadline: Duration::MAX, concurrency: 9, processes: Processes::AtLeast(1) };

    #[tokio::test]
    async fn programs_wait_for_each_other_only_while_the_processors_are_busy() {
        let (slots, idle) = (Slots::new(BOUNDS, 9), AtomicBool::new(false));
        let taking = async |patience: u64| {
            let whole = Duration::from_millis(patience);
            let clock = Clock { end: Instant::now() + whole, whole };
            slots.take(true, None, clock).await
        };
        let test = async {
            let _first = taking(5_000).await.expect("one may always be under way");
            assert!(taking(100).await.is_err(), "a second one began beside busy processors");
            idle.store(true, Ordering::Relaxed);
            let _second = taking(5_000).await.expect("a processor is idle");
            let _third = taking(5_000).await.expect("a processor is idle");
        };
        tokio::select! {
            () = test => {}
            never = slots.widen(BOUNDS.processes, || idle.load(Ordering::Relaxed)) => match never {},
        }
    }
}
