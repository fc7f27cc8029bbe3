//! A JSON-RPC client over any pair of byte streams. It has one request under way at a time, notes what else it hears,
//! and never answers what is not a message: a server that logs what it reads would answer back.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::wire::{Heard, LINE_LIMIT, Line, Lines, RpcError, hear};
use crate::measure::evidence::{FACT_LIMIT, plain};

/// Lines kept of what is no message.
const NOISE_KEPT: usize = 5;

/// Bytes that are no message after which nobody waits for one any longer.
pub const FLOOD_LIMIT: u64 = 32 << 20;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// What a client heard besides answers.
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
}

/// A client.
#[derive(Debug)]
pub struct Client<R, W> {
    lines: Lines<R>,
    writer: W,
    outbox: Vec<u8>,
    prefix: String,
    count: u64,
    /// `_meta` of every request, in the revisions that want it.
    meta: Option<Value>,
    /// What it heard besides answers.
    pub heed: Heed,
}

#[derive(Deserialize)]
struct Answer<T> {
    result: T,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Client<R, W> {
    /// A client that reads from `reader` and writes to `writer`. Its identifiers begin with `prefix`, which nobody else
    /// who speaks to the same server may use.
    pub fn new(reader: R, writer: W, prefix: String) -> Client<R, W> {
        let lines = Lines::new(reader, LINE_LIMIT);
        Client { lines, writer, outbox: Vec::new(), prefix, count: 0, meta: None, heed: Heed::default() }
    }

    /// Puts `meta` into every request from now on.
    pub fn set_meta(&mut self, meta: Option<Value>) {
        self.meta = meta;
    }

    /// The two streams, for whoever goes on.
    pub fn into_streams(self) -> (R, W) {
        (self.lines.into_stream(), self.writer)
    }

    /// Tells without waiting for an answer; it is sent along with the next request.
    pub fn notify(&mut self, method: &'static str) {
        self.post(&json!({ "jsonrpc": "2.0", "method": method }));
    }

    /// Asks, and waits for the answer. May be dropped while it waits.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn request<T: DeserializeOwned>(&mut self, method: &'static str, mut params: Value) -> Result<T, Fault> {
        self.count += 1;
        let id = format!("{}{}", self.prefix, self.count);
        if let (Some(meta), Some(params)) = (&self.meta, params.as_object_mut()) {
            params.insert("_meta".to_owned(), meta.clone());
        }
        self.post(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            while let Some(line) = self.lines.next_read() {
                if let Some(answer) = self.take(line, &id, method) {
                    return answer;
                }
            }
            self.heed.unfinished = self.lines.unfinished() as u64;
            if self.heed.noise_bytes + self.heed.unfinished > FLOOD_LIMIT {
                return Err(Fault::Flood);
            }
            if self.exchange().await == 0 {
                let rest = self.lines.rest();
                return rest.and_then(|line| self.take(line, &id, method)).unwrap_or(Err(Fault::Closed));
            }
        }
    }

    /// Reads or writes whatever is possible first. 0 is the end of the stream.
    async fn exchange(&mut self) -> usize {
        tokio::select! {
            read = self.lines.fill() => read.unwrap_or(0),
            wrote = self.writer.write(&self.outbox), if !self.outbox.is_empty() => {
                match wrote {
                    Ok(count @ 1..) => drop(self.outbox.drain(..count)),
                    // It reads no more. What it still has to say, and its exit, tell why.
                    Ok(0) | Err(_) => self.outbox.clear(),
                }
                1
            }
        }
    }

    fn post(&mut self, message: &Value) {
        self.outbox.extend_from_slice(message.to_string().as_bytes());
        self.outbox.push(b'\n');
    }

    /// Looks at one line. `Some` is the answer to the request `id`.
    fn take<T: DeserializeOwned>(&mut self, line: Line, id: &str, method: &'static str) -> Option<Result<T, Fault>> {
        let bytes = match line {
            Line::Whole(bytes) => bytes,
            Line::TooLong(length) => {
                self.note_noise(&format!("a line of {length} bytes"), length);
                return None;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        self.heed.invalid_utf8 |= matches!(text, std::borrow::Cow::Owned(_));
        let text = text.trim();
        if text.is_empty() {
            // Blank lines disturb nobody, but a flood of them is one all the same.
            self.heed.noise_bytes += bytes.len() as u64 + 1;
            return None;
        }
        match hear(text, &self.prefix) {
            Heard::Answer { id: answered, error } if answered == id => {
                return Some(match error {
                    Some(error) => Err(Fault::Refused { method, error }),
                    None => serde_json::from_str::<Answer<T>>(text)
                        .map(|answer| answer.result)
                        .map_err(|error| Fault::Shape { method, why: error.to_string() }),
                });
            }
            // Too late: nobody waits for it any longer.
            Heard::Answer { .. } => {}
            Heard::Echo => self.heed.echo = true,
            Heard::Request { id, method } => self.reply(&id, &method),
            Heard::Notification => {}
            Heard::Stray(error) => self.heed.stray = Some(error),
            Heard::Foreign => self.heed.foreign += 1,
            Heard::Noise => self.note_noise(text, bytes.len()),
        }
        None
    }

    /// What every client can say: it is there, and it offers nothing.
    fn reply(&mut self, id: &Value, method: &str) {
        // A server that asks and asks, and does not read, must not fill our memory.
        if self.outbox.len() > LINE_LIMIT {
            return;
        }
        self.post(&match method {
            "ping" => json!({ "jsonrpc": "2.0", "id": id, "result": {} }),
            _ => json!({ "jsonrpc": "2.0", "id": id, "error": { "code": -32601, "message": "not offered" } }),
        });
    }

    fn note_noise(&mut self, text: &str, bytes: usize) {
        self.heed.noise_lines += 1;
        self.heed.noise_bytes += bytes as u64 + 1;
        if self.heed.noise.len() < NOISE_KEPT {
            self.heed.noise.push(plain(text, FACT_LIMIT));
        }
    }
}
