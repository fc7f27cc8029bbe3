//! Where an engine listens.

use std::fmt;

use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::platform::engine::DEFAULT_ENGINE;

/// Port of an engine without TLS, where the address names none.
const PORT: u16 = 2375;

/// Address of a container engine. One variant for each way to get there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A Unix socket, by its path.
    Unix(String),
    /// HTTP without TLS, as `host:port`.
    Tcp(String),
    /// A named pipe of Windows.
    Pipe(String),
}

impl Address {
    /// The engine that `DOCKER_HOST` names, else the one at the default socket of this system.
    ///
    /// # Errors
    /// `Unmeasured` where the variable holds what trueup cannot connect to.
    pub fn from_environment() -> Result<Address, Unmeasured> {
        let host = std::env::var("DOCKER_HOST").unwrap_or_default();
        let tls = std::env::var("DOCKER_TLS_VERIFY").is_ok_and(|value| !value.is_empty());
        if tls && host.starts_with("tcp://") {
            return Err(unusable(&host, "DOCKER_TLS_VERIFY asks for TLS, which trueup does not speak to engines yet"));
        }
        Address::parse(&host)
    }

    /// Reads an address as `DOCKER_HOST` has it; an empty one is the default.
    ///
    /// # Errors
    /// `Unmeasured` for any scheme but `unix`, `tcp`, `http` and `npipe`.
    pub fn parse(host: &str) -> Result<Address, Unmeasured> {
        let host = if host.is_empty() { DEFAULT_ENGINE } else { host };
        let Some((scheme, rest)) = host.split_once("://") else {
            return Err(unusable(host, "expected unix:///path or tcp://host:port"));
        };
        match scheme {
            "unix" if rest.is_empty() => Err(unusable(host, "the path of the socket is missing")),
            "unix" => Ok(Address::Unix(rest.to_owned())),
            "npipe" => Ok(Address::Pipe(rest.to_owned())),
            "tcp" | "http" => tcp(rest).ok_or_else(|| unusable(host, "expected tcp://host:port")),
            "ssh" => Err(unusable(host, "trueup does not go through ssh yet; forward the socket and name that")),
            _ => Err(unusable(host, "expected unix:///path or tcp://host:port")),
        }
    }

    /// The name of the engine as a source: the same text in every finding.
    pub fn source(&self) -> String {
        format!("docker {self}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{path}"),
            Address::Tcp(authority) => write!(f, "tcp://{authority}"),
            Address::Pipe(path) => write!(f, "npipe://{path}"),
        }
    }
}

/// `host`, `host:port` or either with a slash behind, without user information.
fn tcp(rest: &str) -> Option<Address> {
    let authority = rest.trim_end_matches('/');
    if authority.is_empty() || authority.contains(['/', '@', '?', '#', ' ']) {
        return None;
    }
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Some(Address::Tcp(if has_port { authority.to_owned() } else { format!("{authority}:{PORT}") }))
}

fn unusable(host: &str, why: &str) -> Unmeasured {
    // A password in an address is no business of any output.
    let shown = match (host.split_once("://"), host.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://{after}"),
        _ => host.to_owned(),
    };
    Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("DOCKER_HOST is `{shown}`: {why}"),
        source: format!("docker {shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_docker_reads_them() {
        let unix = |path: &str| Address::Unix(path.to_owned());
        let tcp = |authority: &str| Address::Tcp(authority.to_owned());
        assert_eq!(Address::parse("unix:///run/x.sock"), Ok(unix("/run/x.sock")));
        assert_eq!(Address::parse("tcp://localhost:1234"), Ok(tcp("localhost:1234")));
        assert_eq!(Address::parse("tcp://localhost/"), Ok(tcp("localhost:2375")));
        assert_eq!(Address::parse("tcp://[::1]:99"), Ok(tcp("[::1]:99")));
        assert_eq!(Address::parse("").map(|address| address.to_string()), Ok(DEFAULT_ENGINE.to_owned()));
        assert_eq!(unix("/run/x.sock").source(), "docker unix:///run/x.sock");
    }

    #[test]
    fn what_it_cannot_reach_it_says() {
        for host in ["/run/x.sock", "unix://", "tcp://", "ftp://x", "ssh://me@host"] {
            let unmeasured = Address::parse(host).unwrap_err();
            assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
            assert!(unmeasured.source.starts_with("docker "), "{host}");
        }
        let with_password = Address::parse("tcp://me:secret@host:1").unwrap_err();
        assert!(!format!("{with_password:?}").contains("secret"));
    }
}
