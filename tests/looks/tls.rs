use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;
use trueup::failure::FailureClass;
use trueup::measure::measurement::UnmeasuredCause;
use trueup::measure::request::{Check, HttpCheck, TlsDemand, Trust};
use trueup::rung::Rung;

use crate::{failed, look, passed, unmeasured};

const DAY: i64 = 24 * 60 * 60;

/// A certificate authority of a test's own, and the file that has its certificate.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let key = KeyPair::generate().unwrap();
        let mut asked = CertificateParams::default();
        asked.distinguished_name.push(DnType::CommonName, name);
        asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), asked.self_signed(&key).unwrap().pem()).unwrap();
        Authority { issuer: Issuer::new(asked, key), folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

/// What a certificate is to be.
struct Wanted<'a> {
    host: &'a str,
    /// From when until when, in seconds from now on.
    holds: (i64, i64),
    /// `None`: by itself.
    signed_by: Option<&'a Authority>,
}

/// The address of a server with such a certificate, which answers every request with 200.
fn server(wanted: &Wanted<'_>) -> String {
    let now = jiff::Timestamp::now().as_second();
    let at = |seconds: i64| {
        let date = jiff::Timestamp::from_second(now + seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        let midnight = rcgen::date_time_ymd(date.year().into(), date.month() as u8, date.day() as u8);
        midnight + Duration::from_secs(u64::try_from(date.hour()).unwrap() * 3600 + 60 * date.minute() as u64)
    };
    let mut asked = CertificateParams::new(vec![wanted.host.to_owned()]).unwrap();
    asked.distinguished_name.push(DnType::CommonName, "Test Server");
    (asked.not_before, asked.not_after) = (at(wanted.holds.0), at(wanted.holds.1));
    let key = KeyPair::generate().unwrap();
    let made = match wanted.signed_by {
        Some(authority) => asked.signed_by(&key, &authority.issuer).unwrap(),
        None => asked.self_signed(&key).unwrap(),
    };
    serve(made.der().clone(), PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
}

fn serve(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> String {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    // Ends with the tests: it holds nothing but its socket.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            // Fails where the client hangs up, as it should.
            if tls.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {
                tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok();
                tls.conn.send_close_notify();
                tls.flush().ok();
            }
        }
    });
    address
}

fn check(address: &str, trust: Trust, days: Option<u32>) -> Check {
    Check::Http(HttpCheck { tls: TlsDemand { days, trust }, ..HttpCheck::get(format!("https://{address}/")) })
}

const GOOD: (i64, i64) = (-DAY, 30 * DAY);

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_apart() {
    let (own, stranger, impostor) = (Authority::new("Ours"), Authority::new("Theirs"), Authority::new("Ours"));
    let trust = || Trust::File(own.file());
    let wanted = |host, holds, signed_by| Wanted { host, holds, signed_by };
    for (made, trust, expected) in [
        (wanted("127.0.0.1", (-90 * DAY, -DAY), Some(&own)), trust(), "expired: it expired on 20"),
        (wanted("127.0.0.1", (-90 * DAY, -DAY), None), trust(), "expired: it expired on 20"),
        (wanted("127.0.0.1", (2 * DAY, 9 * DAY), Some(&own)), trust(), "not yet valid: it holds from 20"),
        (
            wanted("api.example", GOOD, Some(&own)),
            trust(),
            "wrong host: it is for `api.example`, and not for `127.0.0.1`",
        ),
        (wanted("127.0.0.1", GOOD, None), trust(), "self-signed: it is self-signed (`CN=Test Server`) and not among"),
        (
            wanted("127.0.0.1", GOOD, Some(&stranger)),
            trust(),
            "unknown authority: it is signed by `CN=Theirs`, which is not a trusted authority",
        ),
        (
            wanted("127.0.0.1", GOOD, Some(&impostor)),
            trust(),
            "unknown authority: it says that `CN=Ours` signed it, and the one of that name that is trusted did not",
        ),
        (wanted("127.0.0.1", GOOD, Some(&own)), Trust::System, "unknown authority: it is signed by `CN=Ours`"),
        // Whoever signed it: the host and the dates still count.
        (wanted("api.example", GOOD, None), Trust::Anybody, "wrong host: it is for `api.example`"),
        (wanted("127.0.0.1", (-90 * DAY, -DAY), None), Trust::Anybody, "expired: it expired on 20"),
    ] {
        let address = server(&made);
        let seen = look(&check(&address, trust, None)).await;
        let (class, reason) = failed(&seen);
        let all = format!("the certificate of `https://{address}/` is not accepted: {expected}");
        assert!(reason.starts_with(&all), "{reason}\nbegins not with\n{all}");
        assert_eq!(class, FailureClass::Certificate);
        assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, None, false));
    }
}

#[tokio::test]
async fn a_certificate_is_trusted_by_whom_the_check_says() {
    let own = Authority::new("Ours");
    let signed = server(&Wanted { host: "127.0.0.1", holds: GOOD, signed_by: Some(&own) });
    let seen = look(&check(&signed, Trust::File(own.file()), Some(14))).await;
    passed(&seen);
    assert_eq!(seen.evidence.get("certificate issuer"), Some("CN=Ours"));
    assert!(seen.evidence.get("certificate ends").unwrap().starts_with("20"));
    passed(&look(&check(&signed, Trust::Anybody, None)).await);
    let alone = server(&Wanted { host: "127.0.0.1", holds: GOOD, signed_by: None });
    passed(&look(&check(&alone, Trust::Anybody, Some(14))).await);
}

#[tokio::test]
async fn a_certificate_that_ends_soon_fails_what_asks_for_more() {
    let own = Authority::new("Ours");
    let address = server(&Wanted { host: "127.0.0.1", holds: (-DAY, 3 * DAY + 3600), signed_by: Some(&own) });
    passed(&look(&check(&address, Trust::File(own.file()), Some(2))).await);
    let seen = look(&check(&address, Trust::File(own.file()), Some(14))).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::Certificate);
    assert!(reason.ends_with(", in 3 days; expected at least 14"), "{reason}");
    assert_eq!((seen.rung, seen.proved, seen.transient), (Rung::Healthy, Some(Rung::Running), false));
    let plain = crate::endpoint::Endpoint::answering("200 OK", "", "").await;
    let tls = TlsDemand { days: Some(14), trust: Trust::System };
    let seen = look(&Check::Http(HttpCheck { tls, ..HttpCheck::get(plain.url("/")) })).await;
    let (class, reason) = failed(&seen);
    assert_eq!(class, FailureClass::WrongAnswer);
    assert!(reason.ends_with("answered without a certificate, expected one for 14 more days"), "{reason}");
    assert_eq!(seen.proved, Some(Rung::Running));
}

#[tokio::test]
async fn a_file_of_authorities_that_is_none_is_our_fault() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let look = || async { look(&check("127.0.0.1:1", Trust::File(file.clone()), None)).await };
    assert_eq!(unmeasured(&look().await).0, UnmeasuredCause::SourceAway);
    for text in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&file, text).unwrap();
        let seen = look().await;
        let (cause, why) = unmeasured(&seen);
        assert_eq!(cause, UnmeasuredCause::Unreadable, "{why:?}");
        assert_eq!(why.source, file.display().to_string());
    }
}
