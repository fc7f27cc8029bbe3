//! Units of systemd, as `systemctl show` tells of them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Context, Look, failed, unknown};
use crate::failure::FailureClass;
use crate::measure::classify::Exit;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::UnmeasuredCause;
use crate::measure::process::{Program, run, stop_waiting_at};
use crate::rung::Rung;

/// What is asked of a unit.
const PROPERTIES: &str = "LoadState,LoadError,ActiveState,SubState,Result,MainPID,ExecMainStatus,NRestarts";

/// Most bytes of the answer.
const LIMIT: usize = 64 << 10;

/// Asks systemd once.
pub(super) async fn look(unit: &str, context: Context<'_>) -> Look {
    let argv = ["systemctl", "show", "--no-pager", &format!("--property={PROPERTIES}"), "--", unit].map(str::to_owned);
    let env = BTreeMap::from([("LC_ALL", "C"), ("SYSTEMD_COLORS", "0")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    let program = Program { argv: &argv, env: &env, cwd: Path::new("/") };
    let away = |detail: String| {
        let mut unmeasured = unknown(UnmeasuredCause::SourceAway, detail);
        unmeasured.source = "systemd".to_owned();
        Look::unmeasured(Rung::Running, unmeasured)
    };
    match run(&program, LIMIT, stop_waiting_at(context.deadline)).await {
        Err(fault) => away(format!("systemd cannot be asked: {fault}")),
        Ok(finished) => match finished.exit {
            Some(Exit::Code(0)) => judge(unit, &finished.stdout.text()),
            Some(exit) => {
                let stderr = finished.stderr.text();
                let why = stderr.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
                away(format!("`systemctl` cannot tell of `{unit}` ({exit}): {}", plain(why, 160)))
            }
            None => {
                let detail = format!("`systemctl` did not tell of `{unit}` in time");
                let mut unmeasured = unknown(UnmeasuredCause::TimedOut, detail);
                unmeasured.source = "systemd".to_owned();
                Look::unmeasured(Rung::Running, unmeasured)
            }
        },
    }
}

/// Judges what `systemctl show` wrote.
pub(super) fn judge(unit: &str, shown: &str) -> Look {
    let said: HashMap<&str, &str> = shown.lines().filter_map(|line| line.split_once('=')).collect();
    let of = |name: &str| said.get(name).copied().unwrap_or_default();
    let mut evidence = Evidence::new();
    for (name, property) in [
        ("active", "ActiveState"),
        ("sub", "SubState"),
        ("result", "Result"),
        ("pid", "MainPID"),
        ("exit code", "ExecMainStatus"),
        ("restarts", "NRestarts"),
    ] {
        if !matches!(of(property), "" | "0") {
            evidence.fact(name, of(property));
        }
    }
    let state = format!("`{unit}` is {} ({})", plain(of("ActiveState"), 40), plain(of("SubState"), 40));
    match of("LoadState") {
        "not-found" => return failed(FailureClass::Missing, format!("there is no unit `{unit}`"), evidence),
        "masked" => return failed(FailureClass::Configuration, format!("`{unit}` is masked"), evidence),
        "error" | "bad-setting" => {
            let reason = format!("`{unit}` cannot be loaded: {}", plain(of("LoadError"), 160));
            return failed(FailureClass::Configuration, reason, evidence);
        }
        _ => {}
    }
    match (of("ActiveState"), of("SubState")) {
        ("active" | "reloading" | "refreshing", _) => Look::passed(Rung::Running, state, evidence),
        ("activating", "auto-restart" | "auto-restart-queued") => {
            let reason = format!("{state}: it ended with {} and is started again", plain(of("Result"), 40));
            failed(FailureClass::RestartLoop, reason, evidence)
        }
        ("activating", _) => {
            let mut look = Look::unmeasured(Rung::Running, unknown(UnmeasuredCause::TooEarly, state));
            look.evidence = evidence;
            look
        }
        ("failed", _) => {
            let reason = format!("{state}: {}, exit {}", plain(of("Result"), 40), plain(of("ExecMainStatus"), 10));
            failed(FailureClass::Exited, reason, evidence)
        }
        ("inactive" | "deactivating" | "maintenance", _) => {
            failed(FailureClass::NotStarted, state, evidence).transient()
        }
        (other, _) => {
            let detail = format!("`systemctl` says `{}` of `{unit}`, expected a state", plain(other, 40));
            Look::unmeasured(Rung::Running, unknown(UnmeasuredCause::Unreadable, detail))
        }
    }
}
