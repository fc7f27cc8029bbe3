//! What a container may use, as an inspect tells it: known without another question.

use bollard::models::{HostConfig, HostConfigLogConfig};

use crate::measure::evidence::Evidence;

/// What the `local` log driver keeps where nobody says otherwise.
const LOCAL_LOG: &str = "20m in 5 files";

/// What a container may use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Bytes of memory, where it is limited.
    pub memory: Option<i64>,
    /// Processors, where they are limited.
    pub processors: Option<f64>,
    /// How much of its log is kept, where it is kept in files of the engine: `10m in 3 files`, or `none`.
    pub log: Option<String>,
}

impl Limits {
    /// The limits in the part of an inspect document that tells what the container was made with.
    pub(super) fn read(host: &HostConfig) -> Limits {
        let quota = host.cpu_quota.zip(host.cpu_period.filter(|period| *period > 0));
        let by_quota = quota.map(|(quota, period)| quota as f64 / period as f64);
        let by_number = host.nano_cpus.map(|billionths| billionths as f64 / 1e9);
        Limits {
            memory: host.memory.filter(|limit| *limit > 0),
            processors: [by_number, by_quota].into_iter().flatten().find(|processors| *processors > 0.0),
            log: host.log_config.as_ref().and_then(log),
        }
    }

    /// Adds them as facts.
    pub(super) fn tell(&self, evidence: &mut Evidence) {
        if let Some(memory) = self.memory {
            evidence.fact("memory limit", bytes(memory as f64));
        }
        if let Some(processors) = self.processors {
            evidence.fact("cpu limit", format!("{:.0}%", processors * 100.0));
        }
        if let Some(log) = &self.log {
            evidence.fact("log limit", log);
        }
    }
}

/// How much is kept by drivers that write files. Of others it is not the engine that knows.
fn log(config: &HostConfigLogConfig) -> Option<String> {
    let options = config.config.as_ref();
    let option = |name| options.and_then(|options| options.get(name)).filter(|value| !value.is_empty());
    let (size, files) = (option("max-size"), option("max-file"));
    let unlimited = match config.typ.as_deref()? {
        "json-file" | "k8s-file" => "none",
        "local" => LOCAL_LOG,
        _ => return None,
    };
    Some(match (size, files) {
        (Some(size), Some(files)) if files != "1" => format!("{size} in {files} files"),
        (Some(size), _) => size.clone(),
        (None, _) => unlimited.to_owned(),
    })
}

/// An amount of memory with its unit.
pub fn bytes(value: f64) -> String {
    const KIB: f64 = 1024.0;
    match value {
        value if value >= KIB * KIB => format!("{:.1} MiB", value / KIB / KIB),
        value if value >= KIB => format!("{:.1} KiB", value / KIB),
        value => format!("{value:.0} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(json: &str) -> Vec<String> {
        let mut evidence = Evidence::new();
        Limits::read(&serde_json::from_str(json).unwrap()).tell(&mut evidence);
        evidence.facts.iter().map(|fact| format!("{} {}", fact.name, fact.value)).collect()
    }

    #[test]
    fn limits_are_told_where_there_are_any() {
        let all = r#"{"Memory": 67108864, "NanoCpus": 1500000000,
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}}"#;
        assert_eq!(facts(all), ["memory limit 64.0 MiB", "cpu limit 150%", "log limit 10m in 3 files"]);
        let none = r#"{"Memory": 0, "NanoCpus": 0, "CpuQuota": 0, "CpuPeriod": 0, "LogConfig": {"Type": "journald"}}"#;
        assert!(facts(none).is_empty());
        assert_eq!(facts(r#"{"CpuQuota": 50000, "CpuPeriod": 100000}"#), ["cpu limit 50%"]);
        assert_eq!(facts(r#"{"CpuQuota": -1, "CpuPeriod": 100000}"#), Vec::<String>::new());
    }

    #[test]
    fn a_log_without_a_limit_is_told_as_one() {
        let of = |driver: &str, options: &str| {
            facts(&format!(r#"{{"LogConfig": {{"Type": "{driver}", "Config": {options}}}}}"#))
        };
        assert_eq!(of("json-file", "{}"), ["log limit none"]);
        assert_eq!(of("json-file", r#"{"max-size": "1m", "max-file": "1"}"#), ["log limit 1m"]);
        assert_eq!(of("local", "null"), ["log limit 20m in 5 files"]);
        assert!(of("syslog", "{}").is_empty());
    }
}
