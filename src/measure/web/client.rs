//! HTTP clients, each made on first use.

use std::net::IpAddr;
use std::sync::OnceLock;

use reqwest::{Client, ClientBuilder, Url, redirect};

use super::names::Names;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};

/// The clients of one run.
///
/// Three of them, because what a client needs can be missing or slow: plain HTTP must not wait for the certificates of the
/// system, nor fail where there are none; and a loopback address must never be asked for at a proxy.
#[derive(Debug, Default)]
pub struct Clients {
    plain: OnceLock<Made>,
    tls: OnceLock<Made>,
    proxied: OnceLock<Made>,
    names: Names,
}

type Made = Result<Client, Unmeasured>;

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
    /// Where no client can be made: the system has no certificates to trust.
    pub fn choose(&self, url: &Url) -> Result<Chosen, Unmeasured> {
        let proxied = !is_loopback(url) && proxy_is_configured();
        let made = match (proxied, url.scheme() == "https") {
            (true, _) => self.proxied.get_or_init(|| make(self.basics())),
            (false, true) => self.tls.get_or_init(|| make(self.basics().no_proxy())),
            (false, false) => self.plain.get_or_init(|| make(self.basics().no_proxy().tls_certs_only([]))),
        };
        made.clone().map(|client| Chosen { client, proxied, names: self.names.clone() })
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

fn make(builder: ClientBuilder) -> Made {
    // Fails where a provider is installed already, and then there is one.
    rustls::crypto::ring::default_provider().install_default().ok();
    builder.build().map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
        Unmeasured {
            cause: UnmeasuredCause::SourceAway,
            detail: format!("no HTTP client could be made: {error}{cause}; install the CA certificates of the system"),
            source: "CA certificates".to_owned(),
        }
    })
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
        let url = Url::parse("http://127.0.0.1:1/").unwrap();
        assert!(!clients.choose(&url).unwrap().proxied);
        assert!(clients.plain.get().is_some() && clients.tls.get().is_none() && clients.proxied.get().is_none());
    }
}
