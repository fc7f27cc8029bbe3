//! Names of objects.

use std::fmt;

/// The name of an object: a hash in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(String);

impl ObjectId {
    /// Reads one; `None` where it is no hash, and for the hash of nothing, which git writes where there is no object.
    pub(super) fn parse(bytes: &[u8]) -> Option<ObjectId> {
        let is_hash = bytes.len() >= 40 && bytes.iter().all(u8::is_ascii_hexdigit);
        let is_nothing = bytes.iter().all(|byte| *byte == b'0');
        (is_hash && !is_nothing).then(|| ObjectId(String::from_utf8_lossy(bytes).into_owned()))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
