//! A process of this machine, by name, by a file with its number, or as a unit of systemd. A pass proves
//! [`Rung::Running`].
//!
//! By name or file:
//!
//! | seen | outcome |
//! |---|---|
//! | it runs | passed |
//! | no process of the name | failed: missing |
//! | zombies only: it ended, and who started it did not notice | failed: exited |
//! | it is stopped by a signal | failed: paused |
//! | the file is not there | failed: missing |
//! | the file is stale: no such process, or one that started after the file was written and so got the number later | failed: exited |
//! | the process of that number has another name than `name` | failed: wrong answer |
//! | the file has no number in it, or cannot be read | unmeasured: unreadable, permission denied |
//! | none is seen, and this system hides the processes of others (`hidepid`) | unmeasured: permission denied |
//! | this system shows no processes | unmeasured: source away |
//!
//! As a unit:
//!
//! | seen | outcome |
//! |---|---|
//! | `active` (also `active (exited)`, of one that has nothing to run), `reloading` | passed |
//! | `failed` | failed: exited |
//! | `activating (auto-restart)` | failed: restart loop |
//! | `inactive`, `deactivating` | failed: not started |
//! | no such unit | failed: missing |
//! | a masked unit, one whose file is wrong | failed: configuration |
//! | `activating` for the first time | unmeasured: too early |
//! | no `systemctl`, or a system that was not booted with systemd | unmeasured: source away |
//! | `--no-exec`: to ask systemd a program must be started | unmeasured: not allowed |
//!
//! Both: unmeasured, timed out, where the answer did not come in time. Seen is what the own PID namespace shows: of a
//! container, look by `check.docker`. Nothing is repeated but what is missing: it may still be starting.

use std::path::Path;

use tokio::time::Instant;

use super::{Context, Look};
use crate::failure::FailureClass;
use crate::measure::blocking::done_by;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::{ProcessCheck, ProcessSought};
use crate::rung::Rung;

mod number;
mod table;
mod unit;

use self::table::{Seen, State, Table};

/// Looks once.
pub async fn look(check: &ProcessCheck, context: Context<'_>) -> Look {
    if Instant::now() >= context.deadline {
        return Look::unmeasured(Rung::Running, super::no_time_left("process"));
    }
    let looked = match check.sought.clone() {
        ProcessSought::Unit(unit) => return unit::look(&unit, context).await,
        ProcessSought::Name(name) => done_by(context.deadline, move |_| by_name(&name, &Table::read())).await,
        ProcessSought::PidFile { path, name } => {
            done_by(context.deadline, move |_| by_file(&path, name.as_deref(), &Table::read())).await
        }
    };
    looked.unwrap_or_else(|| {
        let detail = "the processes of this machine were not listed in time".to_owned();
        Look::unmeasured(Rung::Running, unknown(UnmeasuredCause::TimedOut, detail))
    })
}

fn unknown(cause: UnmeasuredCause, detail: String) -> Unmeasured {
    Unmeasured { cause, detail, source: "processes of this machine".to_owned() }
}

fn failed(class: FailureClass, reason: String, evidence: Evidence) -> Look {
    Look::failed(Rung::Running, class, reason, evidence)
}

fn by_name(name: &str, table: &Table) -> Look {
    let all: Vec<&Seen> = table.processes.iter().filter(|seen| seen.is_called(name)).collect();
    let running: Vec<&&Seen> = all.iter().filter(|seen| seen.state == State::Runs).collect();
    let mut evidence = Evidence::new();
    if let Some(first) = running.first() {
        evidence.fact("processes", running.len().to_string());
        first.note(&mut evidence);
        let others = if running.len() > 1 { format!(" and {} more", running.len() - 1) } else { String::new() };
        return Look::passed(Rung::Running, format!("process {}{others}", first.number), evidence);
    }
    let Some(first) = all.first() else {
        return match table.blindness() {
            Some(why) => Look::unmeasured(Rung::Running, why),
            None => failed(FailureClass::Missing, format!("no process is called `{name}`"), evidence).transient(),
        };
    };
    first.note(&mut evidence);
    not_running(first, evidence)
}

fn not_running(seen: &Seen, evidence: Evidence) -> Look {
    let number = seen.number;
    match seen.state {
        State::Zombie => {
            let reason = format!("process {number} has ended, and whoever started it has not noticed (a zombie)");
            failed(FailureClass::Exited, reason, evidence)
        }
        State::Stopped => failed(FailureClass::Paused, format!("process {number} is stopped by a signal"), evidence),
        State::Runs => Look::passed(Rung::Running, format!("process {number}"), evidence),
    }
}

fn by_file(path: &Path, name: Option<&str>, table: &Table) -> Look {
    let place = path.display();
    let mut evidence = Evidence::new();
    evidence.fact("pid file", place.to_string());
    let file = match number::read(path) {
        Ok(Some(file)) => file,
        Ok(None) => {
            return failed(FailureClass::Missing, format!("`{place}` is not there"), evidence).transient();
        }
        Err(unmeasured) => return Look::unmeasured(Rung::Running, unmeasured),
    };
    let number = file.number;
    let Some(seen) = table.processes.iter().find(|seen| seen.number == number) else {
        return match table.blindness() {
            Some(why) => Look::unmeasured(Rung::Running, why),
            None => {
                let reason = format!("`{place}` is stale: it says {number}, and there is no such process");
                failed(FailureClass::Exited, reason, evidence).transient()
            }
        };
    };
    seen.note(&mut evidence);
    if let Some(name) = name.filter(|name| !seen.is_called(name)) {
        let reason = format!("`{place}` says {number}, and that process is `{}`, expected `{name}`", seen.name);
        return failed(FailureClass::WrongAnswer, reason, evidence);
    }
    // The clock may have been set since, and then the file seems older than it is: a name settles it.
    if let Some(later) = file.started_after(seen.started).filter(|_| name.is_none()) {
        let reason = format!(
            "`{place}` is stale: process {number} (`{}`) started {later} s after the file was written, so the number was given \
             to another (or the clock was set: then say the `name` as well)",
            seen.name
        );
        return failed(FailureClass::Exited, reason, evidence);
    }
    not_running(seen, evidence)
}

#[cfg(test)]
mod tests;
