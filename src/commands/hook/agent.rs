//! Answering a coding agent that calls its hook.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::outcome;
use super::super::survey::{self, Survey};
use super::place::Place;
use super::verdict::{self, Bench};
use super::watched::{self, Found, Group, Refused};
use crate::agent::Agent;
use crate::agent::answer::Answer;
use crate::agent::call::{Call, Event};
use crate::agent::input::{self, Fields, Misread};
use crate::agent::news;
use crate::cli::Global;
use crate::code::Concern;
use crate::exit::ExitCode;
use crate::files::{self, STANDARD_INPUT};
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Reads the call of an agent from standard input and writes the answer to standard output.
///
/// # Errors
/// Where standard output cannot be written to, or the runtime cannot be set up.
pub(super) fn run(agent: Agent, global: &Global, settings: &Settings) -> io::Result<ExitCode> {
    let protocol = agent.protocol();
    let call = match read(agent) {
        Ok(call) => call,
        Err(misread) => return refuse(agent, Refused::Said(misread.to_string()), settings),
    };
    let Some(moment) = call.event.moment() else { return Ok(ExitCode::Clean) };
    let place = Place::at(&settings.current_dir.join(call.cwd.as_deref().unwrap_or(Path::new("."))));
    let hook = Hook { call: &call, place, global, settings };
    let Said { answer, refused } = hook.answer()?;
    let refused = match refused {
        Some(Refused::Interrupted) => return Ok(ExitCode::Interrupted),
        Some(refused) => Some(refuse(agent, refused, settings)?),
        None => None,
    };
    match protocol.write(&call, moment, &answer) {
        Some(json) => {
            writeln!(io::stdout().lock(), "{json}")?;
            Ok(ExitCode::Clean)
        }
        None => Ok(refused.unwrap_or(ExitCode::Clean)),
    }
}

fn read(agent: Agent) -> Result<Call, Misread> {
    let loaded = files::read(Path::new(STANDARD_INPUT)).map_err(|error| Misread(error.to_string()))?;
    let json = input::json(loaded.source.text())?;
    agent.protocol().read(Fields::of("standard input", &json)?)
}

/// Says why there is no answer. The agent goes on.
fn refuse(agent: Agent, refused: Refused, settings: &Settings) -> io::Result<ExitCode> {
    match refused {
        // Nobody is left to tell when standard error is gone as well.
        Refused::Said(told) => _ = writeln!(io::stderr(), "trueup hook {}: {told}", agent.protocol().name()),
        Refused::Faults(faults) => outcome::complain_of(&faults, settings)?,
        Refused::Interrupted => {}
    }
    Ok(ExitCode::Nothing)
}

/// One call, and where it comes from.
pub(super) struct Hook<'a> {
    pub call: &'a Call,
    pub place: Place,
    pub global: &'a Global,
    settings: &'a Settings,
}

/// What there is to say of documents, by measurements of this age.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub told: Vec<Diagnostic>,
    pub age: Duration,
}

/// What a hook has to say.
#[derive(Debug)]
pub(super) struct Said {
    /// To the agent.
    pub answer: Answer,
    /// To whoever looks after the hook: the first reason why a part was not judged.
    pub refused: Option<Refused>,
}

impl Said {
    /// Nothing, to nobody.
    pub(super) const NOTHING: Said = Said { answer: Answer::Silent, refused: None };
}

impl Hook<'_> {
    fn answer(&self) -> io::Result<Said> {
        match &self.call.event {
            Event::Before(changes) => self.before(changes),
            Event::After { paths, heard } => self.after(paths, *heard),
            Event::Stop { again, sub } => self.stop(*again, *sub),
            Event::Other => Ok(Said::NOTHING),
        }
    }

    /// Those of `paths` that are documents, by project.
    pub(super) fn find<T>(&self, paths: impl IntoIterator<Item = (PathBuf, T)>) -> Found<T> {
        watched::find(paths, &self.place, self.global, self.settings)
    }

    /// What is false, unknown or broken in documents as they stand.
    pub(super) fn findings(&self, group: &mut Group<()>) -> io::Result<Result<Findings, Refused>> {
        let lexicon = survey::lexicon(&group.project.policy);
        let mut survey = Survey::default();
        for document in &group.documents {
            // One that was moved or deleted meanwhile says nothing any more.
            let Ok(loaded) = files::read(&document.path) else { continue };
            let text = loaded.source.text().as_bytes().to_owned();
            survey.documents.extend(verdict::document(&document.name, text, &lexicon));
        }
        if survey.documents.is_empty() {
            return Ok(Ok(Findings::default()));
        }
        Ok(Bench::for_documents(&survey, &mut group.project, self.global)?.map(|bench| {
            let mut told = bench.findings(&survey, &group.project);
            told.retain(|found| found.is_drift() || news::is_unknown(found) || is_broken(found));
            Findings { told, age: bench.age() }
        }))
    }
}

/// Whether a finding says that a part of a document cannot be judged as it stands.
fn is_broken(finding: &Diagnostic) -> bool {
    let concern = match finding.code.concern() {
        Concern::Fault => true,
        Concern::Drift | Concern::Unmeasured | Concern::Unbound | Concern::Advice => false,
    };
    concern && finding.severity == Severity::Error && finding.primary.is_some()
}
