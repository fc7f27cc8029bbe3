//! An engine behind TLS, trusted by the certificate authority in a folder and by no other, as the docker client does it.
//!
//! The folder has `ca.pem`, and `cert.pem` with `key.pem` where the engine wants to know who asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::FutureExt;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{AlertDescription, ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::dial::{Dial, DialFault, Link};

/// Makes links to `authority` (`host:port`) with what is in `folder`.
///
/// # Errors
/// What is missing in the folder or cannot be used.
pub(super) fn dial(authority: &str, folder: &Path) -> Result<Dial, DialFault> {
    let connector = TlsConnector::from(Arc::new(config(folder)?));
    let authority = authority.to_owned();
    Ok(Arc::new(move || link(connector.clone(), authority.clone()).boxed()))
}

async fn link(connector: TlsConnector, authority: String) -> Result<Link, DialFault> {
    let host = authority.rsplit_once(':').map_or(authority.as_str(), |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host.clone())
        .map_err(|_| DialFault::unreadable(format!("`{host}` is no name that a certificate could have")))?;
    let stream = TcpStream::connect(&authority).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => DialFault::away("connection refused"),
        _ => DialFault::away(error.to_string()),
    })?;
    let io = connector.connect(name, stream).await.map_err(|error| {
        fault_in(&error).unwrap_or_else(|| DialFault::unreadable(format!("it does not speak TLS: {error}")))
    })?;
    Ok(Link { io: Box::new(io), said: Box::new(String::new), fault: |said| DialFault::away(said) })
}

/// What an error of a TLS connection means, if it is one of TLS. A client certificate is refused only after the handshake.
pub(super) fn fault_in(error: &std::io::Error) -> Option<DialFault> {
    let error = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match error {
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::HandshakeFailure,
        ) => DialFault::denied(format!("it does not accept our certificate ({error}); is it cert.pem with key.pem?")),
        rustls::Error::InvalidCertificate(_) => {
            DialFault::unreadable(format!("its certificate cannot be trusted: {error}; ca.pem has to vouch for it"))
        }
        rustls::Error::InvalidMessage(_) => DialFault::unreadable(format!("it does not speak TLS: {error}")),
        other => DialFault::unreadable(format!("TLS failed: {other}")),
    })
}

fn config(folder: &Path) -> Result<ClientConfig, DialFault> {
    let authority = folder.join("ca.pem");
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&authority)? {
        roots.add(certificate).map_err(|error| unusable(&authority, &error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable(&authority, "it holds no certificate"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DialFault::unreadable(error.to_string()))?
        .with_root_certificates(roots);
    let (chain, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    if !chain.exists() && !key.exists() {
        return Ok(builder.with_no_client_auth());
    }
    let secret = PrivateKeyDer::from_pem_file(&key).map_err(|error| unusable(&key, &error.to_string()))?;
    builder.with_client_auth_cert(certificates(&chain)?, secret).map_err(|error| unusable(&key, &error.to_string()))
}

fn certificates(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, DialFault> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    read.map_err(|error| unusable(path, &error.to_string()))
}

fn unusable(path: &Path, why: &str) -> DialFault {
    DialFault::away(format!("`{}` cannot be used for TLS: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_the_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let fault = config(folder.path()).err().unwrap();
        assert!(fault.why.contains("ca.pem"), "{fault}");
        std::fs::write(folder.path().join("ca.pem"), "no certificate").unwrap();
        assert!(config(folder.path()).err().unwrap().why.contains("no certificate"));
    }
}
