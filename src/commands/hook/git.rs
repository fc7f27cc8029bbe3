//! The hook of git.

use std::path::PathBuf;

use super::super::origin;
use crate::code::Code;
use crate::gate::git_hook::{self, HookError, Installed, Uninstalled};
use crate::git::{GitError, Repository};
use crate::report::diagnostic::{Diagnostic, Severity};
use crate::settings::Settings;

pub(super) fn install(settings: &Settings) -> Result<String, Box<Diagnostic>> {
    let Hooks { folder, is_tracked } = hooks(settings)?;
    // A hook that others get with the repository does not name a folder of this machine.
    let program = if is_tracked { None } else { std::env::current_exe().ok() };
    let done = git_hook::install(&folder, program.as_deref()).map_err(|error| refused(&error))?;
    let folder = folder.display();
    Ok(match done {
        Installed::New => format!("installed the pre-commit hook in {folder}\n"),
        Installed::Renewed => format!("renewed the pre-commit hook in {folder}\n"),
        Installed::Chained => {
            format!("installed the pre-commit hook in {folder}; the one that was there is kept, and runs first\n")
        }
    })
}

pub(super) fn uninstall(settings: &Settings) -> Result<String, Box<Diagnostic>> {
    let Hooks { folder, .. } = hooks(settings)?;
    let done = git_hook::uninstall(&folder).map_err(|error| refused(&error))?;
    let folder = folder.display();
    Ok(match done {
        Uninstalled::Removed => format!("took the pre-commit hook out of {folder}\n"),
        Uninstalled::Restored => format!("took the pre-commit hook out of {folder}; the one from before is back\n"),
        Uninstalled::NotThere => format!("there is no pre-commit hook of trueup in {folder}\n"),
    })
}

/// Where the hooks of the repository are.
struct Hooks {
    folder: PathBuf,
    /// Whether they are a part of the work tree, and so come to others.
    is_tracked: bool,
}

fn hooks(settings: &Settings) -> Result<Hooks, Box<Diagnostic>> {
    let unasked = |error: GitError| origin::refused(&error);
    let repository = Repository::find(&settings.current_dir).map_err(unasked)?;
    let folder = repository.hooks().map_err(unasked)?;
    let common = repository.common_directory().map_err(unasked)?;
    let resolved = |path: &std::path::Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let within = |above: &std::path::Path| {
        let above = resolved(above);
        // The folder may not be there yet.
        folder.starts_with(&above) || folder.ancestors().any(|part| resolved(part) == above)
    };
    if within(&common) {
        return Ok(Hooks { folder, is_tracked: false });
    }
    if within(repository.top()) {
        return Ok(Hooks { folder, is_tracked: true });
    }
    Err(refused(&HookError::Shared { folder }))
}

fn refused(error: &HookError) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(Code::UnreadableFile, Severity::Error, error.to_string()).help(error.hint()))
}
