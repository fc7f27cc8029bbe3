//! Usage, lists and snapshots.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use insta::assert_snapshot;

use crate::support::program::Project;
use crate::{NO_ENGINE, project, project_with_boxes};

#[test]
fn help() {
    let project = Project::new();
    for name in ["", "check", "fix", "claims", "probe"] {
        let run = project.trueup(name.split_whitespace().chain(["--help"])).run();
        assert_eq!(run.exits(0).stderr(), "");
        assert_snapshot!(format!("help_{}", if name.is_empty() { "trueup" } else { name }), run.shown());
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let project = Project::new();
    let run = project.run("--version");
    assert_eq!(run.exits(0).stdout(), concat!("trueup ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_usage_is_exit_2_on_standard_error() {
    let project = Project::new();
    for arguments in ["", "chekc", "check --format xml", "check --colour", "fix --format json", "probe a b"] {
        let run = project.run(arguments);
        assert_eq!(run.exits(2).stdout(), "", "{arguments}");
        assert!(run.stderr().contains("Usage: ") || run.stderr().contains("--help"), "{}", run.shown());
    }
}

#[test]
fn claims_are_listed_without_a_measurement() {
    let document = "# État ✅\n\nAll **21** servers operational; 19 of 21 connected.\n\n## Tests\n\n- Tests: 312/312 passing\n- Coverage: ~85%\n";
    let project = Project::new().with("A.md", document).with("B.md", "Nothing claimed.\n");
    // Documents that are named need no configuration: a broken one is no hindrance.
    project.write("trueup.toml", "broken");
    let human = project.run("claims A.md B.md");
    assert_eq!(human.exits(0).stderr(), "");
    assert_snapshot!("claims_human", human.shown());
    let json = project.run("claims --format json A.md B.md").exits(0).json();
    assert_eq!(json["schema_version"], 1);
    let documents = json["documents"].as_array().unwrap();
    assert_eq!(documents.iter().map(|d| d["path"].as_str().unwrap()).collect::<Vec<_>>(), ["A.md", "B.md"]);
    let claims = documents[0]["claims"].as_array().unwrap();
    assert_eq!(claims.len(), human.stdout().lines().filter(|line| line.starts_with("A.md:")).count());
    assert!(!claims.is_empty());
    for (claim, line) in claims.iter().zip(human.stdout().lines()) {
        let offset = |index: usize| usize::try_from(claim["span"][index].as_u64().unwrap()).unwrap();
        assert_eq!(claim["quote"], document[offset(0)..offset(1)], "{claim}");
        let before = &document[..offset(0)];
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
        assert_eq!((&claim["line"], &claim["column"]), (&(before.matches('\n').count() + 1).into(), &column.into()));
        assert!(line.starts_with(&format!("A.md:{}:{}: ", claim["line"], claim["column"])), "{line}");
    }
}

#[test]
fn claims_of_standard_input() {
    let project = Project::new();
    let run = project.trueup(["claims", "-"]).stdin("All 5 services operational.\n").run();
    assert!(run.exits(0).stdout().starts_with("<stdin>:1:1: "), "{}", run.shown());
}

#[test]
fn claims_of_an_unreadable_file_are_told_beside_the_others() {
    let project = Project::new().with("A.md", "All 5 services operational.\n").with("B.md", b"caf\xe9\n");
    let run = project.run("claims --format json A.md B.md");
    assert_eq!(run.exits(2).json()["documents"].as_array().unwrap().len(), 1);
    assert!(run.stderr().contains("`B.md` is not UTF-8"), "{}", run.shown());
}

#[test]
fn a_probe_shows_and_saves_what_was_seen() {
    let project = project_with_boxes("");
    let before = project.state();
    let run = project.trueup(["probe"]).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(run.exits(3).stderr(), "");
    assert_snapshot!("probe_human", run.shown());
    let json = project.trueup(["probe", "--format", "json"]).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(json.exits(3).stderr(), "");
    assert_snapshot!("probe_json", json.shown());
    assert_eq!(project.state(), before);
    let saved = project.trueup(["probe", "-o", "seen.json"]).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(saved.exits(3).shown().replace(" -o seen.json", ""), run.shown());
    let file: serde_json::Value = serde_json::from_str(&project.text("seen.json")).unwrap();
    let names = |snapshot: &serde_json::Value| {
        let groups = snapshot["groups"].as_array().unwrap().iter();
        groups.map(|group| (group["name"].clone(), group["targets"].as_array().unwrap().len())).collect::<Vec<_>>()
    };
    assert_eq!(names(&file), names(&json.json()));
}

#[test]
fn a_probe_of_another_folder() {
    let project = Project::new()
        .with("p/trueup.toml", "[group.g]\n[group.g.target.here]\ncheck.file = { path = \"x\" }\n")
        .with("p/x", "");
    let run = project.run("probe p");
    assert!(run.exits(0).stdout().contains("1 of 1 target up"), "{}", run.shown());
    // A target that is down was measured; whether it should be up, no document says.
    fs::remove_file(project.path("p/x")).unwrap();
    let run = project.run("probe p");
    assert!(run.exits(0).stdout().contains("0 of 1 target up, 1 down"), "{}", run.shown());
}

#[test]
fn a_probe_that_cannot_save_says_where() {
    let project =
        Project::new().with("trueup.toml", "[group.g]\n[group.g.target.here]\ncheck.file = { path = \"x\" }\n");
    let run = project.run("probe -o nowhere/seen.json");
    assert!(run.exits(2).stderr().contains("`nowhere/seen.json`"), "{}", run.shown());
}

#[test]
fn a_snapshot_that_is_there_is_replaced_through_links_with_its_mode() {
    let config = "[group.g]\n[group.g.target.here]\ncheck.file = { path = \"x\" }\n";
    let project = Project::new().with("trueup.toml", config).with("kept/seen.json", "older");
    fs::set_permissions(project.path("kept/seen.json"), Permissions::from_mode(0o600)).unwrap();
    symlink("kept/seen.json", project.path("seen.json")).unwrap();
    project.run("probe -o seen.json").exits(0);
    assert!(project.text("kept/seen.json").starts_with('{'));
    assert!(fs::symlink_metadata(project.path("seen.json")).unwrap().is_symlink());
    assert_eq!(fs::metadata(project.path("kept/seen.json")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(project.path("kept")).unwrap().count(), 1);
    // What is no file is written to.
    let run = project.run("probe --format json -o /dev/stdout");
    assert_eq!(run.exits(0).stdout().matches("\"schema_version\"").count(), 2, "{}", run.shown());
}

#[test]
fn a_probe_with_nothing_to_measure() {
    let project = Project::new();
    let run = project.run("probe --format json");
    run.exits(4);
    assert_eq!(run.stdout(), "", "what is no snapshot does not go where one is expected");
    assert_snapshot!(run.shown());
}

#[test]
fn colour_is_written_when_asked_for_and_never_else() {
    let project = project("All gateways operational.\n");
    let colourful = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = project
            .trueup(["check", "STATUS.md"].iter().chain(arguments))
            .without_env("NO_COLOR")
            .env("DOCKER_HOST", NO_ENGINE);
        let run = variables.iter().fold(run, |run, (name, value)| run.env(name, value)).run();
        run.exits(1).stdout().contains("\u{1b}[")
    };
    assert!(!colourful(&[], &[]), "a pipe is no terminal");
    assert!(colourful(&["--color", "always"], &[]));
    assert!(colourful(&["--color", "always"], &[("NO_COLOR", "1")]), "the argument is stronger");
    assert!(colourful(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colourful(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colourful(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "0")]), "whatever the value of NO_COLOR");
    assert!(!colourful(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}
