//! The network of another process, where the system has no way into it.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Connects nowhere.
///
/// # Errors
/// Always `Unsupported`.
pub fn connect_in(_pid: u32, _address: SocketAddr, _patience: Duration) -> io::Result<TcpStream> {
    Err(io::ErrorKind::Unsupported.into())
}
