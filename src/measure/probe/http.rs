//! An HTTP endpoint: one request, and what must come of it.
//!
//! A pass with content to compare (`json`, `matches`) proves [`Rung::Functional`]; a status alone proves
//! [`Rung::Healthy`], which is what the endpoint says of itself: a single-page application answers 200 to every path.
//! "Asked" below is that rung. `rung` in trueup.toml overrides it.
//!
//! | seen | outcome | proved on the way |
//! |---|---|---|
//! | a status of the set, and the content expected | passed | |
//! | connection refused, no route to the host, no such name | failed at running: unreachable | |
//! | the connection attempt is not answered | failed at running: no answer | |
//! | the connection is closed or reset before a status | failed at asked: unreachable | |
//! | nothing within the time of the check | failed at asked: no answer | |
//! | something else than HTTP, headers without end, TLS that fails | failed at asked: protocol | |
//! | a certificate that is expired, not yet valid, for another host, self-signed, of an unknown authority | failed at asked: certificate | |
//! | a certificate that ends before `tls.days` are over | failed at asked: certificate | running |
//! | no certificate, where `tls.days` is given | failed at asked: wrong answer | running |
//! | another status (a redirect is one) | failed at asked: wrong answer; 401 unauthorized, 403 forbidden | running, but not for 502 and 504, which a gateway says of something behind it |
//! | with `redirects`: a circle, more than are followed, one to no address of HTTP | failed at asked: wrong answer | running |
//! | the body breaks off or does not end in time | failed at asked: protocol, no answer | running |
//! | other content, another header | failed at asked: wrong answer | running |
//! | all as expected, but after `max_latency` | failed at asked: slow | running |
//! | content beyond the first MiB; a pattern or pointer that is none | unmeasured: unreadable | running |
//! | the name server is away or slow, no network, no CA certificates, a proxy that may be the one who refuses | unmeasured: source away, timed out | |
//! | a certificate file of `tls.ca` that is not there, or is none | unmeasured: source away, unreadable | |
//! | an environment variable for a header, token or password is not set | unmeasured: not allowed | |
//! | a file with a token or password is not there, may not be read, or is none | unmeasured: source away, permission denied, unreadable | |
//! | with `socket`: no such socket, nobody listens at it | failed at running: unreachable | |
//! | with `socket`: a socket that may not be used | unmeasured: permission denied | |
//! | the time was over before the request began | unmeasured: timed out | |
//!
//! What may pass and is tried again: refused, closed, no answer, a body that broke off, too slow, 429 and 5xx.
//!
//! A body that is packed with gzip is unpacked; the bound of one MiB is on what comes out. A redirect is an answer, unless
//! `redirects` says how many are followed ([`redirect`](crate::measure::web)); one whose status is expected is an answer
//! always. Loopback addresses are never asked for at a proxy; others are, where the environment names one, as curl does it
//! (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`). A stream of events (`text/event-stream`) has no end, and its body
//! is not read.

use std::time::Duration;

use reqwest::header::HeaderValue;
use serde_json::Value;
use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::content::{self, Mismatch};
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::pattern;
use crate::measure::request::HttpCheck;
use crate::measure::source::Sources;
use crate::measure::web::{Answer, BODY_LIMIT, End, exchange};
use crate::rung::Rung;

pub mod load;

/// Longest value shown in a reason, in Unicode scalar values.
const SHOWN: usize = 80;

/// Bytes of a body of which the shown ones are taken.
const OPENING: usize = 16 << 10;

/// Makes the request once, or as often as its load says.
pub async fn look(check: &HttpCheck, context: Context<'_>) -> Look {
    let asked = asked_rung(check);
    if Instant::now() >= context.deadline {
        return Look::unmeasured(asked, super::no_time_left("http"));
    }
    match check.load {
        Some(load) => load::look(check, load, asked, context).await,
        None => once(check, context.sources, context.deadline).await.look,
    }
}

/// One request, and what is to be said of it.
struct Once {
    look: Look,
    /// The time to the head of the answer, where there was one.
    latency: Option<Duration>,
}

async fn once(check: &HttpCheck, sources: &Sources, deadline: Instant) -> Once {
    let asked = asked_rung(check);
    match exchange(check, sources, deadline).await {
        Ok(answer) => Once { look: judge(check, asked, &answer), latency: Some(answer.latency) },
        Err(fault) => Once { look: Look::of_fault(asked, fault), latency: None },
    }
}

/// The rung that a pass proves.
pub(super) fn asked_rung(check: &HttpCheck) -> Rung {
    if check.json.is_empty() && check.matches.is_none() { Rung::Healthy } else { Rung::Functional }
}

fn judge(check: &HttpCheck, asked: Rung, answer: &Answer) -> Look {
    let evidence = evidence_of(answer);
    let wrong = |reason: &str, evidence| {
        Look::failed(asked, FailureClass::WrongAnswer, answer.secrets.hide(reason), evidence)
            .having_proved(Rung::Running)
    };
    if let Some(reason) = &answer.lost {
        return wrong(reason, evidence);
    }
    if !check.status.contains(&answer.status) {
        return wrong_status(check, asked, answer, evidence);
    }
    if let Some((class, reason)) = ends_too_soon(check, answer) {
        return Look::failed(asked, class, reason, evidence).having_proved(Rung::Running);
    }
    if let End::Broken(down) = &answer.end {
        let look = Look::failed(asked, down.class, &down.reason, evidence).having_proved(Rung::Running);
        return if down.transient { look.transient() } else { look };
    }
    match head(check, answer).and_then(|head| Ok(head + &content(check, answer)?)) {
        Ok(seen) => match too_slow(check, answer) {
            // A load judges the latencies of all its requests together.
            Some(reason) if check.load.is_none() => {
                Look::failed(asked, FailureClass::Slow, reason, evidence).having_proved(Rung::Running).transient()
            }
            Some(_) | None => {
                Look::passed(asked, answer.secrets.hide(&format!("status {}{seen}", answer.status)), evidence)
            }
        },
        Err(Mismatch::Wrong(reason)) => wrong(&reason, evidence),
        Err(Mismatch::Unreadable(detail)) => {
            let unmeasured = Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: answer.place.clone() };
            let mut look = Look::unmeasured(asked, unmeasured).having_proved(Rung::Running);
            look.evidence = evidence;
            look
        }
    }
}

/// What is wrong with how long the certificate still holds.
fn ends_too_soon(check: &HttpCheck, answer: &Answer) -> Option<(FailureClass, String)> {
    let days = i64::from(check.tls.days?);
    let place = &answer.place;
    let Some(certificate) = &answer.certificate else {
        let reason = format!("`{place}` answered without a certificate, expected one for {days} more days");
        return Some((FailureClass::WrongAnswer, reason));
    };
    let left = certificate.days_left(jiff::Timestamp::now());
    (left < days).then(|| {
        let last = certificate.last_day();
        let reason = format!("the certificate of `{place}` ends on {last}, in {left} days; expected at least {days}");
        (FailureClass::Certificate, reason)
    })
}

fn too_slow(check: &HttpCheck, answer: &Answer) -> Option<String> {
    let most = check.max_latency?;
    (answer.latency > most)
        .then(|| format!("answered after {}, expected within {}", milliseconds(answer.latency), milliseconds(most)))
}

fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

/// Compares the headers. Says what was found, for the summary.
fn head(check: &HttpCheck, answer: &Answer) -> Result<String, Mismatch> {
    let mut seen = String::new();
    for (name, pattern) in &check.answer_headers {
        let compiled = pattern::compile(pattern).map_err(|unmeasured| Mismatch::Unreadable(unmeasured.detail))?;
        let values: Vec<_> = answer.headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        let shown = |value: &[u8]| plain(&answer.secrets.hide(&String::from_utf8_lossy(value)), SHOWN);
        match (values.iter().find(|value| compiled.is_match(value)), values.first()) {
            (Some(value), _) => seen.push_str(&format!("; header `{name}` is `{}`", shown(value))),
            (None, Some(value)) => {
                let found = shown(value);
                return Err(Mismatch::Wrong(format!("header `{name}` is `{found}`, which does not match `{pattern}`")));
            }
            (None, None) => {
                return Err(Mismatch::Wrong(format!("the answer has no header `{name}`, expected `{pattern}`")));
            }
        }
    }
    Ok(seen)
}

fn wrong_status(check: &HttpCheck, asked: Rung, answer: &Answer, evidence: Evidence) -> Look {
    let expected: Vec<_> = check.status.iter().map(u16::to_string).collect();
    let status = status_of(answer);
    let to = answer.location.as_deref().map_or_else(String::new, |to| format!(" to `{}`", plain(to, SHOWN)));
    let reason = answer.secrets.hide(&format!("status {status}{to}, expected {}", expected.join(" or ")));
    if answer.status == 407 && answer.proxied {
        let unmeasured = Unmeasured {
            cause: UnmeasuredCause::NotAllowed,
            detail: format!("the proxy of the environment wants credentials: {reason}"),
            source: "proxy of the environment".to_owned(),
        };
        return Look::unmeasured(asked, unmeasured);
    }
    let class = match answer.status {
        401 => FailureClass::Unauthorized,
        403 => FailureClass::Forbidden,
        _ => FailureClass::WrongAnswer,
    };
    let look = Look::failed(asked, class, reason, evidence);
    let look = if matches!(answer.status, 502 | 504) { look } else { look.having_proved(Rung::Running) };
    if answer.status == 429 || answer.status >= 500 { look.transient() } else { look }
}

/// Compares the body. Says what was found, for the summary.
fn content(check: &HttpCheck, answer: &Answer) -> Result<String, Mismatch> {
    let mut seen = String::new();
    if !check.json.is_empty() {
        seen = content::pointed(&json_body(answer)?, &check.json, "body", |value| short(value, answer))?;
    }
    if let Some(pattern) = &check.matches {
        let compiled = pattern::compile(pattern).map_err(|unmeasured| Mismatch::Unreadable(unmeasured.detail))?;
        match (compiled.is_match(&answer.body), &answer.end) {
            (true, _) => seen.push_str(&format!("; the body matches `{}`", plain(pattern, SHOWN))),
            (false, End::Cut | End::Stream) => {
                let detail = format!("{} without a match of `{pattern}`", what_was_read(answer));
                return Err(Mismatch::Unreadable(detail));
            }
            (false, End::Whole | End::Broken(_)) => {
                let found = start_of(answer);
                return Err(Mismatch::Wrong(format!("the body does not match `{pattern}`: {found}")));
            }
        }
    }
    Ok(seen)
}

fn json_body(answer: &Answer) -> Result<Value, Mismatch> {
    match answer.end {
        End::Cut | End::Stream => {
            Err(Mismatch::Unreadable(format!("{}, too little to read it as JSON", what_was_read(answer))))
        }
        End::Whole | End::Broken(_) => serde_json::from_slice(&answer.body)
            .map_err(|error| Mismatch::Wrong(format!("the body is no JSON ({error}): {}", start_of(answer)))),
    }
}

fn what_was_read(answer: &Answer) -> String {
    match answer.end {
        End::Stream => "the body is a stream of events, which is not read".to_owned(),
        End::Cut | End::Whole | End::Broken(_) => format!("the first {} KiB of the body were read", BODY_LIMIT >> 10),
    }
}

fn evidence_of(answer: &Answer) -> Evidence {
    let mut evidence = Evidence::new();
    let hide = |text: &str| answer.secrets.hide(text);
    evidence.fact("url", hide(&answer.place)).fact("status", status_of(answer));
    if let Some(kind) = &answer.content_type {
        evidence.fact("content type", hide(kind));
    }
    if let Some(to) = &answer.location {
        evidence.fact("location", hide(to));
    }
    evidence.fact("latency ms", answer.latency.as_millis().to_string());
    if answer.followed > 0 {
        evidence.fact("redirects", answer.followed.to_string());
    }
    if let Some(certificate) = &answer.certificate {
        evidence.fact("certificate ends", certificate.last_day()).fact("certificate issuer", &certificate.issuer);
    }
    let body = opening(answer);
    if !body.is_empty() {
        evidence.fact("body", body);
    }
    evidence
}

fn status_of(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.status_text).trim_end().to_owned()
}

/// The beginning of a body, on one line.
fn start_of(answer: &Answer) -> String {
    plain(&opening(answer), SHOWN)
}

/// The beginning of a body without secrets. They go before it is cut to what is shown, so that none is cut in half.
fn opening(answer: &Answer) -> String {
    let start = &answer.body[..answer.body.len().min(OPENING)];
    answer.secrets.hide(&String::from_utf8_lossy(start))
}

fn short(value: &Value, answer: &Answer) -> String {
    plain(&answer.secrets.hide(&value.to_string()), SHOWN)
}
