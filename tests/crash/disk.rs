//! A disk without room, and one that may not be written: small file systems in memory, mounted for the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use trueup::files::{self, WriteError};

use crate::support::program::Project;

const CONFIG: &str = "[group.files]\nnames = [\"files\"]\n[group.files.target.gone]\n\
    check.file = { path = \"gone\", matches = \"x\" }\n";

/// A file system of its own, gone with the test.
struct Mount(PathBuf);

impl Mount {
    /// One of `size` at a folder, or `None` where this user may not mount: said, and a failure where nothing may be skipped.
    fn new(folder: &Path, size: &str) -> Option<Mount> {
        fs::create_dir_all(folder).unwrap();
        let options = format!("size={size},mode=0755");
        let run = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder).output();
        if run.as_ref().is_ok_and(|run| run.status.success()) {
            return Some(Mount(folder.to_owned()));
        }
        assert!(std::env::var_os("TRUEUP_TEST_ALL").is_none(), "cannot mount a file system: {run:?}");
        eprintln!("skipped: this user may not mount a file system");
        None
    }

    fn make_read_only(&self) {
        let run = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).output().unwrap();
        assert!(run.status.success(), "{run:?}");
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A document that claims what is false, of so many bytes.
fn document(size: usize) -> String {
    let claim = "1/1 files operational\n\n";
    format!("{claim}{}\n", "word ".repeat((size - claim.len()) / 5))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_is_told_and_leaves_the_old_document() {
    let project = Project::new().with("trueup.toml", CONFIG);
    let Some(_mount) = Mount::new(&project.path("docs"), "96k") else { return };
    let old = document(60 << 10);
    project.write("docs/a.md", &old);
    let run = project.run("fix docs");
    let told = "cannot write a file beside `docs/a.md`: No space left on device";
    assert!(run.exits(2).stdout().contains(told), "{}", run.shown());
    assert!(run.stdout().contains("the disk has room"), "{}", run.shown());
    assert_eq!(project.text("docs/a.md"), old);
    assert_eq!(names(&project.path("docs")), ["a.md"], "what was begun is gone");
    // The others are written all the same, and with room so is this one.
    project.write("b.md", document(100));
    project.run("fix docs b.md").exits(2);
    assert!(project.text("b.md").starts_with("0/1 files"));
    let more = ["-o", "remount,size=512k"];
    assert!(Command::new("mount").args(more).arg(project.path("docs")).status().unwrap().success());
    project.run("fix docs").exits(0);
    assert_eq!(project.text("docs/a.md"), old.replacen("1/1", "0/1", 1));
}

#[test]
fn a_folder_that_may_not_be_written_is_told_and_leaves_the_old_document() {
    let project = Project::new().with("trueup.toml", CONFIG);
    let Some(mount) = Mount::new(&project.path("docs"), "1m") else { return };
    let old = document(100);
    project.write("docs/a.md", &old);
    mount.make_read_only();
    let run = project.run("fix docs");
    let told = "cannot write a file beside `docs/a.md`: Read-only file system";
    assert!(run.exits(2).stdout().contains(told), "{}", run.shown());
    assert_eq!(project.text("docs/a.md"), old);
    let loaded = files::read(&project.path("docs/a.md")).unwrap();
    let refused = files::write(&project.path("docs/a.md"), "new", &loaded.fingerprint, project.folder());
    assert!(matches!(refused, Err(WriteError::Io { .. })), "{refused:?}");
    assert!(files::put(&project.path("docs/report.json"), b"x").is_err());
    assert_eq!(names(&project.path("docs")), ["a.md"]);
}
