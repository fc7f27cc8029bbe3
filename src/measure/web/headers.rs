//! The headers of a request, with the secrets that they need fetched from where they stand.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::secret::names_a_credential;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::measure::request::{self, Credential, HttpCheck, Secret};
use crate::measure::text_file;

/// Most bytes of a file that holds a secret.
const SECRET_LIMIT: u64 = 64 << 10;

/// The headers of `check`. Values that are not to be shown are marked sensitive.
///
/// # Errors
/// Where a header is none, or a secret is not where it should be.
pub fn headers(check: &HttpCheck) -> Result<HeaderMap, Unmeasured> {
    let mut headers = written(&check.headers)?;
    if let Some(credential) = &check.credential {
        let text = match credential {
            Credential::Bearer(token) => format!("Bearer {}", secret("the bearer token", token)?),
            Credential::Basic { user, password } => {
                format!("Basic {}", BASE64.encode(format!("{user}:{}", secret("the password", password)?)))
            }
        };
        headers.insert(AUTHORIZATION, value_of("Authorization", &text, true)?);
    }
    Ok(headers)
}

/// Headers as they are written in trueup.toml or in a file of servers.
///
/// # Errors
/// As [`headers`].
pub(in crate::measure) fn written(written: &[(String, request::HeaderValue)]) -> Result<HeaderMap, Unmeasured> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| wrong(format!("`{name}` is no name of a header; expected letters, digits and `-`")))?;
        let (text, secret) = match value {
            request::HeaderValue::Text(text) => (text.clone(), names_a_credential(name)),
            request::HeaderValue::Env(variable) => (from_environment(&format!("header `{name}`"), variable)?, true),
        };
        headers.append(header, value_of(name, &text, secret)?);
    }
    Ok(headers)
}

/// The password of a basic credential as it stands: of the header, a server echoes what is in it.
pub fn password(check: &HttpCheck) -> Option<String> {
    match check.credential.as_ref()? {
        Credential::Basic { password, .. } => secret("the password", password).ok(),
        Credential::Bearer(_) => None,
    }
}

fn value_of(name: &str, text: &str, secret: bool) -> Result<HeaderValue, Unmeasured> {
    let mut value = HeaderValue::from_str(text.trim()).map_err(|_| {
        wrong(format!("the value of header `{name}` has characters that no header may have (a line break?)"))
    })?;
    value.set_sensitive(secret);
    Ok(value)
}

fn secret(what: &str, secret: &Secret) -> Result<String, Unmeasured> {
    match secret {
        Secret::Env(variable) => from_environment(what, variable),
        Secret::File(path) => from_file(what, path),
    }
}

/// The value of `variable`. An empty one is what a CI system gives for a secret that a pull request may not see.
fn from_environment(what: &str, variable: &str) -> Result<String, Unmeasured> {
    let why = match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => return Ok(value),
        Ok(_) => "is empty",
        Err(std::env::VarError::NotPresent) => "is not set",
        Err(std::env::VarError::NotUnicode(_)) => "is not text",
    };
    Err(Unmeasured {
        cause: UnmeasuredCause::NotAllowed,
        detail: format!("environment variable `{variable}` {why}, and {what} takes its value from there"),
        source: format!("environment variable {variable}"),
    })
}

fn from_file(what: &str, path: &Path) -> Result<String, Unmeasured> {
    let data = std::fs::metadata(path).map_err(|error| text_file::unmeasured(path, &error))?;
    let text = if data.is_file() && data.len() <= SECRET_LIMIT {
        std::fs::read_to_string(path).map_err(|error| text_file::unmeasured(path, &error))?
    } else {
        String::new()
    };
    let text = text.trim();
    if text.is_empty() || text.contains(['\n', '\r']) {
        let place = path.display().to_string();
        let detail = format!("`{place}` is not a file with one line of text, and {what} stands there");
        return Err(Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: place });
    }
    Ok(text.to_owned())
}

/// What is wrong with a request before it is made is wrong in trueup.toml.
pub fn wrong(detail: String) -> Unmeasured {
    Unmeasured { cause: UnmeasuredCause::Unreadable, detail, source: "trueup.toml".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_a_file_has_no_blanks_around_it_and_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            from_file("the token", &file)
        };
        assert_eq!(read("abc\r\n"), Ok("abc".to_owned()));
        for text in ["", " \n", "a\nb\n"] {
            assert_eq!(read(text).unwrap_err().cause, UnmeasuredCause::Unreadable, "{text:?}");
        }
        std::fs::remove_file(&file).unwrap();
        assert_eq!(from_file("the token", &file).unwrap_err().cause, UnmeasuredCause::SourceAway);
    }
}
