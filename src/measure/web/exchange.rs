//! A request out, an answer in, both bounded.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::{Method, Response, Url};
use tokio::time::{Instant, timeout_at};

use super::body::{BODY_LIMIT, End, body};
use super::certificate::Certificate;
use super::client::{Chosen, Route};
use super::fault;
use super::headers::{headers, password, wrong};
use super::redirect::{Leg, Next, Trail};
use super::secret::{Secrets, place_of, shown};
use crate::failure::FailureClass;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::reach::{self, Down, Fault};
use crate::measure::request::HttpCheck;
use crate::measure::source::Sources;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The address that answered, as output shows it: where the last redirect led.
    pub place: String,
    /// Number of redirects that were followed.
    pub followed: usize,
    /// Why redirects lead nowhere, in one line.
    pub lost: Option<String>,
    /// Status code.
    pub status: u16,
    /// The words that belong to the status code, where it is a known one.
    pub status_text: &'static str,
    /// Headers, which may hold secrets.
    pub headers: HeaderMap,
    /// Type of the body, as the server names it.
    pub content_type: Option<String>,
    /// Where a redirect leads, as output shows it.
    pub location: Option<String>,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// How the body ended.
    pub end: End,
    /// Time from the start of the first request to the status line and headers of the last answer.
    pub latency: Duration,
    /// The certificate of the server, where it has one.
    pub certificate: Option<Certificate>,
    /// What must not be shown of any of this.
    pub secrets: Secrets,
    /// Whether a proxy may have given the answer.
    pub proxied: bool,
}

/// Makes the request of `check`, whatever status it expects, and returns by `deadline`.
///
/// # Errors
/// Where there is no answer: the host is down, or the request could not be made.
pub async fn exchange(check: &HttpCheck, sources: &Sources, deadline: Instant) -> Result<Answer, Fault> {
    exchange_up_to(check, BODY_LIMIT, sources, deadline).await
}

/// The same, with a body of up to `limit` bytes.
///
/// # Errors
/// As [`exchange`].
pub async fn exchange_up_to(
    check: &HttpCheck,
    limit: usize,
    sources: &Sources,
    deadline: Instant,
) -> Result<Answer, Fault> {
    let first = parse_url(&check.url).map_err(Fault::Unknown)?;
    let headers = headers(check).map_err(Fault::Unknown)?;
    let method = Method::from_bytes(check.method.as_bytes()).map_err(|_| {
        Fault::Unknown(wrong(format!("`{}` is no HTTP method; expected `GET` or the like", check.method)))
    })?;
    let mut secrets = Secrets::of(&first, &headers);
    if let Some(password) = password(check) {
        secrets.add(&password);
    }
    let mut leg = Leg { method, url: first.clone(), headers, body: check.body.clone() };
    let mut trail = Trail::new(check.redirects);
    let began = Instant::now();
    loop {
        // Through the socket there is one server; what it calls another is not behind it.
        let socket = check.socket.as_deref().filter(|_| leg.url.origin() == first.origin());
        let route = Route { socket, trust: &check.tls.trust };
        let mut reply = send(&leg, route, sources, deadline).await?;
        let latency = began.elapsed();
        let status = reply.response.status();
        let to = text_of(reply.response.headers(), &LOCATION);
        let stays = check.status.contains(&status.as_u16());
        let next = if stays { Next::Stay } else { trail.next(&leg, status.as_u16(), to.as_deref()) };
        let lost = match next {
            Next::Go(next) => {
                leg = *next;
                continue;
            }
            Next::Stay => None,
            Next::Lost(why) => Some(why),
        };
        let place = shown(&leg.url);
        let content_type = text_of(reply.response.headers(), &CONTENT_TYPE);
        let streams = content_type.as_ref().is_some_and(|kind| kind.starts_with("text/event-stream"));
        let (body, end) = body(&mut reply.response, streams, &place, limit, deadline).await;
        return Ok(Answer {
            place,
            followed: trail.followed(),
            lost,
            status: status.as_u16(),
            status_text: status.canonical_reason().unwrap_or_default(),
            headers: reply.response.headers().clone(),
            content_type,
            location: to.map(|location| shown_location(&location)),
            body,
            end,
            latency,
            certificate: certificate(&reply.response),
            secrets,
            proxied: reply.proxied,
        });
    }
}

/// The same, made once in a run for all who ask the same. What came too late for one is asked again for another.
///
/// # Errors
/// As [`exchange`].
pub async fn exchange_once(
    check: &HttpCheck,
    limit: usize,
    sources: &Sources,
    deadline: Instant,
) -> Result<Arc<Answer>, Fault> {
    let asking = async {
        let answer = exchange_up_to(check, limit, sources, deadline).await.map(Arc::new);
        let late = match &answer {
            Ok(answer) => matches!(&answer.end, End::Broken(down) if down.class == FailureClass::NoAnswer),
            Err(Fault::Down(down)) => down.class == FailureClass::NoAnswer,
            Err(Fault::Unknown(unknown)) => unknown.cause == UnmeasuredCause::TimedOut,
        };
        if late { Err(answer) } else { Ok(answer) }
    };
    let question = format!("{limit} {check:?}");
    let answered = sources.shared().answers.ask(question, deadline, asking).await;
    answered.unwrap_or_else(|| Err(Fault::Down(silent(&place_of(&check.url)))))
}

struct Reply {
    response: Response,
    proxied: bool,
}

/// Makes one request of a chain.
async fn send(leg: &Leg, route: Route<'_>, sources: &Sources, deadline: Instant) -> Result<Reply, Fault> {
    let url = leg.url.clone();
    let place = shown(&url);
    let chosen = sources.web().choose(&url, route).map_err(Fault::Unknown)?;
    let address = url.host_str().zip(url.port_or_known_default()).map(|(host, port)| format!("{host}:{port}"));
    let address = address.filter(|_| route.socket.is_none());
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut request = chosen.client.request(leg.method.clone(), url).headers(leg.headers.clone());
    if let Some(body) = &leg.body {
        request = request.body(body.clone());
    }
    let mut sending = pin!(request.send());
    let sent = match timeout_at(deadline, sending.as_mut()).await {
        Ok(sent) => sent,
        Err(_) if chosen.names.is_looking_up(&host) => return Err(Fault::Unknown(reach::slow_lookup(&place))),
        Err(_) => return Err(Fault::Down(silent(&place))),
    };
    match sent {
        Ok(response) => Ok(Reply { response, proxied: chosen.proxied }),
        Err(error) => {
            let place = route.socket.map_or(place, |socket| socket.display().to_string());
            Err(weigh(&place, address, &error, chosen.proxied, deadline).await)
        }
    }
}

/// What `error` means for a request to `url`.
pub(in crate::measure) async fn unanswered(
    url: &Url,
    error: &reqwest::Error,
    chosen: &Chosen,
    deadline: Instant,
) -> Fault {
    let address = url.host_str().zip(url.port_or_known_default()).map(|(host, port)| format!("{host}:{port}"));
    weigh(&shown(url), address, error, chosen.proxied, deadline).await
}

/// The same for a request that went to `place`; `address` is where a second look at the host can go.
async fn weigh(
    place: &str,
    address: Option<String>,
    error: &reqwest::Error,
    proxied: bool,
    deadline: Instant,
) -> Fault {
    let fault = fault::of_request(place, error, proxied);
    match (fault, address) {
        (Fault::Unknown(unknown), Some(address)) if error.is_connect() && !proxied && !error.is_dns() => {
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

fn certificate(response: &Response) -> Option<Certificate> {
    Certificate::read(response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?)
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

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn shown_location(location: &str) -> String {
    Url::parse(location)
        .map_or_else(|_| location.split(['?', '#']).next().unwrap_or_default().to_owned(), |location| shown(&location))
}
