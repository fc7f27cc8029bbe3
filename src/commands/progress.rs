//! Showing how far a run is, to somebody who waits at a terminal: on standard error, after a second, and gone at its end.

use std::convert::Infallible;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::measure::schedule::Progress;
use crate::settings::is_watched;

/// Most runs are over before anybody wonders.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

/// Takes the line away however the run ends: dropped by a run that is done, or by an interruption.
struct Line(ProgressBar);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Shows `progress` until it is dropped; nothing where nobody watches.
pub(super) async fn show(progress: &Progress) -> Infallible {
    if !is_watched() {
        return std::future::pending().await;
    }
    tokio::time::sleep(PATIENCE).await;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10)).with_elapsed(PATIENCE);
    // What is no template is drawn by default, which is better than not at all.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    let line = Line(bar);
    loop {
        line.0.set_message(match progress.planned() {
            None => "looking for targets".to_owned(),
            Some(planned) => format!("measuring: {} of {planned} done", progress.done()),
        });
        line.0.tick();
        tokio::time::sleep(TICK).await;
    }
}
