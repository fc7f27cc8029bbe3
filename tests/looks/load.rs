use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::evidence::Evidence;
use trueup::measure::measurement::{MetricOutcome, UnmeasuredCause};
use trueup::measure::metric;
use trueup::measure::request::{Check, HttpCheck, Load, LoadFigure, MetricSource};
use trueup::measure::source::Sources;
use trueup::quantity::Quantity;
use trueup::rung::Rung;

use crate::endpoint::{Act, Endpoint, nobody};
use crate::http::request;
use crate::{failed, look, look_within, passed, unmeasured};

fn loaded(url: &str, requests: u32, concurrency: u32) -> HttpCheck {
    HttpCheck { load: Some(Load { requests, concurrency }), ..request(url) }
}

/// A server of which every `nth` answer is 500.
async fn failing_every(nth: usize) -> Endpoint {
    let count = AtomicUsize::new(0);
    Endpoint::new(Act::Choose(Arc::new(move |_| {
        let status = if count.fetch_add(1, Ordering::SeqCst) % nth == nth - 1 { "500 Oops" } else { "200 OK" };
        format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").into_bytes()
    })))
    .await
}

#[tokio::test]
async fn every_request_of_a_load_must_be_answered_right() {
    let server = Endpoint::answering("200 OK", "", "").await;
    let seen = look(&Check::Http(loaded(&server.url("/"), 40, 8))).await;
    assert!(passed(&seen).starts_with("40 requests, 8 at a time; half within "), "{seen:?}");
    assert_eq!((server.requests().len(), seen.proved), (40, Some(Rung::Healthy)));
    assert_eq!(seen.evidence.get("failed"), Some("0"));
    assert!(seen.evidence.get("p95 ms").is_some());
    let server = failing_every(10).await;
    let seen = look(&Check::Http(loaded(&server.url("/"), 40, 8))).await;
    let reason = "4 of 40 requests failed: status 500 Internal Server Error, expected 200";
    assert_eq!(failed(&seen), (FailureClass::WrongAnswer, reason));
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), true));
    let seen = look(&Check::Http(loaded(&format!("http://{}/", nobody().await), 5, 5))).await;
    assert_eq!(failed(&seen).0, FailureClass::Unreachable);
    assert_eq!((seen.rung, seen.proved), (Rung::Running, None));
}

#[tokio::test]
async fn a_load_is_judged_by_the_latency_of_nearly_all() {
    let server =
        Endpoint::new(Act::Late(Duration::from_millis(40), b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".into()))
            .await;
    let check = |most| HttpCheck { max_latency: Some(most), ..loaded(&server.url("/"), 10, 5) };
    passed(&look(&Check::Http(check(Duration::from_secs(10)))).await);
    let seen = look(&Check::Http(check(Duration::from_millis(20)))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::Slow);
    assert!(reason.starts_with("95 in 100 of 10 requests were answered within "), "{reason}");
    assert_eq!((seen.proved, seen.transient), (Some(Rung::Running), true));
}

#[tokio::test]
async fn silence_ends_a_load_in_time() {
    let server = Endpoint::new(Act::Silence).await;
    let check = Check::Http(loaded(&server.url("/"), 10_000, 100));
    let seen = look_within(&check, Duration::from_millis(300)).await;
    assert_eq!(failed(&seen).0, FailureClass::NoAnswer);
    assert!(server.requests().len() <= 100, "{}", server.requests().len());
    let seen = look_within(&check, Duration::ZERO).await;
    assert_eq!(unmeasured(&seen).0, UnmeasuredCause::TimedOut);
}

async fn figures(request: &HttpCheck, time: Duration) -> Vec<(MetricOutcome, Evidence)> {
    let sources = Sources::new(false);
    let deadline = Instant::now() + time;
    let all = [LoadFigure::P50, LoadFigure::P95, LoadFigure::Errors, LoadFigure::Successes];
    let sources_of = all.map(|figure| MetricSource::HttpLoad { request: request.clone(), figure });
    futures_util::future::join_all(sources_of.iter().map(|source| metric::measure(source, &sources, deadline))).await
}

#[tokio::test]
async fn figures_of_one_load_are_taken_from_one_load() {
    let server = failing_every(4).await;
    let seen = figures(&loaded(&server.url("/"), 20, 4), Duration::from_secs(20)).await;
    let quantity = |at: usize| match &seen[at].0 {
        MetricOutcome::Measured(quantity) => *quantity,
        MetricOutcome::Unmeasured(why) => panic!("{why:?}"),
    };
    assert_eq!(server.requests().len(), 20, "four figures, one load");
    assert!(quantity(0).value > 0.0 && quantity(0).value <= quantity(1).value, "{seen:?}");
    assert_eq!(quantity(0).total, None);
    assert_eq!(quantity(2), Quantity { value: 5.0, total: Some(20.0) });
    assert_eq!(quantity(3), Quantity { value: 15.0, total: Some(20.0) });
    assert_eq!(seen[1].1.get("failed"), Some("5"));
}

#[tokio::test]
async fn a_load_that_nobody_answers_has_errors_and_no_latency() {
    let seen = figures(&loaded(&format!("http://{}/", nobody().await), 5, 5), Duration::from_secs(20)).await;
    assert!(
        matches!(&seen[1].0, MetricOutcome::Unmeasured(why) if why.cause == UnmeasuredCause::Unreadable),
        "{seen:?}"
    );
    let all = Quantity { value: 5.0, total: Some(5.0) };
    assert!(matches!(&seen[2].0, MetricOutcome::Measured(quantity) if *quantity == all), "{seen:?}");
    let silent = Endpoint::new(Act::Silence).await;
    let seen = figures(&loaded(&silent.url("/"), 50, 5), Duration::from_millis(300)).await;
    for (outcome, _) in seen {
        assert!(
            matches!(&outcome, MetricOutcome::Unmeasured(why) if why.cause == UnmeasuredCause::TimedOut),
            "{outcome:?}"
        );
    }
}
