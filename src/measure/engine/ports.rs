//! The ports that a container publishes on the engine's machine, as an inspect tells them.

use std::collections::HashMap;
use std::net::IpAddr;

use bollard::models::PortBinding;

use crate::measure::evidence::Evidence;

/// Most ports that are told of one container.
const MOST: usize = 40;

/// A port of a container that is published.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Published {
    /// Port and protocol inside of the container: `80/tcp`.
    pub inside: String,
    /// Address on the engine's machine: `127.0.0.1:8080`, `0.0.0.0:8080`.
    pub address: String,
}

/// Ports by what is inside of the container, as engines write them.
type PortMap = HashMap<String, Option<Vec<PortBinding>>>;

/// What is published: `now` by a container that runs, else what it was made to publish, where that is a certain port. Of
/// the same port on all addresses of both kinds, one is told.
pub(super) fn read(now: Option<PortMap>, made: Option<PortMap>) -> Vec<Published> {
    let now = all(now.unwrap_or_default());
    if now.is_empty() { all(made.unwrap_or_default()) } else { now }
}

fn all(ports: PortMap) -> Vec<Published> {
    let pairs = ports.into_iter().flat_map(|(inside, bindings)| {
        bindings.unwrap_or_default().into_iter().map(move |binding| (inside.clone(), binding))
    });
    let mut published: Vec<Published> = pairs
        .filter_map(|(inside, binding)| {
            let port: u16 = binding.host_port?.parse().ok().filter(|port| *port > 0)?;
            let host = binding.host_ip.unwrap_or_default();
            let address = match host.parse::<IpAddr>() {
                Ok(IpAddr::V6(ip)) if !ip.is_unspecified() => format!("[{ip}]:{port}"),
                Ok(IpAddr::V4(ip)) => format!("{ip}:{port}"),
                // "On all addresses" is written as nothing, as 0.0.0.0, and as ::, often both.
                Ok(IpAddr::V6(_)) | Err(_) => format!("0.0.0.0:{port}"),
            };
            Some(Published { inside, address })
        })
        .collect();
    published.sort_by_key(|port| (number(&port.inside), port.clone()));
    published.dedup();
    published.truncate(MOST);
    published
}

/// `80` of `80/tcp`, to have 80 before 8080.
fn number(inside: &str) -> u32 {
    inside.split('/').next().and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
}

/// Adds them as facts, one each, as `docker ps` writes them.
pub(super) fn tell(published: &[Published], evidence: &mut Evidence) {
    for Published { inside, address } in published {
        evidence.fact("published", format!("{address}->{inside}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(now: &str, made: &str) -> Vec<String> {
        let mut evidence = Evidence::new();
        tell(&read(serde_json::from_str(now).unwrap(), serde_json::from_str(made).unwrap()), &mut evidence);
        evidence.facts.into_iter().map(|fact| fact.value).collect()
    }

    #[test]
    fn ports_as_engines_write_them() {
        let now = r#"{"8080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "18081"}, {"HostIp": "::", "HostPort": "18081"}],
            "443/tcp": null, "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18080"}, {"HostIp": "::1", "HostPort": "18080"}]}"#;
        let expected = ["127.0.0.1:18080->80/tcp", "[::1]:18080->80/tcp", "0.0.0.0:18081->8080/tcp"];
        assert_eq!(told(now, "{}"), expected);
    }

    #[test]
    fn one_that_does_not_run_is_told_by_what_it_was_made_with() {
        let made = r#"{"80/tcp": [{"HostIp": "", "HostPort": "18080"}], "81/tcp": [{"HostIp": "", "HostPort": ""}]}"#;
        assert_eq!(told("{}", made), ["0.0.0.0:18080->80/tcp"]);
        assert_eq!(told("null", "null"), Vec::<String>::new());
    }
}
