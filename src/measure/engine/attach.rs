//! A program inside a container with both ends of its standard input and output: what a protocol over stdio needs.
//!
//! ```text
//! let mut program = engine.attach("web", &Command { argv: &argv, env: &[], folder: None }, deadline).await?;
//! program.stdin.write_all(b"ping\n").await?;         // an AsyncWrite
//! program.stdout.read(&mut buffer).await?;           // an AsyncRead: standard output alone
//! program.stderr_so_far();                           // the ends of standard error, as far as stdout was read
//! let end = engine.finish(program, patience, deadline).await;
//! ```
//!
//! `stdin` and `stdout` are two fields, so they can be moved out (`program.split()`) to two tasks. Standard error comes on
//! the same stream as standard output and is kept while that is read: whoever reads nothing learns nothing, and a program
//! that writes much then waits. Closing `stdin` (dropping it does not: the engine keeps it open until [`Attached::close`]
//! or [`Engine::finish`]) is the end of file that the program sees.
//!
//! Dropping an [`Attached`] ends the connection, which engines take as the end of the program's standard input, and nothing
//! more: a program that goes on without input goes on in the container. [`Engine::finish`] kills what bears the program's
//! mark and says whether it is known to be gone. For work after a verdict, hand an `Arc<Engine>` (see
//! [`Sources::engine_at`](crate::measure::source::Sources::engine_at)) and the program to `Sources::finish_later`.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bytes::{Buf, Bytes};
use futures_util::Stream;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, timeout_at};

use super::exec::fresh_mark;
use super::trouble::{self, Trouble};
use super::{Engine, can_be_name};
use crate::measure::process::Capture;

/// Bytes kept of the beginning and of the end of standard error, each.
const STDERR_KEPT: usize = 4096;

/// A program to run inside a container.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// Program and arguments. No shell stands between.
    pub argv: &'a [String],
    /// `NAME=value` on top of the container's environment. Values never appear in output.
    pub env: &'a [String],
    /// Folder to start it in; that of the container where none is given.
    pub folder: Option<&'a str>,
}

/// Where to write: the program's standard input.
pub type Stdin = Pin<Box<dyn AsyncWrite + Send>>;

/// A program inside a container that was started and is spoken to.
pub struct Attached {
    /// Where to write.
    pub stdin: Stdin,
    /// Where to read.
    pub stdout: Stdout,
    handle: Handle,
}

/// What is left of an [`Attached`] whose ends are elsewhere: enough to end it.
#[derive(Clone, Debug)]
pub struct Handle {
    container: String,
    id: String,
    mark: String,
    stderr: Arc<Mutex<Capture>>,
}

/// How a program inside a container ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Its exit code, where it ended by itself.
    pub code: Option<i64>,
    /// Whether it is known to be gone.
    pub gone: bool,
}

impl Attached {
    /// The two ends, and what ends the program.
    pub fn split(self) -> (Stdin, Stdout, Handle) {
        (self.stdin, self.stdout, self.handle)
    }

    /// The ends of standard error, as far as standard output was read.
    pub fn stderr_so_far(&self) -> Capture {
        self.handle.stderr_so_far()
    }

    /// Closes its standard input: it reads the end of file.
    ///
    /// # Errors
    /// Where the connection is gone; then it has read that already.
    pub async fn close(&mut self) -> io::Result<()> {
        self.stdin.shutdown().await
    }
}

impl Handle {
    /// The ends of standard error, as far as standard output was read.
    pub fn stderr_so_far(&self) -> Capture {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Engine {
    /// Starts a program in a running container and gives the ends of its standard input and output.
    ///
    /// # Errors
    /// As [`Engine::exec`]. Some engines tell a program that does not exist only as output, and exit code 126 or 127.
    pub async fn attach(&self, container: &str, command: &Command<'_>, deadline: Instant) -> Result<Attached, Trouble> {
        if !can_be_name(container) {
            return Err(Trouble::NoSuchContainer);
        }
        let mark = fresh_mark();
        let options = CreateExecOptions {
            attach_stdin: Some(true),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            env: Some(command.env.iter().cloned().chain([mark.clone()]).collect()),
            cmd: Some(command.argv.to_vec()),
            working_dir: command.folder.map(str::to_owned),
            ..CreateExecOptions::default()
        };
        let id = self.ask(deadline, self.docker.create_exec(container, options)).await?.id;
        let started = self.ask(deadline, self.docker.start_exec(&id, None::<StartExecOptions>)).await?;
        let StartExecResults::Attached { output, input } = started else {
            return Err(self.unreadable("a program that it did not attach to"));
        };
        let stderr = Arc::new(Mutex::new(Capture::new(STDERR_KEPT, STDERR_KEPT)));
        let stdout = Stdout { pieces: output, left: Bytes::new(), stderr: Arc::clone(&stderr) };
        let handle = Handle { container: container.to_owned(), id, mark, stderr };
        Ok(Attached { stdin: input, stdout, handle })
    }

    /// Closes the program's standard input, reads on for up to `patience` until it ends by itself, then kills what bears
    /// its mark. Returns by `deadline`.
    pub async fn finish(&self, program: Attached, patience: Duration, deadline: Instant) -> End {
        let (stdin, mut stdout, handle) = program.split();
        let until = deadline.min(Instant::now() + patience);
        let rest = async {
            let mut stdin = stdin;
            let _ = stdin.shutdown().await;
            // What it still writes must not keep it from ending.
            let _ = tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await;
        };
        let _ = timeout_at(until, rest).await;
        self.end(&handle, until, deadline).await
    }

    /// Waits until `until` for the end of a program whose ends are elsewhere, then kills what bears its mark. Returns by
    /// `deadline`.
    pub async fn end(&self, handle: &Handle, until: Instant, deadline: Instant) -> End {
        match self.exit_code(&handle.id, until).await {
            Ok(Some(code)) => End { code: Some(code), gone: true },
            Ok(None) | Err(_) => {
                End { code: None, gone: self.kill(&handle.container, &handle.id, &handle.mark, deadline).await }
            }
        }
    }

    /// Kills what bears the program's mark: itself, and what it started and left behind. Returns by `deadline`.
    pub async fn sweep(&self, handle: &Handle, deadline: Instant) {
        self.kill(&handle.container, &handle.id, &handle.mark, deadline).await;
    }

    /// The exit code of a program that has ended; `None` while it runs.
    ///
    /// # Errors
    /// [`Trouble`] where the engine does not say.
    pub async fn ended(&self, handle: &Handle, deadline: Instant) -> Result<Option<i64>, Trouble> {
        let inspect =
            self.ask(deadline, self.docker.inspect_exec(&handle.id)).await.map_err(|trouble| match trouble {
                // An engine that knows nothing of the program any more has lost its container.
                Trouble::NoSuchContainer => trouble::timed_out(self.source()),
                other => other,
            })?;
        Ok(inspect.exit_code.filter(|_| inspect.running == Some(false)))
    }
}

/// Standard output of a program inside a container.
pub struct Stdout {
    pieces: Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>,
    left: Bytes,
    stderr: Arc<Mutex<Capture>>,
}

impl AsyncRead for Stdout {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.left.is_empty() {
            match ready!(this.pieces.as_mut().poll_next(cx)) {
                None => return Poll::Ready(Ok(())),
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                Some(Ok(LogOutput::StdErr { message })) => {
                    this.stderr.lock().unwrap_or_else(PoisonError::into_inner).push(&message);
                }
                Some(Ok(
                    LogOutput::StdOut { message } | LogOutput::StdIn { message } | LogOutput::Console { message },
                )) => this.left = message,
            }
        }
        let count = this.left.len().min(buffer.remaining());
        buffer.put_slice(&this.left[..count]);
        this.left.advance(count);
        Poll::Ready(Ok(()))
    }
}
