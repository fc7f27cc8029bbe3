//! Judging documents for an agent: from measurements that are at hand, or from new ones within the hook's own deadline.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::super::assess::{self, Assessment};
use super::super::known;
use super::super::project::Project;
use super::super::recorded::{self, Stopped};
use super::super::survey::{self, Document, Survey};
use super::super::templates;
use super::watched::Refused;
use crate::claim::lexicon::Lexicon;
use crate::cli::{Global, SnapshotArgs};
use crate::files::{self, Loaded};
use crate::gate::baseline::{self, Known};
use crate::measure::measurement::Snapshot;
use crate::render::environment::Templates;
use crate::report::diagnostic::Diagnostic;

/// How long what could not be measured is not tried again: one edit is asked about up to three times.
const PATIENCE: Duration = Duration::from_secs(30);

/// All that documents of a project are judged by.
pub(super) struct Bench {
    templates: Templates,
    snapshot: Snapshot,
    known: Vec<Known>,
}

impl Bench {
    /// Measures what `survey` needs, unless it was measured lately.
    pub(super) fn for_documents(
        survey: &Survey,
        project: &mut Project,
        global: &Global,
    ) -> io::Result<Result<Bench, Refused>> {
        let hook = project.policy.hook;
        project.policy.limits.deadline = project.policy.limits.deadline.min(hook.deadline);
        let known = match project.baseline.as_ref().map(baseline::parse).transpose() {
            Ok(known) => known.unwrap_or_default(),
            Err(faults) => return Ok(Err(Refused::Faults(faults))),
        };
        let templates = match templates::load(project) {
            Ok(templates) => templates,
            Err(faults) => return Ok(Err(Refused::Faults(faults))),
        };
        let plan = assess::needed(survey, &project.policy, &templates);
        // What lies in the work tree may be what a pull request brings.
        if !project.origin.is_revision()
            && let Some(snapshot) = recorded::tried_lately(&plan, &project.policy, hook.max_age.min(PATIENCE))
        {
            return Ok(Ok(Bench { templates, snapshot, known }));
        }
        let from = SnapshotArgs { snapshot: Vec::new(), max_age: Some(hook.max_age) };
        Ok(match recorded::measurements(&from, &plan, project, global)? {
            Ok(snapshot) => Ok(Bench { templates, snapshot, known }),
            Err(Stopped::Interrupted) => Err(Refused::Interrupted),
            Err(Stopped::Faults(faults)) => Err(Refused::Faults(faults)),
        })
    }

    /// What there is to say of documents.
    pub(super) fn findings(&self, survey: &Survey, project: &Project) -> Vec<Diagnostic> {
        let assessment = assess::assess(project, survey, &self.snapshot, &self.templates, false);
        let Assessment { mut diagnostics, mut counts, .. } = assessment;
        // Documents are named from the folder of trueup.toml already.
        let as_named = |name: &str| name.to_owned();
        baseline::apply(&self.known, &mut diagnostics, &mut counts, &known::rule(known::today(), &as_named));
        diagnostics
    }

    /// How old the measurements are.
    pub(super) fn age(&self) -> Duration {
        jiff::Timestamp::now().duration_since(self.snapshot.taken_at).try_into().unwrap_or_default()
    }
}

/// A text taken apart as the document called `name`. What is no UTF-8 text makes no claim.
pub(super) fn document(name: &Path, bytes: Vec<u8>, lexicon: &Lexicon) -> Option<Document> {
    let loaded: Loaded = files::of_bytes(name, bytes).ok()?;
    Some(survey::of_loaded(name, loaded, lexicon))
}
