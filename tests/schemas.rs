//! SARIF and JUnit output against the published schemas, TAP output through a strict parser. `tests/run` fetches them.

#[path = "common/findings.rs"]
mod findings;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use trueup::exit::ExitCode;
use trueup::judge::verdict::Counts;
use trueup::report::{Format, Report, Style, render};

/// The folder that `tests/run` prepared. Without one the test says that it is skipped, and fails where nothing may be.
fn schemas(test: &str) -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TRUEUP_TEST_SCHEMAS") {
        return Some(PathBuf::from(folder));
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_SCHEMAS is not set");
    // Past the capture of the test harness, which shows nothing of a test that passes.
    _ = writeln!(std::io::stderr(), "skipped: {test}: no schemas (run tests/run)");
    None
}

/// What the validator says of a file: nothing where it fits.
fn faults(schemas: &Path, schema: &str, bytes: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report");
    std::fs::write(&path, bytes).unwrap();
    let output = Command::new("timeout")
        .args(["--kill-after=5", "60"])
        .arg(schemas.join("venv/bin/python"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/validate.py"))
        .args([schemas.join(schema), path])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

/// Holds the report of all findings, and that of a run without any, against a schema; and something that does not fit, for
/// a check that cannot fail shows nothing.
fn validate(schemas: &Path, format: Format, schema: &str, misfit: &str) {
    let (full, ..) = findings::findings();
    let empty = Report::new(vec!["a.md".to_owned()], vec![], Counts::default(), Duration::ZERO, ExitCode::Nothing);
    for report in [full, empty] {
        let mut out = Vec::new();
        render(&report, format, &Style::default(), &mut out).unwrap();
        assert_eq!(faults(schemas, schema, &out), Ok(()), "{}", format.name());
    }
    let said = faults(schemas, schema, misfit.as_bytes()).unwrap_err();
    assert!(said.contains("colour"), "{said}");
}

#[test]
fn sarif() {
    let Some(folder) = schemas("sarif") else { return };
    validate(&folder, Format::Sarif, "sarif.json", r#"{"version": "2.1.0", "runs": [], "colour": 3}"#);
}

#[test]
fn junit() {
    let Some(folder) = schemas("junit") else { return };
    validate(&folder, Format::Junit, "junit.xsd", r#"<testsuites colour="3"/>"#);
}

#[test]
fn tap() {
    let Some(folder) = schemas("tap") else { return };
    let (report, ..) = findings::findings();
    let temporary = tempfile::tempdir().unwrap();
    let read = |bytes: &[u8]| {
        let path = temporary.path().join("report.tap");
        std::fs::write(&path, bytes).unwrap();
        let output = Command::new("timeout")
            .args(["--kill-after=5", "60", "node"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/tap.js"))
            .args([&folder, &path])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let mut out = Vec::new();
    render(&report, Format::Tap, &Style::default(), &mut out).unwrap();
    assert_eq!(read(&out).trim_end(), r#"{"count":12,"pass":7,"fail":5,"skip":5,"faults":[]}"#);
    let misfit = read(b"TAP version 14\n1..1\nnonsense\nok 1\n");
    assert!(misfit.contains("Non-TAP data"), "{misfit}");
}
