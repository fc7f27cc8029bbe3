//! Claims: statements in a document, in the present tense, about something that can be measured now.
//!
//! [`lexer`] makes tokens of a piece of prose, [`mod@line`] cuts them into lines, clauses and labels, [`recognise`] has one file
//! per kind of claim, [`mod@rule`] names why something is none and [`veto`] asks for it, and [`examine`] walks a document through
//! them.

pub mod candidate;
pub mod date;
mod examine;
pub mod found;
pub mod lexer;
pub mod lexicon;
pub mod line;
pub mod model;
mod name;
pub mod numeral;
pub mod place;
pub mod predicate;
pub mod recognise;
pub mod rule;
#[cfg(test)]
mod specimen;
mod spelled;
pub mod stamp;
pub mod subject;
pub mod token;
pub mod veto;
mod window;

pub use examine::{Examined, Rejected, claims, examine, read};
