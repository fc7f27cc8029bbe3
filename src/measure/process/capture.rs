//! What is kept of a stream: its head, its tail, and how much there was.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinHandle;

/// Bytes of one read.
const CHUNK: usize = 16 * 1024;

/// The first and last bytes of a stream.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    head_limit: usize,
    tail_limit: usize,
    total: u64,
}

impl Capture {
    /// Keeps the first `head_limit` and the last `tail_limit` bytes of what will come.
    pub fn new(head_limit: usize, tail_limit: usize) -> Capture {
        Capture { head_limit, tail_limit, ..Capture::default() }
    }

    /// Takes what came.
    pub fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let (head, rest) = bytes.split_at(bytes.len().min(self.head_limit - self.head.len()));
        self.head.extend_from_slice(head);
        let rest = &rest[rest.len().saturating_sub(self.tail_limit)..];
        let surplus = (self.tail.len() + rest.len()).saturating_sub(self.tail_limit);
        self.tail.drain(..surplus);
        self.tail.extend(rest);
    }

    /// Bytes that came, kept or not.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Bytes that came and were not kept.
    pub fn left_out(&self) -> u64 {
        self.total - (self.head.len() + self.tail.len()) as u64
    }

    /// What was kept. A gap is a line of its own.
    pub fn text(&self) -> String {
        let mut bytes = self.head.clone();
        if self.left_out() > 0 {
            bytes.extend_from_slice(format!("\n… {} bytes left out …\n", self.left_out()).as_bytes());
        }
        bytes.extend(&self.tail);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A stream that is read to its end in the background.
#[derive(Debug)]
pub struct Drain {
    capture: Arc<Mutex<Capture>>,
    task: JoinHandle<()>,
}

impl Drain {
    /// Starts to read `stream` into `capture`.
    pub fn spawn(mut stream: impl AsyncRead + Unpin + Send + 'static, capture: Capture) -> Drain {
        let capture = Arc::new(Mutex::new(capture));
        let sink = Arc::clone(&capture);
        let task = tokio::spawn(async move {
            let mut chunk = vec![0; CHUNK];
            while let Ok(count @ 1..) = stream.read(&mut chunk).await {
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(&chunk[..count]);
            }
        });
        Drain { capture, task }
    }

    /// What came until now.
    pub fn so_far(&self) -> Capture {
        self.capture.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the end of the stream, for `patience` at most.
    pub async fn settle(&mut self, patience: Duration) {
        if !self.task.is_finished() {
            let _ = tokio::time::timeout(patience, &mut self.task).await;
        }
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_tail_stay_and_the_gap_is_counted() {
        let mut capture = Capture::new(4, 4);
        for piece in ["ab", "cdef", "ghijklmnop", "q"] {
            capture.push(piece.as_bytes());
        }
        assert_eq!(capture.total(), 17);
        assert_eq!(capture.left_out(), 9);
        assert_eq!(capture.text(), "abcd\n… 9 bytes left out …\nnopq");
    }

    #[test]
    fn a_short_stream_is_whole() {
        let mut capture = Capture::new(4, 4);
        capture.push(b"abcdefg");
        assert_eq!((capture.text().as_str(), capture.left_out()), ("abcdefg", 0));
        let mut headless = Capture::new(0, 3);
        headless.push(b"abcdefg");
        assert!(headless.text().ends_with("efg"));
    }
}
