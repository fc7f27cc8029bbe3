//! Before a change: what it adds is held against the measurements.

use std::io;

use super::super::survey::{self, Survey};
use super::agent::{Hook, Said};
use super::change;
use super::verdict::{self, Bench};
use super::watched::{Found, Refused, Watched};
use crate::agent::answer::Answer;
use crate::agent::edit::{Change, Edit};
use crate::agent::{news, wording};
use crate::files::{self, ReadError};

impl Hook<'_> {
    /// Holds what an edit adds against the measurements.
    pub(super) fn before(&self, changes: &[Change]) -> io::Result<Said> {
        let Found { groups, mut refused } = self.find(changes.iter().map(|change| (change.path.clone(), change)));
        let (mut denied, mut unknown) = (Vec::new(), Vec::new());
        for mut group in groups {
            let lexicon = survey::lexicon(&group.project.policy);
            let (mut before, mut after) = (Survey::default(), Survey::default());
            for document in &group.documents {
                let (old, new) = match self.texts(document) {
                    Ok(Some(texts)) => texts,
                    Ok(None) => continue,
                    Err(error) => {
                        refused.get_or_insert(Refused::Said(error.to_string()));
                        continue;
                    }
                };
                let apart = |text: String| verdict::document(&document.name, text.into_bytes(), &lexicon);
                let (old, Some(new)) = (old.and_then(apart), apart(new)) else { continue };
                if change::says_more(old.as_ref(), &new) {
                    before.documents.extend(old);
                    after.documents.push(new);
                }
            }
            if after.documents.is_empty() {
                continue;
            }
            let bench = match Bench::for_documents(&after, &mut group.project, self.global)? {
                Ok(bench) => bench,
                Err(why) => {
                    refused.get_or_insert(why);
                    continue;
                }
            };
            let before = bench.findings(&before, &group.project);
            let after = bench.findings(&after, &group.project);
            let news = news::news(&before, &after);
            if !news.stopped.is_empty() {
                denied.push(wording::deny(&news.stopped, bench.age()));
            }
            if !news.unknown.is_empty() {
                unknown.push(wording::unknown(&news.unknown, "you are about to write"));
            }
        }
        let answer = match (denied.is_empty(), unknown.is_empty()) {
            (false, _) => Answer::Deny(denied.join("\n")),
            (true, false) => Answer::Tell(unknown.join("\n")),
            (true, true) => Answer::Silent,
        };
        Ok(Said { answer, refused })
    }

    /// The text of a document before and after a change; `None` where the agent's own tool is about to fail.
    fn texts(&self, document: &Watched<&Change>) -> Result<Option<(Option<String>, String)>, ReadError> {
        let from = document.what.from.as_ref().map(|from| self.place.resolve(from));
        let old = match files::read(from.as_ref().unwrap_or(&document.path)) {
            Ok(loaded) => Some(loaded.source.text().to_owned()),
            Err(ReadError::Missing { .. }) => None,
            // Whatever is there is written over.
            Err(_) if matches!(document.what.edit, Edit::Whole(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(document.what.edit.apply(old.as_deref()).map(|new| (old, new)))
    }
}
