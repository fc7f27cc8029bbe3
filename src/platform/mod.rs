//! What differs between operating systems, in one place: process groups, sockets, file replacement.

pub mod engine;
pub mod marked;
