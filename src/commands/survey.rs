//! Reading documents and taking them apart, on all processors.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::cover::Cover;
use super::members::Members;
use crate::claim::lexicon::{Lexicon, Words};
use crate::claim::stamp::Stamp;
use crate::claim::{self, Examined, model::Claim};
use crate::code::Code;
use crate::config::policy::Policy;
use crate::document::directive::Directives;
use crate::document::prose::Prose;
use crate::document::section::Sections;
use crate::document::source::SourceFile;
use crate::document::{directives, markdown, markers};
use crate::files::{self, FindError, Fingerprint, Loaded, ReadError};
use crate::judge::contradiction::{self, Within};
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::rung::Rung;

/// A document, taken apart.
#[derive(Debug)]
pub(super) struct Document {
    /// Where it was read from; `-` for standard input.
    pub path: PathBuf,
    /// Its text.
    pub source: Arc<SourceFile>,
    /// What the file held, so that nothing newer is overwritten.
    pub fingerprint: Fingerprint,
    /// What it claims.
    pub claims: Vec<Claim>,
    /// When it says that somebody last looked.
    pub stamps: Vec<Stamp>,
    /// Its generated sections.
    pub sections: Sections,
    /// Comments that steer trueup.
    pub directives: Directives,
    /// What it gives to contradict.
    pub within: Within,
}

/// Documents that could be read, and what is wrong with the others.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// In the order in which they are told of.
    pub documents: Vec<Document>,
    /// One per file that could not be read.
    pub faults: Vec<Diagnostic>,
}

/// Finds the documents that `paths` and the policy name, reads them and takes them apart.
pub(super) fn survey(paths: &[PathBuf], policy: &Policy) -> Survey {
    read(documents(paths, policy), policy, contradiction::within)
}

/// The same without files that are named and that `docs` of trueup.toml does not name.
pub(super) fn survey_of_members(paths: &[PathBuf], policy: &Policy) -> Survey {
    read(documents(paths, policy).map(|found| Members::of(policy).narrow(found)), policy, contradiction::within)
}

/// As [`survey`], for listing: what the documents give to contradict is left out, which takes as much room as their claims.
pub(super) fn listed(paths: &[PathBuf], policy: &Policy) -> Survey {
    read(documents(paths, policy), policy, |_, _, _| Within::default())
}

/// What a document gives to contradict.
type Contradict = fn(&str, &Prose, &[Claim]) -> Within;

fn read(found: Result<Vec<PathBuf>, Vec<FindError>>, policy: &Policy, contradict: Contradict) -> Survey {
    let mut survey = Survey::default();
    let found = match found {
        Ok(found) => found,
        Err(errors) => {
            let faults = errors.iter().map(|error| unreadable(error.to_string(), error.hint()));
            survey.faults.extend(faults);
            return survey;
        }
    };
    let lexicon = lexicon(policy);
    for (path, read) in found.iter().zip(in_parallel(&found, |path| take_apart(path, &lexicon, contradict))) {
        match read {
            Ok(document) => survey.documents.push(document),
            Err(error) => {
                debug_assert_eq!(error.path(), path.as_path());
                survey.faults.push(unreadable(error.to_string(), error.hint()));
            }
        }
    }
    survey
}

/// The words that documents of this project are read with.
pub(super) fn lexicon(policy: &Policy) -> Lexicon {
    let mut words = Words::default();
    for state in &policy.vocabulary.states {
        let rung = state.rung.map_or("any", Rung::name);
        words.state.entry(state.polarity).or_default().entry(rung.to_owned()).or_default().push(state.word.clone());
    }
    for (class, word) in &policy.vocabulary.classes {
        words.classes.entry(*class).or_default().push(word.clone());
    }
    words.numbers.extend(policy.vocabulary.numbers.iter().cloned());
    for (polarity, symbol) in &policy.vocabulary.symbols {
        words.symbols.entry(*polarity).or_default().push(symbol.to_string());
    }
    let mut lexicon = Lexicon::english();
    lexicon.extend(&words);
    lexicon
}

/// Whether `paths` stand for all documents of the project.
pub(super) fn is_whole(paths: &[PathBuf], policy: &Policy) -> bool {
    paths.is_empty() || paths.iter().any(|path| is_root(path, policy))
}

fn is_root(path: &Path, policy: &Policy) -> bool {
    match (path.canonicalize(), policy.root.canonicalize()) {
        (Ok(path), Ok(root)) => path == root,
        _ => false,
    }
}

/// A folder that is the project's own stands for the documents that its trueup.toml names.
fn documents(paths: &[PathBuf], policy: &Policy) -> Result<Vec<PathBuf>, Vec<FindError>> {
    if policy.docs.is_empty() && paths.is_empty() {
        return files::find(std::slice::from_ref(&policy.root), &[], &policy.root);
    }
    if policy.docs.is_empty() || !paths.iter().any(|path| is_root(path, policy)) {
        return files::find(paths, &policy.docs, &policy.root);
    }
    let mut found = files::find(&[], &policy.docs, &policy.root)?;
    let others: Vec<PathBuf> = paths.iter().filter(|path| !is_root(path, policy)).cloned().collect();
    if !others.is_empty() {
        found.extend(files::find(&others, &policy.docs, &policy.root)?);
        found.sort();
        found.dedup();
    }
    Ok(found)
}

fn take_apart(path: &Path, lexicon: &Lexicon, contradict: Contradict) -> Result<Document, ReadError> {
    Ok(apart(path, files::read(path)?, lexicon, contradict))
}

/// What was read from `path`, taken apart.
pub(super) fn of_loaded(path: &Path, loaded: Loaded, lexicon: &Lexicon) -> Document {
    apart(path, loaded, lexicon, contradiction::within)
}

fn apart(path: &Path, loaded: Loaded, lexicon: &Lexicon, contradict: Contradict) -> Document {
    let Loaded { source, fingerprint } = loaded;
    let prose = markdown::prose(source.text());
    let sections = markers::find(source.text(), &prose.comments);
    let Examined { mut claims, mut stamps, rejected: _ } = claim::read(source.text(), &prose, lexicon);
    // What trueup wrote is judged as a section: by its facts, not by its words.
    let written = Cover::new(sections.sections.iter().map(|section| section.body));
    claims.retain(|claim| !written.overlaps(claim.span));
    stamps.retain(|stamp| !written.overlaps(stamp.span));
    let directives = directives::find(source.text(), &prose);
    let within = contradict(source.text(), &prose, &claims);
    let (path, source) = (path.to_owned(), Arc::new(source));
    Document { path, source, fingerprint, claims, stamps, sections, directives, within }
}

pub(super) fn unreadable(headline: String, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(hint)
}

/// `work` on every item, on all processors, results in the order of the items.
pub(super) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    if workers <= 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            match items.get(index) {
                Some(item) => done.push((index, work(item))),
                None => return done,
            }
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
