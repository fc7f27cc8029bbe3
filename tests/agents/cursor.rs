//! `trueup hook cursor`.

use serde_json::{Value, json};

use crate::support::program::Project;
use crate::{hook, project};

#[track_caller]
fn answer(project: &Project, call: &Value) -> Value {
    crate::answer(project, "cursor", call)
}

fn call(event: &str, project: &Project, more: Value) -> Value {
    let mut call = json!({
        "conversation_id": "c-1",
        "generation_id": "g-1",
        "model": "m",
        "hook_event_name": event,
        "cursor_version": "3.1.15",
        "workspace_roots": [project.folder()],
        "user_email": null,
        "transcript_path": null,
    });
    call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    call
}

fn tool(event: &str, project: &Project, name: &str, input: Value) -> Value {
    call(event, project, json!({ "tool_name": name, "tool_input": input, "tool_use_id": "t", "cwd": "" }))
}

fn stop(project: &Project, status: &str, loops: u64) -> Value {
    call("stop", project, json!({ "status": status, "loop_count": loops }))
}

#[test]
fn an_edit_is_denied_whatever_the_version_calls_its_fields() {
    let project = project().with("A.md", "There are 2 agents.\n");
    let path = project.path("A.md");
    for (name, input) in [
        ("Write", json!({ "file_path": path, "content": "9 agents" })),
        ("Write", json!({ "path": "A.md", "contents": "9 agents" })),
        ("StrReplace", json!({ "path": path, "old_string": "2 agents", "new_string": "9 agents" })),
        ("MultiEdit", json!({ "target_file": path, "edits": [{ "old_string": "2", "new_string": "9" }] })),
    ] {
        let answer = answer(&project, &tool("preToolUse", &project, name, input));
        assert_eq!(answer["permission"], "deny", "{name}: {answer}");
        assert_eq!(answer["user_message"], answer["agent_message"]);
        let told = answer["agent_message"].as_str().unwrap();
        assert!(told.starts_with("A.md:1: you are about to write 9 agents; measured 2, "), "{told}");
    }
    let fine = tool("preToolUse", &project, "Write", json!({ "file_path": path, "content": "2 agents" }));
    assert_eq!(answer(&project, &fine), Value::Null);
    // Unknown: there is no word for it that would not permit.
    let unknown = tool("preToolUse", &project, "Write", json!({ "file_path": path, "content": "Coverage: 85%" }));
    assert_eq!(answer(&project, &unknown), Value::Null);
    let shell = tool("preToolUse", &project, "Shell", json!({ "command": "ls" }));
    assert_eq!(answer(&project, &shell), Value::Null);
    let strange = hook(&project, "cursor", &tool("preToolUse", &project, "Write", json!({ "file_path": path })));
    assert!(strange.exits(4).stderr().contains("tool_input lacks `content` or `contents`"), "{}", strange.shown());
}

#[test]
fn the_end_is_followed_up_once() {
    let project = project().with("A.md", "There are 9 agents.\n");
    let edited = json!({ "file_path": project.path("A.md"), "edits": [{ "old_string": "2", "new_string": "9" }] });
    let edited = call("afterFileEdit", &project, edited);
    assert_eq!(answer(&project, &edited), Value::Null, "nobody listens");
    assert_eq!(answer(&project, &stop(&project, "aborted", 0)), Value::Null, "the user broke it off");
    let message = answer(&project, &stop(&project, "completed", 0))["followup_message"].as_str().unwrap().to_owned();
    assert!(message.contains("A.md:1: claimed 9 agents; measured 2"), "{message}");
    assert_eq!(answer(&project, &stop(&project, "completed", 0)), Value::Null);
    answer(&project, &edited);
    assert_eq!(answer(&project, &stop(&project, "completed", 1)), Value::Null, "never again");
    // Versions that listen after a tool.
    let after = tool("postToolUse", &project, "Write", json!({ "file_path": project.path("A.md"), "content": "" }));
    assert!(answer(&project, &after)["additional_context"].as_str().unwrap().contains("9 agents"));
}

#[test]
fn its_file_keeps_what_is_in_it() {
    let project = project();
    let before =
        "{\n  \"version\": 1,\n  \"hooks\": {\n    \"stop\": [{ \"command\": \"./audit.sh\" }] // ours\n  }\n}\n";
    project.write(".cursor/hooks.json", before);
    assert!(project.run("hook install cursor").exits(0).stdout().contains("Cursor runs hooks of a project in trusted"));
    let with = project.text(".cursor/hooks.json");
    assert_eq!(with.matches("trueup hook cursor").count(), 3, "{with}");
    project.run("hook uninstall cursor").exits(0);
    assert_eq!(project.text(".cursor/hooks.json"), before);
    project.write(".cursor/hooks.json", "{}\n");
    let run = project.run("hook install cursor");
    assert!(run.exits(2).stderr().contains("it has no `version`; expected `\"version\": 1`"), "{}", run.shown());
}
