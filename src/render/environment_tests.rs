//! Tests of [`super`]: what the environment refuses, and how it says so.

use super::*;
use minijinja::context;

fn templates(user: &[(&str, &str)]) -> Templates {
    let file = |name: &str, text: &str| Arc::new(SourceFile::new(format!("templates/{name}"), text));
    Templates::new(user.iter().map(|(name, text)| ((*name).to_owned(), file(name, text))).collect())
}

fn render(name: &str, text: &str) -> Result<String, TemplateError> {
    let context = context! { group => context! { up => 1, name => "a*b<c>", none => () }, number => -3.5 };
    templates(&[(name, text)]).render(name, &context)
}

fn error(text: &str) -> (String, Option<String>, Option<String>) {
    let error = render("x.md", text).unwrap_err();
    let shown = error.template.as_ref().zip(error.span).map(|(file, span)| file.slice(span).to_owned());
    (error.message, shown, error.hint)
}

#[test]
fn values_are_escaped_for_the_format_of_the_template() {
    let text = "{{ group.name }} {{ number }} {{ group.up }}";
    assert_eq!(render("x.md", text).unwrap(), "a\\*b\\<c\\> -3.5 1\n");
    assert_eq!(render("x", text).unwrap(), "a\\*b\\<c\\> -3.5 1\n");
    assert_eq!(render("x.html", text).unwrap(), "a*b&lt;c&gt; -3.5 1\n");
    assert_eq!(render("x.json", "{{ group.name }}").unwrap(), "\"a*b<c>\"\n");
    assert_eq!(render("x.txt", text).unwrap(), "a*b<c> -3.5 1\n");
}

#[test]
fn escaping_survives_what_templates_do_with_values() {
    for text in [
        "{{ group.name ~ '' }}",
        "{{ [group.name]|join(', ') }}",
        "{{ group.name|replace('q', 'r') }}",
        "{% set n = group.name %}{{ n }}",
        "{% macro m(n) %}{{ n }}{% endmacro %}{{ m(group.name) }}",
        "{% set n %}{{ group.name }}{% endset %}{{ n }}",
        "{{ group.name|cell }}",
        "{{ group.name|e }}",
        "{% filter aligned %}{{ group.name }}{% endfilter %}",
    ] {
        assert_eq!(render("x.md", text).unwrap(), "a\\*b\\<c\\>\n", "{text}");
    }
}

#[test]
fn errors_point_into_the_template() {
    let (message, shown, hint) = error("line\n{{ group.upp }}\n");
    assert_eq!((message.as_str(), shown.as_deref()), ("`group.upp` is undefined", Some("group.upp")));
    assert!(hint.unwrap().starts_with("did you mean `up`?"));
    let (_, _, hint) = error("{{ group.zzzzzzzz }}");
    assert!(hint.unwrap().contains("`is defined`"));
    let (_, _, hint) = error("{{ gruop }}");
    assert!(hint.unwrap().starts_with("did you mean `group`?"));
    let (_, shown, hint) = error("{{ group.name|cel }}");
    assert_eq!((shown.as_deref(), hint.as_deref()), (Some("cel"), Some("did you mean `cell`?")));
    let (message, ..) = error("{% if %}");
    assert!(message.contains("unexpected"), "{message}");
    let (message, ..) = error("{{ group.none }}");
    assert!(message.contains("no value"), "{message}");
    let (message, ..) = error("{{ group }}");
    assert!(message.contains("name one of its fields"), "{message}");
}

#[test]
fn an_error_in_an_included_template_points_into_that_one() {
    let templates = templates(&[("outer.md", "{% include 'inner.md' %}"), ("inner.md", "a\n{{ nothing }}")]);
    let error = templates.render("outer.md", &context! {}).unwrap_err();
    assert_eq!(error.template.unwrap().name(), "templates/inner.md");
}

#[test]
fn includes_macros_and_imports_reach_from_one_template_to_another() {
    let templates = templates(&[
        ("parts/row.md", "{% macro row(name) %}- {{ name }}{% endmacro %}"),
        ("base.md", "before\n{% block body %}{% endblock %}\nafter"),
        ("list.md", "{% from 'parts/row.md' import row %}{{ row(name) }}"),
        ("all.md", "{% import 'parts/row.md' as parts %}{{ parts.row(name) }}"),
        ("page.md", "{% extends 'base.md' %}{% block body %}{% include 'list.md' %}{% endblock %}"),
        ("astray.md", "{% include 'lsit.md' %}"),
    ]);
    let context = context! { name => "a|b" };
    for (name, text) in [("list.md", "- a\\|b\n"), ("all.md", "- a\\|b\n"), ("page.md", "before\n- a\\|b\nafter\n")] {
        assert_eq!(templates.render(name, &context).unwrap(), text, "{name}");
    }
    let error = templates.render("astray.md", &context).unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `list.md`?"), "{}", error.message);
    assert_eq!(error.template.unwrap().name(), "templates/astray.md");
}

#[test]
fn what_cannot_be_read_is_found_without_rendering() {
    let templates = templates(&[("good.md", "{{ anything }}"), ("bad.md", "one\n{% if %}\n"), ("worse.html", "{{ x")]);
    let faults = templates.faults();
    let places: Vec<_> = faults.iter().map(|fault| fault.template.as_ref().unwrap().name()).collect();
    assert_eq!(places, ["templates/bad.md", "templates/worse.html"]);
    let file = faults[0].template.as_ref().unwrap();
    assert_eq!(file.place(faults[0].span.unwrap().start).line, 2, "{:?}", faults[0]);
}

#[test]
fn every_built_in_template_says_what_it_is() {
    let templates = templates(&[]);
    for name in templates.short_names() {
        let about = templates.about(name);
        assert!(about.len() > 10 && !about.contains("Attributes"), "{name}: {about}");
    }
    assert_eq!(templates.about("summary"), "One honest sentence on each group");
    assert_eq!(templates.about("incident"), "A whole incident report, from measurements alone; for reports");
    assert_eq!(templates.resolve("badge-json"), Some("badge-json.json"));
    assert_eq!(templates.resolve("status-table.html"), Some("status-table.html"));
    assert!(templates.faults().is_empty());
}

#[test]
fn fuel_and_output_are_bounded() {
    let (_, _, hint) = error("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}");
    assert_eq!(hint.as_deref(), Some("a loop in it does not end"));
    let (message, ..) = error(&format!("{{% for a in range(9999) %}}{}{{% endfor %}}", "x".repeat(999)));
    assert_eq!(message, "writes more than 1024 KiB");
}

#[test]
fn a_users_template_shadows_the_built_in_one_and_can_include_it() {
    let own = templates(&[("status-table.md", "own\n\n{% include 'built-in/status-table.md' %}")]);
    let group = context! { label => "x", total => 0 };
    assert_eq!(own.render("status-table.md", &context! { group }).unwrap(), "own\n\nX: none found.\n");
    assert_eq!(own.resolve("status-table"), Some("status-table.md"));
    assert_eq!(own.resolve("status-tabel"), None);
    assert_eq!(own.nearest("status-tabel").as_deref(), Some("status-table"));
}
