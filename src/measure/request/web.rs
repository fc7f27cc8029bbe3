//! Looks over HTTP, as plain data.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

/// An HTTP request and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HttpCheck {
    /// Where.
    pub url: String,
    /// A unix socket to ask through, in place of the network. The host of `url` is then only a name for the server.
    pub socket: Option<PathBuf>,
    /// `GET` and so on.
    pub method: String,
    /// Headers by name.
    pub headers: Vec<(String, HeaderValue)>,
    /// What the `Authorization` header is made of.
    pub credential: Option<Credential>,
    /// Body to send.
    pub body: Option<String>,
    /// Most redirects that are followed; with 0 a redirect is an answer.
    pub redirects: u32,
    /// Whose certificates are accepted, and how long they must still hold.
    pub tls: TlsDemand,
    /// Status codes of success.
    pub status: Vec<u16>,
    /// Headers of the answer, and regular expressions that they must match.
    pub answer_headers: Vec<(String, String)>,
    /// JSON pointers into the body and the values that must stand there.
    pub json: Vec<(String, serde_json::Value)>,
    /// Regular expression that the body must match.
    pub matches: Option<String>,
    /// Longest time from the request to the head of the answer; with a load, of 95 in 100 requests.
    pub max_latency: Option<Duration>,
    /// Ask so often, and every answer must be right.
    pub load: Option<Load>,
}

impl HttpCheck {
    /// A plain `GET` that must be answered with 200.
    pub fn get(url: impl Into<String>) -> HttpCheck {
        HttpCheck {
            url: url.into(),
            socket: None,
            method: "GET".to_owned(),
            headers: Vec::new(),
            credential: None,
            body: None,
            redirects: 0,
            tls: TlsDemand::default(),
            status: vec![200],
            answer_headers: Vec::new(),
            json: Vec::new(),
            matches: None,
            max_latency: None,
            load: None,
        }
    }
}

/// The value of a header: written down, or named in the environment so that it is in no file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeaderValue {
    /// As written.
    Text(String),
    /// The value of an environment variable, looked up when the request is made.
    Env(String),
}

/// What an `Authorization` header is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Credential {
    /// A token.
    Bearer(Secret),
    /// A user and a password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
}

/// Where a secret stands. It is read when it is needed, and never shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Secret {
    /// In an environment variable.
    Env(String),
    /// In a file, without the blanks and line breaks at its ends.
    File(PathBuf),
}

/// What is demanded of the certificate of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct TlsDemand {
    /// Days for which it must still hold at least.
    pub days: Option<u32>,
    /// Who must have signed it.
    pub trust: Trust,
}

/// Whose certificates are accepted. An expired one, and one for another host, is accepted from nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trust {
    /// Those signed by an authority that the system trusts.
    #[default]
    System,
    /// Those signed by one of the certificates in this PEM file, and no others.
    File(PathBuf),
    /// Anybody's.
    Anybody,
}

/// Many requests at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Load {
    /// How many in all, [`Load::MOST_REQUESTS`] at most.
    pub requests: u32,
    /// How many at a time, [`Load::MOST_AT_ONCE`] at most.
    pub concurrency: u32,
}

impl Load {
    /// trueup looks; it is no tool to bring a service down.
    pub const MOST_REQUESTS: u32 = 10_000;

    /// Most requests under way at once.
    pub const MOST_AT_ONCE: u32 = 100;
}

/// A figure of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoadFigure {
    /// The median latency, in milliseconds.
    P50,
    /// The latency that 95 of 100 answers keep to, in milliseconds.
    P95,
    /// Requests that failed, of all.
    Errors,
    /// Requests that were answered as they should be, of all.
    Successes,
}

impl LoadFigure {
    /// Names, as trueup.toml writes them.
    pub const NAMES: &'static [&'static str] = &["p50", "p95", "errors", "successes"];

    /// The figure of that name.
    pub fn from_name(name: &str) -> Option<LoadFigure> {
        match name {
            "p50" => Some(LoadFigure::P50),
            "p95" => Some(LoadFigure::P95),
            "errors" => Some(LoadFigure::Errors),
            "successes" => Some(LoadFigure::Successes),
            _ => None,
        }
    }
}
