//! Lists that templates see by key: `groups.mcp`.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// What has a key in trueup.toml.
pub(super) trait Named {
    /// The key.
    fn key(&self) -> &str;
}

/// Writes a list as a map from key to item, in the order of the list.
pub(super) fn by_key<T: Named + Serialize, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(items.len()))?;
    for item in items {
        map.serialize_entry(item.key(), item)?;
    }
    map.end()
}
