//! Reports as real test runners and coverage tools write them, of suites whose outcome is known. `tests/run` fetches them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use trueup::measure::results::cases::Cases;
use trueup::measure::results::coverage::{Coverage, Part};
use trueup::measure::results::{cases, coverage};

/// The folder that `tests/run` prepared. Without one the test says that it is skipped, and fails where nothing may be.
fn runners(test: &str) -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TRUEUP_TEST_RUNNERS") {
        return Some(PathBuf::from(folder));
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_RUNNERS is not set");
    // Past the capture of the test harness, which shows nothing of a test that passes.
    _ = writeln!(std::io::stderr(), "skipped: {test}: no test runners (run tests/run)");
    None
}

/// Runs a program in `folder`, for a bounded time; its tests fail, so its exit code says nothing.
fn run(folder: &Path, program: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", "240"]).arg(program).args(arguments).current_dir(folder);
    // What a test run tells its own tests is not for the runners in it.
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("NEXTEST") || name.starts_with("CARGO_TARGET"))
    {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn read(path: &Path, output: &Output) -> Cases {
    cases(&[path.to_owned()], || false).map(|read| read.said).unwrap_or_else(|why| panic!("{why:?}\n{output:?}"))
}

fn covered(path: &Path, output: &Output) -> Coverage {
    coverage(&[path.to_owned()], || false).map(|read| read.said).unwrap_or_else(|why| panic!("{why:?}\n{output:?}"))
}

fn part(hit: u64, found: u64) -> Option<Part> {
    Some(Part { hit, found })
}

const PYTHON: &str = "import pytest\nfrom code_ import choose\n\ndef test_a(): assert choose(1) == 'one'\n\
    @pytest.mark.parametrize('n', [1, 2])\ndef test_b(n): pass\ndef test_c(): assert choose(1) == 'two'\n\
    @pytest.fixture\ndef broken(): raise RuntimeError('no')\ndef test_d(broken): pass\n\
    @pytest.mark.skip(reason='later')\ndef test_e(): pass\n@pytest.mark.xfail\ndef test_f(): assert False\n";

#[test]
fn pytest_and_coverage_py() {
    let Some(runners) = runners("pytest") else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("test_it.py"), PYTHON).unwrap();
    fs::write(at("code_.py"), "def choose(n):\n    if n == 1:\n        return 'one'\n    return 'other'\n").unwrap();
    let python = runners.join("venv/bin/python");
    let arguments =
        ["-m", "coverage", "run", "--branch", "--include=code_.py", "-m", "pytest", "--junit-xml=junit.xml"];
    let output = run(folder.path(), &python, &arguments);
    // An expected failure is one of the skipped to pytest.
    assert_eq!(read(&at("junit.xml"), &output), Cases { passed: 3, failed: 1, errors: 1, skipped: 2 });
    let expected = Coverage { lines: part(3, 4), branches: part(1, 2), functions: None };
    for (form, file) in [("json", "coverage.json"), ("xml", "coverage.xml")] {
        let output = run(folder.path(), &python, &["-m", "coverage", form]);
        assert_eq!(covered(&at(file), &output), expected, "{file}");
    }
    let output = run(folder.path(), &python, &["-m", "coverage", "lcov"]);
    let lcov = covered(&at("coverage.lcov"), &output);
    assert_eq!((lcov.lines, lcov.branches), (expected.lines, expected.branches));
}

#[test]
fn the_runner_of_node() {
    let Some(_) = runners("node") else { return };
    let folder = tempfile::tempdir().unwrap();
    let text = "const {test, describe} = require('node:test'); const assert = require('node:assert'); const {choose} = require('./code.js');\n\
        describe('suite', () => { test('a', () => assert.equal(choose(1), 'one')); test('b', () => {}); \
        describe('inner', () => test('c', () => assert.equal(1, 2))); test('d', {skip: true}, () => {}); });\ntest('e', () => {});\n";
    fs::write(folder.path().join("it.test.js"), text).unwrap();
    let code = "exports.choose = n => {\n  if (n === 1) {\n    return 'one';\n  }\n  return 'other';\n};\n";
    fs::write(folder.path().join("code.js"), code).unwrap();
    let arguments = [
        "--test",
        "--experimental-test-coverage",
        "--test-reporter=junit",
        "--test-reporter-destination=junit.xml",
        "--test-reporter=lcov",
        "--test-reporter-destination=lcov.info",
    ];
    let output = run(folder.path(), Path::new("node"), &arguments);
    let expected = Cases { passed: 3, failed: 1, errors: 0, skipped: 1 };
    assert_eq!(read(&folder.path().join("junit.xml"), &output), expected);
    let lines = covered(&folder.path().join("lcov.info"), &output).lines.unwrap();
    assert!(lines.hit < lines.found && lines.found >= 6, "{lines:?}");
}

#[test]
fn vitest() {
    let Some(runners) = runners("vitest") else { return };
    let folder = tempfile::tempdir_in(&runners).unwrap();
    let text = "import {test, describe, expect} from 'vitest';\n\
        describe('suite', () => { test('a', () => {}); describe('inner', () => test('b', () => expect(1).toBe(2))); test.skip('c', () => {}); });\n\
        test('d', () => { throw new Error('no'); });\n";
    fs::write(folder.path().join("it.test.mjs"), text).unwrap();
    let arguments = ["run", "--reporter=junit", "--outputFile=junit.xml"];
    let output = run(folder.path(), &runners.join("node_modules/.bin/vitest"), &arguments);
    // What a test throws is a failure to vitest.
    let expected = Cases { passed: 1, failed: 2, errors: 0, skipped: 1 };
    assert_eq!(read(&folder.path().join("junit.xml"), &output), expected);
}

#[test]
fn cargo_nextest() {
    let Some(_) = runners("cargo-nextest") else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for name in ["src", ".config"] {
        fs::create_dir(at(name)).unwrap();
    }
    fs::write(at("Cargo.toml"), "[package]\nname = \"it\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n")
        .unwrap();
    fs::write(
        at("src/lib.rs"),
        "#[test] fn a() {}\n#[test] fn b() { panic!(\"no\") }\n#[test] fn c() {}\n#[test] #[ignore] fn d() {}\n",
    )
    .unwrap();
    fs::write(at(".config/nextest.toml"), "[profile.ci]\nfail-fast = false\njunit.path = \"junit.xml\"\n").unwrap();
    let output = run(
        folder.path(),
        Path::new("cargo"),
        &["nextest", "run", "--offline", "--profile", "ci", "--target-dir", "target"],
    );
    // Ignored tests are not in its report.
    let expected = Cases { passed: 2, failed: 1, errors: 0, skipped: 0 };
    assert_eq!(read(&at("target/nextest/ci/junit.xml"), &output), expected);
}
