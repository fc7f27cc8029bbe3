//! Where an engine listens.

use std::fmt;
use std::path::PathBuf;

use super::ssh::SshAddress;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::platform::engine::DEFAULT_ENGINE;

/// Port of an engine without TLS, where the address names none.
const PLAIN_PORT: u16 = 2375;

/// Port of an engine behind TLS, where the address names none.
const TLS_PORT: u16 = 2376;

/// Address of a container engine. One variant for each way to get there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A Unix socket, by its path.
    Unix(String),
    /// HTTP without TLS, as `host:port`.
    Tcp(String),
    /// HTTP behind TLS.
    Tls {
        /// `host:port`.
        authority: String,
        /// Folder with `ca.pem`, and `cert.pem` and `key.pem` where the engine asks for them.
        folder: PathBuf,
    },
    /// A named pipe of Windows.
    Pipe(String),
    /// Another machine, by way of the program `ssh` and the docker client there.
    Ssh(SshAddress),
    /// Inside a container, by way of the docker client there.
    Inside {
        /// The container, by name or id.
        container: String,
        /// Where the engine listens, as the container sees it; `None` for its default socket.
        host: Option<String>,
        /// The docker client there, and what stands before its own arguments.
        client: Vec<String>,
        /// The engine that the container is on.
        outer: Box<Address>,
    },
}

impl Address {
    /// Reads an address as `DOCKER_HOST` has it; an empty one is the default. `tls` is the folder that makes `tcp` TLS.
    ///
    /// # Errors
    /// `Unmeasured` for any scheme but `unix`, `tcp`, `http`, `https`, `ssh` and `npipe`.
    pub fn read(host: &str, tls: Option<PathBuf>) -> Result<Address, Unmeasured> {
        let host = if host.is_empty() { DEFAULT_ENGINE } else { host };
        let Some((scheme, rest)) = host.split_once("://") else {
            return Err(unusable(host, "expected unix:///path, tcp://host:port or ssh://user@host"));
        };
        let no_authority = || unusable(host, "expected tcp://host:port");
        match (scheme, tls) {
            ("unix", _) if rest.is_empty() => Err(unusable(host, "the path of the socket is missing")),
            ("unix", _) => Ok(Address::Unix(rest.to_owned())),
            ("npipe", _) => Ok(Address::Pipe(rest.to_owned())),
            ("tcp" | "https", Some(folder)) => {
                Ok(Address::Tls { authority: authority(rest, TLS_PORT).ok_or_else(no_authority)?, folder })
            }
            ("tcp" | "http", _) => Ok(Address::Tcp(authority(rest, PLAIN_PORT).ok_or_else(no_authority)?)),
            ("https", None) => Err(unusable(host, "https needs a folder with ca.pem: DOCKER_CERT_PATH, or `tls`")),
            ("ssh", _) => SshAddress::parse(rest).map(Address::Ssh).map_err(|why| unusable(host, why)),
            _ => Err(unusable(host, "expected unix:///path, tcp://host:port or ssh://user@host")),
        }
    }

    /// Reads an address that is not behind TLS.
    ///
    /// # Errors
    /// As [`Address::read`].
    pub fn parse(host: &str) -> Result<Address, Unmeasured> {
        Address::read(host, None)
    }

    /// The name of the engine as a source: the same text in every finding.
    pub fn source(&self) -> String {
        format!("docker {self}")
    }

    /// Whether the way there starts programs, here or in a container (what `--no-exec` refuses).
    pub fn starts_programs(&self) -> bool {
        match self {
            Address::Ssh(_) | Address::Inside { .. } => true,
            Address::Unix(_) | Address::Tcp(_) | Address::Tls { .. } | Address::Pipe(_) => false,
        }
    }

    /// Whether the engine's processes may be processes of this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Address::Unix(_) => true,
            Address::Inside { outer, .. } => outer.is_local(),
            Address::Tcp(_) | Address::Tls { .. } | Address::Pipe(_) | Address::Ssh(_) => false,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Unix(path) => write!(f, "unix://{path}"),
            Address::Tcp(authority) => write!(f, "tcp://{authority}"),
            Address::Tls { authority, .. } => write!(f, "tcp+tls://{authority}"),
            Address::Pipe(path) => write!(f, "npipe://{path}"),
            Address::Ssh(address) => write!(f, "{address}"),
            Address::Inside { container, host: Some(host), outer, .. } => {
                write!(f, "{host} inside `{container}` of {outer}")
            }
            Address::Inside { container, host: None, outer, .. } => write!(f, "inside `{container}` of {outer}"),
        }
    }
}

/// `host`, `host:port` or either with a slash behind, without user information.
fn authority(rest: &str, port: u16) -> Option<String> {
    let authority = rest.trim_end_matches('/');
    if authority.is_empty() || authority.contains(['/', '@', '?', '#', ' ']) {
        return None;
    }
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Some(if has_port { authority.to_owned() } else { format!("{authority}:{port}") })
}

/// An address that leads nowhere. A password in it is no business of any output.
pub(super) fn unusable(host: &str, why: &str) -> Unmeasured {
    let shown = match (host.split_once("://"), host.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, after))) => format!("{scheme}://{after}"),
        _ => host.to_owned(),
    };
    Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("the engine's address is `{shown}`: {why}"),
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
        let tls = Address::read("tcp://box", Some(PathBuf::from("/certs"))).unwrap();
        assert_eq!(tls, Address::Tls { authority: "box:2376".to_owned(), folder: PathBuf::from("/certs") });
        assert_eq!(tls.to_string(), "tcp+tls://box:2376");
        assert_eq!(Address::parse("ssh://me@box").unwrap().source(), "docker ssh://me@box");
        // What is behind TLS for tcp is no matter for a socket.
        assert_eq!(Address::read("unix:///run/x.sock", Some(PathBuf::from("/certs"))), Ok(unix("/run/x.sock")));
    }

    #[test]
    fn what_it_cannot_reach_it_says() {
        for host in ["/run/x.sock", "unix://", "tcp://", "ftp://x", "ssh://-x", "https://box"] {
            let unmeasured = Address::parse(host).unwrap_err();
            assert_eq!(unmeasured.cause, UnmeasuredCause::SourceAway);
            assert!(unmeasured.source.starts_with("docker "), "{host}");
        }
        for host in ["tcp://me:secret@host:1", "ssh://me:secret@host"] {
            assert!(!format!("{:?}", Address::parse(host).unwrap_err()).contains("secret"));
        }
    }

    #[test]
    fn an_engine_in_a_container_names_both() {
        let inner = Address::Inside {
            container: "dind".to_owned(),
            host: Some("unix:///run/inner.sock".to_owned()),
            client: vec!["docker".to_owned()],
            outer: Box::new(Address::Unix("/run/x.sock".to_owned())),
        };
        assert_eq!(inner.to_string(), "unix:///run/inner.sock inside `dind` of unix:///run/x.sock");
        assert!(inner.starts_programs() && inner.is_local());
    }
}
