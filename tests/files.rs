//! Finding, reading and writing documents, on a real file system.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use tempfile::TempDir;
use trueup::files::{FindError, Fingerprint, ReadError, WriteError, Written, find, read, write};

/// A folder with files in it, gone when the test ends.
struct Project(TempDir);

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        for (path, text) in files {
            project.put(path, text);
        }
        project
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn put(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// What `find` names, relative to the folder.
    fn find(&self, paths: &[&str], docs: &[&str]) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| self.path(path)).collect();
        let docs: Vec<_> = docs.iter().map(|&glob| glob.to_owned()).collect();
        let found = find(&paths, &docs, self.root()).unwrap();
        found.iter().map(|path| path.strip_prefix(self.root()).unwrap().to_str().unwrap().to_owned()).collect()
    }

    /// Names of the files directly in it: a write must leave none of its own.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(self.root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_folder_stands_for_its_markdown_and_a_file_for_itself() {
    let project = Project::new(&[
        (".gitignore", "ignored.md\nbuild/\n"),
        (".git/HEAD", ""),
        (".git/notes.md", ""),
        (".claude/agents/reviewer.md", ""),
        ("README.MD", ""),
        ("docs/a.markdown", ""),
        ("docs/b.txt", ""),
        ("build/out.md", ""),
        ("ignored.md", ""),
    ]);
    assert_eq!(project.find(&["."], &[]), [".claude/agents/reviewer.md", "README.MD", "docs/a.markdown"]);
    assert_eq!(project.find(&["docs/b.txt", "ignored.md"], &[]), ["docs/b.txt", "ignored.md"]);
    assert_eq!(project.find(&["docs", "docs/a.markdown", "docs/../docs/a.markdown"], &[]), ["docs/a.markdown"]);
}

#[test]
fn without_a_path_the_globs_of_the_policy_say_what_is_meant() {
    let project = Project::new(&[
        (".git/HEAD", ""),
        (".gitignore", "CLAUDE.local.md\n"),
        ("CLAUDE.local.md", ""),
        ("CLAUDE.md", ""),
        ("other.md", ""),
        ("docs/a.md", ""),
        ("docs/deep/b.md", ""),
        ("docs/old/c.md", ""),
    ]);
    let docs = ["CLAUDE.md", "CLAUDE.local.md", "NOT-THERE.md", "docs/**/*.md", "!docs/old/**"];
    assert_eq!(project.find(&[], &docs), ["CLAUDE.local.md", "CLAUDE.md", "docs/a.md", "docs/deep/b.md"]);
    assert_eq!(project.find(&["other.md"], &docs), ["other.md"]);
    // Nobody said what is meant, so it is the project, as with ripgrep.
    assert_eq!(project.find(&[], &[]), project.find(&["."], &[]));
    assert_eq!(project.find(&[], &[]).len(), 5);
}

#[test]
fn the_current_folder_needs_no_name() {
    for root in ["", "."] {
        let docs = ["tests/**/tcp.rs".to_owned(), "Cargo.toml".to_owned(), "./clippy.toml".to_owned()];
        let found = find(&[], &docs, Path::new(root)).unwrap();
        assert_eq!(found, ["Cargo.toml", "clippy.toml", "tests/looks/tcp.rs"].map(PathBuf::from), "{root:?}");
    }
    let project = Project::new(&[("a.md", "a")]);
    let path = project.path("a.md");
    let loaded = read(&path).unwrap();
    assert_eq!(write(&path, "b", &loaded.fingerprint, Path::new("")).unwrap(), Written::Replaced);
}

#[test]
fn standard_input_is_a_path_of_its_own() {
    assert_eq!(find(&[PathBuf::from("-")], &[], Path::new("")).unwrap(), [PathBuf::from("-")]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let project = Project::new(&[("a.md", "")]);
    let paths = [project.path("gone.md"), project.path("a.md/below.md"), project.path("a.md")];
    let errors = find(&paths, &[], project.root()).unwrap_err();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(matches!(&errors[0], FindError::Missing { path } if path.ends_with("gone.md")));
    assert!(matches!(&errors[1], FindError::Missing { path } if path.ends_with("a.md/below.md")));
    assert!(errors[0].to_string().ends_with("gone.md` is not there; expected a Markdown file or a folder"));
    let errors = find(&[], &["docs/[".to_owned()], project.root()).unwrap_err();
    assert!(matches!(&errors[..], [FindError::Glob(bad)] if bad.glob == "docs/["), "{errors:?}");
}

#[cfg(unix)]
#[test]
fn a_file_found_under_two_names_is_read_once() {
    let project = Project::new(&[("CLAUDE.md", "")]);
    std::os::unix::fs::symlink("CLAUDE.md", project.path("AGENTS.md")).unwrap();
    assert_eq!(project.find(&["."], &[]), ["CLAUDE.md"]);
    assert_eq!(project.find(&["CLAUDE.md", "AGENTS.md"], &[]), ["CLAUDE.md"]);
    assert_eq!(project.find(&[], &["CLAUDE.md", "AGENTS.md"]), ["CLAUDE.md"]);
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let project = Project::new(&[]);
    let error = read(&project.path("gone.md")).unwrap_err();
    assert!(matches!(error, ReadError::Missing { .. }), "{error}");
    let error = read(project.root()).unwrap_err();
    assert!(matches!(error, ReadError::Folder { .. }), "{error}");
    let latin1 = project.put("latin1.md", b"fine\nna\xEFve\n");
    let error = read(&latin1).unwrap_err();
    assert!(matches!(error, ReadError::NotUtf8 { offset: 7, line: 2, utf16: false, .. }), "{error}");
    assert!(error.to_string().ends_with("is not UTF-8: byte 7, on line 2, fits in no character"));
    let wide = project.put("wide.md", b"\xFF\xFEa\0b\0");
    let error = read(&wide).unwrap_err();
    assert!(error.hint().contains("UTF-16"), "{}", error.hint());
}

#[test]
fn a_document_larger_than_bearable_is_refused() {
    let project = Project::new(&[]);
    let path = project.put("large.md", "");
    // A hole: it takes no room on the disk.
    fs::File::options().write(true).open(&path).unwrap().set_len((256 << 20) + 1).unwrap();
    let error = read(&path).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    assert!(error.to_string().ends_with("is larger than 256 MiB, the most that is read"));
}

#[test]
fn bytes_that_nobody_edits_survive() {
    for text in ["\u{feff}# a\r\n21/21 up\r\n", "no last newline", "", "\n\n", "mixed\r\nends\n", "nul \0 and é✅"] {
        let project = Project::new(&[("a.md", text)]);
        let path = project.path("a.md");
        let loaded = read(&path).unwrap();
        assert_eq!(loaded.source.text(), text);
        assert_eq!(loaded.source.name(), path.display().to_string());
        let edited = format!("{text}!");
        assert_eq!(write(&path, &edited, &loaded.fingerprint, project.root()).unwrap(), Written::Replaced);
        assert_eq!(fs::read(&path).unwrap(), edited.as_bytes());
        assert_eq!(project.names(), ["a.md"]);
    }
}

#[test]
fn a_write_that_changes_nothing_does_not_touch_the_file() {
    let project = Project::new(&[("a.md", "same")]);
    let path = project.path("a.md");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    let loaded = read(&path).unwrap();
    assert_eq!(write(&path, "same", &loaded.fingerprint, project.root()).unwrap(), Written::Unchanged);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
}

#[test]
fn a_file_that_changed_since_it_was_read_is_left_alone() {
    let project = Project::new(&[("a.md", "21/21 up")]);
    let path = project.path("a.md");
    let loaded = read(&path).unwrap();
    // The same size, and within the resolution of any clock.
    fs::write(&path, "20/21 up").unwrap();
    let error = write(&path, "0/21 up", &loaded.fingerprint, project.root()).unwrap_err();
    assert!(matches!(error, WriteError::Changed { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "20/21 up");
    fs::remove_file(&path).unwrap();
    let error = write(&path, "0/21 up", &loaded.fingerprint, project.root()).unwrap_err();
    assert!(matches!(error, WriteError::Unreadable(ReadError::Missing { .. })), "{error}");
    assert!(project.names().is_empty());
}

#[test]
fn standard_input_is_not_written_back() {
    let error = write(Path::new("-"), "", &Fingerprint::of(b""), Path::new("")).unwrap_err();
    assert!(matches!(error, WriteError::StandardInput), "{error}");
}

#[test]
fn a_folder_that_went_away_is_an_error_that_names_the_file() {
    let project = Project::new(&[("docs/a.md", "a")]);
    let path = project.path("docs/a.md");
    let loaded = read(&path).unwrap();
    fs::remove_dir_all(project.path("docs")).unwrap();
    let error = write(&path, "b", &loaded.fingerprint, project.root()).unwrap_err();
    assert_eq!(error.path(), path);
    assert!(matches!(error, WriteError::Unreadable(ReadError::Missing { .. })), "{error}");
}

#[test]
fn a_read_only_file_stays_as_it_is() {
    let project = Project::new(&[("a.md", "a")]);
    let path = project.path("a.md");
    let loaded = read(&path).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let error = write(&path, "b", &loaded.fingerprint, project.root()).unwrap_err();
    assert!(matches!(error, WriteError::ReadOnly { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "a");
    assert_eq!(project.names(), ["a.md"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn mode_and_owner_stay() {
        let project = Project::new(&[("a.md", "a")]);
        let path = project.path("a.md");
        // Only root may give a file away; for others this leaves the owner as it is.
        std::os::unix::fs::chown(&path, Some(4242), Some(4243)).ok();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let before = fs::metadata(&path).unwrap();
        let loaded = read(&path).unwrap();
        assert_eq!(write(&path, "b", &loaded.fingerprint, project.root()).unwrap(), Written::Replaced);
        let after = fs::metadata(&path).unwrap();
        assert_eq!(after.mode(), before.mode());
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        assert_ne!(after.ino(), before.ino(), "it is replaced, not written in place");
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let project = Project::new(&[("docs/a.md", "a")]);
        let link = project.path("AGENTS.md");
        symlink("docs/a.md", &link).unwrap();
        let loaded = read(&link).unwrap();
        assert_eq!(write(&link, "b", &loaded.fingerprint, project.root()).unwrap(), Written::Replaced);
        assert_eq!(fs::read_link(&link).unwrap(), Path::new("docs/a.md"));
        assert_eq!(fs::read_to_string(project.path("docs/a.md")).unwrap(), "b");
    }

    #[test]
    fn a_link_out_of_the_project_is_not_followed_by_a_write() {
        let outside = Project::new(&[("secret.md", "a"), ("docs/x.md", "a")]);
        let project = Project::new(&[]);
        symlink(outside.path("secret.md"), project.path("file.md")).unwrap();
        symlink(outside.path("docs"), project.path("docs")).unwrap();
        for name in ["file.md", "docs/x.md"] {
            let path = project.path(name);
            let loaded = read(&path).unwrap();
            let error = write(&path, "b", &loaded.fingerprint, project.root()).unwrap_err();
            assert!(matches!(error, WriteError::LeavesProject { .. }), "{name}: {error}");
        }
        // Named by its own path, it is the user's to name.
        let path = outside.path("secret.md");
        let loaded = read(&path).unwrap();
        assert_eq!(write(&path, "b", &loaded.fingerprint, project.root()).unwrap(), Written::Replaced);
        assert_eq!(fs::read_to_string(outside.path("docs/x.md")).unwrap(), "a");
    }

    #[test]
    fn a_project_reached_through_a_link_is_still_the_project() {
        let project = Project::new(&[("real/a.md", "a")]);
        symlink("real", project.path("alias")).unwrap();
        let path = project.path("alias/a.md");
        let loaded = read(&path).unwrap();
        assert_eq!(write(&path, "b", &loaded.fingerprint, &project.path("alias")).unwrap(), Written::Replaced);
    }

    #[test]
    fn a_link_to_nothing_is_missing() {
        let project = Project::new(&[]);
        let path = project.path("a.md");
        symlink("nowhere.md", &path).unwrap();
        assert!(matches!(read(&path).unwrap_err(), ReadError::Missing { .. }));
        let error = write(&path, "b", &Fingerprint::of(b""), project.root()).unwrap_err();
        assert!(matches!(error, WriteError::Unreadable(ReadError::Missing { .. })), "{error}");
        assert!(matches!(&find(&[path], &[], project.root()).unwrap_err()[..], [FindError::Missing { .. }]));
    }

    #[test]
    fn a_folder_that_may_not_be_written_leaves_the_file_and_no_litter() {
        let project = Project::new(&[("docs/a.md", "a")]);
        let docs = project.path("docs");
        fs::set_permissions(&docs, fs::Permissions::from_mode(0o555)).unwrap();
        let enforced =
            fs::write(docs.join("try"), "").is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied);
        let path = project.path("docs/a.md");
        let loaded = read(&path).unwrap();
        let written = write(&path, "b", &loaded.fingerprint, project.root());
        fs::set_permissions(&docs, fs::Permissions::from_mode(0o755)).unwrap();
        if enforced {
            let error = written.unwrap_err();
            assert!(matches!(error, WriteError::Io { .. }), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), "a");
        } else {
            // Root is not held back by modes.
            assert_eq!(written.unwrap(), Written::Replaced);
            fs::remove_file(docs.join("try")).unwrap();
        }
        let names: Vec<_> = fs::read_dir(&docs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["a.md"]);
    }
}

proptest! {
    #[test]
    fn writing_what_was_read_changes_nothing(text in any::<String>()) {
        let project = Project::new(&[("a.md", &text)]);
        let path = project.path("a.md");
        let loaded = read(&path).unwrap();
        prop_assert_eq!(loaded.source.text(), &text);
        let written = write(&path, loaded.source.text(), &loaded.fingerprint, project.root()).unwrap();
        prop_assert_eq!(written, Written::Unchanged);
        prop_assert_eq!(fs::read(&path).unwrap(), text.as_bytes());
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in any::<Vec<u8>>()) {
        let project = Project::new(&[]);
        let path = project.put("a.md", &bytes);
        let valid = std::str::from_utf8(&bytes).is_ok();
        prop_assert!(read(&path).is_ok() == valid);
    }
}
