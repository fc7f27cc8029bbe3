//! Writes that are cut short, and writes beside each other: with real processes, real kills and real file systems.
#![cfg(unix)]

mod support;

#[path = "crash/concurrent.rs"]
mod concurrent;
#[path = "crash/disk.rs"]
mod disk;
#[path = "crash/killed.rs"]
mod killed;
