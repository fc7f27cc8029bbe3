//! `[text.NAME]`: what a program writes.

use super::metric::exit_codes;
use super::policy::Text;
use super::reader::Value;
use super::setting::Setting;
use super::{keys, named};
use crate::measure::request::TextRequest;

/// Lines that are kept at most, where nobody says how many.
const MAX_LINES: i64 = 40;

/// Reads one text.
pub(super) fn text(value: &Value, setting: Setting) -> Option<Text> {
    named::check_key(value);
    let table = value.table(&keys::MEASURED_TEXT)?;
    let timeout = table.get("timeout").and_then(|value| value.positive_duration()).unwrap_or(setting.timeout);
    let max_lines = table.get("max_lines").map_or(Some(MAX_LINES), |value| value.whole(1..=1000));
    let exit_codes = exit_codes(&table);
    let cwd = setting.folder(table.get("cwd"));
    let argv = table.require("command")?.argv()?;
    let name = value.name.to_owned();
    let max_lines = usize::try_from(max_lines?).ok()?;
    let request = TextRequest { name: name.clone(), argv, cwd: cwd?, exit_codes: exit_codes?, max_lines, timeout };
    Some(Text { name, span: value.key, request })
}
