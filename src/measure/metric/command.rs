//! A number in the standard output of a program.

use std::collections::BTreeMap;
use std::path::Path;

use tokio::time::Instant;

use super::{Seen, read, unreadable};
use crate::measure::measurement::Unmeasured;
use crate::measure::output::{Wanted, log, output_once};
use crate::measure::process::Finished;
use crate::measure::request::Reading;
use crate::measure::source::Sources;
use crate::quantity::Quantity;

/// Most bytes of output that are read. Beyond, the summary at its end might be missed, so there is no number.
const OUTPUT_LIMIT: usize = 16 << 20;

pub(super) async fn measure(
    argv: &[String],
    cwd: &Path,
    exit_codes: &[i32],
    reading: &Reading,
    sources: &Sources,
    deadline: Instant,
) -> Seen {
    let wanted = Wanted { argv, env: &BTreeMap::new(), cwd, exit_codes, limit: OUTPUT_LIMIT };
    let (finished, mut evidence) = output_once(wanted, sources, deadline).await;
    let finished = match finished {
        Ok(finished) => finished,
        Err(unmeasured) => return (Err(unmeasured), evidence),
    };
    let number = number(&argv.join(" "), &finished, reading);
    if number.is_err() {
        log(&mut evidence, &finished);
    }
    (number, evidence)
}

fn number(source: &str, finished: &Finished, reading: &Reading) -> Result<Quantity, Unmeasured> {
    if finished.stdout.left_out() > 0 {
        let (total, limit) = (finished.stdout.total(), OUTPUT_LIMIT >> 20);
        let detail = format!("`{source}` wrote {total} bytes; expected {limit} MiB at most");
        return Err(unreadable(source, detail));
    }
    read(&finished.stdout.text(), reading).map_err(|detail| unreadable(source, format!("`{source}`: {detail}")))
}
