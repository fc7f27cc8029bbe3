//! The state of a container, by the truth table of [`condition`](crate::measure::engine::condition).
//!
//! | what was seen | what it is |
//! |---|---|
//! | running, stable, no health check | passed at running |
//! | running, stable, healthy | passed at healthy |
//! | running, stable, unhealthy | failed at healthy, `unhealthy`, with the last line of its health log |
//! | running, stable, health not decided yet | unmeasured at healthy, too early; running is proved |
//! | running, first started within `stable_for` | looked at again when that is over, where there is time; else unmeasured at running, too early |
//! | running, restarted within `stable_for`, or in between two looks; restarting | failed at running, `restart-loop` |
//! | running for longer, but not for two of the periods in which it died until now | failed at running, `restart-loop` |
//! | up, and it uses more than `max_…` | failed at healthy, `over-limit`; running is proved |
//! | up, and the engine does not say how much it uses | unmeasured at healthy; running is proved |
//! | paused | failed at running, `paused` |
//! | created | failed at running, `not-started` |
//! | the engine could not start it | failed at running, `spawn-not-found`, `spawn-not-executable` or `engine`, by its message |
//! | exited | failed at running: `clean-exit`, `out-of-memory`, `killed`, or what the log says, else `exited` |
//! | being stopped; being removed; dead | failed at running: `exited`, `missing`, `engine` |
//! | the engine knows no such container | failed at exists, `missing` |
//! | no engine, no access, silence, an answer that makes no sense | unmeasured: we could not look |
//!
//! The log of a container is read only where it is down, its last lines, and a log that cannot be read changes nothing
//! about that. Nothing is started, so there is nothing to kill.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::container::{container_of, troubled};
use super::limits::hold;
use super::{Context, Look};
use crate::measure::engine::condition::{Condition, Fall, condition as condition_of};
use crate::measure::engine::container::Container;
use crate::measure::engine::explain::{cause_of_loop, counted, facts, failure, span};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::DockerCheck;
use crate::rung::Rung;

/// Time that a second look takes at most, with the reading of a log.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// Looks at the container, and again where the first look is too early to tell.
pub async fn look(check: &DockerCheck, context: Context<'_>) -> Look {
    let name = match container_of(check.container.as_deref(), context.handle) {
        Ok(name) => name,
        Err(unmeasured) => return Look::unmeasured(Rung::Running, unmeasured),
    };
    let engine = match context.sources.engine_at(&check.engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return Look::unmeasured(Rung::Running, unmeasured),
    };
    let mut container = match engine.container(name, context.deadline).await {
        Ok(container) => container,
        Err(trouble) => return troubled(name, trouble, Rung::Running, engine.source()),
    };
    let mut condition = condition_of(&container, check.stable_for, Timestamp::now());
    let mut again = None;
    if let Some(wait) = worth_waiting(condition, check.stable_for, context.deadline) {
        sleep(wait).await;
        container = match engine.inspect(name, context.deadline).await {
            Ok(container) => Arc::new(container),
            Err(trouble) => return troubled(name, trouble, Rung::Running, engine.source()),
        };
        condition = condition_of(&container, check.stable_for, Timestamp::now());
        again = Some(wait);
    }
    let mut evidence = facts(&container);
    if let Some(wait) = again {
        evidence.fact("looks", format!("2, {} apart", humantime::format_duration(wait)));
    }
    let mut log = String::new();
    if let Condition::Down(fall) = condition
        && fall.leaves_a_log()
    {
        match engine.log_tail(&container.id, context.deadline).await {
            Ok(tail) => log = tail,
            Err(trouble) => {
                evidence.fact("log", trouble.into_unmeasured(engine.source()).detail);
            }
        }
        evidence.log_tail(&log);
    }
    let look = tell(condition, &container, check.stable_for, &log, evidence);
    match condition {
        Condition::Up(_) => hold(&check.limits, &container, &engine, look, context.deadline).await,
        Condition::Young { .. } | Condition::HealthStarting | Condition::Down(_) => look,
    }
}

/// How long to wait until a container that started a moment ago can be told from one in a crash loop, if there is time.
fn worth_waiting(condition: Condition, stable_for: Duration, deadline: Instant) -> Option<Duration> {
    let Condition::Young { age: Some(age) } = condition else { return None };
    // A little more, for the engine's clock need not be ours.
    let wait = Duration::from_millis(u64::try_from(stable_for.saturating_sub(age).as_millis()).ok()? + 20);
    (Instant::now() + wait + AFTERWARDS < deadline).then_some(wait)
}

/// The look that a row of the truth table is.
fn tell(condition: Condition, container: &Container, stable_for: Duration, log: &str, mut evidence: Evidence) -> Look {
    match condition {
        Condition::Up(rung) => {
            // Without the start time: a restart by hand that changed nothing must not make a section stale.
            let summary = match container.restarts {
                0 => rung.name().to_owned(),
                restarts => format!("{}, stable after {}", rung.name(), counted(restarts, "restart")),
            };
            Look::passed(rung, summary, evidence)
        }
        Condition::Young { age } => {
            let started =
                age.map_or_else(|| "start time unknown".to_owned(), |age| format!("started {} ago", span(age)));
            let detail = format!("{started}, stable_for {}", span(stable_for));
            too_early(Rung::Running, None, detail, container, evidence)
        }
        Condition::HealthStarting => {
            let detail = "its health check has not decided yet".to_owned();
            too_early(Rung::Healthy, Some(Rung::Running), detail, container, evidence)
        }
        Condition::Down(fall) => {
            if let Fall::Loop { .. } = fall
                && let Some(cause) = cause_of_loop(container, log)
            {
                evidence.fact("cause", cause.name());
            }
            let failure = failure(fall, container, stable_for, log);
            let look = Look::failed(fall.rung(), failure.class, failure.reason, evidence);
            if fall == Fall::Unhealthy { look.having_proved(Rung::Running) } else { look }
        }
    }
}

fn too_early(rung: Rung, proved: Option<Rung>, detail: String, container: &Container, evidence: Evidence) -> Look {
    let unmeasured = Unmeasured {
        cause: UnmeasuredCause::TooEarly,
        detail: format!("`{}`: {detail}", container.name),
        // Each container is early for itself; the engine as source would make them one finding.
        source: format!("container {}", container.name),
    };
    Look { proved, evidence, ..Look::unmeasured(rung, unmeasured) }
}
