//! Numbers as documents show them and as probes measure them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number read from a document, with the precision it was shown at.
///
/// "99.9" and "99.90" have the same value but not the same precision: a measured share is rounded to `decimals` before
/// the two are compared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// The value: "12,345" is 12345, "1.2k" is 1200.
    pub value: f64,
    /// Digits shown after the decimal point.
    pub decimals: u8,
}

impl Number {
    /// A whole number.
    pub fn whole(value: u64) -> Number {
        Number { value: value as f64, decimals: 0 }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", usize::from(self.decimals), self.value)
    }
}

/// A measured quantity: a value, and the whole it is a part of where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// What was measured.
    pub value: f64,
    /// The whole, for shares: 310 of 312 tests passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
}
