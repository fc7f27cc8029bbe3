//! Globs as trueup.toml writes them, and the files of a folder that git does not ignore.
//!
//! One meaning for all who ask: patterns are relative to a folder, `*` stays within one path component, `**` crosses
//! them, and `!pattern` takes back what a pattern before it named.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

/// A list of globs, compiled.
#[derive(Clone, Debug)]
pub struct Globs {
    set: GlobSet,
    /// Whether the pattern of this index begins with `!`.
    negated: Vec<bool>,
}

/// A pattern that is no glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadGlob {
    /// As written.
    pub glob: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for BadGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no glob: {}", self.glob, self.reason)
    }
}

impl Globs {
    /// Compiles `globs`. A path belongs to the list when the last pattern that matches it is not negated.
    ///
    /// # Errors
    /// The first pattern that is no glob.
    pub fn new(globs: &[String]) -> Result<Globs, BadGlob> {
        let bad =
            |glob: &str, error: globset::Error| BadGlob { glob: glob.to_owned(), reason: error.kind().to_string() };
        let mut set = GlobSetBuilder::new();
        let mut negated = Vec::with_capacity(globs.len());
        for glob in globs {
            let (pattern, is_negated) = glob.strip_prefix('!').map_or((glob.as_str(), false), |rest| (rest, true));
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let compiled =
                GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| bad(glob, error))?;
            set.add(compiled);
            negated.push(is_negated);
        }
        let set = set.build().map_err(|error| bad(&globs.join(", "), error))?;
        Ok(Globs { set, negated })
    }

    /// Whether `path`, relative to the folder that the patterns are relative to, belongs to the list.
    pub fn matches(&self, path: &Path) -> bool {
        self.set.matches(path).into_iter().max().is_some_and(|last| !self.negated[last])
    }
}

/// A place in a folder that could not be looked at.
#[derive(Debug)]
pub struct WalkFault {
    /// The place, as far as it is known.
    pub path: Option<PathBuf>,
    /// What the system said.
    pub error: io::Error,
}

/// Regular files below `root`, sorted within each folder, each with `root` before it.
///
/// What git ignores is left out, as ripgrep does, and so is `.git`; other hidden files are not, because documents for
/// agents live in `.claude` and `.github`. Symbolic links are not followed: what they point at inside of `root` is
/// found by its own name.
pub fn files(root: &Path) -> impl Iterator<Item = Result<PathBuf, WalkFault>> + use<> {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).filter_entry(|entry| entry.file_name() != ".git").sort_by_file_name(Ord::cmp);
    walk.build().filter_map(|entry| match entry {
        Ok(entry) => entry.file_type().is_some_and(|kind| kind.is_file()).then(|| Ok(entry.into_path())),
        Err(error) => Some(Err(fault(error))),
    })
}

/// The path and the cause inside of the layers that the walker wraps round them.
fn fault(error: ignore::Error) -> WalkFault {
    let mut path = None;
    let mut layer = &error;
    loop {
        layer = match layer {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at.clone());
                err
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => err,
            ignore::Error::Loop { child, .. } => {
                path = Some(child.clone());
                break;
            }
            ignore::Error::Partial(_)
            | ignore::Error::Io(_)
            | ignore::Error::Glob { .. }
            | ignore::Error::UnrecognizedFileType(_)
            | ignore::Error::InvalidDefinition => break,
        };
    }
    let text = error.to_string();
    WalkFault { path, error: error.into_io_error().unwrap_or_else(|| io::Error::other(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(globs: &[&str]) -> Globs {
        Globs::new(&globs.iter().map(|&glob| glob.to_owned()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_star_stays_in_its_folder_and_the_last_match_decides() {
        let docs = globs(&["CLAUDE.md", "docs/**/*.md", "!docs/old/**", "docs/old/keep.md"]);
        for (path, expected) in [
            ("CLAUDE.md", true),
            ("sub/CLAUDE.md", false),
            ("docs/a.md", true),
            ("docs/x/y/a.md", true),
            ("docs/old/a.md", false),
            ("docs/old/keep.md", true),
            ("docs/a.txt", false),
        ] {
            assert_eq!(docs.matches(Path::new(path)), expected, "{path}");
        }
        assert!(!globs(&["*.md"]).matches(Path::new("docs/a.md")));
        assert!(globs(&["./*.md"]).matches(Path::new("a.md")));
        assert!(!globs(&["!*.md"]).matches(Path::new("a.md")));
    }

    #[test]
    fn a_pattern_that_is_no_glob_is_named() {
        let error = Globs::new(&["ok".to_owned(), "a[".to_owned()]).unwrap_err();
        assert_eq!(error.glob, "a[");
        assert!(error.to_string().starts_with("`a[` is no glob: "), "{error}");
    }

    #[test]
    fn hidden_files_count_and_ignored_ones_do_not() {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            (".gitignore", "target\n"),
            ("target/x.md", ""),
            (".claude/agents/a.md", ""),
            (".git/b.md", ""),
            ("z.md", ""),
            ("b/c.md", ""),
        ] {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let found: Vec<_> = files(root.path()).map(|path| path.unwrap()).collect();
        let found: Vec<_> =
            found.iter().map(|path| path.strip_prefix(root.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(found, [".claude/agents/a.md", ".gitignore", "b/c.md", "z.md"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault_with_its_place() {
        let root = tempfile::tempdir().unwrap();
        let gone = root.path().join("gone");
        let faults: Vec<_> = files(&gone).filter_map(Result::err).collect();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].error.kind(), io::ErrorKind::NotFound);
        assert_eq!(faults[0].path.as_deref(), Some(gone.as_path()));
    }
}
