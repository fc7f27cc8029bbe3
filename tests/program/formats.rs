//! `trueup check` in every format, on standard output and into files.

use std::fs;

use trueup::report::Format;

use crate::support::program::Project;
use crate::{NO_ENGINE, project_with_boxes};

/// One claim of each sort.
const DOCUMENT: &str = "# Status\n\n2/2 services operational.\n\nAll gateways operational.\n\n3/3 boxes running.\n\n\
    The search engine is operational.\n\n<!-- trueup: ignore -->\n0/2 services operational.\n";

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    let drift = "All gateways operational. The search engine is operational.\n";
    for (document, code) in [
        ("2/2 services operational.\n", 0),
        (drift, 1),
        ("<!-- trueup: nothing -->\n2/2 services operational.\n", 2),
        ("3/3 boxes running.\n", 3),
        ("The search engine is operational.\n", 4),
    ] {
        let project = project_with_boxes(document);
        for format in Format::ALL {
            let run = project.trueup(["check", "--format", format.name()]).env("DOCKER_HOST", NO_ENGINE).run();
            assert!(!run.exits(code).stdout().is_empty(), "{}", format.name());
            assert_eq!(run.stderr(), "", "{}", format.name());
        }
    }
}

#[test]
fn several_reports_of_one_run() {
    let project = project_with_boxes(DOCUMENT);
    let mut arguments = vec!["check".to_owned(), "--format".to_owned(), "concise".to_owned()];
    for format in Format::ALL {
        arguments.extend(["--output".to_owned(), format!("{0}=out.{0}", format.name())]);
    }
    let all = project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run();
    all.exits(1);
    assert_eq!(all.stdout(), project.text("out.concise"));
    for format in Format::ALL {
        let one = project.trueup(["check", "--format", format.name()]).env("DOCKER_HOST", NO_ENGINE).run();
        assert_eq!(one.stdout(), project.text(&format!("out.{}", format.name())), "{}", format.name());
    }
    let left = fs::read_dir(project.folder()).unwrap().count();
    assert_eq!(left, Format::ALL.len() + 2, "nothing is left beside the reports");
}

#[test]
fn faults_of_the_configuration_are_in_the_files_as_well() {
    let project = Project::new().with("trueup.toml", "docs = 3\n").with("A.md", "2/2 services up\n");
    project.run("check --output sarif=out.sarif").exits(2);
    let sarif: serde_json::Value = serde_json::from_slice(&project.bytes("out.sarif")).unwrap();
    let invocation = &sarif["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 2);
    let told = &invocation["toolConfigurationNotifications"][0];
    assert_eq!(told["associatedRule"]["id"], "invalid-configuration");
    assert_eq!(told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "trueup.toml");
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_keeps_no_other_back() {
    let project = project_with_boxes("2/2 services operational.\n");
    let arguments = ["check", "--output", "sarif=gone/out.sarif", "--output", "tap=out.tap"];
    let run = project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run();
    assert!(run.exits(2).stdout().ends_with("1 document: 0 claims drifted, 1 holds\n"), "{}", run.shown());
    assert_eq!(
        run.stderr(),
        "error: cannot write the sarif report to `gone/out.sarif`: there is no folder `gone`; make it first\n"
    );
    assert!(project.text("out.tap").starts_with("TAP version 14\n"));
}

#[test]
fn an_output_that_cannot_be_meant_is_wrong_usage() {
    let project = project_with_boxes("2/2 services operational.\n");
    for arguments in
        ["--output sarif", "--output xml=a", "--output tap=", "--output tap=-", "--output tap=a --output json=a"]
    {
        let run = project.run(&format!("check {arguments}"));
        assert_eq!(run.exits(2).stdout(), "", "{arguments}");
    }
    assert!(!project.path("a").exists());
}
