//! Looking once, as the scheduler does.

use std::time::Duration;

use tokio::time::Instant;
use trueup::failure::FailureClass;
use trueup::measure::container_request::{MountCheck, ReachCheck, Reached, ResourceLimits};
use trueup::measure::discover::Handle;
use trueup::measure::engine_choice::EngineChoice;
use trueup::measure::measurement::{Failure, Outcome, Unmeasured};
use trueup::measure::probe::{self, Context, Look};
use trueup::measure::request::{Check, DockerCheck, ExecCheck};
use trueup::measure::source::Sources;

/// Longest look in these tests.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a future to its end on a runtime like the program's.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// One look at a check, by its own words alone.
pub fn look(check: &Check, sources: &Sources, patience: Duration) -> Look {
    let handle = Handle::Named;
    block_on(async {
        probe::look(check, Context { handle: &handle, sources, deadline: Instant::now() + patience }).await
    })
}

/// A docker check of the container `name`.
pub fn docker(name: &str, stable_for: Duration) -> Check {
    limited(name, stable_for, ResourceLimits::default())
}

/// The same with limits on what it uses.
pub fn limited(name: &str, stable_for: Duration, limits: ResourceLimits) -> Check {
    let engine = EngineChoice::Environment;
    Check::Docker(DockerCheck { engine, container: Some(name.to_owned()), stable_for, limits })
}

/// A mount check of a path.
pub fn mount(name: &str, path: &str) -> Check {
    let (engine, path) = (EngineChoice::Environment, path.to_owned());
    Check::Mount(MountCheck { engine, container: Some(name.to_owned()), path, may_be_empty: false })
}

/// A reach check of a place.
pub fn reach(name: &str, to: Reached) -> Check {
    Check::Reach(ReachCheck { engine: EngineChoice::Environment, container: Some(name.to_owned()), to })
}

/// An exec check that expects exit code 0.
pub fn exec(name: &str, argv: &[&str], stdout: Option<&str>) -> Check {
    Check::Exec(ExecCheck {
        engine: EngineChoice::Environment,
        container: Some(name.to_owned()),
        argv: argv.iter().map(|word| (*word).to_owned()).collect(),
        exit_code: 0,
        stdout: stdout.map(str::to_owned),
    })
}

/// A container check, asked of another engine.
pub fn at(check: Check, choice: &EngineChoice) -> Check {
    let engine = choice.clone();
    match check {
        Check::Docker(check) => Check::Docker(DockerCheck { engine, ..check }),
        Check::Exec(check) => Check::Exec(ExecCheck { engine, ..check }),
        Check::Mount(check) => Check::Mount(MountCheck { engine, ..check }),
        Check::Reach(check) => Check::Reach(ReachCheck { engine, ..check }),
        Check::Mcp(_)
        | Check::Http(_)
        | Check::Tcp(_)
        | Check::Dns(_)
        | Check::Prometheus(_)
        | Check::Process(_)
        | Check::Command(_)
        | Check::File(_)
        | Check::Junit(_)
        | Check::Git(_) => {
            panic!("no check of a container")
        }
    }
}

/// The failure of a look that must have failed.
pub fn failure(look: &Look) -> &Failure {
    match &look.outcome {
        Outcome::Failed(failure) => failure,
        Outcome::Passed { .. } | Outcome::Unmeasured(_) => panic!("not failed: {look:#?}"),
    }
}

/// The reason of a look that must have failed with `class`.
pub fn reason(look: &Look, class: FailureClass) -> &str {
    let failure = failure(look);
    assert_eq!(failure.class, class, "{look:#?}");
    &failure.reason
}

/// Why nobody could look, of a look that must not have been made.
pub fn unmeasured(look: &Look) -> &Unmeasured {
    match &look.outcome {
        Outcome::Unmeasured(unmeasured) => unmeasured,
        Outcome::Passed { .. } | Outcome::Failed(_) => panic!("measured: {look:#?}"),
    }
}

/// Whether a look passed.
pub fn passed(look: &Look) -> bool {
    match &look.outcome {
        Outcome::Passed { .. } => true,
        Outcome::Failed(_) | Outcome::Unmeasured(_) => false,
    }
}
