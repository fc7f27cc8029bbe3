//! A file or folder that must be there. A pass proves [`Rung::Exists`]; with `matches`, text that must be in it, a pass
//! proves [`Rung::Functional`]: the content is what the file is for.
//!
//! | seen | outcome | proved on the way |
//! |---|---|---|
//! | it is there, and its text matches | passed | |
//! | it is not there, a link leads nowhere, a file stands where a folder should | failed at exists: missing | |
//! | its text does not match | failed at functional: wrong answer | exists |
//! | permission denied | unmeasured: permission denied | exists, where only its text is closed to us |
//! | text is asked of a folder, a device or a pipe, or of more than 64 MiB without a match | unmeasured: unreadable | exists |
//! | any other error of the file system | unmeasured: source away | |
//! | the disk or the network that it is on does not answer in time | unmeasured: timed out | |
//!
//! Nothing here passes by waiting: no second attempt.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::blocking::done_by;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::pattern;
use crate::measure::request::FileCheck;
use crate::measure::text_file::{self, SIZE_LIMIT};
use crate::rung::Rung;

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
    if check.matches.is_some() { Rung::Functional } else { Rung::Exists }
}

fn look_now(check: &FileCheck) -> Look {
    let path = check.path.display();
    let data = match fs::metadata(&check.path) {
        Ok(data) => data,
        Err(error) => return absent(check, &error),
    };
    let kind = if data.is_dir() { "folder" } else { "file" };
    let evidence = evidence_of(&check.path, kind, &data);
    let Some(pattern) = &check.matches else {
        return Look::passed(Rung::Exists, format!("{kind} `{path}` is there"), evidence);
    };
    let matched = pattern::compile(pattern)
        .and_then(|compiled| text_file::read(&check.path).map(|text| (compiled.is_match(&text.bytes), text.whole)));
    match matched {
        Ok((true, _)) => Look::passed(Rung::Functional, format!("`{path}` matches `{pattern}`"), evidence),
        Ok((false, true)) => {
            let reason = format!("`{path}` does not match `{pattern}`");
            Look::failed(Rung::Functional, FailureClass::WrongAnswer, reason, evidence).having_proved(Rung::Exists)
        }
        Ok((false, false)) => {
            let detail = format!("no match of `{pattern}` in the first {} MiB of `{path}`", SIZE_LIMIT >> 20);
            exists_but(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: path.to_string() }, evidence)
        }
        Err(unmeasured) => exists_but(unmeasured, evidence),
    }
}

fn exists_but(unmeasured: Unmeasured, evidence: Evidence) -> Look {
    let mut look = Look::unmeasured(Rung::Functional, unmeasured).having_proved(Rung::Exists);
    look.evidence = evidence;
    look
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
