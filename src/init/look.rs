//! Looking around in the folder of a project. Files are read, nothing is run, and nobody is asked.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::compose;
use super::found::{Counted, Found, Manifest, Servers};
use crate::globs::{self, Globs};

/// Most bytes that are read of a file.
const LIMIT: u64 = 8 << 20;

const COMPOSES: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

const SERVERS: &[&str] = &[".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json"];

/// Where runners put reports of tests. The last component may be a pattern; a `*` before it stands for one folder.
const CASES: &[&str] = &[
    "junit.xml",
    "test-results.xml",
    "test-results/junit.xml",
    "test-results/*.xml",
    "reports/junit.xml",
    "target/nextest/*/junit.xml",
    "target/surefire-reports/*.xml",
    "build/test-results/test/*.xml",
];

/// Where tools put reports of coverage.
const COVERAGE: &[&str] = &[
    "lcov.info",
    "coverage/lcov.info",
    "target/lcov.info",
    "coverage.xml",
    "coverage/cobertura-coverage.xml",
    "cobertura.xml",
    "coverage.json",
];

/// Files that documents count.
const COUNTED: &[Counted] = &[
    Counted { key: "agents", names: &["agents", "subagents"], globs: &[".claude/agents/**/*.md"] },
    Counted { key: "commands", names: &["slash commands", "commands"], globs: &[".claude/commands/**/*.md"] },
    Counted { key: "skills", names: &["skills"], globs: &[".claude/skills/*/SKILL.md"] },
    Counted {
        key: "workflows",
        names: &["workflows"],
        globs: &[".github/workflows/*.yml", ".github/workflows/*.yaml"],
    },
];

/// Numbers of package manifests.
const MANIFESTS: &[Manifest] = &[
    Manifest { path: "package.json", pointer: "/dependencies" },
    Manifest { path: "Cargo.toml", pointer: "/dependencies" },
    Manifest { path: "pyproject.toml", pointer: "/project/dependencies" },
];

/// Folders of sources, with what is looked for in them.
const SOURCES: &[&str] = &["src", "lib", "app", "tests", "test"];

/// Looks around in `root`. `holds_cases` and `holds_coverage` say of a file whether it is a report that can be read.
pub fn look(root: &Path, holds_cases: impl Fn(&Path) -> bool, holds_coverage: impl Fn(&Path) -> bool) -> Found {
    let mut found = Found::default();
    composes(root, &mut found);
    for path in SERVERS {
        servers(root, path, &mut found);
    }
    found.cases = reports(root, CASES, holds_cases);
    found.coverage = reports(root, COVERAGE, holds_coverage);
    found.counted = counted(root);
    found.manifests = MANIFESTS.iter().filter(|manifest| has_number(root, manifest)).cloned().collect();
    found.sources = SOURCES.iter().filter(|name| root.join(name).is_dir()).map(|name| format!("{name}/**")).collect();
    found.pytest = text(&root.join("pyproject.toml")).is_some_and(|text| text.contains("pytest"))
        || root.join("pytest.ini").is_file();
    found
}

/// The first compose file, as compose itself chooses it.
fn composes(root: &Path, found: &mut Found) {
    let Some(name) = COMPOSES.iter().find(|name| root.join(name).is_file()) else { return };
    let folder = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let folder = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(text) = text(&root.join(name)) else {
        found.passed_over.push(format!("`{name}` cannot be read"));
        return;
    };
    match compose::read(name, &folder, &text) {
        Ok((compose, passed_over)) => {
            found.passed_over.extend(passed_over);
            found.composes.push(compose);
        }
        Err(why) => found.passed_over.push(why),
    }
}

fn servers(root: &Path, path: &str, found: &mut Found) {
    let Some(text) = text(&root.join(path)) else { return };
    let file: Option<Value> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok();
    let servers = file.as_ref().and_then(|file| file.get("mcpServers")).and_then(Value::as_object);
    let Some(servers) = servers else {
        found.passed_over.push(format!("`{path}` has no `mcpServers`"));
        return;
    };
    let enabled = servers.iter().filter(|(_, entry)| entry.get("disabled") != Some(&Value::Bool(true)));
    let names: Vec<String> = enabled.map(|(name, _)| name.clone()).collect();
    if !names.is_empty() {
        found.servers.push(Servers { path: path.to_owned(), names });
    }
}

/// The places of `known` that hold a report that can be read.
fn reports(root: &Path, known: &[&str], can_be_read: impl Fn(&Path) -> bool) -> Vec<String> {
    let places = known.iter().flat_map(|place| unfolded(root, place));
    places.filter(|place| can_be_read(&root.join(place))).collect()
}

/// A place for each folder that a `*` in its middle stands for.
fn unfolded(root: &Path, place: &str) -> Vec<String> {
    let Some((before, after)) = place.split_once("/*/") else { return vec![place.to_owned()] };
    let Ok(entries) = fs::read_dir(root.join(before)) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut places: Vec<String> = names.map(|name| format!("{before}/{name}/{after}")).collect();
    places.sort();
    places
}

fn counted(root: &Path) -> Vec<Counted> {
    let files: Vec<PathBuf> = globs::files(root).flatten().collect();
    let inside: Vec<&Path> = files.iter().filter_map(|file| file.strip_prefix(root).ok()).collect();
    let any = |counted: &&Counted| {
        let globs: Vec<String> = counted.globs.iter().map(|&glob| glob.to_owned()).collect();
        Globs::new(&globs).is_ok_and(|globs| inside.iter().any(|file| globs.matches(file)))
    };
    COUNTED.iter().filter(any).cloned().collect()
}

fn has_number(root: &Path, manifest: &Manifest) -> bool {
    let Some(text) = text(&root.join(manifest.path)) else { return false };
    let value: Option<Value> = if manifest.path.ends_with(".json") {
        serde_json::from_str(&text).ok()
    } else {
        toml::from_str::<toml::Table>(&text).ok().and_then(|table| serde_json::to_value(table).ok())
    };
    value
        .is_some_and(|value| value.pointer(manifest.pointer).is_some_and(|there| there.is_object() || there.is_array()))
}

fn text(path: &Path) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(path).ok()?.take(LIMIT).read_to_string(&mut text).ok()?;
    Some(text)
}
