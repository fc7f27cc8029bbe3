//! HTTP clients, each made on first use.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use reqwest::{Client, ClientBuilder, Url, redirect};

use super::names::Names;
use super::trust;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::Trust;

/// The clients of one run.
///
/// Several of them, because what a client needs can be missing or slow: plain HTTP must not wait for the certificates of
/// the system, nor fail where there are none; and a loopback address must never be asked for at a proxy.
#[derive(Debug, Default)]
pub struct Clients {
    made: Mutex<HashMap<Key, Made>>,
    names: Names,
}

type Made = Result<Client, Unmeasured>;

/// What tells one client from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    proxied: bool,
    /// `None` for a client that never speaks TLS.
    trust: Option<Trust>,
    socket: Option<PathBuf>,
}

/// How an address is to be reached.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// Through this unix socket, in place of the network.
    pub socket: Option<&'a Path>,
    /// With whose certificates.
    pub trust: &'a Trust,
}

/// A client for one address.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The client.
    pub client: Client,
    /// Whether a proxy may stand between: then nobody knows whether the proxy or the host refused a connection.
    pub proxied: bool,
    /// The look-ups of names that the client has under way.
    pub names: Names,
}

impl Clients {
    /// The client for `url`.
    ///
    /// # Errors
    /// Where no client can be made: there are no certificates to trust.
    pub fn choose(&self, url: &Url, route: Route<'_>) -> Result<Chosen, Unmeasured> {
        let proxied = route.socket.is_none() && !is_loopback(url) && proxy_is_configured();
        // A proxy may itself be spoken to by TLS.
        let trust = (proxied || url.scheme() == "https").then(|| route.trust.clone());
        let key = Key { proxied, trust, socket: route.socket.map(Path::to_owned) };
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let client = made.entry(key).or_insert_with_key(|key| self.make(key));
        client.clone().map(|client| Chosen { client, proxied, names: self.names.clone() })
    }

    fn make(&self, key: &Key) -> Made {
        // Fails where a provider is installed already, and then there is one.
        rustls::crypto::ring::default_provider().install_default().ok();
        let mut builder = self.basics();
        if !key.proxied {
            builder = builder.no_proxy();
        }
        builder = match &key.trust {
            None => builder.tls_certs_only([]),
            Some(trust) => builder.tls_backend_preconfigured(trust::config(trust)?).tls_info(true),
        };
        #[cfg(unix)]
        if let Some(socket) = &key.socket {
            builder = builder.unix_socket(socket.clone());
        }
        builder.build().map_err(|error| {
            let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            Unmeasured {
                cause: UnmeasuredCause::SourceAway,
                detail: format!("no HTTP client could be made: {error}{cause}"),
                source: "HTTP client".to_owned(),
            }
        })
    }

    /// What all clients have in common. A redirect is an answer, and a connection serves one request: one that was left over
    /// from another check and closed meanwhile would look like a server that hangs up.
    fn basics(&self) -> ClientBuilder {
        Client::builder()
            .dns_resolver(self.names.clone())
            .user_agent(concat!("trueup/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .pool_max_idle_per_host(0)
    }
}

/// Whether `url` names this machine.
fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether the environment names a proxy.
fn proxy_is_configured() -> bool {
    let names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    names.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_address_is_known_in_every_spelling() {
        for (url, expected) in [
            ("http://localhost:1/", true),
            ("http://LOCALHOST/", true),
            ("http://api.localhost/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:80/", true),
            ("http://example.com/", false),
            ("http://localhost.example.com/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn a_client_is_made_once() {
        let clients = Clients::default();
        let choose =
            |url: &str, trust: &Trust| clients.choose(&Url::parse(url).unwrap(), Route { socket: None, trust });
        for url in ["http://127.0.0.1:1/", "http://127.0.0.1:2/"] {
            assert!(!choose(url, &Trust::System).unwrap().proxied);
        }
        choose("https://127.0.0.1:1/", &Trust::Anybody).unwrap();
        assert_eq!(clients.made.lock().unwrap().len(), 2);
        let nowhere = Trust::File("/nowhere/ca.pem".into());
        let fault = choose("https://127.0.0.1:1/", &nowhere).unwrap_err();
        assert_eq!(fault.cause, UnmeasuredCause::SourceAway);
        assert!(fault.detail.contains("/nowhere/ca.pem"), "{}", fault.detail);
    }
}
