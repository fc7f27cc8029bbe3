//! The templates of a project: those that come with trueup, and those of its own folder.

use std::collections::BTreeMap;

use super::project::Project;
use crate::code::Code;
use crate::files::{self, ReadError};
use crate::render;
use crate::render::environment::Templates;
use crate::report::diagnostic::{Diagnostic, Severity};

/// Reads the folder that trueup.toml names, if it names one.
///
/// # Errors
/// Every template that cannot be read, or why the folder cannot.
pub(super) fn load(project: &Project) -> Result<Templates, Vec<Diagnostic>> {
    let Some(folder) = &project.policy.templates else { return Ok(Templates::new(BTreeMap::new())) };
    let own = files::templates(&folder.path)
        .map_err(|errors| errors.iter().map(|error| unreadable(error, project)).collect::<Vec<_>>())?;
    let templates = Templates::new(own);
    let faults: Vec<Diagnostic> = templates.faults().iter().map(render::describe::broken).collect();
    if faults.is_empty() { Ok(templates) } else { Err(faults) }
}

fn unreadable(error: &ReadError, project: &Project) -> Diagnostic {
    let folder = project.policy.templates.as_ref();
    let path = error.path().display();
    let is_folder = folder.is_some_and(|folder| folder.path.ends_with(error.path()));
    let (headline, help) = match error {
        ReadError::Missing { .. } if is_folder => (
            format!("`{path}` is not there; expected the folder of templates"),
            "make it, or take `templates` out of `[render]`",
        ),
        ReadError::Missing { .. }
        | ReadError::Folder { .. }
        | ReadError::PermissionDenied { .. }
        | ReadError::TooLarge { .. }
        | ReadError::NotUtf8 { .. }
        | ReadError::Io { .. } => {
            (format!("a template cannot be read: {error}"), "mend it, or take it out of the folder")
        }
    };
    let diagnostic = Diagnostic::new(Code::UnreadableFile, Severity::Error, headline).help(help);
    match folder.zip(project.config.as_ref()) {
        Some((folder, config)) => diagnostic.at(config, folder.span, "read from here"),
        None => diagnostic,
    }
}
