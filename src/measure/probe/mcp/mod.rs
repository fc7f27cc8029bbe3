//! An MCP server: handshake, list of tools, and one call.
//!
//! The client speaks JSON-RPC of our own over any pair of byte streams ([`client`], [`wire`]), since the libraries for it
//! hide what a diagnosis needs: exit codes, the tail of standard error, noise on standard output. [`stdio`] starts a program
//! and gives the client such a pair; any other transport is a module beside it.
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
//!
//! [`classify`]: crate::measure::classify::classify

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::{Context, Look};
use crate::measure::discover::Handle;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::process::{SpawnFault, stop_waiting_at};
use crate::measure::request::{McpCheck, McpServer};
use crate::rung::Rung;

pub mod answer;
pub mod client;
pub mod diagnosis;
pub mod messages;
pub mod redact;
pub mod session;
pub mod stdio;
pub mod tools;
pub mod wire;

use client::{Client, Fault};
use diagnosis::{Case, Stop};
use session::{Learnt, Opening};

/// Starts the server, speaks to it, and looks at what comes of it. Ending it is left to [`Sources::finish_later`].
///
/// [`Sources::finish_later`]: crate::measure::source::Sources::finish_later
pub async fn look(check: &McpCheck, context: Context<'_>) -> Look {
    let server = match server(check, context.handle) {
        Ok(server) => server,
        Err(unmeasured) => return Look::unmeasured(intended_rung(check), unmeasured),
    };
    let until = stop_waiting_at(context.deadline);
    let began = Instant::now();
    let mut attempt = stdio::talk(check, server, Opening::Initialize, context, until).await;
    if let Ok(Case { stop: Stop::Fault(Fault::GoneAfterRefusal { error }), .. }) = &attempt {
        let refusal = error.clone();
        let mut second = stdio::talk(check, server, Opening::Discover, context, until).await;
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

/// The rung that a pass of `check` proves: without a call whose answer is known, no more than the handshake.
pub fn intended_rung(check: &McpCheck) -> Rung {
    let knows = check.call.as_ref().is_some_and(|call| call.expect.is_some());
    if knows { Rung::Functional } else { Rung::Running }
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
        (None, Handle::Absent { reason }) => Err(no_check(reason.clone())),
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
            intended_rung(check),
            Unmeasured {
                cause: UnmeasuredCause::SourceAway,
                detail: fault.to_string(),
                source: "processes of this machine".to_owned(),
            },
        ),
    }
}

/// All that is said, in order. The call is not made where tools are missing: it would only fail in other words.
async fn converse<R, W>(
    client: &mut Client<R, W>,
    check: &McpCheck,
    opening: Opening,
    learnt: &mut Learnt,
) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    session::open(client, opening, learnt).await?;
    session::list(client, learnt).await?;
    match &check.call {
        Some(call) if tools::missing(check, learnt).is_none() => session::call(client, call, learnt).await,
        Some(_) | None => Ok(()),
    }
}
