//! What a container that is up may use at most; measured only where a limit is given.

use tokio::time::Instant;

use super::Look;
use crate::failure::FailureClass;
use crate::measure::container_request::{Resource, ResourceLimits};
use crate::measure::engine::Engine;
use crate::measure::engine::container::Container;
use crate::measure::engine::limits::bytes;
use crate::measure::measurement::Outcome;
use crate::rung::Rung;

/// `look`, which passed, held against `limits`.
pub(super) async fn hold(
    limits: &ResourceLimits,
    container: &Container,
    engine: &Engine,
    mut look: Look,
    deadline: Instant,
) -> Look {
    let limit = |resource| match resource {
        Resource::Memory => limits.memory,
        Resource::Cpu => limits.cpu,
        Resource::RestartsPerHour => limits.restarts_per_hour,
        Resource::LogBytesPerMinute => limits.log_bytes_per_minute,
    };
    let mut over = Vec::new();
    for (resource, most) in Resource::ALL.into_iter().filter_map(|resource| Some((resource, limit(resource)?))) {
        match engine.usage(container, resource, deadline).await {
            Ok(used) => {
                look.evidence.fact(resource.name(), shown(resource, used));
                if used > most as f64 {
                    let most = shown(resource, most as f64);
                    over.push(format!("{} {}, at most {most}", resource.name(), shown(resource, used)));
                }
            }
            Err(trouble) => {
                let unmeasured = trouble.into_unmeasured(engine.source());
                let proved = Some(Rung::Running);
                return Look { proved, evidence: look.evidence, ..Look::unmeasured(Rung::Healthy, unmeasured) };
            }
        }
    }
    if over.is_empty() {
        return look;
    }
    let failed = Look::failed(Rung::Healthy, FailureClass::OverLimit, over.join("; "), look.evidence);
    debug_assert!(matches!(look.outcome, Outcome::Passed { .. }), "only what is up is held against limits");
    failed.having_proved(Rung::Running)
}

/// A usage with its unit.
fn shown(resource: Resource, value: f64) -> String {
    match resource {
        Resource::Memory => bytes(value),
        Resource::Cpu => format!("{value:.0}%"),
        Resource::RestartsPerHour => format!("{value:.1}"),
        Resource::LogBytesPerMinute => format!("{} a minute", bytes(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_unit() {
        assert_eq!(shown(Resource::Memory, 512.0 * 1024.0 * 1024.0), "512.0 MiB");
        assert_eq!(shown(Resource::LogBytesPerMinute, 1536.0), "1.5 KiB a minute");
        assert_eq!(shown(Resource::Cpu, 99.6), "100%");
        assert_eq!(shown(Resource::RestartsPerHour, 2.25), "2.2");
        assert_eq!(shown(Resource::Memory, 3.0), "3 bytes");
    }
}
