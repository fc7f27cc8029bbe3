//! Series of a Prometheus server, of which each must satisfy a condition. A pass proves [`Rung::Functional`]: the condition
//! is what the user calls working.
//!
//! | seen | outcome |
//! |---|---|
//! | every series of the query satisfies the condition | passed |
//! | a series that does not | failed, wrong-answer |
//! | an empty vector | unmeasured: nothing found |
//! | a value that is not a number | unmeasured: unreadable |
//! | no answer of the server, or none that can be read | unmeasured, as [`prometheus`](crate::measure::prometheus) tables it |
//! | no query, and a target that is not a series | unmeasured: no check |
//! | the time was over before the query was sent | unmeasured: timed out |
//!
//! A target that discovery found is one series; its value is the one of the discovering query, and is not asked for again.
//! Nothing is repeated: a server that is away is away for all targets.

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::discover::Handle;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::prometheus::{Series, ask, nothing_found};
use crate::measure::request::{Condition, PrometheusCheck};
use crate::rung::Rung;

/// Most series that a reason names.
const NAMED: usize = 3;

/// Asks once, or takes the value that discovery brought.
pub async fn look(check: &PrometheusCheck, context: Context<'_>) -> Look {
    let mut evidence = Evidence::new();
    let Some(query) = &check.query else {
        return match context.handle {
            Handle::Series(series) => judge(std::slice::from_ref(series.as_ref()), check.is, evidence),
            Handle::OutOfReach(unmeasured) => Look::unmeasured(Rung::Functional, unmeasured.clone()),
            Handle::Named
            | Handle::McpServer(_)
            | Handle::McpRemote(_)
            | Handle::Container { .. }
            | Handle::Absent { .. }
            | Handle::Disabled => {
                let detail = "the check names no `query`, and the target is not a series".to_owned();
                let source = "trueup.toml".to_owned();
                Look::unmeasured(Rung::Functional, Unmeasured { cause: UnmeasuredCause::NoCheck, detail, source })
            }
        };
    };
    if Instant::now() >= context.deadline {
        return Look::unmeasured(Rung::Functional, super::no_time_left("prometheus"));
    }
    match ask(query, context.sources, context.deadline).await {
        Err(unmeasured) => Look::unmeasured(Rung::Functional, unmeasured),
        Ok(answered) => {
            answered.note(query, &mut evidence);
            if answered.series.is_empty() {
                let mut look = Look::unmeasured(Rung::Functional, nothing_found(query));
                look.evidence = evidence;
                return look;
            }
            judge(&answered.series, check.is, evidence)
        }
    }
}

fn judge(series: &[Series], is: Condition, mut evidence: Evidence) -> Look {
    for one in series.iter().take(NAMED) {
        evidence.fact("series", format!("{} {}", one.notation(), one.value));
    }
    let broken: Vec<&Series> = series.iter().filter(|one| !one.value.is_nan() && !is.holds(one.value)).collect();
    if let Some(first) = broken.first() {
        let named: Vec<_> =
            broken.iter().take(NAMED).map(|one| format!("`{}` is {}", one.notation(), one.value)).collect();
        let reason = if let [only] = series {
            format!("it is {}, expected {is}", only.value)
        } else {
            let more = if broken.len() > named.len() { ", …" } else { "" };
            format!("{} of {} series are not {is}: {}{more}", broken.len(), series.len(), named.join(", "))
        };
        if series.len() > NAMED {
            evidence.fact("first that is not", format!("{} {}", first.notation(), first.value));
        }
        return Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, evidence);
    }
    if let Some(none) = series.iter().find(|one| one.value.is_nan()) {
        let detail = format!("`{}` is not a number (NaN); expected {is}", none.notation());
        let source = "a series without a number".to_owned();
        let mut look =
            Look::unmeasured(Rung::Functional, Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source });
        look.evidence = evidence;
        return look;
    }
    let summary = match series {
        [only] => format!("it is {}", only.value),
        all => format!("{} series, each {is}", all.len()),
    };
    Look::passed(Rung::Functional, summary, evidence)
}
