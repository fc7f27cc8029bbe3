//! A TCP port or a unix socket that must accept a connection. A pass proves [`Rung::Running`] and nothing about what
//! listens there; with `banner` it proves [`Rung::Healthy`], which is what it says of itself.
//!
//! | seen | outcome | proved on the way |
//! |---|---|---|
//! | a connection, and the banner expected | passed | |
//! | refused on every address of the name, no route to the host, no such name | failed at running: unreachable | |
//! | no such socket, or nobody listens at it | failed at running: unreachable | |
//! | no answer within the time of the check | failed at running: no answer | |
//! | another banner, or it hangs up before it has said what is expected | failed at healthy: wrong answer | running |
//! | silence in place of a banner | failed at healthy: no answer | running |
//! | the name server is away or slow, no network | unmeasured: source away, timed out | |
//! | permission denied (a local firewall, a socket of somebody else) | unmeasured: permission denied | |
//! | an address without a port, a pattern that is none | unmeasured: unreadable | |
//! | the time was over before the attempt began | unmeasured: timed out | |
//!
//! All failures to connect may pass and are tried again, and so is silence.

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, timeout_at};

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::pattern;
use crate::measure::reach::{self, connect};
use crate::measure::request::{TcpCheck, TcpPlace};
use crate::rung::Rung;

/// Most bytes of a banner that are read.
const BANNER_LIMIT: usize = 4 << 10;

/// Longest banner shown, in Unicode scalar values.
const SHOWN: usize = 80;

/// The rung that a pass proves.
pub(super) fn asked_rung(check: &TcpCheck) -> Rung {
    if check.banner.is_some() { Rung::Healthy } else { Rung::Running }
}

/// Connects once, listens where there is a banner to hear, and hangs up.
pub async fn look(check: &TcpCheck, context: Context<'_>) -> Look {
    let began = Instant::now();
    let asked = asked_rung(check);
    if began >= context.deadline {
        return Look::unmeasured(asked, super::no_time_left("tcp"));
    }
    let mut evidence = Evidence::new();
    let connected = match &check.place {
        TcpPlace::Port(address) => connect(address, context.deadline).await.map(|stream| {
            evidence.fact("address", address);
            if let Ok(peer) = stream.peer_addr() {
                evidence.fact("peer", peer.to_string());
            }
            (address.clone(), Box::new(stream) as Stream)
        }),
        TcpPlace::Socket(path) => socket(path, context.deadline, &mut evidence).await,
    };
    let (place, stream) = match connected {
        Ok(connected) => connected,
        Err(fault) => return Look::of_fault(asked, fault),
    };
    evidence.fact("latency ms", began.elapsed().as_millis().to_string());
    match &check.banner {
        None => Look::passed(asked, format!("`{place}` accepts connections"), evidence),
        Some(pattern) => banner(pattern, &place, stream, context.deadline, evidence).await,
    }
}

type Stream = Box<dyn AsyncRead + Send + Unpin>;

#[cfg(unix)]
async fn socket(
    path: &std::path::Path,
    deadline: Instant,
    evidence: &mut Evidence,
) -> Result<(String, Stream), reach::Fault> {
    let stream = reach::connect_socket(path, deadline).await?;
    let place = path.display().to_string();
    evidence.fact("socket", &place);
    Ok((place, Box::new(stream)))
}

#[cfg(not(unix))]
async fn socket(
    path: &std::path::Path,
    _deadline: Instant,
    _evidence: &mut Evidence,
) -> Result<(String, Stream), reach::Fault> {
    use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
    Err(reach::Fault::Unknown(Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("this system has no unix sockets, and `{}` is to be one", path.display()),
        source: "unix sockets".to_owned(),
    }))
}

/// Listens until what was said matches, or cannot any more.
async fn banner(pattern: &str, place: &str, mut stream: Stream, deadline: Instant, mut evidence: Evidence) -> Look {
    let compiled = match pattern::compile(pattern) {
        Ok(compiled) => compiled,
        Err(unmeasured) => return Look::unmeasured(Rung::Healthy, unmeasured).having_proved(Rung::Running),
    };
    let mut said = Vec::new();
    let mut buffer = [0; 1024];
    let silent = loop {
        match timeout_at(deadline, stream.read(&mut buffer)).await {
            Ok(Ok(count @ 1..)) => said.extend_from_slice(&buffer[..count]),
            Ok(Ok(_) | Err(_)) => break false,
            Err(_) => break true,
        }
        if compiled.is_match(&said) || said.len() >= BANNER_LIMIT {
            break false;
        }
    };
    let shown = plain(&String::from_utf8_lossy(&said), SHOWN);
    if !shown.is_empty() {
        evidence.fact("banner", &shown);
    }
    // A pattern that the empty text matches, too, wants to hear something.
    if !said.is_empty() && compiled.is_match(&said) {
        return Look::passed(Rung::Healthy, format!("`{place}` says `{shown}`"), evidence);
    }
    if silent && said.is_empty() {
        let reason = format!("`{place}` accepts connections and says nothing, expected `{pattern}`");
        let look = Look::failed(Rung::Healthy, FailureClass::NoAnswer, reason, evidence);
        return look.having_proved(Rung::Running).transient();
    }
    let found = if said.is_empty() { "hangs up without a word".to_owned() } else { format!("says `{shown}`") };
    let reason = format!("`{place}` {found}, expected `{pattern}`");
    Look::failed(Rung::Healthy, FailureClass::WrongAnswer, reason, evidence).having_proved(Rung::Running)
}
