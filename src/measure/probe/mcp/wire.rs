//! Lines out of a stream of bytes, and what a line is to a client that waits for an answer.

use std::borrow::Cow;

use bytes::{Buf, BytesMut};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Longest line that is kept. A list of tools can be one line of 260 kB and more.
pub const LINE_LIMIT: usize = 16 << 20;

/// Longest line that is kept when it does not begin as a message does.
const OTHER_LIMIT: usize = 64 << 10;

/// Room asked for before each read.
const CHUNK: usize = 16 * 1024;

/// Lines of a stream of bytes, each bounded.
#[derive(Debug)]
pub struct Lines<R> {
    stream: R,
    buffer: BytesMut,
    /// Bytes of the buffer that are known to hold no line break.
    scanned: usize,
    /// Bytes dropped of a line that is too long, while it goes on.
    dropped: usize,
    limit: usize,
}

/// One line, without its line ending.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// As it came.
    Whole(BytesMut),
    /// Longer than what is kept: only its length in bytes is known.
    TooLong(usize),
}

impl<R: AsyncRead + Unpin> Lines<R> {
    /// Lines of `stream` of up to `limit` bytes.
    pub fn new(stream: R, limit: usize) -> Lines<R> {
        Lines { stream, buffer: BytesMut::new(), scanned: 0, dropped: 0, limit }
    }

    /// The next line that was read already.
    pub fn next_read(&mut self) -> Option<Line> {
        match self.buffer[self.scanned..].iter().position(|&byte| byte == b'\n') {
            Some(at) => {
                let line = self.buffer.split_to(self.scanned + at);
                self.buffer.advance(1);
                self.scanned = 0;
                Some(self.finish(line))
            }
            None => {
                self.scanned = self.buffer.len();
                if self.scanned > self.limit_of_this_line() || self.dropped > 0 {
                    self.dropped += self.scanned;
                    self.buffer.clear();
                    self.scanned = 0;
                }
                None
            }
        }
    }

    /// No line that begins with anything but a brace can become a message: a flood of those is not kept.
    fn limit_of_this_line(&self) -> usize {
        match self.buffer.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => self.limit,
            Some(_) | None => self.limit.min(OTHER_LIMIT),
        }
    }

    /// What came after the last line ending, at the end of the stream.
    pub fn rest(&mut self) -> Option<Line> {
        let line = self.buffer.split();
        self.scanned = 0;
        (!line.is_empty() || self.dropped > 0).then(|| self.finish(line))
    }

    fn finish(&mut self, line: BytesMut) -> Line {
        let length = std::mem::take(&mut self.dropped) + line.len();
        if length > line.len() || length > self.limit { Line::TooLong(length) } else { Line::Whole(line) }
    }

    /// Bytes that came since the last line ending, kept or not.
    pub fn unfinished(&self) -> usize {
        self.dropped + self.buffer.len()
    }

    /// Reads more; 0 is the end of the stream. May be dropped while it waits without losing a byte.
    ///
    /// # Errors
    /// The stream's.
    pub async fn fill(&mut self) -> std::io::Result<usize> {
        self.buffer.reserve(CHUNK);
        self.stream.read_buf(&mut self.buffer).await
    }

    /// The stream, for whoever goes on reading.
    pub fn into_stream(self) -> R {
        self.stream
    }
}

/// The members of a JSON-RPC message that say what it is. What else it holds is read once it is known to be wanted.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<Cow<'a, str>>,
    #[serde(default)]
    id: Option<Value>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(default)]
    result: Option<IgnoredAny>,
    #[serde(default)]
    error: Option<Value>,
}

/// The result that an answer carries.
#[derive(Debug, Deserialize)]
pub struct Answer<T> {
    /// It.
    pub result: T,
}

/// What a line is to a client whose identifiers all begin with a prefix that nobody else uses.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// The answer to the request with this identifier.
    Answer {
        /// Our identifier.
        id: String,
        /// Why it was refused, where it was.
        error: Option<RpcError>,
    },
    /// Our own message: it carries our identifier and a method.
    Echo,
    /// The other side asks us something.
    Request {
        /// Its identifier.
        id: Value,
        /// What it asks for.
        method: String,
    },
    /// The other side tells us something.
    Notification,
    /// The other side could not make out what an error is about.
    Stray(RpcError),
    /// An answer to somebody else.
    Foreign,
    /// No message at all.
    Noise,
}

/// A JSON-RPC error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcError {
    /// Its code; 0 where it has none.
    pub code: i64,
    /// Its message, or the whole error where it has none.
    pub message: String,
}

impl RpcError {
    fn of(value: &Value) -> RpcError {
        let message = value.get("message").and_then(Value::as_str).map_or_else(|| value.to_string(), str::to_owned);
        RpcError { code: value.get("code").and_then(Value::as_i64).unwrap_or(0), message }
    }
}

impl std::fmt::Display for RpcError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "error {}: {}", self.code, self.message)
    }
}

/// What `line` is to the client whose identifiers begin with `prefix`.
pub fn hear(line: &str, prefix: &str) -> Heard {
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(line) else {
        return Heard::Noise;
    };
    let speaks = envelope.jsonrpc.as_deref() == Some("2.0");
    let error = envelope.error.as_ref().map(RpcError::of);
    match (envelope.id, envelope.method) {
        (Some(Value::String(id)), Some(_)) if id.starts_with(prefix) => Heard::Echo,
        (Some(id), Some(method)) if speaks => Heard::Request { id, method: method.into_owned() },
        (None, Some(_)) if speaks => Heard::Notification,
        (Some(Value::String(id)), None) if id.starts_with(prefix) => Heard::Answer { id, error },
        (Some(_), None) if speaks && (error.is_some() || envelope.result.is_some()) => Heard::Foreign,
        (None, None) if speaks => error.map_or(Heard::Noise, Heard::Stray),
        // Valid JSON that is no message: a log line.
        (Some(_) | None, Some(_) | None) => Heard::Noise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_line_is() {
        let error = || RpcError { code: -32601, message: "no".to_owned() };
        let answer = |error| Heard::Answer { id: "me-1".to_owned(), error };
        let cases = [
            (r#"{"jsonrpc":"2.0","id":"me-1","result":{}}"#, answer(None)),
            (r#"{"id":"me-1","result":null}"#, answer(None)),
            (r#"{"jsonrpc":"2.0","id":"me-1","error":{"code":-32601,"message":"no"}}"#, answer(Some(error()))),
            (r#"{"jsonrpc":"2.0","id":"me-1","method":"initialize","params":{}}"#, Heard::Echo),
            (
                r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
                Heard::Request { id: Value::from(7), method: "ping".to_owned() },
            ),
            (r#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#, Heard::Notification),
            (r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"no"}}"#, Heard::Stray(error())),
            (r#"{"jsonrpc":"2.0","id":"you-1","result":{}}"#, Heard::Foreign),
            (r#"{"level":"info","id":3,"method":"GET","msg":"started"}"#, Heard::Noise),
            (r#"{"level":"error","error":"boom"}"#, Heard::Noise),
            ("[]", Heard::Noise),
            ("Server running on stdio", Heard::Noise),
            (r#"{"jsonrpc":"2.0","id":"me-1","result":{}"#, Heard::Noise),
        ];
        for (line, heard) in cases {
            assert_eq!(hear(line, "me-"), heard, "{line}");
        }
    }

    #[tokio::test]
    async fn lines_come_whole_whatever_the_reads() {
        let mut lines = Lines::new(&b"one\ntwo\r\n\nlast"[..], 64);
        while lines.fill().await.unwrap() > 0 {}
        let whole = |text: &str| Some(Line::Whole(BytesMut::from(text)));
        assert_eq!(lines.next_read(), whole("one"));
        assert_eq!(lines.next_read(), whole("two\r"));
        assert_eq!(lines.next_read(), whole(""));
        assert_eq!(lines.next_read(), None);
        assert_eq!(lines.rest(), whole("last"));
        assert_eq!(lines.rest(), None);
    }

    #[tokio::test]
    async fn a_line_beyond_the_limit_is_counted_and_dropped() {
        let (mut feed, stream) = tokio::io::duplex(16);
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            feed.write_all(&[b'x'; 100]).await.unwrap();
            feed.write_all(b"\nshort\n").await.unwrap();
        });
        let mut lines = Lines::new(stream, 32);
        let mut seen = Vec::new();
        loop {
            while let Some(line) = lines.next_read() {
                seen.push(line);
            }
            assert!(lines.buffer.len() <= 48, "kept {} bytes", lines.buffer.len());
            if lines.fill().await.unwrap() == 0 {
                break;
            }
        }
        assert_eq!(seen, [Line::TooLong(100), Line::Whole(BytesMut::from("short"))]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_upsets_the_ear(line in r#"(.|[{}\[\]":,]|"id"|"method"|"jsonrpc":"2.0"){0,40}"#) {
            let heard = hear(&line, "me-");
            assert!(!matches!(heard, Heard::Answer { ref id, .. } if !id.starts_with("me-")));
        }
    }
}
