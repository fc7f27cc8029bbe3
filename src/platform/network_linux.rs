//! The network of another process.

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// Connects to `address` in the network that process `pid` is in, waiting `patience` at most. A thread of its own goes
/// there and ends with the attempt; the connection stays in that network.
///
/// # Errors
/// The system's: of the connection, or of entering the network (`PermissionDenied` where we may not).
pub fn connect_in(pid: u32, address: SocketAddr, patience: Duration) -> io::Result<TcpStream> {
    let connect = move || {
        let network = File::open(format!("/proc/{pid}/ns/net"))?;
        move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
        TcpStream::connect_timeout(&address, patience.max(Duration::from_millis(1)))
    };
    let thread = std::thread::Builder::new().name("network".to_owned()).spawn(connect)?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that connects panicked")))
}
