//! What a certificate says of itself.

use jiff::Timestamp;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::measure::evidence::plain;

/// Longest name shown, in Unicode scalar values.
const SHOWN: usize = 120;

/// Most host names shown.
const NAMES: usize = 5;

/// The parts of a certificate that verdicts are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Whether it names itself as the one who signed it.
    pub self_signed: bool,
    /// From when on it holds.
    pub begins: Timestamp,
    /// Until when it holds.
    pub ends: Timestamp,
    /// Hosts that it is for.
    pub hosts: Vec<String>,
}

impl Certificate {
    /// Reads a certificate in DER. `None` where it is none.
    pub fn read(der: &[u8]) -> Option<Certificate> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let at = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp()).ok();
        let alternatives = certificate.subject_alternative_name().ok().flatten();
        let hosts = alternatives.map(|names| names.value.general_names.iter().filter_map(host).collect());
        Some(Certificate {
            subject: plain(&certificate.subject().to_string(), SHOWN),
            issuer: plain(&certificate.issuer().to_string(), SHOWN),
            self_signed: certificate.subject().as_raw() == certificate.issuer().as_raw(),
            begins: at(certificate.validity().not_before)?,
            ends: at(certificate.validity().not_after)?,
            hosts: hosts.unwrap_or_default(),
        })
    }

    /// Whole days from `now` on for which it holds; negative where it holds no more.
    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.ends.as_second().saturating_sub(now.as_second()).div_euclid(24 * 60 * 60)
    }

    /// The day on which it ends, in UTC.
    pub fn last_day(&self) -> String {
        day(self.ends)
    }

    /// The day on which it begins, in UTC.
    pub fn first_day(&self) -> String {
        day(self.begins)
    }

    /// The hosts that it is for, on one line.
    pub fn hosts_shown(&self) -> String {
        let mut shown: Vec<_> = self.hosts.iter().take(NAMES).map(|host| format!("`{}`", plain(host, SHOWN))).collect();
        if self.hosts.len() > NAMES {
            shown.push("…".to_owned());
        }
        if shown.is_empty() { "no host".to_owned() } else { shown.join(", ") }
    }
}

fn day(time: Timestamp) -> String {
    time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(std::net::IpAddr::from);
            let v6 = <[u8; 16]>::try_from(*bytes).map(std::net::IpAddr::from);
            v4.or(v6).ok().map(|address| address.to_string())
        }
        GeneralName::OtherName(..)
        | GeneralName::RFC822Name(_)
        | GeneralName::X400Address(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EDIPartyName(_)
        | GeneralName::URI(_)
        | GeneralName::RegisteredID(_)
        | GeneralName::Invalid(..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_certificate_says() {
        let hosts = vec!["api.example".to_owned(), "127.0.0.1".to_owned()];
        let mut asked = rcgen::CertificateParams::new(hosts.clone()).unwrap();
        asked.not_before = rcgen::date_time_ymd(2026, 1, 1);
        asked.not_after = rcgen::date_time_ymd(2026, 3, 1);
        let made = asked.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let read = Certificate::read(made.der()).unwrap();
        assert_eq!((read.hosts.clone(), read.self_signed), (hosts, true));
        assert_eq!((read.first_day().as_str(), read.last_day().as_str()), ("2026-01-01", "2026-03-01"));
        assert_eq!(read.hosts_shown(), "`api.example`, `127.0.0.1`");
        let days = |now: &str| read.days_left(now.parse().unwrap());
        assert_eq!(days("2026-02-27T00:00:00Z"), 2);
        assert_eq!(days("2026-02-28T12:00:00Z"), 0);
        assert_eq!(days("2026-03-01T00:00:01Z"), -1);
        assert_eq!(Certificate::read(b"no certificate"), None);
    }
}
