//! What a pull request may bring: with `--config-from`, no list of programs either.
//!
//! trueup.toml comes from the commit, and what it starts with it. A file of the work tree that names programs, as an
//! `.mcp.json`, is obeyed where it is what the commit has; a changed one is unmeasured: to start its servers would be to
//! run what the change brings, and to read the old one would be to judge new claims by it.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::origin::Origin;
use crate::git::{Commit, GitError, Repository};
use crate::measure::discover::compose;
use crate::measure::measurement::{Snapshot, Unmeasured, UnmeasuredCause};
use crate::measure::request::{Discover, Plan};

/// A list of targets that is not looked at: the group that lacks it, and why.
pub(super) type Withheld = Vec<(String, Unmeasured)>;

/// The plan without the lists of targets that are not those of the commit, and what was taken from it.
pub(super) fn permitted<'a>(plan: &'a Plan, origin: &Origin) -> (Cow<'a, Plan>, Withheld) {
    let Origin::Revision { repository, commit, name } = origin else { return (Cow::Borrowed(plan), Vec::new()) };
    let mut plan = plan.clone();
    let mut withheld = Vec::new();
    for group in &mut plan.groups {
        group.discover.retain(|discover| {
            let changed = files_of(discover).into_iter().find_map(|path| {
                let detail = match is_unchanged(repository, commit, &path) {
                    Ok(true) => return None,
                    Ok(false) => format!("it is not what `{name}` has, and says what is started or looked at"),
                    Err(error) => error.to_string(),
                };
                let source = path.display().to_string();
                Some(Unmeasured { cause: UnmeasuredCause::NotAllowed, detail, source })
            });
            withheld.extend(changed.clone().map(|reason| (group.name.clone(), reason)));
            changed.is_none()
        });
    }
    (Cow::Owned(plan), withheld)
}

/// Says in the snapshot what was not looked at.
pub(super) fn tell(snapshot: &mut Snapshot, withheld: &Withheld) {
    for (name, reason) in withheld {
        for group in snapshot.groups.iter_mut().filter(|group| group.name == *name) {
            group.discovery = Some(reason.clone());
        }
    }
}

/// The files that a list of targets is read from.
fn files_of(discover: &Discover) -> Vec<PathBuf> {
    match discover {
        Discover::McpJson { path } => vec![path.clone()],
        // Nothing of it is started, but it says what should be there: a service less, and what is left is "all".
        Discover::Compose(query) => compose::files(query),
        Discover::Docker(_) | Discover::Prometheus { .. } => Vec::new(),
    }
}

/// Whether the file is what the commit has. What is outside of the repository, no pull request changes.
fn is_unchanged(repository: &Repository, commit: &Commit, path: &Path) -> Result<bool, GitError> {
    let Some(name) = repository.name_of(path) else { return Ok(true) };
    let before = repository.show(commit, &name)?;
    let now = match fs::symlink_metadata(path) {
        Ok(data) if data.is_file() => fs::read(path).ok(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(before.is_none()),
        // A link among others: it is followed when the file is read, and leads where the change wants.
        Ok(_) | Err(_) => None,
    };
    Ok(before.is_some() && before == now)
}
