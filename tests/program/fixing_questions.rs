//! `trueup fix --interactive`, with somebody at a terminal and with nobody.

use std::process::Command;
use std::time::Duration;

use crate::support::program::Project;
use crate::{NO_ENGINE, project};

const DOCUMENT: &str = "Gateways: 2/2 operational\n\nGateways: 100% functional\n\nAll gateways working\n\n\
    <!-- trueup:begin status-table group=ports -->\n<!-- trueup:end -->\n";

/// What an answer to each question makes of [`DOCUMENT`]: a terminal of its own is given by python3, which every test
/// machine has for other peers already.
#[track_caller]
fn answered(answers: &str) -> (Project, String, i32) {
    let project = project(DOCUMENT);
    let script = r#"
import os, pty, select, sys, time
program, answers = sys.argv[1], sys.argv[2].split()
child, terminal = pty.fork()
if child == 0:
    os.execv(program, [program, "fix", "--interactive"])
seen, asked, until = b"", 0, time.time() + 60
while time.time() < until:
    ready, _, _ = select.select([terminal], [], [], 1)
    if not ready:
        continue
    try:
        some = os.read(terminal, 65536)
    except OSError:
        break
    if not some:
        break
    seen += some
    if seen.count(b"[q]uit: ") > asked:
        asked += 1
        answer = answers[asked - 1] if asked <= len(answers) else "q"
        os.write(terminal, b"\x04" if answer == "EOF" else answer.encode() + b"\n")
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
"#;
    let mut command = Command::new("timeout");
    command.args([&Duration::from_secs(90).as_secs().to_string(), "python3", "-c", script]);
    command.args([env!("CARGO_BIN_EXE_trueup"), answers]).current_dir(project.folder()).env("DOCKER_HOST", NO_ENGINE);
    let run = command.output().unwrap();
    let shown = String::from_utf8_lossy(&run.stdout).replace("\r\n", "\n");
    (project, shown, run.status.code().unwrap())
}

#[test]
fn each_change_is_asked_about() {
    let (project, shown, code) = answered("y n maybe y y");
    let fixed = project.text("STATUS.md");
    assert!(
        fixed.starts_with("Gateways: 1/2 operational\n\nGateways: 100% functional\n\n1 of 2 gateways working\n"),
        "{fixed}"
    );
    assert!(fixed.contains("`north`"), "{fixed}");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("-Gateways: 2/2 operational\n+Gateways: 1/2 operational\n"), "{shown}");
    assert!(shown.contains("y writes it, n leaves it"), "{shown}");
}

#[test]
fn all_and_quit_answer_for_those_after_them() {
    let (project, shown, code) = answered("n a");
    let fixed = project.text("STATUS.md");
    assert!(fixed.starts_with("Gateways: 2/2 operational\n\nGateways: 50% functional\n\n1 of 2"), "{fixed}");
    assert_eq!((code, shown.matches("[q]uit").count()), (1, 2), "{shown}");
    for answers in ["y q", "y EOF"] {
        let (project, shown, code) = answered(answers);
        assert_eq!(project.text("STATUS.md"), DOCUMENT.replace("2/2", "1/2"), "{shown}");
        assert_eq!((code, shown.matches("[q]uit").count()), (1, 2), "{shown}");
    }
}

#[test]
fn without_a_terminal_nothing_is_asked_measured_or_written() {
    let project = project(DOCUMENT);
    let state = project.state();
    let run = project.trueup(["fix", "--interactive"]).stdin("y\ny\ny\ny\n").run();
    insta::assert_snapshot!(run.exits(2).shown(), @r"
    $ trueup fix --interactive
    exit 2
    --- stderr
    error: `--interactive` asks about each change; expected a terminal on standard input and standard output; use `--diff` to see the changes
    ");
    assert_eq!(project.state(), state);
    project.run("fix --interactive --diff").exits(2);
}
