//! A first trueup.toml for a project: what is there to be measured, and which claims it would answer.
//!
//! Nothing is run to find out, and nothing that runs a program is switched on unless a person allowed it: servers that are
//! started over standard input are declared, and their checks are comments. What no claim is about is a comment as well, and
//! so is every claim that nothing found here would answer, with the reason.

pub mod compose;
pub mod draft;
pub mod found;
pub mod look;
mod toml_text;
