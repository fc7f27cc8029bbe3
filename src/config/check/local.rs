//! Checks of this machine: a port, a program, a file.

use super::{Need, Setting, needed, regex_text};
use crate::config::reader::Table;
use crate::measure::request::{CommandCheck, FileCheck, TcpCheck};

/// `check.tcp`.
pub(super) fn tcp(table: &Table, need: Need) -> Option<TcpCheck> {
    Some(TcpCheck { address: needed(table, "address", need)?.address()? })
}

/// `check.command`.
pub(super) fn command(table: &Table, setting: Setting, need: Need) -> Option<CommandCheck> {
    let exit_code =
        table.get("exit_code").map_or(Some(0), |value| value.whole(i64::from(i32::MIN)..=i64::from(i32::MAX)));
    let stdout = regex_text(table, "stdout", setting);
    let cwd = setting.folder(table.get("cwd"));
    let argv = needed(table, "command", need)?.argv()?;
    Some(CommandCheck { argv, cwd: cwd?, exit_code: i32::try_from(exit_code?).ok()?, stdout })
}

/// `check.file`.
pub(super) fn file(table: &Table, setting: Setting, need: Need) -> Option<FileCheck> {
    let matches = regex_text(table, "matches", setting);
    let path = needed(table, "path", need)?.text()?;
    Some(FileCheck { path: setting.root.join(path), matches })
}
