//! What an engine says of one container, cut down to what the truth table needs.

use std::time::Duration;

use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum, Health as EngineHealth, HealthStatusEnum, HealthcheckResult,
};
use jiff::Timestamp;

use super::limits::Limits;
use super::ports::{self, Published};

/// Facts of a container, as one inspect gave them. Its environment is not among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Full id.
    pub id: String,
    /// Name, without the slash that engines put before it.
    pub name: String,
    /// Where it is in its life.
    pub status: Status,
    /// Exit code of the last run that ended; 0 while it runs.
    pub exit_code: i64,
    /// The engine's message where it could not start the container.
    pub error: String,
    /// The kernel killed a process of it for want of memory.
    pub oom_killed: bool,
    /// When it was made, where the engine says so.
    pub created_at: Option<Timestamp>,
    /// Start of the last run; `None` if it never ran.
    pub started_at: Option<Timestamp>,
    /// Times that the engine started it again by its restart policy. A restart by hand sets it back to 0.
    pub restarts: i64,
    /// Its health check, where it has one.
    pub health: Option<Health>,
    /// What it may use.
    pub limits: Limits,
    /// The ports that it publishes.
    pub ports: Vec<Published>,
    /// Number of its first process, on the engine's machine; `None` where it does not run.
    pub pid: Option<u32>,
    /// Who its processes are, as `user`, `uid` or either with a group behind a colon; empty for root.
    pub user: String,
    /// What is mounted in it.
    pub mounts: Vec<Mount>,
}

/// Something that is mounted in a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where, as the container sees it.
    pub at: String,
    /// What: the path on the engine's machine, or the volume's name.
    pub source: String,
    /// `bind`, `volume`, `tmpfs`.
    pub kind: String,
}

/// Where a container is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Made, and not started yet or not startable.
    Created,
    /// Its process is there.
    Running,
    /// Its processes are frozen.
    Paused,
    /// Its process ended, and the engine is about to start it again.
    Restarting,
    /// Being stopped.
    Stopping,
    /// Its process ended.
    Exited,
    /// Being removed.
    Removing,
    /// Half removed.
    Dead,
}

impl Status {
    /// The word that engines use.
    pub fn name(self) -> &'static str {
        match self {
            Status::Created => "created",
            Status::Running => "running",
            Status::Paused => "paused",
            Status::Restarting => "restarting",
            Status::Stopping => "stopping",
            Status::Exited => "exited",
            Status::Removing => "removing",
            Status::Dead => "dead",
        }
    }
}

/// A health check and its last result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What it says.
    pub state: HealthState,
    /// Failures in a row.
    pub failing_streak: i64,
    /// Exit code of its last run, with the last line of its output.
    pub last: Option<(i64, String)>,
}

/// What a health check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HealthState {
    /// It has not decided yet.
    Starting,
    /// Up.
    Healthy,
    /// Down.
    Unhealthy,
}

impl HealthState {
    /// The word that engines use.
    pub fn name(self) -> &'static str {
        match self {
            HealthState::Starting => "starting",
            HealthState::Healthy => "healthy",
            HealthState::Unhealthy => "unhealthy",
        }
    }
}

impl Container {
    /// A container that runs and of which nothing else is known, to make others of in tests.
    #[cfg(test)]
    pub fn running(name: &str) -> Container {
        let json = format!(r#"{{"Id": "abc", "Name": "/{name}", "State": {{"Status": "running"}}}}"#);
        Container::read(serde_json::from_str(&json).unwrap()).unwrap()
    }

    /// The mount that `path` is on or below of, the innermost one.
    pub fn mount_of(&self, path: &str) -> Option<&Mount> {
        let holds = |mount: &&Mount| {
            let at = mount.at.trim_end_matches('/');
            path.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.mounts.iter().filter(holds).max_by_key(|mount| mount.at.len())
    }

    /// Time from its making to its last start, by the number of restarts between: how often it dies. `None` where there
    /// were too few of them to tell.
    pub fn period(&self) -> Option<Duration> {
        const ENOUGH: i64 = 3;
        let whole = Duration::try_from(self.started_at?.duration_since(self.created_at?)).ok()?;
        let restarts = u32::try_from(self.restarts).ok().filter(|_| self.restarts >= ENOUGH)?;
        Some(whole / restarts)
    }

    /// The facts in an inspect document.
    ///
    /// # Errors
    /// The name of what is missing in it or makes no sense.
    pub fn read(inspect: ContainerInspectResponse) -> Result<Container, &'static str> {
        let state = inspect.state.ok_or("State")?;
        let status = match state.status.ok_or("State.Status")? {
            ContainerStateStatusEnum::EMPTY => return Err("State.Status"),
            ContainerStateStatusEnum::CREATED => Status::Created,
            ContainerStateStatusEnum::RUNNING => Status::Running,
            ContainerStateStatusEnum::PAUSED => Status::Paused,
            ContainerStateStatusEnum::RESTARTING => Status::Restarting,
            ContainerStateStatusEnum::REMOVING => Status::Removing,
            ContainerStateStatusEnum::EXITED => Status::Exited,
            ContainerStateStatusEnum::DEAD => Status::Dead,
            ContainerStateStatusEnum::STOPPING => Status::Stopping,
        };
        // A start time is what stability is judged by: one that cannot be read must not pass for "never started".
        let started_at = match state.started_at.as_deref() {
            None | Some("") => None,
            Some(text) => Some(text.parse::<Timestamp>().map_err(|_| "State.StartedAt")?),
        };
        let created_at = inspect.created.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
        let mounts = inspect.mounts.unwrap_or_default().into_iter().filter_map(|mount| {
            let source = mount.name.filter(|name| !name.is_empty()).or(mount.source).unwrap_or_default();
            Some(Mount { at: mount.destination?, source, kind: mount.typ.unwrap_or_default() })
        });
        Ok(Container {
            id: inspect.id.ok_or("Id")?,
            name: inspect.name.unwrap_or_default().trim_start_matches('/').to_owned(),
            status,
            exit_code: state.exit_code.unwrap_or_default(),
            error: state.error.unwrap_or_default(),
            oom_killed: state.oom_killed.unwrap_or_default(),
            created_at: created_at.filter(|created| *created > Timestamp::UNIX_EPOCH),
            // Engines say "never" with the year 1.
            started_at: started_at.filter(|started| *started > Timestamp::UNIX_EPOCH),
            restarts: inspect.restart_count.unwrap_or_default(),
            health: state.health.and_then(health),
            limits: inspect.host_config.as_ref().map(Limits::read).unwrap_or_default(),
            ports: ports::read(
                inspect.network_settings.and_then(|network| network.ports),
                inspect.host_config.and_then(|host| host.port_bindings),
            ),
            pid: state.pid.and_then(|pid| u32::try_from(pid).ok()).filter(|pid| *pid > 0),
            user: inspect.config.and_then(|config| config.user).unwrap_or_default(),
            mounts: mounts.collect(),
        })
    }
}

fn health(health: EngineHealth) -> Option<Health> {
    let state = match health.status? {
        HealthStatusEnum::EMPTY | HealthStatusEnum::NONE => return None,
        HealthStatusEnum::STARTING => HealthState::Starting,
        HealthStatusEnum::HEALTHY => HealthState::Healthy,
        HealthStatusEnum::UNHEALTHY => HealthState::Unhealthy,
    };
    let last_line = |result: HealthcheckResult| {
        let output = result.output.unwrap_or_default();
        let line = output.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        (result.exit_code.unwrap_or_default(), line.to_owned())
    };
    let last = health.log.unwrap_or_default().pop().map(last_line);
    Some(Health { state, failing_streak: health.failing_streak.unwrap_or_default(), last })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Container, &'static str> {
        Container::read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_document_as_engines_write_it() {
        let container = read(
            r#"{"Id": "abc", "Name": "/web", "RestartCount": 3, "HostConfig": {"Memory": 0}, "State": {
                "Status": "running", "ExitCode": 0, "StartedAt": "2026-11-22T12:00:00.123456789Z",
                "Health": {"Status": "unhealthy", "FailingStreak": 4, "Log": [
                    {"ExitCode": 0, "Output": "fine"}, {"ExitCode": 1, "Output": "no route\n\n"}]}}}"#,
        )
        .unwrap();
        assert_eq!((container.name.as_str(), container.restarts, container.limits.memory), ("web", 3, None));
        assert_eq!(container.status, Status::Running);
        let health = container.health.unwrap();
        assert_eq!(health.state, HealthState::Unhealthy);
        assert_eq!(health.last, Some((1, "no route".to_owned())));
    }

    #[test]
    fn the_innermost_mount_is_the_one_that_counts() {
        let json = r#"{"Id": "abc", "Config": {"User": "1000"}, "State": {"Status": "running", "Pid": 42}, "Mounts": [
            {"Type": "bind", "Source": "/srv/app", "Destination": "/opt"},
            {"Type": "volume", "Name": "data", "Source": "/var/lib/x", "Destination": "/opt/app/"}]}"#;
        let container = read(json).unwrap();
        assert_eq!((container.pid, container.user.as_str()), (Some(42), "1000"));
        let source = |path: &str| container.mount_of(path).map(|mount| mount.source.as_str());
        assert_eq!(source("/opt/app/x"), Some("data"));
        assert_eq!(source("/opt/apple"), Some("/srv/app"));
        assert_eq!(source("/etc"), None);
    }

    #[test]
    fn never_started_is_no_time() {
        let json = r#"{"Id": "abc", "State": {"Status": "created", "StartedAt": "0001-01-01T00:00:00Z"}}"#;
        assert_eq!(read(json).unwrap().started_at, None);
    }

    #[test]
    fn no_health_check_is_no_health() {
        let json = r#"{"Id": "abc", "State": {"Status": "running", "Health": {"Status": "none"}}}"#;
        assert_eq!(read(json).unwrap().health, None);
    }

    #[test]
    fn a_document_without_its_state_is_unreadable() {
        assert_eq!(read(r#"{"Id": "abc"}"#), Err("State"));
        assert_eq!(read(r#"{"Id": "abc", "State": {}}"#), Err("State.Status"));
        assert_eq!(read(r#"{"Id": "a", "State": {"Status": "running", "StartedAt": "soon"}}"#), Err("State.StartedAt"));
    }
}
