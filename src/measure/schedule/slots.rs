//! Permits for what is under way: in all, at one source, and as programs.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio::time::error::Elapsed;

use super::{Bounds, Clock, Processes};
use crate::platform::load::has_idle_processor;

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

    /// Adds slots for programs while some wait for one and a processor is idle.
    pub async fn widen(&self, processes: Processes) -> Infallible {
        let Processes::AtLeast(step) = processes else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(WIDEN).await;
            if self.processes.available_permits() == 0 && has_idle_processor() == Some(true) {
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
