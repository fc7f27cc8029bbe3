//! Connections that the probes of one run share: each is made once, on first use, and a failure to make it is kept as well.

use std::sync::OnceLock;

use super::engine::Engine;
use super::engine::address::Address;
use super::measurement::Unmeasured;

/// Shared connections, and what the run may do.
#[derive(Debug)]
pub struct Sources {
    may_execute: bool,
    engine_address: Option<Address>,
    engine: OnceLock<Result<Engine, Unmeasured>>,
}

impl Sources {
    /// Sources without a connection yet. `may_execute` false is `--no-exec`: no check may start a program.
    pub fn new(may_execute: bool) -> Sources {
        Sources { may_execute, engine_address: None, engine: OnceLock::new() }
    }

    /// The same, with the engine at `address` in place of the one that `DOCKER_HOST` names.
    #[must_use]
    pub fn with_engine(mut self, address: Address) -> Sources {
        self.engine_address = Some(address);
        self
    }

    /// Whether checks may start programs.
    pub fn may_execute(&self) -> bool {
        self.may_execute
    }

    /// The container engine.
    ///
    /// # Errors
    /// Why there is none, in the same words for everyone who asks.
    pub fn engine(&self) -> Result<&Engine, Unmeasured> {
        let connect = || {
            let address = match &self.engine_address {
                Some(address) => address.clone(),
                None => Address::from_environment()?,
            };
            Engine::connect(&address)
        };
        self.engine.get_or_init(connect).as_ref().map_err(Clone::clone)
    }
}
