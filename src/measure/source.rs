//! Connections that the probes of one run share: each is made once, on first use, and a failure to make it is kept as well.

use super::web::client::Clients;

/// Shared connections, and what the run may do.
#[derive(Debug)]
pub struct Sources {
    may_execute: bool,
    web: Clients,
}

impl Sources {
    /// Sources without a connection yet. `may_execute` false is `--no-exec`: no check may start a program.
    pub fn new(may_execute: bool) -> Sources {
        Sources { may_execute, web: Clients::default() }
    }

    /// Whether checks may start programs.
    pub fn may_execute(&self) -> bool {
        self.may_execute
    }

    /// HTTP clients.
    pub fn web(&self) -> &Clients {
        &self.web
    }
}
