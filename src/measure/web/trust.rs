//! Judging the certificate of a server, with a reason that tells what is wrong with it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::certificate::Certificate;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::Trust;
use crate::measure::text_file;

/// Why a certificate is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub flaw: Flaw,
    /// One line with the particulars.
    pub reason: String,
}

/// What can be wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It holds no more.
    Expired,
    /// It does not hold yet.
    NotYetValid,
    /// It is for another host.
    WrongHost,
    /// It is signed by nobody but itself.
    SelfSigned,
    /// It is signed by an authority that is not trusted.
    UnknownAuthority,
    /// Anything else.
    Invalid,
}

impl Flaw {
    /// The word used in evidence.
    pub fn name(self) -> &'static str {
        match self {
            Flaw::Expired => "expired",
            Flaw::NotYetValid => "not yet valid",
            Flaw::WrongHost => "wrong host",
            Flaw::SelfSigned => "self-signed",
            Flaw::UnknownAuthority => "unknown authority",
            Flaw::Invalid => "invalid",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Refusal {}

/// A TLS client that accepts certificates as `trust` says. Reads certificate files, of the system or of trueup.toml.
///
/// # Errors
/// Where the certificates that are to be trusted cannot be had.
pub fn config(trust: &Trust) -> Result<ClientConfig, Unmeasured> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let authorities: Option<Arc<dyn ServerCertVerifier>> = match trust {
        Trust::System => Some(Arc::new(
            rustls_platform_verifier::Verifier::new(Arc::clone(&provider)).map_err(|error| no_certificates(&error))?,
        )),
        Trust::File(path) => Some(of_file(path, &provider)?),
        Trust::Anybody => None,
    };
    let verifier = Verifier { authorities, provider: Arc::clone(&provider) };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| no_certificates(&error))?;
    let mut config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn no_certificates(error: &Error) -> Unmeasured {
    Unmeasured {
        cause: UnmeasuredCause::SourceAway,
        detail: format!("no certificates to trust: {error}; install the CA certificates of the system"),
        source: "CA certificates".to_owned(),
    }
}

fn of_file(path: &Path, provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, Unmeasured> {
    let place = path.display();
    let bytes = std::fs::read(path).map_err(|error| text_file::unmeasured(path, &error))?;
    let unreadable = |why: String| Unmeasured {
        cause: UnmeasuredCause::Unreadable,
        detail: format!("`{place}` {why}; expected certificates in PEM form"),
        source: place.to_string(),
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes) {
        let added = certificate.map_err(|error| error.to_string());
        added
            .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()))
            .map_err(|error| unreadable(format!("has a certificate that cannot be read: {error}")))?;
    }
    if roots.is_empty() {
        return Err(unreadable("has no certificate".to_owned()));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| unreadable(format!("cannot be trusted: {error}")))
}

/// Judges a certificate by the authorities, or where there are none by host and dates alone.
#[derive(Debug)]
struct Verifier {
    authorities: Option<Arc<dyn ServerCertVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let certificate = Certificate::read(end_entity);
        // Dates first: of an expired certificate that is signed by itself too, the date is what changed.
        let verdict = match dates(certificate.as_ref(), now) {
            Some(refusal) => Err(refusal),
            None => self
                .judged(end_entity, intermediates, server_name, ocsp_response, now)
                .map_err(|error| refusal(&error, certificate.as_ref(), server_name)),
        };
        verdict
            .map(|()| ServerCertVerified::assertion())
            .map_err(|refusal| Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refusal)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl Verifier {
    fn judged(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<(), Error> {
        match &self.authorities {
            Some(authorities) => {
                authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).map(drop)
            }
            None => verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name),
        }
    }
}

fn dates(certificate: Option<&Certificate>, now: UnixTime) -> Option<Refusal> {
    let certificate = certificate?;
    let now = Timestamp::from_second(i64::try_from(now.as_secs()).ok()?).ok()?;
    if now > certificate.ends {
        let reason = format!("it expired on {}", certificate.last_day());
        return Some(Refusal { flaw: Flaw::Expired, reason });
    }
    (now < certificate.begins).then(|| {
        let reason =
            format!("it holds from {} on only (or the clock of this machine is slow)", certificate.first_day());
        Refusal { flaw: Flaw::NotYetValid, reason }
    })
}

fn refusal(error: &Error, certificate: Option<&Certificate>, server_name: &ServerName<'_>) -> Refusal {
    let host = server_name.to_str();
    let Error::InvalidCertificate(fault) = error else {
        return Refusal { flaw: Flaw::Invalid, reason: error.to_string() };
    };
    match (fault, certificate) {
        (CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }, certificate) => {
            let hosts = certificate.map_or_else(|| "another".to_owned(), Certificate::hosts_shown);
            Refusal { flaw: Flaw::WrongHost, reason: format!("it is for {hosts}, and not for `{host}`") }
        }
        // One that may sign others is refused as that of a server before it is asked who signed it.
        (CertificateError::UnknownIssuer | CertificateError::Other(_), Some(certificate))
            if certificate.self_signed =>
        {
            let reason = format!("it is self-signed (`{}`) and not among those that are trusted", certificate.subject);
            Refusal { flaw: Flaw::SelfSigned, reason }
        }
        (CertificateError::UnknownIssuer, certificate) => {
            let issuer = certificate.map_or("nobody knows whom", |certificate| &certificate.issuer);
            let reason = format!("it is signed by `{issuer}`, which is not a trusted authority");
            Refusal { flaw: Flaw::UnknownAuthority, reason }
        }
        (CertificateError::BadSignature, Some(certificate)) => {
            let reason = format!(
                "it says that `{}` signed it, and the one of that name that is trusted did not",
                certificate.issuer
            );
            Refusal { flaw: Flaw::UnknownAuthority, reason }
        }
        // Of the certificate itself the dates were looked at: this is one on the way to the authority.
        (CertificateError::Expired | CertificateError::ExpiredContext { .. }, _) => {
            Refusal { flaw: Flaw::Expired, reason: "a certificate between it and its authority has expired".to_owned() }
        }
        (other, _) => Refusal { flaw: Flaw::Invalid, reason: other.to_string() },
    }
}
