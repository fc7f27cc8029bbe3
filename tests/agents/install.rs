//! `trueup hook install`, `uninstall` and `show` for agents.

use std::fs;

use serde_json::Value;

use crate::project;
use crate::support::program::Project;

const SETTINGS: &str = ".claude/settings.json";

/// As people and programs write it.
const WRITTEN: &str = r#"{
	"$schema": "https://json.schemastore.org/claude-code-settings.json",
	// what may run unasked
	"permissions": { "allow": ["Bash(cargo test:*)"], },
	"hooks": {
		"PostToolUse": [
			{ "matcher": "Edit|Write", "hooks": [{ "type": "command", "command": "prettier --write" }] },
		], /* ours end here */
	},
}
"#;

#[track_caller]
fn said(project: &Project, arguments: &str) -> String {
    project.run(arguments).exits(0).stdout().to_owned()
}

#[test]
fn settings_come_back_to_the_byte() {
    let project = project().with(SETTINGS, WRITTEN);
    assert!(said(&project, "hook install claude-code").starts_with("put the hook for Claude Code into "));
    let with = project.text(SETTINGS);
    for line in WRITTEN.lines() {
        assert!(with.contains(line.trim_end_matches([',', ' '])), "{line:?} is not in {with}");
    }
    assert_eq!(with.matches("\"command\": \"trueup hook claude-code\"").count(), 4, "{with}");
    let state = project.state();
    assert!(said(&project, "hook install claude-code").contains("already"));
    assert_eq!(project.state(), state);
    assert!(said(&project, "hook uninstall claude-code").starts_with("took the hook for Claude Code out of "));
    assert_eq!(project.text(SETTINGS), WRITTEN);
    assert!(said(&project, "hook uninstall claude-code").starts_with("there is no hook for Claude Code in "));
    assert_eq!(project.text(SETTINGS), WRITTEN);
}

#[test]
fn where_there_is_no_file_one_is_made_and_goes() {
    let project = project().with("docs/A.md", "");
    let run = project.trueup(["hook", "install", "claude-code"]).inside("docs").run();
    run.exits(0);
    assert_eq!(project.text(SETTINGS), said(&project, "hook show claude-code"));
    let settings: Value = serde_json::from_str(&project.text(SETTINGS)).unwrap();
    let group = &settings["hooks"]["PreToolUse"][0];
    assert_eq!(group["matcher"], "Write|Edit|MultiEdit");
    assert_eq!(group["hooks"][0]["command"], "trueup hook claude-code");
    assert!(settings["hooks"]["Stop"][0].get("matcher").is_none());
    said(&project, "hook uninstall claude-code");
    assert!(!project.path(".claude").exists());
}

#[test]
fn a_persons_own_settings_name_the_program() {
    let project = project().with(".home", "");
    said(&project, "--no-exec hook install claude-code --local");
    let local = project.text(".claude/settings.local.json");
    assert!(local.contains("trueup --no-exec hook claude-code\"") && local.contains("\"/"), "{local}");
    let user = project
        .trueup(["hook", "install", "claude-code", "--user"])
        .env("HOME", project.path("home").to_str().unwrap());
    fs::create_dir(project.path("home")).unwrap();
    user.run().exits(0);
    assert!(project.text("home/.claude/settings.json").contains("trueup hook claude-code"));
    let nowhere = project.trueup(["hook", "install", "claude-code", "--user"]).without_env("HOME").run();
    assert!(nowhere.exits(2).stderr().contains("HOME is not set"), "{}", nowhere.shown());
    said(&project, "hook uninstall claude-code --local");
    assert!(!project.path(".claude/settings.local.json").exists());
    project.run("hook install claude-code --local --user").exits(2);
    let git = project.run("hook install git --user");
    assert!(git.exits(2).stderr().contains("`--user` is for the settings of an agent"), "{}", git.shown());
}

#[test]
fn what_cannot_be_read_is_left_as_it_is_and_pointed_at() {
    let project = project();
    for (text, place, told) in [
        ("{\n  \"a\": 1,\n  b: 2\n}\n", "settings.json:3:3", "was left as it is"),
        ("{\n  \"hooks\": []\n}\n", "settings.json:2:12", "`hooks` is no JSON object; expected one"),
        ("{ \"hooks\": { \"Stop\": {} } }", "settings.json:1:22", "`hooks.Stop` is no list"),
        ("", "settings.json:1:1", "it is empty"),
    ] {
        project.write(SETTINGS, text);
        // Where there is nothing of ours, whatever else is wrong is not for us to say.
        let actions = if text.contains("Stop") { &["install"][..] } else { &["install", "uninstall"] };
        for action in actions {
            let run = project.run(&format!("hook {action} claude-code"));
            run.exits(2);
            let stderr = run.stderr();
            assert!(stderr.contains(told) && stderr.contains(place), "{action} {text:?}: {stderr}");
            assert_eq!(project.text(SETTINGS), text);
        }
    }
    project.write(SETTINGS, b"\xff");
    assert!(project.run("hook install claude-code").exits(2).stderr().contains("is not UTF-8"));
    fs::remove_file(project.path(SETTINGS)).unwrap();
    fs::create_dir(project.path(SETTINGS)).unwrap();
    assert!(
        project.run("hook install claude-code").exits(2).stderr().contains("is a folder; expected a settings file")
    );
}

#[test]
fn guidance_is_for_agents_without_hooks() {
    let project = project();
    let guidance = said(&project, "hook show agents-md");
    for command in ["trueup check", "trueup fix", "trueup probe"] {
        assert!(guidance.contains(command), "{guidance}");
    }
    // It is a document like any other, and claims nothing.
    project.write("AGENTS.md", guidance);
    let claims = said(&project, "claims AGENTS.md --format json");
    assert!(claims.contains("\"claims\":[]") || claims.contains("\"claims\": []"), "{claims}");
}
