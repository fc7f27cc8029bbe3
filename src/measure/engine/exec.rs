//! A command inside a container, over the engine's API.
//!
//! A client that goes away leaves the command running in the container, so a command that outlives its time is killed: it
//! carries a mark in its environment that nobody else makes, which its children inherit. A shell in the container looks
//! for the mark and kills what bears it; where the image has no shell, and the engine's processes are this machine's,
//! they are killed from here. An image without a shell on another machine leaves neither way, and [`Ended::Late`] says
//! that the command goes on. (The process number that engines give is one of their machine, which need not be this one.)
//! What a command that ended in time leaves behind is the command's own doing.

use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use futures_util::StreamExt;
use tokio::time::{Instant, sleep, timeout_at};

use super::Engine;
use super::trouble::Trouble;
use crate::measure::process::MARK;
use crate::platform::process::kill_marked;

/// Most bytes kept of standard output, and as many of standard error. What is beyond is read and dropped.
const OUTPUT_BYTES: usize = 1024 * 1024;

/// How a command in a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Exit(Exit),
    /// Not in time.
    Late {
        /// What it had written until then.
        output: Output,
        /// Whether it is known to be gone.
        killed: bool,
    },
}

/// A command that ended by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Its exit code.
    pub code: i64,
    /// What it wrote.
    pub output: Output,
}

/// What a command wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// More was written than was kept.
    pub cut: bool,
}

impl Output {
    fn add(&mut self, piece: LogOutput) {
        let (buffer, message) = match &piece {
            LogOutput::StdErr { message } => (&mut self.stderr, message),
            LogOutput::StdOut { message } | LogOutput::StdIn { message } | LogOutput::Console { message } => {
                (&mut self.stdout, message)
            }
        };
        let room = OUTPUT_BYTES - buffer.len();
        self.cut |= message.len() > room;
        buffer.extend_from_slice(&message[..message.len().min(room)]);
    }
}

impl Engine {
    /// Runs `argv` in a container without a terminal and without standard input, and waits for its end.
    ///
    /// # Errors
    /// [`Trouble::Refused`] where the engine will not run it: the container does not run, or there is no such program
    /// (which some engines tell as output with exit code 126 or 127 instead).
    pub async fn exec(&self, container: &str, argv: &[String], deadline: Instant) -> Result<Ended, Trouble> {
        if !super::can_be_name(container) {
            return Err(Trouble::NoSuchContainer);
        }
        let mark = fresh_mark();
        let work_until = before(deadline);
        let id = self.prepare(container, argv, Some(&mark), work_until).await?;
        let mut output = Output::default();
        let code = match timeout_at(work_until, self.run(&id, &mut output)).await {
            Ok(run) => {
                run.map_err(|error| Trouble::of(&error, self.source()))?;
                match self.exit_code(&id, work_until).await? {
                    Some(code) => return Ok(Ended::Exit(Exit { code, output })),
                    None => None,
                }
            }
            // What keeps the output open may be a child that the command left behind; the command may have ended.
            Err(_) => self.exit_code(&id, Instant::now() + Duration::from_millis(100)).await.unwrap_or(None),
        };
        let killed = self.kill(container, &id, &mark, deadline).await;
        Ok(match code {
            Some(code) => Ended::Exit(Exit { code, output }),
            None => Ended::Late { output, killed },
        })
    }

    async fn prepare(
        &self,
        container: &str,
        argv: &[String],
        mark: Option<&str>,
        deadline: Instant,
    ) -> Result<String, Trouble> {
        let options = CreateExecOptions {
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            env: mark.map(|mark| vec![mark.to_owned()]),
            cmd: Some(argv.to_vec()),
            ..CreateExecOptions::default()
        };
        Ok(self.ask(deadline, self.docker.create_exec(container, options)).await?.id)
    }

    /// Starts a prepared command and reads what it writes until it closes its output.
    async fn run(&self, id: &str, output: &mut Output) -> Result<(), Error> {
        let attached = self.docker.start_exec(id, None::<StartExecOptions>).await?;
        let StartExecResults::Attached { output: mut pieces, input: _input } = attached else { return Ok(()) };
        while let Some(piece) = pieces.next().await {
            output.add(piece?);
        }
        Ok(())
    }

    /// The exit code of a command; `None` where it still runs at the deadline. The engine closes the output a moment
    /// before it knows the code.
    pub(super) async fn exit_code(&self, id: &str, deadline: Instant) -> Result<Option<i64>, Trouble> {
        let mut pause = Duration::from_millis(2);
        loop {
            let inspect = self.ask(deadline, self.docker.inspect_exec(id)).await?;
            match (inspect.running, inspect.exit_code) {
                (Some(false), Some(code)) => return Ok(Some(code)),
                _ if Instant::now() + pause >= deadline => return Ok(None),
                _ => sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }

    /// Ends what bears the mark, and says whether the command is known to be gone.
    pub(super) async fn kill(&self, container: &str, id: &str, mark: &str, deadline: Instant) -> bool {
        let half = deadline.saturating_duration_since(Instant::now()) / 2;
        let from_inside = Instant::now() + half;
        if self.kill_inside(container, mark, from_inside).await.is_some() && self.is_gone(id, from_inside).await {
            return true;
        }
        // Its number says nothing about its age: the engine's processes are not our children. The hunt ends when nobody bears
        // the mark any more, and a busy engine may be late to tell so.
        let hunted = kill_marked(mark, 0) > 0;
        self.is_gone(id, deadline).await || hunted
    }

    /// Has a shell in the container end what bears the mark; `None` where there is no shell, or not in time.
    async fn kill_inside(&self, container: &str, mark: &str, deadline: Instant) -> Option<()> {
        // The shell itself has no mark. What its `tr` cannot read belongs to another user, and so is not ours.
        let script = format!(
            "for p in /proc/[0-9]*; do tr '\\0' '\\n' <$p/environ 2>/dev/null | grep -qx '{mark}' && kill -9 ${{p#/proc/}}; done; true"
        );
        let argv = ["sh", "-c", &script].map(str::to_owned);
        let killer = self.prepare(container, &argv, None, deadline).await.ok()?;
        let mut ignored = Output::default();
        timeout_at(deadline, self.run(&killer, &mut ignored)).await.ok()?.ok()?;
        (self.exit_code(&killer, deadline).await.ok()? == Some(0)).then_some(())
    }

    async fn is_gone(&self, id: &str, deadline: Instant) -> bool {
        let soon = Instant::now() + Duration::from_millis(300);
        matches!(self.exit_code(id, soon.min(deadline)).await, Ok(Some(_)))
    }
}

/// When work must end so that there is time left to kill what runs on.
fn before(deadline: Instant) -> Instant {
    let now = Instant::now();
    let left = deadline.saturating_duration_since(now);
    now + left - (left / 4).min(Duration::from_secs(2))
}

/// `NAME=value` with a value that no other run makes.
pub(super) fn fresh_mark() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Freshly seeded each time, from the system's own randomness.
    let random = RandomState::new().hash_one(std::time::SystemTime::now());
    format!("{MARK}={:x}-{random:016x}", std::process::id())
}
