//! trueup as a server for coding agents: the Model Context Protocol over standard streams and over HTTP.
//!
//! This room speaks the protocol and knows nothing of documents and measurements: what a tool answers comes from a [`Desk`],
//! which the command hands over. Nothing here reads a file but to see where a path leads ([`confine`]).

pub mod ask;
pub mod confine;
mod http;
mod plain;
mod server;
mod stdio;
mod tools;

pub use ask::{Answer, Ask, Desk, Refusal};
pub use http::{Door, over_http};
pub use stdio::over_stdio;
