//! What the probes of containers share: which container is meant, and what an engine's trouble is for a check.

use std::time::Duration;

use jiff::Timestamp;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::discover::Handle;
use crate::measure::engine::Engine;
use crate::measure::engine::condition::{Condition, condition};
use crate::measure::engine::explain::{facts, failure};
use crate::measure::engine::trouble::Trouble;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::redact::Redactor;
use crate::rung::Rung;

/// Longest name shown, in Unicode scalar values.
const NAME_LIMIT: usize = 100;

/// Lines of a container's log that `probe --evidence` keeps.
const EXHIBIT_LINES: usize = 500;

/// The container that a check is about: the one it names, else the one that was discovered.
///
/// # Errors
/// `Unmeasured` where there is neither.
pub fn container_of<'a>(named: Option<&'a str>, handle: &'a Handle) -> Result<&'a str, Unmeasured> {
    match (named, handle) {
        (Some(name), _) => Ok(name.strip_prefix('/').unwrap_or(name)),
        (None, Handle::Container { id }) => Ok(id),
        (None, Handle::Absent { reason }) => Err(Unmeasured {
            cause: UnmeasuredCause::NothingFound,
            detail: reason.clone(),
            source: "discovery".to_owned(),
        }),
        (None, Handle::OutOfReach(unmeasured)) => Err(unmeasured.clone()),
        (None, Handle::Named | Handle::McpServer(_) | Handle::McpRemote(_) | Handle::Disabled | Handle::Series(_)) => {
            Err(Unmeasured {
                cause: UnmeasuredCause::NoCheck,
                detail: "the check names no container and no engine listed the target; add `container = \"name\"`"
                    .to_owned(),
                source: "trueup.toml".to_owned(),
            })
        }
    }
}

/// The look that ends with an engine's trouble about the container `name`. `rung` is the one that nobody could look at.
pub fn troubled(name: &str, trouble: Trouble, rung: Rung, source: &str) -> Look {
    match trouble {
        Trouble::NoSuchContainer => {
            let reason = format!("no container `{}`", plain(name, NAME_LIMIT));
            Look::failed(Rung::Exists, FailureClass::Missing, reason, Evidence::new())
        }
        Trouble::Unmeasured(_) | Trouble::Refused(_) => Look::unmeasured(rung, trouble.into_unmeasured(source)),
    }
}

/// The look that ends with the engine's refusal to run something in the container `name`: it is in no state for it. `rung`
/// is the one that was to be looked at.
pub async fn not_runnable(name: &str, said: &str, rung: Rung, engine: &Engine, context: Context<'_>) -> Look {
    let deadline = context.deadline;
    // What an earlier check of this run saw may be over: the engine has just said so.
    let container = match engine.inspect(name, deadline).await {
        Ok(container) => container,
        Err(trouble) => return troubled(name, trouble, rung, engine.source()),
    };
    match condition(&container, Duration::ZERO, Timestamp::now()) {
        Condition::Down(fall) if fall.rung() <= Rung::Running => {
            let log = engine.log_tail(&container.id, deadline).await.unwrap_or_default();
            let mut evidence = facts(&container);
            evidence.log_tail(&log);
            let failure = failure(fall, &container, Duration::ZERO, &log);
            Look::failed(Rung::Running, failure.class, failure.reason, evidence)
        }
        Condition::Down(_) | Condition::Up(_) | Condition::Young { .. } | Condition::HealthStarting => {
            let reason = format!("the engine refused: {said} (status now {})", container.status.name());
            Look::failed(Rung::Running, FailureClass::Engine, reason, facts(&container)).transient()
        }
    }
}

/// Attaches what the engine has on a container, where that is kept: its log, its document without environment, its
/// health checks. Returns what hides its environment. What cannot be had is left out; the verdict does not hang on it.
pub async fn exhibit(engine: &Engine, id: &str, evidence: &mut Evidence, context: Context<'_>) -> Redactor {
    let Ok(document) = engine.document(id, context.deadline).await else { return Redactor::new() };
    if context.sources.keeps_exhibits() {
        if let Ok(log) = engine.log(id, EXHIBIT_LINES, context.deadline).await {
            evidence.exhibit("container.log", document.redactor.clean(&log));
        }
        evidence.exhibit("inspect.json", document.text()).exhibit("health.log", document.health_log());
    }
    document.redactor
}
