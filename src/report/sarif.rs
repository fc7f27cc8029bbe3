//! SARIF 2.1.0, for code scanning.
//!
//! Drift is a result that fails. A claim that could not be measured is a result of kind `open`, and has no level, as the
//! standard wants it. A source that could not be asked, and what else is about the run, is a notification of the
//! invocation. What is under an ignore comment is a result with a suppression.
//!
//! Times are left out: the same inputs give the same bytes.

mod model;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::diagnostic::{self, Diagnostic, Label, Severity};
use super::identity::Identity;
use super::{Report, json_text, words};
use crate::code::{Code, Concern};
use crate::document::edit::Edit;
use crate::document::source::{SourceFile, Span};
use crate::exit::ExitCode;
use model::{
    Artifact, ArtifactChange, ArtifactLocation, Content, DefaultConfiguration, Driver, Fix, Help, Invocation, Location,
    Log, Message, Notification, PhysicalLocation, Region, Replacement, Rule, RuleReference, Run, SarifResult,
    Suppression, Tool,
};

/// Name of our fingerprint; its number grows when the fingerprint is made in another way.
const FINGERPRINT: &str = "trueupIdentity/v1";

/// Writes the report as one log with one run.
///
/// # Errors
/// Whatever `out` returns.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut results = Vec::new();
    let mut execution = Vec::new();
    let mut configuration = Vec::new();
    let mut seen: BTreeMap<(Identity, &str), usize> = BTreeMap::new();
    for diagnostic in report.diagnostics() {
        match (&diagnostic.primary, diagnostic.code) {
            (_, Code::InvalidConfiguration) => configuration.push(notification(diagnostic)),
            (None, _) => execution.push(notification(diagnostic)),
            (Some(primary), _) => results.push(result(diagnostic, primary, &mut seen)),
        }
    }
    let artifacts = report.documents().iter().map(|name| Artifact { location: artifact(name) });
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "trueup",
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: Code::ALL.iter().map(|code| rule(*code)).collect(),
            },
        },
        column_kind: "unicodeCodePoints",
        invocations: [Invocation {
            execution_successful: matches!(report.exit, ExitCode::Clean | ExitCode::Drift),
            exit_code: report.exit.code(),
            exit_code_description: report.exit.meaning(),
            tool_execution_notifications: execution,
            tool_configuration_notifications: configuration,
        }],
        artifacts: artifacts.collect(),
        results,
    };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    json_text::write(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

fn rule(code: Code) -> Rule {
    let level = match code.concern() {
        Concern::Drift | Concern::Unmeasured | Concern::Fault => "error",
        Concern::Unbound | Concern::Advice => "warning",
    };
    let guide = code.guide();
    Rule {
        id: code.name(),
        short_description: message(code.description()),
        full_description: message(guide.why),
        help: Help {
            text: format!("{}\n\n{}", guide.fix, guide.ignore),
            markdown: format!("{}\n\n```text\n{}\n```\n\n{}", guide.fix, guide.example, guide.ignore),
        },
        default_configuration: DefaultConfiguration { level },
    }
}

fn result<'a>(
    diagnostic: &'a Diagnostic,
    primary: &'a Label,
    seen: &mut BTreeMap<(Identity, &'a str), usize>,
) -> SarifResult {
    let name = primary.file.name();
    let identity = Identity::of(diagnostic);
    let count = seen.entry((identity.clone(), name)).or_default();
    let fingerprint = format!("{identity}:{count}");
    *count += 1;
    let (kind, level) = match diagnostic.code.concern() {
        Concern::Unmeasured => ("open", "none"),
        Concern::Drift | Concern::Unbound | Concern::Fault | Concern::Advice => ("fail", level(diagnostic.severity)),
    };
    SarifResult {
        rule_id: diagnostic.code.name(),
        rule_index: index(diagnostic.code),
        kind,
        level,
        message: text(diagnostic),
        locations: vec![location(primary, None)],
        related_locations: (1..).zip(&diagnostic.secondary).map(|(id, label)| location(label, Some(id))).collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, fingerprint)]),
        suppressions: diagnostic.suppressed.map(suppression).into_iter().collect(),
        fixes: diagnostic.edit.iter().map(|edit| fix(edit, &primary.file)).collect(),
    }
}

/// A comment stands in the document; the baseline and the base do not.
fn suppression(why: diagnostic::Suppression) -> Suppression {
    match why {
        diagnostic::Suppression::Ignored => Suppression { kind: "inSource", justification: None },
        diagnostic::Suppression::Known | diagnostic::Suppression::Older => {
            Suppression { kind: "external", justification: Some(why.reason()) }
        }
    }
}

fn notification(diagnostic: &Diagnostic) -> Notification {
    Notification {
        level: level(diagnostic.severity),
        message: text(diagnostic),
        associated_rule: RuleReference { id: diagnostic.code.name(), index: index(diagnostic.code) },
        locations: diagnostic.primary.iter().map(|label| location(label, None)).collect(),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// Where a code stands among the rules.
fn index(code: Code) -> usize {
    Code::ALL.iter().position(|rule| *rule == code).unwrap_or_default()
}

/// The headline, then the facts and the advice.
fn text(diagnostic: &Diagnostic) -> Message {
    let lines = [words::headline(diagnostic)].into_iter().chain(words::details(diagnostic));
    message(&lines.collect::<Vec<_>>().join("\n"))
}

/// A viewer makes a link of `[text](target)`: of one from outside it shall not.
fn message(text: &str) -> Message {
    Message { text: text.replace("](", "] (") }
}

fn location(label: &Label, id: Option<usize>) -> Location {
    let message = (!label.message.is_empty()).then(|| message(&super::terminal::line(&label.message)));
    let physical_location =
        PhysicalLocation { artifact_location: artifact(label.file.name()), region: region(&label.file, label.span) };
    Location { id, physical_location, message }
}

fn artifact(name: &str) -> ArtifactLocation {
    ArtifactLocation { uri: uri::of(name) }
}

/// Columns of SARIF count from 1, and an end is one past the last, as ours are.
fn region(file: &SourceFile, span: Span) -> Region {
    let (start, end) = (file.place(span.start), file.place(span.end));
    Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column }
}

fn fix(edit: &Edit, file: &SourceFile) -> Fix {
    let replacement = Replacement {
        deleted_region: region(file, edit.span),
        inserted_content: (!edit.text.is_empty()).then(|| Content { text: edit.text.clone() }),
    };
    Fix { artifact_changes: [ArtifactChange { artifact_location: artifact(file.name()), replacements: [replacement] }] }
}
