//! How a section stands.

use super::fault::TemplateFault;
use crate::document::edit::Edit;
use crate::measure::measurement::Unmeasured;

/// Whether a section shows what was measured.
#[derive(Clone, Debug)]
pub enum SectionStatus {
    /// It does: its facts are those of now, and its text is what was written.
    Current,
    /// It does not, and trueup may write it.
    Stale {
        /// Why.
        why: Staleness,
        /// Makes it current: the body and the end marker.
        edit: Edit,
    },
    /// Its text is not what trueup wrote. It is not overwritten unless somebody insists.
    Edited {
        /// Makes it current; `None` where that cannot be rendered now.
        edit: Option<Edit>,
    },
    /// Something that it shows could not be measured, so nothing is written.
    Unmeasured {
        /// Why, each reason once.
        reasons: Vec<Unmeasured>,
    },
    /// No template can fill it.
    Broken(TemplateFault),
}

/// Why a section is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staleness {
    /// Nothing stands in it.
    NeverWritten,
    /// Other facts were measured, or the template is another.
    Facts,
    /// Its text is right, and its end marker does not say so.
    Record,
}
