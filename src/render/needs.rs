//! What a section needs: found by reading its template, before anything is measured.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::environment::Templates;
use super::fault::{TemplateFault, TemplateFaultKind};
use crate::config::policy::Policy;
use crate::document::section::{Attribute, Section};
use crate::document::source::Span;
use crate::nearest::nearest;
use crate::rung::Rung;

/// What must be measured for a section, and how its template is to be fed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Full name of the template.
    pub template: String,
    /// Every template that it can reach, itself included.
    pub reach: BTreeSet<String>,
    /// Keys of the groups that it shows.
    pub groups: Vec<String>,
    /// Keys of the metrics that it shows.
    pub metrics: Vec<String>,
    /// Keys of the texts that it shows.
    pub texts: Vec<String>,
    /// The group of the `group` attribute.
    pub group: Option<String>,
    /// The metric of the `metric` attribute.
    pub metric: Option<String>,
    /// The text of the `text` attribute.
    pub text: Option<String>,
    /// The rung that the `rung` attribute asks for.
    pub rung: Option<Rung>,
}

/// What a template can go through.
const COLLECTIONS: [&str; 3] = ["groups", "metrics", "texts"];

/// What `section` needs.
///
/// # Errors
/// Where its template does not exist or cannot be read, and where an attribute is missing, unknown, or names what is not
/// in trueup.toml.
pub fn needs(section: &Section, templates: &Templates, policy: &Policy) -> Result<Needs, TemplateFault> {
    let Some(template) = templates.resolve(&section.template) else {
        let kind = TemplateFaultKind::NoSuchTemplate {
            name: section.template.clone(),
            nearest: templates.nearest(&section.template),
        };
        return Err(TemplateFault { span: section.template_span, kind });
    };
    let (reach, computed) = reach(templates, template);
    let mut variables = BTreeSet::new();
    // Where a name is computed nobody knows which templates come in: it is given everything, and may ask for anything.
    for name in reach.iter().filter(|name| !computed || *name == template) {
        let own = templates.variables(name);
        let own = own.map_err(|error| TemplateFault { span: section.begin, kind: TemplateFaultKind::Fails(error) })?;
        variables.extend(own);
    }
    if computed {
        variables.extend(COLLECTIONS.map(str::to_owned));
    } else {
        check_attributes(section, &variables)?;
    }
    let groups: Vec<&str> = policy.groups.iter().map(|group| group.name.as_str()).collect();
    let metrics: Vec<&str> = policy.metrics.iter().map(|metric| metric.name.as_str()).collect();
    let texts: Vec<&str> = policy.texts.iter().map(|text| text.name.as_str()).collect();
    let group = named(section, "group", uses(&variables, "group"), &groups)?;
    let metric = named(section, "metric", uses(&variables, "metric"), &metrics)?;
    let text = named(section, "text", uses(&variables, "text"), &texts)?;
    let rungs: Vec<&str> = Rung::ALL.iter().map(|rung| rung.name()).collect();
    let rung = named(section, "rung", false, &rungs)?;
    Ok(Needs {
        template: template.to_owned(),
        groups: shown(section, &variables, "group", group.as_deref(), &groups)?,
        metrics: shown(section, &variables, "metric", metric.as_deref(), &metrics)?,
        texts: shown(section, &variables, "text", text.as_deref(), &texts)?,
        reach,
        group,
        metric,
        text,
        rung: rung.and_then(|name| Rung::from_name(&name)),
    })
}

/// Whether a template takes the variable `root`.
fn uses(variables: &BTreeSet<String>, root: &str) -> bool {
    variables.iter().any(|variable| variable.split('.').next() == Some(root))
}

fn check_attributes(section: &Section, variables: &BTreeSet<String>) -> Result<(), TemplateFault> {
    let own = variables.iter().filter_map(|variable| variable.strip_prefix("attributes."));
    let mut known: BTreeSet<&str> = own.filter_map(|rest| rest.split('.').next()).collect();
    // A template that goes through all attributes knows every one.
    if variables.contains("attributes") && known.is_empty() {
        return Ok(());
    }
    known.insert("id");
    known.extend(["group", "metric", "text"].into_iter().filter(|key| uses(variables, key)));
    // A template that goes through all of them can be told which.
    known.extend(COLLECTIONS.into_iter().filter(|key| variables.contains(*key)));
    if uses(variables, "group") || uses(variables, "groups") {
        known.insert("rung");
    }
    match section.attributes.iter().find(|attribute| !known.contains(attribute.key.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(TemplateFault {
            span: unknown.key_span,
            kind: TemplateFaultKind::UnknownAttribute {
                key: unknown.key.clone(),
                nearest: nearest(&unknown.key, known).map(str::to_owned),
            },
        }),
    }
}

/// The value of the attribute `key`, which must be one of `known`.
fn named(
    section: &Section,
    key: &'static str,
    required: bool,
    known: &[&str],
) -> Result<Option<String>, TemplateFault> {
    match section.attribute(key) {
        None if required => {
            Err(TemplateFault { span: section.begin, kind: TemplateFaultKind::MissingAttribute { key } })
        }
        None => Ok(None),
        Some(attribute) if known.contains(&attribute.value.as_str()) => Ok(Some(attribute.value.clone())),
        Some(attribute) => Err(unknown_name(attribute.value_span, key, &attribute.value, known)),
    }
}

fn unknown_name(span: Span, what: &'static str, name: &str, known: &[&str]) -> TemplateFault {
    let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
    TemplateFault { span, kind: TemplateFaultKind::UnknownName { what, name: name.to_owned(), nearest } }
}

/// Keys of the groups (or metrics, or texts) that a template shows: that of its attribute, those it names (`groups.mcp`),
/// and where it goes through the whole collection, those that the attribute `groups` lists, in that order, or all.
fn shown(
    section: &Section,
    variables: &BTreeSet<String>,
    what: &'static str,
    own: Option<&str>,
    known: &[&str],
) -> Result<Vec<String>, TemplateFault> {
    let collection = format!("{what}s");
    let prefix = format!("{collection}.");
    let mut wanted: BTreeSet<&str> = own.into_iter().collect();
    for named in variables.iter().filter_map(|variable| variable.strip_prefix(&prefix)) {
        let name = named.split('.').next().unwrap_or_default();
        if !known.contains(&name) {
            return Err(unknown_name(section.template_span, what, name, known));
        }
        wanted.insert(name);
    }
    // `groups.mcp` is reported beside a bare `groups` by none but a template that also uses it bare.
    let all = variables.contains(&collection);
    let mut shown: Vec<&str> = Vec::new();
    match section.attribute(&collection) {
        Some(list) if all => shown.extend(listed(list, what, known)?),
        _ if all => wanted.extend(known),
        _ => {}
    }
    wanted.retain(|name| !shown.contains(name));
    shown.extend(known.iter().filter(|name| wanted.contains(*name)));
    Ok(shown.into_iter().map(str::to_owned).collect())
}

/// The names that an attribute lists, separated by blanks or commas, each of which must be `known`.
fn listed<'a>(list: &'a Attribute, what: &'static str, known: &[&str]) -> Result<Vec<&'a str>, TemplateFault> {
    const BETWEEN: [char; 3] = [' ', '\t', ','];
    let mut names = Vec::new();
    let mut at = list.value_span.start;
    for piece in list.value.split_inclusive(BETWEEN) {
        let name = piece.trim_end_matches(BETWEEN);
        if !name.is_empty() && !known.contains(&name) {
            return Err(unknown_name(Span::new(at, at + name.len()), what, name, known));
        }
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        at += piece.len();
    }
    if names.is_empty() {
        return Err(unknown_name(list.value_span, what, &list.value, known));
    }
    Ok(names)
}

/// Every template that `name` can reach by include, import and extends. All of them, and true, where it computes a name.
fn reach(templates: &Templates, name: &str) -> (BTreeSet<String>, bool) {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?s)\{%[-+]?\s*(?:include|import|from|extends)\s+(?:"([^"]*)"|'([^']*)'|(.))"#)
            .expect("a constant pattern")
    });
    let mut reach = BTreeSet::new();
    let mut next = vec![name.to_owned()];
    while let Some(name) = next.pop() {
        let Some(file) = templates.source(&name) else { continue };
        if !reach.insert(name) {
            continue;
        }
        for reference in REFERENCE.captures_iter(file.text()) {
            match reference.get(1).or_else(|| reference.get(2)) {
                Some(named) => next.push(named.as_str().to_owned()),
                None => return (templates.names().map(str::to_owned).collect(), true),
            }
        }
    }
    (reach, false)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::document::source::SourceFile;
    use crate::document::{markdown::prose, markers};
    use crate::render::example;

    fn read(marker: &str) -> Result<Needs, (String, String)> {
        let file = |text: &str| Arc::new(SourceFile::new("templates/x.md", text));
        let user = BTreeMap::from([
            ("two.md".to_owned(), file("{{ groups.mcp.up }}{{ groups.away.up }}{{ metrics.tests.value }}")),
            ("every.md".to_owned(), file("{% for name in groups %}{{ name }}{% endfor %}")),
            ("outer.md".to_owned(), file("{% include 'two.md' %}{{ attributes.title }}")),
            ("mutual.md".to_owned(), file("{% include 'mutual.md' %}")),
            ("computed.md".to_owned(), file("{% include attributes.name %}")),
            ("lines.md".to_owned(), file("{{ texts.help.lines|fenced }}")),
            ("nobody.md".to_owned(), file("{{ groups.nobody.up }}")),
            ("broken.md".to_owned(), file("{% if %}")),
        ]);
        let source = format!("<!-- trueup:begin {marker} -->\n<!-- trueup:end -->\n");
        let section = markers::find(&source, &prose(&source).comments).sections.remove(0);
        needs(&section, &Templates::new(user), &example::policy())
            .map_err(|fault| (format!("{:?}", fault.kind), source[fault.span.range()].to_owned()))
    }

    #[test]
    fn a_text_is_shown_by_its_attribute_or_its_name() {
        let needs = read("transcript text=help").unwrap();
        assert_eq!((needs.texts, needs.text.as_deref()), (names(&["help"]), Some("help")));
        assert_eq!(read("lines").unwrap().texts, ["help"]);
        assert!(read("transcript text=help shown=\"x --help\" id=a").is_ok());
        assert_eq!(read("computed name=transcript").unwrap().texts, ["help", "away-text"]);
    }

    #[test]
    fn a_list_of_names_is_shown_in_its_order_and_nothing_else() {
        assert_eq!(shown("metrics-table").1, ["tests", "coverage"]);
        assert_eq!(shown("metrics-table metrics=\"coverage, tests coverage\"").1, ["coverage", "tests"]);
        assert_eq!(shown("metrics-table metrics=tests").1, ["tests"]);
        assert_eq!(shown("every groups=\"empty,mcp\"").0, ["empty", "mcp"]);
    }

    fn shown(marker: &str) -> (Vec<String>, Vec<String>) {
        let needs = read(marker).unwrap();
        (needs.groups, needs.metrics)
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_is_shown_is_needed() {
        assert_eq!(shown("status-table group=mcp"), (names(&["mcp"]), vec![]));
        assert_eq!(shown("two"), (names(&["mcp", "away"]), names(&["tests"])));
        assert_eq!(shown("outer title=x"), (names(&["mcp", "away"]), names(&["tests"])));
        assert_eq!(shown("every"), (names(&["mcp", "away", "empty"]), vec![]));
        assert_eq!(shown("mutual"), (vec![], vec![]));
        assert_eq!(read("status-table group=mcp rung=running id=a").unwrap().rung, Some(Rung::Running));
    }

    #[test]
    fn a_computed_name_reaches_every_template() {
        let needs = read("computed name=two.md").unwrap();
        assert_eq!((needs.groups, needs.metrics), (names(&["mcp", "away", "empty"]), names(&["tests", "coverage"])));
        assert!(needs.reach.contains("two.md") && needs.reach.contains("status-table.md"));
        assert!(read("broken").unwrap_err().0.starts_with("Fails"));
    }

    #[test]
    fn faults_are_found_before_anything_is_measured() {
        for (marker, kind, place) in [
            (
                "status-tabel group=mcp",
                "NoSuchTemplate { name: \"status-tabel\", nearest: Some(\"status-table\") }",
                "status-tabel",
            ),
            ("status-table", "MissingAttribute { key: \"group\" }", "<!-- trueup:begin status-table -->"),
            ("status-table gruop=mcp", "UnknownAttribute { key: \"gruop\", nearest: Some(\"group\") }", "gruop"),
            ("status-table group=mpc", "UnknownName { what: \"group\", name: \"mpc\", nearest: Some(\"mcp\") }", "mpc"),
            (
                "status-table group=mcp rung=runing",
                "UnknownName { what: \"rung\", name: \"runing\", nearest: Some(\"running\") }",
                "runing",
            ),
            ("status-table group=mcp metric=tests", "UnknownAttribute { key: \"metric\", nearest: None }", "metric"),
            ("transcript", "MissingAttribute { key: \"text\" }", "<!-- trueup:begin transcript -->"),
            ("transcript text=hlep", "UnknownName { what: \"text\", name: \"hlep\", nearest: Some(\"help\") }", "hlep"),
            (
                "metrics-table metrics=\"tests, coverge\"",
                "UnknownName { what: \"metric\", name: \"coverge\", nearest: Some(\"coverage\") }",
                "coverge",
            ),
            ("metrics-table metrics=\", \"", "UnknownName { what: \"metric\", name: \", \", nearest: None }", ", "),
            (
                "status-table group=mcp groups=mcp",
                "UnknownAttribute { key: \"groups\", nearest: Some(\"group\") }",
                "groups",
            ),
            ("nobody", "UnknownName { what: \"group\", name: \"nobody\", nearest: None }", "nobody"),
        ] {
            assert_eq!(read(marker).unwrap_err(), (kind.to_owned(), place.to_owned()), "{marker}");
        }
    }
}
