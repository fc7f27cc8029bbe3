//! The README is true: its commands run, its configuration is valid, its tables are what the program says.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use trueup::config;
use trueup::document::source::SourceFile;
use trueup::exit::ExitCode;
use trueup::measure::request::Check;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Contents of the fenced blocks in `language`.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let begin = format!("\n```{language}\n");
    let parts = readme.split(&begin).skip(1);
    parts.map(|part| part.split("\n```").next().unwrap().to_owned()).collect()
}

fn trueup(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.args(args).current_dir(root()).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env("COLUMNS", "120");
    command.output().unwrap()
}

#[test]
fn its_commands_run() {
    let commands: Vec<String> =
        blocks("sh").iter().flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for command in commands {
        if let Some(args) = command.strip_prefix("cargo run --release -- ") {
            let args: Vec<&str> = args.split(' ').collect();
            let output = trueup(&args);
            assert_eq!(output.status.code(), Some(1), "{command}: {output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.contains("claimed 21/21 operational, measured 0/21"), "{text}");
        } else {
            let file = root().join(&command);
            assert!(file.is_file(), "`{command}` of the README is not there");
            assert!(Command::new("test").arg("-x").arg(&file).status().unwrap().success(), "`{command}` cannot be run");
            let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
            assert!(ci.lines().any(|line| line.trim() == command), ".ci/run does not run `{command}`");
        }
    }
}

#[test]
fn its_configuration_is_valid() {
    let blocks = blocks("toml");
    assert_eq!(blocks.len(), 1);
    let file = Arc::new(SourceFile::new("README.md", blocks[0].as_str()));
    let parsed = config::parse(&file, root()).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert!(parsed.warnings.is_empty(), "{:#?}", parsed.warnings);
    assert_eq!(parsed.policy.groups.len(), 3);
}

#[test]
fn its_help_is_what_the_program_says() {
    let help = String::from_utf8(trueup(&["--help"]).stdout).unwrap();
    assert!(!help.is_empty());
    let text = readme();
    for line in help.lines() {
        assert!(text.contains(line.trim_end()), "the README lacks this line of `trueup --help`: {line:?}");
    }
}

#[test]
fn its_tables_are_complete() {
    let text = readme();
    for exit in [ExitCode::Clean, ExitCode::Drift, ExitCode::Usage, ExitCode::Unmeasured, ExitCode::Nothing] {
        let row = format!("| {} | {}", exit.code(), exit.meaning());
        assert!(text.contains(&row), "the table of exit codes lacks {row:?}");
    }
    let help = String::from_utf8(trueup(&["--help"]).stdout).unwrap();
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that stands further in goes on with the one above.
    let commands = commands.filter(|line| !line.starts_with("   "));
    for command in commands.map(|line| line.split_whitespace().next().unwrap()).filter(|command| *command != "help") {
        assert!(text.contains(&format!("| `trueup {command} ")), "the table of commands lacks `{command}`");
    }
    let checks = text.lines().find(|line| line.starts_with("Checks are ")).unwrap();
    let paragraph = text.split("\n\n").find(|part| part.starts_with("Checks are ")).unwrap();
    for check in Check::NAMES {
        assert!(paragraph.contains(&format!("`{check}`")), "{checks} lacks `{check}`");
    }
}
