//! After a change: it is remembered, and what is false in the document is told once.

use std::io;
use std::path::{Path, PathBuf};

use super::agent::{Hook, Said};
use super::session::{self, Changed, Session};
use super::watched::{Found, Refused};
use crate::agent::answer::Answer;
use crate::agent::{news, wording};
use crate::report::diagnostic::Diagnostic;

impl Hook<'_> {
    /// Remembers what was changed, and tells what is false in it unless that was told, or nobody listens.
    pub(super) fn after(&self, paths: &[PathBuf], heard: bool) -> io::Result<Said> {
        let Found { groups, mut refused } = self.find(paths.iter().map(|path| (path.clone(), ())));
        let session = self.call.session.as_ref().map(|id| Session::of(id, &self.place.root));
        let known = session.as_ref().map(Session::changed).unwrap_or_default();
        let remember = |path: &Path, told: Option<String>| {
            let changed = Changed { path: path.to_owned(), subagent: self.call.subagent.clone(), told };
            let Some(Err(error)) = session.as_ref().map(|session| session.add(&changed)) else { return Ok(()) };
            Err(Refused::Said(format!("cannot remember that `{}` was changed: {error}", path.display())))
        };
        // Before anything is measured: an agent may lose its patience.
        for document in groups.iter().flat_map(|group| &group.documents) {
            if let Err(why) = remember(&document.path, None) {
                refused.get_or_insert(why);
            }
        }
        if !heard {
            // What nobody hears is not told, and so is not told before the end.
            return Ok(Said { answer: Answer::Silent, refused });
        }
        let mut told = Vec::new();
        for mut group in groups {
            let findings = match self.findings(&mut group)? {
                Ok(findings) => findings,
                Err(why) => {
                    refused.get_or_insert(why);
                    continue;
                }
            };
            for document in &group.documents {
                let about = findings.told.iter().filter(|found| is_about(found, &document.name));
                // What has no answer was told before the change, if the change is about it.
                let about: Vec<&Diagnostic> = about.filter(|found| !news::is_unknown(found)).collect();
                let digest = digest(&about);
                let before = known.iter().rev().filter(|changed| changed.path == document.path);
                let before = before.filter_map(|changed| changed.told.as_ref()).next();
                if before == Some(&digest) || (before.is_none() && about.is_empty()) {
                    continue;
                }
                if !about.is_empty() {
                    told.push(wording::report(&about, findings.age));
                }
                if let Err(why) = remember(&document.path, Some(digest)) {
                    refused.get_or_insert(why);
                }
            }
        }
        let answer = if told.is_empty() { Answer::Silent } else { Answer::Tell(told.join("\n")) };
        Ok(Said { answer, refused })
    }
}

fn is_about(finding: &Diagnostic, name: &Path) -> bool {
    finding.primary.as_ref().is_some_and(|label| Path::new(label.file.name()) == name)
}

/// What the same findings share, whenever they are told.
fn digest(findings: &[&Diagnostic]) -> String {
    let told: Vec<&str> = findings.iter().map(|finding| finding.headline.as_str()).collect();
    session::hash(&told.join("\n"))
}
