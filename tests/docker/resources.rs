//! What containers use, as numbers and against limits.

use std::time::Duration;

use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::container_request::{Resource, ResourceLimits};
use trueup::measure::engine_choice::EngineChoice;
use trueup::measure::measurement::{MetricOutcome, UnmeasuredCause};
use trueup::measure::metric;
use trueup::measure::request::MetricSource;
use trueup::rung::Rung;

use crate::looks::{PATIENCE, block_on, limited, look, passed, reason};
use crate::support::engine::TestEngine;

fn measure(engine: &TestEngine, name: &str, resource: Resource) -> MetricOutcome {
    let source = MetricSource::Container { engine: EngineChoice::Environment, container: name.to_owned(), resource };
    let sources = engine.sources();
    block_on(async { metric::measure(&source, &sources, Instant::now() + PATIENCE).await }).0
}

fn number(engine: &TestEngine, name: &str, resource: Resource) -> f64 {
    match measure(engine, name, resource) {
        MetricOutcome::Measured(quantity) => quantity.value,
        MetricOutcome::Unmeasured(unmeasured) => panic!("{resource:?}: {unmeasured:?}"),
    }
}

#[test]
fn what_a_container_uses_is_a_number() {
    let Some(engine) = TestEngine::require("what_a_container_uses_is_a_number") else { return };
    let busy = engine.run("busy", &[], &["sh", "-c", "yes x | head -c 300000; while :; do :; done"]);
    let memory = number(&engine, busy.name(), Resource::Memory);
    assert!((1e4..1e9).contains(&memory), "{memory}");
    let cpu = number(&engine, busy.name(), Resource::Cpu);
    assert!((1.0..10_000.0).contains(&cpu), "{cpu}");
    let log = number(&engine, busy.name(), Resource::LogBytesPerMinute);
    assert!(log >= 300_000.0, "{log}");
    assert!(number(&engine, busy.name(), Resource::RestartsPerHour).abs() < f64::EPSILON);
    let crashing = engine.run("restarts", &["--restart", "always"], &["false"]);
    crashing.wait_until("{{.RestartCount}}", |count| count.parse::<u32>().unwrap() >= 2);
    assert!(number(&engine, crashing.name(), Resource::RestartsPerHour) >= 2.0);
}

#[test]
fn what_does_not_run_uses_nothing_that_could_be_told() {
    let Some(engine) = TestEngine::require("what_does_not_run_uses_nothing_that_could_be_told") else { return };
    let created = engine.create("unused", &[], &["true"]);
    for (name, resource) in [
        (created.name(), Resource::Memory),
        (created.name(), Resource::Cpu),
        ("trueup-no-such-container", Resource::Memory),
    ] {
        match measure(&engine, name, resource) {
            MetricOutcome::Unmeasured(unmeasured) => assert_eq!(unmeasured.cause, UnmeasuredCause::NothingFound),
            MetricOutcome::Measured(quantity) => panic!("{quantity:?}"),
        }
    }
}

#[test]
fn what_uses_more_than_it_may_is_not_healthy() {
    let Some(engine) = TestEngine::require("what_uses_more_than_it_may_is_not_healthy") else { return };
    let container = engine.run("limits", &[], &["sh", "-c", "yes x | head -c 300000; sleep 300"]);
    let hold = |limits| look(&limited(container.name(), Duration::ZERO, limits), &engine.sources(), PATIENCE);
    let none = ResourceLimits::default();
    let generous = ResourceLimits {
        memory: Some(1 << 30),
        cpu: Some(10_000),
        restarts_per_hour: Some(0),
        log_bytes_per_minute: Some(1 << 30),
    };
    let look = hold(generous);
    assert!(passed(&look) && look.evidence.get("memory").is_some() && look.evidence.get("cpu").is_some(), "{look:#?}");
    let look = hold(ResourceLimits { memory: Some(1), log_bytes_per_minute: Some(1000), ..none });
    let said = reason(&look, FailureClass::OverLimit);
    assert!(said.starts_with("memory ") && said.contains("at most 1 bytes; log-bytes-per-minute "), "{said}");
    assert_eq!((look.rung, look.proved), (Rung::Healthy, Some(Rung::Running)));
}
