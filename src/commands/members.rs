//! Which files are documents of the project: for callers that name files without knowing.

use std::path::{Path, PathBuf};

use crate::config::policy::Policy;
use crate::files;
use crate::globs::Globs;

/// The documents that `docs` of trueup.toml names, or all Markdown of the project where it names none.
#[derive(Debug)]
pub(super) struct Members {
    root: PathBuf,
    globs: Option<Globs>,
}

impl Members {
    /// Those of a policy.
    pub(super) fn of(policy: &Policy) -> Members {
        // Patterns that are none are a fault of trueup.toml, and told before.
        let globs = (!policy.docs.is_empty()).then(|| Globs::new(&policy.docs).ok()).flatten();
        Members { root: resolved(&policy.root), globs }
    }

    /// Whether `path` is one, be it there or not.
    pub(super) fn has(&self, path: &Path) -> bool {
        let Ok(inside) = resolved(path).strip_prefix(&self.root).map(Path::to_owned) else {
            return false;
        };
        match &self.globs {
            Some(globs) => globs.matches(&inside),
            None => files::is_markdown(&inside),
        }
    }

    /// Those of `found` that are; standard input stays.
    pub(super) fn narrow(&self, found: Vec<PathBuf>) -> Vec<PathBuf> {
        let standard_input = Path::new(files::STANDARD_INPUT);
        found.into_iter().filter(|path| path == standard_input || self.has(path)).collect()
    }
}

/// The path with its folder resolved as far as it is there; a link stays one.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if path.is_dir() {
        return path.canonicalize().unwrap_or(path);
    }
    match (path.parent().map(Path::canonicalize), path.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => path,
    }
}
