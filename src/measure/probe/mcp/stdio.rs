//! A server that is a program of ours: its standard input and output are the wire, its exit and its standard error are
//! evidence.

use std::time::Duration;

use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::client::Client;
use super::converse;
use super::diagnosis::{Case, Stop};
use super::peer::Fault;
use super::session::{Learnt, Opening};
use crate::measure::probe::Context;
use crate::measure::process::capture::{Capture, Drain};
use crate::measure::process::{Ended, Program, Running, SpawnFault, Stdin, start};
use crate::measure::request::{McpCheck, McpServer};
use crate::measure::source::Sources;

/// Time that a server has to end by itself once its input is closed.
const CLOSE: Duration = Duration::from_secs(1);

/// Time to read what is left in the pipe of a server that is gone.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// Longest wait for the exit of a server that closed its output.
const EXIT: Duration = Duration::from_secs(2);

/// One conversation with a fresh process of `server`, until `until` at most.
///
/// # Errors
/// [`SpawnFault`] where it could not be started.
pub async fn talk(
    check: &McpCheck,
    server: &McpServer,
    opening: Opening,
    context: Context<'_>,
    until: Instant,
) -> Result<Case, SpawnFault> {
    let program = Program { argv: &server.argv, env: &server.env, cwd: &server.cwd };
    let mut running = start(&program, Stdin::Pipe)?;
    let (Some(reader), Some(writer)) = (running.stdout.take(), running.stdin.take()) else {
        return Err(SpawnFault::NoProcess { why: "the child came without pipes".to_owned() });
    };
    let prefix = format!("trueup-{}-", running.id());
    let mut client = Client::new(reader, writer, prefix).transcribing(context.sources.keeps_exhibits());
    let mut learnt = Learnt::default();
    let stop = tokio::select! {
        biased;
        end = converse(&mut client, check, opening, &mut learnt) => match end {
            Ok(()) => Stop::Done,
            Err(fault) => Stop::Fault(fault),
        },
        // A child of it may hold the pipe open.
        () = async { running.exited().await; sleep(LAST_WORDS).await } => Stop::Fault(Fault::Closed),
        () = sleep_until(until) => Stop::OutOfTime,
    };
    let heed = client.heed().clone();
    let closed = matches!(stop, Stop::Fault(Fault::Closed | Fault::GoneAfterRefusal { .. }));
    if !closed {
        let stderr = running.stderr_so_far();
        let patience = if stop == Stop::Done { CLOSE } else { Duration::ZERO };
        close_later(context.sources, running, client, patience);
        return Ok(Case { stop, learnt, heed, exit: None, escaped: 0, stderr, facts: Vec::new() });
    }
    drop(client);
    let exit = timeout_at(until.min(Instant::now() + EXIT), running.exited()).await.ok().flatten();
    let Ended { escaped, stderr, .. } = running.end(Duration::ZERO).await;
    Ok(Case { stop, learnt, heed, exit, escaped, stderr, facts: Vec::new() })
}

/// Ends the server once the verdict is taken: its input is closed, and its output is read until it is gone.
fn close_later(sources: &Sources, running: Running, client: Client<ChildStdout, ChildStdin>, patience: Duration) {
    let (reader, writer) = client.into_streams();
    drop(writer);
    sources.finish_later(async move {
        let _drain = Drain::spawn(reader, Capture::new(0, 0));
        running.end(patience).await;
    });
}
