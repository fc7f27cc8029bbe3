//! Asking a person at a terminal about each change.

use std::io::{self, BufRead as _, Write as _};

use super::diff;
use super::survey::Document;
use crate::document::edit::Edit;
use crate::measure::evidence::line;

/// Longest line of a change that is shown, in Unicode scalar values.
const WIDEST: usize = 2000;

/// What was answered so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Standing {
    /// Every change is asked about.
    #[default]
    Asking,
    /// "All": this change and those after it are written.
    All,
    /// "Quit": this change and those after it are not.
    Quit,
}

/// A conversation about changes.
#[derive(Debug, Default)]
pub(super) struct Asking {
    standing: Standing,
    /// Standard output or input failed; asked no more.
    failed: Option<io::Error>,
}

impl Asking {
    /// Whether a change is to be written.
    pub(super) fn about(&mut self, document: &Document, edits: &[Edit]) -> bool {
        match self.standing {
            Standing::All => return true,
            Standing::Quit => return false,
            Standing::Asking => {}
        }
        self.ask(document, edits).unwrap_or_else(|error| {
            (self.standing, self.failed) = (Standing::Quit, Some(error));
            false
        })
    }

    /// What kept it from going on, if anything did.
    pub(super) fn end(self) -> io::Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn ask(&mut self, document: &Document, edits: &[Edit]) -> io::Result<bool> {
        let mut out = io::stdout().lock();
        let hunks = diff::hunks(&document.source, edits.to_vec());
        // A document can hold what moves the cursor or hides text: the question is about what is seen.
        for text in [document.source.name()].into_iter().chain(hunks.lines()) {
            writeln!(out, "{}", line(text, WIDEST))?;
        }
        loop {
            write!(out, "write this change? [y]es, [n]o, [a]ll from here, [q]uit: ")?;
            out.flush()?;
            let mut answer = String::new();
            if io::stdin().lock().read_line(&mut answer)? == 0 {
                // Nobody is there any more.
                writeln!(out)?;
                self.standing = Standing::Quit;
                return Ok(false);
            }
            match answer.trim().to_lowercase().as_str() {
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                "a" | "all" => {
                    self.standing = Standing::All;
                    return Ok(true);
                }
                "q" | "quit" => {
                    self.standing = Standing::Quit;
                    return Ok(false);
                }
                _ => writeln!(
                    out,
                    "y writes it, n leaves it, a writes it and all after it, q leaves it and all after it"
                )?,
            }
        }
    }
}
