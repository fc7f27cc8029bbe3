//! Reaching an address, and what it means when that fails: nobody is there, or we could not get out of the house.
//!
//! | what the system says | meaning |
//! |---|---|
//! | connection refused, no route to the host | down: unreachable |
//! | there is no such unix socket | down: unreachable |
//! | connection reset or closed without an answer | down: unreachable |
//! | no answer to the connection attempt | down: no answer |
//! | the name does not exist | down: unreachable |
//! | the name server does not answer | unmeasured: source away, or timed out |
//! | no network, no local address, no more files | unmeasured: source away |
//! | permission denied (a local firewall) | unmeasured: permission denied |

use std::io;
#[cfg(unix)]
use std::path::Path;

#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::measurement::{Unmeasured, UnmeasuredCause};
use crate::failure::FailureClass;

/// Why an exchange did not come about.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The other side is down.
    Down(Down),
    /// We could not look.
    Unknown(Unmeasured),
}

/// What is wrong with the other side.
#[derive(Clone, Debug, PartialEq)]
pub struct Down {
    /// Its class.
    pub class: FailureClass,
    /// One line.
    pub reason: String,
    /// Whether this disproves that anything runs there at all.
    pub nobody_there: bool,
    /// Whether another attempt may end differently.
    pub transient: bool,
}

impl Down {
    /// Nobody is at the address; that may pass.
    pub fn nobody(class: FailureClass, reason: impl Into<String>) -> Down {
        Down { class, reason: reason.into(), nobody_there: true, transient: true }
    }

    /// Somebody is there and does not do what is expected.
    pub fn misbehaves(class: FailureClass, reason: impl Into<String>, transient: bool) -> Down {
        Down { class, reason: reason.into(), nobody_there: false, transient }
    }
}

/// Connects to `address` (`host:port`), trying every address that the name has, and returns by `deadline`.
///
/// # Errors
/// The fault that says most: that somebody refused outweighs that one of several addresses has no route from here.
pub async fn connect(address: &str, deadline: Instant) -> Result<TcpStream, Fault> {
    let addresses = match timeout_at(deadline, lookup_host(address)).await {
        Ok(addresses) => addresses.map_err(|error| of_lookup(address, &error))?,
        Err(_) => return Err(Fault::Unknown(slow_lookup(address))),
    };
    let mut worst = None;
    for one in addresses {
        match timeout_at(deadline, TcpStream::connect(one)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Err(_) => {
                let reason = format!("no answer to the connection attempt at `{address}` in time");
                return Err(Fault::Down(Down::nobody(FailureClass::NoAnswer, reason)));
            }
            Ok(Err(error)) => {
                let fault = of_connection(address, &error);
                if worst.is_none() || matches!(fault, Fault::Down(_)) {
                    worst = Some(fault);
                }
            }
        }
    }
    let nothing = || Fault::Down(Down::nobody(FailureClass::Unreachable, format!("`{address}` has no address")));
    Err(worst.unwrap_or_else(nothing))
}

/// Connects to the unix socket at `path`, and returns by `deadline`.
///
/// # Errors
/// The fault: a socket that is not there, or at which nobody listens, is down; one that we may not use is unknown.
#[cfg(unix)]
pub async fn connect_socket(path: &Path, deadline: Instant) -> Result<UnixStream, Fault> {
    let place = path.display().to_string();
    match timeout_at(deadline, UnixStream::connect(path)).await {
        Ok(connected) => connected.map_err(|error| of_connection(&place, &error)),
        Err(_) => {
            let reason = format!("no answer to the connection attempt at `{place}` in time");
            Err(Fault::Down(Down::nobody(FailureClass::NoAnswer, reason)))
        }
    }
}

/// What an error of a connection to `place` means.
pub fn of_connection(place: &str, error: &io::Error) -> Fault {
    use io::ErrorKind;
    let down = |class, what: &str| Fault::Down(Down::nobody(class, format!("{what} at `{place}`")));
    match error.kind() {
        ErrorKind::ConnectionRefused => down(FailureClass::Unreachable, "connection refused"),
        // Of unix sockets alone.
        ErrorKind::NotFound => down(FailureClass::Unreachable, "there is no socket"),
        ErrorKind::HostUnreachable => down(FailureClass::Unreachable, "no route to the host"),
        ErrorKind::TimedOut => down(FailureClass::NoAnswer, "no answer to the connection attempt"),
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::NotConnected => Fault::Down(Down::misbehaves(
            FailureClass::Unreachable,
            format!("the connection was closed without an answer at `{place}`"),
            true,
        )),
        ErrorKind::PermissionDenied => unknown(UnmeasuredCause::PermissionDenied, place, error),
        _ => unknown(UnmeasuredCause::SourceAway, place, error),
    }
}

/// What an error of looking up the name in `place` means.
pub fn of_lookup(place: &str, error: &io::Error) -> Fault {
    let text = error.to_string();
    // The system tells the two apart in words alone: its error has no kind and no number that std would pass on.
    let away = ["Temporary failure", "Try again", "try again", "System error"].iter().any(|words| text.contains(words));
    if error.kind() == io::ErrorKind::InvalidInput {
        let detail = format!("`{place}` is no address: {text}; expected `host:port`");
        return Fault::Unknown(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: place.to_owned() });
    }
    if away {
        let detail = format!("the name in `{place}` could not be looked up: {text}");
        let source = "name resolution".to_owned();
        return Fault::Unknown(Unmeasured { cause: UnmeasuredCause::SourceAway, detail, source });
    }
    Fault::Down(Down::nobody(FailureClass::Unreachable, format!("the host in `{place}` does not exist: {text}")))
}

/// Time was up while the name in `place` was being looked up.
pub fn slow_lookup(place: &str) -> Unmeasured {
    let detail = format!("the name in `{place}` was not looked up in time");
    Unmeasured { cause: UnmeasuredCause::TimedOut, detail, source: "name resolution".to_owned() }
}

fn unknown(cause: UnmeasuredCause, place: &str, error: &io::Error) -> Fault {
    let detail = format!("`{place}` cannot be reached from here: {error}");
    Fault::Unknown(Unmeasured { cause, detail, source: "network".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_trouble_is_not_told_as_theirs() {
        use io::ErrorKind::{
            AddrNotAvailable, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable,
            PermissionDenied, TimedOut,
        };
        for kind in [ConnectionRefused, HostUnreachable, ConnectionReset] {
            let fault = of_connection("x:1", &kind.into());
            assert!(matches!(&fault, Fault::Down(down) if down.class == FailureClass::Unreachable), "{fault:?}");
        }
        let fault = of_connection("x:1", &TimedOut.into());
        assert!(matches!(&fault, Fault::Down(down) if down.class == FailureClass::NoAnswer), "{fault:?}");
        for kind in [NetworkUnreachable, AddrNotAvailable, PermissionDenied] {
            assert!(matches!(of_connection("x:1", &kind.into()), Fault::Unknown(_)), "{kind}");
        }
    }

    #[test]
    fn a_name_that_does_not_exist_is_not_a_name_server_that_is_away() {
        let gone = io::Error::other("failed to lookup address information: Name or service not known");
        assert!(matches!(of_lookup("x:1", &gone), Fault::Down(_)));
        let away = io::Error::other("failed to lookup address information: Temporary failure in name resolution");
        assert!(matches!(of_lookup("x:1", &away), Fault::Unknown(unknown) if unknown.source == "name resolution"));
    }
}
