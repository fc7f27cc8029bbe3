//! docs/templates.md is true: it lists every built-in template, with what each is asked with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use trueup::render::built_in::BUILT_IN;
use trueup::render::environment::Templates;

/// Rows of the page's table of templates: the name, and the attributes.
fn rows() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md")).unwrap();
    let table = page.split("| template | writes | asked with |\n").nth(1).unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        (names(cells[1]).remove(0), names(cells[3]).into_iter().collect())
    })
    .collect()
}

/// What a template can be asked with, as its text has it.
fn asked_with(templates: &Templates, name: &str) -> BTreeSet<String> {
    let mut variables: BTreeSet<String> = templates.variables(name).unwrap().into_iter().collect();
    // Of those that it takes in as well.
    let text = templates.source(name).unwrap().text();
    for part in text.split("include \"").skip(1) {
        variables.extend(templates.variables(part.split('"').next().unwrap()).unwrap());
    }
    let roots: BTreeSet<&str> = variables.iter().map(|variable| variable.split('.').next().unwrap()).collect();
    let mut asked: BTreeSet<String> = variables
        .iter()
        .filter_map(|variable| variable.strip_prefix("attributes."))
        .map(|rest| rest.split('.').next().unwrap().to_owned())
        .collect();
    for root in ["group", "text", "groups", "metrics"] {
        if roots.contains(root) {
            asked.insert(root.to_owned());
        }
    }
    if roots.contains("group") || roots.contains("groups") {
        asked.insert("rung".to_owned());
    }
    asked
}

#[test]
fn every_built_in_template_is_listed_with_what_it_is_asked_with() {
    let templates = Templates::new(BTreeMap::new());
    let rows = rows();
    assert_eq!(rows.len(), BUILT_IN.len());
    for (short, listed) in &rows {
        let name = templates.resolve(short).unwrap_or_else(|| panic!("there is no template `{short}`"));
        let mut asked = asked_with(&templates, name);
        // A part of the incident report that it has no use for: it shows what is false, and nothing else.
        if name == "incident.md" {
            asked.remove("all");
        }
        assert_eq!(listed, &asked, "{short}");
    }
    for (name, _) in BUILT_IN {
        assert!(rows.keys().any(|short| templates.resolve(short) == Some(name)), "`{name}` is not listed");
    }
}
