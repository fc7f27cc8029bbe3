//! What `trueup fix` leaves as it found it, and what keeps it from writing at all.

use std::fs;

use crate::support::program::Project;
use crate::{NO_ENGINE, project};

const BEGIN: &str = "<!-- trueup:begin status-table group=ports -->";
const END: &str = "<!-- trueup:end -->";

#[track_caller]
fn fix(project: &Project, code: i32) -> String {
    let run = project.trueup(["fix", "--force"]).env("DOCKER_HOST", NO_ENGINE).run();
    run.exits(code);
    run.shown()
}

#[test]
fn markers_that_do_not_fit_stop_every_write() {
    let section = format!("{BEGIN}\n{END}\n");
    let with_id = section.replace("-->\n<", "id=a -->\n<");
    for (name, text) in [
        ("missing end", format!("{BEGIN}\ntext\n")),
        ("missing begin", format!("text\n{END}\n")),
        ("nested", format!("{BEGIN}\n{section}{END}\n")),
        ("reversed", format!("{END}\ntext\n{BEGIN}\n")),
        ("duplicate id", format!("{with_id}\n{with_id}")),
        ("not alone", format!("text {BEGIN}\n{END}\n")),
        ("another container", format!("> {BEGIN}\n\n{END}\n")),
    ] {
        let project = project(&format!("{section}\n{text}\nGateways: 2/2 operational\n"));
        project
            .write("trueup.toml", project.text("trueup.toml").replace("\"STATUS.md\"", "\"STATUS.md\", \"OTHER.md\""));
        project.write("OTHER.md", format!("Gateways: 2/2 operational\n\n{section}"));
        let state = project.state();
        let shown = fix(&project, 2);
        assert!(shown.contains("error[misplaced-marker]"), "{name}: {shown}");
        assert_eq!(project.state(), state, "{name}");
    }
}

#[test]
fn a_marker_in_code_is_text() {
    let text = format!("```\n{BEGIN}\nold\n{END}\n```\n\n    {BEGIN}\n\n`{END}`\n\nGateways: 2/2 operational\n");
    let project = project(&text);
    fix(&project, 0);
    assert_eq!(project.text("STATUS.md"), text.replace("2/2", "1/2"));
}

#[test]
fn sections_in_lists_and_quotes_keep_their_indentation() {
    for ending in ["\n", "\r\n"] {
        for (before, prefix) in
            [("- item\n\n", "  "), ("10. item\n\n    - inner\n\n", "      "), ("", "> "), ("> - item\n>\n", ">   ")]
        {
            let text = format!("{before}{prefix}{BEGIN}\n{prefix}{END}\n\n{prefix}Gateways: 2/2 operational\n\nafter")
                .replace('\n', ending);
            let project = project(&text);
            fix(&project, 0);
            let fixed = project.text("STATUS.md");
            assert!(fixed.ends_with(&format!("{prefix}Gateways: 1/2 operational{ending}{ending}after")), "{fixed}");
            let from = fixed.find(BEGIN).unwrap();
            let body = &fixed[from..fixed.find("<!-- trueup:end").unwrap()];
            assert!(body.contains("`north`"), "{fixed}");
            for line in body.split_inclusive('\n').skip(1) {
                assert!(
                    line.starts_with(prefix.trim_end())
                        && (line.starts_with(prefix) || line.trim_end() == prefix.trim_end()),
                    "{line:?} in {fixed}"
                );
                assert!(
                    !line.ends_with('\n') || line.ends_with(ending) && (ending == "\r\n" || !line.ends_with("\r\n")),
                    "{line:?}"
                );
            }
            let state = project.state();
            fix(&project, 0);
            assert_eq!(project.state(), state);
        }
    }
}

#[test]
fn what_nobody_asked_to_change_stays_to_the_byte() {
    let around = [
        ("\u{feff}", "\n"),
        ("a \t \n\n", "\r\n\r\n"),
        ("mixed\r\nends\n\n", "\n\nno last newline"),
        ("x\u{2028}y\u{b}z\u{c}\n\n", "\n\0\n"),
        ("<b>\n</b>\n\n", "\n\n[a]: b  'c'\n"),
    ];
    for (before, after) in around {
        let text = format!("{before}Gateways: 2/2 operational{after}");
        let project = project(&text);
        fix(&project, 0);
        assert_eq!(project.text("STATUS.md"), text.replace("2/2", "1/2"));
    }
}

#[test]
fn a_document_that_is_not_utf8_is_told_and_stops_every_write() {
    let project = project("Gateways: 2/2 operational\n");
    fs::write(project.path("BAD.md"), b"Gateways: 2/2 operational \xff\n").unwrap();
    let state = project.state();
    let run = project.run("fix STATUS.md BAD.md");
    assert!(run.exits(2).stdout().contains("`BAD.md` is not UTF-8: byte 26, on line 1"), "{}", run.shown());
    assert_eq!(project.state(), state);
}
