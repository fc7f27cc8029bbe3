//! The one place where claims and measurements meet.
//!
//! [`bind`] says what a claim is about, [`compare`] whether it is true.

pub mod age;
pub mod bind;
pub mod compare;
pub mod contradiction;
pub mod describe;
pub mod names;
pub mod tally;
pub mod verdict;
