//! Finding and reading trueup.toml.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::origin::Origin;
use crate::cli::Global;
use crate::code::Code;
use crate::config;
use crate::config::policy::Policy;
use crate::document::source::SourceFile;
use crate::gate::baseline;
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

/// Name of the configuration file.
const NAME: &str = "trueup.toml";

/// What is known of the project before any document is read.
#[derive(Debug)]
pub(super) struct Project {
    /// What trueup.toml says; empty where there is none.
    pub policy: Policy,
    /// The text of trueup.toml, for places in it.
    pub config: Option<Arc<SourceFile>>,
    /// What should be mended in trueup.toml although it works.
    pub warnings: Vec<Diagnostic>,
    /// The text of the baseline beside trueup.toml, where there is one.
    pub baseline: Option<Arc<SourceFile>>,
    /// Where all this was read from.
    pub origin: Origin,
}

/// Reads the configuration that `paths` belong to: from the work tree, or from the commit that `--config-from` names.
///
/// # Errors
/// Every fault of trueup.toml, or why it could not be read, or that the paths belong to different projects.
pub(super) fn load(global: &Global, paths: &[PathBuf], settings: &Settings) -> Result<Project, Vec<Diagnostic>> {
    let origin = Origin::of(global, None).map_err(|fault| vec![*fault])?;
    load_from(origin, global, paths, settings)
}

/// The same from where `origin` says.
///
/// # Errors
/// As for [`load`].
pub(super) fn load_from(
    origin: Origin,
    global: &Global,
    paths: &[PathBuf],
    settings: &Settings,
) -> Result<Project, Vec<Diagnostic>> {
    let file = match &global.config {
        Some(file) => Some(file.clone()),
        None => nearest(&origin, paths, &settings.current_dir).map_err(|fault| vec![*fault])?,
    };
    let Some(file) = file else {
        if let Origin::Revision { name, .. } = &origin {
            // To go on without would be to judge nothing.
            return Err(vec![nowhere(name)]);
        }
        let policy = Policy::empty(PathBuf::from("."));
        return Ok(Project { policy, config: None, warnings: Vec::new(), baseline: None, origin });
    };
    let loaded = origin.read(&file).map_err(|fault| vec![*fault])?;
    let root = match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("."),
    };
    let source = Arc::new(loaded.source);
    let parsed = config::parse(&source, root)?;
    let beside = root.join(baseline::NAME);
    let beside = beside.strip_prefix(".").map(Path::to_owned).unwrap_or(beside);
    let known = match origin.holds(&beside).map_err(|fault| vec![*fault])? {
        true => Some(Arc::new(origin.read(&beside).map_err(|fault| vec![*fault])?.source)),
        false => None,
    };
    Ok(Project { policy: parsed.policy, config: Some(source), warnings: parsed.warnings, baseline: known, origin })
}

/// Where the configuration is that the current folder belongs to; `None` where there is none.
///
/// # Errors
/// Where git cannot say, with `--config-from`.
pub(super) fn home(global: &Global, settings: &Settings) -> Result<Option<PathBuf>, Box<Diagnostic>> {
    match &global.config {
        Some(file) => Ok(Some(file.clone())),
        None => nearest(&Origin::of(global, None)?, &[], &settings.current_dir),
    }
}

fn nowhere(revision: &str) -> Diagnostic {
    let headline = format!("`{revision}` has no {NAME} here or in a folder above; expected one");
    Diagnostic::new(Code::UnreadableFile, Severity::Error, headline)
        .help("name a commit that has it, or leave `--config-from` out where nothing has to be kept out")
}

/// The trueup.toml nearest to all of `paths`, looking upwards; without a path, to the current folder.
fn nearest(origin: &Origin, paths: &[PathBuf], current_dir: &Path) -> Result<Option<PathBuf>, Box<Diagnostic>> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut found: Option<(&Path, Option<PathBuf>)> = None;
    let mut known: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
    for path in paths {
        let file = above(origin, path, current_dir, &mut known)?;
        match &found {
            None => found = Some((path, file)),
            Some((_, known)) if *known == file => {}
            Some((other, known)) => return Err(Box::new(two_projects(other, known.as_deref(), path, file.as_deref()))),
        }
    }
    Ok(found.and_then(|(_, file)| file))
}

/// The nearest one to `path`. `known` keeps what was found from each folder: hooks name many files of few folders.
fn above(
    origin: &Origin,
    path: &Path,
    current_dir: &Path,
    known: &mut BTreeMap<PathBuf, Option<PathBuf>>,
) -> Result<Option<PathBuf>, Box<Diagnostic>> {
    let start = if path.as_os_str() == "-" { current_dir.to_owned() } else { current_dir.join(path) };
    let start = start.canonicalize().unwrap_or(start);
    let start = if start.is_dir() { start } else { start.parent().map(Path::to_owned).unwrap_or(start) };
    if let Some(file) = known.get(&start) {
        return Ok(file.clone());
    }
    let mut nearest = None;
    for file in start.ancestors().map(|folder| folder.join(NAME)) {
        if origin.holds(&file)? {
            nearest = Some(file);
            break;
        }
    }
    // As a person would name it from here.
    let current_dir = current_dir.canonicalize().unwrap_or_else(|_| current_dir.to_owned());
    let nearest = nearest.map(|file| file.strip_prefix(&current_dir).map(Path::to_owned).unwrap_or(file));
    known.insert(start, nearest.clone());
    Ok(nearest)
}

fn two_projects(a: &Path, of_a: Option<&Path>, b: &Path, of_b: Option<&Path>) -> Diagnostic {
    let belongs = |path: &Path, file: Option<&Path>| match file {
        Some(file) => format!("`{}` belongs to `{}`", path.display(), file.display()),
        None => format!("`{}` belongs to no {NAME}", path.display()),
    };
    let headline = "the paths belong to different projects; one run judges by one configuration";
    Diagnostic::new(Code::InvalidConfiguration, Severity::Error, headline)
        .note(belongs(a, of_a))
        .note(belongs(b, of_b))
        .help("run trueup once for each, or name the configuration with `--config`")
}
