//! `trueup baseline`: drift that is known.

use crate::{project, project_with_coverage};

const CHECK: &str = "check --format concise";
const FILE: &str = "trueup-baseline.toml";

#[test]
fn known_drift_is_counted_and_nothing_else_passes() {
    let (project, _) = project();
    project.write("A.md", "# Now\n\nThere are 9 agents.\n\nThere are 2 agents.\n");
    project.run(CHECK).exits(1);
    let run = project.run("baseline --reason inherited --until 2999-12-31");
    assert_eq!(run.exits(0).stdout(), "trueup-baseline.toml: 2 known, 2 added, 0 fixed and taken out\n");
    let written = project.text(FILE);
    assert!(written.contains("claim = \"9 agents\"") && written.contains("reason = \"inherited\""), "{written}");
    let run = project.run(CHECK);
    // Two: the claim, and that it contradicts the one below.
    assert!(run.exits(0).stdout().ends_with("1 document: 0 claims drifted, 1 holds, 2 known\n"), "{}", run.shown());
    // From elsewhere, and when lines move.
    project.write("A.md", format!("Intro.\n\n{}", project.text("A.md")));
    project.trueup(["check"]).inside("agents").run().exits(0);
    project.run("check --no-baseline").exits(1);
    // Another claim is new; a copy of the known one as well.
    for more in ["There are 8 agents.\n", "There are 9 agents.\n"] {
        project.write("B.md", format!("# Now\n\n{more}"));
        let run = project.run(CHECK);
        assert!(run.exits(1).stdout().starts_with("B.md:3:11: "), "{}", run.shown());
    }
    std::fs::remove_file(project.path("B.md")).unwrap();
    // A renamed document is known.
    std::fs::rename(project.path("A.md"), project.path("R.md")).unwrap();
    project.run(CHECK).exits(0);
}

#[test]
fn what_is_fixed_is_told_and_taken_out() {
    let (project, _) = project();
    project.write("A.md", "# Now\n\nThere are 9 agents.\n");
    project.write("B.md", "# Now\n\nThere are 7 plugins.\n");
    project.run("baseline").exits(0);
    project.write("A.md", "# Now\n\nThere are agents.\n");
    let run = project.run(CHECK);
    let told = "unused-baseline \"9 agents\" in A.md is no longer false: its entry in the baseline is not needed";
    assert!(run.exits(0).stdout().contains(told), "{}", run.shown());
    // Where not all was looked at, nobody knows.
    assert!(!project.run("check --allow-empty --format concise A.md").exits(0).stdout().contains("unused-baseline"));
    assert_eq!(
        project.run("baseline --prune B.md").exits(0).stdout(),
        "trueup-baseline.toml: 2 known, 0 added, 0 fixed and taken out\n"
    );
    // New drift is not added by pruning.
    project.write("C.md", "There are 6 agents.\n");
    assert_eq!(
        project.run("baseline --prune").exits(0).stdout(),
        "trueup-baseline.toml: 1 known, 0 added, 1 fixed and taken out\n"
    );
    project.run(CHECK).exits(1);
    assert_eq!(
        project.run("baseline").exits(0).stdout(),
        "trueup-baseline.toml: 2 known, 1 added, 0 fixed and taken out\n"
    );
    // Written twice, it is the same.
    let before = project.text(FILE);
    project.run("baseline").exits(0);
    assert_eq!(project.text(FILE), before);
}

#[test]
fn what_cannot_be_measured_now_is_not_fixed() {
    let (project, _) = project_with_coverage();
    project.write("coverage.json", "{\"total\": 50}");
    project.write("A.md", "Coverage: 85%\n");
    project.run("baseline").exits(0);
    std::fs::remove_file(project.path("coverage.json")).unwrap();
    let run = project.run(CHECK);
    assert!(!run.exits(3).stdout().contains("unused-baseline"), "{}", run.shown());
    let run = project.run("baseline --prune");
    let kept = "1 known, 0 added, 0 fixed and taken out, 1 kept because they could not be measured\n";
    assert!(run.exits(0).stdout().ends_with(kept), "{}", run.shown());
}

#[test]
fn after_the_last_day_it_is_drift_again() {
    let (project, _) = project();
    project.write("A.md", "There are 9 agents.\n");
    project.run("baseline --until 2000-01-01").exits(0);
    let run = project.run("check");
    assert!(run.exits(1).stdout().contains("the baseline knew it until 2000-01-01"), "{}", run.shown());
    // The entry stays the user's.
    assert!(project.run("baseline").exits(0).stdout().contains("1 known, 0 added"));
    assert!(project.text(FILE).contains("until = 2000-01-01"));
    project.run("baseline --until tomorrow").exits(2);
}

#[test]
fn fingerprints_are_made_of_the_same_identity() {
    let (project, _) = project();
    project.write("A.md", "There are 9 agents.\n");
    let fingerprints = || {
        let sarif = project.run("check --no-baseline --format sarif").json();
        let gitlab = project.run("check --no-baseline --format gitlab").json();
        let sarif = &sarif["runs"][0]["results"][0]["partialFingerprints"];
        (sarif["trueupIdentity/v1"].as_str().unwrap().to_owned(), gitlab[0]["fingerprint"].clone())
    };
    let before = fingerprints();
    project.run("baseline").exits(0);
    project.write("A.md", "Intro.\n\nthere are 9  agents.\n");
    assert_eq!(fingerprints(), before);
    project.run("check").exits(0);
    project.write("A.md", "There are 8 agents.\n");
    assert_ne!(fingerprints(), before);
    project.run("check").exits(1);
}

#[test]
fn a_baseline_that_cannot_be_read_is_a_fault_and_not_an_empty_one() {
    let (project, _) = project();
    project.write("A.md", "There are 9 agents.\n");
    for (text, place) in [("version = 1\n[[known]\n", "2:"), ("version = 9\n", "1:11"), ("", "1:1")] {
        project.write(FILE, text);
        for command in [CHECK, "baseline"] {
            let run = project.run(command);
            let said = format!("{}{}", run.stdout(), run.stderr());
            assert!(run.exits(2).code == Some(2) && said.contains(&format!("{FILE}:{place}")), "{}", run.shown());
        }
        assert_eq!(project.text(FILE), text);
        project.run("check --no-baseline").exits(1);
    }
    let project = crate::support::program::Project::new().with("A.md", "There are 9 agents.\n");
    assert!(project.run("baseline").exits(2).stderr().contains("there is no trueup.toml"));
}
