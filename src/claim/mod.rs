//! Claims: statements in a document, in the present tense, about something that can be measured now.

pub mod model;
