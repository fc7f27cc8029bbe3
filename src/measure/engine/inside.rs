//! An engine inside a container (Docker-in-Docker): the docker client in that container is told to pass bytes on, over the
//! engine that the container is on. No port has to be published, and no socket to be mounted.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::Engine;
use super::attach::{Attached, Command, Stdin, Stdout};
use super::dial::{Dial, DialFault, Link};
use super::message;
use super::trouble::Trouble;

/// Longest wait for the outer engine to start the client. The deadline of each look lies before it, or should.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes kept of the beginning of a client's output.
const HEAD: usize = 512;

/// Makes links by starting a docker client in `container` for each. `client` is the program and what stands before its own
/// arguments; `host` is where it is to look for the inner engine.
pub(super) fn dial(outer: Arc<Engine>, container: &str, client: &[String], host: Option<&str>) -> Dial {
    let container = container.to_owned();
    let mut argv = client.to_vec();
    if let Some(host) = host {
        argv.extend(["--host".to_owned(), host.to_owned()]);
    }
    argv.extend(["system".to_owned(), "dial-stdio".to_owned()]);
    Arc::new(move || link(Arc::clone(&outer), container.clone(), argv.clone()).boxed())
}

async fn link(outer: Arc<Engine>, container: String, argv: Vec<String>) -> Result<Link, DialFault> {
    let command = Command { argv: &argv, env: &[], folder: None };
    let attached = outer.attach(&container, &command, Instant::now() + PATIENCE).await;
    let attached = attached.map_err(|trouble| refused(trouble, &container))?;
    let (stdin, stdout, handle) = Attached::split(attached);
    let head = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&head);
    Ok(Link {
        io: Box::new(Ends { stdin, stdout, head }),
        said: Box::new(move || {
            let stderr = handle.stderr_so_far().text();
            let head = seen.lock().unwrap_or_else(PoisonError::into_inner);
            // Some engines tell as output that they could not start the client.
            if stderr.trim().is_empty() && !head.starts_with(b"HTTP/") {
                return String::from_utf8_lossy(&head).into_owned();
            }
            stderr
        }),
        fault: |said| DialFault::away(last_line(said)),
    })
}

fn refused(trouble: Trouble, container: &str) -> DialFault {
    match trouble {
        Trouble::NoSuchContainer => DialFault::away(format!("there is no container `{container}`")),
        Trouble::Refused(said) => DialFault::away(said),
        Trouble::Unmeasured(unmeasured) => DialFault { cause: unmeasured.cause, why: unmeasured.detail },
    }
}

fn last_line(said: &str) -> String {
    let line = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    message::brief(line).to_owned()
}

/// Both ends of a client in a container. When they go, the outer engine closes its standard input, and it ends.
struct Ends {
    stdin: Stdin,
    stdout: Stdout,
    /// How its output begins.
    head: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for Ends {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stdout).poll_read(cx, buf);
        let mut head = self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let new = buf.filled().get(before..).unwrap_or_default();
        let room = HEAD - head.len().min(HEAD);
        head.extend_from_slice(&new[..new.len().min(room)]);
        drop(head);
        read
    }
}

impl AsyncWrite for Ends {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        self.stdin.as_mut().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.stdin.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.stdin.as_mut().poll_shutdown(cx)
    }
}
