//! Byte streams to an engine that the library cannot make itself, and why one could not be made.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::measure::measurement::UnmeasuredCause;

/// A stream of bytes both ways.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A stream to an engine.
pub(super) struct Link {
    /// The bytes, as the engine's own socket would carry them.
    pub io: Box<dyn Duplex>,
    /// What whoever carries them has said beside them until now: standard error of `ssh`, of the client in a container.
    pub said: Box<dyn Fn() -> String + Send + Sync>,
    /// Makes a fault of what was said.
    pub fault: fn(&str) -> DialFault,
}

/// Makes a link.
pub(super) type Dial = Arc<dyn Fn() -> BoxFuture<'static, Result<Link, DialFault>> + Send + Sync>;

/// Why there is no link. It says nothing about any container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialFault {
    /// Why nobody can look.
    pub cause: UnmeasuredCause,
    /// One line, without the engine's address.
    pub why: String,
}

impl DialFault {
    /// The engine is not to be had.
    pub fn away(why: impl Into<String>) -> DialFault {
        DialFault { cause: UnmeasuredCause::SourceAway, why: why.into() }
    }

    /// It is there and we may not.
    pub fn denied(why: impl Into<String>) -> DialFault {
        DialFault { cause: UnmeasuredCause::PermissionDenied, why: why.into() }
    }

    /// Something is there that is no engine to speak to.
    pub fn unreadable(why: impl Into<String>) -> DialFault {
        DialFault { cause: UnmeasuredCause::Unreadable, why: why.into() }
    }

    /// The fault as the library's error, from which [`DialFault::in_error`] takes it out again.
    pub(super) fn into_error(self) -> bollard::errors::Error {
        std::io::Error::other(self).into()
    }

    /// The fault that is in an error of input and output, if there is one.
    pub(super) fn in_error(error: &std::io::Error) -> Option<&DialFault> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for DialFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl Error for DialFault {}
