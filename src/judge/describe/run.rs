//! Findings about a run as a whole: sources that could not be asked, rules that nothing used, nothing to judge.

use std::sync::Arc;

use super::{FEW, NAME_LIMIT, REASON_LIMIT, number, severity};
use crate::code::Code;
use crate::config::policy::{BindRule, Group, Levels, Metric, Policy, Text};
use crate::document::source::{SourceFile, Span};
use crate::judge::verdict::{Counts, Judgement, Measured, MemberState, Verdict};
use crate::measure::evidence::plain;
use crate::measure::measurement::{MetricOutcome, Outcome, Snapshot, Unmeasured, UnmeasuredCause};
use crate::nearest::nearest;
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
        let mut diagnostic = Diagnostic::new(Code::UnmeasuredSource, severity, headline(self.cause, &name));
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
        | UnmeasuredCause::NotAllowed
        | UnmeasuredCause::TooOld
        | UnmeasuredCause::NotRecorded => true,
        UnmeasuredCause::TooEarly | UnmeasuredCause::NoCheck | UnmeasuredCause::NothingFound => false,
    }
}

fn headline(cause: UnmeasuredCause, source: &str) -> String {
    match cause {
        UnmeasuredCause::SourceAway => format!("`{source}` is not there to be asked"),
        UnmeasuredCause::PermissionDenied => format!("no permission to ask `{source}`"),
        UnmeasuredCause::TimedOut => format!("our time ran out: `{source}`"),
        UnmeasuredCause::TooEarly => format!("too early to say: `{source}`"),
        UnmeasuredCause::Unreadable => format!("what `{source}` says cannot be read"),
        UnmeasuredCause::NothingFound => format!("there was nothing to look at: `{source}`"),
        UnmeasuredCause::NoCheck => format!("no check reaches that far: `{source}`"),
        UnmeasuredCause::NotAllowed => format!("not allowed to look: `{source}`"),
        UnmeasuredCause::TooOld => format!("what `{source}` says is too old to count"),
        UnmeasuredCause::NotRecorded => format!("`{source}` does not have what trueup.toml asks for"),
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
        UnmeasuredCause::NothingFound => {
            "correct where the group looks for its targets, or say with `expect` how many there should be"
        }
        UnmeasuredCause::NoCheck => "add a check in trueup.toml that proves the asked rung",
        UnmeasuredCause::NotAllowed => {
            "run without `--no-exec` and `--config-from`, and set the environment variables that trueup.toml names"
        }
        UnmeasuredCause::TooOld => "measure again, or let older measurements count (`max_age`, `--max-age`)",
        UnmeasuredCause::NotRecorded => "take the snapshot again with `trueup probe -o` and this trueup.toml",
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

/// A text that no section shows.
pub fn unused_text(text: &Text, config: &Arc<SourceFile>) -> Diagnostic {
    unused(Code::UnusedGroup, config, text.span, format!("no section shows text `{}`", shown(&text.name)))
        .help("show it with a section `trueup:begin transcript text=NAME`, or remove the text")
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

/// An annotation that names nothing in trueup.toml.
pub fn unknown_annotation(document: &Arc<SourceFile>, span: Span, found: &str, policy: &Policy) -> Diagnostic {
    let names = || {
        let groups = policy.groups.iter().map(|group| group.name.as_str());
        groups.chain(policy.metrics.iter().map(|metric| metric.name.as_str()))
    };
    let headline = format!("no group or metric is called `{}`", shown(found));
    let diagnostic =
        Diagnostic::new(Code::MalformedComment, Severity::Error, headline).at(document, span, "names nothing");
    let name = found.split(['.', '/']).next().unwrap_or(found);
    match nearest(name, names()) {
        Some(near) if near != name => diagnostic.help(format!("did you mean `{}`?", shown(near))),
        Some(_) => diagnostic.help("after the name comes a rung (`mcp.healthy`) or a target (`mcp/github`) of a group"),
        None => {
            let known: Vec<String> = names().map(|name| format!("`{}`", shown(name))).collect();
            match known.is_empty() {
                true => diagnostic.help("trueup.toml has no group and no metric yet"),
                false => diagnostic.help(format!("there are {}", known.join(", "))),
            }
        }
    }
}

fn unused(code: Code, file: &Arc<SourceFile>, span: Span, headline: String) -> Diagnostic {
    Diagnostic::new(code, Severity::Warning, headline).at(file, span, "")
}

fn shown(name: &str) -> String {
    plain(name, NAME_LIMIT)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::policy::Level;
    use crate::judge::verdict::{BindReason, Binding, Subject};
    use crate::measure::evidence::Evidence;
    use crate::measure::measurement::{CheckResult, GroupMeasurement, MetricMeasurement, TargetMeasurement};
    use crate::measure::request::{GroupRequest, MetricRequest, MetricSource};
    use crate::rung::Rung;

    fn away(source: &str, cause: UnmeasuredCause) -> Unmeasured {
        Unmeasured { cause, detail: format!("{source} away"), source: source.to_owned() }
    }

    fn snapshot() -> Snapshot {
        let docker = || away("docker unix:///run/docker.sock", UnmeasuredCause::SourceAway);
        let check = |unmeasured| CheckResult {
            check: "docker".to_owned(),
            rung: Rung::Running,
            proved: None,
            outcome: Outcome::Unmeasured(unmeasured),
            evidence: Evidence::new(),
            took_ms: 1,
            attempts: 1,
        };
        let early = check(away("container x", UnmeasuredCause::TooEarly));
        let target = |n: usize| TargetMeasurement {
            name: format!("t{n}"),
            origin: Rung::Declared,
            checks: vec![check(docker()), early.clone(), check(docker())],
        };
        let group = GroupMeasurement {
            name: "mcp".to_owned(),
            expect: None,
            targets: (0..21).map(target).collect(),
            nameless_missing: 0,
            reach: None,
            skipped: Vec::new(),
            discovery: Some(docker()),
        };
        let metric = MetricMeasurement {
            name: "tests".to_owned(),
            outcome: MetricOutcome::Unmeasured(away("--no-exec", UnmeasuredCause::NotAllowed)),
            evidence: Evidence::new(),
            took_ms: 0,
        };
        let taken_at = jiff::Timestamp::UNIX_EPOCH;
        Snapshot {
            schema_version: Snapshot::SCHEMA_VERSION,
            taken_at,
            about: crate::measure::measurement::About::default(),
            groups: vec![group],
            metrics: vec![metric],
            texts: Vec::new(),
        }
    }

    fn unmeasured(reason: Unmeasured) -> Judgement {
        Judgement {
            claim: 0,
            binding: Binding::Bound {
                subjects: vec![Subject::Group("mcp".to_owned())],
                reason: BindReason::WholeDocument,
            },
            verdict: Verdict::Unmeasured { reasons: vec![reason], known: None },
            weak: None,
            ignored: false,
        }
    }

    #[test]
    fn a_missing_source_is_one_finding_however_many_need_it() {
        let claim = unmeasured(away("docker unix:///run/docker.sock", UnmeasuredCause::SourceAway));
        let told = sources(&snapshot(), [&claim, &claim], Levels::default());
        let lines: Vec<String> = told
            .iter()
            .map(|told| format!("{}: {} | {}", told.severity.name(), told.headline, told.notes.join(" | ")))
            .collect();
        assert_eq!(
            lines,
            [
                "error: `docker unix:///run/docker.sock` is not there to be asked | docker unix:///run/docker.sock away \
                 | 1 list, 21 targets, 2 claims depend on it",
                "warning: not allowed to look: `--no-exec` | --no-exec away | 1 metric depends on it",
            ]
        );
        let warn = Levels { unmeasured: Level::Warn, ..Levels::default() };
        assert_eq!(sources(&snapshot(), [&claim], warn)[0].severity, Severity::Warning);
        let allow = Levels { unmeasured: Level::Allow, ..Levels::default() };
        assert!(sources(&snapshot(), [&claim], allow).is_empty());
    }

    #[test]
    fn a_run_that_judged_nothing_says_which_case_it_is() {
        let none = Counts::default();
        let one = Counts { documents: 1, ..none };
        for (counts, expected) in [
            (none, "nothing was judged: there is no document"),
            (one, "nothing was judged: no claim and no section in 1 document"),
            (Counts { ignored: 2, ..one }, "nothing was judged: 2 claims under ignore comments"),
            (Counts { unbound: 4, ignored: 1, ..one }, "nothing was judged: none of 4 claims is bound"),
        ] {
            let told = nothing_judged(&counts, false).unwrap();
            assert_eq!((told.headline.as_str(), told.severity), (expected, Severity::Error));
            assert_eq!(told.help.len(), 1);
            assert_eq!(nothing_judged(&counts, true).unwrap().severity, Severity::Note);
        }
        assert!(nothing_judged(&Counts { holds: 1, ..one }, false).is_none());
        assert!(nothing_judged(&Counts { stale_sections: 1, ..one }, false).is_none());
    }

    #[test]
    fn what_nothing_uses_is_pointed_at() {
        let text = "[group.mcp]\n[metric.tests]\n[[bind]]\n<!-- trueup: ignore -->";
        let file = Arc::new(SourceFile::new("trueup.toml", text));
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let request = GroupRequest {
            name: "mcp".to_owned(),
            expect: None,
            discover: Vec::new(),
            checks: Vec::new(),
            targets: Vec::new(),
        };
        let source = MetricSource::FileCount { root: PathBuf::new(), globs: Vec::new() };
        let timeout = std::time::Duration::from_secs(1);
        let metric = Metric {
            name: "tests".to_owned(),
            span: at("tests"),
            names: Vec::new(),
            request: MetricRequest { name: "tests".to_owned(), source, timeout },
            tolerance: crate::config::policy::Tolerance::default(),
        };
        let tolerance = crate::config::policy::Tolerance::default();
        let group = Group { name: "mcp".to_owned(), span: at("mcp"), names: Vec::new(), request, tolerance };
        let bind = BindRule {
            pattern: regex::Regex::new("fleet").unwrap(),
            docs: Vec::new(),
            to: crate::config::policy::BindTarget { name: "mcp".to_owned(), target: None, rung: None },
            span: at("[[bind]]"),
        };
        let told = [
            (unused_group(&group, &file), "no claim and no section asks for group `mcp`", "mcp"),
            (unused_metric(&metric, &file), "no claim and no section asks for metric `tests`", "tests"),
            (unused_bind(&bind, &file), "no claim matches `fleet`", "[[bind]]"),
            (unused_ignore(&file, at("<!--")), "the ignore comment covers no claim", "<!--"),
            (unused_annotation(&file, at("<!--")), "the annotation applies to no claim", "<!--"),
        ];
        for (told, headline, pointed) in told {
            let place = told.primary.unwrap();
            assert_eq!((told.headline.as_str(), told.severity), (headline, Severity::Warning));
            assert_eq!(place.file.slice(place.span), pointed);
        }
    }
}
