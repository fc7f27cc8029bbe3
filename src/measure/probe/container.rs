//! What the probes of containers share: which container is meant, and what an engine's trouble is for a check.

use super::Look;
use crate::failure::FailureClass;
use crate::measure::discover::Handle;
use crate::measure::engine::trouble::Trouble;
use crate::measure::evidence::{Evidence, plain};
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::rung::Rung;

/// Longest name shown, in Unicode scalar values.
const NAME_LIMIT: usize = 100;

/// The container that a check is about: the one it names, else the one that was discovered.
///
/// # Errors
/// `Unmeasured` where there is neither.
pub fn container_of<'a>(named: Option<&'a str>, handle: &'a Handle) -> Result<&'a str, Unmeasured> {
    match (named, handle) {
        (Some(name), _) => Ok(name.strip_prefix('/').unwrap_or(name)),
        (None, Handle::Container { id }) => Ok(id),
        (None, Handle::Named | Handle::McpServer(_) | Handle::McpRemote { .. } | Handle::Series(_)) => {
            Err(Unmeasured {
                cause: UnmeasuredCause::NoCheck,
                detail: "the check names no container and no engine listed the target; add `container = \"name\"`"
                    .to_owned(),
                source: "trueup.toml".to_owned(),
            })
        }
    }
}

/// The look that ends with an engine's trouble about the container `name`. `rung` is the one that nobody could look at.
pub fn troubled(name: &str, trouble: Trouble, rung: Rung, source: &str) -> Look {
    match trouble {
        Trouble::NoSuchContainer => {
            let reason = format!("no container `{}`", plain(name, NAME_LIMIT));
            Look::failed(Rung::Exists, FailureClass::Missing, reason, Evidence::new())
        }
        Trouble::Unmeasured(_) | Trouble::Refused(_) => Look::unmeasured(rung, trouble.into_unmeasured(source)),
    }
}
