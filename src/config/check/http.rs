//! `check.http`, and the request of `from.http`.

use reqwest::header::{HeaderName, HeaderValue as ReqwestValue};
use toml::de::DeValue;

use super::{regex_text, web};
use crate::config::fault::Fault;
use crate::config::need::{Need, needed};
use crate::config::reader::{Table, Value};
use crate::config::scalar::pointer_fault;
use crate::config::setting::Setting;
use crate::config::{json, keys};
use crate::measure::request::{HeaderValue, HttpCheck};

/// Headers whose values are secrets.
const SECRET: &[&str] = &["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"];

/// Reads `check.http`.
pub(super) fn http(table: &Table, setting: Setting, need: Need) -> Option<HttpCheck> {
    let json = table.get("json").map_or(Some(Vec::new()), |value| pointers(&value));
    let matches = regex_text(table, "matches", setting);
    let answer_headers =
        table.get("answer_headers").map_or(Some(Vec::new()), |value| web::answer_headers(&value, setting));
    let max_latency = table.get("max_latency").and_then(|value| value.positive_duration());
    let request = request(table, setting, need)?;
    Some(HttpCheck { json: json?, matches, answer_headers: answer_headers?, max_latency, ..request })
}

/// Reads what a check and a metric share: what to ask, and the status of success.
pub(in crate::config) fn request(table: &Table, setting: Setting, need: Need) -> Option<HttpCheck> {
    let method = table.get("method").map_or(Some("GET"), |value| value.word(keys::METHODS));
    let headers = table.get("headers").map_or(Some(Vec::new()), |value| headers(&value));
    let credential = web::credential(table, setting);
    let body = table.get("body").map_or(Some(None), |value| value.any_text().map(|text| Some(text.to_owned())));
    let socket = table.get("socket").and_then(|value| value.text()).map(|path| setting.root.join(path));
    let redirects = table.get("redirects").and_then(|value| value.whole(0..=20)).unwrap_or(0);
    let tls = web::tls(table, setting);
    let status =
        table.get("status").map_or(Some(vec![200]), |value| value.codes(100..=599, "a status code from 100 to 599"));
    let load = web::load(table);
    let url = needed(table, "url", need)?.url()?;
    Some(HttpCheck {
        method: method?.to_owned(),
        headers: headers?,
        credential,
        body: body?,
        socket,
        redirects: u32::try_from(redirects).ok()?,
        tls,
        status: status?.into_iter().filter_map(|code| u16::try_from(code).ok()).collect(),
        load,
        ..HttpCheck::get(url)
    })
}

/// Headers of a request.
pub(super) fn headers(value: &Value) -> Option<Vec<(String, HeaderValue)>> {
    let entries = value.entries("a string or `{ env = \"NAME\" }`")?;
    let read: Vec<_> = entries.iter().map(header).collect();
    read.into_iter().collect()
}

fn header(entry: &Value) -> Option<(String, HeaderValue)> {
    let name = entry.name.to_owned();
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        let message = format!("`{}` is not the name of a header", entry.place);
        entry.fault(Fault::wrong(entry.key, message, "not the name of a header"));
        return None;
    }
    match entry.raw() {
        DeValue::Table(_) => {
            let variable = entry.table(&keys::HEADER_ENV)?.require("env")?;
            Some((name, HeaderValue::Env(variable.text()?.to_owned())))
        }
        DeValue::String(text) if ReqwestValue::from_str(text).is_err() => {
            let message = format!("`{}` has characters that no header may have", entry.place);
            entry.fault(Fault::wrong(entry.span, message, "not the value of a header"));
            None
        }
        DeValue::String(text) => {
            if SECRET.contains(&name.to_ascii_lowercase().as_str()) {
                let variable = name.to_ascii_uppercase().replace('-', "_");
                entry.fault(
                    Fault::exposed(entry.key, &entry.place)
                        .help(format!("name an environment variable that holds it: `{{ env = \"{variable}\" }}`")),
                );
            }
            Some((name, HeaderValue::Text(text.to_string())))
        }
        _ => entry.mismatch(),
    }
}

/// JSON pointers and the values that must stand there.
pub(super) fn pointers(value: &Value) -> Option<Vec<(String, serde_json::Value)>> {
    let entries = value.entries("a value")?;
    let read: Vec<_> = entries
        .iter()
        .map(|entry| {
            if let Some(why) = pointer_fault(entry.name) {
                let message = format!("the key `{}` is not a JSON pointer: it is one {why}", entry.place);
                let fault = Fault::wrong(entry.key, message, "not a JSON pointer");
                entry.fault(fault.help(format!("write \"/{}\" = …", entry.name.replace('.', "/"))));
                return None;
            }
            Some((entry.name.to_owned(), json::value(entry)?))
        })
        .collect();
    read.into_iter().collect()
}
