//! A number in the JSON body of an HTTP answer.

use serde_json::Value;
use tokio::time::Instant;

use super::{Seen, pointed, timed_out, unreadable};
use crate::failure::FailureClass;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::reach::{Down, Fault};
use crate::measure::request::HttpCheck;
use crate::measure::source::Sources;
use crate::measure::web::{Answer, BODY_LIMIT, End, exchange_once, place_of};
use crate::quantity::Quantity;

pub(super) async fn measure(
    request: &HttpCheck,
    value: &str,
    total: Option<&str>,
    sources: &Sources,
    deadline: Instant,
) -> Seen {
    let mut evidence = Evidence::new();
    let answer = match exchange_once(request, BODY_LIMIT, sources, deadline).await {
        Ok(answer) => answer,
        Err(Fault::Unknown(unmeasured)) => return (Err(unmeasured), evidence),
        Err(Fault::Down(down)) => return (Err(away(&place_of(&request.url), &down)), evidence),
    };
    evidence.fact("url", answer.secrets.hide(&answer.place)).fact("status", answer.status.to_string());
    evidence.fact("value", value).fact("latency ms", answer.latency.as_millis().to_string());
    let number = number(request, &answer, value, total)
        .map_err(|unmeasured| Unmeasured { detail: answer.secrets.hide(&unmeasured.detail), ..unmeasured });
    (number, evidence)
}

fn number(request: &HttpCheck, answer: &Answer, value: &str, total: Option<&str>) -> Result<Quantity, Unmeasured> {
    let place = &answer.place;
    if !request.status.contains(&answer.status) {
        let expected: Vec<_> = request.status.iter().map(u16::to_string).collect();
        let detail = format!("`{place}` answered {}, expected {}", answer.status, expected.join(" or "));
        let cause = match answer.status {
            401 | 403 | 407 => UnmeasuredCause::PermissionDenied,
            500.. => UnmeasuredCause::SourceAway,
            _ => UnmeasuredCause::Unreadable,
        };
        return Err(Unmeasured { cause, detail, source: place.clone() });
    }
    match &answer.end {
        End::Whole => {}
        End::Broken(down) => return Err(away(place, down)),
        End::Cut | End::Stream => {
            let detail = format!(
                "`{place}` answered with more than {} KiB, or a stream; expected one JSON document",
                BODY_LIMIT >> 10
            );
            return Err(unreadable(place, detail));
        }
    }
    let document: Value = serde_json::from_slice(&answer.body).map_err(|error| {
        // Blotted out before it is cut, so that no secret is cut in half.
        let body = plain(&answer.secrets.hide(&String::from_utf8_lossy(&answer.body)), 60);
        unreadable(place, format!("`{place}` answered with no JSON ({error}): `{body}`"))
    })?;
    pointed::quantity(&document, value, total, &answer.secrets)
        .map_err(|detail| unreadable(place, format!("`{place}`: {detail}")))
}

/// An endpoint that is down has no number to give.
pub(super) fn away(source: &str, down: &Down) -> Unmeasured {
    if down.class == FailureClass::NoAnswer {
        return timed_out(source, down.reason.clone());
    }
    Unmeasured { cause: UnmeasuredCause::SourceAway, detail: down.reason.clone(), source: source.to_owned() }
}
