//! Whole reports: a template rendered for a file of its own, and not for a section of a document.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::claim::Claim;
use super::context::{Besides, Gatherer};
use super::environment::Templates;
use super::fault::{TemplateFault, TemplateFaultKind};
use super::history::Moment;
use super::needs::Needs;
use super::timeline::timeline;
use crate::config::policy::Policy;
use crate::document::section::{Attribute, LineEnding, Section};
use crate::document::source::{SourceFile, Span};
use crate::measure::measurement::{Snapshot, Unmeasured};

/// What somebody asked for on the command line, as if a marker said it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The command line, for messages to point into.
    pub line: Arc<SourceFile>,
    /// What a marker would say.
    pub section: Section,
}

/// Why there is no report.
#[derive(Clone, Debug)]
pub enum Unwritten {
    /// It shows what could not be measured, and does not say so.
    Unmeasured(Vec<Unmeasured>),
    /// The template fails.
    Broken(TemplateFault),
}

impl Order {
    /// `trueup render TEMPLATE KEY=VALUE…`.
    pub fn new<'a>(template: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Order {
        let mut line = "trueup render ".to_owned();
        let mut put = |text: &str| {
            let start = line.len();
            line.push_str(text);
            Span::new(start, line.len())
        };
        let template_span = put(template);
        let mut own = Vec::new();
        for (key, value) in attributes {
            put(" ");
            let key_span = put(key);
            put("=");
            let value_span = put(value);
            own.push(Attribute { key: key.to_owned(), key_span, value: value.to_owned(), value_span });
        }
        let end = Span::new(line.len(), line.len());
        let section = Section {
            template: template.to_owned(),
            template_span,
            attributes: own,
            begin: Span::new(0, line.len()),
            body: end,
            end,
            facts: None,
            text: None,
            prefix: String::new(),
            line_ending: LineEnding::Lf,
        };
        Order { line: Arc::new(SourceFile::new("command line", line)), section }
    }
}

/// Renders what `order` asks for and `needs` was found to need. `claims` are those of all documents, `history` the runs
/// before.
///
/// # Errors
/// Where the template fails, and where it shows what could not be measured without a word on that.
pub fn report(
    order: &Order,
    needs: &Needs,
    templates: &Templates,
    (policy, snapshot): (&Policy, &Snapshot),
    claims: Vec<Claim>,
    history: Vec<Moment>,
) -> Result<String, Unwritten> {
    let gatherer = Gatherer::new(policy, snapshot);
    let reasons = gatherer.unmeasured(needs);
    if !reasons.is_empty() && !speaks_of_the_unknown(needs, templates) {
        return Err(Unwritten::Unmeasured(reasons));
    }
    let shown = gatherer.gather(needs);
    let timeline = timeline(&shown.groups(), &history, snapshot.taken_at);
    let besides = Besides { claims, history, timeline };
    let context = gatherer.context(&order.section, needs, &shown, Some(besides));
    templates.render(&needs.template, &context).map_err(|error| {
        Unwritten::Broken(TemplateFault { span: order.section.template_span, kind: TemplateFaultKind::Fails(error) })
    })
}

/// Words by which a template handles what could not be measured.
const UNKNOWN: [&str; 4] = ["unknown", "unmeasured", "measured", "state"];

/// Whether a tag of the template, or of one that it takes in, names what tells the unknown from the known. A count of those
/// that are up, with nothing about those nobody knows of, would tell the unknown as down.
fn speaks_of_the_unknown(needs: &Needs, templates: &Templates) -> bool {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}").expect("a constant pattern"));
    needs.reach.iter().filter_map(|name| templates.source(name)).any(|file| {
        let tags = TAG.find_iter(file.text()).map(|tag| tag.as_str()).filter(|tag| !tag.starts_with("{#"));
        let mut words = tags.flat_map(|tag| tag.split(|c: char| !c.is_alphanumeric() && c != '_'));
        words.any(|word| UNKNOWN.contains(&word))
    })
}
