//! Fixing: which edits `trueup fix` applies to a document.
//!
//! Sections are fixed in [`sections`]. Claims in prose ("21/21 operational" to "0/21 operational") get a file of their own
//! beside it, which turns verdicts into the same kind of edits; the caller applies both lists in one pass, so that a
//! claim inside a section is never edited twice: the section's edit covers it.

pub mod sections;
