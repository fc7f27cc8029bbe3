//! The body of an answer, read as far as is bearable.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use super::fault;
use crate::failure::FailureClass;
use crate::measure::reach::Down;

/// Most bytes of a body that are read, after it is unpacked, where no other limit is asked for.
pub const BODY_LIMIT: usize = 1 << 20;

/// How a body ended.
#[derive(Debug)]
pub enum End {
    /// It was read to its end.
    Whole,
    /// It is longer than the limit; the rest was not read.
    Cut,
    /// It is a stream of events, which has no end, and was not read.
    Stream,
    /// It broke off, or did not end in time.
    Broken(Down),
}

/// Reads the body of `response` up to `limit` bytes, and returns by `deadline`. `streams` says that it has no end.
///
/// A packed body is unpacked piece by piece, so that a small one that would fill the machine is cut as any other.
pub(super) async fn body(
    response: &mut Response,
    streams: bool,
    place: &str,
    limit: usize,
    deadline: Instant,
) -> (Vec<u8>, End) {
    let status = response.status().as_u16();
    if streams {
        return (Vec::new(), End::Stream);
    }
    let mut body = Vec::new();
    let end = loop {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                let room = limit - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break End::Cut;
                }
            }
            Ok(Ok(None)) => break End::Whole,
            Ok(Err(error)) => break End::Broken(fault::of_body(place, status, &error)),
            Err(_) => {
                let reason = format!("`{place}` answered {status} and did not end its body in time");
                break End::Broken(Down::misbehaves(FailureClass::NoAnswer, reason, true));
            }
        }
    };
    (body, end)
}
