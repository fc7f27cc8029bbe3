//! Claims: statements in a document, in the present tense, about something that can be measured now.
//!
//! [`lexer`] makes tokens of a piece of prose, [`mod@line`] cuts them into lines, clauses and labels, [`recognise`] has one file
//! per kind of claim, [`veto`] the named rules for what is none, and [`examine`] walks a document through them.

pub mod date;
mod examine;
pub mod lexer;
pub mod lexicon;
pub mod line;
pub mod model;
pub mod numeral;
pub mod place;
pub mod recognise;
#[cfg(test)]
mod specimen;
pub mod stamp;
pub mod subject;
pub mod token;
pub mod veto;
mod window;

pub use examine::{Examined, Rejected, claims, examine, read};
