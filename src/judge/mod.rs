//! The one place where claims and measurements meet.

pub mod verdict;
