//! The JSON Schemas: the published copies are what the program prints, and what trueup reads and writes fits them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use trueup::document::source::SourceFile;
use trueup::measure::measurement::Snapshot;
use trueup::{config, snapshot};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn printed(schema: &Value) -> String {
    format!("{}\n", serde_json::to_string_pretty(schema).unwrap())
}

#[test]
fn the_published_schemas_are_those_of_the_program() {
    for (name, schema) in [("config", config::schema::schema()), ("snapshot", snapshot::schema::schema())] {
        let path = root().join(format!("docs/schema/{name}.json"));
        let published = fs::read_to_string(&path).unwrap_or_default();
        let advice = format!("run `cargo run -- schema {name} >docs/schema/{name}.json`");
        assert!(published == printed(&schema), "docs/schema/{name}.json is not what the program prints: {advice}");
    }
}

/// Texts of trueup.toml that the reader takes: of the examples, of the documents, and the one with every key.
fn good() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut files: Vec<PathBuf> = vec![root().join("README.md"), root().join("trueup.toml")];
    // Other documents show parts of a trueup.toml, and other files.
    files.push(root().join("docs/reports.md"));
    let mut folders = vec![root().join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    for file in files {
        let name = file.display().to_string();
        let Ok(text) = fs::read_to_string(&file) else { continue };
        if name.ends_with("trueup.toml") {
            texts.push((name, text));
        } else if name.ends_with(".md") {
            let blocks = text.split("\n```toml\n").skip(1).filter_map(|rest| rest.split_once("\n```"));
            texts.extend(blocks.map(|(block, _)| (name.clone(), block.to_owned())));
        }
    }
    let tests = fs::read_to_string(root().join("src/config/tests.rs")).unwrap();
    let full = tests.split_once("FULL: &str = r#\"").and_then(|(_, rest)| rest.split_once("\"#;")).unwrap().0;
    texts.push(("the text with every key".to_owned(), full.to_owned()));
    assert!(texts.len() > 4, "{}", texts.len());
    texts
}

/// Texts that neither the reader nor the schema takes.
const BAD: &[&str] = &[
    "dcos = ['README.md']",
    "docs = [1]",
    "[run]\ndeadline = '15'",
    "[run]\nconcurrency = 0",
    "[judge]\nunbound = 'maybe'",
    "[group.a]\nexpect = '21'\n[group.a.target.b]",
    "[group.a]\ndiscover = {}",
    "[group.a]\ndiscover = { docker = {} }",
    "[group.a.target.b]\ncheck.ping = {}",
    "[group.a.target.b]\ncheck.tcp = { address = 'localhost' }",
    "[group.a.target.b]\ncheck.http = { url = 'ftp://h' }",
    "[group.a.target.b]\ncheck.http = { url = 'http://h', method = 'GETT' }",
    "[group.a.target.b]\ncheck.command = { command = 'true' }",
    "[group.a.target.b]\ncheck.command = { command = ['true'], rung = 'up' }",
    "[metric.a]",
    "[metric.a]\nfrom = {}",
    "[metric.a]\nfrom.command = {}",
    "[metric.a]\nfrom.command = { command = ['x'] }\nfrom.file = { count = '*' }",
    "[metric.a]\nfrom.file = { path = 'a.json' }",
    "[metric.a]\nfrom.file = { path = 'a.json', value = 'x.y' }",
    "[metric.a]\nfrom.http = { url = 'http://h', load = { requests = 9 }, value = 'p99' }",
    "[metric.a]\nfrom.prometheus = { url = 'http://h' }",
    "[group.a]\ndiscover.prometheus = { query = 'up' }",
    "[group.a.target.b]\ncheck.http = { url = 'http://h', bearer = 'x' }",
    "[group.a.target.b]\ncheck.http = { url = 'http://h', load = { requests = 99999 } }",
    "[group.a.target.b]\ncheck.prometheus = { url = 'http://h', query = 'up', is = '1' }",
    "[metric.a]\nfrom.junit = { value = 'passed' }",
    "[metric.a]\nfrom.junit = { path = 'a.xml', value = 'passing' }",
    "[metric.a]\nfrom.coverage = { path = 'a.xml', max_age = '1' }",
    "[metric.a]\nfrom.git = { count = 'lines' }",
    "[text.a]\ncwd = 'x'",
    "[[bind]]\npattern = 'x'",
];

fn json_of(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

/// The files that `tests/run` validates with a validator of somebody else's: what must fit, and what must not.
#[test]
fn what_trueup_reads_and_writes_fits() {
    for (name, text) in good() {
        let file = Arc::new(SourceFile::new(name.clone(), text.as_str()));
        let parsed = config::parse(&file, root());
        assert!(parsed.is_ok(), "{name}: {parsed:#?}");
    }
    for text in BAD {
        let file = Arc::new(SourceFile::new("bad", *text));
        assert!(config::parse(&file, root()).is_err(), "{text}");
    }
    let Some(validate) = validator() else { return };
    let config = printed(&config::schema::schema());
    for (name, text) in good() {
        assert_eq!(validate(&config, &json_of(&text)), Ok(()), "{name}");
    }
    for text in BAD {
        assert!(validate(&config, &json_of(text)).is_err(), "{text}");
    }
    // Fields that nobody described are let through to later readers; ours are all described.
    let mut strict = snapshot::schema::schema();
    close(&mut strict);
    let strict = printed(&strict);
    let seen: Value = serde_json::from_str(&taken()).unwrap();
    assert_eq!(validate(&strict, &seen), Ok(()));
    let empty = serde_json::to_value(Snapshot::empty(jiff::Timestamp::UNIX_EPOCH)).unwrap();
    assert_eq!(validate(&strict, &empty), Ok(()));
    for (pointer, value) in [
        ("/schema_version", json!(2)),
        ("/taken_at", json!(3)),
        ("/groups/0/targets/0/checks/0/rung", json!("up")),
        ("/groups/0/targets/0/checks/0/outcome", json!({ "outcome": "failed" })),
        ("/metrics/0/outcome/value", json!("12")),
        ("/about/definitions", json!({ "x": "y" })),
    ] {
        let mut wrong = seen.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert!(validate(&strict, &wrong).is_err(), "{pointer}");
    }
}

/// Forbids what is not described, in every object that lists its properties.
fn close(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.contains_key("properties") {
            object.entry("additionalProperties").or_insert(json!(false));
        }
        object.values_mut().for_each(close);
    } else if let Value::Array(list) = schema {
        list.iter_mut().for_each(close);
    }
}

/// A snapshot with an answer of each sort.
fn taken() -> String {
    let folder = tempfile::tempdir().unwrap();
    let config = "[group.g]\nexpect = 4\ndiscover = { mcp = 'gone.json' }\n[group.g.target.up]\ncheck.command = { command = ['true'] }\n\
        [group.g.target.down]\ncheck.command = { command = ['sh', '-c', 'echo no >&2; exit 3'] }\n[group.g.target.away]\n\
        check.file = { path = '/proc/self/mem', matches = 'x' }\n\
        [metric.n]\nfrom.command = { command = ['echo', '12'] }\n[metric.gone]\nfrom.junit = { path = 'gone.xml' }\n\
        [metric.part]\nfrom.command = { command = ['echo', '3 of 4'], pattern = '(?<value>\\d+) of (?<total>\\d+)' }\n\
        [text.t]\ncommand = ['echo', 'a']\n[text.none]\ncommand = ['false']\n";
    fs::write(folder.path().join("trueup.toml"), config).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_trueup"))
        .args(["probe", "--format", "json"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A validator of somebody else's, which `tests/run` fetches. Without one the rest of the test says that it is skipped, and
/// fails where nothing may be.
fn validator() -> Option<impl Fn(&str, &Value) -> Result<(), String>> {
    let Ok(folder) = std::env::var("TRUEUP_TEST_SCHEMAS") else {
        let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
        assert!(!all, "TRUEUP_TEST_ALL=1, and TRUEUP_TEST_SCHEMAS is not set");
        // Past the capture of the test harness, which shows nothing of a test that passes.
        _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: schema: no validator (run tests/run)\n");
        return None;
    };
    let python = PathBuf::from(folder).join("venv/bin/python");
    Some(move |schema: &str, document: &Value| {
        let folder = tempfile::tempdir().unwrap();
        let (of, path) = (folder.path().join("schema.json"), folder.path().join("document.json"));
        fs::write(&of, schema).unwrap();
        fs::write(&path, document.to_string()).unwrap();
        let output = std::process::Command::new("timeout")
            .args(["--kill-after=5", "60"])
            .arg(&python)
            .arg(root().join("tests/schemas/validate.py"))
            .args([&of, &path])
            .output()
            .unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    })
}
