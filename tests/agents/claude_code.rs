//! `trueup hook claude-code`.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::support::program::Project;
use crate::{CONFIG, call, denial, hook, project, stop};

const AGENT: &str = "claude-code";

#[track_caller]
fn answer(project: &Project, call: &Value) -> Value {
    crate::answer(project, AGENT, call)
}

fn write(project: &Project, name: &str, text: &str) -> Value {
    call("PreToolUse", project, "Write", json!({ "file_path": project.path(name), "content": text }))
}

fn edit(project: &Project, name: &str, old: &str, new: &str) -> Value {
    let input = json!({ "file_path": project.path(name), "old_string": old, "new_string": new });
    call("PreToolUse", project, "Edit", input)
}

/// The call after the tool has run.
fn after(mut call: Value) -> Value {
    call["hook_event_name"] = "PostToolUse".into();
    call["tool_response"] = json!({ "success": true });
    call
}

/// What the agent is told besides.
fn context(answer: &Value) -> &str {
    answer["hookSpecificOutput"]["additionalContext"].as_str().unwrap_or_default()
}

#[test]
fn the_incident_is_not_written() {
    let project = Project::of_example("incident");
    let claude = project.text("CLAUDE.md");
    // Measured once; the hook answers from it.
    project.run("check --max-age 1h").exits(1);
    let began = fs::metadata(project.path(".trueup/snapshot.json")).unwrap().modified().unwrap();
    fs::remove_file(project.path("CLAUDE.md")).unwrap();
    let reason = denial(&answer(&project, &write(&project, "CLAUDE.md", &claude)));
    let first = reason.lines().next().unwrap();
    assert!(first.starts_with("CLAUDE.md:6: you are about to write 21/21 operational; measured 0/21, "), "{reason}");
    assert!(first.contains("; worst: claude-flow: package-manager: exit 217: npm error code ENOTEMPTY; "), "{reason}");
    assert!(reason.contains("100% functional; measured 0% (0 of 21)"), "{reason}");
    // The truth may be written.
    assert_eq!(answer(&project, &write(&project, "CLAUDE.md", "MCP servers: 0/21 operational\n")), Value::Null);
    let now = fs::metadata(project.path(".trueup/snapshot.json")).unwrap().modified().unwrap();
    assert_eq!(now, began, "nothing was measured again");
}

#[test]
fn every_tool_that_writes_is_judged_by_the_text_that_comes_of_it() {
    let project = project().with("A.md", "There are 2 agents.\r\nMore.\r\n");
    let reason = denial(&answer(&project, &edit(&project, "A.md", "2 agents.\nMore", "9 agents.\nMore")));
    assert!(reason.starts_with("A.md:1: you are about to write 9 agents; measured 2, "), "{reason}");
    let edits = json!([
        { "old_string": "2 agents", "new_string": "3 agents" },
        { "old_string": "3 agents", "new_string": "4 agents", "replace_all": true },
    ]);
    let multi =
        |edits: Value| call("PreToolUse", &project, "MultiEdit", json!({ "file_path": "A.md", "edits": edits }));
    assert!(denial(&answer(&project, &multi(edits))).contains("you are about to write 4 agents; measured 2"));
    let back = json!([
        { "old_string": "2 agents", "new_string": "3 agents" },
        { "old_string": "3 agents", "new_string": "2 agents" },
    ]);
    assert_eq!(answer(&project, &multi(back)), Value::Null);
    // The tool itself fails.
    assert_eq!(answer(&project, &edit(&project, "A.md", "8 agents", "9 agents")), Value::Null);
    // A file that is not there yet, in a folder that is not there yet.
    assert!(denial(&answer(&project, &write(&project, "docs/new/B.md", "7 agents."))).starts_with("docs/new/B.md:1: "));
    // What agents and their users call the same file.
    project.write("docs/C.md", "2 agents");
    symlink("C.md", project.path("docs/link.txt")).unwrap();
    for path in ["docs/C.md", "./docs/../docs/C.md", "docs/link.txt"] {
        let input = json!({ "file_path": path, "old_string": "2 agents", "new_string": "5 agents" });
        let reason = denial(&answer(&project, &call("PreToolUse", &project, "Edit", input)));
        assert!(reason.contains("5 agents"), "{path}: {reason}");
    }
}

#[test]
fn what_is_true_or_nobodys_claim_has_no_answer_at_all() {
    let project = project();
    for (name, text) in [
        ("A.md", "There are 2 agents.\n"),
        ("A.md", "There must be 9 agents.\n"),
        ("A.md", "Nothing is claimed here.\n"),
        ("A.md", "<!-- trueup: ignore: an example -->\nThere are 9 agents.\n"),
        ("A.md", "There are 9 plugins.\n"),
        ("CHANGELOG.md", "There are 9 agents.\n"),
        ("src/main.rs", "// There are 9 agents.\n"),
    ] {
        assert_eq!(answer(&project, &write(&project, name, text)), Value::Null, "{name}: {text}");
    }
    let read = call("PreToolUse", &project, "Read", json!({ "file_path": project.path("A.md") }));
    assert_eq!(answer(&project, &read), Value::Null);
    project.write(
        "trueup-baseline.toml",
        "version = 1\n[[known]]\ncode = \"count-drift\"\nfile = \"A.md\"\nclaim = \"9 agents\"\n",
    );
    assert_eq!(answer(&project, &write(&project, "A.md", "There are 9 agents.\n")), Value::Null);
}

#[test]
fn what_stood_there_before_is_told_once_and_stops_nothing() {
    let project = project().with("A.md", "# Status\n\nThere are 9 agents.\n\nMore.\n");
    let more = edit(&project, "A.md", "More.", "Less.");
    assert_eq!(answer(&project, &more), Value::Null);
    // It may move, and what is over it may change.
    assert_eq!(answer(&project, &edit(&project, "A.md", "# Status", "# State\n\nNow:")), Value::Null);
    // A second one is new, and so is another number.
    assert!(denial(&answer(&project, &edit(&project, "A.md", "More.", "There are 9 agents."))).contains("A.md:5: "));
    assert!(denial(&answer(&project, &edit(&project, "A.md", "9 agents", "8 agents"))).contains("8 agents"));
    let told = answer(&project, &after(more.clone()));
    assert!(context(&told).contains("A.md:3: claimed 9 agents; measured 2, "), "{told}");
    assert!(told.get("decision").is_none(), "{told}");
    assert_eq!(answer(&project, &after(more)), Value::Null, "told already");
}

#[test]
fn what_cannot_be_measured_is_told_and_stops_nothing() {
    let project = project();
    let told = answer(&project, &write(&project, "A.md", "Coverage: 85%\n"));
    assert!(told["hookSpecificOutput"].get("permissionDecision").is_none(), "{told}");
    assert!(context(&told).contains("claimed coverage of 85%") || context(&told).contains("85%"), "{told}");
    assert_eq!(told["systemMessage"].as_str(), Some(context(&told)));
    // Known before, and told before.
    project.write("A.md", "Coverage: 85%\n");
    assert_eq!(answer(&project, &edit(&project, "A.md", "Coverage: 85%", "Coverage: 85%\n\nMore.")), Value::Null);
    // What is false is not covered by what is unknown.
    assert!(denial(&answer(&project, &write(&project, "B.md", "Coverage: 85%\n\n9 agents.\n"))).contains("9 agents"));
    project.write("trueup.toml", format!("{CONFIG}[judge]\nunmeasured = \"allow\"\n"));
    assert_eq!(answer(&project, &write(&project, "B.md", "Coverage: 85%\n")), Value::Null);
}

#[test]
fn the_deadline_is_the_hooks_own() {
    let config = "[metric.slow]\nnames = [\"tests\"]\nfrom.command = { command = [\"sleep\", \"600\"], pattern = '(?<value>\\d+)' }\n\
                  [hook]\ndeadline = \"300ms\"\n";
    let project = Project::new().with("trueup.toml", config);
    let run = hook(&project, AGENT, &write(&project, "A.md", "There are 9 tests.\n"));
    run.exits(0);
    let told: Value = serde_json::from_str(run.stdout()).unwrap();
    assert!(context(&told).contains("nobody knows whether it is true"), "{told}");
    assert!(told["hookSpecificOutput"].get("permissionDecision").is_none(), "{told}");
    assert!(run.took.as_secs() < 30, "{:?}", run.took);
    // What was in vain is not tried again at once.
    let tried = fs::metadata(project.path(".trueup/snapshot.json")).unwrap().modified().unwrap();
    let again = answer(&project, &write(&project, "A.md", "There are 8 tests.\n"));
    assert!(context(&again).contains("8 tests"), "{again}");
    assert_eq!(fs::metadata(project.path(".trueup/snapshot.json")).unwrap().modified().unwrap(), tried);
}

#[test]
fn a_generated_section_is_not_written_by_hand() {
    let project = project();
    let empty = "<!-- trueup:begin summary -->\n<!-- trueup:end -->\n";
    // To put one in is how it begins.
    assert_eq!(answer(&project, &write(&project, "A.md", empty)), Value::Null);
    project.write("A.md", empty);
    project.run("fix A.md --allow-dirty").exits(0);
    assert_eq!(answer(&project, &write(&project, "A.md", &project.text("A.md"))), Value::Null);
    let by_hand = edit(&project, "A.md", "trueup.toml names no group.", "All is well.");
    let reason = denial(&answer(&project, &by_hand));
    assert!(reason.starts_with("A.md:1: your edit brings this: ") && reason.contains("edited"), "{reason}");
}

#[test]
fn the_work_does_not_end_on_a_false_document_but_is_kept_once() {
    let project = project().with("A.md", "There are 9 agents.\n").with("B.md", "There are 8 agents.\n");
    assert_eq!(answer(&project, &stop(&project, false)), Value::Null, "nothing was changed");
    answer(&project, &after(write(&project, "A.md", "")));
    let kept = answer(&project, &stop(&project, false));
    assert_eq!(kept["decision"], "block");
    let reason = kept["reason"].as_str().unwrap();
    assert!(reason.contains("A.md:1: claimed 9 agents; measured 2") && !reason.contains("B.md"), "{reason}");
    assert_eq!(answer(&project, &stop(&project, true)), Value::Null, "never again");
    assert_eq!(answer(&project, &stop(&project, false)), Value::Null, "nor in the next turn");
    // Changed again: looked at again. What is true then keeps nobody.
    answer(&project, &after(write(&project, "A.md", "")));
    project.write("A.md", "There are 2 agents.\n");
    assert_eq!(answer(&project, &stop(&project, false)), Value::Null);
    answer(&project, &after(write(&project, "A.md", "")));
    fs::remove_file(project.path("A.md")).unwrap();
    assert_eq!(answer(&project, &stop(&project, false)), Value::Null);
}

#[test]
fn an_agent_below_answers_for_its_own_changes() {
    let project = project().with("A.md", "There are 9 agents.\n").with("B.md", "There are 8 agents.\n");
    let by = |mut call: Value, agent: &str| {
        call["agent_id"] = agent.into();
        call
    };
    answer(&project, &by(after(write(&project, "A.md", "")), "one"));
    answer(&project, &by(after(write(&project, "B.md", "")), "two"));
    let mut end = by(stop(&project, false), "two");
    end["hook_event_name"] = "SubagentStop".into();
    let kept = answer(&project, &end);
    let reason = kept["reason"].as_str().unwrap();
    assert!(reason.contains("8 agents") && !reason.contains("9 agents"), "{reason}");
    let reason = answer(&project, &stop(&project, false))["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("8 agents") && reason.contains("9 agents"), "{reason}");
}

#[test]
fn a_project_in_a_folder_below_and_an_agent_in_another() {
    let project = project().with("docs/A.md", "x").with("part/trueup.toml", CONFIG).with("part/agents/a.txt", "");
    let mut below = write(&project, "part/A.md", "There are 2 agents.\n");
    below["cwd"] = project.path("docs").to_str().unwrap().into();
    assert!(denial(&answer(&project, &below)).starts_with("A.md:1: you are about to write 2 agents; measured 1"));
    let mut above = write(&project, "B.md", "There are 3 agents.\n");
    above["cwd"] = project.path("docs").to_str().unwrap().into();
    let run = project.trueup(["hook", AGENT]).stdin(above.to_string()).inside("docs").run();
    run.exits(0);
    assert!(run.stdout().contains("you are about to write 3 agents; measured 2"), "{}", run.shown());
    // Its changes are found at the end, wherever the agent is then.
    project.write("part/A.md", "There are 2 agents.\n");
    let mut changed = after(write(&project, "part/A.md", ""));
    changed["cwd"] = project.path("part").to_str().unwrap().into();
    answer(&project, &changed);
    let mut end = stop(&project, false);
    end["cwd"] = project.path("docs").to_str().unwrap().into();
    assert_eq!(answer(&project, &end)["decision"], "block");
}

#[test]
fn programs_are_refused_where_that_is_asked() {
    let config = "[metric.tests]\nnames = [\"tests\"]\nfrom.command = { command = [\"sh\", \"-c\", \"touch ran; echo 5\"], pattern = '(?<value>\\d+)' }\n";
    let project = Project::new().with("trueup.toml", config);
    let call = write(&project, "A.md", "There are 9 tests.\n");
    let run = project.trueup(["--no-exec", "hook", AGENT]).stdin(call.to_string()).run();
    run.exits(0);
    assert!(run.stdout().contains("could not measure") && !project.path("ran").exists(), "{}", run.shown());
}
