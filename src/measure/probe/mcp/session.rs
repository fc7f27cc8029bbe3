//! What is said to a server: the opening, the list of tools, one call.
//!
//! `initialize` always comes first, with the newest revision that has it. Revision 2026-07-28 replaces it by
//! `server/discover`, which servers of older libraries answer by dying; every server of the new revision met so far
//! answers `initialize` too. So `server/discover` follows a JSON-RPC error to `initialize`, and nothing else.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::client::{Client, Fault};
use super::messages::{CallAnswer, Discovered, Initialized, Page};
use super::wire::RpcError;
use crate::measure::request::McpCall;

/// The newest revision with `initialize`: what is offered first.
const OFFERED: &str = "2025-11-25";

/// The revision that is spoken after `server/discover`.
const MODERN: &str = "2026-07-28";

/// Every revision whose messages are understood.
const KNOWN: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", OFFERED, MODERN];

/// Pages of tools that are asked for.
const PAGES: usize = 100;

/// Tools that are kept.
const TOOLS: usize = 10_000;

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
    /// The list is there; the call, if there is one, was not made or not answered.
    Calling,
    /// The call was answered.
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
    /// What the call returned.
    pub answer: Option<CallAnswer>,
}

/// Who we are.
fn client_info() -> Value {
    json!({ "name": "trueup", "version": env!("CARGO_PKG_VERSION") })
}

/// Opens the conversation.
///
/// # Errors
/// [`Fault`]; a refused `initialize` only after `server/discover` did not help either.
pub async fn open<R, W>(client: &mut Client<R, W>, opening: Opening, learnt: &mut Learnt) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    match opening {
        Opening::Discover => discover(client, learnt).await?,
        Opening::Initialize => match initialize(client, learnt).await {
            Err(Fault::Refused { method, error }) => {
                learnt.refusal = Some(error.clone());
                match timeout(DISCOVER, discover(client, learnt)).await {
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

async fn initialize<R, W>(client: &mut Client<R, W>, learnt: &mut Learnt) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let params = json!({ "protocolVersion": OFFERED, "capabilities": {}, "clientInfo": client_info() });
    let answer: Initialized = client.request("initialize", params).await?;
    learnt.server = answer.server_info.text();
    learnt.offers_tools = answer.capabilities.tools.is_some();
    let known = KNOWN.contains(&answer.protocol_version.as_str());
    learnt.version = Some(answer.protocol_version);
    if !known {
        let version = learnt.version.as_deref().unwrap_or_default();
        let why = format!("protocol version `{version}`, known are {} to {MODERN}", KNOWN[0]);
        return Err(Fault::Shape { method: "initialize", why });
    }
    client.notify("notifications/initialized");
    Ok(())
}

async fn discover<R, W>(client: &mut Client<R, W>, learnt: &mut Learnt) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    client.set_meta(Some(json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": client_info(),
    })));
    let answer: Discovered = client.request("server/discover", json!({})).await?;
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
pub async fn list<R, W>(client: &mut Client<R, W>, learnt: &mut Learnt) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    const METHOD: &str = "tools/list";
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES {
        let params = cursor.as_ref().map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
        let page: Page = match client.request(METHOD, params).await {
            Err(Fault::Refused { error, .. }) if error.code == -32601 && !learnt.offers_tools => break,
            other => other?,
        };
        learnt.tools.extend(page.tools.into_iter().map(|tool| tool.name));
        if learnt.tools.len() > TOOLS {
            return Err(Fault::Shape { method: METHOD, why: format!("more than {TOOLS} tools") });
        }
        match page.next_cursor.filter(|next| !next.is_empty()) {
            None => {
                learnt.step = Step::Calling;
                return Ok(());
            }
            next if next == cursor => {
                return Err(Fault::Shape { method: METHOD, why: "the next page is the same page".to_owned() });
            }
            next => cursor = next,
        }
    }
    if cursor.is_some() {
        return Err(Fault::Shape { method: METHOD, why: format!("no end after {PAGES} pages") });
    }
    learnt.step = Step::Calling;
    Ok(())
}

/// Calls a tool.
///
/// # Errors
/// [`Fault`].
pub async fn call<R, W>(client: &mut Client<R, W>, call: &McpCall, learnt: &mut Learnt) -> Result<(), Fault>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let params = json!({ "name": call.tool, "arguments": call.arguments });
    learnt.answer = Some(client.request("tools/call", params).await?);
    learnt.step = Step::Answered;
    Ok(())
}
