//! Container engines, and what they say they are.

use serde::Serialize;

use super::target::Unknown;
use crate::measure::measurement::{EngineMeasurement, EngineOutcome};

/// A container engine that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Engine {
    /// It, as a source of answers.
    pub source: String,
    /// `docker`, `podman`, or the name that it gives itself; `None` where nobody knows.
    pub product: Option<String>,
    /// Its version, as it writes it.
    pub version: Option<String>,
    /// The newest version of the interface that it speaks, where it says so.
    pub api: Option<String>,
    /// It said what it is.
    pub measured: bool,
    /// Why it did not.
    pub unmeasured: Option<Unknown>,
}

impl Engine {
    pub(super) fn new(engine: &EngineMeasurement) -> Engine {
        let (known, unmeasured) = match &engine.outcome {
            EngineOutcome::Measured(version) => (Some(version), None),
            EngineOutcome::Unmeasured(unmeasured) => (None, Some(Unknown::new(unmeasured))),
        };
        Engine {
            source: engine.source.clone(),
            product: known.map(|known| known.product.clone()),
            version: known.map(|known| known.version.clone()),
            api: known.map(|known| known.api.clone()).filter(|api| !api.is_empty()),
            measured: known.is_some(),
            unmeasured,
        }
    }
}
