//! An MCP server: handshake, what it offers, and calls.
//!
//! The client speaks JSON-RPC of our own ([`ear`], [`wire`]), since the libraries for it hide what a diagnosis needs: exit
//! codes, the tail of standard error, noise on standard output, the status of an answer. What is said ([`session`]) does
//! not know what carries it: [`client`] speaks over any pair of byte streams, which [`stdio`] gets from a program and
//! [`exec`] from a program inside a container; [`web`] speaks over HTTP.
//!
//! | seen | outcome |
//! |---|---|
//! | every call returns what is expected of it, and something is expected of one | passed, functional |
//! | handshake and lists; no call, or none that anybody said what to expect of | passed, running: the evidence ends there |
//! | no such program, not executable, no such folder | failed at running, by [`SpawnFault::class`] |
//! | it ends before it answers | failed at running, by exit and standard error together ([`classify`](crate::measure::classify)) |
//! | it closes its output and runs on | failed at running, protocol |
//! | it stays silent, or writes only what is no message, until the check's timeout | failed at running, no-answer; another attempt may help |
//! | our own messages come back and no answer does | failed at running, protocol: `cat`, or a terminal |
//! | JSON-RPC errors to `initialize` and to `server/discover`, an unknown revision, a list without end, a flood of other lines | failed at running, protocol |
//! | `tools/list` is refused though tools are offered | failed at running, call-failed |
//! | it calls itself something else than expected | failed at functional, wrong-answer; running is proved |
//! | fewer tools, resources or prompts than wanted, or a tool that is wanted is missing | failed at functional, missing-tools; running is proved |
//! | a call returns a JSON-RPC error, `isError`, or an error told as success; the server dies or is silent during it | failed at functional, call-failed; running is proved |
//! | a call returns something else than expected | failed at functional, wrong-answer; running is proved |
//! | HTTP: nobody listens; a gateway says that nobody does (502, 504) | failed at running, unreachable; another attempt may help |
//! | HTTP: 401; 403 | failed at running, unauthorized; forbidden |
//! | HTTP: any other answer without a message, with status 200 too; a redirect to another host; a stream that ends early | failed at running, protocol |
//! | HTTP: 429, 500, 503 | failed at running, unknown; another attempt may help |
//! | HTTP: any of these after the lists | the same class, failed at functional; running is proved |
//! | container: the engine knows none; it does not run | failed at exists, missing; failed at running, with the class of its state |
//! | container: no such program in it, not executable | failed at running, spawn-not-found, spawn-not-executable |
//! | the run's deadline passed first; the name server did not answer | unmeasured, timed-out |
//! | a header whose variable is not set, an input that nobody answers | unmeasured, not-allowed |
//! | no engine, no network, no process left to give on this machine | unmeasured, source-away |
//! | a transport that is not spoken here; a container and no `via = "exec"` | unmeasured, no-check |
//!
//! A server that offers no tools is sound as long as none are wanted. Lines on standard output that are no messages
//! break strict clients; they are evidence, and no failure. What a server does once its input is closed says nothing.
//!
//! [`classify`]: crate::measure::classify::classify

use tokio::time::Instant;

use super::{Context, Look};
use crate::measure::discover::Handle;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::process::{SpawnFault, stop_waiting_at};
use crate::measure::redact::Redactor;
use crate::measure::request::{McpCheck, McpExec, McpRoute, McpServer, McpWeb};
use crate::rung::Rung;

pub mod answer;
pub mod client;
pub mod diagnosis;
pub mod ear;
pub mod exec;
pub mod expectation;
pub mod messages;
pub mod peer;
pub mod session;
pub mod stdio;
pub mod transcript;
pub mod web;
pub mod wire;

use answer::{Worth, weigh};
use diagnosis::{Case, Setting, Stop};
use peer::{Fault, Peer};
use session::{Learnt, Opening};

/// Speaks to the server, starting it where it is a program, and looks at what comes of it. Ending it is left to
/// [`Sources::finish_later`].
///
/// [`Sources::finish_later`]: crate::measure::source::Sources::finish_later
pub async fn look(check: &McpCheck, context: Context<'_>) -> Look {
    match route(check, context.handle) {
        Ok(Route::Stdio(server)) => look_at_program(check, server, context).await,
        Ok(Route::Exec(exec)) => exec::look_inside(check, exec, context).await,
        Ok(Route::Web(web)) => look_at_web(check, web, context).await,
        Err(unmeasured) => Look::unmeasured(intended_rung(check), unmeasured),
    }
}

async fn look_at_program(check: &McpCheck, server: &McpServer, context: Context<'_>) -> Look {
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
        Ok(mut case) => {
            case.facts.extend(named_variables(server));
            let setting = Setting {
                program: server.argv.first().cloned(),
                redactor: Redactor::new().with_env(&server.env),
                waited: began.elapsed(),
                cut_short: context.sources.cut_short(context.deadline),
            };
            diagnosis::look(check, &case, &setting)
        }
    }
}

async fn look_at_web(check: &McpCheck, web: &McpWeb, context: Context<'_>) -> Look {
    let began = Instant::now();
    let cut_short = context.sources.cut_short(context.deadline);
    match web::talk(check, web, context, context.deadline).await {
        Err(unmeasured) => Look::unmeasured(intended_rung(check), unmeasured),
        Ok((case, redactor)) => {
            let setting = Setting { program: None, redactor, waited: began.elapsed(), cut_short };
            diagnosis::look(check, &case, &setting)
        }
    }
}

/// What the environment of a server adds, by names alone: what is set, and what it asks for that is not.
fn named_variables(server: &McpServer) -> Vec<(&'static str, String)> {
    let names: Vec<&str> = server.env.keys().map(String::as_str).collect();
    let literal = |text: &&String| text.contains("${") && text.contains('}');
    let unset: Vec<&str> = server
        .argv
        .iter()
        .chain(server.env.values())
        .filter(literal)
        .filter_map(|text| {
            let rest = &text[text.find("${")? + 2..];
            Some(&rest[..rest.find('}')?])
        })
        .collect();
    let mut facts = Vec::new();
    if !names.is_empty() {
        facts.push(("environment", names.join(", ")));
    }
    if !unset.is_empty() {
        facts.push(("variables not set", unset.join(", ")));
    }
    facts
}

/// The rung that a pass of `check` proves: without a call whose answer is known, no more than the handshake.
pub fn intended_rung(check: &McpCheck) -> Rung {
    let knows = check.calls.iter().any(|call| call.expect.is_some());
    if knows { Rung::Functional } else { Rung::Running }
}

/// Whether a look at the target behind `handle` starts a program.
pub fn executes(check: &McpCheck, handle: &Handle) -> bool {
    match (&check.server, handle) {
        (Some(McpRoute::Web(_)), _)
        | (
            None,
            Handle::McpRemote(_) | Handle::OutOfReach(_) | Handle::Disabled | Handle::Series(_) | Handle::Absent { .. },
        ) => false,
        (Some(McpRoute::Stdio(_) | McpRoute::Exec(_)), _)
        | (None, Handle::Named | Handle::McpServer(_) | Handle::Container { .. }) => true,
    }
}

/// The way to a server.
enum Route<'a> {
    Stdio(&'a McpServer),
    Exec(&'a McpExec),
    Web(&'a McpWeb),
}

/// Where a server is that is spoken to over HTTP.
pub fn address<'a>(check: &'a McpCheck, handle: &'a Handle) -> Option<&'a str> {
    match route(check, handle) {
        Ok(Route::Web(web)) => Some(&web.url),
        Ok(Route::Stdio(_) | Route::Exec(_)) | Err(_) => None,
    }
}

/// The way that the check names, else the one that discovery found.
fn route<'a>(check: &'a McpCheck, handle: &'a Handle) -> Result<Route<'a>, Unmeasured> {
    let no_check = |detail: &str| Unmeasured {
        cause: UnmeasuredCause::NoCheck,
        detail: detail.to_owned(),
        source: "mcp check".to_owned(),
    };
    match (&check.server, handle) {
        (Some(McpRoute::Stdio(server)), _) | (None, Handle::McpServer(server)) => Ok(Route::Stdio(server)),
        (Some(McpRoute::Web(web)), _) | (None, Handle::McpRemote(web)) => Ok(Route::Web(web)),
        (Some(McpRoute::Exec(exec)), _) => Ok(Route::Exec(exec)),
        (None, Handle::Absent { reason }) => Err(no_check(reason)),
        (None, Handle::OutOfReach(unmeasured)) => Err(unmeasured.clone()),
        (None, Handle::Container { .. }) => Err(no_check(
            "the target is a container and the check does not say how to speak to the server in it; add `via = \"exec\"`",
        )),
        (None, Handle::Named | Handle::Disabled | Handle::Series(_)) => {
            Err(no_check("the check names neither `command` nor `url`, and no discovery found one"))
        }
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

/// All that is said, in order. Calls are not made where something is missing, nor after one that failed: they would only
/// fail in other words.
async fn converse<P: Peer>(peer: &mut P, check: &McpCheck, opening: Opening, learnt: &mut Learnt) -> Result<(), Fault> {
    session::open(peer, opening, learnt).await?;
    session::list(peer, learnt).await?;
    session::offers(peer, check.min_resources.is_some(), check.min_prompts.is_some(), learnt).await?;
    if expectation::missing(check, learnt).is_some() || !matches!(expectation::stranger(check, learnt), Ok(None)) {
        return Ok(());
    }
    for call in &check.calls {
        let answer = session::call(peer, call).await?;
        let worth = weigh(call, &answer);
        learnt.answers.push(answer);
        if matches!(worth, Worth::Failed { .. } | Worth::Pattern { .. }) {
            return Ok(());
        }
    }
    learnt.step = session::Step::Answered;
    Ok(())
}
