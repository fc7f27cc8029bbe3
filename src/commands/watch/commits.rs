//! Committing what a run wrote: the documents and nothing else, where nobody's work is in the way.

use std::fs;
use std::path::{Path, PathBuf};

use crate::code::Code;
use crate::commands::origin;
use crate::git::{EntryKind, GitError, Repository};
use crate::report::diagnostic::{Diagnostic, Severity};

/// Most documents that git is asked about in one call: command lines are bounded.
const AT_ONCE: usize = 500;

/// Commits to the repository of a project.
#[derive(Debug)]
pub(super) struct Commits {
    repository: Repository,
}

impl Commits {
    /// Into the repository that `root` is in.
    ///
    /// # Errors
    /// Where there is no git, no repository, or none with a work tree.
    pub(super) fn into(root: &Path) -> Result<Commits, Box<Diagnostic>> {
        let repository = Repository::find(root).map_err(|error| asked(&error))?;
        Ok(Commits { repository })
    }

    /// The names in the repository of documents that may be written and committed.
    ///
    /// # Errors
    /// What is in the way: a state of the repository in which a commit would be lost or refused, and documents that it does
    /// not track, or that hold changes of somebody.
    pub(super) fn permit(&self, documents: &[&Path]) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
        let asked = |error: GitError| vec![*asked(&error)];
        if let Some(what) = self.repository.under_way() {
            let headline = format!("{what} is under way in the repository; expected none");
            return Err(vec![refusal(headline, "end it; the next run commits")]);
        }
        let Some(branch) = self.repository.branch().map_err(asked)? else {
            let headline = "HEAD is detached, and a commit to it is soon lost; expected a branch".to_owned();
            return Err(vec![refusal(headline, "`git switch` to a branch, or `git switch -c` a new one")]);
        };
        if self.repository.head().map_err(asked)?.is_none() {
            let headline = format!("the branch `{branch}` has no commit yet; expected the documents in one");
            return Err(vec![refusal(headline, "commit them first, by hand")]);
        }
        let mut names = Vec::new();
        let mut refused = Vec::new();
        for document in documents {
            // git follows no link: what changes is what it leads to.
            let real = fs::canonicalize(document).unwrap_or_else(|_| document.to_path_buf());
            match self.repository.name_of(&real) {
                Some(name) => names.push((document, name)),
                None => {
                    let (path, top) = (document.display(), self.repository.top().display());
                    let headline = format!("`{path}` is not in the git repository `{top}`; expected a document of it");
                    refused.push(refusal(headline, "leave it out with `!` under `docs`, or leave out `--commit`"));
                }
            }
        }
        for some in names.chunks(AT_ONCE) {
            let paths: Vec<&Path> = some.iter().map(|(_, name)| name.as_path()).collect();
            let tracked = self.repository.index(&paths).map_err(asked)?;
            let status = self.repository.status(&paths).map_err(asked)?;
            for (document, name) in some {
                let path = document.display();
                let is_tracked = |kind: EntryKind| kind == EntryKind::File;
                if !tracked.iter().any(|entry| entry.path == *name && is_tracked(entry.kind)) {
                    let headline = format!("`{path}` is not tracked by git; expected a document that is");
                    refused.push(refusal(headline, "`git add` and commit it first, or leave out `--commit`"));
                } else if status.iter().any(|entry| entry.path == *name) {
                    let headline = format!("`{path}` has changes that are not committed; expected none besides ours");
                    refused.push(refusal(headline, "commit or stash them; the next run commits"));
                }
            }
        }
        if refused.is_empty() { Ok(names.into_iter().map(|(_, name)| name).collect()) } else { Err(refused) }
    }

    /// Commits documents by their names in the repository. Whether there was anything: what git stores may be the same
    /// although the file is not, as with line endings.
    ///
    /// # Errors
    /// Where git, or a hook of the repository, refuses.
    pub(super) fn commit(&self, names: &[PathBuf], message: &str) -> Result<bool, Box<Diagnostic>> {
        let paths: Vec<&Path> = names.iter().map(PathBuf::as_path).collect();
        let status = self.repository.status(&paths).map_err(|error| asked(&error))?;
        let changed: Vec<&Path> =
            paths.into_iter().filter(|path| status.iter().any(|entry| entry.path == *path)).collect();
        if changed.is_empty() {
            return Ok(false);
        }
        self.repository.commit_only(&changed, message).map(|()| true).map_err(|error| asked(&error))
    }
}

fn asked(error: &GitError) -> Box<Diagnostic> {
    origin::refused(error)
}

fn refusal(headline: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::UnreadableRepository, Severity::Error, headline).help(help)
}
