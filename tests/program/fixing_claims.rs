//! `trueup fix` on claims in prose: what it writes, what it leaves and says of that.

use insta::assert_snapshot;

use crate::support::program::Project;
use crate::{NO_ENGINE, project, project_with_boxes};

/// True and false, certain and uncertain, ignored.
const DOCUMENT: &str = "# Services\r\n\r\n\
    - ✅ All 2 gateways operational  \r\n\
    - Services: **2**/2 working\r\n\
    - [Gateways: **100%** functional](x.md)\r\n\
    - Gateways: 2/2 operational since Monday\r\n\r\n\
    | gateway | state         |\r\n\
    |---------|---------------|\r\n\
    | north   | ✅ Operational |\r\n\
    | south   | ✅ Operational |\r\n\r\n\
    2/2 gateways operational <!-- trueup: ignore: last year -->\r\n\r\n\
    <!-- trueup:begin status-table group=ports -->\r\n<!-- trueup:end -->\r\n\r\n\
    The end";

#[track_caller]
fn fix(project: &Project, more: &str, code: i32) -> String {
    let arguments = ["fix"].into_iter().chain(more.split_whitespace());
    let run = project.trueup(arguments).env("DOCKER_HOST", NO_ENGINE).run();
    assert_eq!(run.exits(code).stderr(), "", "{}", run.shown());
    run.shown()
}

#[test]
fn claims_say_what_is_so_and_all_else_stays_to_the_byte() {
    let project = project(DOCUMENT);
    let shown = fix(&project, "", 1);
    assert_snapshot!("claims_fixed", shown);
    let fixed = project.text("STATUS.md");
    let (prose, section) = fixed.split_once("<!-- trueup:begin").unwrap();
    let expected = DOCUMENT
        .split_once("<!-- trueup:begin")
        .unwrap()
        .0
        .replace("✅ All 2 gateways", "⚠️ 1 of 2 gateways")
        .replace("[Gateways: **100%** functional]", "[Gateways: **50%** functional]")
        .replace("| north   | ✅ Operational |", "| north   | ❌ down (exit 3) |");
    assert_eq!(prose, expected);
    assert!(section.contains("`north`") && section.ends_with("-->\r\n\r\nThe end"), "{section}");
    let state = project.state();
    let again = fix(&project, "", 1);
    assert!(!again.contains("fixed"), "{again}");
    assert_eq!(project.state(), state, "neither bytes nor times");
}

#[test]
fn one_kind_of_change_at_a_time() {
    let both = project(DOCUMENT);
    fix(&both, "", 1);
    let project = project(DOCUMENT);
    assert!(fix(&project, "--only sections", 1).contains("fixed STATUS.md: 1 section\n"));
    let sections = project.text("STATUS.md");
    assert!(sections.contains("All 2 gateways") && sections.contains("`north`"), "{sections}");
    assert!(fix(&project, "--only claims", 1).contains("fixed STATUS.md: 3 claims\n"));
    assert_eq!(project.text("STATUS.md"), both.text("STATUS.md"));
}

#[test]
fn a_diff_shows_claims_and_writes_nothing() {
    let project = project("Gateways: 2/2 operational\n");
    let state = project.state();
    let shown = fix(&project, "--diff", 1);
    assert!(shown.contains("\n-Gateways: 2/2 operational\n+Gateways: 1/2 operational\n"), "{shown}");
    let check = project.run("check --diff");
    assert!(check.exits(1).stdout().contains("\n+Gateways: 1/2 operational\n"), "{}", check.shown());
    assert!(!fix(&project, "--diff --only sections", 1).contains("@@"));
    assert_eq!(project.state(), state);
    let json = project.run("check --format json").findings("ratio-drift");
    assert_eq!(json[0]["edit"], serde_json::json!({"span": [10, 11], "text": "1"}));
}

#[test]
fn with_the_engine_away_no_byte_changes() {
    let section = "<!-- trueup:begin status-table group=boxes -->\n<!-- trueup:end -->\n";
    let claims = "21/21 boxes running.\n\nAll boxes running. Boxes: 100% operational.\n\n- ✅ 3 boxes up\n";
    let project = project_with_boxes(&format!("{claims}\n{section}"));
    let state = project.state();
    let shown = fix(&project, "", 3);
    assert!(!shown.contains("fixed"), "{shown}");
    assert!(!fix(&project, "--force --allow-dirty", 3).contains("fixed"));
    assert_eq!(project.state(), state);
}

#[test]
fn a_misplaced_marker_stops_claims_as_well() {
    let project = project("Gateways: 2/2 operational\n\n<!-- trueup:begin status-table group=ports -->\n");
    let state = project.state();
    fix(&project, "", 2);
    assert!(!fix(&project, "--diff", 2).contains("@@"));
    assert_eq!(project.state(), state);
}

/// Time in proportion to size: each document four times as long as the one before.
#[test]
fn large_documents_with_many_sections_and_claims() {
    let section = "<!-- trueup:begin status-table group=ports -->\n<!-- trueup:end -->\n\n";
    let block = |number: usize| {
        let claims = "- Gateways: 2/2 operational\n- All 2 gateways working\n- Gateways: 2/2 up since Monday\n\n";
        format!("## Part {number}\n\n{}\n\n{claims}{section}", "Words that claim nothing at all. ".repeat(10))
    };
    // Debug builds write documents of a part of the size.
    let most = if cfg!(debug_assertions) { 200 } else { 1000 };
    let time = |sections: usize| {
        let text: String = (0..sections).map(block).collect();
        let project = project(&text);
        let run = project.run("fix");
        let told = format!("fixed STATUS.md: {sections} sections and {} claims\n", 2 * sections);
        assert!(run.exits(1).stdout().starts_with(&told), "{}", &run.stdout()[..200]);
        let state = project.state();
        project.run("fix").exits(1);
        assert_eq!(project.state(), state);
        run.took
    };
    let small = time(most / 4);
    let large = time(most);
    assert!(large < 10 * small + std::time::Duration::from_secs(1), "{small:?}, then {large:?}");
}
