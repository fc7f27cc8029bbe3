//! Commits by name.

use super::fault::GitError;
use super::object_id::ObjectId;
use super::repository::Repository;

/// A commit that the repository has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit(ObjectId);

impl Commit {
    /// Its hash.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Repository {
    /// The commit that `revision` names: a branch, a tag, a hash, `HEAD~2`.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] where there is none; or where git fails.
    pub fn commit(&self, revision: &str) -> Result<Commit, GitError> {
        // A name that begins with `-` is none, and no option either.
        let named = format!("{revision}^{{commit}}");
        let answer = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &named], None)?;
        let id = ObjectId::parse(answer.stdout.trim_ascii());
        match (answer.code, id) {
            // The hash of an object that is not there is repeated, not looked for.
            (Some(0), Some(id)) if self.has(&id)? => Ok(Commit(id)),
            _ => Err(GitError::NoCommit { revision: revision.to_owned(), shallow: self.is_shallow() }),
        }
    }

    /// The last commit; `None` in a repository without commits.
    ///
    /// # Errors
    /// Where git fails.
    pub fn head(&self) -> Result<Option<Commit>, GitError> {
        match self.commit("HEAD") {
            Ok(commit) => Ok(Some(commit)),
            Err(GitError::NoCommit { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The last commit that both have in their history; `None` where there is none, or a shallow clone does not hold it.
    ///
    /// # Errors
    /// Where git fails.
    pub fn merge_base(&self, a: &Commit, b: &Commit) -> Result<Option<Commit>, GitError> {
        let args = ["merge-base", a.as_str(), b.as_str()];
        let answer = self.run(&args, None)?;
        match answer.code {
            Some(0) => Ok(ObjectId::parse(answer.stdout.trim_ascii()).map(Commit)),
            Some(1) => Ok(None),
            Some(_) | None => Err(GitError::Failed { command: super::run::shown(&args), message: answer.complaint() }),
        }
    }

    fn has(&self, id: &ObjectId) -> Result<bool, GitError> {
        Ok(self.run(&["cat-file", "-e", id.as_str()], None)?.code == Some(0))
    }
}
