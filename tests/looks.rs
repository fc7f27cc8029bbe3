//! Every look that needs no engine and no program, against real peers on loopback and a real file system.
//!
//! Each test asks for one thing above all: is what was seen told as "it is down", or as "we could not look"?

#[path = "looks/dns.rs"]
mod dns;
#[path = "looks/endpoint.rs"]
mod endpoint;
#[path = "looks/exchange.rs"]
mod exchange;
#[path = "looks/file.rs"]
mod file;
#[path = "looks/http.rs"]
mod http;
#[path = "looks/load.rs"]
mod load;
#[path = "looks/metric.rs"]
mod metric;
#[path = "looks/peers.rs"]
mod peers;
#[cfg(target_os = "linux")]
#[path = "looks/permission.rs"]
mod permission;
#[path = "looks/process.rs"]
mod process;
#[path = "looks/prometheus.rs"]
mod prometheus;
#[path = "looks/proxy.rs"]
mod proxy;
#[path = "looks/redirect.rs"]
mod redirect;
#[path = "looks/report.rs"]
mod report;
#[path = "looks/repository.rs"]
mod repository;
#[path = "looks/run.rs"]
mod run;
#[path = "support/repository.rs"]
mod scratch;
#[path = "support/peers.rs"]
mod support;
#[path = "looks/tcp.rs"]
mod tcp;
#[path = "looks/text.rs"]
mod text;
#[path = "looks/tls.rs"]
mod tls;

use std::time::Duration;

use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::discover::Handle;
use trueup::measure::measurement::{Outcome, Unmeasured, UnmeasuredCause};
use trueup::measure::probe::{self, Context, Look};
use trueup::measure::request::Check;
use trueup::measure::source::Sources;

/// Looks once, with `time` for it. That the look keeps to its time is asserted for all.
async fn look_within(check: &Check, time: Duration) -> Look {
    look_with(&Sources::new(false), check, time).await
}

/// The same with sources of the caller's.
async fn look_with(sources: &Sources, check: &Check, time: Duration) -> Look {
    let began = Instant::now();
    let context = Context { handle: &Handle::Named, sources, deadline: began + time };
    let look = probe::look(check, context).await;
    assert!(began.elapsed() < time + Duration::from_secs(2), "took {:?} of {time:?}", began.elapsed());
    look
}

/// Looks once, with more time than a look on loopback needs.
async fn look(check: &Check) -> Look {
    look_within(check, Duration::from_secs(20)).await
}

/// The summary of a look that passed.
#[track_caller]
fn passed(look: &Look) -> &str {
    match &look.outcome {
        Outcome::Passed { summary } => summary,
        other => panic!("expected a pass: {other:?}"),
    }
}

/// Class and reason of a look that failed.
#[track_caller]
fn failed(look: &Look) -> (FailureClass, &str) {
    match &look.outcome {
        Outcome::Failed(failure) => (failure.class, &failure.reason),
        other => panic!("expected a failure: {other:?}"),
    }
}

/// Why nobody could look.
#[track_caller]
fn unmeasured(look: &Look) -> (UnmeasuredCause, &Unmeasured) {
    match &look.outcome {
        Outcome::Unmeasured(unmeasured) => (unmeasured.cause, unmeasured),
        other => panic!("expected not to be able to look: {other:?}"),
    }
}
