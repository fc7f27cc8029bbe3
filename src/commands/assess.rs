//! Judging all documents of a run, and counting what came of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::bound;
use super::cover::Cover;
use super::judged;
use super::project::Project;
use super::survey::{Document, Survey};
use crate::config::policy::{Level, Levels, Policy};
use crate::document::directive::DirectiveKind;
use crate::document::source::SourceFile;
use crate::judge::age::{self, Age};
use crate::judge::bind::Binder;
use crate::judge::contradiction::statement::{self, At};
use crate::judge::describe;
use crate::judge::describe::contradiction::{self, Stated};
use crate::judge::verdict::{BindReason, Binding, Counts, Judgement, Subject, Verdict};
use crate::measure::measurement::Snapshot;
use crate::measure::request::Plan;
use crate::render;
use crate::render::environment::Templates;
use crate::render::section::Renderer;
use crate::render::status::SectionStatus;
use crate::report::diagnostic::{Diagnostic, Severity, Suppression};

/// What came of one document.
#[derive(Debug)]
pub(super) struct Assessed {
    /// One judgement per claim, in order.
    pub judgements: Vec<Judgement>,
    /// How each section stands, in order.
    pub sections: Vec<SectionStatus>,
}

/// What came of all of them.
#[derive(Debug)]
pub(super) struct Assessment {
    /// In the order of the documents.
    pub documents: Vec<Assessed>,
    /// Everything that there is to tell.
    pub diagnostics: Vec<Diagnostic>,
    /// What the summary and the exit code are made of.
    pub counts: Counts,
}

/// What has to be measured to judge these documents: all that the policy knows where there are claims (what they are
/// about depends on which targets are found), only what sections show where there are none; and the texts that they show.
pub(super) fn needed(survey: &Survey, policy: &Policy, templates: &Templates) -> Plan {
    let Plan { groups, metrics, texts } = policy.plan();
    let shown = shown_by_sections(survey, policy, templates);
    let claims = survey.documents.iter().any(|document| !document.claims.is_empty());
    Plan {
        groups: groups.into_iter().filter(|group| claims || shown.contains(&group.name)).collect(),
        metrics: metrics.into_iter().filter(|metric| claims || shown.contains(&metric.name)).collect(),
        // No claim is about a text.
        texts: texts.into_iter().filter(|text| shown.contains(&text.name)).collect(),
    }
}

/// Groups, metrics and texts that sections show. What a section needs that is not there is told when it is assessed.
fn shown_by_sections(survey: &Survey, policy: &Policy, templates: &Templates) -> BTreeSet<String> {
    let sections = survey.documents.iter().flat_map(|document| &document.sections.sections);
    let needs = sections.filter_map(|section| render::needs::needs(section, templates, policy).ok());
    needs.flat_map(|needs| needs.groups.into_iter().chain(needs.metrics).chain(needs.texts)).collect()
}

/// Judges every claim and section. `whole` says that these are all documents of the project: only then can a group or rule
/// be called unused.
pub(super) fn assess(
    project: &Project,
    survey: &Survey,
    snapshot: &Snapshot,
    templates: &Templates,
    whole: bool,
) -> Assessment {
    let policy = &project.policy;
    let binder = Binder::new(policy, snapshot);
    let renderer = Renderer::new(templates, policy, snapshot);
    let mut tally = Tally::new(project, survey);
    let documents: Vec<Assessed> = survey
        .documents
        .iter()
        .map(|document| Assessed {
            judgements: tally.claims(document, &binder, policy, snapshot),
            sections: tally.sections(document, &renderer),
        })
        .collect();
    tally.contradictions(survey, &documents, policy.levels);
    let judgements = documents.iter().flat_map(|document| &document.judgements);
    tally.diagnostics.extend(describe::run::sources(snapshot, judgements, policy.levels));
    if whole && let Some(config) = &project.config {
        tally.unused(policy, config, &shown_by_sections(survey, policy, templates));
    }
    Assessment { documents, diagnostics: tally.diagnostics, counts: tally.counts }
}

/// What is collected on the way through the documents.
struct Tally<'a> {
    judged_by: Option<(&'a Policy, &'a Arc<SourceFile>)>,
    diagnostics: Vec<Diagnostic>,
    counts: Counts,
    asked: BTreeSet<String>,
    rules: BTreeSet<usize>,
}

impl<'a> Tally<'a> {
    fn new(project: &'a Project, survey: &Survey) -> Tally<'a> {
        let counts = Counts { documents: survey.documents.len(), faults: survey.faults.len(), ..Counts::default() };
        let judged_by = project.config.as_ref().map(|config| (&project.policy, config));
        let diagnostics = project.warnings.iter().chain(&survey.faults).cloned().collect();
        Tally { judged_by, diagnostics, counts, asked: BTreeSet::new(), rules: BTreeSet::new() }
    }

    fn claims(
        &mut self,
        document: &Document,
        binder: &Binder<'_>,
        policy: &Policy,
        snapshot: &Snapshot,
    ) -> Vec<Judgement> {
        let file = &document.source;
        self.annotations(document, policy);
        for fault in &document.directives.faults {
            self.fault(render::describe::directive(file, fault));
        }
        let judgements = judged::judgements(document, binder, policy, snapshot);
        for (judgement, claim) in judgements.iter().zip(&document.claims) {
            self.note_binding(&judgement.binding, policy);
            self.count(judgement);
            self.diagnostics.extend(describe::judgement(judgement, claim, file, self.judged_by));
        }
        self.stamps(document, policy, snapshot.taken_at);
        self.unused_directives(document);
        judgements
    }

    /// Timestamps of a document that trueup.toml has a limit for: they hold or drifted by the clock.
    fn stamps(&mut self, document: &Document, policy: &Policy, now: Timestamp) {
        let Some((rule, config)) = age::rule(&policy.ages, document.source.name()).zip(self.judged_by) else { return };
        let ignored = judged::ignored(document);
        for stamp in &document.stamps {
            let judged = age::judge(stamp, rule.max_age, now);
            let suppressed = ignored.overlaps(stamp.span).then_some(Suppression::Ignored);
            let count = match judged {
                _ if suppressed.is_some() => &mut self.counts.ignored,
                Age::Fresh => &mut self.counts.holds,
                Age::Stale { .. } | Age::Future { .. } => &mut self.counts.drifted,
            };
            *count += 1;
            let told = describe::age::stamp(stamp, judged, &document.source, (rule, config.1));
            self.diagnostics.extend(told.map(|told| Diagnostic { suppressed, ..told }));
        }
    }

    /// Claims that refute each other. One under an ignore comment has no weight.
    fn contradictions(&mut self, survey: &Survey, documents: &[Assessed], levels: Levels) {
        let stated = |at: At| {
            let document = &survey.documents[at.document];
            Stated { claim: &document.claims[at.claim], file: &document.source }
        };
        let mut found = Vec::new();
        for (index, document) in survey.documents.iter().enumerate() {
            let at = |claim| At { document: index, claim };
            for miscount in &document.within.miscounts {
                let told = contradiction::miscount(stated(at(miscount.claim)), miscount, levels);
                found.push((vec![at(miscount.claim)], told));
            }
            for mismatch in &document.within.mismatches {
                let (ratio, percent) = (at(mismatch.ratio), at(mismatch.percent));
                let told = contradiction::mismatch(stated(ratio), stated(percent), mismatch, levels);
                found.push((vec![ratio, percent], told));
            }
        }
        for pair in
            statement::opposed(survey.documents.iter().map(|d| (d.source.name(), d.within.statements.as_slice())))
        {
            let told = contradiction::opposed(stated(pair.first), stated(pair.second), levels);
            found.push((vec![pair.first, pair.second], told));
        }
        for (claims, told) in found {
            let ignored = claims.iter().any(|at| documents[at.document].judgements[at.claim].ignored);
            self.counts.contradictions += usize::from(!ignored);
            self.diagnostics
                .extend(told.map(|told| Diagnostic { suppressed: ignored.then_some(Suppression::Ignored), ..told }));
        }
    }

    /// The annotations of a document that name nothing.
    fn annotations(&mut self, document: &Document, policy: &Policy) {
        for directive in &document.directives.directives {
            let DirectiveKind::Annotate { target, target_span } = &directive.kind else { continue };
            if bound::target_of(target, policy).is_none() {
                self.fault(describe::run::unknown_annotation(&document.source, *target_span, target, policy));
            }
        }
    }

    fn unused_directives(&mut self, document: &Document) {
        let file = &document.source;
        let stamps = document.stamps.iter().map(|stamp| stamp.span);
        let claims = Cover::new(document.claims.iter().map(|claim| claim.span).chain(stamps));
        for directive in &document.directives.directives {
            if claims.overlaps(directive.covers) {
                continue;
            }
            self.diagnostics.push(match directive.kind {
                DirectiveKind::Ignore { .. } => describe::run::unused_ignore(file, directive.span),
                DirectiveKind::Annotate { .. } => describe::run::unused_annotation(file, directive.span),
            });
        }
    }

    fn sections(&mut self, document: &Document, renderer: &Renderer<'_>) -> Vec<SectionStatus> {
        let file = &document.source;
        for fault in &document.sections.faults {
            self.fault(render::describe::marker(file, fault));
        }
        let mut statuses = Vec::new();
        for section in &document.sections.sections {
            let status = renderer.status(file.text(), section);
            match &status {
                SectionStatus::Current => self.counts.current_sections += 1,
                SectionStatus::Stale { .. } => self.counts.stale_sections += 1,
                SectionStatus::Edited { .. } => self.counts.edited_sections += 1,
                SectionStatus::Unmeasured { .. } => self.counts.unmeasured_sections += 1,
                SectionStatus::Broken(_) => self.counts.faults += 1,
            }
            let levels = self.judged_by.map(|(policy, _)| policy.levels).unwrap_or_default();
            let level = match status {
                SectionStatus::Unmeasured { .. } => levels.unmeasured,
                SectionStatus::Current
                | SectionStatus::Stale { .. }
                | SectionStatus::Edited { .. }
                | SectionStatus::Broken(_) => Level::Deny,
            };
            let told = render::describe::section(file, section, &status).filter(|_| level != Level::Allow);
            self.diagnostics.extend(told.map(|mut diagnostic| {
                if level == Level::Warn {
                    diagnostic.severity = diagnostic.severity.min(Severity::Warning);
                }
                diagnostic
            }));
            statuses.push(status);
        }
        statuses
    }

    fn fault(&mut self, diagnostic: Diagnostic) {
        self.counts.faults += 1;
        self.diagnostics.push(diagnostic);
    }

    fn count(&mut self, judgement: &Judgement) {
        let counts = &mut self.counts;
        if judgement.ignored {
            counts.ignored += 1;
            return;
        }
        match judgement.verdict {
            Verdict::Holds(_) => {
                counts.holds += 1;
                counts.weak += usize::from(judgement.weak.is_some());
            }
            Verdict::Drifted(_) => counts.drifted += 1,
            Verdict::Unmeasured { .. } => counts.unmeasured += 1,
            Verdict::Unbound => counts.unbound += 1,
        }
    }

    fn note_binding(&mut self, binding: &Binding, policy: &Policy) {
        let Binding::Bound { subjects, reason } = binding else { return };
        for subject in subjects {
            let (Subject::Group(name) | Subject::Target { group: name, .. } | Subject::Metric(name)) = subject;
            if !self.asked.contains(name) {
                self.asked.insert(name.clone());
            }
        }
        if let BindReason::Rule { span } = reason {
            self.rules.extend(policy.binds.iter().position(|rule| rule.span == *span));
        }
    }

    fn unused(&mut self, policy: &Policy, config: &Arc<SourceFile>, shown: &BTreeSet<String>) {
        let asked = |name: &String| self.asked.contains(name) || shown.contains(name);
        let groups = policy.groups.iter().filter(|group| !asked(&group.name));
        let metrics = policy.metrics.iter().filter(|metric| !asked(&metric.name));
        let texts = policy.texts.iter().filter(|text| !shown.contains(&text.name));
        let rules = policy.binds.iter().enumerate().filter(|(index, _)| !self.rules.contains(index));
        let unused = groups
            .map(|group| describe::run::unused_group(group, config))
            .chain(metrics.map(|metric| describe::run::unused_metric(metric, config)))
            .chain(texts.map(|text| describe::run::unused_text(text, config)))
            .chain(rules.map(|(_, rule)| describe::run::unused_bind(rule, config)));
        let unused: Vec<Diagnostic> = unused.collect();
        self.diagnostics.extend(unused);
    }
}
