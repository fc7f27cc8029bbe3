//! What no agent should send: a clear message, an exit code that stops nothing, never a verdict.

use std::fs;

use serde_json::{Value, json};

use crate::support::program::Project;
use crate::{CONFIG, call, hook, project, stop};

#[track_caller]
fn refused(project: &Project, input: &str, told: &str) {
    let run = project.trueup(["hook", "claude-code"]).stdin(input).run();
    run.exits(4);
    assert_eq!(run.stdout(), "", "{}", run.shown());
    assert!(run.stderr().contains(told), "{input}: {}", run.shown());
}

fn write(project: &Project, path: impl serde::Serialize, text: &str) -> Value {
    call("PreToolUse", project, "Write", json!({ "file_path": path, "content": text }))
}

#[test]
fn what_is_no_call_is_told_and_stops_nothing() {
    let project = project();
    let with = |key: &str, value: Value| {
        let mut call = write(&project, "A.md", "There are 9 agents.\n");
        call[key] = value;
        call.to_string()
    };
    for (input, told) in [
        (String::new(), "standard input is empty"),
        ("{".to_owned(), "standard input is no JSON: EOF"),
        ("[1]".to_owned(), "standard input is a list; expected a JSON object"),
        ("{}".to_owned(), "standard input lacks `hook_event_name`"),
        (
            with("hook_event_name", "PreToolUsed".into()),
            "`hook_event_name` is `PreToolUsed`; expected one of PreToolUse",
        ),
        (with("hook_event_name", 1.into()), "`hook_event_name` of standard input is a number; expected a string"),
        (with("tool_name", Value::Null), "standard input lacks `tool_name`"),
        (with("tool_input", "x".into()), "tool_input is a string; expected a JSON object"),
        (with("tool_input", json!({ "file_path": "A.md" })), "tool_input lacks `content`"),
        (with("tool_input", json!({ "content": "x" })), "tool_input lacks `file_path`"),
        (with("tool_input", json!({ "file_path": "", "content": "x" })), "`file_path` of tool_input is empty"),
        (with("cwd", 3.into()), "`cwd` of standard input is a number"),
    ] {
        refused(&project, &input, told);
    }
    let edits = |edits: Value| {
        call("PreToolUse", &project, "MultiEdit", json!({ "file_path": "A.md", "edits": edits })).to_string()
    };
    refused(&project, &edits(json!(3)), "`edits` of tool_input is a number; expected a list");
    refused(&project, &edits(json!([3])), "an entry of `edits` is a number");
    refused(&project, &edits(json!([{ "old_string": "a" }])), "an entry of `edits` lacks `new_string`");
    let run = project.trueup(["hook", "claude-code"]).stdin(b"{\"a\": \"\xff\"}").run();
    assert!(run.exits(4).stderr().contains("is not UTF-8"), "{}", run.shown());
}

#[test]
fn wrong_arguments_are_no_verdict() {
    let project = project();
    for arguments in [
        "hook claude-code --bogus",
        "--bogus hook claude-code",
        "hook claude-code x",
        "--config nowhere.toml hook claude-code",
    ] {
        let call = write(&project, "A.md", "There are 9 agents.\n").to_string();
        let run = project.trueup(arguments.split(' ')).stdin(call).run();
        assert_eq!(run.exits(4).stdout(), "", "{arguments}: {}", run.shown());
        assert!(!run.stderr().is_empty());
    }
    project.run("hook install claude-code --bogus").exits(2);
    project.run("hook install nobody").exits(2);
    assert!(project.run("hook claude-code --help").exits(0).stdout().contains("Claude Code"));
}

#[test]
fn outside_of_a_project_nothing_is_judged_and_that_is_told() {
    let project = project();
    let elsewhere = Project::new().with("trueup.toml", CONFIG);
    let outside = write(&project, elsewhere.path("A.md"), "There are 9 agents.\n");
    refused(&project, &outside.to_string(), "is outside of the project");
    refused(&project, &write(&project, "../A.md", "There are 9 agents.\n").to_string(), "is outside of the project");
    // Other files are nobody's business.
    let source = write(&project, elsewhere.path("main.rs"), "// There are 9 agents.");
    assert_eq!(hook(&project, "claude-code", &source).exits(0).stdout(), "");
    fs::remove_file(project.path("trueup.toml")).unwrap();
    let unknown = write(&project, "A.md", "There are 9 agents.\n").to_string();
    refused(&project, &unknown, "there is no trueup.toml in the folder of");
    assert_eq!(hook(&project, "claude-code", &stop(&project, false)).exits(0).stdout(), "");
    // No documents: nothing to say.
    project.write("trueup.toml", "docs = []\n");
    fs::write(project.path("trueup.toml"), "docs = [\"none/*.md\"]\n").unwrap();
    assert_eq!(hook(&project, "claude-code", &write(&project, "A.md", "9 agents")).exits(0).stdout(), "");
}

#[test]
fn a_broken_trueup_toml_and_a_document_that_is_no_text() {
    let project = project().with("trueup.toml", "docs = 3\n");
    refused(&project, &write(&project, "A.md", "9 agents").to_string(), "`docs` is the integer 3");
    let source = write(&project, "main.rs", "// There are 9 agents.");
    assert_eq!(hook(&project, "claude-code", &source).exits(0).stderr(), "");
    project.write("trueup.toml", CONFIG);
    project.write("A.md", b"\xff\xfe");
    let edit =
        call("PreToolUse", &project, "Edit", json!({ "file_path": "A.md", "old_string": "a", "new_string": "b" }));
    refused(&project, &edit.to_string(), "A.md` is not UTF-8");
    // What is written over does not matter.
    assert!(hook(&project, "claude-code", &write(&project, "A.md", "9 agents")).exits(0).stdout().contains("deny"));
    fs::remove_dir_all(project.path(".trueup")).unwrap();
    project.write(".trueup", "a file");
    project.write("B.md", "There are 9 agents.\n");
    let mut after = write(&project, "B.md", "");
    after["hook_event_name"] = "PostToolUse".into();
    let run = hook(&project, "claude-code", &after);
    assert!(
        run.exits(0).stderr().contains("cannot remember that") && run.stdout().contains("9 agents"),
        "{}",
        run.shown()
    );
}

#[test]
fn a_snapshot_that_is_damaged_is_as_good_as_none() {
    let project = project().with(".trueup/snapshot.json", "{\"schema_version\": 1");
    let run = hook(&project, "claude-code", &write(&project, "A.md", "There are 9 agents.\n"));
    assert!(run.exits(0).stdout().contains("measured 2, just now"), "{}", run.shown());
}
