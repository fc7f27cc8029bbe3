//! The address of a server over HTTP: requests to it, and what an answer means that is no message.

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use tokio::time::Instant;

use crate::failure::FailureClass;
use crate::measure::evidence::plain;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::reach::{Down, Fault};
use crate::measure::redact::Redactor;
use crate::measure::request::{McpWeb, Trust};
use crate::measure::source::Sources;
use crate::measure::web::client::{Chosen, Route};
use crate::measure::web::{parse_url, shown, unanswered, written};

/// Redirects that are followed; only within the same host, since they carry the headers.
const REDIRECTS: usize = 3;

/// Longest piece of an answer that is quoted.
const QUOTE: usize = 120;

/// Headers whose values are no secrets whoever wrote them.
const OPEN: &[&str] = &["accept", "accept-language", "content-type", "user-agent"];

/// Where a server is, and what every request to it carries.
#[derive(Clone, Debug)]
pub struct Door {
    chosen: Chosen,
    /// Where requests go.
    pub url: Url,
    headers: HeaderMap,
    deadline: Instant,
}

impl Door {
    /// Makes ready for the server at `web`. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the address or a header is none, or a variable that one needs is not set.
    pub fn open(web: &McpWeb, sources: &Sources, deadline: Instant) -> Result<Door, Unmeasured> {
        let url = parse_url(&web.url)?;
        let headers = written(&web.headers)?;
        let chosen = sources.web().choose(&url, Route { socket: None, trust: &Trust::default() })?;
        Ok(Door { chosen, url, headers, deadline })
    }

    /// The address as output shows it.
    pub fn place(&self) -> String {
        shown(&self.url)
    }

    /// Hides the credentials that requests carry.
    pub fn redactor(&self) -> Redactor {
        let values = self.headers.iter().filter(|(name, _)| !OPEN.contains(&name.as_str()));
        let values: Vec<_> = values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        let user = self.url.password().unwrap_or(self.url.username());
        let queries: Vec<_> = self.url.query_pairs().map(|(_, value)| value.into_owned()).collect();
        let all = values.iter().chain(&queries).map(String::as_str).chain([user]);
        Redactor::new().with_values(all)
    }

    /// Whether the name of the host is being looked up at this moment.
    pub fn is_looking_up(&self) -> bool {
        self.chosen.names.is_looking_up(self.url.host_str().unwrap_or_default())
    }

    /// Sends one request and follows redirects within the host.
    ///
    /// # Errors
    /// [`Fault`] where there is no answer.
    pub async fn send(
        &mut self,
        method: Method,
        own: &[(HeaderName, HeaderValue)],
        body: Option<&str>,
    ) -> Result<Response, Fault> {
        for _ in 0..REDIRECTS {
            let mut request = self.request(method.clone(), own);
            if let Some(body) = body {
                request = request.header(CONTENT_TYPE, "application/json").body(body.to_owned());
            }
            let response = match request.send().await {
                Ok(response) => response,
                Err(error) => {
                    return Err(unanswered(&self.url, &error, &self.chosen, self.deadline).await);
                }
            };
            match self.redirect(&response) {
                Some(url) => self.url = url,
                None => return Ok(response),
            }
        }
        Err(Fault::Down(Down::misbehaves(
            FailureClass::Protocol,
            format!("`{}` redirects more than {REDIRECTS} times", self.place()),
            false,
        )))
    }

    /// A request to the address, with the headers of every request.
    pub fn request(&self, method: Method, own: &[(HeaderName, HeaderValue)]) -> RequestBuilder {
        let mut headers = self.headers.clone();
        for (name, value) in own {
            headers.insert(name, value.clone());
        }
        self.chosen.client.request(method, self.url.clone()).headers(headers)
    }

    fn redirect(&self, response: &Response) -> Option<Url> {
        // 301 to 303 make a GET of it, which asks another question.
        if !matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
            return None;
        }
        let to = self.url.join(text(response, &LOCATION)?.as_str()).ok()?;
        (to.origin() == self.url.origin()).then_some(to)
    }

    /// What an answer means that holds no message.
    pub fn refusal(&self, response: &Response) -> Fault {
        let place = self.place();
        let status = response.status();
        let told = format!("`{place}` answered {status}");
        let down = |class, reason, transient| Fault::Down(Down::misbehaves(class, reason, transient));
        let proxied = |what: &str| {
            Fault::Unknown(Unmeasured {
                cause: UnmeasuredCause::SourceAway,
                detail: format!("{told}; {what}"),
                source: "proxy of the environment".to_owned(),
            })
        };
        match status.as_u16() {
            401 => {
                let wants = text(response, &WWW_AUTHENTICATE).map_or_else(String::new, |wants| {
                    format!("; it wants `{}`", plain(wants.split([' ', ',']).next().unwrap_or_default(), QUOTE))
                });
                down(FailureClass::Unauthorized, format!("{told}{wants}"), false)
            }
            403 => down(FailureClass::Forbidden, format!("{told}{}", self.other_name()), false),
            407 if self.chosen.proxied => proxied("the proxy wants credentials"),
            502 | 504 if self.chosen.proxied => proxied("whether the host or the proxy is down, nobody can tell"),
            502 | 504 => {
                let reason = format!("{told}: a gateway is there, and nothing behind it");
                down(FailureClass::Unreachable, reason, true)
            }
            429 | 500 | 503 | 505..=599 => down(FailureClass::Unknown, told, true),
            300..=399 => {
                let to = text(response, &LOCATION).and_then(|to| self.url.join(&to).ok()).map(|to| shown(&to));
                let reason = format!("{told}, a redirect to `{}`", to.unwrap_or_default());
                down(FailureClass::Protocol, reason, false)
            }
            _ => {
                let kind = match kind(response) {
                    Some(kind) => format!(" with `{}`", plain(&kind, QUOTE)),
                    None => String::new(),
                };
                down(FailureClass::Protocol, format!("{told}{kind}, and no JSON-RPC message"), false)
            }
        }
    }

    /// Servers that check the `Host` they are called by know one spelling of this machine, and not the other.
    fn other_name(&self) -> &'static str {
        match self.url.host_str() {
            Some("localhost") => "; perhaps it allows `127.0.0.1` and not `localhost`",
            Some("127.0.0.1" | "[::1]") => "; perhaps it allows `localhost` and not the address",
            Some(_) | None => "",
        }
    }
}

/// The type of the body, without parameters.
pub fn kind(response: &Response) -> Option<String> {
    let kind = text(response, &CONTENT_TYPE)?;
    Some(kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// What both kinds of answer are called.
pub fn accepting(kinds: &'static str) -> (HeaderName, HeaderValue) {
    (ACCEPT, HeaderValue::from_static(kinds))
}

fn text(response: &Response, name: &HeaderName) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
