//! `check.prometheus`, `discover.prometheus` and `from.prometheus`.

use super::{http, web};
use crate::config::fault::Fault;
use crate::config::need::{Finds, Need, needed};
use crate::config::reader::Table;
use crate::config::setting::Setting;
use crate::measure::request::{Condition, Discover, MetricSource, PrometheusCheck, PrometheusQuery, PrometheusServer};

/// `check.prometheus`. Without a query it judges the series that discovery found.
pub(super) fn check(table: &Table, setting: Setting, need: Need) -> Option<PrometheusCheck> {
    let is = match table.get("is") {
        None => Some(Condition::IS_ONE),
        Some(value) => {
            let text = value.text()?;
            Condition::parse(text).or_else(|| value.invalid(text, "which is not a condition"))
        }
    };
    let discovered = match need {
        Need::Partial => false,
        Need::Whole(Finds { series, .. }) => series,
    };
    let query = if table.has("query") || table.has("url") || !discovered {
        Some(query(table, setting, need)?)
    } else {
        for orphan in ["headers", "bearer", "basic", "tls"].into_iter().filter_map(|key| table.get(key)) {
            let message = format!("`{}` has no effect without `url` and `query`", orphan.place);
            let fault = Fault::wrong(orphan.key, message, "to ask whom?");
            orphan.fault(fault.help("`discover.prometheus` says how to ask for the series that it finds"));
        }
        None
    };
    Some(PrometheusCheck { query, is: is? })
}

/// `discover.prometheus`.
pub(in crate::config) fn discover(table: &Table, setting: Setting) -> Option<Discover> {
    let name = table.get("name").map_or(Some(Vec::new()), |value| value.texts());
    let query = query(table, setting, Need::Whole(Finds::default()))?;
    Some(Discover::Prometheus { query, name: name? })
}

/// `from.prometheus`.
pub(in crate::config) fn metric(table: &Table, setting: Setting) -> Option<MetricSource> {
    let total = match table.get("total") {
        None => None,
        Some(total) => Some(total.text()?.to_owned()),
    };
    let query = query(table, setting, Need::Whole(Finds::default()))?;
    Some(MetricSource::Prometheus { query, total })
}

fn query(table: &Table, setting: Setting, need: Need) -> Option<PrometheusQuery> {
    let headers = table.get("headers").map_or(Some(Vec::new()), |value| http::headers(&value));
    let credential = web::credential(table, setting);
    let tls = web::tls(table, setting);
    let (url, query) = (needed(table, "url", need), needed(table, "query", need));
    let (url, query) = (url.and_then(|url| url.url()), query.and_then(|query| query.text()));
    let server = PrometheusServer { url: url?, headers: headers?, credential, tls };
    Some(PrometheusQuery { server, query: query?.to_owned() })
}
