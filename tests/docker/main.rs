//! The docker and exec probes and the discovery of containers, against a real engine, and against engines that misbehave
//! in ways a real one cannot be brought to.
#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod discovery;
mod documents;
mod endpoints;
mod exec;
mod faults;
mod looks;
mod loops;
mod mcp;
mod mounts;
mod nested;
mod reach;
mod resources;
mod states;
