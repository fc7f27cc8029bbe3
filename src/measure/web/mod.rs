//! HTTP requests and their answers, for probes and metrics alike.

mod body;
pub mod certificate;
pub mod client;
mod exchange;
mod fault;
mod headers;
mod names;
mod redirect;
mod secret;
pub mod trust;

pub use body::{BODY_LIMIT, End};
pub use exchange::{Answer, exchange, exchange_once, exchange_up_to};
pub(in crate::measure) use exchange::{parse_url, unanswered};
pub(in crate::measure) use fault::of_body;
pub(in crate::measure) use headers::written;
pub use secret::{Secrets, place_of, shown};
