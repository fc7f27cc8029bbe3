//! Where a container engine listens when `DOCKER_HOST` does not say.

/// Address of the engine that the system's `docker` would ask.
#[cfg(unix)]
pub const DEFAULT_ENGINE: &str = "unix:///var/run/docker.sock";

/// Address of the engine that the system's `docker` would ask.
#[cfg(windows)]
pub const DEFAULT_ENGINE: &str = "npipe:////./pipe/docker_engine";
