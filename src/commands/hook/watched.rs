//! Which files an agent changes that are documents, and of which project.

use std::path::{Path, PathBuf};

use super::super::members::Members;
use super::super::project::{self, Project};
use super::place::Place;
use crate::cli::Global;
use crate::files;
use crate::report::diagnostic::Diagnostic;
use crate::settings::Settings;

/// Why a hook has no answer. None of it stops the agent.
#[derive(Debug)]
pub(super) enum Refused {
    /// One line that says it.
    Said(String),
    /// Faults of trueup.toml and what belongs to it.
    Faults(Vec<Diagnostic>),
    /// The run was interrupted.
    Interrupted,
}

/// A document of a project.
#[derive(Debug)]
pub(super) struct Watched<T> {
    /// Its path, absolute.
    pub path: PathBuf,
    /// What reports call it: its path from the folder of trueup.toml.
    pub name: PathBuf,
    /// What is to be looked at in it.
    pub what: T,
}

/// Documents of one project.
#[derive(Debug)]
pub(super) struct Group<T> {
    /// The project.
    pub project: Project,
    /// Its documents.
    pub documents: Vec<Watched<T>>,
}

/// Documents by project, and the first reason why others are not judged.
#[derive(Debug)]
pub(super) struct Found<T> {
    /// The documents.
    pub groups: Vec<Group<T>>,
    /// Why there are not all.
    pub refused: Option<Refused>,
}

/// Those of `paths` that are documents. Other files are nobody's business; but that a Markdown file belongs to no project, or
/// that its trueup.toml has faults, and so nothing is judged, is worth knowing.
pub(super) fn find<T>(
    paths: impl IntoIterator<Item = (PathBuf, T)>,
    place: &Place,
    global: &Global,
    settings: &Settings,
) -> Found<T> {
    let mut groups: Vec<Group<T>> = Vec::new();
    let mut refused = None;
    for (path, what) in paths {
        let path = place.resolve(&path);
        let (project, name) = match document(&path, place, global, settings) {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(why) => {
                refused.get_or_insert(why);
                continue;
            }
        };
        let watched = Watched { path, name, what };
        match groups.iter_mut().find(|group| group.project.policy.root == project.policy.root) {
            Some(group) => group.documents.push(watched),
            None => groups.push(Group { project, documents: vec![watched] }),
        }
    }
    Found { groups, refused }
}

/// The project of a document and the document's name in it; `None` for a file that is no document.
fn document(
    path: &Path,
    place: &Place,
    global: &Global,
    settings: &Settings,
) -> Result<Option<(Project, PathBuf)>, Refused> {
    let is_markdown = files::is_markdown(path);
    let told = |told: String| if is_markdown { Err(Refused::Said(told)) } else { Ok(None) };
    if !path.starts_with(&place.root) {
        let (path, root) = (path.display(), place.root.display());
        return told(format!("`{path}` is outside of the project `{root}`: it is not judged"));
    }
    let project = match project::load(global, &[path.to_owned()], settings) {
        Ok(project) => project,
        // Whether it is a document, nobody knows; that source code is none, everybody.
        Err(faults) => return if is_markdown { Err(Refused::Faults(faults)) } else { Ok(None) },
    };
    if project.config.is_none() {
        let path = path.display();
        return told(format!("there is no trueup.toml in the folder of `{path}` or above it: nothing is judged"));
    }
    let members = Members::of(&project.policy);
    // CLAUDE.md may be a link to AGENTS.md, and either may be the one that is named.
    let is_member = members.has(path) || path.canonicalize().is_ok_and(|target| members.has(&target));
    if !is_member {
        return Ok(None);
    }
    let root = project.policy.root.canonicalize().unwrap_or_else(|_| project.policy.root.clone());
    let name = path.strip_prefix(&root).map(Path::to_owned).unwrap_or_else(|_| path.to_owned());
    Ok(Some((project, name)))
}
