//! HTTP over links that cost something: a TLS handshake, an `ssh`, a program in another container. They are kept and used
//! again, and there are few of them, for a server takes few of us at once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bollard::errors::Error;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, sleep};

use super::dial::{Dial, DialFault, Link};

/// Most links at once.
const LINKS: usize = 4;

/// How often to look whether a link is free.
const POLL: Duration = Duration::from_millis(2);

/// How long a carrier is silent that has said all.
const PAUSE: Duration = Duration::from_millis(50);

/// Longest wait for the words of whoever carried a link that broke.
const WORDS: Duration = Duration::from_millis(400);

/// A link, and how its carrier speaks beside it.
struct Kept<B> {
    sender: SendRequest<B>,
    said: Box<dyn Fn() -> String + Send + Sync>,
    fault: fn(&str) -> DialFault,
}

/// Links that were made.
struct Pool<B> {
    dial: Dial,
    /// Those that no request is being sent over. One whose answer is still being read is here and not ready.
    idle: Mutex<Vec<Kept<B>>>,
    /// Those that are taken out or being made.
    busy: Mutex<usize>,
}

/// What the library calls for each request, over links that `dial` makes.
pub(super) fn over<B>(
    dial: Dial,
) -> impl Fn(Request<B>) -> BoxFuture<'static, Result<Response<Incoming>, Error>> + Send + Sync
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let pool = Arc::new(Pool { dial, idle: Mutex::default(), busy: Mutex::new(0) });
    move |request| Arc::clone(&pool).send(request).boxed()
}

impl<B> Pool<B>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    async fn send(self: Arc<Self>, mut request: Request<B>) -> Result<Response<Incoming>, Error> {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let origin: Uri = path.parse().map_err(|error| std::io::Error::other(format!("no usable path: {error}")))?;
        *request.uri_mut() = origin;
        request.headers_mut().insert(HOST, HeaderValue::from_static("docker"));
        let (mut kept, busy) = self.link().await?;
        let answer = kept.sender.send_request(request).await;
        match answer {
            Ok(response) => {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
                drop(busy);
                Ok(response)
            }
            Err(error) => Err(words(&kept).await.unwrap_or_else(|| error.into())),
        }
    }

    /// A link that is ready: a kept one, else a new one where there may be another.
    async fn link(self: &Arc<Self>) -> Result<(Kept<B>, Busy<B>), Error> {
        loop {
            let free = {
                let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
                let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
                // One that was upgraded belongs to whoever reads it, and does not count any more.
                idle.retain(|kept| !kept.sender.is_closed());
                let ready = idle.iter().position(|kept| kept.sender.is_ready()).map(|at| idle.swap_remove(at));
                let may_dial = ready.is_none() && idle.len() + *busy < LINKS;
                if ready.is_some() || may_dial {
                    *busy += 1;
                    Some((ready, Busy(Arc::clone(self))))
                } else {
                    None
                }
            };
            match free {
                Some((Some(kept), busy)) => return Ok((kept, busy)),
                Some((None, busy)) => return Ok((self.make().await?, busy)),
                None => sleep(POLL).await,
            }
        }
    }

    async fn make(&self) -> Result<Kept<B>, Error> {
        let Link { io, said, fault } = (self.dial)().await.map_err(DialFault::into_error)?;
        let (sender, connection) = http1::handshake(TokioIo::new(io)).await?;
        // It ends with the link, and the link ends when nobody holds the sender: with the engine, or with the run.
        tokio::spawn(connection.with_upgrades().map(drop));
        Ok(Kept { sender, said, fault })
    }
}

/// Counts a link that is taken out, until it is dropped.
struct Busy<B>(Arc<Pool<B>>);

impl<B> Drop for Busy<B> {
    fn drop(&mut self) {
        *self.0.busy.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }
}

/// What the carrier of a broken link says about that, if it says something soon. It may take more than one line for it.
async fn words<B>(kept: &Kept<B>) -> Option<Error> {
    let until = Instant::now() + WORDS;
    let mut before = String::new();
    loop {
        let text = (kept.said)();
        let speaks = !text.trim().is_empty();
        if speaks && (text == before || Instant::now() >= until) {
            return Some((kept.fault)(&text).into_error());
        }
        if Instant::now() >= until {
            return None;
        }
        before = text;
        sleep(PAUSE).await;
    }
}
