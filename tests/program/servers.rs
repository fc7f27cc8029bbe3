//! MCP servers that behave badly: within the deadline, and told for what they do.

use std::time::Duration;

use crate::support::program::{Project, Run};

/// A server that shakes hands and answers its one tool.
const GOOD: &str = r#"while IFS= read -r line; do
    case $line in
    *'"id":'*) id=${line#*'"id":'} id=${id%%[,\}]*} ;;
    *) continue ;;
    esac
    case $line in
    *'"initialize"'*) result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"good","version":"1"}}' ;;
    *'"tools/list"'*) result='{"tools":[{"name":"ping_pong","description":"pings","inputSchema":{"type":"object"}}]}' ;;
    *'"tools/call"'*) result='{"content":[{"type":"text","text":"pong"}]}' ;;
    *) result='{}' ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
"#;

/// Checks a document that says that the server `script` works.
fn run(script: &str, timeout: &str) -> Run {
    let config = format!(
        "[run]\ntimeout = \"{timeout}\"\n[group.servers]\nnames = [\"servers\"]\n[group.servers.target.it]\n\
         check.mcp = {{ command = [\"sh\", \"it.sh\"], call = {{ tool = \"ping_pong\", expect = \"^pong$\" }} }}\n"
    );
    let project =
        Project::new().with("trueup.toml", config).with("it.sh", script).with("D.md", "All servers operational.\n");
    let before = project.state();
    // The deadline of the check, and what a busy machine may add.
    let run = project.trueup(["check", "D.md"]).within(Duration::from_secs(45)).run();
    assert_eq!(run.stderr(), "");
    assert_eq!(project.state(), before);
    run
}

#[test]
fn a_good_one() {
    run(GOOD, "30s").exits(0);
}

#[test]
fn one_that_never_answers() {
    let run = run("sleep 300 &\nsetsid sleep 300 &\ncat >/dev/null", "1s");
    assert!(run.exits(1).stdout().contains("no-answer"), "{}", run.shown());
    assert!(run.stdout().contains("no answer to `initialize`"), "{}", run.shown());
}

#[test]
fn one_that_ignores_requests_to_end() {
    let run = run("trap '' TERM INT HUP\nwhile :; do sleep 1; done", "1s");
    assert!(run.exits(1).stdout().contains("no-answer"), "{}", run.shown());
}

#[test]
fn one_that_prints_other_things_before_its_messages_works_and_that_is_noted() {
    let script = format!("echo 'Starting …'\necho '{{not json'\necho\n{GOOD}");
    let run = run(&script, "30s");
    run.exits(0);
    let config = "[group.servers]\n[group.servers.target.it]\n\
        check.mcp = { command = [\"sh\", \"it.sh\"], call = { tool = \"ping_pong\", expect = \"^pong$\" } }\n";
    let project = Project::new().with("trueup.toml", config).with("it.sh", script);
    let seen = project.run("probe");
    assert!(seen.exits(0).stdout().contains("2 lines that are no messages"), "{}", seen.shown());
}

#[test]
fn one_that_floods_its_standard_output() {
    let lines = run("yes 'debug: nothing to see here, and much of it' | head -c 100000000; sleep 300", "5s");
    assert!(lines.exits(1).stdout().contains("protocol"), "{}", lines.shown());
    // One line without an end.
    let line = run("head -c 100000000 /dev/zero | tr '\\0' a; sleep 300", "5s");
    line.exits(1);
}

#[test]
fn one_that_ends_in_the_middle() {
    let run = run("read -r line; echo 'fatal: no token' >&2; exit 7", "30s");
    assert!(run.exits(1).stdout().contains("exit 7: fatal: no token"), "{}", run.shown());
}
