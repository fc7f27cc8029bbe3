//! What the tools answer.

use serde_json::{Value, json};

use crate::support::program::Project;
use crate::talk::Talk;
use crate::{CONFIG, project};

/// Quote, verdict and what was measured, of each claim.
fn verdicts(data: &Value) -> Vec<(&str, &str, Option<&str>)> {
    let claims = data["claims"].as_array().unwrap();
    claims
        .iter()
        .map(|one| (one["quote"].as_str().unwrap(), one["verdict"].as_str().unwrap(), one["measured"].as_str()))
        .collect()
}

#[test]
fn a_document_a_text_and_the_whole_project_are_judged() {
    let project = project().with("docs/more.md", "2 agents.\n\nAll gateways operational.\n");
    let mut talk = Talk::with(&project);
    let (text, data) = talk.answer("check_claims", json!({"path": "STATUS.md"}));
    assert!(text.contains("error[count-drift]: claimed 19 agents running, measured 2"), "{text}");
    assert!(text.contains(" --> STATUS.md:3:1"), "{text}");
    assert_eq!((&data["exit_code"], &data["left_out"]), (&json!(1), &json!(0)));
    let half = [("19 agents running", "drifted", Some("2")), ("310 tests passing", "holds", Some("310"))];
    assert_eq!(verdicts(&data), half, "{data}");
    assert!(data["measured_at"].as_str().unwrap().ends_with('Z'));
    // What an agent is about to write, for a file that is not there yet.
    let (_, data) = talk.answer("check_claims", json!({"text": "3 agents are there.\n", "path": "docs/new.md"}));
    assert_eq!(data["documents"], json!(["docs/new.md"]));
    assert_eq!(data["claims"][0]["verdict"], "drifted", "{data}");
    let (_, data) = talk.answer("check_claims", json!({"text": "Nothing is said here.\n"}));
    assert_eq!((&data["exit_code"], &data["claims"]), (&json!(4), &json!([])));
    let (_, data) = talk.answer("check_claims", json!({"path": "docs"}));
    assert_eq!(data["documents"], json!(["docs/more.md"]));
    let told = verdicts(&data);
    assert_eq!(told.iter().map(|(_, verdict, _)| *verdict).collect::<Vec<_>>(), ["holds", "unbound"], "{data}");
    let (_, data) = talk.answer("check_claims", json!({}));
    assert_eq!(data["documents"], json!(["STATUS.md", "docs/more.md"]));
    talk.close().exits(0);
    assert!(!project.path("docs/new.md").exists());
}

#[test]
fn measuring_answers_for_what_is_asked_and_keeps_what_is_young() {
    let project = project();
    let mut talk = Talk::with(&project);
    let asked = || project.text("asked.log").lines().count();
    let (text, data) = talk.answer("measure", json!({}));
    assert!(text.contains("\nagents: 2\ntests: 310\n"), "{text}");
    assert_eq!((&data["complete"], &data["metrics"][1]["value"]), (&json!(true), &json!(310.0)));
    assert_eq!(asked(), 1);
    // From what was kept: one group or document less does not ask again, and other commands use it as well.
    talk.answer("measure", json!({"metrics": ["tests"]}));
    talk.answer("check_claims", json!({"path": "STATUS.md"}));
    project.run("check STATUS.md --max-age 1h").exits(1);
    assert_eq!(asked(), 1);
    let (_, data) = talk.answer("measure", json!({"metrics": ["agents"], "max_age": "0s"}));
    assert_eq!(data["metrics"].as_array().unwrap().len(), 1);
    assert_eq!(asked(), 1, "what nobody asked for is not measured");
    talk.answer("measure", json!({"metrics": ["tests"], "max_age": "0s"}));
    assert_eq!(asked(), 2);
    for (arguments, reason) in [
        (json!({"metrics": ["test"]}), "trueup.toml names no metric `test`; did you mean `tests`?"),
        (json!({"groups": ["mcp"]}), "trueup.toml names no group `mcp`; trueup.toml names no group"),
        (json!({"max_age": "soon"}), "`max_age` is `soon`"),
        (json!({"command": ["sh"]}), "unknown field `command`"),
    ] {
        let why = talk.refusal("measure", arguments);
        assert!(why.contains(reason), "{why}");
    }
    talk.close().exits(0);
}

/// Two calls at once measure once: who waited is answered by what the first one measured.
#[test]
fn two_at_once_measure_once() {
    let project = project();
    let slow = CONFIG.replace("echo asked", "sleep 0.3; echo asked");
    project.write("trueup.toml", slow);
    let mut talk = Talk::with(&project);
    let calls: Vec<u64> =
        (0..3).map(|_| talk.send("tools/call", json!({"name": "measure", "arguments": {}}))).collect();
    let mut answered: Vec<u64> = (0..3)
        .map(|_| {
            let message = talk.next();
            assert_eq!(message["result"]["isError"], false, "{message}");
            message["id"].as_u64().unwrap()
        })
        .collect();
    answered.sort_unstable();
    assert_eq!(answered, calls);
    assert_eq!(project.text("asked.log").lines().count(), 1);
    talk.close().exits(0);
}

#[test]
fn what_could_not_be_measured_is_neither_up_nor_zero() {
    let config = format!(
        "{CONFIG}[metric.coverage]\nnames = [\"coverage\"]\nfrom.file = {{ path = \"c.json\", value = \"/t\" }}\n"
    );
    let project = project().with("trueup.toml", config).with("C.md", "Coverage: 85%\n");
    let mut talk = Talk::with(&project);
    let (_, data) = talk.answer("measure", json!({"metrics": ["coverage"]}));
    let coverage = &data["metrics"][0];
    assert_eq!((&data["complete"], &coverage["value"]), (&json!(false), &Value::Null));
    assert!(coverage["unknown"].as_str().unwrap().contains("c.json"), "{data}");
    let (_, data) = talk.answer("check_claims", json!({"path": "C.md"}));
    assert_eq!(verdicts(&data), [("85%", "unmeasured", None)], "{data}");
    assert_eq!(data["exit_code"], 3);
    talk.close().exits(0);
}

#[test]
fn a_line_and_a_code_are_explained_and_nothing_is_measured() {
    let project = project();
    let mut talk = Talk::with(&project);
    let (text, data) = talk.answer("explain", json!({"what": "STATUS.md:3"}));
    assert!(text.contains("info: claim: count 19 up"), "{text}");
    assert_eq!(data["remarks"][0]["judged_by"], "agents by subject", "{data}");
    let (text, data) = talk.answer("explain", json!({"what": "count-drift"}));
    assert!(text.starts_with("count-drift: ") && data["fix"].is_string(), "{text}\n{data}");
    let (_, data) = talk.answer("explain", json!({"what": "codes"}));
    assert!(data["codes"].as_array().unwrap().len() > 20);
    let why = talk.refusal("explain", json!({"what": "count-drif"}));
    assert!(why.ends_with("did you mean `count-drift`?"), "{why}");
    let why = talk.refusal("explain", json!({"what": "STATUS.md:99"}));
    assert!(why.contains("`STATUS.md` has no line 99") && why.contains("its last line is 6"), "{why}");
    assert!(!project.path("asked.log").exists() && !project.path(".trueup").exists());
    talk.close().exits(0);
}

#[test]
fn a_section_is_rendered_and_not_written() {
    let section = |attributes: &str| format!("<!-- trueup:begin metrics-table {attributes} -->\n<!-- trueup:end -->\n");
    let project = project()
        .with("ONE.md", section("metrics=agents"))
        .with("TWO.md", format!("{}\n{}", section("metrics=agents id=a"), section("metrics=tests id=b")))
        .with("BAD.md", "<!-- trueup:begin metrics-table metrics=agents -->\n");
    let before = project.state();
    let mut talk = Talk::with(&project);
    let (text, data) = talk.answer("render_section", json!({"document": "ONE.md"}));
    assert!(text.contains("| agents | 2 |"), "{text}");
    assert_eq!(
        (&data["status"], &data["line"], data["text"].as_str()),
        (&json!("stale"), &json!(1), Some(text.as_str()))
    );
    let (text, _) = talk.answer("render_section", json!({"document": "TWO.md", "id": "b"}));
    assert!(text.contains("| tests  | 310 |") || text.contains("| tests | 310 |"), "{text}");
    for (arguments, reason) in [
        (json!({"document": "TWO.md"}), "several sections; expected `id`, one of `a`, `b`"),
        (json!({"document": "TWO.md", "id": "c"}), "`TWO.md` has no section `c`; expected one of `a`, `b`"),
        (json!({"document": "TWO.md", "id": "metrics-table"}), "2 sections of the template `metrics-table`"),
        (json!({"document": "STATUS.md"}), "`STATUS.md` has no section"),
        (json!({"document": "BAD.md"}), "BAD.md:1:1: misplaced-marker"),
        (json!({"document": "NONE.md"}), "`NONE.md` is not there"),
    ] {
        let why = talk.refusal("render_section", arguments);
        assert!(why.contains(reason), "{why}");
    }
    talk.close().exits(0);
    let mut after = project.state();
    after.retain(|path, _| !path.starts_with(".trueup") && path.as_os_str() != "asked.log");
    assert_eq!(after, before);
}

#[test]
fn the_last_snapshot_is_a_resource() {
    let project = project();
    let mut talk = Talk::with(&project);
    let read = |talk: &mut Talk<'_>, uri: &str| talk.request("resources/read", json!({"uri": uri}));
    let none = read(&mut talk, "trueup://snapshot");
    assert!(none["error"]["message"].as_str().unwrap().starts_with("nothing was measured yet"), "{none}");
    let strange = read(&mut talk, "file:///etc/passwd");
    assert!(strange["error"]["message"].as_str().unwrap().contains("expected `trueup://snapshot`"), "{strange}");
    talk.answer("measure", json!({}));
    let snapshot = read(&mut talk, "trueup://snapshot");
    let text = snapshot["result"]["contents"][0]["text"].as_str().unwrap();
    let snapshot: Value = serde_json::from_str(text).unwrap();
    assert_eq!(snapshot["metrics"][1]["name"], "tests");
    project.write(".trueup/snapshot.json", "{");
    let damaged = read(&mut talk, "trueup://snapshot");
    assert!(damaged["error"]["message"].as_str().unwrap().contains("is no snapshot"), "{damaged}");
    talk.close().exits(0);
}

#[test]
fn a_snapshot_is_judged_from_and_nothing_is_looked_at() {
    let project = project();
    project.run("probe -o taken.json").exits(0);
    std::fs::remove_file(project.path("asked.log")).unwrap();
    std::fs::remove_file(project.path("agents/a.txt")).unwrap();
    let mut talk = Talk::over(project.trueup(["mcp", "--snapshot", "taken.json"]));
    let (_, data) = talk.answer("check_claims", json!({"path": "STATUS.md"}));
    assert_eq!(verdicts(&data)[1], ("310 tests passing", "holds", Some("310")));
    let (_, data) = talk.answer("measure", json!({"metrics": ["agents"]}));
    assert_eq!(data["metrics"][0]["value"], 2.0, "{data}");
    talk.close().exits(0);
    assert!(!project.path("asked.log").exists() && !project.path(".trueup").exists());
}

/// A server goes on whatever becomes of trueup.toml, and says what is wrong with it.
#[test]
fn the_configuration_is_that_of_now() {
    let project = project().with("trueup.toml", "docs = 7\n");
    let mut talk = Talk::with(&project);
    let why = talk.refusal("check_claims", json!({}));
    assert!(why.contains("trueup.toml:1:8: invalid-configuration"), "{why}");
    project.write("trueup.toml", CONFIG);
    talk.answer("check_claims", json!({}));
    project.write("trueup.toml", CONFIG.replace("agents", "helpers"));
    let (_, data) = talk.answer("check_claims", json!({"path": "STATUS.md"}));
    assert_eq!(data["claims"][0]["verdict"], "unbound", "{data}");
    let run = talk.close();
    assert!(run.exits(0).stderr().contains("invalid-configuration"), "{}", run.shown());
}

/// Started in a folder of the project, the server works from its root; and without a configuration, from where it is.
#[test]
fn the_root_is_where_the_configuration_is() {
    let project = project().with("docs/deep/a.md", "2 agents.\n");
    let mut talk = Talk::over(project.trueup(["mcp"]).inside("docs/deep"));
    let (_, data) = talk.answer("check_claims", json!({"path": "docs/deep/a.md"}));
    assert_eq!((&data["documents"], &data["exit_code"]), (&json!(["docs/deep/a.md"]), &json!(0)));
    talk.close().exits(0);
    let bare = Project::new().with("a.md", "2 agents running.\n");
    let mut talk = Talk::with(&bare);
    let (_, data) = talk.answer("check_claims", json!({}));
    assert_eq!(verdicts(&data), [("2 agents running", "unbound", None)], "{data}");
    let why = talk.refusal("measure", json!({}));
    assert!(why.contains("there is nothing to measure"), "{why}");
    talk.close().exits(0);
}

/// The run's deadline holds for a question as well: what is not known by then is told as unknown.
#[test]
fn an_answer_comes_within_the_deadline() {
    let slow = format!(
        "[run]\ndeadline = \"1s\"\ntimeout = \"1m\"\n{}",
        CONFIG.replace("echo asked", "sleep 300; echo asked")
    );
    // Keys before the first table belong to the top.
    let slow = slow.replace("docs = [\"*.md\", \"docs/**/*.md\"]\n", "");
    let project = project().with("trueup.toml", slow);
    let mut talk = Talk::with(&project);
    let (_, data) = talk.answer("measure", json!({}));
    assert_eq!((&data["complete"], &data["metrics"][0]["value"]), (&json!(false), &json!(2.0)), "{data}");
    assert!(data["metrics"][1]["unknown"].as_str().unwrap().contains("did not end in time"), "{data}");
    talk.close().exits(0);
}
