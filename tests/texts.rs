//! Sections that show what a program writes and what was counted: the whole program, from trueup.toml to the document.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use trueup::code::Code;
use trueup::measure::process::{DEEPEST, DEPTH};
use trueup::measure::request::Check;
use trueup::render::built_in::BUILT_IN;
use trueup::report::Format;

const DOCUMENT: &str = "\
# Shop

<!-- trueup:begin transcript text=help shown=\"shop --help\" -->
<!-- trueup:end -->

<!-- trueup:begin metrics-table metrics=\"parts, lines\" -->
<!-- trueup:end -->

The end.
";

const CONFIG: &str = r#"
docs = ["DOC.md"]

[metric.lines]
from.command = { command = ["sh", "shop.sh", "--help"], exit_code = 3, lines = true }

[metric.parts]
names = ["parts | pieces"]
from.file = { count = "*.sh", matches = 'list' }

[metric.unasked]
from.command = { command = ["sh", "-c", "echo no number"] }

[text.help]
command = ["sh", "shop.sh", "--help"]
exit_code = [0, 3]
max_lines = 6
"#;

fn project(shop: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in [("DOC.md", DOCUMENT), ("trueup.toml", CONFIG), ("shop.sh", shop)] {
        fs::write(root.path().join(name), text).unwrap();
    }
    root
}

/// Exit code and standard output of the program in `folder`.
fn trueup(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr))
}

fn document(root: &tempfile::TempDir) -> String {
    fs::read_to_string(root.path().join("DOC.md")).unwrap()
}

#[test]
fn a_transcript_and_a_table_are_written_once() {
    let root = project("echo 'Usage: shop'\nprintf '\\n  list\\tall there is\\n\\n'\nexit 3\n");
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!(exit, Some(1), "{told}");
    // The metric `unasked` is no number, and nothing shows it.
    let (exit, told) = trueup(root.path(), &["fix"]);
    assert_eq!(exit, Some(0), "{told}");
    let once = document(&root);
    let shown: Vec<&str> = once.lines().map(|line| line.split(" facts=").next().unwrap()).collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    # Shop

    <!-- trueup:begin transcript text=help shown="shop --help" -->

    ```console
    $ shop --help
    Usage: shop

      list  all there is
    ```

    <!-- trueup:end

    <!-- trueup:begin metrics-table metrics="parts, lines" -->

    | Metric          | Value |
    | --------------- | --- |
    | parts \| pieces | 1 |
    | lines           | 4 |

    <!-- trueup:end

    The end.
    "#);
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!((exit, told.contains("2 sections current\n")), (Some(0), true), "{told}");
    assert_eq!(trueup(root.path(), &["fix"]), (Some(0), told));
    assert_eq!(document(&root), once);
    // Now the program says something else.
    fs::write(root.path().join("shop.sh"), "echo 'Usage: shop list'; exit 3\n").unwrap();
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!((exit, told.contains("section `transcript` shows older facts")), (Some(1), true), "{told}");
}

#[test]
fn what_could_not_be_taken_down_is_not_written() {
    let root = project("echo no; echo 'shop: cannot find the stock' >&2; exit 4\n");
    let (exit, told) = trueup(root.path(), &["fix"]);
    assert_eq!(exit, Some(3), "{told}");
    assert!(told.contains("exit 4: shop: cannot find the stock; expected exit 0 or 3"), "{told}");
    assert!(document(&root).starts_with(&DOCUMENT[..DOCUMENT.find("<!-- trueup:end").unwrap()]));
    assert!(!document(&root).contains("```"));
    let (exit, told) = trueup(root.path(), &["check", "--no-exec"]);
    assert_eq!(
        (exit, told.contains("a text starts a program, and `--no-exec` refuses that")),
        (Some(3), true),
        "{told}"
    );
    let config = CONFIG.replace("[text.help]", "[text.hepl]");
    fs::write(root.path().join("trueup.toml"), config).unwrap();
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!(exit, Some(2), "{told}");
    assert!(told.contains("trueup.toml has no text `help`") && told.contains("did you mean `hepl`?"), "{told}");
    assert!(told.contains("no section shows text `hepl`"), "{told}");
}

#[test]
fn hostile_output_does_not_leave_its_block() {
    let shop = "trap 'exit 3' EXIT; printf '```\\n\\n<!-- trueup:end -->\\n\\033[31m# red\\033[0m\\r\\n~~~~\\n\\342\\200\\256all 5 servers are up\\nmore\\n'\n";
    let root = project(shop);
    let (exit, told) = trueup(root.path(), &["fix"]);
    assert_eq!(exit, Some(0), "{told}");
    let text = document(&root);
    let block =
        "\n````console\n$ shop --help\n```\n\n<!-- trueup:end -->\n# red\n~~~~\nall 5 servers are up\n…\n````\n";
    assert!(text.contains(block), "{text}");
    // Nothing of it is a marker or a claim of the document.
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!((exit, told.contains("0 claims drifted; 2 sections current\n")), (Some(0), true), "{told}");
}

#[test]
fn texts_are_measured_and_shown_by_probe() {
    let root = project("yes list | head -n 100\n");
    let (exit, table) = trueup(root.path(), &["probe"]);
    assert_eq!(exit, Some(3), "one metric is no number: {table}");
    assert!(table.ends_with("\nhelp: 6 lines, and more that are left out\n"), "{table}");
    let (_, json) = trueup(root.path(), &["probe", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let text = &json["texts"][0];
    assert_eq!((text["name"].as_str(), text["command"].as_str()), (Some("help"), Some("sh shop.sh --help")));
    assert_eq!(
        (text["outcome"]["lines"].as_array().map(Vec::len), &text["outcome"]["truncated"]),
        (Some(6), &true.into())
    );
}

#[test]
fn a_program_that_runs_itself_ends() {
    let root = project("exit 0\n");
    let config = format!("[text.help]\ncommand = [{:?}, \"check\"]\n", env!("CARGO_BIN_EXE_trueup"));
    fs::write(root.path().join("trueup.toml"), config).unwrap();
    fs::write(root.path().join("DOC.md"), "<!-- trueup:begin transcript text=help -->\n<!-- trueup:end -->\n").unwrap();
    let began = Instant::now();
    let (exit, told) = trueup(root.path(), &["check"]);
    assert_eq!(exit, Some(3), "{told}");
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let mut innermost = Command::new(env!("CARGO_BIN_EXE_trueup"));
    let output = innermost.arg("check").current_dir(root.path()).env(DEPTH, DEEPEST.to_string()).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!((output.status.code(), told.contains("started by 4 others")), (Some(3), true), "{told}");
}

/// What the README shows of this code is so now: found here, in a copy where this very program stands for the release,
/// before a release is built.
#[test]
fn the_readme_is_current() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = tempfile::tempdir().unwrap();
    let parts = ["README.md", "trueup.toml", "src", "templates", "tests", "examples"];
    let copied = Command::new("cp").arg("-R").args(parts.map(|part| root.join(part))).arg(copy.path()).status();
    assert!(copied.unwrap().success());
    let release = copy.path().join("target/release");
    fs::create_dir_all(&release).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_trueup"), release.join("trueup")).unwrap();
    let (exit, told) = trueup(copy.path(), &["check"]);
    assert_eq!(exit, Some(0), "run `cargo build --release && target/release/trueup fix`\n{told}");
    assert!(told.contains("; 3 sections current"), "{told}");
}

/// The figures of the project's own trueup.toml, held against the lists that the code itself has.
#[test]
fn the_projects_own_figures_are_those_of_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (_, json) = trueup(root, &["probe", "--no-exec", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["groups"].as_array().map(Vec::len), Some(0));
    let metrics = json["metrics"].as_array().unwrap();
    let value = |name: &str| {
        let metric = metrics.iter().find(|metric| metric["name"] == name).unwrap();
        metric["outcome"]["value"].as_u64().unwrap_or_else(|| panic!("{metric}"))
    };
    let own = [Check::NAMES.len(), Format::ALL.len(), Code::ALL.len(), BUILT_IN.len()].map(|number| number as u64);
    assert_eq!(["probes", "formats", "codes", "templates"].map(value), own);
    assert!(value("tests") > 300, "{}", value("tests"));

    // Claims in words find them, wrong ones fail.
    let [probes, formats, codes, templates] = own;
    let tests = value("tests");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("FIGURES.md");
    let config = root.join("trueup.toml");
    let check = |text: &str| {
        fs::write(&file, text).unwrap();
        trueup(root, &["--config", config.to_str().unwrap(), "check", file.to_str().unwrap()])
    };
    let claims = format!(
        "trueup has {probes} kinds of check and {formats} report formats.\n\nThere are {codes} diagnostic codes, \
         {templates} built-in templates and {tests} tests.\n"
    );
    let (exit, told) = check(&claims);
    assert_eq!((exit, told.as_str()), (Some(0), "1 document: 0 claims drifted, 5 hold\n"), "{claims}");
    let (exit, told) = check(&format!("trueup has {} kinds of check.\n", probes + 1));
    assert_eq!(exit, Some(1), "{told}");
}
