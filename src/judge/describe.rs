//! From judgements to diagnostics: all wording of verdicts stands here and in the files below.

pub mod age;
pub mod contradiction;
pub mod run;

mod members;
mod phrase;
mod words;

pub use words::{Words, words};

use std::sync::Arc;

use crate::claim::model::{Claim, Kind};
use crate::code::Code;
use crate::config::policy::{Level, Levels, Policy};
use crate::document::source::{SourceFile, Span};
use crate::judge::verdict::{BindReason, Binding, Judgement, Measured, Subject, Tally, Verdict};
use crate::measure::evidence::plain;
use crate::measure::measurement::{Unmeasured, UnmeasuredCause};
use crate::report::diagnostic::{Diagnostic, Severity, Suppression};
use crate::rung::Rung;

/// Longest name shown, in Unicode scalar values.
const NAME_LIMIT: usize = 80;
/// Longest reason shown, in Unicode scalar values.
const REASON_LIMIT: usize = 240;
/// Most names, sources or places listed where the full list would say no more.
const FEW: usize = 5;

/// What a judgement has to tell: nothing for a claim that holds on evidence as strong as it asks for, and for what the
/// policy allows.
///
/// `file` is the document of `claim`, `policy` what judged it with the text of its trueup.toml. Under an ignore comment
/// the same is told, marked as suppressed.
pub fn judgement(
    judgement: &Judgement,
    claim: &Claim,
    file: &Arc<SourceFile>,
    policy: Option<(&Policy, &Arc<SourceFile>)>,
) -> Vec<Diagnostic> {
    let told = Told { judgement, claim, file, policy };
    let levels = policy.map_or_else(Levels::default, |(policy, _)| policy.levels);
    let mut diagnostics = match &judgement.verdict {
        Verdict::Holds(measured) => told.holds(measured),
        Verdict::Drifted(measured) => vec![told.drifted(measured)],
        Verdict::Unmeasured { reasons, known } => severity(levels.unmeasured)
            .map(|severity| told.unmeasured(severity, reasons, known.as_ref()))
            .into_iter()
            .collect(),
        Verdict::Unbound => severity(levels.unbound).map(|severity| told.unbound(severity)).into_iter().collect(),
    };
    for diagnostic in &mut diagnostics {
        diagnostic.suppressed = judgement.ignored.then_some(Suppression::Ignored);
        diagnostic.headings = claim.headings.to_vec();
    }
    diagnostics
}

/// How serious a finding of this level is; `None` is not told.
fn severity(level: Level) -> Option<Severity> {
    match level {
        Level::Allow => None,
        Level::Warn => Some(Severity::Warning),
        Level::Deny => Some(Severity::Error),
    }
}

/// The code for a drifted claim of this kind.
fn drift_code(kind: &Kind) -> Code {
    match kind {
        Kind::Ratio { .. } => Code::RatioDrift,
        Kind::Percent { .. } => Code::PercentDrift,
        Kind::Count { .. } => Code::CountDrift,
        Kind::Universal { .. } => Code::UniversalDrift,
        Kind::State => Code::StateDrift,
    }
}

/// One judgement with all that is needed to put it into words.
struct Told<'a> {
    judgement: &'a Judgement,
    claim: &'a Claim,
    file: &'a Arc<SourceFile>,
    policy: Option<(&'a Policy, &'a Arc<SourceFile>)>,
}

impl Told<'_> {
    fn drifted(&self, measured: &Measured) -> Diagnostic {
        let found = phrase::measured(self.claim, measured, self.file);
        let headline = format!("{}, {found}", self.claimed());
        let mut diagnostic = self.start(drift_code(&self.claim.kind), Severity::Error, headline, found);
        if let Measured::Tally(tally) = measured {
            diagnostic.notes.extend(members::notes(tally));
            diagnostic.help.extend(members::hints(tally));
        }
        diagnostic.help.extend(self.weak_help(measured));
        diagnostic
    }

    fn holds(&self, measured: &Measured) -> Vec<Diagnostic> {
        let mut diagnostics = Vec::new();
        if let Some(weak) = self.judgement.weak {
            let headline = format!("{}, and the evidence stops at {}", self.claimed(), weak.name());
            let label = format!("evidence stops at {}", weak.name());
            let mut diagnostic = self.start(Code::WeakEvidence, Severity::Warning, headline, label);
            diagnostic.help.extend(self.weak_help(measured));
            diagnostics.push(diagnostic);
        }
        if let Measured::Tally(tally) = measured
            && let Some(names) = members::liars(tally)
        {
            let headline = format!("{names} while a functional check fails");
            let diagnostic = self.start(Code::LyingHealthCheck, Severity::Warning, headline, String::new());
            diagnostics
                .push(diagnostic.help("do not believe a health check that calls nothing; mend it or take it out"));
        }
        diagnostics
    }

    fn unmeasured(&self, severity: Severity, reasons: &[Unmeasured], known: Option<&Measured>) -> Diagnostic {
        // With the list itself unknown, "there are none" would tell what nobody knows.
        let known = known.filter(|known| !unseen(known, reasons));
        let found = match known {
            Some(known) => phrase::measured(self.claim, known, self.file),
            None => "could not be measured".to_owned(),
        };
        let headline = match known {
            Some(_) => format!("{}, {found}, which decides neither way", self.claimed()),
            None => format!("{}, which {found}", self.claimed()),
        };
        let mut diagnostic = self.start(Code::UnmeasuredClaim, severity, headline, found);
        diagnostic.notes.extend(members::reasons(reasons));
        if let Some(Measured::Tally(tally)) = known {
            diagnostic.notes.extend(members::down(tally));
            diagnostic.notes.extend(members::lies(tally));
        }
        let mut causes: Vec<_> = reasons.iter().map(|reason| reason.cause).collect();
        causes.sort_unstable();
        causes.dedup();
        diagnostic.help.extend(causes.into_iter().map(|cause| run::cause_help(cause).to_owned()));
        diagnostic
    }

    fn unbound(&self, severity: Severity) -> Diagnostic {
        let quote = phrase::quote(self.claim, self.file);
        let candidates = match &self.judgement.binding {
            Binding::Unbound { candidates } => candidates.as_slice(),
            Binding::Bound { .. } => &[],
        };
        let Some(first) = candidates.first() else {
            let headline = format!("nothing in trueup.toml answers \"{quote}\"");
            let diagnostic = Diagnostic::new(Code::UnboundClaim, severity, headline).at(self.file, self.claim.span, "");
            return match self.policy {
                Some(_) => diagnostic
                    .help("put its words into `names` of a group or metric, or annotate it: `<!-- trueup: NAME -->`"),
                None => diagnostic.help("there is no trueup.toml; write one that says what can be measured"),
            };
        };
        let headline = format!("{} answer \"{quote}\" equally well", listed(candidates));
        let first = plain(first, NAME_LIMIT);
        Diagnostic::new(Code::UnboundClaim, severity, headline)
            .at(self.file, self.claim.span, "which is meant?")
            .help(format!("say which is meant, for example `<!-- trueup: {first} -->`"))
    }

    fn claimed(&self) -> String {
        format!("claimed {}", phrase::claimed(self.claim, self.file))
    }

    /// A diagnostic that points at the claim and at what answered it.
    fn start(&self, code: Code, severity: Severity, headline: String, label: String) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(code, severity, headline).at(self.file, self.claim.span, label);
        let Binding::Bound { subjects, reason } = &self.judgement.binding else { return diagnostic };
        if let BindReason::Annotation { span } = reason {
            diagnostic = diagnostic.also_at(self.file, *span, "bound by this annotation");
        }
        let Some((policy, config)) = self.policy else { return diagnostic };
        if let BindReason::Rule { span } = reason {
            diagnostic = diagnostic.also_at(config, *span, "bound by this rule");
        }
        for subject in subjects.iter().take(FEW) {
            if let Some((span, message)) = rule(policy, subject) {
                diagnostic = diagnostic.also_at(config, span, message);
            }
        }
        if subjects.len() > FEW {
            diagnostic = diagnostic.note(format!("measured by {} groups and metrics in all", subjects.len()));
        }
        diagnostic
    }

    fn weak_help(&self, measured: &Measured) -> Option<String> {
        let weak = self.judgement.weak?;
        let asked = match measured {
            Measured::Tally(Tally { rung, .. }) => Some(*rung),
            Measured::Quantity(_) => self.claim.rung,
        };
        let check = if asked == Some(Rung::Healthy) { "health" } else { "functional" };
        let place = match &self.judgement.binding {
            Binding::Bound { subjects, .. } => match subjects.as_slice() {
                [Subject::Group(group) | Subject::Target { group, .. }] => {
                    format!(" to `[group.{}]`", plain(group, NAME_LIMIT))
                }
                _ => String::new(),
            },
            Binding::Unbound { .. } => String::new(),
        };
        Some(format!("the evidence stops at {}; add a {check} check{place}", weak.name()))
    }
}

/// Whether `known` is only that nothing was seen, where the source of the list could not be asked.
fn unseen(known: &Measured, reasons: &[Unmeasured]) -> bool {
    let away = reasons.iter().any(|reason| reason.cause != UnmeasuredCause::NothingFound);
    away && matches!(known, Measured::Tally(tally) if tally.total == 0)
}

/// Where trueup.toml speaks of `subject`, and what to say there.
fn rule(policy: &Policy, subject: &Subject) -> Option<(Span, String)> {
    let group = |name: &str| policy.groups.iter().find(|group| group.name == name).map(|group| group.span);
    match subject {
        Subject::Group(name) => Some((group(name)?, "measured by this group".to_owned())),
        Subject::Target { group: name, target } => {
            Some((group(name)?, format!("measured by target `{}` of this group", plain(target, NAME_LIMIT))))
        }
        Subject::Metric(name) => {
            let metric = policy.metrics.iter().find(|metric| &metric.name == name)?;
            Some((metric.span, "measured by this metric".to_owned()))
        }
    }
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c`, `d`, `e` and 3 more".
fn listed(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(FEW).map(|name| format!("`{}`", plain(name, NAME_LIMIT))).collect();
    if names.len() > FEW {
        shown.push(format!("{} more", names.len() - FEW));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// "1 target", "2 targets".
fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// "is" or "are".
fn is(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests;
