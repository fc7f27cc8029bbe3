use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use trueup::failure::FailureClass;
use trueup::rung::Rung;

use crate::http::status_only;
use crate::{failed, look};

/// The address of a server whose certificate nobody signed. It serves one connection and ends.
fn self_signed() -> String {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut tls = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), stream);
        // Fails where the client hangs up, as it should.
        if tls.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {
            tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").ok();
        }
    });
    address
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_is_not_accepted() {
    let address = self_signed();
    let seen = look(&status_only(&format!("https://{address}/"))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::Certificate, "{reason}");
    assert!(reason.starts_with(&format!("the certificate of `https://{address}/` is not accepted: ")), "{reason}");
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, None, false));
}
