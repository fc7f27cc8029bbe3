//! Fingerprints of what is to be measured, by which a snapshot tells that it was taken with another trueup.toml.
//!
//! They are of the text's meaning: order, blanks, comments and the folder that it stands in make no difference. What
//! documents call a thing does not count, for it changes nothing in what was measured; the values of headers and of
//! environment variables do not count, for they can be secrets, and a snapshot is shown to others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

/// Tables whose entries are things to measure.
const MEASURED: &[&str] = &["group", "metric", "text"];

/// Keys that say nothing of how to measure.
const ABOUT_DOCUMENTS: &[&str] = &["names", "tolerance"];

/// Tables whose values can be secrets.
const SECRETIVE: &[&str] = &["headers", "env"];

/// The fingerprint of each thing to measure, by `group.NAME`, `metric.NAME`, `text.NAME`.
pub(super) fn all(root: &DeTable<'_>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for kind in MEASURED {
        let Some(DeValue::Table(named)) = root.get(*kind).map(|value| value.get_ref()) else { continue };
        for (name, value) in named.iter() {
            let mut text = String::new();
            match value.get_ref() {
                DeValue::Table(table) => write_table(table, ABOUT_DOCUMENTS, &mut text),
                other => write_value(other, &mut text),
            }
            all.insert(format!("{kind}.{}", name.get_ref()), fingerprint(&text));
        }
    }
    all
}

fn fingerprint(text: &str) -> String {
    Sha256::digest(text).iter().take(8).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn write_table(table: &DeTable<'_>, without: &[&str], out: &mut String) {
    let mut entries: Vec<(&str, &DeValue<'_>)> =
        table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref())).collect();
    entries.retain(|(key, _)| !without.contains(key));
    entries.sort_unstable_by_key(|(key, _)| *key);
    out.push('{');
    for (key, value) in entries {
        _ = write!(out, "{key:?}:");
        match value {
            DeValue::Table(table) if SECRETIVE.contains(&key) => {
                let mut names: Vec<&str> = table.keys().map(|name| name.get_ref().as_ref()).collect();
                names.sort_unstable();
                _ = write!(out, "{names:?}");
            }
            value => write_value(value, out),
        }
        out.push(',');
    }
    out.push('}');
}

fn write_value(value: &DeValue<'_>, out: &mut String) {
    match value {
        DeValue::String(text) => _ = write!(out, "{text:?}"),
        DeValue::Integer(integer) => _ = write!(out, "{integer}"),
        DeValue::Float(float) => _ = write!(out, "{float}"),
        DeValue::Boolean(flag) => _ = write!(out, "{flag}"),
        DeValue::Datetime(date) => _ = write!(out, "{date}"),
        DeValue::Array(elements) => {
            out.push('[');
            for element in elements.iter() {
                write_value(element.get_ref(), out);
                out.push(',');
            }
            out.push(']');
        }
        DeValue::Table(table) => write_table(table, &[], out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> BTreeMap<String, String> {
        all(DeTable::parse(text).unwrap().get_ref())
    }

    #[test]
    fn only_what_changes_a_measurement_counts() {
        let plain = of("[group.api]\nnames = ['x']\n[group.api.target.a]\ncheck.tcp = { address = 'h:1' }\n");
        assert_eq!(plain.keys().collect::<Vec<_>>(), ["group.api"]);
        assert_eq!(plain["group.api"].len(), 16);
        for same in [
            "group.api.target.a.check.tcp.address = \"h:1\" # the same\n",
            "[group.api]\nnames = ['y', 'z']\ntolerance.points = 3\n[group.api.target.a.check.tcp]\naddress = 'h:1'\n",
        ] {
            assert_eq!(of(same), plain, "{same}");
        }
        for other in ["group.api.target.b.check.tcp.address = 'h:1'", "group.api.target.a.check.tcp.address = 'h:2'"] {
            assert_ne!(of(other), plain, "{other}");
        }
        let http = |headers: &str| of(&format!("group.api.target.a.check.http = {{ url = 'u', headers = {headers} }}"));
        assert_eq!(http("{ a = '1' }"), http("{ a = '2' }"), "a value can be a secret");
        assert_ne!(http("{ a = '1' }"), http("{ b = '1' }"));
    }
}
