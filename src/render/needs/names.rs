//! Names in a template that nothing will ever answer, found without rendering it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::ROOTS;
use crate::config::policy::Policy;
use crate::document::source::{SourceFile, Span};
use crate::measure::evidence::Evidence;
use crate::measure::measurement::{GroupMeasurement, MetricMeasurement, MetricOutcome, TextMeasurement, TextOutcome};
use crate::nearest::nearest;
use crate::quantity::Quantity;
use crate::render::environment::Templates;
use crate::render::fault::TemplateError;
use crate::render::model::{Group, Metric, Run, Text};

/// Holds the variables that the template `name` takes from outside against what there is. A name that another template of
/// its `reach` could give it, and one that it asks for with `is defined`, is left to the rendering.
///
/// # Errors
/// The first name that nothing answers, with the one that was probably meant.
pub(super) fn check(
    templates: &Templates,
    name: &str,
    variables: &[String],
    reach: &BTreeSet<String>,
) -> Result<(), TemplateError> {
    let Some(file) = templates.source(name) else { return Ok(()) };
    for variable in variables {
        let parts: Vec<&str> = variable.split('.').collect();
        let Some((wrong, near)) = unknown(&parts) else { continue };
        let shown = parts[..=wrong].join(".");
        let word = parts[wrong];
        let others = reach.iter().filter(|other| *other != name).filter_map(|other| templates.source(other));
        let given = wrong == 0 && others.into_iter().any(|other| has_word(other.text(), word));
        if given || asks_whether(file.text(), &shown) {
            continue;
        }
        return Err(TemplateError {
            template: Some(std::sync::Arc::clone(file)),
            span: find(file, &shown),
            message: format!("`{shown}` is undefined"),
            hint: Some(match near {
                Some(near) => format!("did you mean `{near}`? `trueup render --model` shows all that there is"),
                None => format!("a template can use {}", ROOTS.join(", ")),
            }),
        });
    }
    Ok(())
}

/// Which part of a dotted name is unknown, and what was probably meant.
fn unknown(parts: &[&str]) -> Option<(usize, Option<String>)> {
    let known = |names: &mut dyn Iterator<Item = &'static str>, at: usize| {
        let names: Vec<&'static str> = names.collect();
        (!names.contains(&parts[at])).then(|| (at, nearest(parts[at], names).map(str::to_owned)))
    };
    if let Some(wrong) = known(&mut ROOTS.iter().copied().chain(GLOBALS), 0) {
        return Some(wrong);
    }
    // `groups.mcp.up` has its field one place further on.
    let (root, at) = match parts[0] {
        "groups" => ("group", 2),
        "metrics" => ("metric", 2),
        "texts" => ("text", 2),
        root => (root, 1),
    };
    let fields = FIELDS.get(root)?;
    parts.get(at)?;
    known(&mut fields.iter().map(String::as_str), at)
}

/// Functions of the template language, which are no names to fill.
const GLOBALS: [&str; 7] = ["range", "dict", "namespace", "debug", "loop", "self", "super"];

/// Fields of what a template is given, by the name it is given under; read off empty ones, so that no list can be stale.
static FIELDS: LazyLock<BTreeMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let policy = Policy::empty(PathBuf::new());
    let group = GroupMeasurement {
        name: String::new(),
        expect: None,
        targets: Vec::new(),
        nameless_missing: 0,
        reach: None,
        skipped: Vec::new(),
        discovery: None,
    };
    let metric = MetricMeasurement {
        name: String::new(),
        outcome: MetricOutcome::Measured(Quantity { value: 0.0, total: None }),
        evidence: Evidence::new(),
        took_ms: 0,
    };
    let text = TextMeasurement {
        name: String::new(),
        command: String::new(),
        outcome: TextOutcome::Measured { lines: Vec::new(), truncated: false },
        evidence: Evidence::new(),
        took_ms: 0,
    };
    BTreeMap::from([
        ("group", fields(&Group::new(&policy, &group, None))),
        ("metric", fields(&Metric::new(&policy, &metric))),
        ("text", fields(&Text::new(&text))),
        ("run", fields(&Run::default())),
        ("section", vec!["template".to_owned(), "id".to_owned()]),
    ])
});

fn fields(of: &impl Serialize) -> Vec<String> {
    let value = serde_json::to_value(of).expect("the model is plain data with text for keys");
    value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

/// Whether `text` has the identifier `word` anywhere.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|own| own == word)
}

/// Whether the template asks if `name` is there, or says what to take in its place.
fn asks_whether(text: &str, name: &str) -> bool {
    let name = regex::escape(name);
    let asks = format!(r"\b{name}\s*(?:is\s+(?:not\s+)?(?:un)?defined|\|\s*(?:default|d)\b)");
    Regex::new(&asks).is_ok_and(|asks| asks.is_match(text))
}

/// Where in the tags of the template `name` stands first.
fn find(file: &SourceFile, name: &str) -> Option<Span> {
    static TAG: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}").expect("a constant pattern"));
    let word = Regex::new(&format!(r"\b{}\b", regex::escape(name))).ok()?;
    let tags = TAG.find_iter(file.text()).filter(|tag| !tag.as_str().starts_with("{#"));
    tags.into_iter().find_map(|tag| {
        let found = word.find(tag.as_str())?;
        Some(Span::new(tag.start() + found.start(), tag.start() + found.end()))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn wrong(text: &str) -> Option<(String, String, String)> {
        let file = Arc::new(SourceFile::new("templates/x.md", text));
        let templates = Templates::new(BTreeMap::from([("x.md".to_owned(), file)]));
        let variables = templates.variables("x.md").unwrap();
        let error = check(&templates, "x.md", &variables, &BTreeSet::from(["x.md".to_owned()])).err()?;
        let shown = error.template.zip(error.span).map(|(file, span)| file.slice(span).to_owned());
        Some((error.message, shown.unwrap_or_default(), error.hint.unwrap_or_default()))
    }

    #[test]
    fn names_that_nothing_answers_are_found_with_their_place() {
        for (text, message, shown, hint) in [
            ("{{ gruop.up }}", "`gruop` is undefined", "gruop", "did you mean `group`?"),
            ("{# upp #}{{ group.upp }}", "`group.upp` is undefined", "group.upp", "did you mean `up`?"),
            ("{{ groups.mcp.totla }}", "`groups.mcp.totla` is undefined", "groups.mcp.totla", "did you mean `total`?"),
            ("{{ run.comit }}", "`run.comit` is undefined", "run.comit", "did you mean `commit`?"),
            ("{{ zzzzzz }}", "`zzzzzz` is undefined", "zzzzzz", "a template can use schema_version, measured_at"),
        ] {
            let (told, place, help) = wrong(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((told.as_str(), place.as_str()), (message, shown));
            assert!(help.starts_with(hint), "{help}");
        }
    }

    #[test]
    fn what_may_be_there_is_left_alone() {
        for text in [
            "{{ group.up }}{{ metrics.tests.value }}{{ texts.help.lines|fenced }}{{ section.id }}",
            "{% if group.sometimes is defined %}{{ group.sometimes }}{% endif %}",
            "{{ mine|default('x') }}",
            "{% set mine = 1 %}{{ mine }}",
            "{% for x in range(3) %}{{ loop.index }}{{ x }}{% endfor %}",
            "{% set ns = namespace(n=0) %}{{ ns.n }}",
            "{{ attributes.anything }}",
            "{% macro row(target) %}{{ target.name }}{% endmacro %}{{ row(group.targets[0]) }}",
        ] {
            assert_eq!(wrong(text), None, "{text}");
        }
    }
}
