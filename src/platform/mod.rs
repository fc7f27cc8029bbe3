//! What differs between operating systems, in one place: process groups, sockets, file replacement.
//!
//! Each concern has one file per family of systems and the same functions in all of them.

pub mod engine;
pub mod host;
pub mod load;
#[cfg(target_os = "linux")]
#[path = "network_linux.rs"]
pub mod network;
#[cfg(not(target_os = "linux"))]
#[path = "network_other.rs"]
pub mod network;
#[cfg(not(unix))]
#[path = "process_other.rs"]
pub mod process;
#[cfg(unix)]
#[path = "process_unix.rs"]
pub mod process;
pub mod replace;
