//! What was said in a conversation, both ways, bounded; kept only where somebody asked for it.

use std::time::Instant;

/// Bytes kept of all lines together.
const LIMIT: usize = 64 << 10;

/// Bytes kept of one line.
const LINE: usize = 8 << 10;

/// A transcript.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// When it began; `None` where nothing is kept.
    began: Option<Instant>,
    text: String,
    left_out: usize,
}

impl Transcript {
    /// One that keeps what it is told, if `kept`.
    pub fn new(kept: bool) -> Transcript {
        Transcript { began: kept.then(Instant::now), ..Transcript::default() }
    }

    /// Notes a message of ours.
    pub fn sent(&mut self, message: &str) {
        self.note("->", message);
    }

    /// Notes a line of theirs.
    pub fn heard(&mut self, message: &str) {
        self.note("<-", message);
    }

    fn note(&mut self, way: &str, message: &str) {
        let Some(began) = self.began else { return };
        if self.text.len() >= LIMIT {
            self.left_out += 1;
            return;
        }
        let mut end = message.len().min(LINE);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        let cut = if end < message.len() { "…" } else { "" };
        let at = began.elapsed().as_secs_f64();
        self.text.push_str(&format!("{at:8.3} {way} {}{cut}\n", message[..end].trim_end()));
    }

    /// A line per message: seconds since the beginning, the direction (`->` is ours), the message.
    pub fn text(&self) -> String {
        match self.left_out {
            0 => self.text.clone(),
            lines => format!("{}… {lines} more messages left out …\n", self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_kept_only_when_asked() {
        let mut nothing = Transcript::default();
        nothing.sent("x");
        assert_eq!(nothing.text(), "");
        let mut kept = Transcript::new(true);
        kept.sent("{\"id\":1}\n");
        kept.heard(&"é".repeat(LINE));
        assert!(kept.text().contains("-> {\"id\":1}\n") && kept.text().ends_with("é…\n"));
        (0..100).for_each(|_| kept.heard(&"x".repeat(LINE)));
        assert!(kept.text().len() < LIMIT + 2 * LINE);
        assert!(kept.text().ends_with("more messages left out …\n"));
    }
}
