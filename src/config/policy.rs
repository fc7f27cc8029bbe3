//! What trueup.toml says, once it is valid.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::claim::lexicon::class::Class;
use crate::claim::model::Polarity;
use crate::document::source::Span;
use crate::measure::request::{GroupRequest, MetricRequest, Plan, TextRequest};
use crate::rung::Rung;

/// A valid trueup.toml. Spans point into its text.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Folder that paths in trueup.toml are relative to: the one it stands in.
    pub root: PathBuf,
    /// Glob patterns of the documents to judge; empty means all Markdown that git does not ignore.
    pub docs: Vec<String>,
    /// Groups of targets, in order.
    pub groups: Vec<Group>,
    /// Named numbers, in order.
    pub metrics: Vec<Metric>,
    /// What programs write, in order.
    pub texts: Vec<Text>,
    /// Rules that bind claims by pattern, in order.
    pub binds: Vec<BindRule>,
    /// How old timestamps may be, in order: the first rule for a document decides.
    pub ages: Vec<AgeRule>,
    /// What to make of claims without an answer.
    pub levels: Levels,
    /// Bounds of a run.
    pub limits: Limits,
    /// Bounds of an answer to a coding agent.
    pub hook: HookLimits,
    /// Words that documents are read with besides those that trueup knows.
    pub vocabulary: Vocabulary,
    /// Where the user's own templates are, if anywhere.
    pub templates: Option<TemplateFolder>,
    /// Fingerprints of what is said of each thing to measure, by `group.NAME`, `metric.NAME`, `text.NAME`. Names and
    /// tolerances do not count: they are about documents.
    pub definitions: BTreeMap<String, String>,
}

impl Policy {
    /// The policy of a project without trueup.toml: nothing is measured, every claim is unbound.
    pub fn empty(root: PathBuf) -> Policy {
        Policy {
            root,
            docs: Vec::new(),
            groups: Vec::new(),
            metrics: Vec::new(),
            texts: Vec::new(),
            binds: Vec::new(),
            ages: Vec::new(),
            levels: Levels::default(),
            limits: Limits::default(),
            hook: HookLimits::default(),
            vocabulary: Vocabulary::default(),
            templates: None,
            definitions: BTreeMap::new(),
        }
    }

    /// All that the policy can measure.
    pub fn plan(&self) -> Plan {
        Plan {
            groups: self.groups.iter().map(|group| group.request.clone()).collect(),
            metrics: self.metrics.iter().map(|metric| metric.request.clone()).collect(),
            texts: self.texts.iter().map(|text| text.request.clone()).collect(),
        }
    }
}

/// A named set of targets.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its key in trueup.toml.
    pub name: String,
    /// Where the key stands.
    pub span: Span,
    /// What documents call it; the key itself is not among them.
    pub names: Vec<Name>,
    /// What to measure.
    pub request: GroupRequest,
    /// How far an approximate or percent claim may be off.
    pub tolerance: Tolerance,
}

/// A named number.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its key in trueup.toml.
    pub name: String,
    /// Where the key stands.
    pub span: Span,
    /// What documents call it; the key itself is not among them.
    pub names: Vec<Name>,
    /// What to measure.
    pub request: MetricRequest,
    /// How far an approximate claim may be off.
    pub tolerance: Tolerance,
}

/// What a program writes. Sections show it; no claim is about it.
#[derive(Clone, Debug)]
pub struct Text {
    /// Its key in trueup.toml.
    pub name: String,
    /// Where the key stands.
    pub span: Span,
    /// What to take down.
    pub request: TextRequest,
}

/// The folder of the user's templates.
#[derive(Clone, Debug)]
pub struct TemplateFolder {
    /// Where it is.
    pub path: PathBuf,
    /// Where trueup.toml says so.
    pub span: Span,
}

/// A name that documents use for a group or metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where it stands in trueup.toml.
    pub span: Span,
}

/// `[[bind]]`: claims whose quote or subject match a pattern are about `to`.
#[derive(Clone, Debug)]
pub struct BindRule {
    /// Regular expression, searched in the line that the claim stands on.
    pub pattern: regex::Regex,
    /// Documents it is for, as glob patterns; empty means all.
    pub docs: Vec<String>,
    /// What it binds to.
    pub to: BindTarget,
    /// Where the rule stands.
    pub span: Span,
}

/// `[timestamp]`: how old a date may be that a document ties to a look at the state of things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeRule {
    /// What is older is a finding.
    pub max_age: Duration,
    /// Documents it is for, as glob patterns; empty means all.
    pub docs: Vec<String>,
    /// Where its `max_age` stands.
    pub span: Span,
}

/// What an annotation or rule names: `mcp`, `mcp.healthy`, `mcp/github`, `tests`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BindTarget {
    /// Key of a group or metric.
    pub name: String,
    /// One target of the group.
    pub target: Option<String>,
    /// The rung that is asked, in place of the one that the claim's word asks for.
    pub rung: Option<Rung>,
}

impl BindTarget {
    /// Reads `NAME`, `NAME.RUNG`, `NAME/TARGET` or `NAME/TARGET.RUNG`. A target's own dots stay: only a rung is cut off.
    /// Whether there is such a group or metric is not asked here.
    ///
    /// # Errors
    /// The word after the dot of `NAME.RUNG`, where it is not the name of a rung.
    pub fn parse(text: &str) -> Result<BindTarget, &str> {
        let text = text.trim();
        if let Some((name, target)) = text.split_once('/') {
            let cut = target.rsplit_once('.').and_then(|(target, word)| Some((target, Rung::from_name(word)?)));
            let (target, rung) = cut.map_or((target, None), |(target, rung)| (target, Some(rung)));
            return Ok(BindTarget { name: name.to_owned(), target: Some(target.to_owned()), rung });
        }
        match text.split_once('.') {
            None => Ok(BindTarget { name: text.to_owned(), target: None, rung: None }),
            Some((name, word)) => match Rung::from_name(word) {
                Some(rung) => Ok(BindTarget { name: name.to_owned(), target: None, rung: Some(rung) }),
                None => Err(word),
            },
        }
    }
}

/// How far a measured number may be from a claimed one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// For approximate percentages, in percentage points.
    pub points: f64,
    /// For approximate counts, as a share of the claimed number.
    pub share: f64,
}

impl Default for Tolerance {
    fn default() -> Tolerance {
        Tolerance { points: 5.0, share: 0.10 }
    }
}

/// What to make of claims that have no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Claims that nothing in trueup.toml speaks of.
    pub unbound: Level,
    /// Claims whose answer could not be measured.
    pub unmeasured: Level,
    /// Claims that contradict each other.
    pub contradictions: Level,
}

impl Default for Levels {
    fn default() -> Levels {
        Levels { unbound: Level::Warn, unmeasured: Level::Deny, contradictions: Level::Deny }
    }
}

/// How serious a finding is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Counted, not shown.
    Allow,
    /// Shown.
    Warn,
    /// Shown, and the run fails.
    Deny,
}

/// Bounds of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for all measuring together.
    pub deadline: Duration,
    /// Time for one attempt of one check, where the check names none.
    pub timeout: Duration,
    /// Checks under way at once; `None` leaves it to trueup.
    pub concurrency: Option<usize>,
    /// Checks under way at once at one source; `None` leaves it to trueup.
    pub per_source: Option<usize>,
    /// Programs started by checks under way at once; `None` is twice the number of processors, and more while one of them
    /// is idle.
    pub processes: Option<usize>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            deadline: Duration::from_secs(120),
            timeout: Duration::from_secs(15),
            concurrency: None,
            per_source: None,
            processes: None,
        }
    }
}

/// `[hook]`: how old measurements may be that an answer to a coding agent rests on, and how long it may take to make new
/// ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookLimits {
    /// Measurements that are not older are judged from as they are.
    pub max_age: Duration,
    /// Time for measuring where there are none; what it does not suffice for is unknown.
    pub deadline: Duration,
}

impl Default for HookLimits {
    fn default() -> HookLimits {
        HookLimits { max_age: Duration::from_secs(300), deadline: Duration::from_secs(10) }
    }
}

/// `[lexicon]`: words and symbols of a project's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// Words that say a state, in order.
    pub states: Vec<StateWord>,
    /// Words by the part they play.
    pub classes: Vec<(Class, String)>,
    /// Number words and what they are worth.
    pub numbers: Vec<(String, u16)>,
    /// Symbols that say a state.
    pub symbols: Vec<(Polarity, char)>,
}

/// A word or phrase that says which state a thing is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateWord {
    /// In lower case, single blanks between the words of a phrase.
    pub word: String,
    /// Which way it points.
    pub polarity: Polarity,
    /// The rung that it asks for.
    pub rung: Option<Rung>,
}
