//! When a document says that somebody last looked.

use std::sync::Arc;

use jiff::Timestamp;

use crate::document::source::Span;

/// A date that a document ties to a look at the state of things: "Last verified: 2025-08-18 05:25 UTC".
///
/// Nothing has to be measured to judge it: the clock answers it, against the age that trueup.toml allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// From the words that tie it to a look up to its end.
    pub span: Span,
    /// The date itself, with its time.
    pub date: Span,
    /// When that is.
    pub moment: Moment,
    /// The words of the look, as written: "Last verified".
    pub look: String,
    /// Headings above, outermost first.
    pub headings: Arc<[String]>,
}

/// A moment, as exactly as a document tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first instant that the words allow. Where they name no zone, that of the zone that is farthest ahead of UTC.
    pub earliest: Timestamp,
    /// The last instant that the words allow, in UTC where they name no zone: the end of the day for a date without a
    /// time, that of the month for a month alone.
    pub latest: Timestamp,
}
