//! At the end of the work: documents that were changed in it are looked at once more.

use std::io;
use std::path::PathBuf;

use super::agent::{Hook, Said};
use super::session::{Changed, Session};
use super::watched::Found;
use crate::agent::answer::Answer;
use crate::agent::{news, wording};
use crate::report::diagnostic::Diagnostic;

impl Hook<'_> {
    /// Keeps the work from ending, once, while documents that were changed in it say what is false.
    pub(super) fn stop(&self, again: bool, sub: bool) -> io::Result<Said> {
        let Some(session) = self.call.session.as_ref().map(|id| Session::of(id, &self.place.root)) else {
            return Ok(Said::NOTHING);
        };
        let mut changed = session.changed();
        if !sub {
            // Whatever comes of it: once is enough, until something is changed again.
            session.forget();
        }
        if again {
            return Ok(Said::NOTHING);
        }
        if sub && self.call.subagent.is_some() {
            changed.retain(|changed| changed.subagent == self.call.subagent);
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for Changed { path, .. } in changed {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        let Found { groups, mut refused } = self.find(paths.into_iter().map(|path| (path, ())));
        let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
        for mut group in groups {
            let findings = match self.findings(&mut group)? {
                Ok(findings) => findings,
                Err(why) => {
                    refused.get_or_insert(why);
                    continue;
                }
            };
            let (told, open): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
                findings.told.iter().partition(|found| !news::is_unknown(found));
            if !told.is_empty() {
                wrong.push(wording::keep_on(&told, findings.age));
            }
            if !open.is_empty() {
                unknown.push(wording::unknown(&open, "documents that were changed in this session say"));
            }
        }
        let answer = match (wrong.is_empty(), unknown.is_empty()) {
            (false, _) => Answer::Continue(wrong.join("\n")),
            (true, false) => Answer::Tell(unknown.join("\n")),
            (true, true) => Answer::Silent,
        };
        Ok(Said { answer, refused })
    }
}
