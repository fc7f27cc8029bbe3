//! Rendering: the model that templates see, the environment they run in, and the sections they write.

pub mod built_in;
pub mod describe;
pub mod environment;
pub mod escape;
#[cfg(test)]
mod example;
pub mod facts;
pub mod fault;
pub mod guard;
pub mod model;
pub mod needs;
pub mod section;
pub mod status;
pub mod table;
