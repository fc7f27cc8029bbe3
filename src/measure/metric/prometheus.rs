//! The one number that an instant query gives.

use tokio::time::Instant;

use super::{Seen, unreadable};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::Unmeasured;
use crate::measure::prometheus::{Answered, ask, nothing_found};
use crate::measure::request::PrometheusQuery;
use crate::measure::source::Sources;
use crate::measure::web::place_of;
use crate::quantity::Quantity;

pub(super) async fn measure(
    query: &PrometheusQuery,
    total: Option<&str>,
    sources: &Sources,
    deadline: Instant,
) -> Seen {
    let mut evidence = Evidence::new();
    let value = number(query, sources, deadline, &mut evidence).await;
    let total = match total {
        None => Ok(None),
        Some(total) => {
            let whole = PrometheusQuery { server: query.server.clone(), query: total.to_owned() };
            number(&whole, sources, deadline, &mut evidence).await.map(Some)
        }
    };
    (value.and_then(|value| Ok(Quantity { value, total: total? })), evidence)
}

async fn number(
    query: &PrometheusQuery,
    sources: &Sources,
    deadline: Instant,
    evidence: &mut Evidence,
) -> Result<f64, Unmeasured> {
    let answered = ask(query, sources, deadline).await?;
    answered.note(query, evidence);
    only(query, &answered)
}

/// The value of the one series that there must be.
fn only(query: &PrometheusQuery, answered: &Answered) -> Result<f64, Unmeasured> {
    let (place, text) = (place_of(&query.server.url), &query.query);
    let one = match answered.series.as_slice() {
        [] => return Err(nothing_found(query)),
        [one] => one,
        several => {
            let (count, first) = (several.len(), several[0].notation());
            let detail = format!("`{text}` has {count} series, `{first}` among them; expected one (sum, count, …)");
            return Err(unreadable(&place, detail));
        }
    };
    if !one.value.is_finite() {
        return Err(unreadable(&place, format!("`{text}` is {}; expected a finite number", one.value)));
    }
    Ok(one.value)
}
