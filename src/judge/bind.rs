//! What a claim is about: the strongest of annotation, rule, target name, and names in subject, lead-in and headings.

use std::collections::{HashMap, HashSet};

use super::names::{Phrase, longest};
use super::verdict::{BindReason, Binding, Subject};
use crate::claim::model::{Claim, Kind, Polarity};
use crate::config::policy::{BindTarget, Name, Policy};
use crate::document::source::Span;
use crate::measure::measurement::Snapshot;
use crate::rung::Rung;

/// A comment in the document that says what the claims in a range are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The comment.
    pub span: Span,
    /// Bytes of the document that it speaks of.
    pub covers: Span,
    /// What it names.
    pub to: BindTarget,
}

/// A binding, and the rung that an annotation or rule asks for in place of the claim's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// What the claim is about.
    pub binding: Binding,
    /// The rung that the annotation or rule names.
    pub rung: Option<Rung>,
}

/// Knows every name that a claim can be bound by.
#[derive(Debug)]
pub struct Binder<'a> {
    policy: &'a Policy,
    names: Vec<(Phrase, Subject)>,
    /// By the core of their names, those of one name in the order of trueup.toml.
    targets: HashMap<Phrase, Vec<Subject>>,
}

impl<'a> Binder<'a> {
    /// Collects the names of groups and metrics from the policy, and those of targets from the policy and from what
    /// discovery found.
    pub fn new(policy: &'a Policy, snapshot: &Snapshot) -> Binder<'a> {
        let named = |key: &str, names: &[Name]| -> Vec<Phrase> {
            [key].into_iter().chain(names.iter().map(|name| name.text.as_str())).map(Phrase::new).collect()
        };
        let mut names = Vec::new();
        let mut targets: HashMap<Phrase, Vec<Subject>> = HashMap::new();
        for group in &policy.groups {
            let subject = Subject::Group(group.name.clone());
            names.extend(named(&group.name, &group.names).into_iter().map(|name| (name, subject.clone())));
            let written = group.request.targets.iter().map(|target| &target.name);
            let measured = snapshot.group(&group.name).into_iter().flat_map(|group| &group.targets);
            // A group may have as many targets as a fleet has machines.
            let mut known = HashSet::new();
            let all = written.chain(measured.map(|target| &target.name));
            for name in all.filter(|name| known.insert(*name)) {
                let target = Subject::Target { group: group.name.clone(), target: name.clone() };
                targets.entry(Phrase::new(name).core()).or_default().push(target);
            }
        }
        for metric in &policy.metrics {
            let subject = Subject::Metric(metric.name.clone());
            names.extend(named(&metric.name, &metric.names).into_iter().map(|name| (name, subject.clone())));
        }
        Binder { policy, names, targets }
    }

    /// Binds one claim. `line` is the text of the line it stands on, `document` the path of its document.
    pub fn bind(&self, claim: &Claim, line: &str, document: &str, annotations: &[Annotation]) -> Bound {
        if let Some(annotation) = annotations.iter().rev().find(|annotation| annotation.covers.overlaps(claim.span)) {
            return self.named(&annotation.to, BindReason::Annotation { span: annotation.span });
        }
        for rule in &self.policy.binds {
            if applies_to(&rule.docs, document) && rule.pattern.is_match(line) {
                return self.named(&rule.to, BindReason::Rule { span: rule.span });
            }
        }
        Bound { binding: self.by_words(claim), rung: None }
    }

    fn named(&self, to: &BindTarget, reason: BindReason) -> Bound {
        let subject = match &to.target {
            Some(target) => Subject::Target { group: to.name.clone(), target: target.clone() },
            None if self.policy.metrics.iter().any(|metric| metric.name == to.name) => Subject::Metric(to.name.clone()),
            None => Subject::Group(to.name.clone()),
        };
        Bound { binding: Binding::Bound { subjects: vec![subject], reason }, rung: to.rung }
    }

    fn by_words(&self, claim: &Claim) -> Binding {
        let subject = Phrase::new(&claim.subject);
        // A target can be up or down; it has no number of its own.
        if matches!(claim.kind, Kind::State) {
            let mut targets: Vec<&Subject> = self.targets.get(&subject.core()).into_iter().flatten().collect();
            if targets.len() > 1 {
                self.keep_named_around(claim, &mut targets);
            }
            if !targets.is_empty() {
                return one_or_tie(targets, BindReason::TargetName);
            }
        }
        let in_subject = self.answering(claim, &subject);
        if !in_subject.is_empty() {
            return one_or_tie(in_subject, BindReason::Subject);
        }
        // A subject that names something else is about that, whatever the heading says.
        if !subject.is_general() {
            return Binding::Unbound { candidates: Vec::new() };
        }
        if let Some(lead_in) = &claim.lead_in {
            let found = self.answering(claim, &Phrase::new(lead_in));
            if !found.is_empty() {
                return one_or_tie(found, BindReason::LeadIn);
            }
        }
        for heading in claim.headings.iter().rev() {
            let found = self.answering(claim, &Phrase::new(heading));
            if !found.is_empty() {
                return one_or_tie(found, BindReason::Heading);
            }
        }
        self.whole_document(claim)
    }

    /// Groups and metrics that `text` names and that can answer a claim of this kind.
    fn answering(&self, claim: &Claim, text: &Phrase) -> Vec<&Subject> {
        let able = self.names.iter().filter(|(_, subject)| can_answer(subject, claim));
        longest(text, able.map(|(name, subject)| (name, subject)))
    }

    /// Of several targets of one name, keeps those whose group the lead-in or a heading names.
    fn keep_named_around(&self, claim: &Claim, targets: &mut Vec<&Subject>) {
        let around = claim.lead_in.as_deref().into_iter().chain(claim.headings.iter().rev().map(String::as_str));
        for text in around {
            let groups = self.answering(claim, &Phrase::new(text));
            let inside = |target: &&Subject| match target {
                Subject::Target { group, .. } => groups.contains(&&Subject::Group(group.clone())),
                Subject::Group(_) | Subject::Metric(_) => false,
            };
            if targets.iter().any(inside) {
                targets.retain(inside);
                return;
            }
        }
    }

    fn whole_document(&self, claim: &Claim) -> Binding {
        let groups: Vec<Subject> = self.policy.groups.iter().map(|group| Subject::Group(group.name.clone())).collect();
        let speaks_of_all = match claim.kind {
            Kind::Ratio { .. } | Kind::Percent { .. } | Kind::Universal { .. } | Kind::State => {
                claim.polarity != Polarity::None
            }
            Kind::Count { .. } => false,
        };
        if groups.is_empty() || !speaks_of_all {
            return Binding::Unbound { candidates: Vec::new() };
        }
        Binding::Bound { subjects: groups, reason: BindReason::WholeDocument }
    }
}

/// Whether documents with this path are among those that `globs` names; no glob means all.
pub(super) fn applies_to(globs: &[String], document: &str) -> bool {
    let matches = |glob: &String| globset::Glob::new(glob).is_ok_and(|glob| glob.compile_matcher().is_match(document));
    globs.is_empty() || globs.iter().any(matches)
}

/// Groups answer every kind; a metric is a number and has no state.
fn can_answer(subject: &Subject, claim: &Claim) -> bool {
    match subject {
        Subject::Group(_) | Subject::Target { .. } => true,
        Subject::Metric(_) => !matches!(claim.kind, Kind::State),
    }
}

fn one_or_tie(found: Vec<&Subject>, reason: BindReason) -> Binding {
    match found[..] {
        [one] => Binding::Bound { subjects: vec![one.clone()], reason },
        _ => Binding::Unbound { candidates: found.into_iter().map(Subject::to_string).collect() },
    }
}
