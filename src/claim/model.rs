//! What a claim is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::document::source::Span;
use crate::quantity::Number;
use crate::rung::Rung;

/// One claim found in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The bytes that carry the assertion: `source[span]` is the quote.
    pub span: Span,
    /// What is asserted.
    pub kind: Kind,
    /// How the number is to be read ("50+" is [`Comparator::Ge`]).
    pub comparator: Comparator,
    /// Whether it speaks of things that work or of things that do not.
    pub polarity: Polarity,
    /// What it is about, in the document's own words; empty for a claim about the document as a whole.
    pub subject: String,
    /// The state word that it was made with ("operational", "✅"), as written; empty for a bare quantity.
    pub predicate: String,
    /// The rung that the state word asks for.
    pub rung: Option<Rung>,
    /// Where the value stands, for kinds with a number.
    pub value_span: Option<Span>,
    /// Where the total stands, for ratios.
    pub total_span: Option<Span>,
    /// Visible text of the paragraph that introduces the list the claim stands in. All claims of the list share it.
    pub lead_in: Option<Arc<str>>,
    /// Headings above, outermost first. All claims below them share them.
    pub headings: Arc<[String]>,
}

/// What a claim asserts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// "19/21 operational", "26 of 28 connected".
    Ratio {
        /// The part.
        value: Number,
        /// The whole.
        total: Number,
    },
    /// "~60% operational", "coverage: 85%".
    Percent {
        /// From 0 to 100, mostly.
        value: Number,
    },
    /// "19 MCP servers running", "54 agents".
    Count {
        /// How many.
        value: Number,
    },
    /// "All endpoints working", "all 5 databases healthy", "no failing tests".
    Universal {
        /// The stated number, if any.
        value: Option<Number>,
    },
    /// "Backend: ✅ Operational".
    State,
}

impl Kind {
    /// The word used in output.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Ratio { .. } => "ratio",
            Kind::Percent { .. } => "percent",
            Kind::Count { .. } => "count",
            Kind::Universal { .. } => "universal",
            Kind::State => "state",
        }
    }

    /// The stated number.
    pub fn value(&self) -> Option<Number> {
        match *self {
            Kind::Ratio { value, .. } | Kind::Percent { value } | Kind::Count { value } => Some(value),
            Kind::Universal { value } => value,
            Kind::State => None,
        }
    }

    /// The stated whole.
    pub fn total(&self) -> Option<Number> {
        match *self {
            Kind::Ratio { total, .. } => Some(total),
            Kind::Percent { .. } | Kind::Count { .. } | Kind::Universal { .. } | Kind::State => None,
        }
    }
}

/// How a stated number compares to the measured one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Exactly.
    #[default]
    Eq,
    /// At least: "50+".
    Ge,
    /// More than.
    Gt,
    /// At most.
    Le,
    /// Less than.
    Lt,
    /// About: "~60%".
    Approx,
}

impl Comparator {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Comparator::Eq => "eq",
            Comparator::Ge => "ge",
            Comparator::Gt => "gt",
            Comparator::Le => "le",
            Comparator::Lt => "lt",
            Comparator::Approx => "approx",
        }
    }
}

/// Which way a claim points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// It works.
    Up,
    /// It does not.
    Down,
    /// Some of it does.
    Partial,
    /// A bare quantity.
    #[default]
    None,
}

impl Polarity {
    /// The word used in output.
    pub fn name(self) -> &'static str {
        match self {
            Polarity::Up => "up",
            Polarity::Down => "down",
            Polarity::Partial => "partial",
            Polarity::None => "none",
        }
    }
}
