//! What several test programs share.
// Each program uses its own part of it.
#![allow(dead_code)]

pub mod compose;
pub mod engine;
pub mod program;
pub mod repository;
