//! A number in a JSON, TOML or YAML file.

use std::path::Path;

use tokio::time::Instant;

use super::{Seen, pointed, timed_out, unreadable};
use crate::measure::blocking::done_by;
use crate::measure::evidence::Evidence;
use crate::measure::measurement::Unmeasured;
use crate::measure::notation::{self, NoValues};
use crate::measure::web::Secrets;
use crate::quantity::Quantity;

pub(super) async fn measure(path: &Path, value: &str, total: Option<&str>, deadline: Instant) -> Seen {
    let mut evidence = Evidence::new();
    evidence.fact("file", path.display().to_string()).fact("value", value);
    let (owned, at, of) = (path.to_owned(), value.to_owned(), total.map(str::to_owned));
    let seen = done_by(deadline, move |_| look(&owned, &at, of.as_deref())).await.unwrap_or_else(|| {
        let place = path.display().to_string();
        Err(timed_out(&place, format!("`{place}` did not answer in time")))
    });
    (seen, evidence)
}

fn look(path: &Path, value: &str, total: Option<&str>) -> Result<Quantity, Unmeasured> {
    let place = path.display().to_string();
    let wrong = |detail: String| unreadable(&place, format!("`{place}`: {detail}"));
    let document = notation::read(path).map_err(|fault| match fault {
        NoValues::Unread(unmeasured) => unmeasured,
        NoValues::Damaged(detail) => wrong(detail),
    })?;
    pointed::quantity(&document, value, total, &Secrets::default()).map_err(wrong)
}
