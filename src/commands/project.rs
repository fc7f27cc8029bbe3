//! Finding and reading trueup.toml.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::Global;
use crate::code::Code;
use crate::config;
use crate::config::policy::Policy;
use crate::document::source::SourceFile;
use crate::files::{self, ReadError};
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
}

/// Reads the configuration that `paths` belong to.
///
/// # Errors
/// Every fault of trueup.toml, or why it could not be read, or that the paths belong to different projects.
pub(super) fn load(global: &Global, paths: &[PathBuf], settings: &Settings) -> Result<Project, Vec<Diagnostic>> {
    let file = match &global.config {
        Some(file) => Some(file.clone()),
        None => nearest(paths, &settings.current_dir).map_err(|fault| vec![*fault])?,
    };
    let Some(file) = file else {
        let policy = Policy::empty(PathBuf::from("."));
        return Ok(Project { policy, config: None, warnings: Vec::new() });
    };
    let loaded = files::read(&file).map_err(|error| vec![unreadable(&error)])?;
    let root = match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => Path::new("."),
    };
    let source = Arc::new(loaded.source);
    let parsed = config::parse(&source, root)?;
    Ok(Project { policy: parsed.policy, config: Some(source), warnings: parsed.warnings })
}

/// Why the configuration could not be read, in words that do not take it for a document.
fn unreadable(error: &ReadError) -> Diagnostic {
    let path = error.path().display();
    let (headline, help) = match error {
        ReadError::Missing { .. } => (format!("`{path}` is not there; expected a {NAME}"), "correct the path"),
        ReadError::Folder { .. } => (format!("`{path}` is a folder; expected a {NAME}"), "name the file in it"),
        ReadError::NotUtf8 { .. } => (error.to_string(), "save it as UTF-8"),
        ReadError::PermissionDenied { .. } | ReadError::TooLarge { .. } | ReadError::Io { .. } => {
            (error.to_string(), "check what file it is, and that the user who runs trueup may read it")
        }
    };
    Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help)
}

/// The trueup.toml nearest to all of `paths`, looking upwards; without a path, to the current folder.
fn nearest(paths: &[PathBuf], current_dir: &Path) -> Result<Option<PathBuf>, Box<Diagnostic>> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut found: Option<(&Path, Option<PathBuf>)> = None;
    for path in paths {
        let file = above(path, current_dir);
        match &found {
            None => found = Some((path, file)),
            Some((_, known)) if *known == file => {}
            Some((other, known)) => return Err(Box::new(two_projects(other, known.as_deref(), path, file.as_deref()))),
        }
    }
    Ok(found.and_then(|(_, file)| file))
}

fn above(path: &Path, current_dir: &Path) -> Option<PathBuf> {
    let start = if path.as_os_str() == "-" { current_dir.to_owned() } else { current_dir.join(path) };
    let start = start.canonicalize().unwrap_or(start);
    let folders = start.ancestors().map(|folder| folder.join(NAME));
    let file = folders.into_iter().find(|file| file.is_file())?;
    // As a person would name it from here.
    let current_dir = current_dir.canonicalize().unwrap_or_else(|_| current_dir.to_owned());
    Some(file.strip_prefix(&current_dir).map(Path::to_owned).unwrap_or(file))
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
