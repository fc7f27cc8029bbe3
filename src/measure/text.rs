//! A text: what a program writes to standard output, for documents that show it.
//!
//! | seen | outcome |
//! |---|---|
//! | it ended with one of the exit codes that count | measured: the first lines, each bounded and safe to show |
//! | another exit code, or a signal | unmeasured, unreadable |
//! | no such program or folder, not executable | unmeasured, source-away |
//! | it did not end in time, and was killed | unmeasured, timed-out |
//! | `--no-exec` | unmeasured, not-allowed |
//!
//! A text is a fact of the section that shows it, so it must not depend on who looks: the program has no terminal, is asked
//! not to write colour, and is told the same width everywhere.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::evidence::{Evidence, line};
use super::measurement::{TextOutcome, Unmeasured, UnmeasuredCause};
use super::output::{Wanted, output_once};
use super::process::Capture;
use super::request::TextRequest;
use super::source::Sources;

/// Longest line, in Unicode scalar values.
pub const LINE_LIMIT: usize = 400;

/// Bytes of output that are kept.
const OUTPUT_LIMIT: usize = 4 << 20;

/// What the program finds in its environment, on top of ours.
const SURROUNDINGS: &[(&str, &str)] =
    &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0"), ("FORCE_COLOR", "0"), ("TERM", "dumb"), ("COLUMNS", "100")];

/// Runs the program of `request` once, and returns by `deadline`.
pub async fn measure(request: &TextRequest, sources: &Sources, deadline: Instant) -> (TextOutcome, Evidence) {
    if !sources.may_execute() {
        let detail = "a text starts a program, and `--no-exec` refuses that".to_owned();
        let refused = Unmeasured { cause: UnmeasuredCause::NotAllowed, detail, source: "--no-exec".to_owned() };
        return (TextOutcome::Unmeasured(refused), Evidence::new());
    }
    let env: BTreeMap<String, String> =
        SURROUNDINGS.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let wanted = Wanted {
        argv: &request.argv,
        env: &env,
        cwd: &request.cwd,
        exit_codes: &request.exit_codes,
        limit: OUTPUT_LIMIT,
    };
    let (finished, evidence) = output_once(wanted, sources, deadline).await;
    let outcome = match finished {
        Ok(finished) => lines(&finished.stdout, request.max_lines),
        Err(unmeasured) => TextOutcome::Unmeasured(unmeasured),
    };
    (outcome, evidence)
}

/// The first `most` lines that were written, without blank ones at the end.
fn lines(written: &Capture, most: usize) -> TextOutcome {
    let text = written.text();
    let mut all = text.lines();
    // What was too much to keep ends in a line that says so, which the program did not write.
    let cut = written.left_out() > 0;
    if cut {
        all.next_back();
    }
    let mut lines: Vec<String> = all.by_ref().take(most).map(|text| line(text, LINE_LIMIT)).collect();
    let more = cut || all.any(|text| !line(text, LINE_LIMIT).is_empty());
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    TextOutcome::Measured { lines, truncated: more }
}

/// `argv` on one line, as somebody would type it: quoted where a shell would read it otherwise.
pub fn command_line(argv: &[String]) -> String {
    argv.iter().map(|argument| word(argument)).collect::<Vec<_>>().join(" ")
}

fn word(argument: &str) -> String {
    let bare = |c: char| c.is_alphanumeric() || "-_./:=,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(bare) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(written: &str, most: usize) -> (Vec<String>, bool) {
        let mut capture = Capture::new(64, 0);
        capture.push(written.as_bytes());
        match lines(&capture, most) {
            TextOutcome::Measured { lines, truncated } => (lines, truncated),
            TextOutcome::Unmeasured(unmeasured) => panic!("{unmeasured:?}"),
        }
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn the_first_lines_are_kept_and_blank_ones_at_the_end_are_none() {
        assert_eq!(kept("a\n\n  b\n\n \n", 9), (strings(&["a", "", "  b"]), false));
        assert_eq!(kept("a\nb\n\n", 2), (strings(&["a", "b"]), false));
        assert_eq!(kept("a\n\nb", 2), (strings(&["a"]), true));
        assert_eq!(kept("", 2), (vec![], false));
        let (lines, truncated) = kept(&"0123456\n".repeat(99), 1000);
        assert_eq!((lines.len(), truncated), (8, true), "the note on what was left out is no line of the program");
    }

    #[test]
    fn a_command_reads_as_it_would_be_typed() {
        assert_eq!(
            command_line(&strings(&["target/x", "--a=b", "c d", "", "it's"])),
            "target/x --a=b 'c d' '' 'it'\\''s'"
        );
    }
}
