//! `trueup hook codex`.

use serde_json::{Value, json};

use crate::support::program::Project;
use crate::{call, denial, hook, project, stop};

#[track_caller]
fn answer(project: &Project, call: &Value) -> Value {
    crate::answer(project, "codex", call)
}

fn patch(event: &str, project: &Project, body: &str) -> Value {
    let command = format!("*** Begin Patch\n{body}\n*** End Patch\n");
    let mut call = call(event, project, "apply_patch", json!({ "command": command }));
    call["turn_id"] = "1".into();
    call["model"] = "m".into();
    call
}

#[test]
fn a_patch_is_judged_by_the_texts_that_come_of_it() {
    let project = project().with("A.md", "# Status\nThere are 2 agents.\n").with("B.md", "x\n");
    let body = "*** Update File: A.md\n@@ # Status\n-There are 2 agents.\n+There are 9 agents.\n\
                *** Add File: docs/C.md\n+There are 8 agents.\n*** Delete File: B.md\n*** Add File: src/x.rs\n+// 7 agents";
    let reason = denial(&answer(&project, &patch("PreToolUse", &project, body)));
    assert!(reason.starts_with("A.md:2: you are about to write 9 agents; measured 2, "), "{reason}");
    assert!(
        reason.contains("docs/C.md:1: you are about to write 8 agents") && !reason.contains("7 agents"),
        "{reason}"
    );
    // An old falsehood that gets another name is no new one.
    project.write("B.md", "There are 5 agents.\n");
    let moved = "*** Update File: B.md\n*** Move to: D.md\n@@\n There are 5 agents.\n+More.";
    assert_eq!(answer(&project, &patch("PreToolUse", &project, moved)), Value::Null);
    // What cannot be judged hides nothing of the rest, and is told where there is nothing else to say.
    let outside = "*** Add File: ../X.md\n+There are 9 agents.\n*** Add File: E.md\n+There are 4 agents.";
    let reason = denial(&answer(&project, &patch("PreToolUse", &project, outside)));
    assert!(reason.starts_with("E.md:1: ") && !reason.contains("X.md"), "{reason}");
    let run = hook(&project, "codex", &patch("PreToolUse", &project, &outside.replace("4 agents", "2 agents")));
    assert!(run.exits(4).stderr().contains("X.md` is outside of the project"), "{}", run.shown());
    // A patch that does not fit: the tool fails.
    let misfit = "*** Update File: A.md\n@@\n-There are 3 agents.\n+There are 9 agents.";
    assert_eq!(answer(&project, &patch("PreToolUse", &project, misfit)), Value::Null);
    let shell = call("PreToolUse", &project, "Bash", json!({ "command": "ls" }));
    assert_eq!(answer(&project, &shell), Value::Null);
}

#[test]
fn it_is_told_after_and_kept_at_the_end() {
    let project = project().with("A.md", "There are 9 agents.\n");
    let told = answer(&project, &patch("PostToolUse", &project, "*** Update File: A.md\n@@\n+There are 9 agents."));
    let context = told["hookSpecificOutput"]["additionalContext"].as_str().unwrap();
    assert!(context.contains("A.md:1: claimed 9 agents; measured 2"), "{told}");
    let kept = answer(&project, &stop(&project, false));
    assert_eq!(kept["decision"], "block", "{kept}");
    assert_eq!(answer(&project, &stop(&project, false)), Value::Null);
}

#[test]
fn what_is_no_patch_stops_nothing() {
    let project = project();
    let call = call("PreToolUse", &project, "apply_patch", json!({ "command": "diff --git a/A.md b/A.md" }));
    let run = hook(&project, "codex", &call);
    assert!(run.exits(4).stderr().contains("does not begin with `*** Begin Patch`"), "{}", run.shown());
}

#[test]
fn it_has_a_file_of_its_own() {
    let project = project();
    let run = project.run("hook install codex");
    assert!(
        run.exits(0).stdout().contains(".codex/hooks.json\nCodex runs a new hook once you have"),
        "{}",
        run.shown()
    );
    let hooks: Value = serde_json::from_str(&project.text(".codex/hooks.json")).unwrap();
    assert_eq!(hooks["hooks"]["PreToolUse"][0]["matcher"], "apply_patch");
    assert_eq!(hooks["hooks"]["Stop"][0]["hooks"][0]["command"], "trueup hook codex");
    let local = project.run("hook install codex --local");
    assert!(local.exits(2).stderr().contains("Codex has no settings for one person in a project"), "{}", local.shown());
    project.run("hook uninstall codex").exits(0);
    assert!(!project.path(".codex").exists());
}
