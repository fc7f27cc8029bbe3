//! A request out, an answer in, both bounded.

use std::pin::pin;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, Url};
use tokio::time::{Instant, timeout_at};

use super::client::Chosen;
use super::fault;
use super::secret::{Secrets, names_a_credential, shown};
use crate::failure::FailureClass;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::reach::{self, Down, Fault};
use crate::measure::request::{self, HttpCheck};
use crate::measure::source::Sources;

/// Most bytes of a body that are read.
pub const BODY_LIMIT: usize = 1 << 20;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The address that was asked, as output shows it.
    pub place: String,
    /// Status code.
    pub status: u16,
    /// The words that belong to the status code, where it is a known one.
    pub status_text: &'static str,
    /// Type of the body, as the server names it.
    pub content_type: Option<String>,
    /// Where a redirect leads, as output shows it.
    pub location: Option<String>,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// How the body ended.
    pub end: End,
    /// Time from the start of the request to the status line and headers.
    pub latency: Duration,
    /// What must not be shown of any of this.
    pub secrets: Secrets,
    /// Whether a proxy may have given the answer.
    pub proxied: bool,
}

/// How a body ended.
#[derive(Debug)]
pub enum End {
    /// It was read to its end.
    Whole,
    /// It is longer than [`BODY_LIMIT`]; the rest was not read.
    Cut,
    /// It is a stream of events, which has no end, and was not read.
    Stream,
    /// It broke off, or did not end in time.
    Broken(Down),
}

/// Makes the request of `check`, whatever status it expects, and returns by `deadline`.
///
/// # Errors
/// Where there is no answer: the host is down, or the request could not be made.
pub async fn exchange(check: &HttpCheck, sources: &Sources, deadline: Instant) -> Result<Answer, Fault> {
    let url = parse_url(&check.url).map_err(Fault::Unknown)?;
    let place = shown(&url);
    let headers = headers(&check.headers).map_err(Fault::Unknown)?;
    let method = Method::from_bytes(check.method.as_bytes()).map_err(|_| {
        Fault::Unknown(wrong(format!("`{}` is no HTTP method; expected `GET` or the like", check.method)))
    })?;
    let chosen = sources.web().choose(&url).map_err(Fault::Unknown)?;
    let secrets = Secrets::of(&url, &headers);
    let asked = url.clone();
    let host = url.host_str().unwrap_or_default().to_owned();
    let began = Instant::now();
    let mut request = chosen.client.request(method, url).headers(headers);
    if let Some(body) = &check.body {
        request = request.body(body.clone());
    }
    let mut sending = pin!(request.send());
    let sent = match timeout_at(deadline, sending.as_mut()).await {
        Ok(sent) => sent,
        Err(_) if chosen.names.is_looking_up(&host) => return Err(Fault::Unknown(reach::slow_lookup(&place))),
        Err(_) => return Err(Fault::Down(silent(&place))),
    };
    let mut response = match sent {
        Ok(response) => response,
        Err(error) => {
            return Err(unanswered(&asked, &error, &chosen, deadline).await);
        }
    };
    let latency = began.elapsed();
    let status = response.status();
    let (body, end) = body(&mut response, &place, deadline).await;
    Ok(Answer {
        place,
        status: status.as_u16(),
        status_text: status.canonical_reason().unwrap_or_default(),
        content_type: text_of(response.headers(), &CONTENT_TYPE),
        location: text_of(response.headers(), &LOCATION).map(|location| shown_location(&location)),
        body,
        end,
        latency,
        secrets,
        proxied: chosen.proxied,
    })
}

/// What `error` means for a request to `url`.
pub(in crate::measure) async fn unanswered(
    url: &Url,
    error: &reqwest::Error,
    chosen: &Chosen,
    deadline: Instant,
) -> Fault {
    let fault = fault::of_request(&shown(url), error, chosen.proxied);
    let address = url.host_str().zip(url.port_or_known_default()).map(|(host, port)| format!("{host}:{port}"));
    match (fault, address) {
        (Fault::Unknown(unknown), Some(address)) if error.is_connect() && !chosen.proxied && !error.is_dns() => {
            second_opinion(&address, unknown, deadline).await
        }
        (fault, _) => fault,
    }
}

/// The client reports the last address of several that it tried; where that one has no route from here (IPv6 on a
/// machine without it), another may have refused, and that is the answer.
async fn second_opinion(address: &str, unknown: Unmeasured, deadline: Instant) -> Fault {
    reach::connect(address, deadline).await.err().unwrap_or(Fault::Unknown(unknown))
}

async fn body(response: &mut Response, place: &str, deadline: Instant) -> (Vec<u8>, End) {
    let status = response.status().as_u16();
    let streams = text_of(response.headers(), &CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/event-stream"));
    if streams {
        return (Vec::new(), End::Stream);
    }
    let mut body = Vec::new();
    let end = loop {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                let room = BODY_LIMIT - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() > room {
                    break End::Cut;
                }
            }
            Ok(Ok(None)) => break End::Whole,
            Ok(Err(error)) => break End::Broken(fault::of_body(place, status, &error)),
            Err(_) => {
                let reason = format!("`{place}` answered {status} and did not end its body in time");
                break End::Broken(Down::misbehaves(FailureClass::NoAnswer, reason, true));
            }
        }
    };
    (body, end)
}

fn silent(place: &str) -> Down {
    Down::misbehaves(FailureClass::NoAnswer, format!("no answer from `{place}` in time"), true)
}

/// The address written as `url`.
///
/// # Errors
/// Where it is none, or not one of HTTP.
pub(in crate::measure) fn parse_url(url: &str) -> Result<Url, Unmeasured> {
    // What was written may hold a password, and a text that is no address cannot be stripped of it.
    let parsed =
        Url::parse(url).map_err(|error| wrong(format!("the `url` of an http check is no address: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        let scheme = parsed.scheme();
        return Err(wrong(format!("`{scheme}` is no scheme of an http check; expected `http` or `https`")));
    }
    Ok(parsed)
}

/// Headers as they are sent; those that carry a credential are marked sensitive.
///
/// # Errors
/// Where one is none, or the variable that it takes its value from is not set.
pub(in crate::measure) fn headers(written: &[(String, request::HeaderValue)]) -> Result<HeaderMap, Unmeasured> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| wrong(format!("`{name}` is no name of a header; expected letters, digits and `-`")))?;
        let (text, secret) = match value {
            request::HeaderValue::Text(text) => (text.clone(), names_a_credential(name)),
            request::HeaderValue::Env(variable) => (from_environment(name, variable)?, true),
        };
        let mut value = HeaderValue::from_str(text.trim()).map_err(|_| {
            wrong(format!("the value of header `{name}` has characters that no header may have (a line break?)"))
        })?;
        value.set_sensitive(secret);
        headers.append(header, value);
    }
    Ok(headers)
}

/// The value of `variable`. An empty one is what a CI system gives for a secret that a pull request may not see.
fn from_environment(header: &str, variable: &str) -> Result<String, Unmeasured> {
    let why = match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => return Ok(value),
        Ok(_) => "is empty",
        Err(std::env::VarError::NotPresent) => "is not set",
        Err(std::env::VarError::NotUnicode(_)) => "is not text",
    };
    Err(Unmeasured {
        cause: UnmeasuredCause::NotAllowed,
        detail: format!("environment variable `{variable}` {why}, and header `{header}` takes its value from there"),
        source: format!("environment variable {variable}"),
    })
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn shown_location(location: &str) -> String {
    Url::parse(location)
        .map_or_else(|_| location.split(['?', '#']).next().unwrap_or_default().to_owned(), |location| shown(&location))
}

fn wrong(detail: String) -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: "trueup.toml".to_owned() }
}
