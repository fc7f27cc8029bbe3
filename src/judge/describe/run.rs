//! Findings about a run as a whole: sources that could not be asked, rules that nothing used, nothing to judge.

use std::sync::Arc;

use super::{FEW, NAME_LIMIT, REASON_LIMIT, number, severity};
use crate::code::Code;
use crate::config::policy::{BindRule, Group, Levels, Metric};
use crate::document::source::{SourceFile, Span};
use crate::judge::verdict::{Counts, Judgement, Measured, MemberState, Verdict};
use crate::measure::evidence::plain;
use crate::measure::measurement::{MetricOutcome, Outcome, Snapshot, Unmeasured, UnmeasuredCause};
use crate::report::diagnostic::{Diagnostic, Severity};

/// One finding for each source that could not be asked, however many targets and claims depend on it.
///
/// Looks that came too early, and rungs that no check reaches, are no matter of a source; the claims tell them. A source
/// that no claim depends on is a warning at most.
pub fn sources<'a>(
    snapshot: &Snapshot,
    judgements: impl IntoIterator<Item = &'a Judgement>,
    levels: Levels,
) -> Vec<Diagnostic> {
    let Some(severity) = severity(levels.unmeasured) else { return Vec::new() };
    let mut sources = Vec::new();
    for group in &snapshot.groups {
        if let Some(unmeasured) = &group.discovery {
            note(&mut sources, unmeasured).discoveries += 1;
        }
        for target in &group.targets {
            let mut seen: Vec<&str> = Vec::new();
            for check in &target.checks {
                if let Outcome::Unmeasured(unmeasured) = &check.outcome
                    && !seen.contains(&unmeasured.source.as_str())
                {
                    seen.push(&unmeasured.source);
                    note(&mut sources, unmeasured).targets += 1;
                }
            }
        }
    }
    for metric in &snapshot.metrics {
        if let MetricOutcome::Unmeasured(unmeasured) = &metric.outcome {
            note(&mut sources, unmeasured).metrics += 1;
        }
    }
    for judgement in judgements {
        let mut names: Vec<&str> = behind(judgement).map(|unmeasured| unmeasured.source.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for source in sources.iter_mut().filter(|source| names.contains(&source.name)) {
            source.claims += 1;
        }
    }
    sources.retain(|source| is_of_source(source.cause));
    sources.iter().map(|source| source.describe(severity)).collect()
}

/// Why a claim could not be measured, in whole or in part.
fn behind(judgement: &Judgement) -> impl Iterator<Item = &Unmeasured> {
    let (reasons, measured) = match &judgement.verdict {
        Verdict::Holds(measured) | Verdict::Drifted(measured) => (&[][..], Some(measured)),
        Verdict::Unmeasured { reasons, known } => (reasons.as_slice(), known.as_ref()),
        Verdict::Unbound => (&[][..], None),
    };
    let members = match measured {
        Some(Measured::Tally(tally)) => tally.members.as_slice(),
        Some(Measured::Quantity(_)) | None => &[],
    };
    reasons.iter().chain(members.iter().filter_map(|member| match &member.state {
        MemberState::Unknown(unmeasured) => Some(unmeasured),
        MemberState::Down(_) => None,
    }))
}

/// A source that could not be asked, and what depends on it.
struct Source<'a> {
    name: &'a str,
    cause: UnmeasuredCause,
    details: Vec<&'a str>,
    discoveries: usize,
    targets: usize,
    metrics: usize,
    claims: usize,
}

fn note<'s, 'a>(sources: &'s mut Vec<Source<'a>>, unmeasured: &'a Unmeasured) -> &'s mut Source<'a> {
    let at = sources.iter().position(|source| source.name == unmeasured.source && source.cause == unmeasured.cause);
    let at = at.unwrap_or_else(|| {
        sources.push(Source {
            name: &unmeasured.source,
            cause: unmeasured.cause,
            details: Vec::new(),
            discoveries: 0,
            targets: 0,
            metrics: 0,
            claims: 0,
        });
        sources.len() - 1
    });
    let source = &mut sources[at];
    if !source.details.contains(&unmeasured.detail.as_str()) {
        source.details.push(&unmeasured.detail);
    }
    source
}

impl Source<'_> {
    fn describe(&self, severity: Severity) -> Diagnostic {
        let severity = if self.claims == 0 { severity.min(Severity::Warning) } else { severity };
        let name = plain(self.name, NAME_LIMIT);
        let mut diagnostic =
            Diagnostic::new(Code::UnmeasuredSource, severity, format!("could not ask `{name}`: {}", why(self.cause)));
        diagnostic.notes.extend(self.details.iter().take(FEW).map(|detail| plain(detail, REASON_LIMIT)));
        if self.details.len() > FEW {
            diagnostic.notes.push(format!("… and {} more answers", self.details.len() - FEW));
        }
        let parts =
            [(self.discoveries, "list"), (self.targets, "target"), (self.metrics, "metric"), (self.claims, "claim")];
        let depends: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| number(*count, noun)).collect();
        let all = self.discoveries + self.targets + self.metrics + self.claims;
        let verb = if all == 1 { "depends" } else { "depend" };
        diagnostic.notes.push(format!("{} {verb} on it", depends.join(", ")));
        diagnostic.help(cause_help(self.cause))
    }
}

/// Whether a source is to blame rather than the moment or the policy.
fn is_of_source(cause: UnmeasuredCause) -> bool {
    match cause {
        UnmeasuredCause::SourceAway
        | UnmeasuredCause::PermissionDenied
        | UnmeasuredCause::TimedOut
        | UnmeasuredCause::Unreadable
        | UnmeasuredCause::NotAllowed => true,
        UnmeasuredCause::TooEarly | UnmeasuredCause::NoCheck => false,
    }
}

fn why(cause: UnmeasuredCause) -> &'static str {
    match cause {
        UnmeasuredCause::SourceAway => "it is not there",
        UnmeasuredCause::PermissionDenied => "permission denied",
        UnmeasuredCause::TimedOut => "our time ran out",
        UnmeasuredCause::TooEarly => "it is too early to say",
        UnmeasuredCause::Unreadable => "its answer cannot be read",
        UnmeasuredCause::NoCheck => "no check reaches that far",
        UnmeasuredCause::NotAllowed => "not allowed",
    }
}

/// What to do when a look was not possible.
pub(super) fn cause_help(cause: UnmeasuredCause) -> &'static str {
    match cause {
        UnmeasuredCause::SourceAway => "run trueup where the source is, or correct its address in trueup.toml",
        UnmeasuredCause::PermissionDenied => "give the user that runs trueup access to the source",
        UnmeasuredCause::TimedOut => "raise `timeout` of the check or `deadline` of the run",
        UnmeasuredCause::TooEarly => "run again when it has settled",
        UnmeasuredCause::Unreadable => "look at what the source answers and correct how trueup.toml reads it",
        UnmeasuredCause::NoCheck => "add a check in trueup.toml that proves the asked rung",
        UnmeasuredCause::NotAllowed => {
            "run without `--no-exec`, and set the environment variables that trueup.toml names"
        }
    }
}

/// A run that judged nothing, and which case of it; `None` where something was judged. An error unless `allow_empty`.
pub fn nothing_judged(counts: &Counts, allow_empty: bool) -> Option<Diagnostic> {
    if counts.judged() > 0 {
        return None;
    }
    let severity = if allow_empty { Severity::Note } else { Severity::Error };
    let diagnostic = |headline: String| Diagnostic::new(Code::NothingJudged, severity, headline);
    Some(if counts.documents == 0 {
        diagnostic("nothing was judged: there is no document".to_owned())
            .help("name documents on the command line, or correct `docs` in trueup.toml")
    } else if counts.claims() == 0 {
        diagnostic(format!("nothing was judged: no claim and no section in {}", number(counts.documents, "document")))
            .help("`--allow-empty` accepts documents without claims")
    } else if counts.unbound == 0 {
        diagnostic(format!("nothing was judged: {} under ignore comments", number(counts.ignored, "claim")))
            .help("`--allow-empty` accepts a run in which every claim is ignored")
    } else {
        diagnostic(format!("nothing was judged: none of {} is bound", number(counts.unbound, "claim")))
            .help("add groups or metrics to trueup.toml whose `names` stand in the claims, or annotate the claims")
    })
}

/// A group that no claim and no section asks for.
pub fn unused_group(group: &Group, config: &Arc<SourceFile>) -> Diagnostic {
    unused(
        Code::UnusedGroup,
        config,
        group.span,
        format!("no claim and no section asks for group `{}`", shown(&group.name)),
    )
    .help("add to `names` what the documents call it, or remove the group")
}

/// A metric that no claim and no section asks for.
pub fn unused_metric(metric: &Metric, config: &Arc<SourceFile>) -> Diagnostic {
    unused(
        Code::UnusedGroup,
        config,
        metric.span,
        format!("no claim and no section asks for metric `{}`", shown(&metric.name)),
    )
    .help("add to `names` what the documents call it, or remove the metric")
}

/// A `[[bind]]` rule that no claim matches.
pub fn unused_bind(rule: &BindRule, config: &Arc<SourceFile>) -> Diagnostic {
    unused(Code::UnusedBind, config, rule.span, format!("no claim matches `{}`", shown(rule.pattern.as_str())))
        .help("correct the pattern, or remove the rule")
}

/// An ignore comment that covers no claim.
pub fn unused_ignore(document: &Arc<SourceFile>, span: Span) -> Diagnostic {
    unused(Code::UnusedIgnore, document, span, "the ignore comment covers no claim".to_owned()).help("remove it")
}

/// An annotation that applies to no claim.
pub fn unused_annotation(document: &Arc<SourceFile>, span: Span) -> Diagnostic {
    unused(Code::UnusedAnnotation, document, span, "the annotation applies to no claim".to_owned())
        .help("put it on the line of a claim or on the line before it, or remove it")
}

fn unused(code: Code, file: &Arc<SourceFile>, span: Span, headline: String) -> Diagnostic {
    Diagnostic::new(code, Severity::Warning, headline).at(file, span, "")
}

fn shown(name: &str) -> String {
    plain(name, NAME_LIMIT)
}
