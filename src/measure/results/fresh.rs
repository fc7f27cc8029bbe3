//! Whether a report is still about what is there: it may have an age, and it may have to be younger than the sources.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::globs::{self, Globs};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::text_file;
use crate::snapshot::is_older;

/// Something that a report must not be older than.
#[derive(Clone, Debug, PartialEq)]
pub struct Younger {
    /// What it is: "HEAD (committed)", "`src/lib.rs` (written)".
    pub what: String,
    /// When it came to be.
    pub at: jiff::Timestamp,
}

/// The youngest file below `root` that `globs` name. `None` where there is none, or `stop` said so.
///
/// # Errors
/// Why nobody could look.
pub fn youngest(root: &Path, globs: &[String], stop: impl Fn() -> bool) -> Result<Option<Younger>, Unmeasured> {
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
    Ok(youngest)
}

/// Why what was `written` at that time no longer counts, if it does not.
pub fn stale(
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
