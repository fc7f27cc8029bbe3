//! Documents as the git index holds them.

use std::path::{Path, PathBuf};

use super::members::Members;
use super::origin::refused;
use super::survey::{self, Survey};
use crate::config::policy::Policy;
use crate::files::{self, ReadError};
use crate::git::{ChangeKind, EntryKind, GitError, ObjectId, Repository};
use crate::report::diagnostic::Diagnostic;
use crate::settings::Settings;

/// Something that the index holds.
struct Staged {
    /// From the top of the work tree.
    name: PathBuf,
    id: ObjectId,
}

/// Reads from the index and takes apart: without `paths` the documents of the project that a commit would change; with
/// them those, changed or not, and of folders the documents below. `force_exclude` leaves out named files that are no
/// documents of the project.
///
/// A symbolic link is left out: what it leads to is judged under its own name. So is what a commit would delete.
pub(super) fn survey(
    paths: &[PathBuf],
    policy: &Policy,
    repository: &Repository,
    settings: &Settings,
    force_exclude: bool,
) -> Survey {
    let members = Members::of(policy);
    let mut survey = Survey::default();
    let found = match paths {
        [] => changed(repository, &members, &mut survey.faults),
        paths => named(paths, repository, &members, force_exclude, &mut survey.faults),
    };
    let read = found.and_then(|mut found| {
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found.dedup_by(|a, b| a.name == b.name);
        let ids: Vec<ObjectId> = found.iter().map(|staged| staged.id.clone()).collect();
        Ok((found, repository.blobs(&ids)?))
    });
    let (found, contents) = match read {
        Ok(read) => read,
        Err(error) => {
            survey.faults.push(*refused(&error));
            return survey;
        }
    };
    let here = settings.current_dir.canonicalize().unwrap_or_else(|_| settings.current_dir.clone());
    let shown = |name: &Path| {
        let path = repository.top().join(name);
        path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path)
    };
    let lexicon = survey::lexicon(policy);
    let loaded: Vec<_> = found
        .iter()
        .map(|staged| shown(&staged.name))
        .zip(contents)
        .map(|(path, bytes)| (files::of_bytes(&path, bytes), path))
        .collect();
    for (loaded, path) in loaded {
        match loaded {
            Ok(loaded) => survey.documents.push(survey::of_loaded(&path, loaded, &lexicon)),
            Err(error) => survey.faults.push(unreadable(&error)),
        }
    }
    survey
}

fn unreadable(error: &ReadError) -> Diagnostic {
    survey::unreadable(error.to_string(), error.hint())
}

/// Documents that a commit would change.
fn changed(repository: &Repository, members: &Members, faults: &mut Vec<Diagnostic>) -> Result<Vec<Staged>, GitError> {
    let mut found = Vec::new();
    for change in repository.staged()? {
        if change.entry != EntryKind::File || !members.has(&repository.top().join(&change.path)) {
            continue;
        }
        match (change.kind, change.after) {
            (ChangeKind::Deleted, _) => {}
            (ChangeKind::Unmerged, _) => faults.push(unmerged(&change.path)),
            (ChangeKind::Added | ChangeKind::Modified | ChangeKind::Renamed { .. }, Some(id)) => {
                found.push(Staged { name: change.path, id });
            }
            // `git add --intent-to-add`: the name is there and the content is not.
            (ChangeKind::Added | ChangeKind::Modified | ChangeKind::Renamed { .. }, None) => {}
        }
    }
    Ok(found)
}

/// What the index holds of what was named.
fn named(
    paths: &[PathBuf],
    repository: &Repository,
    members: &Members,
    force_exclude: bool,
    faults: &mut Vec<Diagnostic>,
) -> Result<Vec<Staged>, GitError> {
    let mut names = Vec::new();
    for path in paths {
        match repository.name_of(path) {
            Some(name) => names.push((path, name)),
            None if is_same(path, repository.top()) => names.push((path, PathBuf::new())),
            None => faults.push(outside(path, repository)),
        }
    }
    let everything = names.iter().any(|(_, name)| name.as_os_str().is_empty());
    let asked: Vec<&Path> =
        if everything { Vec::new() } else { names.iter().map(|(_, name)| name.as_path()).collect() };
    let entries = if asked.is_empty() && !everything { Vec::new() } else { repository.index(&asked)? };
    let mut missing: Vec<(&PathBuf, &PathBuf)> = Vec::new();
    for (path, name) in &names {
        if !entries.iter().any(|entry| entry.path.starts_with(name)) && !name.as_os_str().is_empty() {
            missing.push((path, name));
        }
    }
    if !missing.is_empty() {
        // What a commit would delete, or what git never had.
        let before = match repository.head()? {
            Some(head) => {
                let paths: Vec<&Path> = missing.iter().map(|(_, name)| name.as_path()).collect();
                repository.tree(&head, &paths)?
            }
            None => Vec::new(),
        };
        let deleted = |name: &Path| before.iter().any(|(path, _)| path.starts_with(name));
        faults.extend(missing.iter().filter(|(_, name)| !deleted(name)).map(|(path, _)| untracked(path)));
    }
    let mut found = Vec::new();
    for entry in entries.into_iter().filter(|entry| entry.kind == EntryKind::File) {
        let is_named = names.iter().any(|(_, name)| *name == entry.path);
        let is_member = members.has(&repository.top().join(&entry.path));
        if !is_member && (force_exclude || !is_named) {
            continue;
        }
        if entry.stage > 0 {
            // Told once, and not for each side.
            let fault = unmerged(&entry.path);
            if !faults.iter().any(|told| told.headline == fault.headline) {
                faults.push(fault);
            }
            continue;
        }
        found.push(Staged { name: entry.path, id: entry.id });
    }
    Ok(found)
}

fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

fn unmerged(name: &Path) -> Diagnostic {
    let headline =
        format!("`{}` is in a merge that is not resolved; expected one content in the git index", name.display());
    survey::unreadable(headline, "resolve the merge and `git add` the file")
}

fn outside(path: &Path, repository: &Repository) -> Diagnostic {
    let (path, top) = (path.display(), repository.top().display());
    let headline = format!("`{path}` is not in the git repository `{top}`; expected a file that its index holds");
    survey::unreadable(headline, "name files of this repository, or leave `--staged` out")
}

fn untracked(path: &Path) -> Diagnostic {
    let headline = format!("`{}` is not in the git index; expected a file that git tracks", path.display());
    survey::unreadable(headline, "`git add` it, or leave `--staged` out")
}
