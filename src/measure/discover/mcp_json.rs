//! Servers of an `.mcp.json`.

use std::path::Path;

use super::Found;
use crate::measure::measurement::Unmeasured;

/// Servers in the order of the file.
pub async fn discover(_path: &Path) -> Result<Vec<Found>, Unmeasured> {
    Ok(Vec::new())
}
