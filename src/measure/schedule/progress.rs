//! How far a run is, for whoever watches.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Checks, metrics and texts of a run: how many there are, and how many are done.
#[derive(Debug, Default)]
pub struct Progress {
    planned: AtomicUsize,
    done: AtomicUsize,
}

impl Progress {
    /// How many there are; `None` while discovery is looking for them.
    pub fn planned(&self) -> Option<usize> {
        // One more than there are, so that a run of nothing is not one that has not begun.
        self.planned.load(Ordering::Relaxed).checked_sub(1)
    }

    /// How many are done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    pub(super) fn plan(&self, count: usize) {
        self.planned.store(count + 1, Ordering::Relaxed);
    }

    /// Counts `look` when it is done.
    pub(super) async fn count<T>(&self, look: impl Future<Output = T>) -> T {
        let seen = look.await;
        self.done.fetch_add(1, Ordering::Relaxed);
        seen
    }
}
