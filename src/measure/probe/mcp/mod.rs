//! An MCP server: handshake, list of tools, and one call.
//!
//! The client speaks JSON-RPC of our own over any pair of byte streams ([`client`], [`wire`]), since the libraries for it
//! hide what a diagnosis needs: exit codes, the tail of standard error, noise on standard output. This module starts a
//! program and gives it such a pair; other transports will have modules of their own beside it.
//!
//! | seen | outcome |
//! |---|---|
//! | the call returns what it is expected to | passed, functional |
//! | handshake and list; no call, or one that nobody said what to expect of | passed, running: the evidence ends there |
//! | no such program, not executable, no such folder | failed at running, by [`SpawnFault::class`] |
//! | it ends before it answers | failed at running, by exit and standard error together ([`classify`](crate::measure::classify)) |
//! | it closes its output and runs on | failed at running, protocol |
//! | it stays silent, or writes only what is no message, until the check's timeout | failed at running, no-answer; another attempt may help |
//! | our own messages come back and no answer does | failed at running, protocol: `cat`, or a terminal |
//! | JSON-RPC errors to `initialize` and to `server/discover`, an unknown revision, a list without end, a flood of other lines | failed at running, protocol |
//! | `tools/list` is refused though tools are offered | failed at running, call-failed |
//! | fewer tools than wanted, or one that is wanted is missing | failed at functional, missing-tools; running is proved |
//! | the call returns a JSON-RPC error, `isError`, or an error told as success; the server dies or is silent during it | failed at functional, call-failed; running is proved |
//! | the call returns something else than expected | failed at functional, wrong-answer; running is proved |
//! | the run's deadline passed first | unmeasured, timed-out |
//! | the server is reached over HTTP, or the target is a container and the check names no program | unmeasured, no-check |
//! | this machine has no process left to give | unmeasured, source-away |
//!
//! A server that offers no tools is sound as long as none are wanted. Lines on standard output that are no messages
//! break strict clients; they are evidence, and no failure. What a server does once its input is closed says nothing.

use std::time::Duration;

use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::{Context, Look};
use crate::measure::discover::Handle;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::probe::intended_rung;
use crate::measure::process::capture::{Capture, Drain};
use crate::measure::process::{Program, Running, SpawnFault, Stdin, start, stop_waiting_at};
use crate::measure::request::{Check, McpCheck, McpServer};
use crate::measure::source::Sources;
use crate::rung::Rung;

pub mod answer;
pub mod client;
pub mod diagnosis;
pub mod redact;
pub mod session;
pub mod wire;

use client::{Client, Fault};
use diagnosis::{Case, Stop};
use session::{Learnt, Opening};

/// Time that a server has to end by itself once its input is closed.
const CLOSE: Duration = Duration::from_secs(1);

/// Time to read what is left in the pipe of a server that is gone.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// Longest wait for the exit of a server that closed its output.
const EXIT: Duration = Duration::from_secs(2);

/// Starts the server, speaks to it, and looks at what comes of it. Ending it is left to [`Sources::finish_later`].
pub async fn look(check: &McpCheck, context: Context<'_>) -> Look {
    let server = match server(check, context.handle) {
        Ok(server) => server,
        Err(unmeasured) => return Look::unmeasured(rung(check), unmeasured),
    };
    let until = stop_waiting_at(context.deadline);
    let began = Instant::now();
    let mut attempt = talk(check, server, Opening::Initialize, context, until).await;
    if let Ok(Case { stop: Stop::Fault(Fault::GoneAfterRefusal { error }), .. }) = &attempt {
        let refusal = error.clone();
        let mut second = talk(check, server, Opening::Discover, context, until).await;
        if let Ok(case) = &mut second {
            case.learnt.refusal = Some(refusal);
        }
        attempt = second;
    }
    match attempt {
        Err(fault) => not_started(check, &fault),
        Ok(case) => {
            let waited = began.elapsed();
            diagnosis::look(check, server, &case, waited, context.sources.cut_short(context.deadline))
        }
    }
}

/// The rung that the check is about.
fn rung(check: &McpCheck) -> Rung {
    intended_rung(&Check::Mcp(check.clone()))
}

/// The program to start: the one that the check names, else the one that discovery found.
fn server<'a>(check: &'a McpCheck, handle: &'a Handle) -> Result<&'a McpServer, Unmeasured> {
    let no_check =
        |detail: String| Unmeasured { cause: UnmeasuredCause::NoCheck, detail, source: "mcp check".to_owned() };
    match (&check.server, handle) {
        (Some(server), _) | (None, Handle::McpServer(server)) => Ok(server),
        (None, Handle::McpRemote { transport, .. }) => {
            Err(no_check(format!("the server speaks `{transport}`, which is not supported yet: only `stdio` is")))
        }
        (None, Handle::Container { .. }) => Err(no_check(
            "the target is a container and the check names no `command` that speaks to the server in it".to_owned(),
        )),
        (None, Handle::Named) => Err(no_check("the check names no `command`, and no .mcp.json has one".to_owned())),
    }
}

fn not_started(check: &McpCheck, fault: &SpawnFault) -> Look {
    match fault.class() {
        Some(class) => Look::failed(Rung::Running, class, fault.to_string(), Evidence::new()),
        None => Look::unmeasured(
            rung(check),
            Unmeasured {
                cause: UnmeasuredCause::SourceAway,
                detail: fault.to_string(),
                source: "processes of this machine".to_owned(),
            },
        ),
    }
}

/// One conversation with a fresh process of `server`.
async fn talk(
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
    let mut client = Client::new(reader, writer, prefix);
    let mut learnt = Learnt::default();
    let stop = tokio::select! {
        biased;
        end = converse(&mut client, check, opening, &mut learnt) => match end {
            Ok(()) => Stop::Done,
            Err(fault) => Stop::Fault(fault),
        },
        () = async { running.exited().await; sleep(LAST_WORDS).await } => Stop::Fault(Fault::Closed),
        () = sleep_until(until) => Stop::OutOfTime,
    };
    let heed = client.heed.clone();
    let closed = matches!(stop, Stop::Fault(Fault::Closed | Fault::GoneAfterRefusal { .. }));
    if !closed {
        let stderr = running.stderr_so_far();
        let patience = if stop == Stop::Done { CLOSE } else { Duration::ZERO };
        close_later(context.sources, running, client, patience);
        return Ok(Case { stop, learnt, heed, exit: None, escaped: 0, stderr });
    }
    drop(client);
    let exit = timeout_at(until.min(Instant::now() + EXIT), running.exited()).await.ok().flatten();
    let ended = running.end(Duration::ZERO).await;
    Ok(Case { stop, learnt, heed, exit, escaped: ended.escaped, stderr: ended.stderr })
}

/// All that is said, in order. The call is not made where tools are missing: it would only fail in other words.
async fn converse(
    client: &mut Client<ChildStdout, ChildStdin>,
    check: &McpCheck,
    opening: Opening,
    learnt: &mut Learnt,
) -> Result<(), Fault> {
    session::open(client, opening, learnt).await?;
    session::list(client, learnt).await?;
    match &check.call {
        Some(call) if diagnosis::missing_tools(check, learnt).is_none() => session::call(client, call, learnt).await,
        Some(_) | None => Ok(()),
    }
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
