//! What a container uses, asked for only where somebody wants to know.
//!
//! | resource | how it is measured |
//! |---|---|
//! | memory | one sample, without the page cache that the kernel can take back, as `docker stats` shows it |
//! | cpu | two samples that the engine takes about a second apart |
//! | restarts per hour | the restart count by the time from its making until now; a restart by hand sets the count to 0 |
//! | log bytes per minute | what it wrote to its log in the last minute, or since its start where that is less |

use std::time::Duration;

use bollard::errors::Error;
use bollard::models::{ContainerCpuStats, ContainerMemoryStats, ContainerStatsResponse};
use bollard::query_parameters::{LogsOptionsBuilder, StatsOptionsBuilder};
use futures_util::StreamExt;
use jiff::Timestamp;
use tokio::time::Instant;

use super::Engine;
use super::container::{Container, Status};
use super::trouble::Trouble;
use crate::measure::container_request::Resource;

/// Time that the log is looked at.
const WINDOW: Duration = Duration::from_secs(60);

/// Most bytes of a log that are counted. More of it in a minute is told as this much.
const MOST_LOG: u64 = 256 * 1024 * 1024;

impl Engine {
    /// How much of `resource` a container uses. Only restarts can be told of one that does not run.
    ///
    /// # Errors
    /// [`Trouble::Refused`] where it does not run, or the engine does not count this.
    pub async fn usage(&self, container: &Container, resource: Resource, deadline: Instant) -> Result<f64, Trouble> {
        let runs = container.status == Status::Running;
        if !runs && resource != Resource::RestartsPerHour {
            let status = container.status.name();
            return Err(Trouble::Refused(format!("`{}` does not run (status {status})", container.name)));
        }
        let unknown =
            || Trouble::Refused(format!("`{}` has no {} that the engine counts", container.name, resource.name()));
        match resource {
            Resource::Memory => {
                let stats = self.stats(&container.id, true, deadline).await?;
                stats.memory_stats.as_ref().and_then(memory).ok_or_else(unknown)
            }
            Resource::Cpu => {
                let stats = self.stats(&container.id, false, deadline).await?;
                match (&stats.precpu_stats, &stats.cpu_stats) {
                    (Some(before), Some(after)) => cpu(before, after).ok_or_else(unknown),
                    _ => Err(unknown()),
                }
            }
            Resource::RestartsPerHour => restarts_per_hour(container, Timestamp::now()).ok_or_else(unknown),
            Resource::LogBytesPerMinute => {
                let bytes = self.ask(deadline, self.log_bytes(&container.id)).await?;
                let age =
                    container.started_at.and_then(|at| Duration::try_from(Timestamp::now().duration_since(at)).ok());
                let window = age.unwrap_or(WINDOW).clamp(Duration::from_secs(1), WINDOW);
                Ok(bytes as f64 * 60.0 / window.as_secs_f64())
            }
        }
    }

    async fn stats(&self, id: &str, once: bool, deadline: Instant) -> Result<ContainerStatsResponse, Trouble> {
        let options = StatsOptionsBuilder::new().stream(false).one_shot(once).build();
        let mut samples = Box::pin(self.docker.stats(id, Some(options)));
        let first = async { samples.next().await.transpose() };
        self.ask(deadline, first).await?.ok_or_else(|| self.unreadable("no sample of a container"))
    }

    /// Bytes that a container wrote to its log within the window.
    async fn log_bytes(&self, id: &str) -> Result<u64, Error> {
        let since = Timestamp::now().as_second().saturating_sub(WINDOW.as_secs().cast_signed());
        let since = i32::try_from(since).unwrap_or(i32::MAX);
        let options = LogsOptionsBuilder::new().stdout(true).stderr(true).since(since).tail("all").build();
        let mut pieces = Box::pin(self.docker.logs(id, Some(options)));
        let mut bytes = 0;
        while let Some(piece) = pieces.next().await {
            bytes += piece?.into_bytes().len() as u64;
            if bytes >= MOST_LOG {
                break;
            }
        }
        Ok(bytes)
    }
}

/// Memory in use, without what the kernel can take back.
fn memory(stats: &ContainerMemoryStats) -> Option<f64> {
    let usage = stats.usage?;
    let cache =
        stats.stats.as_ref().and_then(|stats| stats.get("total_inactive_file").or_else(|| stats.get("inactive_file")));
    let cache = cache.copied().filter(|cache| *cache < usage).unwrap_or(0);
    Some((usage - cache) as f64)
}

/// Percent of one processor between two samples.
fn cpu(before: &ContainerCpuStats, after: &ContainerCpuStats) -> Option<f64> {
    let total = |stats: &ContainerCpuStats| stats.cpu_usage.as_ref()?.total_usage;
    let own = total(after)?.checked_sub(total(before)?)? as f64;
    // Without a sample before, the share would be that of the container's whole life.
    let whole = after.system_cpu_usage?.checked_sub(before.system_cpu_usage.filter(|usage| *usage > 0)?)? as f64;
    let processors = f64::from(after.online_cpus.filter(|count| *count > 0)?);
    (whole > 0.0).then(|| own / whole * processors * 100.0)
}

fn restarts_per_hour(container: &Container, now: Timestamp) -> Option<f64> {
    let age = Duration::try_from(now.duration_since(container.created_at?)).unwrap_or_default();
    // The first hour is no shorter than an hour: three restarts in its first minute are three, not 180.
    let hours = (age.as_secs_f64() / 3600.0).max(1.0);
    Some(container.restarts as f64 / hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(json: &str) -> ContainerStatsResponse {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn cache_is_not_memory_in_use() {
        let of = |json: &str| memory(&sample(json).memory_stats.unwrap());
        assert_eq!(of(r#"{"memory_stats": {"usage": 1000, "stats": {"inactive_file": 300}}}"#), Some(700.0));
        assert_eq!(
            of(r#"{"memory_stats": {"usage": 1000, "stats": {"total_inactive_file": 400, "inactive_file": 1}}}"#),
            Some(600.0)
        );
        assert_eq!(of(r#"{"memory_stats": {"usage": 10, "stats": {"inactive_file": 300}}}"#), Some(10.0));
        assert_eq!(of(r#"{"memory_stats": {}}"#), None);
    }

    #[test]
    fn processor_time_needs_two_samples() {
        let of = |json: &str| {
            let stats = sample(json);
            cpu(&stats.precpu_stats.unwrap(), &stats.cpu_stats.unwrap())
        };
        let two = r#"{"precpu_stats": {"cpu_usage": {"total_usage": 100}, "system_cpu_usage": 1000},
            "cpu_stats": {"cpu_usage": {"total_usage": 200}, "system_cpu_usage": 1400, "online_cpus": 2}}"#;
        assert_eq!(of(two), Some(50.0));
        let one = r#"{"precpu_stats": {"cpu_usage": {"total_usage": 0}},
            "cpu_stats": {"cpu_usage": {"total_usage": 200}, "system_cpu_usage": 1400, "online_cpus": 2}}"#;
        assert_eq!(of(one), None);
    }

    #[test]
    fn restarts_are_counted_by_the_hour() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let made = |hours: i64, restarts| Container {
            created_at: Some(now - jiff::SignedDuration::from_hours(hours)),
            restarts,
            ..Container::running("web")
        };
        assert_eq!(restarts_per_hour(&made(10, 30), now), Some(3.0));
        assert_eq!(restarts_per_hour(&made(0, 3), now), Some(3.0));
        assert_eq!(restarts_per_hour(&Container::running("web"), now), None);
    }
}
