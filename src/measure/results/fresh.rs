//! Whether a report is still about what is there: it may have an age, and it may have to be younger than the sources.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

use super::Read;
use crate::globs::{self, Globs};
use crate::measure::blocking::Stop;
use crate::measure::git;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::ReportFiles;
use crate::measure::text_file;
use crate::snapshot::is_older;

/// What `report` must not be older than, as far as git has to be asked for it.
///
/// # Errors
/// Why that is not known.
pub async fn head(report: &ReportFiles, deadline: Instant) -> Result<Vec<Younger>, Unmeasured> {
    if !report.newer_than_head {
        return Ok(Vec::new());
    }
    let at = git::head_time(&report.root, deadline).await?;
    Ok(vec![Younger { what: "HEAD".to_owned(), at }])
}

/// What `read` reads of `report`, unless it no longer counts: it is too old, or older than one of `younger` or of the files
/// that it must not be older than.
///
/// # Errors
/// Why there is nothing that counts.
pub fn counting<T>(
    report: &ReportFiles,
    mut younger: Vec<Younger>,
    stop: &Stop,
    read: impl FnOnce(&[PathBuf]) -> Result<Read<T>, Unmeasured>,
) -> Result<Read<T>, Unmeasured> {
    if !report.newer_than.is_empty() {
        younger.push(youngest(&report.root, &report.newer_than, || stop.is_asked())?);
    }
    let read = read(&report.paths)?;
    match stale(&report.place(), read.written, jiff::Timestamp::now(), report.max_age, &younger) {
        None => Ok(read),
        Some(unmeasured) => Err(unmeasured),
    }
}

/// Something that a report must not be older than.
#[derive(Clone, Debug, PartialEq)]
pub struct Younger {
    /// What it is: "HEAD (committed)", "`src/lib.rs` (written)".
    pub what: String,
    /// When it came to be.
    pub at: jiff::Timestamp,
}

/// The youngest file below `root` that `globs` name.
///
/// # Errors
/// Why nobody could look, or that there is none: a pattern with a slip in it must not make every report a young one.
fn youngest(root: &Path, globs: &[String], stop: impl Fn() -> bool) -> Result<Younger, Unmeasured> {
    let compiled = Globs::new(globs).map_err(|bad| Unmeasured {
        cause: UnmeasuredCause::Unreadable,
        detail: bad.to_string(),
        source: "trueup.toml".to_owned(),
    })?;
    let mut youngest: Option<Younger> = None;
    for file in globs::files(root) {
        if stop() {
            break;
        }
        let file = file.map_err(|fault| text_file::unmeasured(fault.path.as_deref().unwrap_or(root), &fault.error))?;
        let Ok(inside) = file.strip_prefix(root) else { continue };
        if !compiled.matches(inside) {
            continue;
        }
        let modified = fs::metadata(&file).and_then(|data| data.modified());
        let modified = modified.map_err(|error| text_file::unmeasured(&file, &error))?;
        let Ok(at) = jiff::Timestamp::try_from(modified) else { continue };
        if youngest.as_ref().is_none_or(|known| at > known.at) {
            youngest = Some(Younger { what: format!("`{}`", inside.display()), at });
        }
    }
    youngest.ok_or_else(|| Unmeasured {
        cause: UnmeasuredCause::NothingFound,
        detail: format!("no file matches `{}`, which the report must not be older than", globs.join("`, `")),
        source: root.display().to_string(),
    })
}

/// Why what was `written` at that time no longer counts, if it does not.
fn stale(
    source: &str,
    written: jiff::Timestamp,
    now: jiff::Timestamp,
    max_age: Option<Duration>,
    younger: &[Younger],
) -> Option<Unmeasured> {
    let too_old = |detail| Unmeasured { cause: UnmeasuredCause::TooOld, detail, source: source.to_owned() };
    if let Some(max_age) = max_age.filter(|max_age| is_older(written, *max_age, now)) {
        let bound = humantime::format_duration(max_age);
        return Some(too_old(format!(
            "`{source}` was written {written:.0}, it is {now:.0} now, and {bound} may pass at most"
        )));
    }
    // To the second: that is how exactly git keeps times.
    let after = younger.iter().find(|other| other.at.as_second() > written.as_second())?;
    Some(too_old(format!(
        "`{source}` was written {written:.0}, before {} of {:.0}: it is not about that",
        after.what, after.at
    )))
}
