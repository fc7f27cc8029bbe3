//! Findings that have no weight because they were there before: those of the baseline, those older than a commit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::assess::{self, Assessment};
use super::origin;
use super::project::Project;
use super::survey::{self, Document, Survey};
use crate::code::{Code, Concern};
use crate::document::source::SourceFile;
use crate::files;
use crate::gate::baseline::{self, Known, Rule};
use crate::git::{ChangeKind, Commit, GitError, ObjectId, Repository, Side};
use crate::measure::measurement::Snapshot;
use crate::render::environment::Templates;
use crate::report::diagnostic::{Diagnostic, Severity, Suppression};

/// The present day, in UTC: the same on every machine.
pub(super) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The name of a document from the folder of trueup.toml, with `/`.
pub(super) fn name_from_root(project: &Project) -> impl Fn(&str) -> String {
    let resolved = |path: &Path| {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match (absolute.parent().map(Path::canonicalize), absolute.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => absolute,
        }
    };
    let root = project.policy.root.canonicalize().unwrap_or_else(|_| project.policy.root.clone());
    move |name| {
        let path = resolved(Path::new(name));
        let inside = path.strip_prefix(&root).map(Path::to_owned).unwrap_or_else(|_| PathBuf::from(name));
        inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// How findings are held against the baseline.
pub(super) fn rule<'a>(today: Date, file: &'a dyn Fn(&str) -> String) -> Rule<'a> {
    Rule { why: Suppression::Known, today, elsewhere: true, eligible: &Diagnostic::is_drift, file }
}

/// Takes the weight from what the baseline knows. `whole` says that all documents were judged: only then is an entry that
/// knows nothing told of.
pub(super) fn apply_baseline(
    known: &[Known],
    file: &Arc<SourceFile>,
    project: &Project,
    assessment: &mut Assessment,
    whole: bool,
) {
    let Assessment { diagnostics, counts, .. } = assessment;
    let name = name_from_root(project);
    let used = baseline::apply(known, diagnostics, counts, &rule(today(), &name));
    if !whole || counts.faults > 0 {
        return;
    }
    let open = unanswered(diagnostics);
    let fixed = known.iter().zip(used).filter(|(known, used)| !used && !open.contains(&folded(&known.claim)));
    let told: Vec<Diagnostic> = fixed.map(|(known, _)| baseline::unused(known, file)).collect();
    diagnostics.extend(told);
}

/// The texts of what has no answer: whether it is fixed, nobody knows.
pub(super) fn unanswered(findings: &[Diagnostic]) -> Vec<String> {
    let open = findings.iter().filter(|finding| match finding.code.concern() {
        Concern::Unmeasured => true,
        Concern::Drift | Concern::Unbound | Concern::Fault | Concern::Advice => false,
    });
    open.map(|finding| folded(crate::report::identity::text(finding))).collect()
}

/// A text as entries have it.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The documents of a run as a commit held them.
pub(super) struct Before(Survey);

/// Reads what `base` held under the names that the documents of `survey` have or had; where the present branch left it, if
/// git knows.
pub(super) fn before(base: &str, survey: &Survey, project: &Project, staged: bool) -> Result<Before, Box<Diagnostic>> {
    let refused = |error: GitError| origin::refused(&error);
    let repository = Repository::find(Path::new(".")).map_err(refused)?;
    let base = repository.commit(base).map_err(refused)?;
    let base = fork(&repository, base).map_err(refused)?;
    let stored = stored(&repository, &base, survey, staged).map_err(refused)?;
    let lexicon = survey::lexicon(&project.policy);
    let ids: Vec<ObjectId> = stored.iter().map(|(_, id)| id.clone()).collect();
    let contents = repository.blobs(&ids).map_err(refused)?;
    let mut documents = Vec::new();
    for ((document, _), bytes) in stored.iter().zip(contents) {
        // What was no text then made no claim.
        if let Ok(loaded) = files::of_bytes(&document.path, bytes) {
            documents.push(survey::of_loaded(&document.path, loaded, &lexicon));
        }
    }
    Ok(Before(Survey { documents, faults: Vec::new() }))
}

/// The last commit that both the base and we have; the base itself where a shallow clone does not know.
fn fork(repository: &Repository, base: Commit) -> Result<Commit, GitError> {
    let Some(head) = repository.head()? else { return Ok(base) };
    Ok(repository.merge_base(&base, &head)?.unwrap_or(base))
}

/// What each document was in `base`, where it was there.
fn stored<'a>(
    repository: &Repository,
    base: &Commit,
    survey: &'a Survey,
    staged: bool,
) -> Result<Vec<(&'a Document, ObjectId)>, GitError> {
    let side = if staged { Side::Index } else { Side::WorkTree };
    let mut renamed: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for change in repository.since(base, side)? {
        if let ChangeKind::Renamed { from } = change.kind {
            renamed.insert(change.path, from);
        }
    }
    let held: BTreeMap<PathBuf, ObjectId> = repository.tree(base, &[])?.into_iter().collect();
    let documents = survey.documents.iter().filter_map(|document| {
        let name = repository.name_of(&document.path)?;
        let id = held.get(renamed.get(&name).unwrap_or(&name))?;
        Some((document, id.clone()))
    });
    Ok(documents.collect())
}

/// Takes the weight from findings that there were before as well: the same measurements are held against the documents as
/// they stood then.
pub(super) fn apply_before(
    before: &Before,
    project: &Project,
    snapshot: &Snapshot,
    templates: &Templates,
    assessment: &mut Assessment,
) {
    let then = assess::assess(project, &before.0, snapshot, templates, false);
    let findings = then.diagnostics.iter().filter(|finding| is_of_a_document(finding) && finding.suppressed.is_none());
    let file = |finding: &Diagnostic| finding.primary.as_ref().map(|label| label.file.name().to_owned());
    let known: Vec<Known> = findings.map(|finding| Known::of(finding, file(finding).unwrap_or_default())).collect();
    let Assessment { diagnostics, counts, .. } = assessment;
    let rule = Rule {
        why: Suppression::Older,
        today: today(),
        elsewhere: false,
        eligible: &is_of_a_document,
        file: &|name| name.to_owned(),
    };
    baseline::apply(&known, diagnostics, counts, &rule);
    if counts.unmeasured + counts.unmeasured_sections == 0 {
        // Nothing new depends on them.
        for source in diagnostics.iter_mut().filter(|finding| finding.code == Code::UnmeasuredSource) {
            source.severity = source.severity.min(Severity::Warning);
        }
    }
}

/// Whether it is about what a document says, and not about the run or the work of trueup.
fn is_of_a_document(finding: &Diagnostic) -> bool {
    match finding.code.concern() {
        Concern::Drift | Concern::Unbound => true,
        Concern::Unmeasured => finding.primary.is_some(),
        Concern::Advice => matches!(finding.code, Code::WeakEvidence | Code::LyingHealthCheck),
        Concern::Fault => false,
    }
}
