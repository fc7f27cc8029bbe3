//! Work on files, which can hang where no system call can be interrupted: a network file system that is away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::time::{Instant, timeout_at};

/// Tells work that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether to give up.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asks for the stop when it goes, however it goes.
struct AskOnDrop(Stop);

impl Drop for AskOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Does `work` on a thread where it may block. `None` where it is not done by `deadline`: it is then asked to stop, and
/// nobody waits for it.
pub async fn done_by<T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> Option<T> {
    let stop = Stop::default();
    let asked = AskOnDrop(stop.clone());
    let done = timeout_at(deadline, tokio::task::spawn_blocking(move || work(&stop))).await;
    drop(asked);
    match done {
        Ok(Ok(done)) => Some(done),
        Ok(Err(failed)) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down: nobody will ask for the answer.
            Err(_) => None,
        },
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn work_that_hangs_is_left_and_told_so() {
        let (told, was_told) = mpsc::channel();
        let deadline = Instant::now() + Duration::from_millis(50);
        let done = done_by(deadline, move |stop| {
            while !stop.is_asked() {
                std::thread::sleep(Duration::from_millis(5));
            }
            told.send(()).unwrap();
        });
        assert_eq!(done.await, None);
        was_told.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(done_by(Instant::now() + Duration::from_secs(5), |_| 7).await, Some(7));
    }
}
