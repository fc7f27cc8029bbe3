//! A JSON-RPC client over any pair of byte streams. It has one request under way at a time, notes what else it hears,
//! and never answers what is not a message: a server that logs what it reads would answer back.

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use super::ear::{Call, Ear, notification, request};
use super::peer::{Fault, Heed, Peer};
use super::transcript::Transcript;
use super::wire::{LINE_LIMIT, Line, Lines};

/// Bytes that are no message after which nobody waits for one any longer.
pub const FLOOD_LIMIT: u64 = 32 << 20;

/// A client.
#[derive(Debug)]
pub struct Client<R, W> {
    lines: Lines<R>,
    writer: W,
    outbox: Vec<u8>,
    ear: Ear,
    /// `_meta` of every request, in the revisions that want it.
    meta: Option<Value>,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Peer for Client<R, W> {
    async fn request<T: DeserializeOwned>(&mut self, method: &'static str, params: Value) -> Result<T, Fault> {
        let id = self.ear.fresh_id();
        let message = request(&id, method, params, self.meta.as_ref());
        self.post(&message);
        loop {
            while let Some(line) = self.lines.next_read() {
                if let Some(answer) = self.take(line, &id, method) {
                    return answer;
                }
            }
            let heed = &mut self.ear.heed;
            heed.unfinished = self.lines.unfinished() as u64;
            if heed.noise_bytes + heed.unfinished > FLOOD_LIMIT {
                return Err(Fault::Flood);
            }
            if self.exchange().await == 0 {
                let rest = self.lines.rest();
                return rest.and_then(|line| self.take(line, &id, method)).unwrap_or(Err(Fault::Closed));
            }
        }
    }

    fn notify(&mut self, method: &'static str) {
        self.post(&notification(method));
    }

    fn speak(&mut self, _revision: &str, meta: Option<Value>) {
        self.meta = meta;
    }
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Client<R, W> {
    /// A client that reads from `reader` and writes to `writer`. Its identifiers begin with `prefix`, which nobody else
    /// who speaks to the same server may use.
    pub fn new(reader: R, writer: W, prefix: String) -> Client<R, W> {
        let lines = Lines::new(reader, LINE_LIMIT);
        Client { lines, writer, outbox: Vec::new(), ear: Ear::new(prefix), meta: None }
    }

    /// Keeps what is said from now on, if `kept`.
    #[must_use]
    pub fn transcribing(mut self, kept: bool) -> Client<R, W> {
        self.ear.heed.transcript = Transcript::new(kept);
        self
    }

    /// What it heard besides answers.
    pub fn heed(&self) -> &Heed {
        &self.ear.heed
    }

    /// The two streams, for whoever goes on.
    pub fn into_streams(self) -> (R, W) {
        (self.lines.into_stream(), self.writer)
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
        let message = message.to_string();
        self.ear.heed.transcript.sent(&message);
        self.outbox.extend_from_slice(message.as_bytes());
        self.outbox.push(b'\n');
    }

    /// Looks at one line. `Some` is the answer to the request `id`.
    fn take<T: DeserializeOwned>(&mut self, line: Line, id: &str, method: &'static str) -> Option<Result<T, Fault>> {
        let bytes = match line {
            Line::Whole(bytes) => bytes,
            Line::TooLong(length) => {
                self.ear.note_noise(&format!("a line of {length} bytes"), length);
                return None;
            }
        };
        match self.ear.take(&bytes, id, method) {
            Call::Answer(answer) => return Some(answer),
            // A server that asks and asks, and does not read, must not fill our memory.
            Call::Reply(reply) if self.outbox.len() <= LINE_LIMIT => self.post(&reply),
            Call::Reply(_) | Call::Nothing => {}
        }
        None
    }
}
