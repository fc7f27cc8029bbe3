//! Checks of containers.

use std::time::Duration;

use super::{Finds, Need, Setting, needed, regex_text};
use crate::config::fault::Fault;
use crate::config::reader::Table;
use crate::measure::request::{DockerCheck, ExecCheck};

/// A container that dies every few seconds is listed as running almost always, and engines wait up to a minute between
/// restarts: a shorter time would take the waiting for stability.
const STABLE_FOR: Duration = Duration::from_secs(60);

/// `check.docker`.
pub(super) fn docker(table: &Table, need: Need) -> Option<DockerCheck> {
    let stable_for = table.get("stable_for").map_or(Some(STABLE_FOR), |value| value.duration());
    let container = container(table, need);
    Some(DockerCheck { container, stable_for: stable_for? })
}

/// `check.exec`.
pub(super) fn exec(table: &Table, setting: Setting, need: Need) -> Option<ExecCheck> {
    let exit_code = table.get("exit_code").map_or(Some(0), |value| value.whole(0..=255));
    let stdout = regex_text(table, "stdout", setting);
    let container = container(table, need);
    let argv = needed(table, "command", need)?.argv()?;
    Some(ExecCheck { container, argv, exit_code: exit_code?, stdout })
}

fn container(table: &Table, need: Need) -> Option<String> {
    if let Some(container) = table.get("container") {
        return container.text().map(str::to_owned);
    }
    match need {
        Need::Partial | Need::Whole(Finds { containers: true, .. }) => {}
        Need::Whole(Finds { containers: false, .. }) => {
            let message = format!("`{}` names no container, and its group discovers none", table.place);
            table.fault(
                Fault::absent(table.span, message, "which container?")
                    .help("add `container = \"NAME\"`, or `discover = { docker = { label = \"…\" } }` to the group"),
            );
        }
    }
    None
}
