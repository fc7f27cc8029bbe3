//! What may be missing of a check.

use super::reader::{Table, Value};

/// Whether a key that a check must have may be missing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// It may: this is what the checks of single targets are merged over.
    Partial,
    /// It may not, but for what discovery finds.
    Whole(Finds),
}

/// What discovery finds of a group's targets, so that checks need not say it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Finds {
    /// Containers.
    pub containers: bool,
    /// Servers of an `.mcp.json`.
    pub servers: bool,
    /// Series of a Prometheus server.
    pub series: bool,
}

/// The value under a key that a whole check must have.
pub(super) fn needed<'a>(table: &Table<'a>, key: &'static str, need: Need) -> Option<Value<'a>> {
    match need {
        Need::Whole(_) => table.require(key),
        Need::Partial => table.get(key),
    }
}
