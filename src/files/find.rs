//! Which documents a run looks at.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::globs::{self, BadGlob, Globs};

/// The path that means standard input.
pub const STANDARD_INPUT: &str = "-";

/// Why a document or folder could not be found.
#[derive(Debug)]
pub enum FindError {
    /// A path given by the user leads nowhere.
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// A path that cannot be looked at: no permission, a loop of links.
    Unreadable {
        /// The path, or the folder that was walked.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A pattern under `docs` that is no glob.
    Glob(BadGlob),
}

impl FindError {
    /// The place it is about, as output shows it.
    pub fn place(&self) -> String {
        match self {
            FindError::Missing { path } | FindError::Unreadable { path, .. } => path.display().to_string(),
            FindError::Glob(bad) => bad.glob.clone(),
        }
    }

    /// What a person does about it.
    pub fn hint(&self) -> &'static str {
        match self {
            FindError::Missing { .. } => {
                "correct the path; without one, `docs` of trueup.toml says which documents are meant"
            }
            FindError::Unreadable { .. } => "check the permissions of the folder and of those above it",
            FindError::Glob(_) => "correct the pattern under `docs` in trueup.toml",
        }
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FindError::Missing { path } => {
                write!(f, "`{}` is not there; expected a Markdown file or a folder", path.display())
            }
            FindError::Unreadable { path, error } => write!(f, "cannot look into `{}`: {error}", path.display()),
            FindError::Glob(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for FindError {}

/// The documents that `paths` name, or without paths those that the globs `docs` name below `root`, or without these
/// the folder `root` itself: sorted by path, each file once, however many paths and links lead to it.
///
/// A file that is named is taken as it is, whatever it is called and whatever ignores it; `-` stays `-`. A folder stands
/// for the `*.md` and `*.markdown` files below it. A pattern of `docs` without a wildcard names a file as well: it is
/// taken although git ignores it, and nothing is said when it is not there.
///
/// # Errors
/// Everything that is wrong, at once.
pub fn find(paths: &[PathBuf], docs: &[String], root: &Path) -> Result<Vec<PathBuf>, Vec<FindError>> {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    if paths.is_empty() && docs.is_empty() {
        walk(root, is_markdown, &mut found, &mut errors);
    } else if paths.is_empty() {
        match Globs::new(docs) {
            Ok(globs) => named_by_globs(docs, &globs, root, &mut found, &mut errors),
            Err(bad) => errors.push(FindError::Glob(bad)),
        }
    }
    for path in paths {
        named_by_path(path, &mut found, &mut errors);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut seen = HashSet::new();
    found.retain(|path| seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    found.sort();
    Ok(found)
}

fn named_by_path(path: &Path, found: &mut Vec<PathBuf>, errors: &mut Vec<FindError>) {
    if path == Path::new(STANDARD_INPUT) {
        found.push(path.to_owned());
        return;
    }
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => walk(path, is_markdown, found, errors),
        Ok(_) => found.push(path.to_owned()),
        Err(error) if is_absence(&error) => errors.push(FindError::Missing { path: path.to_owned() }),
        Err(error) => errors.push(FindError::Unreadable { path: path.to_owned(), error }),
    }
}

fn named_by_globs(docs: &[String], globs: &Globs, root: &Path, found: &mut Vec<PathBuf>, errors: &mut Vec<FindError>) {
    let is_literal = |glob: &&String| !glob.starts_with('!') && !glob.contains(['*', '?', '[', '{', '\\']);
    for name in docs.iter().filter(is_literal) {
        let name = name.strip_prefix("./").unwrap_or(name);
        let path = without_dot(root.join(name));
        if globs.matches(Path::new(name)) && path.is_file() {
            found.push(path);
        }
    }
    if docs.iter().all(|glob| is_literal(&glob)) {
        return;
    }
    let inside = |path: &Path| path.strip_prefix(root).is_ok_and(|inside| globs.matches(inside));
    walk(root, inside, found, errors);
}

fn walk(folder: &Path, wanted: impl Fn(&Path) -> bool, found: &mut Vec<PathBuf>, errors: &mut Vec<FindError>) {
    // An empty path is the current folder to us and nothing to the system.
    let start = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for file in globs::files(start) {
        match file {
            Ok(path) => {
                let shown = if start == folder { path } else { without_dot(path) };
                if wanted(&shown) {
                    found.push(without_dot(shown));
                }
            }
            Err(fault) => {
                let path = fault.path.unwrap_or_else(|| folder.to_owned());
                errors.push(FindError::Unreadable { path, error: fault.error });
            }
        }
    }
}

/// `./a.md` as `a.md`: what a walk from the current folder puts before a name tells nobody anything.
fn without_dot(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}

/// Whether the name of `path` is one of a Markdown file.
pub fn is_markdown(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| ["md", "markdown"].iter().any(|markdown| extension.eq_ignore_ascii_case(markdown)))
}

/// Whether the system says that there is nothing: no such file, or a file where a folder should be.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
