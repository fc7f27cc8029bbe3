//! Measuring: what is asked, what was seen, and the only async part of trueup, which goes and looks.

pub mod blocking;
pub mod classify;
pub mod container_request;
pub mod discover;
pub mod engine;
pub mod engine_choice;
pub mod evidence;
pub mod measurement;
pub mod metric;
pub mod output;
pub mod pattern;
pub mod pointer;
pub mod probe;
pub mod process;
pub mod reach;
pub mod request;
pub mod schedule;
pub mod source;
pub mod standing;
pub mod text;
pub mod text_file;
pub mod web;
