//! What tests that start processes share: a mark of their own in the environment, and the search for it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A value in the environment of everything that one test starts.
pub struct Trace {
    value: String,
}

pub const NAME: &str = "TRUEUP_TEST_TRACE";

impl Trace {
    pub fn new() -> Trace {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        Trace { value: format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)) }
    }

    pub fn env(&self) -> BTreeMap<String, String> {
        BTreeMap::from([(NAME.to_owned(), self.value.clone())])
    }

    /// Processes that carry the mark. A zombie has no environment left and is none.
    pub fn processes(&self) -> Vec<String> {
        let variable = format!("{NAME}={}", self.value).into_bytes();
        let mut found = Vec::new();
        for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            if environment.split(|&byte| byte == 0).any(|part| part == variable) {
                let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
                let command = String::from_utf8_lossy(&command).replace('\0', " ");
                found.push(format!("{}: {command}", entry.file_name().to_string_lossy()));
            }
        }
        found
    }

    /// Fails where a process is left. Those that were just killed get a moment.
    pub fn assert_nothing_left(&self, what: &str) {
        let until = Instant::now() + Duration::from_millis(200);
        loop {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "{what} left {left:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
