//! Claims: statements in a document, in the present tense, about something that can be measured now.

pub mod lexer;
pub mod lexicon;
pub mod model;
pub mod token;
