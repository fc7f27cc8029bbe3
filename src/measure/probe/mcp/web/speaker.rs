//! A JSON-RPC client over HTTP.

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::door::{Door, accepting, kind};
use super::events::{Broken, Event, Events};
use crate::failure::FailureClass;
use crate::measure::probe::mcp::ear::{Call, Ear, notification, request};
use crate::measure::probe::mcp::peer::{Fault, Heed, Peer};
use crate::measure::probe::mcp::transcript::Transcript;
use crate::measure::probe::mcp::wire::LINE_LIMIT;
use crate::measure::reach::{self, Down};
use crate::measure::request::McpTransport;
use crate::measure::web::of_body;

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const REVISION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// Events that a stream may carry between a request and its answer.
const MOST_EVENTS: usize = 10_000;

/// A client.
#[derive(Debug)]
pub struct Speaker {
    door: Door,
    way: Way,
    ear: Ear,
    session: Option<HeaderValue>,
    revision: Option<HeaderValue>,
    /// `_meta` of every request, in the revisions that want it; they want more headers too.
    meta: Option<Value>,
    /// Notifications that go before the next request.
    pending: Vec<Value>,
}

/// How the server is spoken to.
#[derive(Debug)]
enum Way {
    /// Nothing was said yet, and this was configured.
    Unknown(McpTransport),
    /// The answer to a message comes with it.
    Streamable,
    /// Answers come on a stream of events; messages go to the second address.
    Old(Box<(Events, Door)>),
}

impl Peer for Speaker {
    async fn request<T: DeserializeOwned>(&mut self, method: &'static str, params: Value) -> Result<T, Fault> {
        let id = self.ear.fresh_id();
        let name = params.get("name").and_then(Value::as_str).map(str::to_owned);
        let message = request(&id, method, params, self.meta.as_ref());
        if matches!(self.way, Way::Unknown(McpTransport::Sse)) {
            let stream = self.open_stream().await.map_err(Fault::Web)?;
            self.way = Way::Old(Box::new(stream));
        }
        for notification in std::mem::take(&mut self.pending) {
            // Whatever comes of it: a server that minds says so to the next request.
            self.post(&notification, None).await.map_err(Fault::Web)?;
        }
        let response = self.post(&message, name.as_deref()).await.map_err(Fault::Web)?;
        match &mut self.way {
            Way::Old(_) if response.status().is_success() => self.answer_on_stream(&id, method).await,
            Way::Old(_) => Err(self.no_message(&response)),
            Way::Streamable => self.answer(response, &id, method).await,
            Way::Unknown(_) => {
                let old = matches!(response.status().as_u16(), 400 | 404 | 405);
                let first = self.answer(response, &id, method).await;
                if !(old && matches!(first, Err(Fault::Web(_)))) {
                    self.way = Way::Streamable;
                    return first;
                }
                match self.open_stream().await {
                    Ok(stream) => self.way = Way::Old(Box::new(stream)),
                    // Its first answer tells more than that it has no stream of events either.
                    Err(_) => return first,
                }
                let response = self.post(&message, name.as_deref()).await.map_err(Fault::Web)?;
                if !response.status().is_success() {
                    return Err(self.no_message(&response));
                }
                self.answer_on_stream(&id, method).await
            }
        }
    }

    fn notify(&mut self, method: &'static str) {
        self.pending.push(notification(method));
    }

    fn speak(&mut self, revision: &str, meta: Option<Value>) {
        self.revision = HeaderValue::from_str(revision).ok();
        self.meta = meta;
    }
}

impl Speaker {
    /// A client of the server behind `door`.
    pub fn new(door: Door, transport: McpTransport, transcript: Transcript) -> Speaker {
        let mut ear = Ear::new(format!("trueup-{:016x}-", fastrand::u64(..)));
        ear.heed.transcript = transcript;
        let (session, revision, meta) = (None, None, None);
        Speaker { door, way: Way::Unknown(transport), ear, session, revision, meta, pending: Vec::new() }
    }

    /// Where the server is.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// What was heard besides answers.
    pub fn heed(&self) -> &Heed {
        &self.ear.heed
    }

    /// How the server is spoken to, in words.
    pub fn transport(&self) -> &'static str {
        match self.way {
            Way::Unknown(McpTransport::Http) | Way::Streamable => "streamable HTTP",
            Way::Unknown(McpTransport::Sse) | Way::Old(_) => "HTTP with server-sent events (the older way)",
        }
    }

    /// Whether the server opened a session.
    pub fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// The request that ends the session, where there is one.
    pub fn farewell(self) -> Option<RequestBuilder> {
        self.session.as_ref()?;
        Some(self.door.request(Method::DELETE, &self.headers(None, None)))
    }

    fn headers(&self, method: Option<&str>, name: Option<&str>) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = vec![accepting("application/json, text/event-stream")];
        headers.extend(self.session.clone().map(|session| (SESSION, session)));
        headers.extend(self.revision.clone().map(|revision| (REVISION, revision)));
        if self.meta.is_some() {
            let value = |text: Option<&str>| text.and_then(|text| HeaderValue::from_str(text).ok());
            headers.extend(value(method).map(|method| (METHOD, method)));
            headers.extend(value(name).map(|name| (NAME, name)));
        }
        headers
    }

    /// Sends one message.
    async fn post(&mut self, message: &Value, name: Option<&str>) -> Result<Response, reach::Fault> {
        let headers = self.headers(message.get("method").and_then(Value::as_str), name);
        let body = message.to_string();
        self.ear.heed.transcript.sent(&body);
        let door = match &mut self.way {
            Way::Old(stream) => &mut stream.1,
            Way::Unknown(_) | Way::Streamable => &mut self.door,
        };
        let response = door.send(Method::POST, &headers, Some(&body)).await?;
        let told = format!("HTTP {} {}", response.status(), kind(&response).unwrap_or_default());
        self.ear.heed.transcript.heard(&told);
        Ok(response)
    }

    /// The answer that comes with `response`.
    async fn answer<T: DeserializeOwned>(
        &mut self,
        response: Response,
        id: &str,
        method: &'static str,
    ) -> Result<T, Fault> {
        let status = response.status();
        if method == "initialize" && status.is_success() {
            self.session = response.headers().get(SESSION).cloned();
        }
        if status.as_u16() == 404 && self.session.is_some() {
            let reason = format!("`{}` has forgotten the session that it opened (404)", self.door.place());
            return Err(Fault::Web(reach::Fault::Down(Down::misbehaves(FailureClass::Protocol, reason, true))));
        }
        if status.is_success() && kind(&response).as_deref() == Some("text/event-stream") {
            let mut events = Events::of(response);
            for _ in 0..MOST_EVENTS {
                let event = events.next().await.map_err(|broken| self.broken(&broken))?;
                if let Some(answer) = self.take_event(&event, id, method).await {
                    return answer;
                }
            }
            return Err(Fault::Flood);
        }
        let no_message = self.no_message(&response);
        let body = self.body(response).await?;
        // An error of HTTP may carry one of JSON-RPC, and a list of messages was allowed for a while.
        let messages: Vec<Vec<u8>> = match serde_json::from_slice::<Value>(&body) {
            Ok(Value::Array(list)) => list.iter().map(|message| message.to_string().into_bytes()).collect(),
            Ok(_) => vec![body],
            // The text of a refusal is no noise of a server that works.
            Err(_) if !status.is_success() => Vec::new(),
            Err(_) => vec![body],
        };
        for message in &messages {
            if let Some(answer) = self.take(message, id, method).await {
                return answer;
            }
        }
        match self.ear.heed.stray.take() {
            Some(error) => Err(Fault::Refused { method, error }),
            None => Err(no_message),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Fault> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= LINE_LIMIT => body.extend_from_slice(&chunk),
                Ok(Some(_)) => return Err(Fault::Flood),
                Ok(None) => return Ok(body),
                Err(error) => {
                    return Err(Fault::Web(reach::Fault::Down(of_body(&self.door.place(), status, &error))));
                }
            }
        }
    }

    async fn answer_on_stream<T: DeserializeOwned>(&mut self, id: &str, method: &'static str) -> Result<T, Fault> {
        for _ in 0..MOST_EVENTS {
            let Way::Old(stream) = &mut self.way else { break };
            let event = stream.0.next().await;
            let event = event.map_err(|broken| self.broken(&broken))?;
            if let Some(answer) = self.take_event(&event, id, method).await {
                return answer;
            }
        }
        Err(Fault::Flood)
    }

    async fn take_event<T: DeserializeOwned>(
        &mut self,
        event: &Event,
        id: &str,
        method: &'static str,
    ) -> Option<Result<T, Fault>> {
        match event.kind.as_str() {
            "" | "message" => self.take(&event.data, id, method).await,
            _ => None,
        }
    }

    async fn take<T: DeserializeOwned>(
        &mut self,
        message: &[u8],
        id: &str,
        method: &'static str,
    ) -> Option<Result<T, Fault>> {
        match self.ear.take(message, id, method) {
            Call::Answer(answer) => Some(answer),
            Call::Reply(reply) => match self.post(&reply, None).await {
                Ok(_) => None,
                Err(fault) => Some(Err(Fault::Web(fault))),
            },
            Call::Nothing => None,
        }
    }

    /// Opens the stream of events of the older way, and waits for the address that it names.
    async fn open_stream(&mut self) -> Result<(Events, Door), reach::Fault> {
        let response = self.door.send(Method::GET, &[accepting("text/event-stream")], None).await?;
        self.ear.heed.transcript.sent("GET text/event-stream");
        if !response.status().is_success() || kind(&response).as_deref() != Some("text/event-stream") {
            return Err(self.door.refusal(&response));
        }
        let mut events = Events::of(response);
        loop {
            let event = events.next().await.map_err(|broken| match self.broken(&broken) {
                Fault::Web(fault) => fault,
                _ => self.misbehaves("the stream of events names no endpoint"),
            })?;
            if event.kind != "endpoint" {
                continue;
            }
            let named = String::from_utf8_lossy(&event.data).trim().to_owned();
            let mut door = self.door.clone();
            door.url = match self.door.url.join(&named) {
                Ok(url) if url.origin() == self.door.url.origin() => url,
                // Our headers are not for strangers.
                Ok(_) | Err(_) => return Err(self.misbehaves("the stream of events names an endpoint elsewhere")),
            };
            return Ok((events, door));
        }
    }

    fn misbehaves(&self, what: &str) -> reach::Fault {
        let reason = format!("`{}`: {what}", self.door.place());
        reach::Fault::Down(Down::misbehaves(FailureClass::Protocol, reason, false))
    }

    fn no_message(&self, response: &Response) -> Fault {
        Fault::Web(self.door.refusal(response))
    }

    fn broken(&self, broken: &Broken) -> Fault {
        match broken {
            Broken::TooLong => Fault::Flood,
            Broken::Ended => Fault::Web(self.misbehaves("the stream of events ended without the answer")),
            Broken::Error(error) => Fault::Web(reach::Fault::Down(of_body(&self.door.place(), 200, error))),
        }
    }
}
