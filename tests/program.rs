//! The whole program: arguments and files in; standard output, standard error, exit code and files out.
#![cfg(unix)]

mod support;

#[path = "program/incident.rs"]
mod incident;
