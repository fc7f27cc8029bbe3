//! Crash loops of several periods, and what a second look tells.

use std::time::{Duration, Instant};

use trueup::failure::FailureClass;
use trueup::measure::measurement::{Outcome, UnmeasuredCause};

use crate::looks::{PATIENCE, docker, look, passed, reason};
use crate::support::engine::TestEngine;

#[test]
fn a_crash_loop_is_never_up_whatever_its_period() {
    let Some(engine) = TestEngine::require("a_crash_loop_is_never_up_whatever_its_period") else { return };
    let loops: Vec<_> = ["1", "3", "11"]
        .map(|seconds| {
            let script = format!("sleep {seconds}; exit 1");
            engine.run(&format!("loop-{seconds}"), &["--restart", "always"], &["sh", "-c", &script])
        })
        .into();
    let began = Instant::now();
    let (mut looks, mut down) = (0, [0; 3]);
    // Until the slowest of them has died once and been seen again.
    while began.elapsed() < Duration::from_secs(16) {
        for (at, container) in loops.iter().enumerate() {
            let look = look(&docker(container.name(), Duration::from_secs(20)), &engine.sources(), PATIENCE / 4);
            looks += 1;
            match &look.outcome {
                Outcome::Passed { .. } => panic!("up after {:?}: {look:#?}", began.elapsed()),
                Outcome::Failed(failure) => {
                    assert_eq!(failure.class, FailureClass::RestartLoop, "{look:#?}");
                    down[at] += 1;
                }
                // Before its first death it is merely young; and an engine of a busy machine may be late.
                Outcome::Unmeasured(unmeasured) => {
                    let cause = unmeasured.cause;
                    assert!(matches!(cause, UnmeasuredCause::TooEarly | UnmeasuredCause::TimedOut), "{look:#?}");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(looks > 12 && down.iter().all(|count| *count > 0), "{looks} looks, {down:?} of them down");
}

#[test]
fn a_second_look_finds_the_loop_that_the_first_is_too_early_for() {
    let Some(engine) = TestEngine::require("a_second_look_finds_the_loop_that_the_first_is_too_early_for") else {
        return;
    };
    let script = ["sh", "-c", "sleep 2; echo out of luck; exit 1"];
    let container = engine.run("second-look", &["--restart", "always"], &script);
    let look = look(&docker(container.name(), Duration::from_secs(4)), &engine.sources(), PATIENCE);
    let said = reason(&look, FailureClass::RestartLoop);
    assert!(said.ends_with("out of luck"), "{said}");
    assert!(look.evidence.get("looks").is_some_and(|looks| looks.starts_with("2, ")), "{look:#?}");
}

#[test]
fn a_second_look_proves_what_stays_up() {
    let Some(engine) = TestEngine::require("a_second_look_proves_what_stays_up") else { return };
    let container = engine.run("stays-up", &[], &["sleep", "300"]);
    let began = Instant::now();
    let first = look(&docker(container.name(), Duration::from_secs(2)), &engine.sources(), PATIENCE);
    assert!(passed(&first) && first.evidence.get("looks").is_some(), "{first:#?}");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    let again = look(&docker(container.name(), Duration::from_secs(2)), &engine.sources(), PATIENCE);
    assert!(passed(&again) && again.evidence.get("looks").is_none(), "one look is enough now: {again:#?}");
}
