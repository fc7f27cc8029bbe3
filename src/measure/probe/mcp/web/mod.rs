//! A server over HTTP: streamable HTTP, and the older way with its stream of events where the server answers as servers
//! of the older way do (400, 404 or 405 to the first POST).
//!
//! A session that the server opened is closed at the end. Headers come from trueup.toml or the file that lists the
//! server; what they hold is shown nowhere.

use tokio::time::{Instant, sleep_until, timeout};

use super::converse;
use super::diagnosis::{Case, Stop};
use super::peer::Fault;
use super::session::{Learnt, Opening};
use super::transcript::Transcript;
use crate::measure::measurement::Unmeasured;
use crate::measure::probe::Context;
use crate::measure::process::Capture;
use crate::measure::reach;
use crate::measure::redact::Redactor;
use crate::measure::request::{McpCheck, McpWeb};

mod door;
mod events;
mod speaker;

use door::Door;
use speaker::Speaker;

/// Longest wait for the end of a session to be confirmed.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(2);

/// One conversation with the server at `web`, until `until` at most.
///
/// # Errors
/// `Unmeasured` where nothing could be sent: the address or a header is none, a variable that it needs is not set.
pub async fn talk(
    check: &McpCheck,
    web: &McpWeb,
    context: Context<'_>,
    until: Instant,
) -> Result<(Case, Redactor), Unmeasured> {
    let door = Door::open(web, context.sources, until)?;
    let redactor = door.redactor();
    let transcript = Transcript::new(context.sources.keeps_exhibits());
    let mut speaker = Speaker::new(door, web.transport, transcript);
    let mut learnt = Learnt::default();
    let stop = tokio::select! {
        biased;
        end = converse(&mut speaker, check, Opening::Initialize, &mut learnt) => match end {
            Ok(()) => Stop::Done,
            Err(fault) => Stop::Fault(fault),
        },
        () = sleep_until(until) => Stop::OutOfTime,
    };
    let stop = match stop {
        Stop::OutOfTime if speaker.door().is_looking_up() => {
            Stop::Fault(Fault::Web(reach::Fault::Unknown(reach::slow_lookup(&speaker.door().place()))))
        }
        stop => stop,
    };
    let mut facts = vec![("url", speaker.door().place()), ("transport", speaker.transport().to_owned())];
    if speaker.has_session() {
        facts.push(("session", "opened by the server, and closed".to_owned()));
    }
    let heed = speaker.heed().clone();
    if let Some(farewell) = speaker.farewell() {
        context.sources.finish_later(async move {
            // 405 is allowed, and nobody waits for the answer of a server that is gone.
            let _ = timeout(FAREWELL, farewell.send()).await;
        });
    }
    Ok((Case { stop, learnt, heed, exit: None, escaped: 0, stderr: Capture::default(), facts }, redactor))
}
