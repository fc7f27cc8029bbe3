//! A file or folder that must be there. A pass proves [`Rung::Exists`]; with `max_age` it proves [`Rung::Running`], since
//! something is at work that writes it; with `matches` or `values`, [`Rung::Functional`]: the content is what the file is
//! for. "Asked" below is that rung.
//!
//! | seen | outcome | proved on the way |
//! |---|---|---|
//! | it is there, young enough, and its content is the one expected | passed | |
//! | it is not there, a link leads nowhere, a file stands where a folder should | failed at exists: missing | |
//! | it was written longer ago than `max_age` | failed at running: stale | exists |
//! | it was written in the future: a clock was set, and its age cannot be told | unmeasured: unreadable | exists |
//! | its text does not match | failed at functional: wrong answer | exists |
//! | another value, no value, or it is not the JSON, TOML or YAML that its name says | failed at functional: wrong answer | exists |
//! | permission denied | unmeasured: permission denied | exists, where only its text is closed to us |
//! | content is asked of a folder, a device or a pipe, or of more than 64 MiB | unmeasured: unreadable | exists |
//! | any other error of the file system | unmeasured: source away | |
//! | the disk or the network that it is on does not answer in time | unmeasured: timed out | |
//!
//! A match in the first 64 MiB of a larger file is one. The age of a folder is that of its entries: when one came or went.
//! Nothing here passes by waiting: no second attempt.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::blocking::done_by;
use crate::measure::content::{self, Mismatch};
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::notation::{self, NoValues};
use crate::measure::pattern;
use crate::measure::request::FileCheck;
use crate::measure::text_file::{self, SIZE_LIMIT};
use crate::rung::Rung;
use crate::snapshot::{is_ahead, is_older};

/// Longest value shown in a reason, in Unicode scalar values.
const SHOWN: usize = 80;

/// Looks once.
pub async fn look(check: &FileCheck, context: Context<'_>) -> Look {
    let asked = asked_rung(check);
    if Instant::now() >= context.deadline {
        return Look::unmeasured(asked, super::no_time_left("file"));
    }
    let owned = check.clone();
    done_by(context.deadline, move |_| look_now(&owned)).await.unwrap_or_else(|| {
        let detail = format!("`{}` did not answer in time", check.path.display());
        let source = check.path.display().to_string();
        Look::unmeasured(asked, Unmeasured { cause: UnmeasuredCause::TimedOut, detail, source })
    })
}

/// The rung that a pass proves.
pub(super) fn asked_rung(check: &FileCheck) -> Rung {
    if check.matches.is_some() || !check.values.is_empty() {
        Rung::Functional
    } else if check.max_age.is_some() {
        Rung::Running
    } else {
        Rung::Exists
    }
}

/// What stands between a file that is there and a pass.
enum Fault {
    /// It does not stand on this rung.
    Down(Rung, FailureClass, String),
    /// Nobody can tell.
    Unknown(Unmeasured),
}

fn look_now(check: &FileCheck) -> Look {
    let data = match fs::metadata(&check.path) {
        Ok(data) => data,
        Err(error) => return absent(check, &error),
    };
    let kind = if data.is_dir() { "folder" } else { "file" };
    let mut evidence = evidence_of(&check.path, kind, &data);
    let seen = young(check, &data, &mut evidence).and_then(|age| Ok([age, text(check)?, values(check)?]));
    match seen {
        Ok(seen) => {
            let seen: Vec<String> = seen.into_iter().flatten().collect();
            let path = check.path.display();
            let summary = if seen.is_empty() {
                format!("{kind} `{path}` is there")
            } else {
                format!("`{path}` {}", seen.join(", "))
            };
            Look::passed(asked_rung(check), summary, evidence)
        }
        Err(Fault::Down(rung, class, reason)) => {
            Look::failed(rung, class, reason, evidence).having_proved(Rung::Exists)
        }
        Err(Fault::Unknown(unmeasured)) => {
            let mut look = Look::unmeasured(asked_rung(check), unmeasured);
            look.proved = Some(Rung::Exists).filter(|proved| *proved < look.rung);
            look.evidence = evidence;
            look
        }
    }
}

/// Whether it is young enough. Says so, and not how old it is: that is new in every look.
fn young(check: &FileCheck, data: &Metadata, evidence: &mut Evidence) -> Result<Option<String>, Fault> {
    let Some(max_age) = check.max_age else { return Ok(None) };
    let path = check.path.display();
    let now = jiff::Timestamp::now();
    let written = data
        .modified()
        .ok()
        .and_then(|time| jiff::Timestamp::try_from(time).ok())
        .ok_or_else(|| unreadable(&check.path, format!("the time at which `{path}` was written is not known")))?;
    evidence.fact("written", format!("{written:.0}"));
    let bound = humantime::format_duration(max_age);
    if is_ahead(written, now) {
        let detail = format!("`{path}` was written {written:.0}, and it is {now:.0} now: its age cannot be told");
        return Err(unreadable(&check.path, detail));
    }
    if is_older(written, max_age, now) {
        let reason = format!("`{path}` was written {written:.0}, it is {now:.0} now, and {bound} may pass at most");
        return Err(Fault::Down(Rung::Running, FailureClass::Stale, reason));
    }
    Ok(Some(format!("was written less than {bound} ago")))
}

/// Whether its text matches. Says so.
fn text(check: &FileCheck) -> Result<Option<String>, Fault> {
    let Some(pattern) = &check.matches else { return Ok(None) };
    let path = check.path.display();
    let compiled = pattern::compile(pattern).map_err(Fault::Unknown)?;
    let text = text_file::read(&check.path).map_err(Fault::Unknown)?;
    if compiled.is_match(&text.bytes) {
        Ok(Some(format!("matches `{pattern}`")))
    } else if text.whole {
        Err(wrong(format!("`{path}` does not match `{pattern}`")))
    } else {
        let detail = format!("no match of `{pattern}` in the first {} MiB of `{path}`", SIZE_LIMIT >> 20);
        Err(unreadable(&check.path, detail))
    }
}

/// Whether the values are those expected. Says which they are.
fn values(check: &FileCheck) -> Result<Option<String>, Fault> {
    if check.values.is_empty() {
        return Ok(None);
    }
    let path = check.path.display();
    let document = notation::read(&check.path).map_err(|fault| match fault {
        NoValues::Unread(unmeasured) => Fault::Unknown(unmeasured),
        NoValues::Damaged(detail) => wrong(format!("`{path}`: {detail}")),
    })?;
    let show = |value: &serde_json::Value| plain(&value.to_string(), SHOWN);
    match content::pointed(&document, &check.values, "file", show) {
        Ok(seen) => Ok(Some(format!("says {}", seen.trim_start_matches("; ")))),
        Err(Mismatch::Wrong(reason)) => Err(wrong(format!("`{path}`: {reason}"))),
        Err(Mismatch::Unreadable(detail)) => Err(unreadable(&check.path, detail)),
    }
}

fn wrong(reason: String) -> Fault {
    Fault::Down(Rung::Functional, FailureClass::WrongAnswer, reason)
}

fn unreadable(path: &Path, detail: String) -> Fault {
    Fault::Unknown(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: path.display().to_string() })
}

fn absent(check: &FileCheck, error: &io::Error) -> Look {
    let path = check.path.display();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            let link = fs::read_link(&check.path).map_or_else(
                |_| String::new(),
                |to| format!(": it is a link to `{}`, which is not there", to.display()),
            );
            let reason = format!("`{path}` is not there{link}");
            Look::failed(Rung::Exists, FailureClass::Missing, reason, Evidence::new())
        }
        _ => Look::unmeasured(asked_rung(check), text_file::unmeasured(&check.path, error)),
    }
}

fn evidence_of(path: &Path, kind: &str, data: &Metadata) -> Evidence {
    let mut evidence = Evidence::new();
    evidence.fact("path", path.display().to_string()).fact("kind", kind);
    if data.is_file() {
        evidence.fact("bytes", data.len().to_string());
    }
    evidence
}
