//! What must not be shown: credentials in headers and addresses, also where an answer echoes them.

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};

/// Shortest part of a credential that is looked for on its own; shorter ones would blot out ordinary words.
const SHORTEST_PART: usize = 6;

/// Texts to blot out.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(***)")
    }
}

impl Secrets {
    /// The credentials of a request: header values marked sensitive, and the password in the address.
    pub fn of(url: &Url, headers: &HeaderMap<HeaderValue>) -> Secrets {
        let mut secrets = Secrets::default();
        for value in headers.values().filter(|value| value.is_sensitive()) {
            secrets.add(&String::from_utf8_lossy(value.as_bytes()));
        }
        // A token may stand alone, where the user does.
        secrets.add(url.password().unwrap_or(url.username()));
        secrets
    }

    /// Adds `secret`, and the longer of its words: of `Bearer abc123`, a server echoes the second alone.
    pub(super) fn add(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        self.0.push(secret.to_owned());
        self.0.extend(secret.split_whitespace().filter(|part| part.len() >= SHORTEST_PART).map(str::to_owned));
        self.0.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// `text` with every secret replaced by `***`.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

/// Whether a header of this name carries a credential, as far as names tell.
pub(super) fn names_a_credential(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    ["authorization", "cookie", "token", "secret", "key", "password"].iter().any(|word| header.contains(word))
}

/// `url` as output shows it: without user, password and fragment, and `?…` for a query, which may hold a token.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for addresses that cannot have a user.
    url.set_username("").ok();
    url.set_password(None).ok();
    url.set_fragment(None);
    let query = url.query().is_some();
    url.set_query(None);
    format!("{url}{}", if query { "?…" } else { "" })
}

/// The address written as `url`, as output shows it.
pub fn place_of(url: &str) -> String {
    // A text that is no address may still hold a password.
    Url::parse(url).map_or_else(|_| "an address that is none".to_owned(), |url| shown(&url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_blotted_out_wherever_they_turn_up() {
        let mut headers = HeaderMap::new();
        let mut value = HeaderValue::from_static("Bearer abc123xyz");
        value.set_sensitive(true);
        headers.insert("authorization", value);
        headers.insert("accept", HeaderValue::from_static("application/json"));
        let url = Url::parse("http://me:hunter2@x/?token=t#f").unwrap();
        let secrets = Secrets::of(&url, &headers);
        assert_eq!(
            secrets.hide("Bearer abc123xyz, abc123xyz, hunter2, application/json"),
            "***, ***, ***, application/json"
        );
        assert_eq!(format!("{secrets:?}"), "Secrets(***)");
        assert_eq!(shown(&url), "http://x/?…");
    }

    #[test]
    fn headers_of_credentials_are_known_by_name() {
        for name in ["Authorization", "Proxy-Authorization", "Cookie", "X-Api-Key", "PRIVATE-TOKEN"] {
            assert!(names_a_credential(name), "{name}");
        }
        assert!(!names_a_credential("Accept") && !names_a_credential("Host"));
    }
}
