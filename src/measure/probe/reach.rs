//! Whether a place can be reached from inside a container's network: what works from this machine need not work there.
//!
//! | what was seen | what it is |
//! |---|---|
//! | the port accepts; the URL answers with an expected status | passed at running: that the container works is not proved by it |
//! | refused, no route, no answer in time, a name that is not known there | failed at functional, `unreachable` or `no-answer` |
//! | the URL answers with another status | failed at functional, `wrong-answer` |
//! | the container does not run | failed at running, with the class of its state |
//! | the engine knows no such container | failed at exists, `missing` |
//! | the image has none of the tools, and its network cannot be entered from here | unmeasured, nothing found |
//! | no engine, no access, silence of the engine; `--no-exec` | unmeasured: we could not look |
//!
//! The first of these that the image has is run in the container: for a port `nc`, `bash`, `curl`, `python3`, `node`; for a
//! URL `curl`, `wget`, `python3`, `node`. An image with none of them is looked at from a thread of our own that enters the
//! container's network, where the engine's processes are this machine's and we may (root); names are then looked up in the
//! container's hosts file alone, and https is not spoken.

use std::time::Duration;

use tokio::time::Instant;

use self::tools::{Said, Tool};
use super::container::{container_of, not_runnable, troubled};
use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::container_request::{ReachCheck, Reached};
use crate::measure::engine::Engine;
use crate::measure::engine::exec::Ended;
use crate::measure::engine::trouble::Trouble;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::rung::Rung;

mod network;
mod tools;

/// Longest line of output in a reason, in Unicode scalar values.
const LINE_LIMIT: usize = 160;

/// What came of one way to look.
enum Seen {
    /// The port accepted.
    Open,
    /// The URL answered with this status.
    Status(u16),
    /// It cannot be reached, for this reason.
    Not(FailureClass, String),
}

/// Looks once.
pub async fn look(check: &ReachCheck, context: Context<'_>) -> Look {
    let name = match container_of(check.container.as_deref(), context.handle) {
        Ok(name) => name,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    let engine = match context.sources.engine_at(&check.engine) {
        Ok(engine) => engine,
        Err(unmeasured) => return Look::unmeasured(Rung::Functional, unmeasured),
    };
    for tool in tools::of(&check.to) {
        let argv = tool.argv(&check.to, seconds_left(context.deadline));
        let said = match engine.exec(name, &argv, context.deadline).await {
            Ok(Ended::Exit(exit)) => tool.read(&exit),
            Ok(Ended::Late { .. }) => Said::Seen(Seen::Not(FailureClass::NoAnswer, "no answer in time".to_owned())),
            Err(Trouble::Refused(said)) if says_no_such_program(&said) => Said::NoTool,
            Err(Trouble::Refused(said)) => {
                return not_runnable(name, &said, Rung::Functional, &engine, context).await;
            }
            Err(trouble @ (Trouble::NoSuchContainer | Trouble::Unmeasured(_))) => {
                return troubled(name, trouble, Rung::Functional, engine.source());
            }
        };
        match said {
            Said::Seen(seen) => return tell(check, seen, &format!("`{}` in the container", tool.name())),
            Said::NoTool => {}
        }
    }
    from_outside(check, name, &engine, context.deadline).await
}

/// Looks from the container's network, without a program of its image.
async fn from_outside(check: &ReachCheck, name: &str, engine: &Engine, deadline: Instant) -> Look {
    let container = match engine.inspect(name, deadline).await {
        Ok(container) => container,
        Err(trouble) => return troubled(name, trouble, Rung::Functional, engine.source()),
    };
    match network::look(&check.to, &container, engine.is_local(), deadline).await {
        Ok(seen) => tell(check, seen, "the container's network, entered from here"),
        Err(why) => Look::unmeasured(
            Rung::Functional,
            Unmeasured {
                cause: UnmeasuredCause::NothingFound,
                detail: format!("the image of `{name}` has none of {}, and {why}", Tool::listed(&check.to)),
                source: format!("container {name}"),
            },
        ),
    }
}

fn tell(check: &ReachCheck, seen: Seen, way: &str) -> Look {
    let mut evidence = Evidence::new();
    evidence.fact("target", shown(&check.to)).fact("seen by", way);
    let down = |class, reason: String, evidence| Look::failed(Rung::Functional, class, reason, evidence);
    let place = shown(&check.to);
    match (seen, &check.to) {
        (Seen::Open, _) => Look::passed(Rung::Running, format!("`{place}` accepts from inside"), evidence),
        (Seen::Status(status), to) => {
            evidence.fact("status", status.to_string());
            let expected = match to {
                Reached::Http { status: expected, .. } => expected.as_slice(),
                Reached::Tcp { .. } => &[],
            };
            if expected.contains(&status) || (expected.is_empty() && status < 500) {
                return Look::passed(Rung::Running, format!("`{place}` answers {status} from inside"), evidence);
            }
            let wanted = match expected {
                [] => "a status below 500".to_owned(),
                some => some.iter().map(u16::to_string).collect::<Vec<_>>().join(" or "),
            };
            let reason = format!("`{place}` answers {status} from inside, expected {wanted}");
            let look = down(FailureClass::WrongAnswer, reason, evidence).having_proved(Rung::Running);
            if status >= 500 { look.transient() } else { look }
        }
        (Seen::Not(class, why), _) => {
            let reason = format!("`{place}` cannot be reached from inside: {}", plain(&why, LINE_LIMIT));
            down(class, reason, evidence).having_proved(Rung::Running).transient()
        }
    }
}

/// The place, without what a URL may carry of secrets.
fn shown(to: &Reached) -> String {
    match to {
        Reached::Tcp { host, port } => format!("{host}:{port}"),
        Reached::Http { url, .. } => {
            let url = url.split(['?', '#']).next().unwrap_or_default();
            match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
                _ => url.to_owned(),
            }
        }
    }
}

fn says_no_such_program(said: &str) -> bool {
    said.contains("executable file not found") || said.contains("no such file or directory")
}

/// Whole seconds until shortly before the deadline, for tools that take a limit of their own.
fn seconds_left(deadline: Instant) -> u64 {
    let left = deadline.saturating_duration_since(Instant::now()).saturating_sub(Duration::from_secs(3));
    left.as_secs().clamp(1, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::engine_choice::EngineChoice;
    use crate::measure::measurement::Outcome;

    #[test]
    fn a_status_is_held_against_what_is_expected() {
        let verdict = |expected: &[u16], status| {
            let to = Reached::Http { url: "http://me:secret@db/x?key=secret".to_owned(), status: expected.to_vec() };
            let check = ReachCheck { engine: EngineChoice::Environment, container: None, to };
            let look = tell(&check, Seen::Status(status), "test");
            assert!(!format!("{look:?}").contains("secret"), "{look:?}");
            matches!(look.outcome, Outcome::Passed { .. })
        };
        assert!(verdict(&[], 200) && verdict(&[], 404) && !verdict(&[], 502));
        assert!(verdict(&[401], 401) && !verdict(&[200, 204], 404));
    }
}
