//! A name that must resolve, as every program on this machine resolves it: hosts file, caches and name servers included.
//! A pass proves [`Rung::Running`]; with `addresses` it proves [`Rung::Functional`].
//!
//! | seen | outcome |
//! |---|---|
//! | addresses, and those expected among them | passed |
//! | the name does not exist, or has no address | failed at running: unreachable |
//! | other addresses than those expected | failed at functional: wrong answer; running is proved |
//! | no answer of a name server within the time of the check | unmeasured: timed out |
//! | the name servers refuse, fail or cannot be reached | unmeasured: source away |
//! | the time was over before the look-up began | unmeasured: timed out |
//!
//! Silence of a name server says nothing about the name: it is the one look where no answer is not "down", because the one
//! who does not answer is not the one who is asked about. To see whether a name *server* is up, look at its port.
//!
//! A name that does not exist may come to exist and is tried again.

use std::net::IpAddr;

use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::evidence::Evidence;
use crate::measure::reach;
use crate::measure::request::DnsCheck;
use crate::rung::Rung;

/// The rung that a pass proves.
pub(super) fn asked_rung(check: &DnsCheck) -> Rung {
    if check.addresses.is_empty() { Rung::Running } else { Rung::Functional }
}

/// Looks the name up once.
pub async fn look(check: &DnsCheck, context: Context<'_>) -> Look {
    let (began, asked, name) = (Instant::now(), asked_rung(check), &check.name);
    if began >= context.deadline {
        return Look::unmeasured(asked, super::no_time_left("dns"));
    }
    let mut found: Vec<IpAddr> = match timeout_at(context.deadline, lookup_host((name.as_str(), 0))).await {
        Err(_) => return Look::unmeasured(asked, reach::slow_lookup(name)),
        Ok(Err(error)) => return Look::of_fault(asked, reach::of_lookup(name, &error)),
        Ok(Ok(found)) => found.map(|address| address.ip()).collect(),
    };
    found.sort_unstable();
    found.dedup();
    let mut evidence = Evidence::new();
    evidence.fact("name", name).fact("addresses", listed(&found));
    evidence.fact("latency ms", began.elapsed().as_millis().to_string());
    let missing: Vec<_> = check.addresses.iter().copied().filter(|address| !found.contains(address)).collect();
    if missing.is_empty() {
        return Look::passed(asked, format!("`{name}` is {}", listed(&found)), evidence);
    }
    let reason = format!("`{name}` is {}, expected {}", listed(&found), listed(&missing));
    Look::failed(asked, FailureClass::WrongAnswer, reason, evidence).having_proved(Rung::Running)
}

fn listed(addresses: &[IpAddr]) -> String {
    if addresses.is_empty() {
        return "no address".to_owned();
    }
    addresses.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ")
}
