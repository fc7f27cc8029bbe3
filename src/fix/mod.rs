//! Fixing: which edits `trueup fix` applies to a document.
//!
//! Sections are fixed in [`sections`], claims in prose ("21/21 operational" to "0/21 operational") in [`claims`]. Both give
//! the same kind of edits, and the caller applies them in one pass: no claim stands inside a section.

pub mod claims;
pub mod sections;
