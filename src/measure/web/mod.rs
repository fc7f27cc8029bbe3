//! One HTTP request and its answer, for probes and metrics alike.

pub mod client;
mod exchange;
mod fault;
mod names;
mod secret;

pub use exchange::{Answer, BODY_LIMIT, End, exchange};
pub use secret::{Secrets, place_of, shown};
