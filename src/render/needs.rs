//! What a section needs: found by reading its template, before anything is measured.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::environment::Templates;
use super::fault::{TemplateError, TemplateFault, TemplateFaultKind};
use crate::config::policy::Policy;
use crate::document::section::{Attribute, Section};
use crate::document::source::Span;
use crate::nearest::nearest;
use crate::rung::Rung;

mod names;

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
    /// What it shows that only reports can show, of [`REPORT_ROOTS`].
    pub report: BTreeSet<&'static str>,
}

/// What a template can go through.
const COLLECTIONS: [&str; 3] = ["groups", "metrics", "texts"];

/// Names that every template can use.
pub const ROOTS: &[&str] = &[
    "schema_version",
    "measured_at",
    "run",
    "section",
    "attributes",
    "group",
    "metric",
    "text",
    "groups",
    "metrics",
    "texts",
    "claims",
    "history",
    "timeline",
];

/// Of these, the ones that only reports have: writing a document changes the claims in it, and every run the history.
pub const REPORT_ROOTS: [&str; 3] = ["claims", "history", "timeline"];

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
    let fails = |error| TemplateFault { span: section.template_span, kind: TemplateFaultKind::Fails(error) };
    let (reach, computed) = reach(templates, template).map_err(fails)?;
    let mut variables = BTreeSet::new();
    // Where a name is computed nobody knows which templates come in: it is given everything, and may ask for anything.
    for name in reach.iter().filter(|name| !computed || *name == template) {
        let own = templates.variables(name).map_err(fails)?;
        names::check(templates, name, &own, &reach).map_err(fails)?;
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
    let rung = match named(section, "rung", false, &rungs)? {
        Some(rung) => Some(rung),
        None => own_rung(templates, template, &rungs).map_err(fails)?,
    };
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
        report: REPORT_ROOTS.into_iter().filter(|root| uses(&variables, root)).collect(),
    })
}

/// The rung that a template asks for where nobody says otherwise: its first comment is `trueup: rung=RUNG`.
fn own_rung(templates: &Templates, template: &str, known: &[&str]) -> Result<Option<String>, TemplateError> {
    static OWN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\A\s*\{#-?\s*trueup:\s*rung=(\S+?)\s*-?#\}").expect("a constant pattern"));
    let Some(file) = templates.source(template) else { return Ok(None) };
    let Some(rung) = OWN.captures(file.text()).and_then(|found| found.get(1)) else { return Ok(None) };
    if known.contains(&rung.as_str()) {
        return Ok(Some(rung.as_str().to_owned()));
    }
    Err(TemplateError {
        template: Some(Arc::clone(file)),
        span: Some(Span::new(rung.start(), rung.end())),
        message: format!("there is no rung `{}`", rung.as_str()),
        hint: Some(format!("a rung is one of {}", known.join(", "))),
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
///
/// # Errors
/// Where one that it names is not there, unless it says `ignore missing`.
fn reach(templates: &Templates, name: &str) -> Result<(BTreeSet<String>, bool), TemplateError> {
    static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?s)\{%[-+]?\s*(?:include|import|from|extends)\s+(?:"([^"]*)"|'([^']*)'|(.))(\s+ignore\s+missing)?"#,
        )
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
            let Some(named) = reference.get(1).or_else(|| reference.get(2)) else {
                return Ok((templates.names().map(str::to_owned).collect(), true));
            };
            if templates.source(named.as_str()).is_none() && reference.get(4).is_none() {
                return Err(TemplateError {
                    template: Some(Arc::clone(file)),
                    span: Some(Span::new(named.start(), named.end())),
                    message: format!("there is no template `{}`", named.as_str()),
                    hint: templates.nearest(named.as_str()).map(|near| format!("did you mean `{near}`?")),
                });
            }
            next.push(named.as_str().to_owned());
        }
    }
    Ok((reach, false))
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
            ("high.md".to_owned(), file("{# trueup: rung=healthy #}{{ group.up }}")),
            ("higher.md".to_owned(), file("{#- trueup: rung=highest -#}{{ group.up }}")),
            ("astray.md".to_owned(), file("{% include 'tow.md' %}")),
            ("perhaps.md".to_owned(), file("{% include 'tow.md' ignore missing %}{{ group.up }}")),
            ("lost.md".to_owned(), file("{{ group.upp }}")),
            ("part.md".to_owned(), file("{{ word }}")),
            ("whole.md".to_owned(), file("{% set word = 'x' %}{% include 'part.md' %}")),
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
    fn a_template_can_say_which_rung_it_asks_for() {
        assert_eq!(read("high group=mcp").unwrap().rung, Some(Rung::Healthy));
        assert_eq!(read("high group=mcp rung=exists").unwrap().rung, Some(Rung::Exists));
        assert!(read("higher group=mcp").unwrap_err().0.contains("there is no rung `highest`"));
    }

    #[test]
    fn names_are_held_against_what_there_is_before_anything_is_measured() {
        assert!(read("astray").unwrap_err().0.contains("there is no template `tow.md`"));
        assert!(read("perhaps group=mcp").is_ok());
        assert!(read("lost group=mcp").unwrap_err().0.contains("`group.upp` is undefined"));
        assert!(read("part").unwrap_err().0.contains("`word` is undefined"));
        assert!(read("whole").is_ok(), "the template that includes it gives it");
    }

    #[test]
    fn what_only_reports_have_is_told_apart() {
        let report = |marker: &str| read(marker).unwrap().report.into_iter().collect::<Vec<_>>();
        assert_eq!(report("claims-table"), ["claims"]);
        assert_eq!(report("trend"), ["history"]);
        assert_eq!(report("incident"), ["claims", "history", "timeline"]);
        assert_eq!(report("summary"), Vec::<&str>::new());
        assert_eq!(read("incident").unwrap().rung, Some(Rung::Functional));
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
