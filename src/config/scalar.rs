//! Values that TOML has as strings and that are more: durations, paths, addresses, pointers, programs.

use std::time::Duration;

use reqwest::Url;

use super::fault::Fault;
use super::reader::Value;

/// Longer than any run; what comes after it would overflow the clock's arithmetic somewhere.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

impl<'a> Value<'a> {
    /// A duration, zero included.
    pub fn duration(&self) -> Option<Duration> {
        let text = self.text()?;
        let reason = match humantime::parse_duration(text) {
            Ok(duration) if duration <= LONGEST => return Some(duration),
            Ok(_) => "which is longer than a year".to_owned(),
            Err(error) => format!("which is not a duration ({error})"),
        };
        let fault = Fault::invalid(self.span, &self.place, text, &reason, self.expects());
        self.fault(if text.trim().parse::<f64>().is_ok() {
            fault.help(format!("give a unit: \"{}s\"", text.trim()))
        } else {
            fault
        });
        None
    }

    /// A duration above zero.
    pub fn positive_duration(&self) -> Option<Duration> {
        let duration = self.duration()?;
        if duration.is_zero() {
            let found = self.any_text().unwrap_or_default();
            return self.invalid(found, "which leaves no time at all");
        }
        Some(duration)
    }

    /// A size in bytes, as a number of them or with a unit: `512MiB`, and `512m` as docker has it.
    pub fn size(&self) -> Option<u64> {
        if let toml::de::DeValue::Integer(_) = self.raw() {
            return u64::try_from(self.whole(0..=i64::MAX)?).ok();
        }
        let text = self.text()?;
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let factor: Option<f64> = match unit.trim().to_ascii_lowercase().as_str() {
            "" | "b" => Some(1.0),
            "kb" => Some(1e3),
            "mb" => Some(1e6),
            "gb" => Some(1e9),
            "k" | "ki" | "kib" => Some(1024.0),
            "m" | "mi" | "mib" => Some(1024.0 * 1024.0),
            "g" | "gi" | "gib" => Some(1024.0 * 1024.0 * 1024.0),
            _ => None,
        };
        match (number.parse::<f64>(), factor) {
            (Ok(number), Some(factor)) => Some((number * factor) as u64),
            _ => self.invalid(text, "which is not a size"),
        }
    }

    /// A program and its arguments.
    pub fn argv(&self) -> Option<Vec<String>> {
        if let Some(line) = self.raw().as_str() {
            let words: Vec<_> = line.split_whitespace().map(|word| format!("{word:?}")).collect();
            self.fault(
                Fault::wrong_type(self.span, &self.place, self.raw(), self.expects())
                    .help(format!("no shell stands between; write [{}]", words.join(", "))),
            );
            return None;
        }
        let elements = self.list("a string")?;
        let Some(program) = elements.first() else {
            self.fault(Fault::wrong(
                self.span,
                format!("`{}` is an empty list, expected {}", self.place, self.expects()),
                "no program",
            ));
            return None;
        };
        let program = program.text();
        let rest: Vec<_> = elements[1..].iter().map(|argument| argument.any_text()).collect();
        let rest: Option<Vec<_>> = rest.into_iter().collect();
        Some([program?].into_iter().chain(rest?).map(str::to_owned).collect())
    }

    /// Strings, one or a list of them, of which there is at least one.
    pub fn texts(&self) -> Option<Vec<String>> {
        let elements = self.one_or_list("a string");
        if elements.is_empty() {
            let message = format!("`{}` is an empty list, expected {}", self.place, self.expects());
            self.fault(Fault::wrong(self.span, message, "empty"));
            return None;
        }
        let texts: Vec<_> = elements.iter().map(|element| element.text().map(str::to_owned)).collect();
        texts.into_iter().collect()
    }

    /// Numbers of `range`, one or a list of them, of which there is at least one.
    pub fn codes(&self, range: std::ops::RangeInclusive<i64>, each: &'static str) -> Option<Vec<i64>> {
        let elements = self.one_or_list(each);
        if elements.is_empty() {
            let message = format!("`{}` is an empty list, expected {}", self.place, self.expects());
            self.fault(Fault::wrong(self.span, message, "empty"));
            return None;
        }
        let codes: Vec<_> = elements.iter().map(|element| element.whole(range.clone())).collect();
        codes.into_iter().collect()
    }

    /// A JSON pointer.
    pub fn pointer(&self) -> Option<String> {
        let text = self.any_text()?;
        match pointer_fault(text) {
            None => Some(text.to_owned()),
            Some(why) => {
                let fault = Fault::invalid(self.span, &self.place, text, why, self.expects());
                let help = format!("write \"/{}\"", text.trim_start_matches("$.").replace('.', "/"));
                self.fault(if text.starts_with('/') { fault } else { fault.help(help) });
                None
            }
        }
    }

    /// A URL for a request.
    pub fn url(&self) -> Option<String> {
        let text = self.text()?;
        match Url::parse(text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                let fault = Fault::invalid(self.span, &self.place, text, "which has another scheme", self.expects());
                // `localhost:8080/x` parses as the scheme `localhost`.
                self.fault(if text.contains("://") { fault } else { fault.help(format!("write \"http://{text}\"")) });
                None
            }
            Ok(url) => {
                if url.password().is_some() {
                    self.fault(
                        Fault::exposed(self.key, &self.place)
                            .help("take the password out of the URL; name an environment variable that holds the whole header: `headers = { Authorization = { env = \"NAME\" } }`"),
                    );
                }
                Some(text.to_owned())
            }
            Err(error) => {
                let why = format!("which is not a URL ({error})");
                let fault = Fault::invalid(self.span, &self.place, text, &why, self.expects());
                self.fault(if text.contains("://") { fault } else { fault.help(format!("write \"http://{text}\"")) });
                None
            }
        }
    }

    /// `host:port`.
    pub fn address(&self) -> Option<String> {
        let text = self.text()?;
        let why = match text.rsplit_once(':') {
            None => "which has no port",
            Some(_) if text.contains("://") => "which is a URL",
            Some(("", _)) => "which has no host",
            Some((host, _)) if host.contains(':') && !(host.starts_with('[') && host.ends_with(']')) => {
                "whose IPv6 address is not in brackets"
            }
            Some((host, _)) if host.contains(|c: char| c.is_whitespace() || c == '/') => {
                "which is not a host and a port"
            }
            Some((_, port)) => match port.parse::<u16>() {
                Ok(0) | Err(_) => "whose port is not a number from 1 to 65535",
                Ok(_) => return Some(text.to_owned()),
            },
        };
        self.invalid(text, why)
    }
}

/// Why `text` is no JSON pointer (RFC 6901), if it is none.
pub(super) fn pointer_fault(text: &str) -> Option<&'static str> {
    if !text.is_empty() && !text.starts_with('/') {
        return Some("which does not begin with `/`");
    }
    let mut after_tildes = text.split('~').skip(1);
    after_tildes.any(|rest| !rest.starts_with(['0', '1'])).then_some("where a `~` is not followed by 0 or 1")
}
