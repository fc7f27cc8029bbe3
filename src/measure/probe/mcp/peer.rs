//! The other side of a conversation, whatever lies between: what can be asked of it, and why there is no answer.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::transcript::Transcript;
use super::wire::RpcError;
use crate::measure::reach;

/// A server that can be asked.
pub trait Peer {
    /// Asks, and waits for the answer. May be dropped while it waits.
    ///
    /// # Errors
    /// [`Fault`].
    fn request<T: DeserializeOwned>(
        &mut self,
        method: &'static str,
        params: Value,
    ) -> impl Future<Output = Result<T, Fault>>;

    /// Tells without waiting for an answer; it is sent along with the next request.
    fn notify(&mut self, method: &'static str);

    /// Notes the revision that both speak from now on. `meta` goes into every request, in the revisions that want it.
    fn speak(&mut self, revision: &str, meta: Option<Value>);
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The stream ended.
    Closed,
    /// It writes and writes, and none of it is a message.
    Flood,
    /// A JSON-RPC error.
    Refused {
        /// What was asked.
        method: &'static str,
        /// The error.
        error: RpcError,
    },
    /// An answer that lacks what it must have.
    Shape {
        /// What was asked.
        method: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// It refused `initialize` and was gone when it was asked in the newer way.
    GoneAfterRefusal {
        /// The refusal.
        error: RpcError,
    },
    /// What lies between failed, or is no MCP server at all.
    Web(reach::Fault),
}

/// What was heard besides answers.
#[derive(Clone, Debug, Default)]
pub struct Heed {
    /// First lines that are no message.
    pub noise: Vec<String>,
    /// Lines that are no message.
    pub noise_lines: u64,
    /// Their bytes.
    pub noise_bytes: u64,
    /// Bytes of a line that has not ended yet.
    pub unfinished: u64,
    /// Whether our own messages came back.
    pub echo: bool,
    /// Whether there was a line that is no UTF-8.
    pub invalid_utf8: bool,
    /// Answers to somebody else.
    pub foreign: u64,
    /// The last error that names no request.
    pub stray: Option<RpcError>,
    /// What was said, both ways, where it is kept.
    pub transcript: Transcript,
}
