//! A stream of server-sent events, bounded.

use bytes::{Buf, BytesMut};
use reqwest::Response;

use crate::measure::probe::mcp::wire::LINE_LIMIT;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// What kind it is; `message` where it does not say.
    pub kind: String,
    /// What it carries.
    pub data: Vec<u8>,
}

/// Why there is no next event.
#[derive(Debug)]
pub enum Broken {
    /// The stream ended.
    Ended,
    /// An event without end.
    TooLong,
    /// The connection broke.
    Error(reqwest::Error),
}

/// Events out of the body of an answer.
#[derive(Debug)]
pub struct Events {
    response: Response,
    parser: Parser,
}

impl Events {
    /// The events of `response`.
    pub fn of(response: Response) -> Events {
        Events { response, parser: Parser::default() }
    }

    /// The next event. May be dropped while it waits without losing one.
    ///
    /// # Errors
    /// [`Broken`] where there will be none.
    pub async fn next(&mut self) -> Result<Event, Broken> {
        loop {
            if let Some(event) = self.parser.next() {
                return Ok(event);
            }
            if self.parser.size() > LINE_LIMIT {
                return Err(Broken::TooLong);
            }
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.parser.push(&chunk),
                Ok(None) => return Err(Broken::Ended),
                Err(error) => return Err(Broken::Error(error)),
            }
        }
    }
}

/// The grammar of events: fields a line each, a blank line ends an event. Lines end with LF or CR LF.
#[derive(Debug, Default)]
struct Parser {
    buffer: BytesMut,
    scanned: usize,
    event: Event,
}

impl Parser {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn size(&self) -> usize {
        self.buffer.len() + self.event.data.len()
    }

    fn next(&mut self) -> Option<Event> {
        while let Some(at) = self.buffer[self.scanned..].iter().position(|&byte| byte == b'\n') {
            let line = self.buffer.split_to(self.scanned + at);
            self.buffer.advance(1);
            self.scanned = 0;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
            if !line.is_empty() {
                self.field(line);
            } else if !self.event.data.is_empty() {
                let mut event = std::mem::take(&mut self.event);
                event.data.pop();
                return Some(event);
            } else {
                self.event = Event::default();
            }
        }
        self.scanned = self.buffer.len();
        None
    }

    fn field(&mut self, line: &[u8]) {
        let colon = line.iter().position(|&byte| byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default();
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &line[..colon] {
            b"data" => {
                self.event.data.extend_from_slice(value);
                self.event.data.push(b'\n');
            }
            b"event" => self.event.kind = String::from_utf8_lossy(value).into_owned(),
            // Comments, `id` and `retry`: a probe resumes nothing.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_whatever_the_reads() {
        let text = b"\xef\xbb\xbf: hello\r\n\r\nevent: endpoint\r\ndata: /messages?id=1\r\n\r\nid: 7\nretry: 1\ndata:\n\ndata: a\ndata: b\n\nevent: x\n\ndata:c\n";
        for size in 1..text.len() {
            let mut parser = Parser::default();
            let mut events = Vec::new();
            for piece in text.chunks(size) {
                parser.push(piece);
                while let Some(event) = parser.next() {
                    events.push((event.kind, String::from_utf8(event.data).unwrap()));
                }
            }
            let told = |kind: &str, data: &str| (kind.to_owned(), data.to_owned());
            assert_eq!(
                events,
                [told("endpoint", "/messages?id=1"), told("", ""), told("", "a\nb")],
                "in pieces of {size}"
            );
        }
    }
}
