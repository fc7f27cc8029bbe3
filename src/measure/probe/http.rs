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
//! | a certificate that is not accepted | failed at asked: configuration | |
//! | another status (a redirect is one) | failed at asked: wrong answer; 401 unauthorized, 403 forbidden | running, but not for 502 and 504, which a gateway says of something behind it |
//! | the body breaks off or does not end in time | failed at asked: protocol, no answer | running |
//! | other content | failed at asked: wrong answer | running |
//! | content beyond the first MiB; a pattern or pointer that is none | unmeasured: unreadable | running |
//! | the name server is away or slow, no network, no CA certificates, a proxy that may be the one who refuses | unmeasured: source away, timed out | |
//! | an environment variable for a header is not set | unmeasured: not allowed | |
//! | the time was over before the request began | unmeasured: timed out | |
//!
//! What may pass and is tried again: refused, closed, no answer, a body that broke off, 429 and 5xx.
//!
//! Nothing is followed: a redirect is an answer. Loopback addresses are never asked for at a proxy. A stream of events
//! (`text/event-stream`) has no end, and its body is not read.

use serde_json::Value;
use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::HttpCheck;
use crate::measure::web::{Answer, BODY_LIMIT, End, exchange};
use crate::measure::{pattern, pointer};
use crate::rung::Rung;

/// Longest value shown in a reason, in Unicode scalar values.
const SHOWN: usize = 80;

/// Bytes of a body of which the shown ones are taken.
const OPENING: usize = 16 << 10;

/// Makes the request once.
pub async fn look(check: &HttpCheck, context: Context<'_>) -> Look {
    let asked = asked_rung(check);
    if Instant::now() >= context.deadline {
        return Look::unmeasured(asked, super::no_time_left("http"));
    }
    match exchange(check, context.sources, context.deadline).await {
        Ok(answer) => judge(check, asked, &answer),
        Err(fault) => Look::of_fault(asked, fault),
    }
}

/// The rung that a pass proves.
pub(super) fn asked_rung(check: &HttpCheck) -> Rung {
    if check.json.is_empty() && check.matches.is_none() { Rung::Healthy } else { Rung::Functional }
}

fn judge(check: &HttpCheck, asked: Rung, answer: &Answer) -> Look {
    let evidence = evidence_of(answer);
    if !check.status.contains(&answer.status) {
        return wrong_status(check, asked, answer, evidence);
    }
    if let End::Broken(down) = &answer.end {
        let look = Look::failed(asked, down.class, &down.reason, evidence).having_proved(Rung::Running);
        return if down.transient { look.transient() } else { look };
    }
    match content(check, answer) {
        Ok(seen) => Look::passed(asked, answer.secrets.hide(&format!("status {}{seen}", answer.status)), evidence),
        Err(Mismatch::Wrong(reason)) => {
            Look::failed(asked, FailureClass::WrongAnswer, answer.secrets.hide(&reason), evidence)
                .having_proved(Rung::Running)
        }
        Err(Mismatch::Unreadable(detail)) => {
            let unmeasured = Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: answer.place.clone() };
            let mut look = Look::unmeasured(asked, unmeasured).having_proved(Rung::Running);
            look.evidence = evidence;
            look
        }
    }
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

/// Why the content is not what was expected.
enum Mismatch {
    Wrong(String),
    Unreadable(String),
}

/// Compares the body. Says what was found, for the summary.
fn content(check: &HttpCheck, answer: &Answer) -> Result<String, Mismatch> {
    let mut seen = String::new();
    if !check.json.is_empty() {
        let body = json_body(answer)?;
        for (pointer, expected) in &check.json {
            if let Some(fault) = pointer::fault(pointer) {
                return Err(Mismatch::Unreadable(fault));
            }
            let found = body.pointer(pointer).ok_or_else(|| {
                Mismatch::Wrong(format!("the body has no `{pointer}`, expected {}", short(expected, answer)))
            })?;
            if !same(found, expected) {
                let (found, expected) = (short(found, answer), short(expected, answer));
                return Err(Mismatch::Wrong(format!("`{pointer}` is {found}, expected {expected}")));
            }
            seen.push_str(&format!("; `{pointer}` is {}", short(found, answer)));
        }
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

/// Whether two JSON values are the same; 1 and 1.0 are.
fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => found == expected || found.as_f64() == expected.as_f64(),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| same(found, expected))
        }
        (Value::Object(found), Value::Object(expected)) => {
            found.len() == expected.len()
                && expected.iter().all(|(key, expected)| found.get(key).is_some_and(|found| same(found, expected)))
        }
        (found, expected) => found == expected,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_nothing_else_is() {
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        for (found, expected, is_same) in [
            ("1", "1.0", true),
            ("1", "\"1\"", false),
            ("[1, {\"a\": 2.0}]", "[1.0, {\"a\": 2}]", true),
            ("[1]", "[1, 2]", false),
            ("{\"a\": 1, \"b\": 2}", "{\"a\": 1}", false),
            ("null", "false", false),
            ("\"ok\"", "\"ok\"", true),
            ("9007199254740993", "9007199254740993", true),
        ] {
            assert_eq!(same(&json(found), &json(expected)), is_same, "{found} and {expected}");
        }
    }
}
