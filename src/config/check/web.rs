//! What checks over HTTP share: credentials, certificates, headers of answers, load.

use reqwest::header::HeaderName;

use crate::config::fault::Fault;
use crate::config::keys;
use crate::config::reader::{Table, Value};
use crate::config::setting::Setting;
use crate::measure::request::{Credential, Load, Secret, TlsDemand, Trust};

/// Requests at a time, where trueup.toml does not say.
const AT_A_TIME: i64 = 10;

/// `bearer` or `basic`.
pub(super) fn credential(table: &Table, setting: Setting) -> Option<Credential> {
    let (bearer, basic) = (table.get("bearer"), table.get("basic"));
    if let (Some(bearer), Some(basic)) = (&bearer, &basic) {
        let message = format!("`{}` has `bearer` and `basic`, expected one of them", table.place);
        table.fault(Fault::wrong(basic.key, message, "excludes the other").related(bearer.key, "the other"));
    }
    if let Some(bearer) = bearer {
        return Some(Credential::Bearer(secret(&bearer, setting)?));
    }
    let basic = basic?.table(&keys::BASIC_AUTH)?;
    let user = basic.require("user").and_then(|user| user.text());
    let password = basic.require("password").and_then(|password| secret(&password, setting));
    Some(Credential::Basic { user: user?.to_owned(), password: password? })
}

/// `{ env = … }` or `{ file = … }`.
fn secret(value: &Value, setting: Setting) -> Option<Secret> {
    if value.raw().is_str() {
        value.fault(Fault::secret(value.key, &value.place, "`{ env = \"NAME\" }` or `{ file = \"PATH\" }`"));
        return None;
    }
    let table = value.table(&keys::SECRET)?;
    match (table.get("env"), table.get("file")) {
        (Some(env), None) => Some(Secret::Env(env.text()?.to_owned())),
        (None, Some(file)) => Some(Secret::File(setting.root.join(file.text()?))),
        (Some(env), Some(file)) => {
            let message = format!("`{}` has `env` and `file`, expected one of them", table.place);
            table.fault(Fault::wrong(file.key, message, "excludes the other").related(env.key, "the other"));
            None
        }
        (None, None) => {
            let message = format!("`{}` does not say where the secret stands, expected `env` or `file`", table.place);
            table.fault(Fault::absent(table.span, message, "where?"));
            None
        }
    }
}

/// `tls`.
pub(super) fn tls(table: &Table, setting: Setting) -> TlsDemand {
    let Some(tls) = table.get("tls").and_then(|value| value.table(&keys::TLS)) else { return TlsDemand::default() };
    let days = tls.get("days").and_then(|value| u32::try_from(value.whole(0..=3650)?).ok());
    let trusted = tls.get("trusted").and_then(|value| Some((value.flag()?, value)));
    let ca = tls.get("ca").and_then(|value| Some((value.text()?, value)));
    if let (Some((path, ca)), Some((false, trusted))) = (&ca, &trusted) {
        let message = format!("`{}` has no effect: `{}` takes what anybody signed", ca.place, trusted.place);
        tls.fault(Fault::wrong(ca.key, message, format!("`{path}` is not read")).related(trusted.key, "the other"));
    }
    let trust = match (ca, trusted) {
        (_, Some((false, _))) => Trust::Anybody,
        (Some((path, _)), _) => Trust::File(setting.root.join(path)),
        (None, _) => Trust::System,
    };
    TlsDemand { days, trust }
}

/// `answer_headers`.
pub(super) fn answer_headers(value: &Value, setting: Setting) -> Option<Vec<(String, String)>> {
    let entries = value.entries("a regular expression")?;
    let read: Vec<_> = entries
        .iter()
        .map(|entry| {
            if HeaderName::from_bytes(entry.name.as_bytes()).is_err() {
                let message = format!("`{}` is not the name of a header", entry.place);
                entry.fault(Fault::wrong(entry.key, message, "not the name of a header"));
                return None;
            }
            Some((entry.name.to_owned(), entry.regex(setting.source)?.as_str().to_owned()))
        })
        .collect();
    read.into_iter().collect()
}

/// `load`.
pub(super) fn load(table: &Table) -> Option<Load> {
    let load = table.get("load")?.table(&keys::LOAD)?;
    let requests = load.require("requests").and_then(|value| value.whole(1..=i64::from(Load::MOST_REQUESTS)));
    let concurrency =
        load.get("concurrency").map_or(Some(AT_A_TIME), |value| value.whole(1..=i64::from(Load::MOST_AT_ONCE)));
    Some(Load { requests: u32::try_from(requests?).ok()?, concurrency: u32::try_from(concurrency?).ok()? })
}
