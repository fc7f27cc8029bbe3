//! Where the targets of a group are looked at.

use reqwest::Url;

use crate::config::policy::Policy;
use crate::measure::measurement::TargetMeasurement;
use crate::measure::request::{Check, CheckRequest, TcpPlace};

/// Facts of a check that say where it went.
const FACTS: [&str; 3] = ["address", "url", "socket"];

/// Addresses and URLs that checks of `target` go to, each once: those that trueup.toml says, and those that were seen. A
/// user name, a password and what follows the path are left out: they can hold a secret.
pub(super) fn addresses(policy: &Policy, group: &str, target: &TargetMeasurement) -> Vec<String> {
    let request = policy.groups.iter().find(|known| known.name == group).map(|known| &known.request);
    let own = request.and_then(|request| request.targets.iter().find(|known| known.name == target.name));
    let own: &[CheckRequest] = own.map_or(&[], |own| &own.checks);
    // One of its own takes the place of the group's of the same kind.
    let replaced = |check: &CheckRequest| own.iter().any(|own| own.check.name() == check.check.name());
    let shared = request.into_iter().flat_map(|request| &request.checks).filter(|check| !replaced(check));
    let checks = own.iter().chain(shared);
    let said = checks.filter_map(said);
    let facts = target.checks.iter().flat_map(|check| &check.evidence.facts);
    let seen = facts.filter(|fact| FACTS.contains(&fact.name.as_str())).map(|fact| bare(&fact.value));
    let mut addresses: Vec<String> = Vec::new();
    for address in said.chain(seen) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

fn said(check: &CheckRequest) -> Option<String> {
    if let Check::Http(http) = &check.check {
        return Some(bare(&http.url));
    }
    if let Check::Tcp(tcp) = &check.check {
        return Some(match &tcp.place {
            TcpPlace::Port(address) => address.clone(),
            TcpPlace::Socket(path) => path.display().to_string(),
        });
    }
    None
}

/// Whether who looks at `looked`, an address or a URL, looks at the port that is `published` at an address of its engine's
/// machine. On all addresses of that machine means by whatever name it is called.
pub(super) fn leads_to(looked: &str, published: &str) -> bool {
    let (Some((host, port)), Some((at, by))) = (place(looked), place(published)) else { return false };
    let is_here = |host: &str| host == "localhost" || host.starts_with("127.") || host == "[::1]";
    port == by && (host == at || at == "0.0.0.0" || is_here(&host) && is_here(&at))
}

/// Host and port of an address or a URL.
fn place(text: &str) -> Option<(String, u16)> {
    if let Ok(url) = Url::parse(text)
        && let Some(host) = url.host_str()
    {
        return Some((host.to_owned(), url.port_or_known_default()?));
    }
    let (host, port) = text.rsplit_once(':')?;
    Some((host.to_owned(), port.parse().ok()?))
}

/// A URL without what can hold a secret; anything else as it is.
fn bare(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    if !url.has_host() {
        return text.to_owned();
    }
    // Neither fails where there is a host.
    _ = url.set_username("");
    _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::document::source::SourceFile;
    use crate::failure::FailureClass;
    use crate::render::example;
    use crate::rung::Rung;

    #[test]
    fn who_looks_at_a_published_port_is_known_by_host_and_port() {
        for (looked, published, expected) in [
            ("http://localhost:8080/health", "0.0.0.0:8080", true),
            ("https://example.org/", "0.0.0.0:443", true),
            ("127.0.0.1:5432", "127.0.0.1:5432", true),
            ("localhost:5432", "[::1]:5432", true),
            ("192.0.2.1:5432", "127.0.0.1:5432", false),
            ("http://localhost:8080/", "0.0.0.0:80", false),
            ("/run/app.sock", "0.0.0.0:80", false),
        ] {
            assert_eq!(leads_to(looked, published), expected, "{looked} {published}");
        }
    }

    #[test]
    fn what_trueup_toml_says_and_what_was_seen_stand_once_each() {
        let text = "[group.api.target.one]\ncheck.http = { url = 'http://me:secret@127.0.0.1:8080/health?token=x#y' }\n\
            check.tcp = { address = 'localhost:5432' }\n[group.api.target.two]\ncheck.tcp = { address = 'other:1' }\n";
        let file = Arc::new(SourceFile::new("trueup.toml", text));
        let policy = config::parse(&file, Path::new("/p")).unwrap().policy;
        let mut check = example::failed("http", Rung::Functional, FailureClass::Unreachable, "refused");
        check.evidence.fact("url", "http://127.0.0.1:8080/health?…").fact("peer", "127.0.0.1:9");
        let target = example::target("one", vec![check]);
        assert_eq!(addresses(&policy, "api", &target), ["http://127.0.0.1:8080/health", "localhost:5432"]);
        assert_eq!(addresses(&policy, "gone", &example::target("x", vec![])), Vec::<String>::new());
    }
}
