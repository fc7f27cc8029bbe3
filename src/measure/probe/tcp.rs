//! A TCP port that must accept a connection. A pass proves [`Rung::Running`] and nothing about what listens there.
//!
//! | seen | outcome |
//! |---|---|
//! | a connection | passed |
//! | refused on every address of the name, no route to the host, no such name | failed at running: unreachable |
//! | no answer within the time of the check | failed at running: no answer |
//! | the name server is away or slow, no network | unmeasured: source away, timed out |
//! | permission denied (a local firewall) | unmeasured: permission denied |
//! | an address without a port | unmeasured: unreadable |
//! | the time was over before the attempt began | unmeasured: timed out |
//!
//! All failures may pass and are tried again.

use tokio::time::Instant;

use super::{Context, Look};
use crate::measure::evidence::Evidence;
use crate::measure::reach::connect;
use crate::measure::request::TcpCheck;
use crate::rung::Rung;

/// Connects once, and hangs up.
pub async fn look(check: &TcpCheck, context: Context<'_>) -> Look {
    let began = Instant::now();
    if began >= context.deadline {
        return Look::unmeasured(Rung::Running, super::no_time_left("tcp"));
    }
    let address = &check.address;
    match connect(address, context.deadline).await {
        Ok(stream) => {
            let mut evidence = Evidence::new();
            evidence.fact("address", address);
            if let Ok(peer) = stream.peer_addr() {
                evidence.fact("peer", peer.to_string());
            }
            evidence.fact("latency ms", began.elapsed().as_millis().to_string());
            Look::passed(Rung::Running, format!("`{address}` accepts connections"), evidence)
        }
        Err(fault) => Look::of_fault(Rung::Running, fault),
    }
}
