//! Processes of this machine that carry a mark in their environment.
//!
//! What a container engine starts for us is no child of ours: it has no process group that we know, and its number is
//! one of the engine's machine, which need not be this one. A mark that nobody else makes tells it apart from everything
//! else, and its children inherit it.

/// Kills every process whose environment has the entry `mark` (`NAME=value`), and says how many.
#[cfg(target_os = "linux")]
pub fn kill_marked(mark: &str) -> usize {
    use rustix::process::{Pid, Signal, kill_process};

    let Ok(entries) = std::fs::read_dir("/proc") else { return 0 };
    let mut killed = 0;
    for entry in entries.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw) else {
            continue;
        };
        let Ok(environment) = std::fs::read(entry.path().join("environ")) else { continue };
        let marked = environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes());
        if marked && kill_process(id, Signal::KILL).is_ok() {
            killed += 1;
        }
    }
    killed
}

/// Kills nothing: this system does not show the environment of other processes.
#[cfg(not(target_os = "linux"))]
pub fn kill_marked(_mark: &str) -> usize {
    0
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::kill_marked;

    #[test]
    fn only_what_carries_the_mark_ends() {
        let mark = format!("TRUEUP_TEST_MARK={}", std::process::id());
        let (name, value) = mark.split_once('=').unwrap();
        let mut marked = Command::new("sleep").arg("30").env(name, value).spawn().unwrap();
        let mut other = Command::new("sleep").arg("30").env(name, "another").spawn().unwrap();
        assert_eq!(kill_marked(&mark), 1);
        assert!(!marked.wait().unwrap().success());
        assert!(other.try_wait().unwrap().is_none());
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
