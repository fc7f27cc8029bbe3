//! Why a call to an engine gave no answer, sorted into "it is not there", "the engine says no" and "we could not look".
//!
//! | what came | what it is |
//! |---|---|
//! | 404 with an engine's own words for a container that does not exist | [`Trouble::NoSuchContainer`] |
//! | 409; 400 or 500 for a program that cannot be started | [`Trouble::Refused`]: an answer about the container |
//! | no socket, connection refused, host unknown; 5xx | `Unmeasured`, source away |
//! | `ssh`, or a docker client in a container, that says why it cannot pass bytes on | `Unmeasured`, source away |
//! | a socket that we may not open; 401, 403; ssh that lets us not in; a client certificate refused | `Unmeasured`, permission denied |
//! | a certificate that `ca.pem` does not vouch for | `Unmeasured`, unreadable |
//! | silence until the deadline | `Unmeasured`, timed out |
//! | half an answer, no HTTP, no JSON, any other 404 | `Unmeasured`, unreadable |

use std::error::Error as _;
use std::io::ErrorKind;

use bollard::errors::Error;

use super::dial::DialFault;
use super::tls;
use crate::measure::evidence::plain;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};

/// Longest message of an engine that is passed on, in Unicode scalar values.
const MESSAGE_LIMIT: usize = 300;

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The engine answered: there is no such container.
    NoSuchContainer,
    /// The engine answered: no, for this reason.
    Refused(String),
    /// Nothing was learned about the container.
    Unmeasured(Unmeasured),
}

impl Trouble {
    /// Sorts an error of a call to the engine called `source`.
    pub fn of(error: &Error, source: &str) -> Trouble {
        let address = source.strip_prefix("docker ").unwrap_or(source);
        let unmeasured = |cause, detail: String| {
            let detail = plain(&detail, MESSAGE_LIMIT);
            Trouble::Unmeasured(Unmeasured { cause, detail, source: source.to_owned() })
        };
        if let Some(fault) = carried(error) {
            return unmeasured(fault.cause, words_of(&fault, source, address));
        }
        match error {
            Error::DockerResponseServerError { status_code, message } => {
                let said = plain(message, MESSAGE_LIMIT);
                match status_code {
                    404 if says_no_such_container(message) => Trouble::NoSuchContainer,
                    400 | 409 => Trouble::Refused(said),
                    // Some engines call it an error of theirs where the container has no such program.
                    500 if message.contains("OCI runtime exec failed") => Trouble::Refused(said),
                    401 | 403 => unmeasured(UnmeasuredCause::PermissionDenied, format!("{source}: {said}")),
                    500.. => unmeasured(UnmeasuredCause::SourceAway, format!("{source} has an error: {said}")),
                    _ => unmeasured(
                        UnmeasuredCause::Unreadable,
                        format!("{source} answered {status_code}, as no engine does: {said}"),
                    ),
                }
            }
            Error::SocketNotFoundError(_) => {
                unmeasured(UnmeasuredCause::SourceAway, format!("no engine at {address}: no such file"))
            }
            Error::RequestTimeoutError => timed_out(source),
            other => match io_kind(other) {
                Some(ErrorKind::PermissionDenied) => {
                    unmeasured(UnmeasuredCause::PermissionDenied, format!("no access to {address}: permission denied"))
                }
                Some(ErrorKind::NotFound) => {
                    unmeasured(UnmeasuredCause::SourceAway, format!("no engine at {address}: no such file"))
                }
                Some(ErrorKind::ConnectionRefused) => {
                    unmeasured(UnmeasuredCause::SourceAway, format!("no engine at {address}: connection refused"))
                }
                Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted) => {
                    unmeasured(UnmeasuredCause::SourceAway, format!("{source} hung up"))
                }
                Some(_) | None if is_connect(other) => {
                    unmeasured(UnmeasuredCause::SourceAway, format!("no engine at {address}: {}", chain(other)))
                }
                Some(_) | None => {
                    unmeasured(UnmeasuredCause::Unreadable, format!("{source} answered badly: {}", chain(other)))
                }
            },
        }
    }

    /// The trouble as a look that was not made, for calls about no container in particular.
    pub fn into_unmeasured(self, source: &str) -> Unmeasured {
        let (cause, detail) = match self {
            Trouble::Unmeasured(unmeasured) => return unmeasured,
            Trouble::NoSuchContainer => (UnmeasuredCause::Unreadable, "no such container".to_owned()),
            Trouble::Refused(said) => (UnmeasuredCause::Unreadable, said),
        };
        Unmeasured { cause, detail: format!("{source} refused: {detail}"), source: source.to_owned() }
    }
}

/// Our time ran out.
pub fn timed_out(source: &str) -> Trouble {
    Trouble::Unmeasured(Unmeasured {
        cause: UnmeasuredCause::TimedOut,
        detail: format!("{source} did not answer in time"),
        source: source.to_owned(),
    })
}

/// Whether the text is an engine's own (Docker's or podman's): any web server has a 404, and that is no answer.
fn says_no_such_container(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("no such container") || message.contains("no container with name or id")
}

fn is_connect(error: &Error) -> bool {
    matches!(error, Error::HyperLegacyError { err } if err.is_connect())
}

/// One line that says with the engine's address why there is no link to it.
fn words_of(fault: &DialFault, source: &str, address: &str) -> String {
    let why = &fault.why;
    match fault.cause {
        UnmeasuredCause::SourceAway => format!("no engine at {address}: {why}"),
        UnmeasuredCause::PermissionDenied => format!("no access to {address}: {why}"),
        UnmeasuredCause::TimedOut
        | UnmeasuredCause::TooEarly
        | UnmeasuredCause::Unreadable
        | UnmeasuredCause::NoCheck
        | UnmeasuredCause::NothingFound
        | UnmeasuredCause::NotAllowed
        | UnmeasuredCause::TooOld
        | UnmeasuredCause::NotRecorded => format!("{source}: {why}"),
    }
}

/// What whoever carries the bytes has said of an error: `ssh`, TLS, the client in a container.
fn carried(error: &Error) -> Option<DialFault> {
    let of = |io: &std::io::Error| DialFault::in_error(io).cloned().or_else(|| tls::fault_in(io));
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(fault) = current.downcast_ref().and_then(of) {
            return Some(fault);
        }
        next = current.source();
    }
    match error {
        Error::IOError { err } => of(err),
        _ => None,
    }
}

/// The kind of the input/output error at the bottom of `error`, if there is one.
fn io_kind(error: &Error) -> Option<ErrorKind> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = next {
        if let Some(io) = current.downcast_ref::<std::io::Error>() {
            return Some(io.kind());
        }
        next = current.source();
    }
    // Transparent variants hand on the source of what they wrap, and so hide it.
    match error {
        Error::IOError { err } => Some(err.kind()),
        _ => None,
    }
}

/// The messages of an error and of its causes.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(current) = next {
        let message = current.to_string();
        if !text.contains(&message) {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = current.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status_code: u16, message: &str) -> Trouble {
        Trouble::of(&Error::DockerResponseServerError { status_code, message: message.to_owned() }, "docker test")
    }

    fn cause(trouble: Trouble) -> UnmeasuredCause {
        match trouble {
            Trouble::Unmeasured(unmeasured) => unmeasured.cause,
            other => panic!("{other:?} is an answer"),
        }
    }

    #[test]
    fn only_an_engine_can_say_that_a_container_does_not_exist() {
        assert_eq!(answered(404, "No such container: x"), Trouble::NoSuchContainer);
        assert_eq!(answered(404, "no container with name or ID \"x\" found"), Trouble::NoSuchContainer);
        assert_eq!(cause(answered(404, "<html>Not Found</html>")), UnmeasuredCause::Unreadable);
    }

    #[test]
    fn an_error_of_the_engine_says_nothing_about_the_container() {
        assert_eq!(cause(answered(500, "disk full")), UnmeasuredCause::SourceAway);
        assert!(matches!(answered(500, "OCI runtime exec failed: no such program"), Trouble::Refused(_)));
        assert_eq!(cause(answered(403, "denied")), UnmeasuredCause::PermissionDenied);
        assert_eq!(answered(409, "is not running"), Trouble::Refused("is not running".to_owned()));
    }

    #[test]
    fn input_and_output_errors_keep_their_kind() {
        let io = |kind: ErrorKind| cause(Trouble::of(&Error::IOError { err: kind.into() }, "docker test"));
        assert_eq!(io(ErrorKind::PermissionDenied), UnmeasuredCause::PermissionDenied);
        assert_eq!(io(ErrorKind::ConnectionRefused), UnmeasuredCause::SourceAway);
        assert_eq!(io(ErrorKind::InvalidData), UnmeasuredCause::Unreadable);
    }
}
