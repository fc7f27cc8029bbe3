//! Several writers of one document: trueup beside trueup, and trueup beside another program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use trueup::files::{self, WriteError};

use crate::support::program::Project;

/// Name of the variable that makes a run of this test binary a writer.
const DOCUMENT: &str = "TRUEUP_TEST_ADDER";

/// Writers at once, and lines that each adds.
const WRITERS: usize = 6;
const LINES: usize = 25;

/// Not a test of its own: adds lines to a document, each in a read and a write. Where the document changed between the
/// two, it begins again.
#[test]
fn adder() {
    let Some(path) = std::env::var_os(DOCUMENT) else { return };
    let path = Path::new(&path);
    for line in 0..LINES {
        loop {
            let loaded = files::read(path).unwrap();
            let text = format!("{}{} {line}\n", loaded.source.text(), std::process::id());
            match files::write(path, &text, &loaded.fingerprint, path.parent().unwrap()) {
                Ok(_) => break,
                Err(WriteError::Changed { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn no_write_of_another_trueup_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    fs::write(&path, "").unwrap();
    let start = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "concurrent::adder"]).env(DOCUMENT, &path).stdout(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let writers: Vec<_> = (0..WRITERS).map(|_| start()).collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), WRITERS * LINES);
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), WRITERS * LINES, "none twice, none lost");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "and nothing beside it");
}

const CONFIG: &str = "[group.files]\nnames = [\"files\"]\n[group.files.target.here]\n\
    check.file = { path = \"trueup.toml\", matches = \"files\" }\n[group.files.target.gone]\n\
    check.file = { path = \"gone\", matches = \"x\" }\n";

const OLD: &str = "2/2 files operational\n\n<!-- trueup:begin status-table group=files -->\n<!-- trueup:end -->\n";

#[test]
fn two_fixes_at_once_do_not_interleave() {
    let alone = Project::new().with("trueup.toml", CONFIG).with("a.md", OLD);
    alone.run("fix").exits(0);
    for _ in 0..12 {
        let project = Project::new().with("trueup.toml", CONFIG).with("a.md", OLD);
        let runs: Vec<_> = (0..3).map(|_| project.trueup(["fix"]).start()).collect();
        // All want the same text: whoever comes late finds it there.
        runs.into_iter().for_each(|run| _ = run.end().exits(0));
        assert_eq!(project.text("a.md"), alone.text("a.md"));
        assert_eq!(fs::read_dir(project.folder()).unwrap().count(), 2);
    }
}

/// What another program writes while trueup measures stays.
#[test]
fn a_document_that_changes_during_the_run_is_not_overwritten() {
    let slow = "[group.slow]\nnames = [\"files\"]\n[group.slow.target.a]\n\
        check.command = { command = [\"sh\", \"-c\", \"touch started; while ! test -e changed; do sleep 0.02; done; exit 1\"] }\n";
    let project = Project::new().with("trueup.toml", slow).with("a.md", "1/1 files operational\n");
    let mut run = project.trueup(["fix"]).start();
    run.wait_for("started");
    let newer = "1/1 files operational, says somebody else\n";
    project.write("a.md", newer);
    project.write("changed", "");
    let run = run.end();
    assert!(run.exits(2).stdout().contains("`a.md` changed since it was read"), "{}", run.shown());
    assert_eq!(project.text("a.md"), newer);
}

/// Writers that replace the file as editors do, in between the looks of trueup.
#[test]
fn what_an_editor_saved_before_the_last_look_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.md");
    for round in 0..200 {
        fs::write(&path, format!("old {round}")).unwrap();
        let loaded = files::read(&path).unwrap();
        let saved = format!("saved {round}");
        let editor = thread::spawn({
            let (path, saved) = (path.clone(), saved.clone());
            move || {
                let beside = path.with_extension("swp");
                fs::write(&beside, saved).unwrap();
                fs::rename(beside, path).unwrap();
            }
        });
        if round % 2 == 0 {
            editor.join().unwrap();
            let refused = files::write(&path, "ours", &loaded.fingerprint, folder.path());
            assert!(matches!(refused, Err(WriteError::Changed { .. })), "{refused:?}");
            assert_eq!(fs::read_to_string(&path).unwrap(), saved);
        } else {
            // At the same time: one of the two texts, whole.
            _ = files::write(&path, "ours", &loaded.fingerprint, folder.path());
            editor.join().unwrap();
            let text = fs::read_to_string(&path).unwrap();
            assert!(text == "ours" || text == saved, "{text}");
        }
    }
}
