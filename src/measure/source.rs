//! Connections that the probes of one run share: each is made once, on first use, and a failure to make it is kept as well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::engine::Engine;
use super::engine::address::Address;
use super::engine::resolve::{Surroundings, address_of};
use super::engine_choice::EngineChoice;
use super::evidence::Evidence;
use super::measurement::{EngineMeasurement, EngineOutcome, Unmeasured, UnmeasuredCause};
use super::once::Once;
use super::probe::http::load::Loaded;
use super::process::Finished;
use super::reach::Fault;
use super::web::Answer;
use super::web::client::Clients;

/// Checks under way at once at one source, where nobody says otherwise: enough to be quick, too few to be a burden.
const PER_SOURCE: usize = 32;

/// What was asked once in a run, for all who ask the same.
#[derive(Debug, Default)]
pub struct Shared {
    /// What programs wrote.
    pub outputs: Once<(Result<Finished, Unmeasured>, Evidence)>,
    /// Answers of HTTP servers.
    pub answers: Once<Result<Arc<Answer>, Fault>>,
    /// What came of many requests.
    pub loads: Once<Arc<Loaded>>,
}

/// Shared connections, and what the run may do.
#[derive(Debug)]
pub struct Sources {
    may_execute: bool,
    keeps_exhibits: bool,
    per_source: usize,
    engine_address: Option<Address>,
    engines: Mutex<HashMap<EngineChoice, Result<Arc<Engine>, Unmeasured>>>,
    web: Clients,
    shared: Shared,
    run_deadline: Option<Instant>,
    closings: Mutex<JoinSet<()>>,
}

impl Sources {
    /// Sources without a connection yet. `may_execute` false is `--no-exec`: no check may start a program.
    pub fn new(may_execute: bool) -> Sources {
        Sources {
            may_execute,
            keeps_exhibits: false,
            per_source: PER_SOURCE,
            engine_address: None,
            engines: Mutex::default(),
            web: Clients::default(),
            shared: Shared::default(),
            run_deadline: None,
            closings: Mutex::default(),
        }
    }

    /// The same, with the engine at `address` in place of the one that the environment means.
    #[must_use]
    pub fn with_engine(mut self, address: Address) -> Sources {
        self.engine_address = Some(address);
        self
    }

    /// The same, with another bound on the checks that are under way at once at one source: a host and port, an engine.
    #[must_use]
    pub fn with_per_source(mut self, most: usize) -> Sources {
        self.per_source = most;
        self
    }

    /// Most checks under way at once at one source.
    pub fn per_source(&self) -> usize {
        self.per_source
    }

    /// Notes when the whole run must have ended, so that a probe can tell "it did not answer within its check's
    /// timeout" (it is down) from "our run had no time left" (we could not look).
    #[must_use]
    pub fn until(mut self, run_deadline: Instant) -> Sources {
        self.run_deadline = Some(run_deadline);
        self
    }

    /// The same, with everything kept that `probe --evidence` writes down: logs, documents, transcripts.
    #[must_use]
    pub fn keeping_exhibits(mut self, kept: bool) -> Sources {
        self.keeps_exhibits = kept;
        self
    }

    /// Whether probes attach exhibits to their evidence.
    pub fn keeps_exhibits(&self) -> bool {
        self.keeps_exhibits
    }

    /// Whether checks may start programs.
    pub fn may_execute(&self) -> bool {
        self.may_execute
    }

    /// The container engine that the environment means.
    ///
    /// # Errors
    /// As [`Sources::engine_at`].
    pub fn engine(&self) -> Result<Arc<Engine>, Unmeasured> {
        self.engine_at(&EngineChoice::Environment)
    }

    /// A container engine. Everyone who asks for the same one shares it; it can be handed to what is finished later.
    ///
    /// # Errors
    /// Why there is none, in the same words for everyone who asks.
    pub fn engine_at(&self, choice: &EngineChoice) -> Result<Arc<Engine>, Unmeasured> {
        let mut engines = self.engines.lock().unwrap_or_else(PoisonError::into_inner);
        engines.entry(choice.clone()).or_insert_with(|| self.connect(choice)).clone()
    }

    /// What the engines are that were asked for something until now, by source; each is asked for it once.
    pub async fn engines(&self, deadline: Instant) -> Vec<EngineMeasurement> {
        let known: Vec<_> = self.engines.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let mut told: Vec<EngineMeasurement> = join_all(known.into_iter().map(|engine| async move {
            match engine {
                Ok(engine) => {
                    EngineMeasurement { source: engine.source().to_owned(), outcome: engine.version(deadline).await }
                }
                Err(unmeasured) => EngineMeasurement {
                    source: unmeasured.source.clone(),
                    outcome: EngineOutcome::Unmeasured(unmeasured),
                },
            }
        }))
        .await;
        told.sort_by(|a, b| a.source.cmp(&b.source));
        // Two ways to say which engine is meant can lead to the same one.
        told.dedup_by(|a, b| a.source == b.source);
        told
    }

    /// Asks for it beside the checks, where a connection of its own for that costs no program.
    pub async fn hear_of_engines(&self, deadline: Instant) {
        let known: Vec<_> = self.engines.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let cheap = known.iter().flatten().filter(|engine| !engine.starts_programs());
        join_all(cheap.map(|engine| engine.version(deadline))).await;
    }

    fn connect(&self, choice: &EngineChoice) -> Result<Arc<Engine>, Unmeasured> {
        let environment = || match &self.engine_address {
            Some(address) => Ok(address.clone()),
            None => Surroundings::of_process().address(),
        };
        let address = address_of(choice, &environment)?;
        if address.starts_programs() && !self.may_execute {
            return Err(Unmeasured {
                cause: UnmeasuredCause::NotAllowed,
                detail: format!("the way to {address} starts a program, and `--no-exec` refuses that"),
                source: address.source(),
            });
        }
        Engine::connect(&address).map(Arc::new)
    }

    /// HTTP clients.
    pub fn web(&self) -> &Clients {
        &self.web
    }

    /// Answers that several metrics and texts share.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Whether a look that ends at `deadline` is cut short by the end of the run rather than by its own timeout.
    pub fn cut_short(&self, deadline: Instant) -> bool {
        self.run_deadline.is_some_and(|end| end <= deadline)
    }

    /// Does `closing` in the background: what is left to do once a verdict is taken, as ending a server. The run waits
    /// for it in [`Sources::close`]; a run that is cancelled drops it.
    pub fn finish_later(&self, closing: impl Future<Output = ()> + Send + 'static) {
        let mut closings = self.closings.lock().unwrap_or_else(PoisonError::into_inner);
        while closings.try_join_next().is_some() {}
        closings.spawn(closing);
    }

    /// Waits for all that was to be finished later. To be called at the end of a run, after the last probe returned.
    pub async fn close(&self) {
        loop {
            let mut closings = std::mem::take(&mut *self.closings.lock().unwrap_or_else(PoisonError::into_inner));
            if closings.is_empty() {
                return;
            }
            while closings.join_next().await.is_some() {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn closing_waits_for_what_was_left_to_do() {
        let sources = Sources::new(true);
        let done = Arc::new(AtomicUsize::new(0));
        for _ in 0..3 {
            let done = Arc::clone(&done);
            sources.finish_later(async move {
                tokio::time::sleep(Duration::from_millis(10)).await;
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
        sources.close().await;
        assert_eq!(done.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn only_the_end_of_the_run_cuts_a_look_short() {
        let now = Instant::now();
        let end = now + Duration::from_secs(5);
        assert!(!Sources::new(true).cut_short(now));
        assert!(!Sources::new(true).until(end).cut_short(now));
        assert!(Sources::new(true).until(end).cut_short(end));
    }
}
