//! What it means when a request fails before its answer is whole.

use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::trust::Refusal;
use crate::failure::FailureClass;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::reach::{self, Down, Fault};

/// What `error` means for a request to `place` (an address fit to be shown).
pub fn of_request(place: &str, error: &reqwest::Error, proxied: bool) -> Fault {
    let fault = classify(place, error);
    match fault {
        Fault::Down(down) if proxied && error.is_connect() => Fault::Unknown(Unmeasured {
            cause: UnmeasuredCause::SourceAway,
            detail: format!("{}; whether the host or the proxy on the way to it is down, nobody can tell", down.reason),
            source: "proxy of the environment".to_owned(),
        }),
        fault => fault,
    }
}

fn classify(place: &str, error: &reqwest::Error) -> Fault {
    let io = cause::<io::Error>(error);
    if error.is_dns() {
        let unnamed = io::Error::other(last_words(error));
        return reach::of_lookup(place, io.unwrap_or(&unnamed));
    }
    if let Some(certificate) = certificate_fault(error) {
        let reason = format!("the certificate of `{place}` is not accepted: {certificate}");
        return Fault::Down(Down::misbehaves(FailureClass::Certificate, reason, false));
    }
    if cause::<rustls::Error>(error).is_some() {
        let reason = format!("`{place}` does not speak TLS as expected: {}", last_words(error));
        return Fault::Down(Down::misbehaves(FailureClass::Protocol, reason, false));
    }
    if let Some(io) = io {
        return reach::of_connection(place, io);
    }
    if let Some(hyper) = cause::<hyper::Error>(error) {
        if hyper.is_incomplete_message() {
            return reach::of_connection(place, &io::ErrorKind::UnexpectedEof.into());
        }
        let reason = format!("`{place}` does not answer in HTTP: {}", last_words(error));
        return Fault::Down(Down::misbehaves(FailureClass::Protocol, reason, false));
    }
    let detail = format!("the request to `{place}` could not be made: {}", last_words(error));
    Fault::Unknown(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: "trueup.toml".to_owned() })
}

/// What it means when `place` began to answer and the body broke off.
pub fn of_body(place: &str, status: u16, error: &reqwest::Error) -> Down {
    let reason = format!("`{place}` answered {status} and broke off in the body: {}", last_words(error));
    Down::misbehaves(FailureClass::Protocol, reason, true)
}

/// The fault of a certificate, where that is why TLS failed.
fn certificate_fault(error: &reqwest::Error) -> Option<String> {
    match cause::<rustls::Error>(error)? {
        rustls::Error::InvalidCertificate(CertificateError::Other(other)) => {
            let refusal = other.0.downcast_ref::<Refusal>();
            Some(refusal.map_or_else(|| other.0.to_string(), |refusal| format!("{}: {refusal}", refusal.flaw.name())))
        }
        rustls::Error::InvalidCertificate(fault) => Some(fault.to_string()),
        _ => None,
    }
}

/// The innermost cause of type `E`: an outer one may be a mere wrapping that has lost the kind of the error.
fn cause<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).filter_map(|error| error.downcast_ref::<E>()).last()
}

/// The chain of causes. An I/O error hides what it carries from it (its own cause is the cause of that), so the chain is
/// walked through what it carries.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(carried) => Some(carried as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// What the innermost cause says. The outer ones repeat the address, with whatever credentials it holds.
fn last_words(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(|| "no cause given".to_owned(), ToString::to_string)
}
