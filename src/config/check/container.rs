//! Checks of containers.

use std::time::Duration;

use super::regex_text;
use crate::config::fault::Fault;
use crate::config::need::{Finds, Need, needed};
use crate::config::reader::Table;
use crate::config::setting::Setting;
use crate::measure::container_request::{MountCheck, ReachCheck, Reached, ResourceLimits};
use crate::measure::request::{DockerCheck, ExecCheck};

/// A container that dies every few seconds is listed as running almost always, and engines wait up to a minute between
/// restarts: a shorter time would take the waiting for stability.
const STABLE_FOR: Duration = Duration::from_secs(60);

/// `check.docker`.
pub(super) fn docker(table: &Table, setting: Setting, need: Need) -> Option<DockerCheck> {
    let stable_for = table.get("stable_for").map_or(Some(STABLE_FOR), |value| value.duration());
    let container = container(table, need);
    let whole = |key, least| {
        let value = table.get(key)?.whole(least..=100_000)?;
        u64::try_from(value).ok()
    };
    let limits = ResourceLimits {
        memory: table.get("max_memory").and_then(|value| value.size()),
        cpu: whole("max_cpu", 1),
        restarts_per_hour: whole("max_restarts_per_hour", 0),
        log_bytes_per_minute: table.get("max_log_per_minute").and_then(|value| value.size()),
    };
    Some(DockerCheck { engine: setting.engine.clone(), container, stable_for: stable_for?, limits })
}

/// `check.exec`.
pub(super) fn exec(table: &Table, setting: Setting, need: Need) -> Option<ExecCheck> {
    let exit_code = table.get("exit_code").map_or(Some(0), |value| value.whole(0..=255));
    let stdout = regex_text(table, "stdout", setting);
    let container = container(table, need);
    let argv = needed(table, "command", need)?.argv()?;
    Some(ExecCheck { engine: setting.engine.clone(), container, argv, exit_code: exit_code?, stdout })
}

/// `check.mount`.
pub(super) fn mount(table: &Table, setting: Setting, need: Need) -> Option<MountCheck> {
    let may_be_empty = table.get("may_be_empty").map_or(Some(false), |value| value.flag());
    let container = container(table, need);
    let path = needed(table, "path", need)?;
    let text = path.text()?;
    if !text.starts_with('/') {
        return path.invalid(text, "which does not begin with `/`");
    }
    Some(MountCheck { engine: setting.engine.clone(), container, path: text.to_owned(), may_be_empty: may_be_empty? })
}

/// `check.reach`.
pub(super) fn reach(table: &Table, setting: Setting, need: Need) -> Option<ReachCheck> {
    let status =
        table.get("status").map_or(Some(Vec::new()), |value| value.codes(100..=599, "a status code from 100 to 599"));
    let container = container(table, need);
    let to = match (table.get("address"), table.get("url")) {
        (Some(address), None) => {
            let text = address.address()?;
            let (host, port) = text.rsplit_once(':')?;
            if let Some(status) = table.get("status") {
                let message = format!("`{}` has no effect on an address", status.place);
                table.fault(Fault::wrong(status.key, message, "a port has no status"));
            }
            Reached::Tcp { host: host.trim_matches(['[', ']']).to_owned(), port: port.parse().ok()? }
        }
        (None, Some(url)) => {
            let status = status?.into_iter().filter_map(|code| u16::try_from(code).ok()).collect();
            Reached::Http { url: url.url()?, status }
        }
        (Some(_), Some(url)) => {
            let message = format!("`{}` has `address` and `url`, expected one of them", table.place);
            table.fault(Fault::wrong(url.key, message, "excludes the other"));
            return None;
        }
        (None, None) => {
            if let Need::Whole(_) = need {
                let message = format!("`{}` names no place, expected `address` or `url`", table.place);
                table.fault(Fault::absent(table.span, message, "reach what?"));
            }
            return None;
        }
    };
    Some(ReachCheck { engine: setting.engine.clone(), container, to })
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
