//! Whether the processors have nothing to do.

use std::num::NonZero;
use std::thread;

/// Whether fewer processes want a processor at this moment than there are processors, ours not counted. `None` where the
/// system does not tell.
pub fn has_idle_processor() -> Option<bool> {
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    runnable(&load).map(|runnable| runnable.saturating_sub(1) < processors)
}

/// The number of processes that run or want to, of "0.20 0.18 0.12 1/80 11206".
fn runnable(load: &str) -> Option<usize> {
    load.split_whitespace().nth(3)?.split('/').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::runnable;

    #[test]
    fn the_fourth_field_has_the_number() {
        assert_eq!(runnable("0.20 0.18 0.12 3/80 11206\n"), Some(3));
        assert_eq!(runnable("0.20 0.18"), None);
        assert_eq!(runnable("a b c d/e f"), None);
    }
}
