//! Rendering: the model that templates see, the environment they run in, and the sections they write.

mod address;
pub mod built_in;
pub mod claim;
pub mod context;
pub mod describe;
pub mod environment;
pub mod escape;
#[cfg(test)]
mod example;
mod explain;
pub mod facts;
pub mod fault;
pub mod filters;
pub mod guard;
pub mod history;
#[cfg(test)]
mod hostile_tests;
pub mod model;
mod named;
pub mod needs;
pub mod report;
pub mod section;
pub mod status;
pub mod table;
pub mod timeline;
