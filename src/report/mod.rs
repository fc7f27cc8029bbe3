//! What is told, and in which forms.

pub mod diagnostic;
