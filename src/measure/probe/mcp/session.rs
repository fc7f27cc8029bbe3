//! What is said to a server: the opening, the list of tools, what else it offers, calls.
//!
//! `initialize` always comes first, with the newest revision that has it. Revision 2026-07-28 replaces it by
//! `server/discover`, which servers of older libraries answer by dying; every server of the new revision met so far
//! answers `initialize` too. So `server/discover` follows a JSON-RPC error to `initialize`, and nothing else.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::messages::{CallAnswer, Discovered, Initialized, OfferPage, Page};
use super::peer::{Fault, Peer};
use super::wire::RpcError;
use crate::measure::request::McpCall;

/// The newest revision with `initialize`: what is offered first.
const OFFERED: &str = "2025-11-25";

/// The revision that is spoken after `server/discover`.
const MODERN: &str = "2026-07-28";

/// Every revision whose messages are understood.
const KNOWN: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", OFFERED, MODERN];

/// Pages of a list that are asked for.
const PAGES: usize = 100;

/// Entries of a list that are taken.
const ENTRIES: usize = 10_000;

/// JSON-RPC's code for a method that a server does not have.
const NO_SUCH_METHOD: i64 = -32601;

/// Longest wait for `server/discover` after `initialize` was refused: some servers answer it with silence.
const DISCOVER: Duration = Duration::from_secs(3);

/// How a conversation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// With `initialize`.
    Initialize,
    /// With `server/discover`, to a server that died of it after having refused `initialize`.
    Discover,
}

/// How far a conversation came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Waiting for the answer to `initialize` or `server/discover`.
    #[default]
    Opening,
    /// Waiting for the list of tools.
    Listing,
    /// The list of tools is there; waiting for the list of what else it offers, where that was asked for.
    Offering,
    /// The lists are there; a call was not made or not answered.
    Calling,
    /// Every call was answered.
    Answered,
}

/// What was learnt.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    /// How far it came.
    pub step: Step,
    /// The revision that the server speaks.
    pub version: Option<String>,
    /// What it calls itself, with its version.
    pub server: Option<String>,
    /// Whether it says that it offers tools.
    pub offers_tools: bool,
    /// Names of its tools, from every page.
    pub tools: Vec<String>,
    /// The error with which it refused `initialize`.
    pub refusal: Option<RpcError>,
    /// Number of its resources, where it was asked.
    pub resources: Option<usize>,
    /// Number of its prompts, where it was asked.
    pub prompts: Option<usize>,
    /// What the calls returned, in their order, as far as they were answered.
    pub answers: Vec<CallAnswer>,
}

/// Who we are.
fn client_info() -> Value {
    json!({ "name": "trueup", "version": env!("CARGO_PKG_VERSION") })
}

/// Opens the conversation.
///
/// # Errors
/// [`Fault`]; a refused `initialize` only after `server/discover` did not help either.
pub async fn open<P: Peer>(peer: &mut P, opening: Opening, learnt: &mut Learnt) -> Result<(), Fault> {
    match opening {
        Opening::Discover => discover(peer, learnt).await?,
        Opening::Initialize => match initialize(peer, learnt).await {
            Err(Fault::Refused { method, error }) => {
                learnt.refusal = Some(error.clone());
                match timeout(DISCOVER, discover(peer, learnt)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(Fault::Closed)) => return Err(Fault::GoneAfterRefusal { error }),
                    Ok(Err(_)) | Err(_) => return Err(Fault::Refused { method, error }),
                }
            }
            other => other?,
        },
    }
    learnt.step = Step::Listing;
    Ok(())
}

async fn initialize<P: Peer>(peer: &mut P, learnt: &mut Learnt) -> Result<(), Fault> {
    let params = json!({ "protocolVersion": OFFERED, "capabilities": {}, "clientInfo": client_info() });
    let answer: Initialized = peer.request("initialize", params).await?;
    learnt.server = answer.server_info.text();
    learnt.offers_tools = answer.capabilities.tools.is_some();
    let known = KNOWN.contains(&answer.protocol_version.as_str());
    learnt.version = Some(answer.protocol_version);
    if !known {
        let version = learnt.version.as_deref().unwrap_or_default();
        let why = format!("protocol version `{version}`, known are {} to {MODERN}", KNOWN[0]);
        return Err(Fault::Shape { method: "initialize", why });
    }
    peer.speak(learnt.version.as_deref().unwrap_or_default(), None);
    peer.notify("notifications/initialized");
    Ok(())
}

async fn discover<P: Peer>(peer: &mut P, learnt: &mut Learnt) -> Result<(), Fault> {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": client_info(),
    });
    peer.speak(MODERN, Some(meta));
    let answer: Discovered = peer.request("server/discover", json!({})).await?;
    learnt.server = answer.meta.server_info.text();
    learnt.offers_tools = answer.capabilities.tools.is_some();
    if !answer.supported_versions.iter().any(|version| version == MODERN) {
        let why = format!("supports {}, and not {MODERN}", answer.supported_versions.join(", "));
        return Err(Fault::Shape { method: "server/discover", why });
    }
    learnt.version = Some(MODERN.to_owned());
    Ok(())
}

/// Reads every page of the list of tools. A server that offers none and says so has an empty list.
///
/// # Errors
/// [`Fault`], also for a list that does not end.
pub async fn list<P: Peer>(peer: &mut P, learnt: &mut Learnt) -> Result<(), Fault> {
    let offers = learnt.offers_tools;
    let tools = &mut learnt.tools;
    let read = pages(peer, "tools/list", |page: Page| {
        tools.extend(page.tools.into_iter().map(|tool| tool.name));
        (tools.len(), page.next_cursor)
    });
    match read.await {
        Err(Fault::Refused { error, .. }) if error.code == NO_SUCH_METHOD && !offers => {}
        other => other?,
    }
    learnt.step = Step::Offering;
    Ok(())
}

/// Counts what else it offers: resources and prompts, where they are asked for.
///
/// # Errors
/// [`Fault`], also for a list that does not end.
pub async fn offers<P: Peer>(peer: &mut P, resources: bool, prompts: bool, learnt: &mut Learnt) -> Result<(), Fault> {
    if resources {
        learnt.resources = Some(count(peer, "resources/list").await?);
    }
    if prompts {
        learnt.prompts = Some(count(peer, "prompts/list").await?);
    }
    learnt.step = Step::Calling;
    Ok(())
}

async fn count<P: Peer>(peer: &mut P, method: &'static str) -> Result<usize, Fault> {
    let mut number = 0;
    let read = pages(peer, method, |page: OfferPage| {
        number += page.resources.len() + page.prompts.len();
        (number, page.next_cursor)
    });
    match read.await {
        Err(Fault::Refused { error, .. }) if error.code == NO_SUCH_METHOD => Ok(0),
        Err(fault) => Err(fault),
        Ok(()) => Ok(number),
    }
}

/// Reads every page of a list. `take` takes one, and returns how many entries there are by now and how the next is asked
/// for.
async fn pages<P: Peer, T: DeserializeOwned>(
    peer: &mut P,
    method: &'static str,
    mut take: impl FnMut(T) -> (usize, Option<String>),
) -> Result<(), Fault> {
    let endless = |why: String| Err(Fault::Shape { method, why });
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES {
        let params = cursor.as_ref().map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let (entries, next) = take(peer.request(method, params).await?);
        if entries > ENTRIES {
            return endless(format!("more than {ENTRIES} entries"));
        }
        match next.filter(|next| !next.is_empty()) {
            None => return Ok(()),
            next if next == cursor => return endless("the next page is the same page".to_owned()),
            next => cursor = next,
        }
    }
    endless(format!("no end after {PAGES} pages"))
}

/// Calls a tool.
///
/// # Errors
/// [`Fault`].
pub async fn call<P: Peer>(peer: &mut P, call: &McpCall) -> Result<CallAnswer, Fault> {
    peer.request("tools/call", json!({ "name": call.tool, "arguments": call.arguments })).await
}
