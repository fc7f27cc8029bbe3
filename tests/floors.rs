//! The floor plan of lib.rs, enforced: imports go down, never up, never sideways between rooms of one floor, and only the
//! edges and what calls them are async. Nouns may speak of other nouns, and assembly is one room; neither in circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

/// Floor of every module, by the longest prefix that fits. A new room is a new line.
const FLOORS: &[(&str, u8)] = &[
    // words
    ("code", 0),
    ("document::edit", 0),
    ("document::source", 0),
    ("failure", 0),
    ("git", 0),
    ("globs", 0),
    ("nearest", 0),
    ("platform", 0),
    ("quantity", 0),
    ("rung", 0),
    // nouns
    ("claim::lexicon::class", 1),
    ("claim::model", 1),
    ("claim::stamp", 1),
    ("config::policy", 1),
    ("document::directive", 1),
    ("document::prose", 1),
    ("document::section", 1),
    ("exit", 1),
    ("judge::verdict", 1),
    ("measure::container_request", 1),
    ("measure::engine_choice", 1),
    ("measure::evidence", 1),
    ("measure::measurement", 1),
    ("measure::request", 1),
    ("measure::standing", 1),
    ("render::fault", 1),
    ("render::status", 1),
    ("report::diagnostic", 1),
    ("report::identity", 1),
    // pure steps
    ("agent", 2),
    ("claim", 2),
    ("config", 2),
    ("document", 2),
    ("fix", 2),
    ("gate", 2),
    ("init", 2),
    ("judge", 2),
    ("render", 2),
    ("snapshot", 2),
    // edges
    ("files", 3),
    ("gate::git_hook", 3),
    ("init::look", 3),
    ("measure", 3),
    // reports
    ("report", 4),
    // assembly
    ("cli", 5),
    ("commands", 5),
    ("main", 5),
    ("serve", 5),
    ("settings", 5),
];

/// Floors whose rooms may import each other, as long as no circle comes of it: nouns and assembly.
const OPEN: &[u8] = &[1, 5];

/// Where `async` may stand.
const ASYNC: &[&str] = &["measure", "serve", "commands", "main"];

struct Module {
    path: Vec<String>,
    source: String,
    code: String,
}

fn modules() -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let mut module: Vec<String> = path
                    .strip_prefix(&root)
                    .unwrap()
                    .with_extension("")
                    .iter()
                    .map(|part| part.to_str().unwrap().to_owned())
                    .collect();
                if module.last().is_some_and(|last| last == "mod") {
                    module.pop();
                }
                if module != ["lib"] {
                    let source = fs::read_to_string(&path).unwrap();
                    modules.push(Module { path: module, code: code(&source), source });
                }
            }
        }
    }
    // What exists for tests alone may import what the tests of its room need.
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\(\w+\))? )?mod (\w+);").unwrap();
    let mut for_tests = BTreeSet::new();
    for module in &modules {
        for name in declared.captures_iter(&module.source) {
            let inside = [module.path.as_slice(), &[name[1].to_owned()]].concat();
            let beside = [&module.path[..module.path.len() - 1], &[name[1].to_owned()]].concat();
            for_tests.extend([inside, beside]);
        }
    }
    modules.retain(|module| !for_tests.contains(&module.path));
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    modules
}

fn floor(path: &[String]) -> u8 {
    let name = path.join("::");
    let fits = |prefix: &str| name == prefix || name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with("::"));
    let floor = FLOORS.iter().filter(|(prefix, _)| fits(prefix)).max_by_key(|(prefix, _)| prefix.len());
    floor.unwrap_or_else(|| panic!("`{name}` has no floor: give it a line in FLOORS")).1
}

/// Paths that a source names from `crate`, `super` or `self` on, braces expanded; tests, comments and strings left out.
fn paths(source: &str) -> BTreeSet<Vec<String>> {
    let word = Regex::new(r"[A-Za-z_][A-Za-z0-9_]*|::|[{},;]|\*|.|\n").unwrap();
    let tokens: Vec<&str> =
        word.find_iter(source).map(|token| token.as_str()).filter(|token| !token.trim().is_empty()).collect();
    let mut paths = BTreeSet::new();
    let mut at = 0;
    while at < tokens.len() {
        let begins = ["crate", "super", "self"].contains(&tokens[at]) && tokens.get(at + 1) == Some(&"::");
        at = if begins { tree(&tokens, at, &[], &mut paths) } else { at + 1 };
    }
    paths
}

/// Reads one path or brace tree from token `at` on; returns the index behind it.
fn tree(tokens: &[&str], mut at: usize, prefix: &[String], paths: &mut BTreeSet<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != "}") {
                    at = if tokens[at] == "," { at + 1 } else { tree(tokens, at, &path, paths) };
                }
                return at + 1;
            }
            Some(token) => path.push((*token).to_owned()),
            None => return at,
        }
        if tokens.get(at + 1) != Some(&"::") {
            paths.insert(path);
            return at + 1;
        }
        at += 2;
    }
}

/// `source` up to its test module, without comments and string literals.
fn code(source: &str) -> String {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    Regex::new(r#"(?m)//.*$|"(?:[^"\\]|\\.)*""#).unwrap().replace_all(source, " ").into_owned()
}

/// The module of ours that `path`, written in module `from`, leads to.
fn resolve(path: &[String], from: &[String], known: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    let mut absolute: Vec<String> = match path.first()?.as_str() {
        "crate" | "trueup" => Vec::new(),
        "self" => from.to_vec(),
        "super" => from[..from.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for segment in &path[1..] {
        if segment == "super" {
            absolute.pop();
        } else {
            absolute.push(segment.clone());
        }
    }
    (1..=absolute.len()).rev().map(|length| absolute[..length].to_vec()).find(|module| known.contains(module))
}

fn imports() -> BTreeMap<Vec<String>, (BTreeSet<Vec<String>>, bool)> {
    let modules = modules();
    let known: BTreeSet<Vec<String>> = modules.iter().map(|module| module.path.clone()).collect();
    let has_async = Regex::new(r"\basync\b").unwrap();
    let mut imports = BTreeMap::new();
    for module in &modules {
        let named = paths(&module.code);
        let targets = named.iter().filter_map(|path| resolve(path, &module.path, &known));
        let targets = targets.filter(|target| *target != module.path).collect();
        let has_async = has_async.is_match(&module.code);
        imports.insert(module.path.clone(), (targets, has_async));
    }
    imports
}

#[test]
fn imports_go_down() {
    let mut faults = Vec::new();
    for (from, (targets, _)) in &imports() {
        for to in targets {
            let (own, other) = (floor(from), floor(to));
            let same_room = from[0] == to[0];
            let fine = other < own || (other == own && (same_room || OPEN.contains(&own)));
            if !fine {
                faults.push(format!("{} (floor {own}) imports {} (floor {other})", from.join("::"), to.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "imports that do not go down:\n{}", faults.join("\n"));
}

#[test]
fn open_floors_do_not_go_in_circles() {
    let imports = imports();
    let open = |path: &Vec<String>| OPEN.contains(&floor(path));
    let mut edges: BTreeMap<&Vec<String>, BTreeSet<&Vec<String>>> = BTreeMap::new();
    for (from, (targets, _)) in imports.iter().filter(|(from, _)| open(from)) {
        edges.insert(from, targets.iter().filter(|to| open(to)).collect());
    }
    // What has no import left is taken away until nothing can be: the rest is a circle.
    while let Some(leaf) = edges.iter().find(|(_, targets)| targets.is_empty()).map(|(from, _)| *from) {
        edges.remove(leaf);
        edges.values_mut().for_each(|targets| _ = targets.remove(leaf));
    }
    assert!(edges.is_empty(), "modules that import each other: {edges:?}");
}

#[test]
fn only_the_edges_wait() {
    let imports = imports();
    let waiting = imports.iter().filter(|(_, (_, has_async))| *has_async).map(|(path, _)| path);
    let faults: Vec<String> =
        waiting.filter(|path| !ASYNC.contains(&path[0].as_str())).map(|path| path.join("::")).collect();
    assert!(faults.is_empty(), "async outside {ASYNC:?}: {faults:?}");
}

#[test]
fn no_room_is_called_utils() {
    for (path, _) in imports() {
        assert!(
            !path.iter().any(|part| ["util", "utils", "helpers", "common", "misc", "prelude"].contains(&part.as_str()))
        );
    }
}

#[test]
fn the_plan_sees_what_the_code_imports() {
    let imports = imports();
    let compare: Vec<String> = ["judge", "compare"].map(str::to_owned).to_vec();
    let measurement: Vec<String> = ["measure", "measurement"].map(str::to_owned).to_vec();
    assert!(imports[&compare].0.contains(&measurement), "a check that cannot see an import cannot fail");
    let found = paths("use crate::a::{b, c::{D, e}}; fn f() { super::g::h() } let x = self::i::J;");
    let expected: BTreeSet<Vec<String>> =
        ["crate a b", "crate a c D", "crate a c e", "super g h", "self i J"].map(split).into();
    assert_eq!(found, expected);
    assert_eq!(code("a // crate::b\n\"crate::c\" d").split_whitespace().collect::<Vec<_>>(), ["a", "d"]);
}

fn split(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}
