//! Judging from what was measured before, or elsewhere: snapshots read, held against trueup.toml and the clock, and merged.
//!
//! A snapshot answers like a measurement or not at all. What is too old, what trueup.toml defines otherwise by now and what
//! is not in it is unmeasured, with the reason; none of that is ever drift. Two snapshots that contradict each other are a
//! fault, for nobody can say which is right.

use std::sync::Arc;
use std::time::Duration;

use crate::config::policy::Policy;
use crate::document::source::SourceFile;
use crate::measure::measurement::Snapshot;
use crate::measure::request::Plan;
use crate::report::diagnostic::Diagnostic;

mod age;
mod blank;
mod complete;
mod fit;
mod merge;
mod read;
pub mod schema;

pub use age::{is_ahead, is_older};
pub use complete::{answers, tried};

/// A snapshot and the file that it came from.
#[derive(Debug)]
struct Recorded {
    /// The file, as it was named.
    file: String,
    /// What it holds.
    snapshot: Snapshot,
}

impl Recorded {
    /// The source that findings name.
    fn source(&self) -> String {
        format!("snapshot {}", self.file)
    }

    /// "on web-1, 2026-01-05T10:00:00Z": where and when it was taken.
    fn origin(&self) -> String {
        let host = self.snapshot.about.host.as_deref().map(|host| format!("on {host}, ")).unwrap_or_default();
        format!("{host}{:.0}", self.snapshot.taken_at)
    }
}

/// What can be judged from, and what a person should know about it.
#[derive(Debug)]
pub struct Measurements {
    /// One snapshot that answers for all that was asked.
    pub snapshot: Snapshot,
    /// What was taken with another trueup.toml.
    pub warnings: Vec<Diagnostic>,
}

/// Reads snapshots into one that answers `plan`. What is older than `max_age` at `now` is unmeasured.
///
/// # Errors
/// Every text that is no snapshot, with the place of the fault; and every contradiction between two of them.
pub fn load(
    files: &[Arc<SourceFile>],
    plan: &Plan,
    policy: &Policy,
    max_age: Option<Duration>,
    now: jiff::Timestamp,
) -> Result<Measurements, Vec<Diagnostic>> {
    let mut recorded = Vec::new();
    let mut faults = Vec::new();
    for file in files {
        match read::read(file) {
            Ok(snapshot) => recorded.push(Recorded { file: file.name().to_owned(), snapshot }),
            Err(fault) => faults.push(*fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut warnings = Vec::new();
    for one in &mut recorded {
        warnings.extend(fit::fit(one, policy));
        if let Some(max_age) = max_age {
            age::expire(one, max_age, now);
        }
    }
    let names: Vec<String> = recorded.iter().map(|one| format!("`{}`", one.file)).collect();
    let merged = merge::merge(recorded)?;
    Ok(Measurements { snapshot: complete::complete(merged, plan, &names.join(", ")), warnings })
}
