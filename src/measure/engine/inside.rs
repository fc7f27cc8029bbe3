//! An engine inside a container (Docker-in-Docker): the docker client in that container is told to pass bytes on, over the
//! engine that the container is on. No port has to be published, and no socket to be mounted.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::Engine;
use super::attach::{Attached, Command, Stdin, Stdout};
use super::dial::{Dial, DialFault, Link};
use super::trouble::Trouble;

/// Longest wait for the outer engine to start the client. The deadline of each look lies before it, or should.
const PATIENCE: Duration = Duration::from_secs(30);

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
    Ok(Link {
        io: Box::new(Ends { stdin, stdout }),
        said: Box::new(move || handle.stderr_so_far().text()),
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
    said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

/// Both ends of a client in a container. When they go, the outer engine closes its standard input, and it ends.
struct Ends {
    stdin: Stdin,
    stdout: Stdout,
}

impl AsyncRead for Ends {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(cx, buf)
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
