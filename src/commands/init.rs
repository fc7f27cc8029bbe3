//! `trueup init`: look around, and write a first trueup.toml.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use regex::Regex;

use super::survey::{Document, Survey};
use super::{bound, outcome, survey};
use crate::cli::{Global, InitArgs};
use crate::code::Code;
use crate::config;
use crate::config::policy::Policy;
use crate::document::source::SourceFile;
use crate::exit::ExitCode;
use crate::files;
use crate::init::draft::{self, Candidate, Unanswered};
use crate::init::found::Found;
use crate::init::look;
use crate::judge::verdict::{Binding, Subject};
use crate::measure::container_request::ContainerQuery;
use crate::measure::discover;
use crate::measure::evidence::plain;
use crate::measure::measurement::{GroupMeasurement, Snapshot, TargetMeasurement};
use crate::measure::request::Discover;
use crate::measure::results;
use crate::measure::source::Sources;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::rung::Rung;
use crate::settings::Settings;

/// Name of the file that is written.
const NAME: &str = "trueup.toml";

/// Time for an engine to answer: one that takes longer is not asked.
const QUICKLY: Duration = Duration::from_secs(1);

/// Most addresses that are taken from documents.
const MOST_ADDRESSES: usize = 50;

/// Longest quote of a claim, in Unicode scalar values.
const QUOTE: usize = 80;

/// Runs the command.
///
/// # Errors
/// Where standard output or the file cannot be written to, or the runtime cannot be set up.
pub fn run(args: &InitArgs, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let root = args.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    let output = args.output.clone().unwrap_or_else(|| root.join(NAME));
    let to_standard_output = output == Path::new(files::STANDARD_INPUT);
    if !root.is_dir() {
        return refuse(&format!("`{}` is no folder", root.display()), "name the folder of a project", settings);
    }
    if !to_standard_output && !args.force && output.symlink_metadata().is_ok() {
        let headline = format!("`{}` is there already", output.display());
        return refuse(&headline, "`-o -` shows what would be written; `--force` writes over it", settings);
    }
    let survey = survey::survey(&[], &Policy::empty(root.clone()));
    let mut found = look::look(
        &root,
        |path| results::cases(&[path.to_owned()], || false).is_ok(),
        |path| results::coverage(&[path.to_owned()], || false).is_ok(),
    );
    found.containers = containers()?;
    found.addresses = addresses(&survey);
    let candidates = draft::candidates(&found, args.allow_exec && !global.no_exec);
    let text = text(&candidates, &survey, &found, &root);
    if to_standard_output {
        outcome::unless_nobody_reads(io::stdout().lock().write_all(text.as_bytes()))?;
        return Ok(ExitCode::Clean);
    }
    files::put(&output, text.as_bytes())
        .map_err(|error| io::Error::new(error.kind(), format!("cannot write `{}`: {error}", output.display())))?;
    let said = format!("wrote {}; `trueup claims --bound` says what it answers\n", output.display());
    outcome::unless_nobody_reads(io::stdout().lock().write_all(said.as_bytes()))?;
    Ok(ExitCode::Clean)
}

fn refuse(headline: &str, help: &str, settings: &Settings) -> io::Result<ExitCode> {
    let fault = Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help);
    outcome::complain_of(&[fault], settings).map(|()| ExitCode::Usage)
}

/// Names of the containers on the engine; `None` where no engine answers quickly.
fn containers() -> io::Result<Option<Vec<String>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let found = runtime.block_on(async {
        let sources = Sources::new(false);
        let all = Discover::Docker(ContainerQuery::default());
        let found = tokio::time::timeout(QUICKLY, discover::discover(&all, &sources)).await;
        found.ok().and_then(Result::ok)
    });
    runtime.shutdown_background();
    Ok(found.map(|found| found.into_iter().map(|found| found.name).collect()))
}

/// Addresses on this machine that documents name, without what may be a secret.
fn addresses(survey: &Survey) -> Vec<String> {
    static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"https?://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
            .expect("a constant pattern")
    });
    let mut seen = BTreeSet::new();
    let mut addresses = Vec::new();
    for document in &survey.documents {
        let text = document.source.text();
        for found in ADDRESS.find_iter(text) {
            // A query, a template or a user name goes on: what would be asked is not what stands there.
            let next = text[found.end()..].chars().next();
            if next.is_some_and(|next| matches!(next, '?' | '{' | '@' | '$' | ':' | '<' | '*')) {
                continue;
            }
            let address = found.as_str().trim_end_matches(['.', '-']).to_owned();
            if seen.insert(address.trim_end_matches('/').to_owned()) {
                addresses.push(address);
            }
        }
    }
    addresses.truncate(MOST_ADDRESSES);
    addresses
}

/// The text with what claims are about as it is, and the rest as comments.
fn text(candidates: &[Candidate], survey: &Survey, found: &Found, root: &Path) -> String {
    let whole = draft::text(candidates, |_| true, &[], &[]);
    let (used, _) = answers(&whole, candidates, survey, root);
    // A claim about the document as a whole is about all groups: those that no claim is about by name are no part of it.
    let kept = draft::text(candidates, |candidate| used.contains(&candidate.name), &[], &[]);
    let (_, unanswered) = answers(&kept, candidates, survey, root);
    draft::text(candidates, |candidate| used.contains(&candidate.name), &unanswered, &found.passed_over)
}

/// The keys that claims are bound to by a draft, and the claims that it does not answer.
fn answers(draft: &str, candidates: &[Candidate], survey: &Survey, root: &Path) -> (BTreeSet<String>, Vec<Unanswered>) {
    let file = Arc::new(SourceFile::new(NAME, draft));
    let policy = match config::parse(&file, root) {
        Ok(parsed) => parsed.policy,
        // What was found has no form that trueup.toml takes: then nothing of it is used.
        Err(_) => Policy::empty(root.to_owned()),
    };
    let snapshot = declared(candidates);
    let mut used = BTreeSet::new();
    let mut unanswered = Vec::new();
    for document in &survey.documents {
        let bindings = bound::bindings(document, &policy, &snapshot);
        for (index, binding) in bindings.iter().enumerate() {
            match binding {
                Binding::Bound { subjects, .. } if subjects.len() > 1 => {}
                Binding::Bound { subjects, .. } => used.extend(subjects.iter().map(|subject| key(subject).to_owned())),
                Binding::Unbound { candidates } => unanswered.push(self::unanswered(document, index, candidates, root)),
            }
        }
    }
    // With nothing but claims about documents as a whole, all of it is what they are about.
    if used.is_empty() && unanswered.is_empty() {
        used.extend(candidates.iter().map(|candidate| candidate.name.clone()));
    }
    (used, unanswered)
}

fn key(subject: &Subject) -> &str {
    match subject {
        Subject::Group(name) | Subject::Target { group: name, .. } | Subject::Metric(name) => name,
    }
}

/// A snapshot with the targets that discovery would find.
fn declared(candidates: &[Candidate]) -> Snapshot {
    let target = |name: &String| TargetMeasurement { name: name.clone(), origin: Rung::Declared, checks: Vec::new() };
    let groups =
        candidates.iter().filter(|candidate| !candidate.targets.is_empty()).map(|candidate| GroupMeasurement {
            name: candidate.name.clone(),
            expect: None,
            targets: candidate.targets.iter().map(target).collect(),
            nameless_missing: 0,
            reach: None,
            discovery: None,
            skipped: Vec::new(),
        });
    Snapshot { groups: groups.collect(), ..Snapshot::empty(jiff::Timestamp::UNIX_EPOCH) }
}

fn unanswered(document: &Document, index: usize, candidates: &[String], root: &Path) -> Unanswered {
    let claim = &document.claims[index];
    let line = document.source.place(claim.span.start).line;
    let quote = plain(document.source.slice(claim.span), QUOTE);
    let path = Path::new(document.source.name());
    let name = path.strip_prefix(root).unwrap_or(path).display();
    Unanswered { place: format!("{name}:{line}"), quote, candidates: candidates.to_vec() }
}
