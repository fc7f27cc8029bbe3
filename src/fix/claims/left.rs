//! Why a claim that drifted is left as it is.

use std::fmt;

use crate::rung::Rung;

/// Why a claim that drifted is not rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Some of what it speaks of could not be measured.
    Unknown {
        /// How many.
        unknown: usize,
        /// Of how many.
        total: usize,
    },
    /// What stands is known only up to a lower rung than the claim asks for.
    Weak(Rung),
    /// There is nothing for a number or a state to be said of.
    NothingThere,
    /// What was measured is no number that the claim could show.
    NotShowable(String),
    /// It is bound to a day or a period, and the measurement is of now.
    Dated,
    /// No wording is known for a sentence of this form.
    NoWording,
    /// With every wording that is known, the document would not be read as one in which it holds.
    Misread,
    /// With the right number it would contradict what the document says or lists beside it.
    Contradicts,
    /// A link leads to the heading that it stands in, and would lead nowhere.
    LinkedHeading(String),
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Left::Unknown { unknown, total } => write!(f, "{unknown} of {total} could not be measured"),
            Left::Weak(rung) => {
                write!(f, "of those that stand, the evidence stops at {}, below what it asserts", rung.name())
            }
            Left::NothingThere => f.write_str("there is nothing that it could speak of"),
            Left::NotShowable(measured) => write!(f, "what was measured, {measured}, is no number that it could show"),
            Left::Dated => f.write_str("it speaks of a day or a period, and the measurement is of now"),
            Left::NoWording => f.write_str("how to say it in this sentence is not certain"),
            Left::Misread => f.write_str("no wording that is known would be read as a claim that holds"),
            Left::Contradicts => {
                f.write_str("with what was measured it would contradict what the document says or lists beside it")
            }
            Left::LinkedHeading(anchor) => write!(f, "a link leads to its heading (`#{anchor}`) and would break"),
        }
    }
}
