//! `trueup check`: each verdict with its words and its exit code.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::program::{Project, Run};
use crate::{NO_ENGINE, project, project_with_boxes};

/// Checks a document without an engine; what it is said to be in JSON ends in the same way.
#[track_caller]
fn check(project: &Project, more: &[&str], code: i32) -> Run {
    let before = project.state();
    let run = |format| {
        let arguments = ["check", "--format", format].into_iter().chain(more.iter().copied());
        project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run()
    };
    let json = run("json");
    assert_eq!(json.exits(code).json()["exit_code"], code);
    let human = run("human");
    human.exits(code);
    assert_eq!((human.stderr(), json.stderr()), ("", ""));
    assert_eq!(project.state(), before, "a check writes nothing");
    human
}

#[test]
fn a_true_document() {
    let project = project("# Status\n\nAll workers operational. 2/2 services working.\n\nGateways: 50% operational.\n");
    assert_snapshot!(check(&project, &["STATUS.md"], 0).shown());
}

#[test]
fn drift() {
    let project =
        project("# Status\n\nAll gateways operational.\n\n| worker | state |\n|---|---|\n| north | ✅ up |\n");
    assert_snapshot!(check(&project, &["STATUS.md"], 1).shown());
}

#[test]
fn a_claim_of_less_than_there_is_drifted_as_well() {
    let project = project("0/2 services operational.\n");
    assert_snapshot!(check(&project, &["STATUS.md"], 1).shown());
}

#[test]
fn nothing_bound() {
    let project = project("The search engine is operational.\n");
    assert_snapshot!("unbound", check(&project, &["STATUS.md"], 4).shown());
    assert_snapshot!("unbound_allowed", check(&project, &["STATUS.md", "--allow-empty"], 0).shown());
}

#[test]
fn an_engine_that_is_not_there_is_one_finding() {
    let project = project_with_boxes("All boxes running.\n\n3 boxes running.\n\nAll workers operational.\n");
    let run = check(&project, &["STATUS.md"], 3);
    assert_snapshot!(run.shown());
    let json = project.trueup(["check", "--format", "json"]).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(json.findings("unmeasured-source").len(), 1);
    assert_eq!(
        json.json()["summary"]["claims"],
        json!({
            "drifted": 0, "holds": 1, "weak": 0, "unmeasured": 2, "unbound": 0, "ignored": 0, "known": 0, "older": 0,
            "contradictions": 0
        })
    );
}

#[test]
fn drift_is_proven_whatever_else_is_unknown() {
    let project = project_with_boxes("All boxes running.\n\nAll gateways operational.\n");
    let run = check(&project, &["STATUS.md"], 1);
    let last = "1 document: 1 claim drifted, 1 unmeasured
";
    assert!(run.shown().ends_with(last), "{}", run.shown());
}

#[test]
fn an_ignored_claim_is_counted_and_has_no_weight() {
    let project = project(
        "All services operational.\n\n<!-- trueup: ignore: known, see issue 12 -->\nAll gateways operational.\n",
    );
    let run = check(&project, &["STATUS.md"], 0);
    assert_snapshot!(run.shown());
}

#[test]
fn an_annotation_binds() {
    let project = project(
        "<!-- trueup: workers -->\nEverything is operational.\n\n<!-- trueup: nowhere -->\nAll workers operational.\n",
    );
    assert_snapshot!("annotation_unknown", check(&project, &["STATUS.md"], 2).shown());
    project.write("STATUS.md", "<!-- trueup: ports -->\nAll 2 of them are operational.\n");
    assert_snapshot!("annotation", check(&project, &["STATUS.md"], 1).shown());
}

#[test]
fn metrics_answer_numbers() {
    let config = "[metric.pages]\nnames = [\"pages\"]\nfrom.file = { count = \"pages/*.md\" }\n\
        [metric.tests]\nnames = [\"tests\"]\n\
        from.command = { command = [\"sh\", \"-c\", \"echo 40 of 42 passed\"], pattern = '(?P<value>\\d+) of (?P<total>\\d+)' }\n";
    let project = Project::new().with("trueup.toml", config).with("pages/a.md", "").with("pages/b.md", "");
    project.write("A.md", "# Status\n\n2 pages.\n\nTests: 40/42 passing.\n");
    check(&project, &["A.md"], 0);
    project.write("A.md", "# Status\n\n3 pages.\n\nTests: 42/42 passing.\n\nAll tests passing.\n");
    assert_snapshot!(check(&project, &["A.md"], 1).shown());
    // A program that fails has no number to tell, and a number that is not known is not zero.
    project.write("trueup.toml", config.replace("echo 40 of 42 passed", "echo panicked >&2; exit 101"));
    project.write("A.md", "Tests: 0/42 passing.\n");
    assert_snapshot!("metric_without_a_number", check(&project, &["A.md"], 3).shown());
}

#[test]
fn weak_evidence_holds_and_is_told() {
    let config =
        "[group.files]\nnames = [\"files\"]\n[group.files.target.list]\ncheck.file = { path = \"list.txt\" }\n";
    let project =
        Project::new().with("trueup.toml", config).with("list.txt", "x").with("A.md", "All files deployed.\n");
    check(&project, &["A.md"], 0);
    let config = "[group.sites]\nnames = [\"sites\"]\n[group.sites.target.a]\ncheck.command = { command = [\"true\"], rung = \"running\" }\n";
    let project = Project::new().with("trueup.toml", config).with("A.md", "All sites operational.\n");
    assert_snapshot!(check(&project, &["A.md"], 0).shown());
}

#[test]
fn no_exec_refuses_programs_and_tells_of_it() {
    let project = project("All services operational.\n");
    assert_snapshot!(check(&project, &["STATUS.md", "--no-exec"], 3).shown());
}

#[test]
fn without_a_path_the_documents_of_the_project_are_meant() {
    let project = project("All services operational.\n").with("OTHER.md", "All gateways operational.\n");
    assert_eq!(check(&project, &[], 0).stdout().matches("STATUS.md").count(), 0);
    // No `docs`: all that git does not ignore, from any folder of the project.
    let config = crate::CONFIG.replace("docs = [\"STATUS.md\"]", "");
    project.write("trueup.toml", config);
    project.write(".ignore", "vendor/\n");
    project.write("vendor/V.md", "All gateways operational.\n");
    project.write("below/B.md", "All gateways operational.\n");
    for folder in ["", "below"] {
        let run = project.trueup(["check", "--format", "json"]).env("DOCKER_HOST", NO_ENGINE).inside(folder).run();
        let documents = run.exits(1).json()["documents"].clone();
        let names: Vec<&str> = documents.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        for (name, end) in names.iter().zip(["OTHER.md", "STATUS.md", "below/B.md"]) {
            assert!(name.ends_with(end), "{names:?}");
        }
    }
}

#[test]
fn standard_input_is_a_document() {
    let project = project("");
    let run = project.trueup(["check", "-"]).env("DOCKER_HOST", NO_ENGINE).stdin("2/2 services up.\n").run();
    run.exits(0);
    let run = project.trueup(["check", "-"]).env("DOCKER_HOST", NO_ENGINE).stdin("All gateways operational.\n").run();
    run.exits(1);
    assert!(run.stdout().contains("--> <stdin>:1:1"), "{}", run.shown());
}

#[test]
fn another_configuration_is_used_when_named() {
    let project = project("All services operational.\n");
    project.write(
        "strict/other.toml",
        "[group.workers]\nnames = [\"services\"]\n[group.workers.target.a]\ncheck.file = { path = \"here.txt\" }\n",
    );
    // Its paths are relative to it.
    project.write("strict/here.txt", "x");
    project.write("D.md", "All services deployed.\n");
    check(&project, &["D.md", "--config", "strict/other.toml"], 0);
    std::fs::remove_file(project.path("strict/here.txt")).unwrap();
    let run = check(&project, &["D.md", "--config", "strict/other.toml"], 1);
    assert!(run.stdout().contains("::: strict/other.toml:1:8"), "{}", run.shown());
}

#[test]
fn two_projects_are_refused() {
    let project = Project::new();
    for name in ["a", "b"] {
        project.write(&format!("{name}/trueup.toml"), "");
        project.write(&format!("{name}/D.md"), "All is well.\n");
    }
    assert_snapshot!(check(&project, &["a/D.md", "b/D.md"], 2).shown());
}

#[test]
fn without_a_configuration_no_claim_is_bound() {
    let project = Project::new().with("A.md", "All servers operational.\n");
    assert_snapshot!(check(&project, &["A.md"], 4).shown());
}
