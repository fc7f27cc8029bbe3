//! One HTTP request and its answer, for probes and metrics alike.

pub mod client;
mod exchange;
mod fault;
mod names;
mod secret;

pub use exchange::{Answer, BODY_LIMIT, End, exchange};
pub(in crate::measure) use exchange::{headers, parse_url, unanswered};
pub(in crate::measure) use fault::of_body;
pub use secret::{Secrets, place_of, shown};
